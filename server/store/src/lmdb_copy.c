/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Copies of a book in use, and what else the journaled adapter asks of LMDB. Threads: any.
 */
#include "lmdb_inner.h"
#include "lmdb_store.h"

#include <errno.h>
#include <unistd.h>

int lmdb_inner_directory_fd(const struct store *store)
{
    return ((const struct store_lmdb *)store)->directory_fd;
}

bool lmdb_inner_has_space(const struct store *store, uint64_t bytes)
{
    return lmdb_has_space((const struct store_lmdb *)store, bytes);
}

enum lb_result lmdb_inner_copy(struct store *base, int fd)
{
    struct store_lmdb *store = lmdb_of(base);
    lmdb_gate_enter(store); /* it reads the map as a snapshot does */
    enum lb_result result = LB_STORAGE_FAULT;
    if (!atomic_load(&store->is_broken)) {
        result = lmdb_failed(store, "copying data.mdb", mdb_env_copyfd2(store->env, fd, 0));
    }
    lmdb_gate_leave(store);
    if (result == LB_OK && fdatasync(fd) != 0) {
        result = lmdb_failed(store, "syncing the copy of data.mdb", errno);
    }
    return result;
}

enum lb_result lmdb_inner_mark_copy(const struct store *base, int directory_fd)
{
    return lmdb_directory_mark_copy((const struct store_lmdb *)base, directory_fd);
}
