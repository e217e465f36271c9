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

#define IDENTIFY_DOMAIN "lovebank/import/1"

static void identify_add(crypto_hash_sha256_state *state, const void *data, size_t size)
{
    uint8_t prefix[4];
    struct wire_writer writer = {.data = prefix, .cap = sizeof(prefix)};
    LB_ASSERT(size <= UINT32_MAX);
    wire_put_u32(&writer, (uint32_t)size);
    (void)crypto_hash_sha256_update(state, prefix, sizeof(prefix));
    (void)crypto_hash_sha256_update(state, data, size);
}

static void identify_add_number(crypto_hash_sha256_state *state, uint64_t number)
{
    uint8_t bytes[8];
    struct wire_writer writer = {.data = bytes, .cap = sizeof(bytes)};
    wire_put_u64(&writer, number);
    identify_add(state, bytes, sizeof(bytes));
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

bool identify_content(const char *kind, const Lovebank__V1__Command *command,
                      const struct id *activity, const char *sheet, struct id *content)
{
    Lovebank__V1__Command bare = *command;
    Lovebank__V1__MemberRegister bare_register;
    Lovebank__V1__ServiceRecord bare_record;
    char empty[] = "";
    bare.id = (ProtobufCBinaryData){0};
    bare.memo = empty;
    bare.desk = 0;
    bare.import = 0;
    if (bare.act_case == LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER) {
        bare_register = *bare.member_register;
        bare_register.person = NULL;
        bare.member_register = &bare_register;
    }
    if (bare.act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        bare.day = 0;
        bare.has_day = false;
    }
    if (bare.act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD && activity != NULL) {
        bare_record = *bare.service_record;
        bare_record.activity = 0;
        bare.service_record = &bare_record;
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
    identify_add(&state, sheet, strlen(sheet));
    if (activity != NULL) {
        identify_add(&state, activity->bytes, sizeof(activity->bytes));
    }
    free(packed);
    *content = identify_end(&state);
    return true;
}

struct id identify_occurrence(const char *kind, const struct id *content, uint32_t nth)
{
    crypto_hash_sha256_state state;
    identify_begin(&state, kind, "row");
    identify_add(&state, content->bytes, sizeof(content->bytes));
    identify_add_number(&state, nth);
    return identify_end(&state);
}

struct id identify_attempt(const struct id *first, uint32_t attempt)
{
    crypto_hash_sha256_state state;
    LB_ASSERT(attempt >= 1);
    if (attempt == 1) {
        return *first;
    }
    identify_begin(&state, "", "attempt");
    identify_add(&state, first->bytes, sizeof(first->bytes));
    identify_add_number(&state, attempt);
    return identify_end(&state);
}

static int identify_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

struct id identify_import(const char *kind, struct id *rows, size_t count)
{
    crypto_hash_sha256_state state;
    if (count > 1) {
        qsort(rows, count, sizeof(*rows), identify_compare);
    }
    identify_begin(&state, kind, "import");
    for (size_t i = 0; i < count; i++) {
        identify_add(&state, rows[i].bytes, sizeof(rows[i].bytes));
    }
    return identify_end(&state);
}

struct id identify_undo(uint64_t entry)
{
    crypto_hash_sha256_state state;
    identify_begin(&state, "", "undo");
    identify_add_number(&state, entry);
    return identify_end(&state);
}
