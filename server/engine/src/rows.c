/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Keys and the head record. Pure.
 */
#include "rows.h"

#include "base/wire.h"

struct rows_key rows_key_of(uint64_t number)
{
    struct rows_key key = {{0}};
    struct wire_writer writer = {.data = key.data, .cap = sizeof(key.data)};
    wire_put_u64(&writer, number);
    return key;
}

bool rows_number(struct bytes key, uint64_t *number)
{
    struct wire_reader reader = {.left = key};
    *number = wire_get_u64(&reader);
    return wire_reader_is_done(&reader);
}

uint64_t rows_find_request(struct views views, const struct id *id)
{
    struct bytes value;
    if (!views_get(views, TABLE_REQUEST, bytes_of(id->bytes, sizeof(id->bytes)), &value)) {
        return 0;
    }
    uint64_t number = 0;
    return rows_number(value, &number) && number != 0 ? number : UINT64_MAX;
}

size_t rows_head_pack(uint64_t entries, int64_t recorded_ms, const struct merkle_frontier *frontier,
                      uint8_t out[ROWS_HEAD_BYTES_MAX])
{
    struct wire_writer writer = {.data = out, .cap = ROWS_HEAD_BYTES_MAX};
    wire_put_u32(&writer, ROWS_FORMAT);
    wire_put_u64(&writer, entries);
    wire_put_i64(&writer, recorded_ms);
    return writer.size + merkle_frontier_pack(frontier, out + writer.size);
}

enum lb_result rows_head_unpack(struct bytes value, struct rows_head *head)
{
    struct wire_reader reader = {.left = value};
    uint32_t format = wire_get_u32(&reader);
    if (!reader.bad && format > ROWS_FORMAT) {
        return LB_FORMAT_NEWER;
    }
    head->entries = wire_get_u64(&reader);
    head->recorded_ms = wire_get_i64(&reader);
    if (reader.bad || format != ROWS_FORMAT ||
        !merkle_frontier_unpack(reader.left, &head->frontier) ||
        head->frontier.size > head->entries) {
        return LB_STORAGE_CORRUPT;
    }
    return LB_OK;
}

enum lb_result rows_head_read(struct views views, struct rows_head *head)
{
    struct bytes value;
    if (views_get(views, TABLE_META, ROWS_HEAD_KEY, &value)) {
        return rows_head_unpack(value, head);
    }
    head->entries = 0;
    head->recorded_ms = 0;
    merkle_frontier_init(&head->frontier);
    return views_fault(views);
}
