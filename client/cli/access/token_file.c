/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Token files. One thread.
 */
#include "token_file.h"

#include "errno_text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN_TEXT_BYTES     (2 * LB_TOKEN_BYTES + 1) /* with its newline */
#define TOKEN_ADDRESS_DIGITS 8                        /* bytes of the address's hash in the name */
#define TOKEN_OTHERS         (S_IRWXG | S_IRWXO)

const char *token_file_path(struct cli *cli)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (cli->token_path != NULL) {
        return cli->token_path;
    }
    if (config == NULL || config[0] != '/') {
        if (home == NULL || home[0] != '/') {
            return NULL;
        }
        config = cli_format(cli, "%s/.config", home);
    }
    (void)crypto_hash_sha256(hash, (const unsigned char *)cli->address, strlen(cli->address));
    const ProtobufCBinaryData name = {.len = TOKEN_ADDRESS_DIGITS, .data = hash};
    return cli_format(cli, "%s/lovebank/token-%s", config, cli_hex(cli, &name));
}

static void token_file_complain(struct cli *cli, const char *path, int error)
{
    cli_complain(cli, TEXT(cli, "令牌文件 %s 用不了：%s。", "The token file %s is of no use: %s."),
                 path, errno_text(cli->is_chinese, error));
}

/* Ours alone: another's file may be put there to make us act for them. */
static bool token_file_is_safe(struct cli *cli, const char *path, int fd)
{
    struct stat link;
    struct stat file;
    if (lstat(path, &link) != 0 || fstat(fd, &file) != 0) {
        token_file_complain(cli, path, errno);
        return false;
    }
    if (!S_ISREG(file.st_mode) || file.st_uid != geteuid() || link.st_uid != geteuid()) {
        cli_complain(cli,
                     TEXT(cli, "令牌文件 %s 不是您自己的普通文件，没有使用。请删去后重新登录。",
                          "The token file %s is no plain file of yours and was not used; remove it "
                          "and log in again."),
                     path);
        return false;
    }
    if ((file.st_mode & TOKEN_OTHERS) != 0) {
        cli_complain(cli,
                     TEXT(cli,
                          "令牌文件 %s 别人也能读，没有使用。请删去后重新登录；"
                          "设备的令牌请让管理员换一个。",
                          "Others can read the token file %s, so it was not used. Remove it and "
                          "log in again; have a device's token replaced."),
                     path);
        return false;
    }
    return true;
}

static bool token_file_decode(const char text[TOKEN_TEXT_BYTES], ssize_t size,
                              uint8_t token[LB_TOKEN_BYTES])
{
    size_t bytes = 0;
    return size >= TOKEN_TEXT_BYTES - 1 &&
           sodium_hex2bin(token, LB_TOKEN_BYTES, text, TOKEN_TEXT_BYTES - 1, NULL, &bytes, NULL) ==
               0 &&
           bytes == LB_TOKEN_BYTES && (size == TOKEN_TEXT_BYTES - 1 || text[size - 1] == '\n');
}

enum token_answer token_file_read(struct cli *cli, const char *path, uint8_t token[LB_TOKEN_BYTES])
{
    char text[TOKEN_TEXT_BYTES];
    /* Without waiting: what is there may be a pipe. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return TOKEN_NONE;
    }
    if (fd < 0) {
        token_file_complain(cli, path, errno);
        return TOKEN_BAD;
    }
    enum token_answer answer = TOKEN_BAD;
    if (token_file_is_safe(cli, path, fd)) {
        const ssize_t size = read(fd, text, sizeof(text));
        answer = token_file_decode(text, size, token) ? TOKEN_FOUND : TOKEN_BAD;
        explicit_bzero(text, sizeof(text));
        if (answer == TOKEN_BAD) {
            cli_complain(cli,
                         TEXT(cli, "%s 里不是令牌。请删去后重新登录。",
                              "There is no token in %s; remove it and log in again."),
                         path);
        }
    }
    (void)close(fd);
    return answer;
}

/* To disk as a whole: half a token is none. */
static bool token_file_put(int fd, const uint8_t token[LB_TOKEN_BYTES])
{
    char text[TOKEN_TEXT_BYTES + 1];
    (void)sodium_bin2hex(text, sizeof(text), token, LB_TOKEN_BYTES);
    text[TOKEN_TEXT_BYTES - 1] = '\n';
    const bool is_written = write(fd, text, TOKEN_TEXT_BYTES) == TOKEN_TEXT_BYTES && fsync(fd) == 0;
    explicit_bzero(text, sizeof(text));
    return close(fd) == 0 && is_written;
}

static void token_file_make_folder(struct cli *cli, const char *path)
{
    char *folder = cli_copy(cli, path);
    for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(folder, 0700); /* what is wrong with it shows when the file is made */
        *at = '/';
    }
}

bool token_file_write(struct cli *cli, const char *path, const uint8_t token[LB_TOKEN_BYTES])
{
    char *fresh = cli_copy(cli, cli_format(cli, "%s.XXXXXX", path));
    if (cli->token_path == NULL) {
        token_file_make_folder(cli, path);
    }
    const int fd = mkostemp(fresh, O_CLOEXEC); /* 0600 */
    if (fd < 0) {
        token_file_complain(cli, path, errno);
        return false;
    }
    if (!token_file_put(fd, token) || rename(fresh, path) != 0) {
        token_file_complain(cli, path, errno);
        (void)unlink(fresh);
        return false;
    }
    return true;
}

bool token_file_create(struct cli *cli, const char *path, const uint8_t token[LB_TOKEN_BYTES])
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && token_file_put(fd, token)) {
        return true;
    }
    token_file_complain(cli, path, errno);
    if (fd >= 0) {
        (void)unlink(path);
    }
    return false;
}

bool token_file_remove(struct cli *cli, const char *path)
{
    if (unlink(path) == 0 || errno == ENOENT) {
        return true;
    }
    token_file_complain(cli, path, errno);
    return false;
}
