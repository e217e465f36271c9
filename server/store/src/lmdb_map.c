/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The map: a gate that snapshots go through, growth behind it, and what is left on the disk.
 * The gate on any thread; growth and the space check on the writer's.
 */
#include "lmdb_store.h"

#include "base/assert.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

static void gate_lock(struct store_lmdb *store)
{
    LB_ASSERT(pthread_mutex_lock(&store->gate_lock) == 0);
}

static void gate_unlock(struct store_lmdb *store)
{
    LB_ASSERT(pthread_mutex_unlock(&store->gate_lock) == 0);
}

static void gate_wait(struct store_lmdb *store)
{
    LB_ASSERT(pthread_cond_wait(&store->gate_moved, &store->gate_lock) == 0);
}

void lmdb_gate_enter(struct store_lmdb *store)
{
    gate_lock(store);
    while (store->is_gate_closed) {
        gate_wait(store);
    }
    store->snapshot_count++;
    gate_unlock(store);
}

void lmdb_gate_leave(struct store_lmdb *store)
{
    gate_lock(store);
    LB_ASSERT(store->snapshot_count > 0);
    store->snapshot_count--;
    if (store->snapshot_count == 0 && store->is_gate_closed) {
        LB_ASSERT(pthread_cond_broadcast(&store->gate_moved) == 0);
    }
    gate_unlock(store);
}

/* LMDB unmaps before it maps anew, and is lost if that fails: so ask for the room beforehand. */
static bool map_has_room(size_t bytes)
{
    // cppcheck-suppress invalidFunctionArg ; anonymous memory has no descriptor
    void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) {
        return false;
    }
    (void)munmap(room, bytes);
    return true;
}

static enum lb_result map_replace(struct store_lmdb *store, uint64_t bytes)
{
    int rc = mdb_env_set_mapsize(store->env, bytes);
    if (rc != MDB_SUCCESS) {
        atomic_store(&store->is_broken, true);
        lmdb_report(store, "growing the map: %s", mdb_strerror(rc));
        return LB_STORAGE_FAULT;
    }
    return LB_OK;
}

enum lb_result lmdb_map_grow(struct store_lmdb *store)
{
    MDB_envinfo info;
    enum lb_result result = lmdb_failed(store, "mdb_env_info", mdb_env_info(store->env, &info));
    if (result != LB_OK) {
        return result;
    }
    uint64_t bytes = info.me_mapsize;
    if (bytes >= store->map_bytes_max) {
        lmdb_report(store, "the map has %llu bytes, the most it may have",
                    (unsigned long long)bytes);
        return LB_STORAGE_FULL;
    }
    bytes = bytes > store->map_bytes_max / 2 ? store->map_bytes_max : bytes * 2;
    gate_lock(store);
    store->is_gate_closed = true;
    while (store->snapshot_count > 0) {
        gate_wait(store);
    }
    /* The old map goes first, so the probe asks for more than is needed; it errs on the safe
     * side. Stats read the map's size under the same lock. */
    if (map_has_room(bytes)) {
        result = map_replace(store, bytes);
    } else {
        lmdb_report(store, "no address space for a map of %llu bytes", (unsigned long long)bytes);
        result = LB_STORAGE_FULL;
    }
    store->is_gate_closed = false;
    LB_ASSERT(pthread_cond_broadcast(&store->gate_moved) == 0);
    gate_unlock(store);
    return result;
}

/* false: not known, or without a limit, as a tmpfs may be. */
static bool map_measure_free(const struct store_lmdb *store, uint64_t *free_bytes)
{
    struct statvfs about;
    if (fstatvfs(store->directory_fd, &about) != 0) {
        lmdb_report(store, "fstatvfs of the data directory: %s", mdb_strerror(errno));
        return false;
    }
    return about.f_blocks != 0 &&
           !__builtin_mul_overflow((uint64_t)about.f_bavail, (uint64_t)about.f_frsize, free_bytes);
}

bool lmdb_has_space(const struct store_lmdb *store, uint64_t bytes)
{
    uint64_t free_bytes = 0;
    if (store->free_bytes_min == 0 || !map_measure_free(store, &free_bytes)) {
        return true; /* the commit will tell */
    }
    return free_bytes >= store->free_bytes_min && free_bytes - store->free_bytes_min >= bytes;
}

bool lmdb_is_disk_full(const struct store_lmdb *store, uint64_t bytes)
{
    uint64_t free_bytes = 0;
    return map_measure_free(store, &free_bytes) && free_bytes < bytes;
}

void lmdb_stats(struct store *base, struct store_stats *stats)
{
    struct store_lmdb *store = lmdb_of(base);
    *stats = (struct store_stats){.checkpoint_entry = UINT64_MAX};
    MDB_envinfo info;
    MDB_stat main;
    gate_lock(store);
    stats->readers = store->snapshot_count;
    bool is_mapped = !atomic_load(&store->is_broken) &&
                     mdb_env_info(store->env, &info) == MDB_SUCCESS &&
                     mdb_env_stat(store->env, &main) == MDB_SUCCESS;
    gate_unlock(store);
    if (is_mapped) {
        stats->map_bytes = info.me_mapsize;
        stats->map_used_bytes = ((uint64_t)info.me_last_pgno + 1) * main.ms_psize;
    }
}
