/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Protobuf by hand for the bench's own messages: fields in order, a field that is 0 left out.
 * Pure.
 */
#include "bench_wire.h"

#include "base/assert.h"

#include <string.h>

/* The numbers of proto/lovebank/v1. */
enum {
    WRITE_REQUEST_COMMANDS = 1,
    COMMAND_ID = 1,
    COMMAND_DAY = 2,
    COMMAND_HAS_DAY = 3,
    COMMAND_SERVICE_RECORD = 31,
    RECORD_MEMBER = 1,
    RECORD_CATEGORY = 2,
    RECORD_MINUTES = 3,
    REF_MEMBER = 1,
    GET_MEMBER = 1,
    GET_BALANCES_ONLY = 3,
    GET_AT_LEAST_ENTRY = 100,
    WRITE_RESPONSE_CODE = 1,
    WRITE_RESPONSE_RESULTS = 6,
    RESULT_CODE = 1,
    GET_RESPONSE_CODE = 1,
    GET_RESPONSE_INFO = 2,
    INFO_MEMBER = 1,
};

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

#define VARINT_BYTES_MAX  10
#define REF_BYTES_MAX     (1 + VARINT_BYTES_MAX)
#define SERVICE_BYTES_MAX 40

static uint8_t *put_varint(uint8_t *out, uint64_t value)
{
    while (value >= 0x80) {
        *out++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *out++ = (uint8_t)value;
    return out;
}

static uint8_t *put_number(uint8_t *out, unsigned field, uint64_t value)
{
    return value == 0 ? out : put_varint(put_varint(out, field << 3 | WIRE_VARINT), value);
}

static uint8_t *put_bytes(uint8_t *out, unsigned field, const uint8_t *data, size_t size)
{
    out = put_varint(put_varint(out, field << 3 | WIRE_BYTES), size);
    memcpy(out, data, size);
    return out + size;
}

static uint8_t *put_ref(uint8_t *out, unsigned field, uint64_t member)
{
    uint8_t ref[REF_BYTES_MAX];
    return put_bytes(out, field, ref, (size_t)(put_number(ref, REF_MEMBER, member) - ref));
}

size_t bench_put_record(const struct bench_record *record, uint8_t out[BENCH_RECORD_BYTES_MAX])
{
    uint8_t service[SERVICE_BYTES_MAX];
    uint8_t command[BENCH_RECORD_BYTES_MAX];
    LB_ASSERT(record->day >= 0);
    uint8_t *end = put_ref(service, RECORD_MEMBER, record->member);
    end = put_number(end, RECORD_CATEGORY, record->category);
    end = put_number(end, RECORD_MINUTES, record->minutes);
    const size_t service_bytes = (size_t)(end - service);

    end = put_bytes(command, COMMAND_ID, record->id.bytes, sizeof(record->id.bytes));
    end = put_number(end, COMMAND_DAY, (uint64_t)record->day);
    end = put_number(end, COMMAND_HAS_DAY, 1);
    end = put_bytes(end, COMMAND_SERVICE_RECORD, service, service_bytes);
    const size_t command_bytes = (size_t)(end - command);

    end = put_bytes(out, WRITE_REQUEST_COMMANDS, command, command_bytes);
    return (size_t)(end - out);
}

size_t bench_put_balance(uint64_t member, uint64_t at_least_entry,
                         uint8_t out[BENCH_BALANCE_BYTES_MAX])
{
    uint8_t *end = put_ref(out, GET_MEMBER, member);
    end = put_number(end, GET_BALANCES_ONLY, 1);
    return (size_t)(put_number(end, GET_AT_LEAST_ENTRY, at_least_entry) - out);
}

struct wire_field {
    uint64_t number;
    uint64_t value;     /* of a varint */
    struct bytes bytes; /* of a message or text */
};

static bool take_varint(struct bytes *left, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < VARINT_BYTES_MAX && i < left->size; i++) {
        *value |= (uint64_t)(left->data[i] & 0x7f) << (7 * i);
        if (left->data[i] < 0x80) {
            *left = bytes_of(left->data + i + 1, left->size - i - 1);
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct bytes *left, uint64_t size, struct bytes *taken)
{
    if (size > left->size) {
        return false;
    }
    *taken = bytes_of(left->data, (size_t)size);
    *left = bytes_of(left->data + size, left->size - (size_t)size);
    return true;
}

/* false: malformed, or nothing is left. */
static bool take_field(struct bytes *left, struct wire_field *field)
{
    uint64_t tag = 0;
    uint64_t size = 0;
    *field = (struct wire_field){0};
    if (left->size == 0 || !take_varint(left, &tag)) {
        return false;
    }
    field->number = tag >> 3;
    switch ((unsigned)tag & 7) {
    case WIRE_VARINT:
        return take_varint(left, &field->value);
    case WIRE_64:
        return take_bytes(left, 8, &field->bytes);
    case WIRE_BYTES:
        return take_varint(left, &size) && take_bytes(left, size, &field->bytes);
    case WIRE_32:
        return take_bytes(left, 4, &field->bytes);
    default:
        return false;
    }
}

/* A number of the message; 0 when it is left out. Fields come in order, so the search ends at the
 * first one after it. false: malformed up to there. */
static bool read_number(struct bytes message, uint64_t number, uint64_t *value)
{
    struct wire_field field;
    *value = 0;
    while (message.size > 0) {
        if (!take_field(&message, &field)) {
            return false;
        }
        if (field.number >= number) {
            *value = field.number == number ? field.value : 0;
            return true;
        }
    }
    return true;
}

bool bench_read_response(struct bytes response, uint32_t *code)
{
    uint64_t value = 0;
    const bool is_sound = read_number(response, WRITE_RESPONSE_CODE, &value);
    *code = (uint32_t)value;
    return is_sound;
}

bool bench_next_result(struct bytes *left, uint32_t *code)
{
    struct wire_field field;
    uint64_t value = 0;
    while (take_field(left, &field)) {
        if (field.number == WRITE_RESPONSE_RESULTS) {
            const bool is_sound = read_number(field.bytes, RESULT_CODE, &value);
            *code = (uint32_t)value;
            return is_sound;
        }
    }
    return false;
}

bool bench_read_balance(struct bytes response, uint32_t *code, uint64_t *member)
{
    struct wire_field field;
    *code = 0;
    *member = 0;
    while (response.size > 0) {
        if (!take_field(&response, &field)) {
            return false;
        }
        if (field.number == GET_RESPONSE_CODE) {
            *code = (uint32_t)field.value;
        } else if (field.number == GET_RESPONSE_INFO) {
            return read_number(field.bytes, INFO_MEMBER, member);
        }
    }
    return true;
}
