/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Dated rows: one mechanism for everything that changes on a day (orgs, classes, tariffs, prices,
 * counters, star tables, a member's org and classes). Pure.
 */
#include "records_write.h"

#include "base/assert.h"
#include "base/wire.h"

#define CONTENT_BYTES_MAX 1024
#define ORG_DEPTH_MAX     32 /* more levels than any district has; a cycle cannot be entered */

struct row_writer {
    uint8_t key[LEDGER_KEY_BYTES_MAX];
    uint8_t value[CONTENT_BYTES_MAX];
    struct wire_writer key_writer;
    struct wire_writer value_writer;
};

static void dated_key(struct wire_writer *writer, enum dated_kind kind, uint64_t id, uint32_t sub,
                      int32_t day)
{
    wire_put_u8(writer, (uint8_t)kind);
    wire_put_u64(writer, id);
    wire_put_u32(writer, sub);
    wire_put_i32_ordered(writer, day);
}

static void row_begin(struct row_writer *row, enum dated_kind kind, uint64_t id, uint32_t sub,
                      int32_t day, uint64_t entry)
{
    row->key_writer = (struct wire_writer){.data = row->key, .cap = sizeof(row->key)};
    row->value_writer = (struct wire_writer){.data = row->value, .cap = sizeof(row->value)};
    dated_key(&row->key_writer, kind, id, sub, day);
    wire_put_u64(&row->value_writer, entry);
}

static void row_put(struct views views, const struct row_writer *row)
{
    LB_ASSERT(!row->key_writer.overflow && !row->value_writer.overflow);
    views_put(views, TABLE_DATED, bytes_of(row->key, row->key_writer.size),
              bytes_of(row->value, row->value_writer.size));
}

static void put_text(struct wire_writer *writer, struct bytes text)
{
    wire_put_u16(writer, (uint16_t)text.size);
    wire_put_bytes(writer, text);
}

static struct bytes get_text(struct wire_reader *reader)
{
    uint16_t size = wire_get_u16(reader);
    return wire_get_bytes(reader, size);
}

static bool dated_decode(struct bytes key, struct bytes value, struct dated_row *row)
{
    struct wire_reader key_reader = {.left = key};
    struct wire_reader value_reader = {.left = value};
    row->kind = (enum dated_kind)wire_get_u8(&key_reader);
    row->id = wire_get_u64(&key_reader);
    row->sub = wire_get_u32(&key_reader);
    row->from_day = wire_get_i32_ordered(&key_reader);
    row->entry = wire_get_u64(&value_reader);
    row->content = value_reader.left;
    return wire_reader_is_done(&key_reader) && !value_reader.bad;
}

void dated_put(struct views views, const struct dated_row *row)
{
    struct row_writer writer;
    row_begin(&writer, row->kind, row->id, row->sub, row->from_day, row->entry);
    wire_put_bytes(&writer.value_writer, row->content);
    row_put(views, &writer);
}

void dated_del(struct views views, const struct dated_row *row)
{
    uint8_t key[DATED_KEY_BYTES];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    dated_key(&writer, row->kind, row->id, row->sub, row->from_day);
    views_del(views, TABLE_DATED, bytes_of(key, sizeof(key)));
}

bool dated_on(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub, int32_t day,
              struct dated_row *row)
{
    uint8_t key[DATED_KEY_BYTES];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    dated_key(&writer, kind, id, sub, day);
    struct bytes found;
    struct bytes value;
    return views_seek_le(views, TABLE_DATED, bytes_of(key, sizeof(key)),
                         ledger_family_bytes(TABLE_DATED), &found, &value) &&
           dated_decode(found, value, row);
}

/* The first row from the day on, among those that share the key's first `within` bytes. */
static bool dated_seek_ge(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub,
                          int32_t from_day, size_t within, struct dated_row *row)
{
    uint8_t key[DATED_KEY_BYTES];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    dated_key(&writer, kind, id, sub, from_day);
    struct bytes found;
    struct bytes value;
    return views_seek_ge(views, TABLE_DATED, bytes_of(key, sizeof(key)), within, &found, &value) &&
           dated_decode(found, value, row);
}

bool dated_next(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub,
                int32_t from_day, struct dated_row *row)
{
    return dated_seek_ge(views, kind, id, sub, from_day, 1, row);
}

bool dated_from(struct views views, enum dated_kind kind, uint64_t id, uint32_t sub,
                int32_t from_day, struct dated_row *row)
{
    return dated_seek_ge(views, kind, id, sub, from_day, ledger_family_bytes(TABLE_DATED), row);
}

bool dated_exists(struct views views, enum dated_kind kind, uint64_t id)
{
    struct dated_row row;
    return dated_from(views, kind, id, 0, DATE_DAY_MIN, &row);
}

/* Orgs. */

bool org_on(struct views views, uint64_t org, int32_t day, struct org_row *row)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_ORG, org, 0, day, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    *row = (struct org_row){.org = org, .from_day = dated.from_day, .entry = dated.entry};
    row->parent = wire_get_u64(&reader);
    row->kind = (enum org_kind)wire_get_u8(&reader);
    row->is_closed = wire_get_u8(&reader) != 0;
    row->name = get_text(&reader);
    return wire_reader_is_done(&reader);
}

void org_put(struct views views, const struct org_row *row)
{
    struct row_writer writer;
    row_begin(&writer, DATED_ORG, row->org, 0, row->from_day, row->entry);
    wire_put_u64(&writer.value_writer, row->parent);
    wire_put_u8(&writer.value_writer, (uint8_t)row->kind);
    wire_put_u8(&writer.value_writer, row->is_closed);
    put_text(&writer.value_writer, row->name);
    row_put(views, &writer);
}

bool org_is_within(struct views views, uint64_t org, uint64_t top, int32_t day)
{
    for (int depth = 0; depth < ORG_DEPTH_MAX && org != 0; depth++) {
        if (org == top) {
            return true;
        }
        struct org_row row;
        if (!org_on(views, org, day, &row)) {
            return false;
        }
        org = row.parent;
    }
    return false;
}

/* Classes and counters hold from the first day on. */

bool class_get(struct views views, uint32_t class_id, struct class_row *row)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_CLASS, class_id, 0, DATE_DAY_MIN, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    *row = (struct class_row){.class_id = class_id};
    row->is_public = wire_get_u8(&reader) != 0;
    row->name = get_text(&reader);
    return wire_reader_is_done(&reader);
}

void class_put(struct views views, const struct class_row *row, uint64_t entry)
{
    struct row_writer writer;
    row_begin(&writer, DATED_CLASS, row->class_id, 0, DATE_DAY_MIN, entry);
    wire_put_u8(&writer.value_writer, row->is_public);
    put_text(&writer.value_writer, row->name);
    row_put(views, &writer);
}

bool counter_get(struct views views, uint32_t counter, struct counter_row *row)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_COUNTER, counter, 0, DATE_DAY_MIN, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    *row = (struct counter_row){.counter = counter};
    row->org = wire_get_u64(&reader);
    row->name = get_text(&reader);
    return wire_reader_is_done(&reader);
}

void counter_put(struct views views, const struct counter_row *row, uint64_t entry)
{
    struct row_writer writer;
    row_begin(&writer, DATED_COUNTER, row->counter, 0, DATE_DAY_MIN, entry);
    wire_put_u64(&writer.value_writer, row->org);
    put_text(&writer.value_writer, row->name);
    row_put(views, &writer);
}

/* Tariffs and prices. */

bool tariff_on(struct views views, uint32_t category, int32_t day, struct tariff_row *row)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_TARIFF, category, 0, day, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    struct act_tariff_set *tariff = &row->tariff;
    row->from_day = dated.from_day;
    row->entry = dated.entry;
    tariff->category = category;
    tariff->points_per_hour_centi = wire_get_i64(&reader);
    tariff->coefficient_permille = wire_get_u32(&reader);
    tariff->rounding_minutes = wire_get_u32(&reader);
    tariff->expiry_kind = (enum expiry_kind)wire_get_u8(&reader);
    tariff->expiry_years = wire_get_u32(&reader);
    tariff->day_minutes_max = wire_get_u32(&reader);
    tariff->name = get_text(&reader);
    return wire_reader_is_done(&reader);
}

void tariff_put(struct views views, const struct tariff_row *row)
{
    const struct act_tariff_set *tariff = &row->tariff;
    struct row_writer writer;
    row_begin(&writer, DATED_TARIFF, tariff->category, 0, row->from_day, row->entry);
    wire_put_i64(&writer.value_writer, tariff->points_per_hour_centi);
    wire_put_u32(&writer.value_writer, tariff->coefficient_permille);
    wire_put_u32(&writer.value_writer, tariff->rounding_minutes);
    wire_put_u8(&writer.value_writer, (uint8_t)tariff->expiry_kind);
    wire_put_u32(&writer.value_writer, tariff->expiry_years);
    wire_put_u32(&writer.value_writer, tariff->day_minutes_max);
    put_text(&writer.value_writer, tariff->name);
    row_put(views, &writer);
}

bool item_on(struct views views, uint32_t item, int32_t day, struct item_row *row)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_ITEM, item, 0, day, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    row->from_day = dated.from_day;
    row->entry = dated.entry;
    row->item.item = item;
    row->item.kind = (enum item_kind)wire_get_u8(&reader);
    row->item.barcode = wire_get_u64(&reader);
    row->item.price_centi = wire_get_i64(&reader);
    row->item.name = get_text(&reader);
    row->item.unit = get_text(&reader);
    return wire_reader_is_done(&reader);
}

void item_put(struct views views, const struct item_row *row)
{
    struct row_writer writer;
    row_begin(&writer, DATED_ITEM, row->item.item, 0, row->from_day, row->entry);
    wire_put_u8(&writer.value_writer, (uint8_t)row->item.kind);
    wire_put_u64(&writer.value_writer, row->item.barcode);
    wire_put_i64(&writer.value_writer, row->item.price_centi);
    put_text(&writer.value_writer, row->item.name);
    put_text(&writer.value_writer, row->item.unit);
    row_put(views, &writer);
}

/* Stars. */

bool star_table_on(struct views views, int32_t day, struct codes *hours)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_STAR_TABLE, 0, 0, day, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    hours->count = wire_get_u8(&reader);
    for (size_t i = 0; i < hours->count && i < LB_COMMAND_LINES_MAX; i++) {
        hours->items[i] = wire_get_u32(&reader);
    }
    return wire_reader_is_done(&reader);
}

void star_table_put(struct views views, int32_t from_day, const struct codes *hours, uint64_t entry)
{
    struct row_writer writer;
    row_begin(&writer, DATED_STAR_TABLE, 0, 0, from_day, entry);
    wire_put_u8(&writer.value_writer, (uint8_t)hours->count);
    for (size_t i = 0; i < hours->count; i++) {
        wire_put_u32(&writer.value_writer, hours->items[i]);
    }
    row_put(views, &writer);
}

uint32_t star_level(const struct codes *hours, int64_t lifetime_minutes)
{
    uint32_t stars = 0;
    while (stars < hours->count && lifetime_minutes / 60 >= (int64_t)hours->items[stars]) {
        stars++;
    }
    return stars;
}

/* A member's org and classes. */

uint64_t member_org_on(struct views views, uint64_t member, int32_t day)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_MEMBER_ORG, member, 0, day, &dated)) {
        return 0;
    }
    struct wire_reader reader = {.left = dated.content};
    return wire_get_u64(&reader);
}

uint64_t member_row_org_on(struct views views, const struct member_row *row, int32_t day)
{
    return day >= row->org_from_day ? row->org : member_org_on(views, row->member, day);
}

void member_org_put(struct views views, uint64_t member, int32_t from_day, uint64_t org,
                    uint64_t entry)
{
    struct row_writer writer;
    row_begin(&writer, DATED_MEMBER_ORG, member, 0, from_day, entry);
    wire_put_u64(&writer.value_writer, org);
    row_put(views, &writer);
}

static bool class_is_held(const struct dated_row *dated)
{
    struct wire_reader reader = {.left = dated->content};
    return wire_get_u8(&reader) != 0;
}

bool member_has_class_on(struct views views, uint64_t member, uint32_t class_id, int32_t day)
{
    struct dated_row dated;
    return dated_on(views, DATED_MEMBER_CLASS, member, class_id, day, &dated) &&
           class_is_held(&dated);
}

void member_classes_on(struct views views, uint64_t member, int32_t day, struct codes *class_ids)
{
    class_ids->count = 0;
    struct dated_row row;
    uint32_t sub = 0;
    while (class_ids->count < LB_COMMAND_LINES_MAX &&
           dated_next(views, DATED_MEMBER_CLASS, member, sub, DATE_DAY_MIN, &row) &&
           row.id == member) {
        if (member_has_class_on(views, member, row.sub, day)) {
            class_ids->items[class_ids->count++] = row.sub;
        }
        sub = row.sub + 1;
    }
}

void member_class_put(struct views views, uint64_t member, uint32_t class_id, int32_t from_day,
                      bool holds, uint64_t entry)
{
    struct row_writer writer;
    row_begin(&writer, DATED_MEMBER_CLASS, member, class_id, from_day, entry);
    wire_put_u8(&writer.value_writer, holds);
    row_put(views, &writer);
}
