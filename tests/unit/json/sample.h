/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A message with a field of each type, repeated ones, a oneof and itself below itself, as protoc-c
 * describes such. Of the protocol's messages none has all of them. Constant.
 */
#ifndef TESTS_UNIT_JSON_SAMPLE_H
#define TESTS_UNIT_JSON_SAMPLE_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct sample {
    ProtobufCMessage base;
    int32_t int32;
    int32_t sint32;
    int32_t sfixed32;
    uint32_t uint32;
    uint32_t fixed32;
    int64_t int64;
    int64_t sint64;
    int64_t sfixed64;
    uint64_t uint64;
    uint64_t fixed64;
    protobuf_c_boolean truth;
    int kind;
    char *text;
    ProtobufCBinaryData data;
    struct sample *inner;
    size_t n_numbers;
    int32_t *numbers;
    size_t n_wide_numbers;
    uint64_t *wide_numbers;
    size_t n_truths;
    protobuf_c_boolean *truths;
    size_t n_kinds;
    int *kinds;
    size_t n_texts;
    char **texts;
    size_t n_datas;
    ProtobufCBinaryData *datas;
    size_t n_inners;
    struct sample **inners;
    uint32_t one_case;
    union {
        uint32_t one_number;
        char *one_text;
        ProtobufCBinaryData one_data;
        int one_kind;
        struct sample *one_inner;
    };
    int32_t odd;
};

static const ProtobufCEnumValue sample_kinds[] = {
    {"KIND_NONE", "KIND_NONE", 0}, {"KIND_RICE", "KIND_RICE", 1}, {"KIND_OIL", "KIND_OIL", 7}};
static const ProtobufCIntRange sample_kind_ranges[] = {{0, 0}, {7, 2}, {0, 3}};
static const ProtobufCEnumValueIndex sample_kinds_by_name[] = {
    {"KIND_NONE", 0}, {"KIND_OIL", 2}, {"KIND_RICE", 1}};
static const ProtobufCEnumDescriptor sample_kind_descriptor = {
    .magic = PROTOBUF_C__ENUM_DESCRIPTOR_MAGIC,
    .name = "sample.Kind",
    .short_name = "Kind",
    .n_values = 3,
    .values = sample_kinds,
    .n_value_names = 3,
    .values_by_name = sample_kinds_by_name,
    .n_value_ranges = 2,
    .value_ranges = sample_kind_ranges,
};

static const ProtobufCMessageDescriptor sample_descriptor;

#define SAMPLE_FIELD(number, field_name, member, field_type, below)                      \
    {                                                                                    \
        .name = field_name, .id = number, .label = PROTOBUF_C_LABEL_NONE,                \
        .type = PROTOBUF_C_TYPE_##field_type, .offset = offsetof(struct sample, member), \
        .descriptor = below                                                              \
    }
#define SAMPLE_REPEATED(number, field_name, member, field_type, below)        \
    {                                                                         \
        .name = field_name, .id = number, .label = PROTOBUF_C_LABEL_REPEATED, \
        .type = PROTOBUF_C_TYPE_##field_type,                                 \
        .quantifier_offset = offsetof(struct sample, n_##member),             \
        .offset = offsetof(struct sample, member), .descriptor = below        \
    }
#define SAMPLE_ONEOF(number, field_name, member, field_type, below)       \
    {                                                                     \
        .name = field_name, .id = number, .label = PROTOBUF_C_LABEL_NONE, \
        .type = PROTOBUF_C_TYPE_##field_type,                             \
        .quantifier_offset = offsetof(struct sample, one_case),           \
        .offset = offsetof(struct sample, member), .descriptor = below,   \
        .flags = PROTOBUF_C_FIELD_FLAG_ONEOF                              \
    }

static const ProtobufCFieldDescriptor sample_fields[] = {
    SAMPLE_FIELD(1, "int32", int32, INT32, NULL),
    SAMPLE_FIELD(2, "sint32", sint32, SINT32, NULL),
    SAMPLE_FIELD(3, "sfixed32", sfixed32, SFIXED32, NULL),
    SAMPLE_FIELD(4, "uint32", uint32, UINT32, NULL),
    SAMPLE_FIELD(5, "fixed32", fixed32, FIXED32, NULL),
    SAMPLE_FIELD(6, "int64", int64, INT64, NULL),
    SAMPLE_FIELD(7, "sint64", sint64, SINT64, NULL),
    SAMPLE_FIELD(8, "sfixed64", sfixed64, SFIXED64, NULL),
    SAMPLE_FIELD(9, "uint64", uint64, UINT64, NULL),
    SAMPLE_FIELD(10, "fixed64", fixed64, FIXED64, NULL),
    SAMPLE_FIELD(11, "truth", truth, BOOL, NULL),
    SAMPLE_FIELD(12, "kind", kind, ENUM, &sample_kind_descriptor),
    SAMPLE_FIELD(13, "text", text, STRING, NULL),
    SAMPLE_FIELD(14, "data", data, BYTES, NULL),
    SAMPLE_FIELD(15, "inner", inner, MESSAGE, &sample_descriptor),
    SAMPLE_REPEATED(16, "numbers", numbers, INT32, NULL),
    SAMPLE_REPEATED(17, "wide_numbers", wide_numbers, UINT64, NULL),
    SAMPLE_REPEATED(18, "truths", truths, BOOL, NULL),
    SAMPLE_REPEATED(19, "kinds", kinds, ENUM, &sample_kind_descriptor),
    SAMPLE_REPEATED(20, "texts", texts, STRING, NULL),
    SAMPLE_REPEATED(21, "datas", datas, BYTES, NULL),
    SAMPLE_REPEATED(22, "inners", inners, MESSAGE, &sample_descriptor),
    SAMPLE_ONEOF(23, "one_number", one_number, UINT32, NULL),
    SAMPLE_ONEOF(24, "one_text", one_text, STRING, NULL),
    SAMPLE_ONEOF(25, "one_data", one_data, BYTES, NULL),
    SAMPLE_ONEOF(26, "one_kind", one_kind, ENUM, &sample_kind_descriptor),
    SAMPLE_ONEOF(27, "one_inner", one_inner, MESSAGE, &sample_descriptor),
    SAMPLE_FIELD(28, "_odd__name_2x_Y_z_", odd, INT32, NULL), /* protoc: "OddName2xYZ" */
};
static const ProtobufCIntRange sample_ranges[] = {{1, 0}, {0, 28}};

static void sample_init(ProtobufCMessage *message)
{
    *(struct sample *)message = (struct sample){.base = PROTOBUF_C_MESSAGE_INIT(&sample_descriptor),
                                                .text = (char *)(uintptr_t)protobuf_c_empty_string};
}

static const ProtobufCMessageDescriptor sample_descriptor = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "sample.Sample",
    .short_name = "Sample",
    .sizeof_message = sizeof(struct sample),
    .n_fields = 28,
    .fields = sample_fields,
    .n_field_ranges = 1,
    .field_ranges = sample_ranges,
    .message_init = sample_init,
};

#endif
