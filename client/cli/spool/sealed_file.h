/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Small files that are there as a whole or not at all: eight bytes of what it is, the body, and a
 * SHA-256 over both, written beside their place, synced, and renamed. One that was cut or changed
 * is known as such. Not a secret's place, and not signed: the checksum is against accidents. One
 * thread.
 */
#ifndef CLI_SEALED_FILE_H
#define CLI_SEALED_FILE_H

#include "base/arena.h"

#include <sys/types.h>

#define SEALED_MAGIC_BYTES 8
#define SEALED_EXTRA_BYTES (SEALED_MAGIC_BYTES + 32) /* beside the body */
/* What a write that was interrupted leaves: ".NAME.part". */
#define SEALED_PART_SUFFIX ".part"
#define SEALED_NAME_BYTES  80

/* The disk as a port: tests let it fail. As write(2) and fsync(2). */
struct sealed_disk {
    ssize_t (*write)(void *context, int fd, const void *data, size_t size);
    int (*sync)(void *context, int fd);
    void *context;
};

/* The system's. Static. */
const struct sealed_disk *sealed_disk_system(void);

enum sealed_answer {
    SEALED_GOOD,
    SEALED_NONE,    /* there is no such file */
    SEALED_DAMAGED, /* cut, changed, too long, or none of ours */
    SEALED_FAILED,  /* errno */
};

/* The body of a file that was read as a whole; false: damaged. Pure. */
LB_MUST_CHECK bool sealed_open(struct bytes file, const char *magic, struct bytes *body);

/* The body, in memory of the arena; at most bytes_max of it. Only plain files of one's own. */
enum sealed_answer sealed_file_read(struct arena *arena, int folder, const char *name,
                                    const char *magic, size_t bytes_max, struct bytes *body);
/* Puts a file there, 0600, in place of one of that name. true: it is on the disk, and its name is.
 * false: errno, and it is not there. */
LB_MUST_CHECK bool sealed_file_write(const struct sealed_disk *disk, int folder, const char *name,
                                     const char *magic, struct bytes body);

#endif
