/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The spool's folder and its lock. One thread.
 */
#include "spool.h"

#include "errno_text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *spool_path(struct cli *cli)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state == NULL || state[0] != '/') {
        if (home == NULL || home[0] != '/') {
            return NULL;
        }
        state = cli_format(cli, "%s/.local/state", home);
    }
    (void)crypto_hash_sha256(hash, (const unsigned char *)cli->address, strlen(cli->address));
    const ProtobufCBinaryData name = {.len = SPOOL_FOLDER_DIGITS, .data = hash};
    return cli_format(cli, "%s/lovebank/spool/%s", state, cli_hex(cli, &name));
}

void spool_complain(const struct spool *spool, int error)
{
    struct cli *cli = spool->cli;
    cli_complain(cli,
                 TEXT(cli, "离线记录的文件夹 %s 用不了：%s。",
                      "The folder of records kept offline, %s, is of no use: %s."),
                 spool->path, errno_text(cli->is_chinese, error));
}

/* A name that is new must be on the disk, too. */
static void spool_sync_parent(const char *path)
{
    const int fd = open(path[0] == '\0' ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

/* What is wrong with it shows when it is opened. */
static void spool_make_folders(struct cli *cli, const char *path)
{
    char *folder = cli_copy(cli, path);
    for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        const bool is_new = mkdir(folder, 0700) == 0;
        char *name = strrchr(folder, '/');
        *name = '\0';
        if (is_new) {
            spool_sync_parent(folder);
        }
        *name = '/';
        *at = '/';
    }
    if (mkdir(folder, 0700) == 0) {
        *strrchr(folder, '/') = '\0';
        spool_sync_parent(folder);
    }
}

/* Ours alone: nobody else may put rows there that we would send. */
static bool spool_is_safe(const struct spool *spool)
{
    struct cli *cli = spool->cli;
    struct stat folder;
    if (fstat(spool->folder, &folder) != 0) {
        spool_complain(spool, errno);
        return false;
    }
    if (folder.st_uid == geteuid() && (folder.st_mode & (S_IRWXG | S_IRWXO)) == 0) {
        return true;
    }
    cli_complain(cli,
                 TEXT(cli,
                      "离线记录的文件夹 %s 别人也能用，没有使用。请核对里面的记录，"
                      "再运行：chmod 700 %s",
                      "Others can use the folder of records kept offline, %s, so it was not used. "
                      "Look at what is in it, then run: chmod 700 %s"),
                 spool->path, spool->path);
    return false;
}

bool spool_open(struct spool *spool, struct cli *cli, bool make)
{
    *spool = (struct spool){.cli = cli,
                            .disk = sealed_disk_system(),
                            .path = spool_path(cli),
                            .folder = -1,
                            .lock = -1};
    if (spool->path == NULL) {
        if (make) {
            cli_complain(cli, TEXT(cli, "不知道离线记录放在哪里：没有 HOME。",
                                   "There is no HOME to keep records in."));
        }
        return false;
    }
    if (make) {
        spool_make_folders(cli, spool->path);
    }
    spool->folder = open(spool->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (spool->folder < 0) {
        if (make || errno != ENOENT) {
            spool_complain(spool, errno);
        }
        return false;
    }
    if (!spool_is_safe(spool)) {
        spool_close(spool);
        return false;
    }
    return true;
}

void spool_close(struct spool *spool)
{
    spool_unlock(spool);
    if (spool->folder >= 0) {
        (void)close(spool->folder);
    }
    spool->folder = -1;
}

bool spool_lock(struct spool *spool)
{
    spool->lock = openat(spool->folder, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    while (spool->lock >= 0 && flock(spool->lock, LOCK_EX) != 0) {
        if (errno != EINTR) {
            const int error = errno;
            spool_unlock(spool);
            errno = error;
        }
    }
    if (spool->lock < 0) {
        spool_complain(spool, errno);
    }
    return spool->lock >= 0;
}

void spool_unlock(struct spool *spool)
{
    if (spool->lock >= 0) {
        (void)close(spool->lock);
    }
    spool->lock = -1;
}
