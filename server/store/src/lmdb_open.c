/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The LMDB adapter: opening and closing. One thread. */
#include "store/lmdb.h"

#include "base/assert.h"
#include "lmdb_store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE              0600
#define MAP_BYTES_DEFAULT      (UINT64_C(1) << 30)
#define MAP_BYTES_MAX_DEFAULT  (UINT64_C(1) << 40)
#define MAP_BYTES_LEAST        (UINT64_C(1) << 16) /* the empty tables need room */
#define FREE_BYTES_MIN_DEFAULT (UINT64_C(16) << 20)
#define FREE_PAGES_AT_END_MAX  16
/* 0.9.24 is the oldest whose known faults were looked through; 1.0 has another file format. */
#define LMDB_VERSION_LEAST MDB_VERINT(0, 9, 24)
#define LMDB_VERSION_PAST  MDB_VERINT(1, 0, 0)

struct store_lmdb_options store_lmdb_options_default(const char *directory)
{
    return (struct store_lmdb_options){
        .directory = directory,
        .mode = STORE_LMDB_SERVER,
        .map_bytes = MAP_BYTES_DEFAULT,
        .map_bytes_max = MAP_BYTES_MAX_DEFAULT,
        .free_bytes_min = FREE_BYTES_MIN_DEFAULT,
    };
}

struct store_lmdb *lmdb_of(struct store *store)
{
    return (struct store_lmdb *)store;
}

struct id store_lmdb_book(const struct store *store)
{
    return ((const struct store_lmdb *)store)->book;
}

uint32_t store_lmdb_format(const struct store *store)
{
    return ((const struct store_lmdb *)store)->format;
}

static void lmdb_free(struct store_lmdb *store)
{
    if (store->env != NULL) {
        mdb_env_close(store->env);
    }
    lmdb_directory_close(store); /* after LMDB's files: the lock covers them */
    free(store->group.changes);
    (void)pthread_cond_destroy(&store->gate_moved);
    (void)pthread_mutex_destroy(&store->gate_lock);
    free(store);
}

static void lmdb_close(struct store *base)
{
    struct store_lmdb *store = lmdb_of(base);
    LB_ASSERT(!store->group.is_open && store->snapshot_count == 0);
    lmdb_free(store);
}

static const struct store_ops lmdb_ops = {
    .name = "lmdb",
    .commits_max = 1,
    .group_begin = lmdb_group_begin,
    .group_get = lmdb_group_get,
    .group_seek = lmdb_group_seek,
    .group_put = lmdb_group_put,
    .group_del = lmdb_group_del,
    .group_commit = lmdb_group_commit,
    .group_abort = lmdb_group_abort,
    .snapshot_open = lmdb_snapshot_open,
    .snapshot_get = lmdb_snapshot_get,
    .snapshot_seek = lmdb_snapshot_seek,
    .snapshot_close = lmdb_snapshot_close,
    .stats = lmdb_stats,
    .close = lmdb_close,
};

static struct store_lmdb *lmdb_new(const struct store_lmdb_options *options)
{
    struct store_lmdb *store = malloc(sizeof(*store));
    if (store == NULL) {
        return NULL;
    }
    *store = (struct store_lmdb){
        .base.ops = &lmdb_ops,
        .directory_fd = -1,
        .lock_fd = -1,
        .is_read_only = options->mode == STORE_LMDB_READ_ONLY,
        .map_bytes_max = options->map_bytes_max,
        .free_bytes_min = options->free_bytes_min,
        .report = options->report,
        .report_context = options->report_context,
    };
    store->group.store = store;
    if (pthread_mutex_init(&store->gate_lock, NULL) != 0) {
        free(store);
        return NULL;
    }
    if (pthread_cond_init(&store->gate_moved, NULL) != 0) {
        (void)pthread_mutex_destroy(&store->gate_lock);
        free(store);
        return NULL;
    }
    return store;
}

/* NOTLS: snapshots may change threads. Without a lock file readers are safe because our own LOCK
 * keeps servers out. Never WRITEMAP; NOSYNC only where nothing is to be kept. */
static unsigned env_flags(enum store_lmdb_mode mode)
{
    switch (mode) {
    case STORE_LMDB_SERVER:
        return MDB_NOTLS;
    case STORE_LMDB_READ_ONLY:
        return MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK;
    case STORE_LMDB_SCRATCH:
        return MDB_NOTLS | MDB_NOSYNC | MDB_NOMETASYNC;
    }
    return MDB_NOTLS;
}

static enum lb_result env_open(struct store_lmdb *store, const struct store_lmdb_options *options,
                               const char *path)
{
    int rc = mdb_env_create(&store->env);
    if (rc != MDB_SUCCESS) {
        store->env = NULL;
        return lmdb_failed(store, "mdb_env_create", rc);
    }
    rc = mdb_env_set_maxdbs(store->env, LMDB_TABLE_SLOTS + 1);
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_set_maxreaders(store->env, STORE_LMDB_SNAPSHOTS_MAX);
    }
    if (rc == MDB_SUCCESS && !store->is_read_only) {
        uint64_t bytes = options->map_bytes;
        rc = mdb_env_set_mapsize(store->env, bytes < MAP_BYTES_LEAST ? MAP_BYTES_LEAST : bytes);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_open(store->env, path, env_flags(options->mode), FILE_MODE);
    }
    if (rc == MDB_INVALID && !store->is_read_only && lmdb_directory_drop_unmade(store)) {
        mdb_env_close(store->env);
        store->env = NULL;
        return env_open(store, options, path);
    }
    if (rc == MDB_SUCCESS && !store->is_read_only) {
        int dead = 0;
        rc = mdb_reader_check(store->env, &dead);
    }
    return lmdb_failed(store, "opening the LMDB environment", rc);
}

/*
 * A page of the map behind the end of the file is a SIGBUS to whoever reads it, so a file that is
 * too short, an interrupted copy, is refused. LMDB itself leaves out pages at the end that were
 * taken and given back in one transaction: these are free, and a server adds them.
 */
static enum lb_result env_check_length(const struct store_lmdb *store)
{
    int fd = -1;
    MDB_envinfo info;
    MDB_stat about;
    struct stat file;
    int rc = mdb_env_get_fd(store->env, &fd);
    rc = rc != MDB_SUCCESS ? rc : mdb_env_info(store->env, &info);
    rc = rc != MDB_SUCCESS ? rc : mdb_env_stat(store->env, &about);
    if (rc == MDB_SUCCESS && fstat(fd, &file) != 0) {
        rc = errno;
    }
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "looking at data.mdb", rc);
    }
    uint64_t bytes = ((uint64_t)info.me_last_pgno + 1) * about.ms_psize;
    if ((uint64_t)file.st_size >= bytes) {
        return LB_OK;
    }
    if (bytes - (uint64_t)file.st_size > FREE_PAGES_AT_END_MAX * (uint64_t)about.ms_psize) {
        lmdb_report(store, "data.mdb has %llu bytes instead of %llu: it was cut short",
                    (unsigned long long)file.st_size, (unsigned long long)bytes);
        return LB_STORAGE_CORRUPT;
    }
    rc = store->is_read_only || ftruncate(fd, (off_t)bytes) == 0 ? MDB_SUCCESS : errno;
    return lmdb_failed(store, "adding free pages to data.mdb", rc);
}

static enum lb_result lmdb_check_version(const struct store_lmdb *store)
{
    int major = 0;
    int minor = 0;
    int patch = 0;
    const char *text = mdb_version(&major, &minor, &patch);
    int version = MDB_VERINT(major, minor, patch);
    if (version < LMDB_VERSION_LEAST || version >= LMDB_VERSION_PAST) {
        lmdb_report(store, "%s is not supported: 0.9.24 or a later 0.9 is needed", text);
        return LB_STORAGE_FAULT;
    }
    return LB_OK;
}

static enum lb_result lmdb_open_at(struct store_lmdb *store,
                                   const struct store_lmdb_options *options, const char *path)
{
    enum lb_result result = lmdb_check_version(store);
    if (result == LB_OK) {
        result = lmdb_directory_open(store, path, options->mode);
    }
    if (result == LB_OK) {
        result = env_open(store, options, path);
    }
    if (result == LB_OK) {
        result = env_check_length(store);
    }
    if (result == LB_OK) {
        result = lmdb_tables_open(store, &options->book);
    }
    if (result == LB_OK && options->mode == STORE_LMDB_SERVER) {
        result = lmdb_directory_sync(store, path);
    }
    if (result == LB_OK && options->mode == STORE_LMDB_SERVER) {
        result = lmdb_directory_mark_book(store);
    }
    return result;
}

static enum lb_result lmdb_open_scratch(struct store_lmdb *store,
                                        const struct store_lmdb_options *options)
{
    char path[PATH_MAX];
    int size = snprintf(path, sizeof(path), "%s/scratch-XXXXXX", options->directory);
    if (size < 0 || (size_t)size >= sizeof(path)) {
        return lmdb_failed(store, "naming a scratch directory", ENAMETOOLONG);
    }
    if (mkdtemp(path) == NULL) {
        return lmdb_failed(store, "making a scratch directory", errno);
    }
    enum lb_result result = lmdb_open_at(store, options, path);
    lmdb_directory_unlink(store, path);
    return result;
}

enum lb_result store_lmdb_open(const struct store_lmdb_options *options, struct store **out)
{
    LB_ASSERT(options->directory != NULL);
    struct store_lmdb *store = lmdb_new(options);
    if (store == NULL) {
        return LB_MEMORY;
    }
    enum lb_result result = options->mode == STORE_LMDB_SCRATCH
                                ? lmdb_open_scratch(store, options)
                                : lmdb_open_at(store, options, options->directory);
    if (result != LB_OK) {
        lmdb_free(store);
        return result;
    }
    *out = &store->base;
    return LB_OK;
}
