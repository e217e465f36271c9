/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A walk over packed protobuf: is it well-formed, is there a NUL in a text. protobuf-c hands texts
 * out as C strings, so what stands behind a NUL would be lost silently. Allocates nothing.
 * Depth is that of the messages of the package, which do not contain themselves. Pure.
 */
#include "entry/message.h"

#include "entry/unpacker.h"

static bool scan_content(const ProtobufCFieldDescriptor *field, struct bytes content)
{
    if (field == NULL || content.size == 0) {
        return true;
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        return memchr(content.data, 0, content.size) == NULL;
    }
    return field->type != PROTOBUF_C_TYPE_MESSAGE ||
           entry_message_scan(field->descriptor, content) == LB_OK;
}

enum lb_result entry_message_scan(const ProtobufCMessageDescriptor *descriptor, struct bytes packed)
{
    struct unpacker in = {.left = packed};
    while (unpacker_has_more(&in)) {
        uint64_t key = unpacker_varint(&in);
        uint64_t number = key >> 3;
        if (in.bad || number == 0 || number > UINT32_MAX) {
            return LB_MALFORMED;
        }
        if ((key & 7) != UNPACKER_LENGTH) {
            unpacker_skip(&in, key);
            continue;
        }
        struct bytes content = unpacker_bytes(&in);
        if (in.bad ||
            !scan_content(protobuf_c_message_descriptor_get_field(descriptor, (unsigned)number),
                          content)) {
            return LB_MALFORMED;
        }
    }
    return in.bad ? LB_MALFORMED : LB_OK;
}
