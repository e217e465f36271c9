/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of who acts: principals, the log-in names and device tokens that lead to them, and their
 * dated roles. Pure.
 */
#include "records_write.h"

#include "base/assert.h"
#include "base/wire.h"

#define KEY_BYTES             8
#define PRINCIPAL_VALUE_BYTES (34 + LB_NAME_BYTES_MAX)
#define ROLES_VALUE_BYTES     (1 + 9 * LB_PRINCIPAL_ROLES_MAX)

static struct bytes key_of(uint64_t number, uint8_t key[KEY_BYTES])
{
    struct wire_writer writer = {.data = key, .cap = KEY_BYTES};
    wire_put_u64(&writer, number);
    return bytes_of(key, KEY_BYTES);
}

/* Principals. */

static bool principal_decode(struct bytes value, uint32_t principal, struct principal_row *row)
{
    struct wire_reader reader = {.left = value};
    row->principal = principal;
    row->kind = (enum principal_kind)wire_get_u8(&reader);
    row->state = (enum principal_state)wire_get_u8(&reader);
    row->entry = wire_get_u64(&reader);
    row->member = wire_get_u64(&reader);
    row->org = wire_get_u64(&reader);
    row->counter = wire_get_u32(&reader);
    uint16_t size = wire_get_u16(&reader);
    row->name = wire_get_bytes(&reader, size);
    return wire_reader_is_done(&reader);
}

bool principal_get(struct views views, uint32_t principal, struct principal_row *row)
{
    uint8_t key[KEY_BYTES];
    struct bytes value;
    return views_get(views, TABLE_PRINCIPAL, key_of(principal, key), &value) &&
           principal_decode(value, principal, row);
}

bool principal_next(struct views views, uint32_t principal, struct principal_row *row)
{
    uint8_t key[KEY_BYTES];
    struct bytes found;
    struct bytes value;
    if (!views_seek_ge(views, TABLE_PRINCIPAL, key_of(principal, key), 0, &found, &value)) {
        return false;
    }
    struct wire_reader reader = {.left = found};
    return principal_decode(value, (uint32_t)wire_get_u64(&reader), row);
}

void principal_put(struct views views, const struct principal_row *row)
{
    uint8_t key[KEY_BYTES];
    uint8_t value[PRINCIPAL_VALUE_BYTES];
    struct wire_writer writer = {.data = value, .cap = sizeof(value)};
    wire_put_u8(&writer, (uint8_t)row->kind);
    wire_put_u8(&writer, (uint8_t)row->state);
    wire_put_u64(&writer, row->entry);
    wire_put_u64(&writer, row->member);
    wire_put_u64(&writer, row->org);
    wire_put_u32(&writer, row->counter);
    wire_put_u16(&writer, (uint16_t)row->name.size);
    wire_put_bytes(&writer, row->name);
    LB_ASSERT(!writer.overflow);
    views_put(views, TABLE_PRINCIPAL, key_of(row->principal, key), bytes_of(value, writer.size));
}

/* What leads to them. */

static uint32_t number_get(struct views views, enum ledger_table table, struct bytes key)
{
    struct wire_reader reader = {.bad = false};
    if (!views_get(views, table, key, &reader.left)) {
        return 0;
    }
    uint64_t principal = wire_get_u64(&reader);
    return wire_reader_is_done(&reader) && principal <= LB_PRINCIPAL_MAX ? (uint32_t)principal : 0;
}

static void number_put(struct views views, enum ledger_table table, struct bytes key,
                       uint32_t principal)
{
    uint8_t value[KEY_BYTES];
    views_put(views, table, key, key_of(principal, value));
}

uint32_t principal_of_login(struct views views, struct bytes login)
{
    bool can_be = login.size > 0 && login.size <= LB_LOGIN_BYTES_MAX;
    return can_be ? number_get(views, TABLE_LOGIN, login) : 0;
}

void login_put(struct views views, struct bytes login, uint32_t principal)
{
    number_put(views, TABLE_LOGIN, login, principal);
}

uint32_t principal_of_token(struct views views, const uint8_t token_hash[LB_HASH_BYTES])
{
    return number_get(views, TABLE_TOKEN, bytes_of(token_hash, LB_HASH_BYTES));
}

void token_put(struct views views, const uint8_t token_hash[LB_HASH_BYTES], uint32_t principal)
{
    number_put(views, TABLE_TOKEN, bytes_of(token_hash, LB_HASH_BYTES), principal);
}

/* Roles. */

void roles_on(struct views views, uint32_t principal, int32_t day, struct roles *roles)
{
    struct dated_row dated;
    roles->count = 0;
    if (!dated_on(views, DATED_ROLES, principal, 0, day, &dated)) {
        return;
    }
    struct wire_reader reader = {.left = dated.content};
    size_t count = wire_get_u8(&reader);
    for (size_t i = 0; i < count && i < LB_PRINCIPAL_ROLES_MAX; i++) {
        roles->items[i].role = (enum role)wire_get_u8(&reader);
        roles->items[i].org = wire_get_u64(&reader);
    }
    roles->count = wire_reader_is_done(&reader) ? count : 0; /* a damaged row gives nothing */
}

void roles_put(struct views views, uint32_t principal, int32_t from_day, const struct roles *roles,
               uint64_t entry)
{
    uint8_t content[ROLES_VALUE_BYTES];
    struct wire_writer writer = {.data = content, .cap = sizeof(content)};
    wire_put_u8(&writer, (uint8_t)roles->count);
    for (size_t i = 0; i < roles->count; i++) {
        wire_put_u8(&writer, (uint8_t)roles->items[i].role);
        wire_put_u64(&writer, roles->items[i].org);
    }
    LB_ASSERT(!writer.overflow);
    dated_put(views, &(struct dated_row){.kind = DATED_ROLES,
                                         .id = principal,
                                         .from_day = from_day,
                                         .entry = entry,
                                         .content = bytes_of(content, writer.size)});
}
