/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole reads and writes of descriptors that block, whatever signals and short counts come between.
 * Not for sockets of an event loop. Any thread.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How many bytes there were, less than `size` only at the end; -1: errno tells why. */
LB_MUST_CHECK ssize_t fd_read_whole(int fd, void *out, size_t size);
/* false: errno tells why; ENOSPC when nothing is taken. */
LB_MUST_CHECK bool fd_write_whole(int fd, const void *data, size_t size);

#endif
