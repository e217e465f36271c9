/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The items and the two lists between the threads. See web_queue.h for which thread may do what.
 */
#include "app/web_queue.h"

#include "base/assert.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_SMALL ((size_t)2 << 10)

/* --- lists ------------------------------------------------------------------------------------ */

bool web_list_push(struct web_list *list, struct web_item *item)
{
    struct web_item *newest = atomic_load(&list->newest);
    do {
        item->next = newest;
    } while (!atomic_compare_exchange_weak(&list->newest, &newest, item));
    return newest == NULL;
}

struct web_item *web_list_take(struct web_list *list)
{
    struct web_item *newest = atomic_exchange(&list->newest, NULL);
    struct web_item *oldest = NULL;
    while (newest != NULL) {
        struct web_item *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* The small room is taken once and stays; a large one counts while it is there. */
static bool bytes_make_room(struct web_queue *queue, struct web_bytes *bytes, size_t size)
{
    LB_ASSERT(bytes->room <= BYTES_SMALL);
    if (size <= bytes->room) {
        return true;
    }
    const bool is_large = size > BYTES_SMALL;
    const size_t room = is_large ? size : BYTES_SMALL;
    if (is_large && atomic_fetch_add(&queue->bytes, size) + size > queue->bytes_max) {
        atomic_fetch_sub(&queue->bytes, size);
        return false;
    }
    uint8_t *data = malloc(room);
    if (data == NULL) {
        if (is_large) {
            atomic_fetch_sub(&queue->bytes, size);
        }
        return false;
    }
    free(bytes->data);
    bytes->data = data;
    bytes->room = room;
    return true;
}

bool web_bytes_set(struct web_queue *queue, struct web_bytes *bytes, struct bytes from)
{
    LB_ASSERT(bytes->size == 0);
    if (!bytes_make_room(queue, bytes, from.size)) {
        return false;
    }
    if (from.size > 0) {
        memcpy(bytes->data, from.data, from.size);
    }
    bytes->size = from.size;
    return true;
}

void web_bytes_clear(struct web_queue *queue, struct web_bytes *bytes)
{
    if (bytes->size > 0) {
        sodium_memzero(bytes->data, bytes->size);
    }
    bytes->size = 0;
    if (bytes->room > BYTES_SMALL) {
        atomic_fetch_sub(&queue->bytes, bytes->room);
        free(bytes->data);
        bytes->data = NULL;
        bytes->room = 0;
    }
}

/* --- items ------------------------------------------------------------------------------------ */

enum lb_result web_queue_init(struct web_queue *queue, uint32_t items, size_t bytes_max)
{
    *queue = (struct web_queue){.item_count = items, .bytes_max = bytes_max};
    queue->last = &queue->first;
    queue->items = calloc(items, sizeof(*queue->items));
    if (queue->items == NULL) {
        return LB_MEMORY;
    }
    for (uint32_t i = items; i > 0; i--) {
        queue->items[i - 1].next = queue->unused;
        queue->unused = &queue->items[i - 1];
    }
    return LB_OK;
}

void web_queue_fini(struct web_queue *queue)
{
    for (uint32_t i = 0; queue->items != NULL && i < queue->item_count; i++) {
        web_bytes_clear(queue, &queue->items[i].request);
        web_bytes_clear(queue, &queue->items[i].reply);
        free(queue->items[i].request.data);
        free(queue->items[i].reply.data);
    }
    free(queue->items);
}

struct web_item *web_queue_take(struct web_queue *queue, const struct http_request *request)
{
    struct web_item *item = queue->unused;
    if (item == NULL || !web_bytes_set(queue, &item->request, request->payload)) {
        return NULL;
    }
    queue->unused = item->next;
    item->next = NULL;
    item->token = request->token;
    item->method = request->method;
    item->peer = request->peer;
    item->credentials = request->credentials;
    item->session_cookie = HTTP_COOKIE_KEEP;
    item->device_cookie = HTTP_COOKIE_KEEP;
    return item;
}

void web_queue_give(struct web_queue *queue, struct web_item *item)
{
    web_bytes_clear(queue, &item->request);
    web_bytes_clear(queue, &item->reply);
    sodium_memzero(&item->credentials, sizeof(item->credentials));
    sodium_memzero(item->cookie, sizeof(item->cookie));
    item->next = queue->unused;
    queue->unused = item;
}

bool web_queue_has_next(struct web_queue *queue)
{
    *queue->last = web_list_take(&queue->asked);
    while (*queue->last != NULL) {
        queue->last = &(*queue->last)->next;
    }
    return queue->first != NULL;
}

struct web_item *web_queue_next(struct web_queue *queue)
{
    if (queue->first == NULL && !web_queue_has_next(queue)) {
        return NULL;
    }
    struct web_item *item = queue->first;
    queue->first = item->next;
    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
    item->next = NULL;
    item->serial = ++queue->last_serial;
    return item;
}

struct web_item *web_queue_find(const struct web_queue *queue, uint32_t place, uint64_t serial)
{
    if (place >= queue->item_count || serial == 0 || queue->items[place].serial != serial) {
        return NULL;
    }
    return &queue->items[place];
}

uint32_t web_queue_place(const struct web_queue *queue, const struct web_item *item)
{
    return (uint32_t)(item - queue->items);
}
