/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Payloads: unpacking and packing with verdicts. One arena per thread.
 */
#include "wire/payload.h"

#include "entry/message.h"
#include "lovebank/limits.h"

struct verdict wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct bytes payload,
                           struct arena *arena, ProtobufCMessage **message)
{
    *message = NULL;
    if (payload.size > LB_FRAME_PAYLOAD_BYTES_MAX) {
        return (struct verdict){LB_FRAME_TOO_LARGE, (int64_t)payload.size,
                                LB_FRAME_PAYLOAD_BYTES_MAX, 0, ""};
    }
    enum lb_result result = entry_message_unpack(descriptor, payload, arena, message);
    return (struct verdict){.code = result,
                            .text = result == LB_MALFORMED ? descriptor->short_name : ""};
}

struct verdict wire_pack(const ProtobufCMessage *message, struct arena *arena,
                         struct bytes *payload)
{
    *payload = (struct bytes){NULL, 0};
    if (arena->exhausted) {
        return (struct verdict){.code = LB_MEMORY, .text = ""};
    }
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > LB_FRAME_PAYLOAD_BYTES_MAX) {
        return (struct verdict){LB_FRAME_TOO_LARGE, (int64_t)size, LB_FRAME_PAYLOAD_BYTES_MAX, 0,
                                ""};
    }
    return (struct verdict){.code = entry_message_pack(message, arena, payload), .text = ""};
}
