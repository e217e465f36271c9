/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Requests on their way between HTTP's thread and the loop's, and the memory they travel in. A
 * fixed number of items; an item is one thread's at a time:
 *
 *   HTTP's: free -> filled -> pushed to `asked`
 *   loop's: taken -> dispatched -> replied -> pushed to `answered`
 *   HTTP's: taken -> handed over -> free
 *
 * It knows no method and no right. What an item held is overwritten after use: tokens and passwords
 * may be anywhere in it.
 */
#ifndef APP_WEB_QUEUE_H
#define APP_WEB_QUEUE_H

#include "auth/auth.h"
#include "base/bytes.h"
#include "http/http.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kept with its item if it is small; large ones come and go, and are counted. */
struct web_bytes {
    uint8_t *data;
    size_t size;
    size_t room;
};

struct web_item {
    struct web_item *next; /* in the one list it is in */
    uint64_t serial;       /* loop's thread alone: of the request whose reply is due; 0: none is */
    struct http_token token;
    uint16_t method;
    struct http_peer peer;
    struct http_credentials credentials;
    struct web_bytes request; /* until it is dispatched */
    struct auth_connection connection;
    enum lb_frame_kind kind; /* of the reply */
    struct web_bytes reply;  /* a response */
    uint8_t error[LB_FRAME_ERROR_BYTES_MAX];
    size_t error_bytes;
    enum http_cookie_change session_cookie;
    enum http_cookie_change device_cookie;
    uint8_t cookie[LB_TOKEN_BYTES];
};

/* Many push, one takes all. */
struct web_list {
    _Atomic(struct web_item *) newest;
};
/* true: it was empty, so whoever takes must be woken. */
LB_MUST_CHECK bool web_list_push(struct web_list *list, struct web_item *item);
/* All there are, the oldest first; NULL: none. */
struct web_item *web_list_take(struct web_list *list);

struct web_queue {
    struct web_list asked;
    struct web_list answered;
    struct web_item *items;
    uint32_t item_count;
    struct web_item *unused; /* HTTP's thread */
    struct web_item *first;  /* taken from `asked`; loop's thread, as `last` */
    struct web_item **last;
    uint64_t last_serial; /* loop's thread */
    atomic_size_t bytes;  /* of large requests and replies */
    size_t bytes_max;
    atomic_uint inflight; /* items asked and not yet replied to */
};

/* LB_OK, LB_MEMORY. The queue must stay where it is. */
LB_MUST_CHECK enum lb_result web_queue_init(struct web_queue *queue, uint32_t items,
                                            size_t bytes_max);
void web_queue_fini(struct web_queue *queue);

/* HTTP's thread: an item with a copy of the request. NULL: too much is under way. */
struct web_item *web_queue_take(struct web_queue *queue, const struct http_request *request);
/* HTTP's thread: it was handed over. */
void web_queue_give(struct web_queue *queue, struct web_item *item);

/* Loop's thread: there is a request to dispatch. */
bool web_queue_has_next(struct web_queue *queue);
/* Loop's thread: the next one, with its serial; NULL: there is none. */
struct web_item *web_queue_next(struct web_queue *queue);
/* Loop's thread: the item of that place while the reply to that serial is due; else NULL. */
struct web_item *web_queue_find(const struct web_queue *queue, uint32_t place, uint64_t serial);
uint32_t web_queue_place(const struct web_queue *queue, const struct web_item *item);

/* A copy. false: no memory, or too much of it is in use. */
LB_MUST_CHECK bool web_bytes_set(struct web_queue *queue, struct web_bytes *bytes,
                                 struct bytes from);
/* Overwrites them; room that is not small is given back. */
void web_bytes_clear(struct web_queue *queue, struct web_bytes *bytes);

#endif
