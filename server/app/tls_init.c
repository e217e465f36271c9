/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Makes an authority once, and certificates for the server and for devices by it; never replaces a
 * file. What it has written is removed again when it cannot finish.
 */
#include "app/tls_init.h"

#include "base/clock.h"
#include "base/fd.h"
#include "tls/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S             INT64_C(86400)
#define AUTHORITY_DAYS    3653 /* 10 years */
#define SERVER_DAYS       825  /* as long as clients of others accept */
#define DEVICE_DAYS       730  /* 2 years */
#define SLACK_DAYS        1    /* valid since yesterday: clocks of desks differ */
#define DEVICE_NAME_BYTES 48
#define FILES_MAX         6

struct tls_init {
    const char *dir;
    char hosts[1024]; /* taken apart in place */
    const char *device;
    struct tls_wish server; /* host_count 0: none is wanted */
    struct tls_pem authority;
    char made[FILES_MAX][PATH_MAX]; /* files written by this run */
    size_t made_count;
};

static enum tls_init_verdict init_fail(enum tls_init_verdict verdict, const char *zh,
                                       const char *en, const char *thing)
{
    fprintf(stderr, "lovebankd: %s（%s）\nlovebankd: %s (%s)\n", zh, thing, en, thing);
    return verdict;
}

/* --- arguments ----------------------------------------------------------------------------------
 */

static bool init_take_hosts(struct tls_init *init, const char *text)
{
    char *next = NULL;
    if (strlen(text) >= sizeof(init->hosts)) {
        return false;
    }
    memcpy(init->hosts, text, strlen(text) + 1);
    for (char *host = strtok_r(init->hosts, ",", &next); host != NULL;
         host = strtok_r(NULL, ",", &next)) {
        if (init->server.host_count == TLS_HOSTS_MAX || !tls_host_is_valid(host)) {
            return false;
        }
        init->server.hosts[init->server.host_count++] = host;
    }
    return init->server.host_count > 0;
}

static bool device_is_valid(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const size_t size = strlen(name);
    return size > 0 && size <= DEVICE_NAME_BYTES && strspn(name, letters) == size && name[0] != '.';
}

static enum tls_init_verdict init_take_option(struct tls_init *init, const char *name,
                                              const char *value)
{
    if (value == NULL) {
        return init_fail(TLS_INIT_USAGE, "这个选项后面要写一个名字",
                         "a name must follow the option", name);
    }
    if (strcmp(name, "--host") == 0) {
        return init_take_hosts(init, value)
                   ? TLS_INIT_DONE
                   : init_fail(TLS_INIT_USAGE,
                               "服务器的名字不对：应是主机名或 IP 地址，用逗号隔开，最多 32 个",
                               "expected host names or addresses with commas between, 32 at most",
                               value);
    }
    init->device = value;
    return device_is_valid(value)
               ? TLS_INIT_DONE
               : init_fail(TLS_INIT_USAGE, "设备名不对：只用字母、数字和 - _ .，最多 48 个",
                           "a device's name has letters, digits and - _ . only, 48 at most", value);
}

static enum tls_init_verdict init_parse(struct tls_init *init, int count, char *const *arguments)
{
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "--host") == 0 || strcmp(argument, "--device") == 0) {
            const enum tls_init_verdict verdict =
                init_take_option(init, argument, i + 1 < count ? arguments[i + 1] : NULL);
            if (verdict != TLS_INIT_DONE) {
                return verdict;
            }
            i++;
        } else if (argument[0] != '-' && init->dir == NULL) {
            init->dir = argument;
        } else {
            return init_fail(TLS_INIT_USAGE, "不认识这个参数", "the argument is not known",
                             argument);
        }
    }
    if (init->dir == NULL || (init->server.host_count == 0 && init->device == NULL)) {
        return init_fail(TLS_INIT_USAGE, "要写明目录，以及服务器的名字或设备名",
                         "a directory is needed, and the names of a server, or a device",
                         "lovebankd tls-init DIR [--host NAME[,NAME...]] [--device NAME]");
    }
    return TLS_INIT_DONE;
}

/* --- files --------------------------------------------------------------------------------------
 */

/* "DIR/NAME.SUFFIX"; false: too long. */
static bool init_path(const struct tls_init *init, char path[static PATH_MAX], const char *name,
                      const char *suffix)
{
    const int size = snprintf(path, PATH_MAX, "%s/%s.%s", init->dir, name, suffix);
    return size > 0 && size < PATH_MAX;
}

static bool init_exists(const struct tls_init *init, const char *name, const char *suffix)
{
    char path[PATH_MAX];
    struct stat status;
    return init_path(init, path, name, suffix) && lstat(path, &status) == 0;
}

/* A new file. false: errno tells why. */
static bool init_write(struct tls_init *init, const char *name, const char *suffix, mode_t mode,
                       const char *text)
{
    char *path = init->made[init->made_count];
    if (!init_path(init, path, name, suffix)) {
        errno = ENAMETOOLONG;
        return false;
    }
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0) {
        return false;
    }
    init->made_count++;
    /* The umask may have taken away what everybody is to read. */
    const bool is_written =
        fchmod(file, mode) == 0 && fd_write_whole(file, text, strlen(text)) && fsync(file) == 0;
    return close(file) == 0 && is_written;
}

static bool init_read(const struct tls_init *init, const char *name, const char *suffix, char *text,
                      size_t room)
{
    char path[PATH_MAX];
    FILE *file = init_path(init, path, name, suffix) ? fopen(path, "re") : NULL;
    if (file == NULL) {
        return false;
    }
    const size_t size = fread(text, 1, room, file);
    const bool is_whole = size < room && ferror(file) == 0;
    text[is_whole ? size : 0] = '\0';
    return fclose(file) == 0 && is_whole;
}

/* --- certificates -------------------------------------------------------------------------------
 */

/* Certificate and key, in NAME.pem and NAME.key. */
static enum tls_init_verdict init_issue(struct tls_init *init, struct tls_wish *wish, int days,
                                        const char *file, const struct tls_pem *issuer,
                                        struct tls_pem *out)
{
    const int64_t now_s = clock_now_ms(clock_system()) / 1000;
    char error[TLS_ERROR_BYTES];

    wish->from_s = now_s - SLACK_DAYS * DAY_S;
    wish->until_s = now_s + days * DAY_S;
    if (!tls_certificate_make(wish, issuer, out, error)) {
        return init_fail(TLS_INIT_FAULT, "证书没有做成", "the certificate could not be made",
                         error);
    }
    if (!init_write(init, file, "key", 0600, out->key) ||
        !init_write(init, file, "pem", 0644, out->certificate)) {
        return init_fail(TLS_INIT_FAULT, "文件写不了", "a file cannot be written", strerror(errno));
    }
    return TLS_INIT_DONE;
}

/* The authority of the directory, which is made if there is none. */
static enum tls_init_verdict init_authority(struct tls_init *init)
{
    struct tls_wish wish = {.use = TLS_USE_AUTHORITY, .name = "LoveBank private CA"};
    struct tls_pem *pem = &init->authority;
    const bool has_certificate = init_exists(init, "ca", "pem");

    if (has_certificate != init_exists(init, "ca", "key")) {
        return init_fail(TLS_INIT_REFUSED, "ca.pem 和 ca.key 只有一个，请放回另一个，或换一个目录",
                         "of ca.pem and ca.key only one is there; put the other back, or use "
                         "another directory",
                         init->dir);
    }
    if (!has_certificate) {
        return init_issue(init, &wish, AUTHORITY_DAYS, "ca", NULL, pem);
    }
    if (!init_read(init, "ca", "pem", pem->certificate, sizeof(pem->certificate)) ||
        !init_read(init, "ca", "key", pem->key, sizeof(pem->key))) {
        return init_fail(TLS_INIT_FAULT, "ca.pem 或 ca.key 读不了",
                         "ca.pem or ca.key cannot be read", init->dir);
    }
    return TLS_INIT_DONE;
}

static enum tls_init_verdict init_server(struct tls_init *init)
{
    struct tls_pem pem;
    char name[65]; /* a common name has 64 bytes at most; the names that count are the hosts */

    (void)snprintf(name, sizeof(name), "%s", init->server.hosts[0]);
    struct tls_wish wish = init->server;
    wish.use = TLS_USE_SERVER;
    wish.name = name;
    const enum tls_init_verdict verdict =
        init_issue(init, &wish, SERVER_DAYS, "server", &init->authority, &pem);
    tls_pem_wipe(&pem);
    return verdict;
}

static enum tls_init_verdict init_device(struct tls_init *init, const char *file)
{
    struct tls_wish wish = {.use = TLS_USE_DEVICE, .name = init->device};
    struct tls_pem pem;
    const enum tls_init_verdict verdict =
        init_issue(init, &wish, DEVICE_DAYS, file, &init->authority, &pem);
    tls_pem_wipe(&pem);
    return verdict;
}

static enum tls_init_verdict init_make(struct tls_init *init)
{
    char device[DEVICE_NAME_BYTES + 16] = "";

    if (init->device != NULL) {
        (void)snprintf(device, sizeof(device), "device-%s", init->device);
    }
    const bool is_server_there =
        init->server.host_count > 0 &&
        (init_exists(init, "server", "pem") || init_exists(init, "server", "key"));
    const bool is_device_there = init->device != NULL && (init_exists(init, device, "pem") ||
                                                          init_exists(init, device, "key"));
    if (is_server_there || is_device_there) {
        return init_fail(TLS_INIT_REFUSED,
                         "证书已经有了，不覆盖；要换新的，请先移走旧的 .pem 和 .key",
                         "the certificate is there and is not replaced; to renew it, move its .pem "
                         "and .key away first",
                         is_server_there ? "server" : device);
    }
    enum tls_init_verdict verdict = init_authority(init);
    if (verdict == TLS_INIT_DONE && init->server.host_count > 0) {
        verdict = init_server(init);
    }
    if (verdict == TLS_INIT_DONE && init->device != NULL) {
        verdict = init_device(init, device);
    }
    return verdict;
}

static void init_say_next(const struct tls_init *init)
{
    for (size_t i = 0; i < init->made_count; i++) {
        printf("%s\n", init->made[i]);
    }
    if (init->server.host_count > 0) {
        printf("服务器设置：tls-listen = [::]:7701，tls-certificate = %s/server.pem，"
               "tls-key = %s/server.key（825 天后到期；换新后发 SIGHUP）。\n"
               "server settings: tls-listen = [::]:7701, tls-certificate = %s/server.pem, "
               "tls-key = %s/server.key (for 825 days; after renewing send SIGHUP).\n"
               "客户端：把 ca.pem 拷去，用 lovebank --connect tls:%s:7701 --ca ca.pem 连接。\n"
               "clients: give them ca.pem, to connect with lovebank --connect tls:%s:7701 --ca "
               "ca.pem.\n",
               init->dir, init->dir, init->dir, init->dir, init->server.hosts[0],
               init->server.hosts[0]);
    }
    if (init->device != NULL) {
        printf("设备：把 device-%s.pem 和 .key 拷到那台设备（2 年后到期）；服务器设 "
               "tls-client-ca = %s/ca.pem 后，没有证书的设备连不上。\n"
               "device: copy device-%s.pem and .key to it (for 2 years); with tls-client-ca = "
               "%s/ca.pem the server takes no device without a certificate.\n",
               init->device, init->dir, init->device, init->dir);
    }
    printf("ca.key 能签发任何证书：请移到离线的地方保存。\n"
           "ca.key can issue any certificate: move it to a place off line.\n");
}

enum tls_init_verdict tls_init(int count, char *const *arguments)
{
    struct tls_init init = {.dir = NULL};
    enum tls_init_verdict verdict = init_parse(&init, count, arguments);

    if (verdict != TLS_INIT_DONE) {
        return verdict;
    }
    if (mkdir(init.dir, 0755) != 0 && errno != EEXIST) {
        return init_fail(TLS_INIT_FAULT, "目录建不了，请核对上级目录和权限",
                         "the directory cannot be made; check its parent and permissions",
                         init.dir);
    }
    verdict = init_make(&init);
    tls_pem_wipe(&init.authority);
    if (verdict == TLS_INIT_DONE) {
        init_say_next(&init);
        return verdict;
    }
    while (init.made_count > 0) {
        (void)unlink(init.made[--init.made_count]);
    }
    return verdict;
}
