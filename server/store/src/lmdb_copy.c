/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Copies of a book in use, and what else the journaled adapter asks of LMDB. Threads: any.
 *
 * LMDB writes its copy into a pipe, and a thread of ours takes it from there to the file. So it can
 * do what LMDB does not: it brings the bytes to the disk as they come, as a large heap of them at
 * the end would keep the journal's syncs waiting; and it gives the copy up when the map is to grow.
 * Growth waits for all who look at the map, and everybody waits for growth: so the copy gives way
 * within a piece, and its caller makes it anew.
 */
#include "lmdb_inner.h"
#include "lmdb_store.h"

#include "base/assert.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PIECE_BYTES (1u << 20) /* brought to the disk at a time */

int lmdb_inner_directory_fd(const struct store *store)
{
    return ((const struct store_lmdb *)store)->directory_fd;
}

bool lmdb_inner_has_space(const struct store *store, uint64_t bytes)
{
    return lmdb_has_space((const struct store_lmdb *)store, bytes);
}

/* ---- from the pipe to the file ---- */

struct copy {
    struct store_lmdb *store;
    int pipe_fd; /* to read; the thread closes it, which ends LMDB's writing too */
    int fd;
    uint8_t *piece;
    int error; /* errno; EAGAIN: it gave way */
};

static bool copy_must_give_way(struct store_lmdb *store)
{
    LB_ASSERT(pthread_mutex_lock(&store->gate_lock) == 0);
    bool is_closed = store->is_gate_closed;
    LB_ASSERT(pthread_mutex_unlock(&store->gate_lock) == 0);
    return is_closed;
}

static int copy_write_piece(int fd, const uint8_t *data, size_t bytes, off_t at)
{
    off_t from = at;
    while (bytes > 0) {
        ssize_t written = pwrite(fd, data, bytes, at);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : ENOSPC;
        }
        data += written;
        at += written;
        bytes -= (size_t)written;
    }
    /* Only paces: the sync at the end is what counts, and tells of errors. */
    (void)sync_file_range(fd, from, at - from,
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                              SYNC_FILE_RANGE_WAIT_AFTER);
    return 0;
}

static void *copy_main(void *context)
{
    struct copy *copy = context;
    off_t at = 0;
    while (copy->error == 0) {
        ssize_t bytes = fd_read_whole(copy->pipe_fd, copy->piece, PIECE_BYTES);
        if (bytes == 0) {
            break;
        }
        if (bytes < 0) {
            copy->error = errno;
        } else if (copy_must_give_way(copy->store)) {
            copy->error = EAGAIN;
        } else {
            copy->error = copy_write_piece(copy->fd, copy->piece, (size_t)bytes, at);
            at += bytes;
        }
    }
    (void)close(copy->pipe_fd);
    return NULL;
}

/* ---- from LMDB into the pipe ---- */

/* LMDB's error. Where the other end was closed, the signal that comes with EPIPE is taken. */
static int copy_env(struct store_lmdb *store, int pipe_fd)
{
    sigset_t pipe_signal;
    sigset_t before;
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    LB_ASSERT(pthread_sigmask(SIG_BLOCK, &pipe_signal, &before) == 0);
    int rc = mdb_env_copyfd2(store->env, pipe_fd, 0);
    const struct timespec at_once = {.tv_sec = 0};
    while (rc == EPIPE && sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) {
    }
    LB_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return rc;
}

/* 0, LMDB's error or errno. */
static int copy_run(struct copy *copy)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    copy->pipe_fd = ends[0];
    pthread_t thread;
    int error = pthread_create(&thread, NULL, copy_main, copy);
    if (error != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return error;
    }
    lmdb_gate_enter(copy->store); /* it reads the map as a snapshot does */
    int rc = atomic_load(&copy->store->is_broken) ? EIO : copy_env(copy->store, ends[1]);
    lmdb_gate_leave(copy->store);
    (void)close(ends[1]);
    LB_ASSERT(pthread_join(thread, NULL) == 0);
    return copy->error != 0 ? copy->error : rc;
}

enum lb_result lmdb_inner_copy(struct store *base, int fd)
{
    struct store_lmdb *store = lmdb_of(base);
    struct copy copy = {.store = store, .fd = fd, .piece = malloc(PIECE_BYTES)};
    if (copy.piece == NULL) {
        return LB_MEMORY;
    }
    int error = copy_run(&copy);
    free(copy.piece);
    if (error == EAGAIN) {
        return LB_TRY_LATER;
    }
    if (error == 0 && fsync(fd) != 0) {
        error = errno;
    }
    return lmdb_failed(store, "copying data.mdb", error);
}

enum lb_result lmdb_inner_mark_copy(const struct store *base, int directory_fd)
{
    return lmdb_directory_mark_copy((const struct store_lmdb *)base, directory_fd);
}
