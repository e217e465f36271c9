/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of names: an ordered map, searched from end to end. 100,000 names are some 7 MB and a
 * few milliseconds; nothing cleverer is needed at the sizes of docs/ARCHITECTURE.md.
 * Locks itself: many searches, one change.
 */
#include "people_private.h"

#include "base/wire.h"

#include <string.h>

#define INDEX_KEY_BYTES 8

static struct bytes index_key(uint64_t member, uint8_t out[INDEX_KEY_BYTES])
{
    struct wire_writer writer = {.data = out, .cap = INDEX_KEY_BYTES};
    wire_put_u64(&writer, member);
    return bytes_of(out, INDEX_KEY_BYTES);
}

enum lb_result people_index_put(struct people *people, uint64_t member, struct bytes name)
{
    uint8_t key_data[INDEX_KEY_BYTES];
    struct bytes key = index_key(member, key_data);
    bool is_put = true;
    pthread_rwlock_wrlock(&people->index_lock);
    if (name.size == 0) {
        ordered_remove(&people->index, key);
    } else {
        is_put = ordered_put(&people->index, key, name);
    }
    pthread_rwlock_unlock(&people->index_lock);
    return is_put ? LB_OK : LB_MEMORY;
}

static bool name_holds(struct bytes name, struct bytes part)
{
    return part.size == 0 || memmem(name.data, name.size, part.data, part.size) != NULL;
}

size_t people_index_find(struct people *people, struct bytes part, uint64_t after,
                         uint64_t *members, size_t cap, bool *more)
{
    size_t count = 0;
    *more = false;
    if (after == UINT64_MAX) {
        return 0;
    }
    uint8_t key_data[INDEX_KEY_BYTES];
    struct bytes key = index_key(after + 1, key_data);
    pthread_rwlock_rdlock(&people->index_lock);
    struct ordered_place place;
    bool is_there = ordered_seek_ge(&people->index, key, &place);
    for (; is_there && !*more; is_there = ordered_next(&place)) {
        if (!name_holds(place.value, part)) {
            continue;
        }
        if (count == cap) {
            *more = true;
        } else {
            struct wire_reader reader = {.left = place.key};
            members[count++] = wire_get_u64(&reader);
        }
    }
    pthread_rwlock_unlock(&people->index_lock);
    return count;
}

void people_index_set_ready(struct people *people, bool ready)
{
    pthread_rwlock_wrlock(&people->index_lock);
    people->index_is_ready = ready;
    pthread_rwlock_unlock(&people->index_lock);
}

bool people_index_is_ready(struct people *people)
{
    pthread_rwlock_rdlock(&people->index_lock);
    bool is_ready = people->index_is_ready;
    pthread_rwlock_unlock(&people->index_lock);
    return is_ready;
}
