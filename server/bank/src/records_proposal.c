/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of acts that two people make, and of what members agreed to: policy, proposals, consent.
 * Pure.
 */
#include "records_write.h"

#include "base/assert.h"
#include "base/wire.h"

#define CONTENT_BYTES_MAX 32

/* Policy. */

bool policy_on(struct views views, int32_t day, struct act_policy_set *policy)
{
    struct dated_row dated;
    if (!dated_on(views, DATED_POLICY, 0, 0, day, &dated)) {
        return false;
    }
    struct wire_reader reader = {.left = dated.content};
    policy->service_minutes = wire_get_u32(&reader);
    policy->points_centi = wire_get_i64(&reader);
    policy->back_days = wire_get_u32(&reader);
    policy->import_rows = wire_get_u32(&reader);
    policy->reversals = wire_get_u8(&reader) != 0;
    policy->undo_minutes = wire_get_u32(&reader);
    policy->proposal_days = wire_get_u32(&reader);
    policy->opening_balances = reader.left.size > 0 && wire_get_u8(&reader) != 0;
    return wire_reader_is_done(&reader);
}

/* Puts the dated row with what the writer wrote. */
static void content_put(struct views views, struct dated_row row, const struct wire_writer *content)
{
    LB_ASSERT(!content->overflow);
    row.content = bytes_of(content->data, content->size);
    dated_put(views, &row);
}

void policy_put(struct views views, int32_t from_day, const struct act_policy_set *policy,
                uint64_t entry)
{
    uint8_t content[CONTENT_BYTES_MAX];
    struct wire_writer writer = {.data = content, .cap = sizeof(content)};
    wire_put_u32(&writer, policy->service_minutes);
    wire_put_i64(&writer, policy->points_centi);
    wire_put_u32(&writer, policy->back_days);
    wire_put_u32(&writer, policy->import_rows);
    wire_put_u8(&writer, policy->reversals);
    wire_put_u32(&writer, policy->undo_minutes);
    wire_put_u32(&writer, policy->proposal_days);
    if (policy->opening_balances) { /* books from before it was told have rows without */
        wire_put_u8(&writer, 1);
    }
    content_put(views,
                (struct dated_row){.kind = DATED_POLICY, .from_day = from_day, .entry = entry},
                &writer);
}

/* Proposals. */

#define PROPOSAL_KEY_BYTES   8
#define PROPOSAL_VALUE_BYTES 13

static bool proposal_decode(struct bytes value, struct proposal_row *row)
{
    struct wire_reader reader = {.left = value};
    row->expires_day = wire_get_i32_ordered(&reader);
    row->decided_by = wire_get_u64(&reader);
    row->is_confirmed = wire_get_u8(&reader) != 0;
    return wire_reader_is_done(&reader);
}

bool proposal_get(struct views views, uint64_t entry, struct proposal_row *row)
{
    uint8_t key[PROPOSAL_KEY_BYTES];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    wire_put_u64(&writer, entry);
    struct bytes value;
    row->entry = entry;
    return views_get(views, TABLE_PROPOSAL, bytes_of(key, sizeof(key)), &value) &&
           proposal_decode(value, row);
}

bool proposal_at_or_below(struct views views, uint64_t entry, struct proposal_row *row)
{
    uint8_t key[PROPOSAL_KEY_BYTES];
    struct wire_writer writer = {.data = key, .cap = sizeof(key)};
    wire_put_u64(&writer, entry);
    struct bytes found;
    struct bytes value;
    if (!views_seek_le(views, TABLE_PROPOSAL, bytes_of(key, sizeof(key)), 0, &found, &value)) {
        return false;
    }
    struct wire_reader reader = {.left = found};
    row->entry = wire_get_u64(&reader);
    return wire_reader_is_done(&reader) && proposal_decode(value, row);
}

void proposal_put(struct views views, const struct proposal_row *proposal)
{
    uint8_t key[PROPOSAL_KEY_BYTES];
    uint8_t value[PROPOSAL_VALUE_BYTES];
    struct wire_writer key_writer = {.data = key, .cap = sizeof(key)};
    struct wire_writer value_writer = {.data = value, .cap = sizeof(value)};
    wire_put_u64(&key_writer, proposal->entry);
    wire_put_i32_ordered(&value_writer, proposal->expires_day);
    wire_put_u64(&value_writer, proposal->decided_by);
    wire_put_u8(&value_writer, proposal->is_confirmed);
    LB_ASSERT(!key_writer.overflow && !value_writer.overflow);
    views_put(views, TABLE_PROPOSAL, bytes_of(key, key_writer.size),
              bytes_of(value, value_writer.size));
}

/* Consent. */

struct consent consent_on(struct views views, uint64_t member, int32_t day)
{
    struct consent consent = {.publish_name = false};
    struct dated_row dated;
    if (dated_on(views, DATED_CONSENT, member, 0, day, &dated)) {
        struct wire_reader reader = {.left = dated.content};
        consent.publish_name = wire_get_u8(&reader) != 0;
        consent.contact = wire_get_u8(&reader) != 0;
        if (!wire_reader_is_done(&reader)) {
            consent = (struct consent){.publish_name = false};
        }
    }
    return consent;
}

void consent_put(struct views views, int32_t from_day, uint64_t member, struct consent consent,
                 uint64_t entry)
{
    uint8_t content[CONTENT_BYTES_MAX];
    struct wire_writer writer = {.data = content, .cap = sizeof(content)};
    wire_put_u8(&writer, consent.publish_name);
    wire_put_u8(&writer, consent.contact);
    content_put(views,
                (struct dated_row){
                    .kind = DATED_CONSENT, .id = member, .from_day = from_day, .entry = entry},
                &writer);
}
