/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of names, two ordered maps: keys and initials by member, searched from end to end for a
 * part; and each whole key and whole initials with its members, so that the names of a sheet take
 * no search each. 100,000 members are some 24 MB, a search for a part a few milliseconds, for the
 * whole some microseconds; nothing cleverer is needed at the sizes of docs/ARCHITECTURE.md.
 * Locks itself: many searches, one change.
 */
#include "people_private.h"

#include "base/assert.h"
#include "base/wire.h"
#include "text/text.h"

#include <string.h>

#define NUMBER_BYTES 8

/* What is known of a member's name. As a value: the size of the key u32, the key, the initials. */
struct index_name {
    struct bytes key; /* folded */
    struct bytes initials;
};

static struct bytes index_number(uint64_t member, uint8_t out[NUMBER_BYTES])
{
    struct wire_writer writer = {.data = out, .cap = NUMBER_BYTES};
    wire_put_u64(&writer, member);
    return bytes_of(out, NUMBER_BYTES);
}

static bool name_pack(struct arena *arena, const struct index_name *name, struct bytes *value)
{
    const size_t size = sizeof(uint32_t) + name->key.size + name->initials.size;
    struct wire_writer writer = {.data = arena_take(arena, size), .cap = size};
    if (writer.data == NULL) {
        return false;
    }
    wire_put_u32(&writer, (uint32_t)name->key.size);
    wire_put_bytes(&writer, name->key);
    wire_put_bytes(&writer, name->initials);
    *value = bytes_of(writer.data, size);
    return true;
}

static struct index_name name_unpack(struct bytes value)
{
    struct wire_reader reader = {.left = value};
    const uint32_t key_size = wire_get_u32(&reader);
    const struct bytes key = wire_get_bytes(&reader, key_size);
    LB_ASSERT(!reader.bad);
    return (struct index_name){.key = key, .initials = reader.left};
}

/* -- change ----------------------------------------------------------------------------------- */

/* What a word is; no folded text has such a character. */
enum word_kind { WORD_NAME = 0, WORD_INITIALS = 1 };

/* A key of `words`: the word, its kind and the member; without a member the beginning that all its
 * keys have. */
static bool word_key(struct arena *arena, struct bytes word, enum word_kind kind,
                     const uint64_t *member, struct bytes *key)
{
    const size_t cap = word.size + 1 + NUMBER_BYTES;
    struct wire_writer writer = {.data = arena_take(arena, cap), .cap = cap};
    if (writer.data == NULL) {
        return false;
    }
    wire_put_bytes(&writer, word);
    wire_put_u8(&writer, (uint8_t)kind);
    if (member != NULL) {
        wire_put_u64(&writer, *member);
    }
    *key = bytes_of(writer.data, writer.size);
    return true;
}

/* Initials with digits in them are part of a name, not what someone types for it. */
static bool name_has_initials(const struct index_name *name)
{
    return text_is_letters(name->initials) && !bytes_equal(name->initials, name->key);
}

static bool words_put(struct people *people, uint64_t member, const struct index_name *name)
{
    const struct bytes nothing = {NULL, 0};
    struct bytes key;
    if (!word_key(&people->index_arena, name->key, WORD_NAME, &member, &key) ||
        !ordered_put(&people->words, key, nothing)) {
        return false;
    }
    return !name_has_initials(name) ||
           (word_key(&people->index_arena, name->initials, WORD_INITIALS, &member, &key) &&
            ordered_put(&people->words, key, nothing));
}

/* false: no memory. */
static bool index_take_out(struct people *people, uint64_t member)
{
    uint8_t number_data[NUMBER_BYTES];
    const struct bytes number = index_number(member, number_data);
    struct ordered_place place;
    if (!ordered_get(&people->names, number, &place)) {
        return true;
    }
    const struct index_name name = name_unpack(place.value);
    struct bytes key;
    struct bytes initials;
    if (!word_key(&people->index_arena, name.key, WORD_NAME, &member, &key) ||
        !word_key(&people->index_arena, name.initials, WORD_INITIALS, &member, &initials)) {
        return false;
    }
    ordered_remove(&people->words, key);
    ordered_remove(&people->words, initials);
    ordered_remove(&people->names, number);
    return true;
}

static bool index_add(struct people *people, uint64_t member, struct bytes text)
{
    uint8_t number_data[NUMBER_BYTES];
    struct index_name name = {.key = {NULL, 0}};
    struct bytes value;
    return text_fold(&people->index_arena, text, &name.key) &&
           text_initials(&people->index_arena, text, &name.initials) &&
           name_pack(&people->index_arena, &name, &value) &&
           ordered_put(&people->names, index_number(member, number_data), value) &&
           words_put(people, member, &name);
}

enum lb_result people_index_put(struct people *people, uint64_t member, struct bytes name)
{
    pthread_rwlock_wrlock(&people->index_lock);
    arena_reset(&people->index_arena);
    const bool is_put =
        index_take_out(people, member) && (name.size == 0 || index_add(people, member, name));
    pthread_rwlock_unlock(&people->index_lock);
    return is_put ? LB_OK : LB_MEMORY;
}

/* -- search ----------------------------------------------------------------------------------- */

struct index_search {
    const struct people_query *query;
    struct bytes key;          /* of what is sought */
    struct bytes names_prefix; /* of its keys in `words` */
    struct bytes initials_prefix;
    bool may_be_initials;
    struct people_found *found;
};

static void search_offer(struct index_search *search, uint64_t member)
{
    const struct people_query *query = search->query;
    struct people_found *found = search->found;
    if (query->takes != NULL && !query->takes(query->context, member)) {
        return;
    }
    if (found->count == query->limit) {
        found->more = true;
    } else {
        found->members[found->count++] = member;
    }
}

static void search_words(struct people *people, struct index_search *search, struct bytes prefix)
{
    struct ordered_place place;
    bool is_there = ordered_seek_ge(&people->words, prefix, &place);
    for (; is_there && !search->found->more; is_there = ordered_next(&place)) {
        if (!bytes_has_prefix(place.key, prefix)) {
            break;
        }
        struct wire_reader reader = {.left = place.key};
        (void)wire_get_bytes(&reader, prefix.size);
        search_offer(search, wire_get_u64(&reader));
    }
}

static bool holds(struct bytes whole, struct bytes part)
{
    return memmem(whole.data, whole.size, part.data, part.size) != NULL;
}

/* A part, not the whole: that was found before. */
static bool search_is_part(const struct index_search *search, const struct index_name *name)
{
    const bool is_whole = bytes_equal(name->key, search->key) ||
                          (search->may_be_initials && bytes_equal(name->initials, search->key));
    return !is_whole && (holds(name->key, search->key) ||
                         (search->may_be_initials && holds(name->initials, search->key)));
}

static void search_parts(struct people *people, struct index_search *search)
{
    uint8_t number_data[NUMBER_BYTES];
    struct ordered_place place;
    bool is_there = ordered_seek_ge(&people->names, index_number(0, number_data), &place);
    for (; is_there && !search->found->more; is_there = ordered_next(&place)) {
        const struct index_name name = name_unpack(place.value);
        if (search_is_part(search, &name)) {
            struct wire_reader reader = {.left = place.key};
            search_offer(search, wire_get_u64(&reader));
        }
    }
}

enum lb_result people_index_find(struct people *people, const struct people_query *query,
                                 struct arena *arena, struct people_found *found)
{
    struct index_search search = {.query = query, .found = found};
    *found = (struct people_found){
        .members = arena_take_zeroed(arena, query->limit, sizeof(found->members[0])),
    };
    if (found->members == NULL || !text_fold(arena, query->text, &search.key) ||
        !word_key(arena, search.key, WORD_NAME, NULL, &search.names_prefix) ||
        !word_key(arena, search.key, WORD_INITIALS, NULL, &search.initials_prefix)) {
        return LB_MEMORY;
    }
    if (search.key.size == 0) {
        return LB_OK;
    }
    search.may_be_initials = !query->is_name && text_is_letters(search.key);
    pthread_rwlock_rdlock(&people->index_lock);
    search_words(people, &search, search.names_prefix);
    if (search.may_be_initials) {
        search_words(people, &search, search.initials_prefix);
    }
    if (!query->is_whole) {
        search_parts(people, &search);
    }
    pthread_rwlock_unlock(&people->index_lock);
    return LB_OK;
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
