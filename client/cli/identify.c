/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Ids of rows: the first 16 bytes of a SHA-256 over a domain, the form's kind, and the row. Each
 * part has its length in front, so that no two rows give the same bytes. Pure.
 */
#include "identify.h"

#include "base/assert.h"
#include "base/wire.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define IDENTIFY_DOMAIN "lovebank/sheet/1"

struct occurrence {
    struct id content;
    uint32_t count; /* 0: the slot is empty */
};

static void identify_add(crypto_hash_sha256_state *state, const void *data, size_t size)
{
    uint8_t prefix[4];
    struct wire_writer writer = {.data = prefix, .cap = sizeof(prefix)};
    LB_ASSERT(size <= UINT32_MAX);
    wire_put_u32(&writer, (uint32_t)size);
    (void)crypto_hash_sha256_update(state, prefix, sizeof(prefix));
    (void)crypto_hash_sha256_update(state, data, size);
}

static void identify_begin(crypto_hash_sha256_state *state, const char *kind, const char *what)
{
    (void)crypto_hash_sha256_init(state);
    identify_add(state, IDENTIFY_DOMAIN, strlen(IDENTIFY_DOMAIN));
    identify_add(state, kind, strlen(kind));
    identify_add(state, what, strlen(what));
}

static struct id identify_end(crypto_hash_sha256_state *state)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct id id;
    (void)crypto_hash_sha256_final(state, hash);
    memcpy(id.bytes, hash, sizeof(id.bytes));
    return id;
}

struct id identify_receipt(const char *kind, const char *receipt)
{
    crypto_hash_sha256_state state;
    identify_begin(&state, kind, "receipt");
    identify_add(&state, receipt, strlen(receipt));
    return identify_end(&state);
}

bool identify_content(const char *kind, const Lovebank__V1__Command *command, struct id *content)
{
    Lovebank__V1__Command bare = *command;
    Lovebank__V1__MemberRegister bare_register;
    char empty[] = "";
    bare.id = (ProtobufCBinaryData){0};
    bare.memo = empty;
    bare.desk = 0;
    if (bare.act_case == LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER) {
        bare_register = *bare.member_register;
        bare_register.person = NULL;
        bare.member_register = &bare_register;
    }
    size_t size = lovebank__v1__command__get_packed_size(&bare);
    uint8_t *packed = malloc(size + 1);
    if (packed == NULL) {
        return false;
    }
    (void)lovebank__v1__command__pack(&bare, packed);
    crypto_hash_sha256_state state;
    identify_begin(&state, kind, "content");
    identify_add(&state, packed, size);
    free(packed);
    *content = identify_end(&state);
    return true;
}

struct id identify_occurrence(const char *kind, const struct id *content, uint32_t nth)
{
    uint8_t number[4];
    struct wire_writer writer = {.data = number, .cap = sizeof(number)};
    crypto_hash_sha256_state state;
    wire_put_u32(&writer, nth);
    identify_begin(&state, kind, "row");
    identify_add(&state, content->bytes, sizeof(content->bytes));
    identify_add(&state, number, sizeof(number));
    return identify_end(&state);
}

/* The slot of that content, or the empty one where it belongs. */
static struct occurrence *occurrences_slot(struct occurrence *slots, size_t cap,
                                           const struct id *content)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof(at); i++) {
        at = at << 8 | content->bytes[i];
    }
    while (slots[at & (cap - 1)].count != 0 && !id_equal(&slots[at & (cap - 1)].content, content)) {
        at++;
    }
    return &slots[at & (cap - 1)];
}

static bool occurrences_grow(struct occurrences *occurrences)
{
    size_t cap = occurrences->cap == 0 ? 1024 : occurrences->cap * 2;
    struct occurrence *slots = calloc(cap, sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < occurrences->cap; i++) {
        const struct occurrence *old = &occurrences->slots[i];
        if (old->count != 0) {
            *occurrences_slot(slots, cap, &old->content) = *old;
        }
    }
    free(occurrences->slots);
    occurrences->slots = slots;
    occurrences->cap = cap;
    return true;
}

bool occurrences_add(struct occurrences *occurrences, const struct id *content, uint32_t *nth)
{
    if (occurrences->count >= occurrences->cap / 2 && !occurrences_grow(occurrences)) {
        return false;
    }
    struct occurrence *slot = occurrences_slot(occurrences->slots, occurrences->cap, content);
    occurrences->count += slot->count == 0;
    slot->content = *content;
    *nth = ++slot->count;
    return true;
}

void occurrences_fini(struct occurrences *occurrences)
{
    free(occurrences->slots);
    *occurrences = (struct occurrences){0};
}
