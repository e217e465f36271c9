/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The state of the shim: one for the process, behind one lock. */
#include "shim_state.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIPTORS_MAX 4096

struct shim_file {
    char name[SHIM_NAME_BYTES]; /* "": it has none any more */
};

static struct {
    pthread_mutex_t lock;
    char directory[PATH_MAX]; /* "": nothing is followed */
    size_t directory_bytes;
    struct shim_log *log;
    struct shim_descriptor descriptors[DESCRIPTORS_MAX];
    struct shim_file files[SHIM_FILES_MAX]; /* by number less one */
    uint32_t file_count;
    struct shim_fault fault;
    bool has_fault;
    bool was_met;
    uint64_t calls[SHIM_CALL_KINDS];
} shim = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Noreturn void shim_die(const char *what)
{
    (void)fprintf(stderr, "shim: %s\n", what);
    abort();
}

void shim_lock(void)
{
    (void)pthread_mutex_lock(&shim.lock);
}

void shim_unlock(void)
{
    (void)pthread_mutex_unlock(&shim.lock);
}

void shim_start(const char *directory, struct shim_log *log)
{
    shim.directory_bytes = strlen(directory);
    if (shim.directory_bytes >= sizeof(shim.directory)) {
        shim_die("the directory's path is too long");
    }
    memcpy(shim.directory, directory, shim.directory_bytes + 1);
    shim.log = log;
    shim.file_count = 0;
    memset(shim.descriptors, 0, sizeof(shim.descriptors));
}

/* ---- descriptors and names ---- */

struct shim_descriptor shim_descriptor_of(int fd)
{
    return fd >= 0 && fd < DESCRIPTORS_MAX ? shim.descriptors[fd]
                                           : (struct shim_descriptor){.kind = SHIM_OTHER};
}

void shim_descriptor_set(int fd, struct shim_descriptor descriptor)
{
    if (fd >= 0 && fd < DESCRIPTORS_MAX) {
        shim.descriptors[fd] = descriptor;
    } else if (descriptor.kind != SHIM_OTHER) {
        shim_die("too many descriptors");
    }
}

bool shim_is_directory(const char *path)
{
    return shim.directory_bytes > 0 && strcmp(path, shim.directory) == 0;
}

const char *shim_name_of(int at, const char *path)
{
    const char *name = NULL;
    if (shim.directory_bytes == 0) {
        return NULL;
    }
    if (path[0] == '/') {
        bool is_below = strncmp(path, shim.directory, shim.directory_bytes) == 0 &&
                        path[shim.directory_bytes] == '/';
        name = is_below ? path + shim.directory_bytes + 1 : NULL;
    } else if (shim_descriptor_of(at).kind == SHIM_DIRECTORY) {
        name = path;
    }
    bool is_plain = name != NULL && *name != '\0' && strchr(name, '/') == NULL &&
                    strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    if (is_plain && strlen(name) >= SHIM_NAME_BYTES) {
        shim_die("a file's name is too long");
    }
    return is_plain ? name : NULL;
}

uint32_t shim_file_find(const char *name)
{
    for (uint32_t i = 0; i < shim.file_count; i++) {
        if (strcmp(shim.files[i].name, name) == 0) {
            return i + 1;
        }
    }
    return 0;
}

uint32_t shim_file_add(const char *name)
{
    if (shim.file_count == SHIM_FILES_MAX) {
        shim_die("too many files");
    }
    (void)snprintf(shim.files[shim.file_count].name, SHIM_NAME_BYTES, "%s", name);
    return ++shim.file_count;
}

void shim_file_unlink(const char *name)
{
    uint32_t file = shim_file_find(name);
    if (file != 0) {
        shim.files[file - 1].name[0] = '\0';
    }
}

void shim_file_rename(const char *from, const char *to)
{
    uint32_t file = shim_file_find(from);
    shim_file_unlink(to);
    if (file != 0) {
        (void)snprintf(shim.files[file - 1].name, SHIM_NAME_BYTES, "%s", to);
    }
}

/* ---- the log ---- */

uint64_t shim_log_put(struct shim_event event, const void *bytes)
{
    if (shim.log == NULL) {
        return 0;
    }
    struct shim_log *log = shim.log;
    uint64_t used = atomic_load(&log->used);
    uint64_t padded = (sizeof(event) + event.size + 7) & ~UINT64_C(7);
    if (padded > log->bytes_max - used) {
        shim_die("the log is full");
    }
    memcpy(log->events + used, &event, sizeof(event));
    if (event.size > 0) {
        memcpy(log->events + used + sizeof(event), bytes, event.size);
    }
    atomic_store(&log->used, used + padded);
    return atomic_fetch_add(&log->count, 1);
}

uint64_t shim_position(void)
{
    return shim.log == NULL ? 0 : atomic_load(&shim.log->count);
}

/* ---- faults ---- */

void shim_fault(const struct shim_fault *fault)
{
    shim_lock();
    shim.has_fault = fault != NULL;
    shim.was_met = shim.was_met && fault == NULL;
    if (fault != NULL) {
        shim.fault = *fault;
        memset(shim.calls, 0, sizeof(shim.calls));
    }
    shim_unlock();
}

bool shim_fault_was_met(void)
{
    shim_lock();
    bool was_met = shim.was_met;
    shim_unlock();
    return was_met;
}

bool shim_disk_is_full(void)
{
    return shim.has_fault && shim.was_met && shim.fault.is_disk_full;
}

int shim_fault_meet(enum shim_call call, bool takes_space)
{
    uint64_t number = shim.calls[call]++;
    if (!shim.has_fault) {
        return 0;
    }
    bool is_nth = call == shim.fault.call && number == shim.fault.nth;
    bool is_full = shim_disk_is_full() && takes_space;
    shim.was_met = shim.was_met || is_nth;
    if (!is_nth) {
        return is_full ? shim.fault.error : 0;
    }
    return shim.fault.error == 0 ? SHIM_SHORT : shim.fault.error;
}
