/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bell by which other threads wake the server's loop: an eventfd, and a flag that spares a
 * system call when it rings already. http_wake_ring is for any thread, the rest for the loop's.
 */
#ifndef HTTP_SRC_WAKE_H
#define HTTP_SRC_WAKE_H

struct event_base;
struct http_wake;

/* NULL: no memory, or no descriptor left. */
struct http_wake *http_wake_new(struct event_base *base, void (*woken)(void *ctx), void *ctx);
void http_wake_free(struct http_wake *wake);
/* Many before the loop comes round are one call; one during the call is another. */
void http_wake_ring(struct http_wake *wake);

#endif
