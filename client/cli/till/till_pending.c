/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The pending command's file: 8 bytes of magic, sizes of address and command (32 bits each,
 * big-endian), SHA-256 of both, both; zeros after it. One thread.
 */
#include "till_pending.h"

#include "errno_text.h"

#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PENDING_MAGIC "LBTILL1\n"

static const char *pending_directory(struct cli *cli)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && state[0] == '/') {
        return cli_format(cli, "%s/lovebank", state);
    }
    return home != NULL && home[0] == '/' ? cli_format(cli, "%s/.local/state/lovebank", home)
                                          : NULL;
}

/* Makes a directory and those above it. false: errno. */
static bool pending_make_directory(struct cli *cli, const char *path)
{
    char *part = cli_copy(cli, path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

static bool pending_write(int fd, const uint8_t *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t written = pwrite(fd, data + done, size - done, (off_t)done);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written < 0 ? 0 : (size_t)written;
    }
    return fdatasync(fd) == 0;
}

/* A new file gets its whole size and its name on disk now, not with the first redemption. */
static bool pending_prepare(int fd, const char *directory)
{
    static const uint8_t zeros[TILL_PENDING_BYTES];
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return false;
    }
    if (status.st_size == TILL_PENDING_BYTES) {
        return true;
    }
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_durable = folder >= 0 && pending_write(fd, zeros, sizeof(zeros)) && fsync(folder) == 0;
    if (folder >= 0) {
        (void)close(folder);
    }
    return is_durable;
}

static bool pending_tell(struct cli *cli, const struct till_pending *pending, uint32_t counter,
                         enum cli_exit *exit)
{
    if (errno == EWOULDBLOCK) {
        cli_complain(cli,
                     TEXT(cli, "兑换点 %" PRIu32 " 的柜台已在这台机器上打开。请先退出那一个。",
                          "The till of counter %" PRIu32
                          " is open on this machine already; quit that one first."),
                     counter);
        *exit = CLI_REFUSED;
    } else {
        cli_complain(cli,
                     TEXT(cli, "写不了 %s：%s。断线时靠它不重复记账，请更正后再开柜台。",
                          "Cannot write %s: %s. It keeps redemptions from being entered twice; put "
                          "that right first."),
                     pending->path, errno_text(cli->is_chinese, errno));
        *exit = CLI_FAULT;
    }
    if (pending->fd >= 0) {
        (void)close(pending->fd);
    }
    return false;
}

bool till_pending_open(struct cli *cli, uint32_t counter, struct till_pending *pending,
                       enum cli_exit *exit)
{
    const char *directory = pending_directory(cli);
    if (directory == NULL) {
        cli_complain(cli,
                     TEXT(cli, "没有地方存断线时的记录：请设置环境变量 HOME 或 XDG_STATE_HOME。",
                          "There is no place to keep the till's state: set HOME or "
                          "XDG_STATE_HOME."));
        *exit = CLI_USAGE;
        return false;
    }
    pending->path = cli_format(cli, "%s/counter-%" PRIu32 ".pending", directory, counter);
    pending->fd = -1;
    if (!pending_make_directory(cli, directory)) {
        return pending_tell(cli, pending, counter, exit);
    }
    pending->fd = open(pending->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (pending->fd < 0 || flock(pending->fd, LOCK_EX | LOCK_NB) != 0 ||
        !pending_prepare(pending->fd, directory)) {
        return pending_tell(cli, pending, counter, exit);
    }
    return true;
}

void till_pending_close(struct till_pending *pending)
{
    (void)close(pending->fd);
}

static void pending_hash(const struct till_pending_record *record,
                         uint8_t hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, record->address.data, record->address.size);
    (void)crypto_hash_sha256_update(&state, record->command.data, record->command.size);
    (void)crypto_hash_sha256_final(&state, hash);
}

bool till_pending_put(struct till_pending *pending, const struct till_pending_record *record)
{
    uint8_t buffer[TILL_PENDING_BYTES] = {0};
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct wire_writer writer = {.data = buffer, .cap = sizeof(buffer)};
    pending_hash(record, hash);
    wire_put_bytes(&writer, bytes_of(PENDING_MAGIC, 8));
    wire_put_u32(&writer, (uint32_t)record->address.size);
    wire_put_u32(&writer, (uint32_t)record->command.size);
    wire_put_bytes(&writer, bytes_of(hash, sizeof(hash)));
    wire_put_bytes(&writer, record->address);
    wire_put_bytes(&writer, record->command);
    if (writer.overflow) {
        errno = EMSGSIZE;
        return false;
    }
    return pending_write(pending->fd, buffer, sizeof(buffer));
}

void till_pending_wipe(struct till_pending *pending)
{
    static const uint8_t zeros[TILL_PENDING_BYTES];
    /* Not synced: if it comes back after a power cut, the server knows the id. */
    const ssize_t written = pwrite(pending->fd, zeros, sizeof(zeros), 0);
    (void)written;
}

bool till_pending_get(const struct till_pending *pending, uint8_t buffer[TILL_PENDING_BYTES],
                      struct till_pending_record *record)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    if (pread(pending->fd, buffer, TILL_PENDING_BYTES, 0) != TILL_PENDING_BYTES) {
        return false;
    }
    struct wire_reader reader = {.left = bytes_of(buffer, TILL_PENDING_BYTES)};
    const struct bytes magic = wire_get_bytes(&reader, 8);
    const uint32_t address_bytes = wire_get_u32(&reader);
    const uint32_t command_bytes = wire_get_u32(&reader);
    const struct bytes written = wire_get_bytes(&reader, sizeof(hash));
    record->address = wire_get_bytes(&reader, address_bytes);
    record->command = wire_get_bytes(&reader, command_bytes);
    if (reader.bad || !bytes_equal(magic, bytes_of(PENDING_MAGIC, 8))) {
        return false;
    }
    pending_hash(record, hash);
    return bytes_equal(written, bytes_of(hash, sizeof(hash)));
}
