/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows that are not dated: members, cards, activities, deliveries, services by day, year
 * totals, chains, marks of reversal, asks, imports, sequences. Pure.
 */
#include "records_write.h"

#include "base/assert.h"
#include "base/wire.h"

#define ROW_KEY_BYTES_MAX   24
#define ROW_VALUE_BYTES_MAX 72

/* A row on its way into a table. */
struct row {
    uint8_t key_bytes[ROW_KEY_BYTES_MAX];
    uint8_t value_bytes[ROW_VALUE_BYTES_MAX];
    struct wire_writer key;
    struct wire_writer value;
};

static void row_init(struct row *row)
{
    row->key = (struct wire_writer){.data = row->key_bytes, .cap = sizeof(row->key_bytes)};
    row->value = (struct wire_writer){.data = row->value_bytes, .cap = sizeof(row->value_bytes)};
}

static void row_put(struct views views, enum ledger_table table, const struct row *row)
{
    LB_ASSERT(!row->key.overflow && !row->value.overflow);
    views_put(views, table, bytes_of(row->key_bytes, row->key.size),
              bytes_of(row->value_bytes, row->value.size));
}

static void row_hint(struct views views, enum ledger_table table, const struct row *row)
{
    LB_ASSERT(!row->key.overflow);
    views_hint(views, table, bytes_of(row->key_bytes, row->key.size));
}

/* Reads the row under a u64 key. */
static bool row_get_u64(struct views views, enum ledger_table table, uint64_t id,
                        struct wire_reader *value)
{
    uint8_t key[8];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    wire_put_u64(&writer, id);
    *value = (struct wire_reader){.bad = false};
    return views_get(views, table, bytes_of(key, sizeof(key)), &value->left);
}

/* Members. */

static bool member_decode(struct wire_reader *value, uint64_t member, struct member_row *row)
{
    *row = (struct member_row){.member = member};
    row->joined_day = wire_get_i32_ordered(value);
    row->status = (enum member_status)wire_get_u8(value);
    row->closed_day = wire_get_i32_ordered(value);
    row->card = wire_get_u64(value);
    row->last_entry = wire_get_u64(value);
    row->org = wire_get_u64(value);
    row->org_from_day = wire_get_i32_ordered(value);
    row->balances = (struct member_balances){.member = member};
    row->balances.points_centi = wire_get_i64(value);
    row->balances.held_centi = wire_get_i64(value);
    row->balances.debt_centi = wire_get_i64(value);
    row->balances.minutes = wire_get_i64(value);
    return wire_reader_is_done(value);
}

bool member_get(struct views views, uint64_t member, struct member_row *row)
{
    struct wire_reader value;
    return row_get_u64(views, TABLE_MEMBER, member, &value) && member_decode(&value, member, row);
}

void member_hint(struct views views, uint64_t member)
{
    struct row wanted;
    row_init(&wanted);
    wire_put_u64(&wanted.key, member);
    row_hint(views, TABLE_MEMBER, &wanted);
}

bool member_next(struct views views, uint64_t member, struct member_row *row)
{
    uint8_t key[8];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    wire_put_u64(&writer, member);
    struct bytes found;
    struct wire_reader value = {.bad = false};
    if (!views_seek_ge(views, TABLE_MEMBER, bytes_of(key, sizeof(key)), 0, &found, &value.left)) {
        return false;
    }
    struct wire_reader key_reader = {.left = found};
    return member_decode(&value, wire_get_u64(&key_reader), row);
}

void member_put(struct views views, const struct member_row *member)
{
    struct row row;
    row_init(&row);
    wire_put_u64(&row.key, member->member);
    wire_put_i32_ordered(&row.value, member->joined_day);
    wire_put_u8(&row.value, (uint8_t)member->status);
    wire_put_i32_ordered(&row.value, member->closed_day);
    wire_put_u64(&row.value, member->card);
    wire_put_u64(&row.value, member->last_entry);
    wire_put_u64(&row.value, member->org);
    wire_put_i32_ordered(&row.value, member->org_from_day);
    wire_put_i64(&row.value, member->balances.points_centi);
    wire_put_i64(&row.value, member->balances.held_centi);
    wire_put_i64(&row.value, member->balances.debt_centi);
    wire_put_i64(&row.value, member->balances.minutes);
    row_put(views, TABLE_MEMBER, &row);
}

/* Cards. */

bool card_get(struct views views, uint64_t card, struct card_row *row)
{
    struct wire_reader value;
    if (!row_get_u64(views, TABLE_CARD, card, &value)) {
        return false;
    }
    row->card = card;
    row->member = wire_get_u64(&value);
    row->status = (enum card_status)wire_get_u8(&value);
    row->replacement = wire_get_u64(&value);
    return wire_reader_is_done(&value);
}

void card_put(struct views views, const struct card_row *card)
{
    struct row row;
    row_init(&row);
    wire_put_u64(&row.key, card->card);
    wire_put_u64(&row.value, card->member);
    wire_put_u8(&row.value, (uint8_t)card->status);
    wire_put_u64(&row.value, card->replacement);
    row_put(views, TABLE_CARD, &row);
}

/* Activities and deliveries. */

bool activity_get(struct views views, uint64_t activity, struct activity_row *row)
{
    struct wire_reader value;
    if (!row_get_u64(views, TABLE_ACTIVITY, activity, &value)) {
        return false;
    }
    row->activity = activity;
    row->entry = wire_get_u64(&value);
    row->org = wire_get_u64(&value);
    row->day = wire_get_i32_ordered(&value);
    return wire_reader_is_done(&value);
}

void activity_put(struct views views, const struct activity_row *activity)
{
    struct row row;
    row_init(&row);
    wire_put_u64(&row.key, activity->activity);
    wire_put_u64(&row.value, activity->entry);
    wire_put_u64(&row.value, activity->org);
    wire_put_i32_ordered(&row.value, activity->day);
    row_put(views, TABLE_ACTIVITY, &row);
}

bool delivery_get(struct views views, uint32_t delivery, struct delivery_row *row)
{
    struct wire_reader value;
    if (!row_get_u64(views, TABLE_DELIVERY, delivery, &value)) {
        return false;
    }
    row->delivery = delivery;
    row->entry = wire_get_u64(&value);
    row->counter = wire_get_u32(&value);
    row->item = wire_get_u32(&value);
    return wire_reader_is_done(&value);
}

void delivery_put(struct views views, const struct delivery_row *delivery)
{
    struct row row;
    row_init(&row);
    wire_put_u64(&row.key, delivery->delivery);
    wire_put_u64(&row.value, delivery->entry);
    wire_put_u32(&row.value, delivery->counter);
    wire_put_u32(&row.value, delivery->item);
    row_put(views, TABLE_DELIVERY, &row);
}

/* Services by day. Both numbers are minutes of a day. */

#define START_NOT_GIVEN UINT16_MAX
_Static_assert(LB_DAY_MINUTES < START_NOT_GIVEN, "a minute of the day is none of the marks");

static void service_key(struct wire_writer *key, uint64_t member, int32_t day, uint64_t entry)
{
    wire_put_i32_ordered(key, day);
    wire_put_u64(key, member);
    wire_put_u64(key, entry);
}

void service_hint(struct views views, uint64_t member, int32_t day)
{
    struct row wanted;
    row_init(&wanted);
    service_key(&wanted.key, member, day, 0);
    row_hint(views, TABLE_SERVICE_DAY, &wanted);
}

bool service_next(struct views views, uint64_t member, int32_t day, uint64_t entry,
                  struct service_row *row)
{
    struct row wanted;
    row_init(&wanted);
    service_key(&wanted.key, member, day, entry);
    struct bytes found;
    struct wire_reader value = {.bad = false};
    if (!views_seek_ge(views, TABLE_SERVICE_DAY, bytes_of(wanted.key_bytes, wanted.key.size),
                       ledger_family_bytes(TABLE_SERVICE_DAY), &found, &value.left)) {
        return false;
    }
    struct wire_reader key = {.left = found};
    row->day = wire_get_i32_ordered(&key);
    row->member = wire_get_u64(&key);
    row->entry = wire_get_u64(&key);
    uint16_t start_minute = wire_get_u16(&value);
    row->start_minute = start_minute == START_NOT_GIVEN ? -1 : start_minute;
    row->minutes = wire_get_u16(&value);
    return wire_reader_is_done(&key) && wire_reader_is_done(&value);
}

void service_put(struct views views, const struct service_row *service)
{
    struct row row;
    row_init(&row);
    service_key(&row.key, service->member, service->day, service->entry);
    bool has_start = service->start_minute >= 0;
    wire_put_u16(&row.value, has_start ? (uint16_t)service->start_minute : START_NOT_GIVEN);
    wire_put_u16(&row.value, (uint16_t)service->minutes);
    row_put(views, TABLE_SERVICE_DAY, &row);
}

void service_del(struct views views, uint64_t member, int32_t day, uint64_t entry)
{
    struct row row;
    row_init(&row);
    service_key(&row.key, member, day, entry);
    views_del(views, TABLE_SERVICE_DAY, bytes_of(row.key_bytes, row.key.size));
}

/* Year totals. */

static void year_key(struct wire_writer *key, int32_t year, uint64_t member)
{
    wire_put_i32_ordered(key, year);
    wire_put_u64(key, member);
}

static bool year_decode(struct wire_reader *value, struct year_row *row)
{
    row->earned_centi = wire_get_i64(value);
    row->minutes = wire_get_i64(value);
    row->services = wire_get_u32(value);
    row->redemptions = wire_get_u32(value);
    row->redeemed_centi = wire_get_i64(value);
    row->services_received = wire_get_u32(value);
    return wire_reader_is_done(value);
}

void year_get(struct views views, int32_t year, uint64_t member, struct year_row *row)
{
    struct row wanted;
    row_init(&wanted);
    year_key(&wanted.key, year, member);
    *row = (struct year_row){.year = year, .member = member};
    struct wire_reader value = {.bad = false};
    if (views_get(views, TABLE_YEAR_TOTAL, bytes_of(wanted.key_bytes, wanted.key.size),
                  &value.left) &&
        !year_decode(&value, row)) {
        *row = (struct year_row){.year = year, .member = member};
    }
}

void year_hint(struct views views, int32_t year, uint64_t member)
{
    struct row wanted;
    row_init(&wanted);
    year_key(&wanted.key, year, member);
    row_hint(views, TABLE_YEAR_TOTAL, &wanted);
}

bool year_next(struct views views, int32_t year, uint64_t member, struct year_row *row)
{
    struct row wanted;
    row_init(&wanted);
    year_key(&wanted.key, year, member);
    struct bytes found;
    struct wire_reader value = {.bad = false};
    if (!views_seek_ge(views, TABLE_YEAR_TOTAL, bytes_of(wanted.key_bytes, wanted.key.size), 0,
                       &found, &value.left)) {
        return false;
    }
    struct wire_reader key = {.left = found};
    row->year = wire_get_i32_ordered(&key);
    row->member = wire_get_u64(&key);
    return row->year == year && year_decode(&value, row);
}

void year_put(struct views views, const struct year_row *year)
{
    struct row row;
    row_init(&row);
    year_key(&row.key, year->year, year->member);
    if (year->earned_centi == 0 && year->minutes == 0 && year->services == 0 &&
        year->redemptions == 0 && year->redeemed_centi == 0 && year->services_received == 0) {
        views_del(views, TABLE_YEAR_TOTAL, bytes_of(row.key_bytes, row.key.size));
        return;
    }
    wire_put_i64(&row.value, year->earned_centi);
    wire_put_i64(&row.value, year->minutes);
    wire_put_u32(&row.value, year->services);
    wire_put_u32(&row.value, year->redemptions);
    wire_put_i64(&row.value, year->redeemed_centi);
    wire_put_u32(&row.value, year->services_received);
    row_put(views, TABLE_YEAR_TOTAL, &row);
}

/* Chains. */

static void chain_key(struct wire_writer *key, enum chain_kind kind, uint64_t of)
{
    wire_put_u8(key, (uint8_t)kind);
    wire_put_u64(key, of);
}

void chain_get(struct views views, enum chain_kind kind, uint64_t key, struct chain_row *row)
{
    struct row wanted;
    row_init(&wanted);
    chain_key(&wanted.key, kind, key);
    *row = (struct chain_row){.kind = kind, .key = key};
    struct wire_reader value = {.bad = false};
    if (views_get(views, TABLE_CHAIN, bytes_of(wanted.key_bytes, wanted.key.size), &value.left)) {
        row->last_entry = wire_get_u64(&value);
        row->count = wire_get_u64(&value);
        if (!wire_reader_is_done(&value)) {
            *row = (struct chain_row){.kind = kind, .key = key};
        }
    }
}

void chain_put(struct views views, const struct chain_row *chain)
{
    struct row row;
    row_init(&row);
    chain_key(&row.key, chain->kind, chain->key);
    wire_put_u64(&row.value, chain->last_entry);
    wire_put_u64(&row.value, chain->count);
    row_put(views, TABLE_CHAIN, &row);
}

/* Marks of reversal, asks, imports, sequences: one number under one number. */

static void number_put(struct views views, enum ledger_table table, uint64_t key, uint64_t value)
{
    struct row row;
    row_init(&row);
    wire_put_u64(&row.key, key);
    wire_put_u64(&row.value, value);
    row_put(views, table, &row);
}

static bool number_get(struct views views, enum ledger_table table, uint64_t key, uint64_t *number)
{
    struct wire_reader value;
    *number = 0;
    if (!row_get_u64(views, table, key, &value)) {
        return false;
    }
    *number = wire_get_u64(&value);
    return wire_reader_is_done(&value);
}

uint64_t reversed_by(struct views views, uint64_t entry)
{
    uint64_t by;
    return number_get(views, TABLE_REVERSED, entry, &by) ? by : 0;
}

void reversed_put(struct views views, uint64_t entry, uint64_t by)
{
    number_put(views, TABLE_REVERSED, entry, by);
}

bool ask_get(struct views views, uint64_t entry, uint64_t *settled_by)
{
    return number_get(views, TABLE_ASK, entry, settled_by);
}

void ask_put(struct views views, uint64_t entry, uint64_t settled_by)
{
    number_put(views, TABLE_ASK, entry, settled_by);
}

uint64_t import_get(struct views views, uint64_t import)
{
    uint64_t entry;
    return number_get(views, TABLE_IMPORT, import, &entry) ? entry : 0;
}

bool import_at_or_below(struct views views, uint64_t number, uint64_t *import, uint64_t *entry)
{
    uint8_t key[8];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    wire_put_u64(&writer, number);
    struct bytes found;
    struct wire_reader value = {.bad = false};
    if (!views_seek_le(views, TABLE_IMPORT, bytes_of(key, sizeof(key)), 0, &found, &value.left)) {
        return false;
    }
    struct wire_reader key_reader = {.left = found};
    *import = wire_get_u64(&key_reader);
    *entry = wire_get_u64(&value);
    return wire_reader_is_done(&key_reader) && wire_reader_is_done(&value);
}

void import_put(struct views views, uint64_t import, uint64_t entry)
{
    number_put(views, TABLE_IMPORT, import, entry);
}

uint64_t sequence_last(struct views views, enum sequence sequence)
{
    uint64_t last;
    return number_get(views, TABLE_SEQUENCE, (uint64_t)sequence, &last) ? last : 0;
}

void sequence_raise(struct views views, enum sequence sequence, uint64_t last)
{
    if (last > sequence_last(views, sequence)) {
        number_put(views, TABLE_SEQUENCE, (uint64_t)sequence, last);
    }
}
