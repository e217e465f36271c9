/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A walk over packed protobuf: is it well-formed, is there a NUL in a text. protobuf-c hands texts
 * out as C strings, so what stands behind a NUL would be lost silently. Allocates nothing.
 * Depth is that of the messages of the package, which do not contain themselves. Pure.
 */
#include "entry/message.h"

#define VARINT_BYTES_MAX 10

enum wire_type { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_32BIT = 5 };

static bool scan_varint(struct bytes *left, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < left->size && i < VARINT_BYTES_MAX; i++) {
        *value |= (uint64_t)(left->data[i] & 0x7f) << (7 * i);
        if (left->data[i] < 0x80) {
            *left = bytes_of(left->data + i + 1, left->size - i - 1);
            return true;
        }
    }
    return false;
}

static bool scan_take(struct bytes *left, uint64_t size, struct bytes *taken)
{
    if (size > left->size) {
        return false;
    }
    *taken = bytes_of(left->data, (size_t)size);
    *left = bytes_of(left->data + size, left->size - (size_t)size);
    return true;
}

/* The value of a field, of any wire type; the content only of those with a length. */
static bool scan_value(struct bytes *left, unsigned wire_type, struct bytes *content)
{
    uint64_t number = 0;
    struct bytes ignored;
    *content = (struct bytes){NULL, 0};
    switch (wire_type) {
    case WIRE_VARINT:
        return scan_varint(left, &number);
    case WIRE_64BIT:
        return scan_take(left, 8, &ignored);
    case WIRE_LENGTH:
        return scan_varint(left, &number) && scan_take(left, number, content);
    case WIRE_32BIT:
        return scan_take(left, 4, &ignored);
    default: /* groups, and types that do not exist */
        return false;
    }
}

static bool scan_content(const ProtobufCFieldDescriptor *field, struct bytes content)
{
    size_t ignored = 0;
    if (field == NULL || content.size == 0) {
        return true;
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        return memchr(content.data, 0, content.size) == NULL;
    }
    return field->type != PROTOBUF_C_TYPE_MESSAGE ||
           entry_message_count(field->descriptor, content, 0, &ignored) == LB_OK;
}

enum lb_result entry_message_count(const ProtobufCMessageDescriptor *descriptor,
                                   struct bytes packed, uint32_t tag, size_t *count)
{
    *count = 0;
    while (packed.size > 0) {
        uint64_t key = 0;
        struct bytes content;
        if (!scan_varint(&packed, &key) || key >> 3 == 0 || key >> 3 > UINT32_MAX) {
            return LB_MALFORMED;
        }
        uint32_t number = (uint32_t)(key >> 3);
        unsigned wire_type = key & 7;
        if (!scan_value(&packed, wire_type, &content)) {
            return LB_MALFORMED;
        }
        *count += number == tag;
        if (wire_type == WIRE_LENGTH &&
            !scan_content(protobuf_c_message_descriptor_get_field(descriptor, number), content)) {
            return LB_MALFORMED;
        }
    }
    return LB_OK;
}
