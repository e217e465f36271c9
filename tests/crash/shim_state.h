/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the calls of the shim share: which descriptors are of the directory, the log, the fault.
 * All with shim_lock held, but for itself.
 */
#ifndef TESTS_CRASH_SHIM_STATE_H
#define TESTS_CRASH_SHIM_STATE_H

#include "shim.h"

#include <limits.h>

enum shim_descriptor_kind { SHIM_OTHER, SHIM_DIRECTORY, SHIM_OF_FILE };

struct shim_descriptor {
    enum shim_descriptor_kind kind;
    uint32_t file;
    int flags; /* as opened */
};

void shim_lock(void);
void shim_unlock(void);
/* The kind of an open descriptor; SHIM_OTHER too for those that are not followed. */
struct shim_descriptor shim_descriptor_of(int fd);
void shim_descriptor_set(int fd, struct shim_descriptor descriptor);
/* The name in the directory that a path means, or NULL: it is not below it. */
const char *shim_name_of(int at, const char *path);
bool shim_is_directory(const char *path);
/* The file's number by its name; 0: not seen yet. */
uint32_t shim_file_find(const char *name);
uint32_t shim_file_add(const char *name);
void shim_file_rename(const char *from, const char *to);
void shim_file_unlink(const char *name);

/* Appends an event; its number. */
uint64_t shim_log_put(struct shim_event event, const void *bytes);
/* What the call must fail with: errno, 0 (it goes through), or SHIM_SHORT. */
#define SHIM_SHORT (-1)
int shim_fault_meet(enum shim_call call, bool takes_space);
bool shim_disk_is_full(void);

#endif
