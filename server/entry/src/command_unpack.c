/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Packed commands. The acts of which there are most are read directly, as long as their bytes are
 * as everybody packs them: known fields, each once, by rising number, numbers in their range,
 * nothing to refuse. Whatever is not so goes through protobuf-c, whose answer is the answer.
 * One arena per thread.
 */
#include "entry/command_codec.h"

#include "entry/message.h"
#include "entry/unpacker.h"

/* Reads fields in order. */
struct fields {
    struct unpacker in;
    uint64_t last_field;
    bool is_odd; /* sticky: leave it to protobuf-c */
};

/* The key of the next field; 0: there is none, or it is odd. */
static uint64_t fields_next(struct fields *fields)
{
    if (!unpacker_has_more(&fields->in) || fields->is_odd) {
        return 0;
    }
    uint64_t key = unpacker_varint(&fields->in);
    fields->is_odd = key >> 3 <= fields->last_field;
    fields->last_field = key >> 3;
    return fields->is_odd ? 0 : key;
}

static bool fields_are_done(const struct fields *fields)
{
    return !fields->is_odd && !fields->in.bad && fields->in.left.size == 0;
}

static uint64_t fields_number(struct fields *fields, uint64_t max)
{
    uint64_t number = unpacker_varint(&fields->in);
    fields->is_odd = fields->is_odd || number > max;
    return number;
}

static uint32_t fields_u32(struct fields *fields)
{
    return (uint32_t)fields_number(fields, UINT32_MAX);
}

/* Never negative: quantities are not. */
static int64_t fields_positive(struct fields *fields)
{
    return (int64_t)fields_number(fields, INT64_MAX);
}

static bool fields_bool(struct fields *fields)
{
    return fields_number(fields, 1) != 0;
}

static bool unpack_member_ref(struct bytes packed, struct member_ref *ref)
{
    struct fields fields = {.in.left = packed};
    uint64_t key;
    while ((key = fields_next(&fields)) != 0) {
        switch (key) {
        case UNPACKER_KEY(1, UNPACKER_VARINT):
            ref->member = unpacker_varint(&fields.in);
            break;
        case UNPACKER_KEY(2, UNPACKER_VARINT):
            ref->card = unpacker_varint(&fields.in);
            break;
        default:
            return false;
        }
    }
    return fields_are_done(&fields);
}

static bool unpack_service_record(struct bytes packed, struct act_service_record *act)
{
    struct fields fields = {.in.left = packed};
    uint32_t start_minute = 0;
    bool has_start = false;
    uint64_t key;
    *act = (struct act_service_record){.start_minute = -1};
    while ((key = fields_next(&fields)) != 0) {
        switch (key) {
        case UNPACKER_KEY(1, UNPACKER_LENGTH):
            if (!unpack_member_ref(unpacker_bytes(&fields.in), &act->member)) {
                return false;
            }
            break;
        case UNPACKER_KEY(2, UNPACKER_VARINT):
            act->category = fields_u32(&fields);
            break;
        case UNPACKER_KEY(3, UNPACKER_VARINT):
            act->minutes = fields_u32(&fields);
            break;
        case UNPACKER_KEY(4, UNPACKER_VARINT):
            start_minute = (uint32_t)fields_number(&fields, LB_DAY_MINUTES - 1);
            break;
        case UNPACKER_KEY(5, UNPACKER_VARINT):
            has_start = fields_bool(&fields);
            break;
        case UNPACKER_KEY(6, UNPACKER_VARINT):
            act->activity = unpacker_varint(&fields.in);
            break;
        case UNPACKER_KEY(7, UNPACKER_VARINT):
            act->org = unpacker_varint(&fields.in);
            break;
        default:
            return false;
        }
    }
    act->start_minute = has_start ? (int32_t)start_minute : -1;
    return fields_are_done(&fields);
}

static bool unpack_redeem_line(struct bytes packed, struct redeem_line *line)
{
    struct fields fields = {.in.left = packed};
    uint64_t key;
    *line = (struct redeem_line){0};
    while ((key = fields_next(&fields)) != 0) {
        switch (key) {
        case UNPACKER_KEY(1, UNPACKER_VARINT):
            line->item = fields_u32(&fields);
            break;
        case UNPACKER_KEY(2, UNPACKER_VARINT):
            line->quantity = fields_positive(&fields);
            break;
        default:
            return false;
        }
    }
    return fields_are_done(&fields);
}

static bool unpack_redeem(struct bytes packed, struct act_redeem *act)
{
    struct fields fields = {.in.left = packed};
    uint64_t key;
    act->member = (struct member_ref){0};
    act->counter = 0;
    act->line_count = 0;
    while ((key = fields_next(&fields)) != 0) {
        switch (key) {
        case UNPACKER_KEY(1, UNPACKER_LENGTH):
            if (!unpack_member_ref(unpacker_bytes(&fields.in), &act->member)) {
                return false;
            }
            break;
        case UNPACKER_KEY(2, UNPACKER_VARINT):
            act->counter = fields_u32(&fields);
            break;
        case UNPACKER_KEY(3, UNPACKER_LENGTH):
            if (act->line_count == LB_COMMAND_LINES_MAX ||
                !unpack_redeem_line(unpacker_bytes(&fields.in), &act->lines[act->line_count])) {
                return false;
            }
            act->line_count++;
            fields.last_field = 2; /* repeated: another may follow */
            break;
        default:
            return false;
        }
    }
    return fields_are_done(&fields);
}

static bool unpack_id(struct bytes packed, struct id *id)
{
    if (packed.size != sizeof(id->bytes)) {
        return false;
    }
    memcpy(id->bytes, packed.data, sizeof(id->bytes));
    return !id_is_zero(id);
}

static bool unpack_directly(struct bytes packed, struct command *to)
{
    struct fields fields = {.in.left = packed};
    int32_t day = 0;
    bool has_day = false;
    bool has_id = false;
    bool is_whole = true;
    uint64_t key;
    to->kind = ACT_NONE;
    to->desk = 0;
    to->import = 0;
    to->memo = (struct bytes){NULL, 0};
    while (is_whole && (key = fields_next(&fields)) != 0) {
        switch (key) {
        case UNPACKER_KEY(1, UNPACKER_LENGTH):
            has_id = is_whole = unpack_id(unpacker_bytes(&fields.in), &to->id);
            break;
        case UNPACKER_KEY(2, UNPACKER_VARINT):
            day = (int32_t)fields_number(&fields, INT32_MAX); /* from 1970 on */
            break;
        case UNPACKER_KEY(3, UNPACKER_VARINT):
            has_day = fields_bool(&fields);
            break;
        case UNPACKER_KEY(4, UNPACKER_VARINT):
            to->desk = fields_u32(&fields);
            break;
        case UNPACKER_KEY(6, UNPACKER_VARINT):
            to->import = unpacker_varint(&fields.in);
            break;
        case UNPACKER_KEY(ACT_SERVICE_RECORD, UNPACKER_LENGTH):
            to->kind = ACT_SERVICE_RECORD;
            is_whole = unpack_service_record(unpacker_bytes(&fields.in), &to->act.service_record);
            break;
        case UNPACKER_KEY(ACT_REDEEM, UNPACKER_LENGTH):
            is_whole =
                to->kind == ACT_NONE && unpack_redeem(unpacker_bytes(&fields.in), &to->act.redeem);
            to->kind = ACT_REDEEM;
            break;
        default:
            return false;
        }
    }
    to->day = has_day ? day : DAY_NONE;
    return is_whole && has_id && to->kind != ACT_NONE && fields_are_done(&fields);
}

enum lb_result entry_command_unpack(struct bytes packed, struct arena *arena, struct command *to,
                                    struct verdict *verdict)
{
    *verdict = (struct verdict){.code = LB_OK, .text = ""};
    if (unpack_directly(packed, to)) {
        return LB_OK;
    }
    ProtobufCMessage *message = NULL;
    enum lb_result result =
        entry_message_unpack(&lovebank__v1__command__descriptor, packed, arena, &message);
    if (result == LB_OK) {
        *verdict = entry_command_from_pb((const Lovebank__V1__Command *)message, to);
    }
    return result;
}
