/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Values of single fields, but for messages. One arena per thread.
 */
#include "base/assert.h"
#include "base64.h"
#include "parse.h"
#include "whole.h"

#include <inttypes.h>
#include <stdio.h>

#define ALLOWED_BYTES 100 /* what is allowed, in one language: see problem.c */

static const struct whole_range range_i32 = {UINT64_C(1) << 31, INT32_MAX};
static const struct whole_range range_u32 = {0, UINT32_MAX};
static const struct whole_range range_i64 = {UINT64_C(1) << 63, INT64_MAX};
static const struct whole_range range_u64 = {0, UINT64_MAX};

static enum lb_result parse_whole(const struct parser *parser, const struct place *place,
                                  const json_t *value, struct whole_range range,
                                  struct whole *whole)
{
    char zh[ALLOWED_BYTES];
    char en[ALLOWED_BYTES];
    if (whole_of_json(value, whole) && whole_is_within(*whole, range)) {
        return LB_OK;
    }
    if (json_is_real(value) && range.above > UINT32_MAX) {
        return problem_of_value(parser->problem, place, value, "整数，大数请写成字符串",
                                "a whole number, and a large one in a string");
    }
    const char *sign = range.below == 0 ? "" : "-";
    (void)snprintf(zh, sizeof(zh), " %s%" PRIu64 " 至 %" PRIu64 " 的整数", sign, range.below,
                   range.above);
    (void)snprintf(en, sizeof(en), "a whole number from %s%" PRIu64 " to %" PRIu64, sign,
                   range.below, range.above);
    return problem_of_value(parser->problem, place, value, zh, en);
}

static enum lb_result parse_enum(const struct parser *parser, const struct place *place,
                                 const json_t *value, const ProtobufCEnumDescriptor *descriptor,
                                 int *member)
{
    if (!json_is_string(value)) {
        struct whole whole = {false, 0};
        const enum lb_result result = parse_whole(parser, place, value, range_i32, &whole);
        *member = result == LB_OK ? (int)whole_to_signed(whole) : 0;
        return result;
    }
    const char *name = json_string_value(value);
    const ProtobufCEnumValue *known =
        protobuf_c_enum_descriptor_get_value_by_name(descriptor, name);
    if (known == NULL || strlen(name) != json_string_length(value)) {
        char zh[ALLOWED_BYTES];
        char en[ALLOWED_BYTES];
        const char *one = descriptor->values[descriptor->n_values - 1].name;
        (void)snprintf(zh, sizeof(zh), " %s 中的名字，如 %s", descriptor->short_name, one);
        (void)snprintf(en, sizeof(en), "a name of %s, such as %s", descriptor->short_name, one);
        return problem_of_value(parser->problem, place, value, zh, en);
    }
    *member = known->value;
    return LB_OK;
}

static enum lb_result parse_bool(const struct parser *parser, const struct place *place,
                                 const json_t *value, protobuf_c_boolean *member)
{
    if (!json_is_boolean(value)) {
        return problem_of_value(parser->problem, place, value, " true 或 false", "true or false");
    }
    *member = json_is_true(value);
    return LB_OK;
}

/* Messages have texts that end with NUL, which therefore cannot hold one. */
static enum lb_result parse_string(const struct parser *parser, const struct place *place,
                                   const json_t *value, char **member)
{
    if (!json_is_string(value)) {
        return problem_of_value(parser->problem, place, value, "字符串", "a string");
    }
    const size_t size = json_string_length(value);
    if (strlen(json_string_value(value)) != size) {
        return problem_of_value(parser->problem, place, value, "不含 \\u0000 的字符串",
                                "a string without \\u0000");
    }
    char *copy = arena_take(parser->arena, size + 1);
    if (copy == NULL) {
        return LB_MEMORY;
    }
    memcpy(copy, json_string_value(value), size + 1);
    *member = copy;
    return LB_OK;
}

static enum lb_result parse_bytes(const struct parser *parser, const struct place *place,
                                  const json_t *value, ProtobufCBinaryData *member)
{
    const struct bytes text = bytes_of(json_string_value(value), json_string_length(value));
    uint8_t *data = arena_take(parser->arena, text.size);
    if (data == NULL) {
        return LB_MEMORY;
    }
    if (!json_is_string(value) || !base64_decode(text, data, &member->len)) {
        return problem_of_value(parser->problem, place, value, " base64 字符串", "a base64 string");
    }
    member->data = data;
    return LB_OK;
}

enum lb_result parse_value(const struct parser *parser, const struct place *place,
                           const json_t *value, const ProtobufCFieldDescriptor *field, void *member)
{
    struct whole whole = {false, 0};
    enum lb_result result = LB_INTERNAL;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        result = parse_whole(parser, place, value, range_i32, &whole);
        *(int32_t *)member = result == LB_OK ? (int32_t)whole_to_signed(whole) : 0;
        return result;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        result = parse_whole(parser, place, value, range_u32, &whole);
        *(uint32_t *)member = result == LB_OK ? (uint32_t)whole_to_unsigned(whole) : 0;
        return result;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        result = parse_whole(parser, place, value, range_i64, &whole);
        *(int64_t *)member = result == LB_OK ? whole_to_signed(whole) : 0;
        return result;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        result = parse_whole(parser, place, value, range_u64, &whole);
        *(uint64_t *)member = result == LB_OK ? whole_to_unsigned(whole) : 0;
        return result;
    case PROTOBUF_C_TYPE_BOOL:
        return parse_bool(parser, place, value, member);
    case PROTOBUF_C_TYPE_ENUM:
        return parse_enum(parser, place, value, field->descriptor, member);
    case PROTOBUF_C_TYPE_STRING:
        return parse_string(parser, place, value, member);
    case PROTOBUF_C_TYPE_BYTES:
        return parse_bytes(parser, place, value, member);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_MESSAGE:
        break; /* a message is parse.c's; the protocol has no floating point: see json.h */
    }
    LB_ASSERT(result != LB_INTERNAL);
    return result;
}
