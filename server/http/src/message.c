/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Packing, unpacking and printing of messages. Server's thread.
 */
#include "message.h"

static void *message_allocate(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

static void message_release(void *arena, void *block)
{
    (void)arena;
    (void)block;
}

enum lb_result http_message_pack(const ProtobufCMessageDescriptor *descriptor, struct bytes json,
                                 struct arena *arena, struct bytes *packed,
                                 char problem[static JSON_PROBLEM_BYTES])
{
    ProtobufCMessage *message = NULL;
    const enum lb_result result = json_parse(json, descriptor, arena, &message, problem);
    if (result != LB_OK) {
        return result;
    }
    uint8_t *out = arena_take(arena, protobuf_c_message_get_packed_size(message));
    if (out == NULL) {
        return LB_MEMORY;
    }
    *packed = bytes_of(out, protobuf_c_message_pack(message, out));
    return LB_OK;
}

ProtobufCMessage *http_message_unpack(const ProtobufCMessageDescriptor *descriptor,
                                      struct bytes packed, struct arena *arena)
{
    ProtobufCAllocator allocator = {message_allocate, message_release, arena};
    return protobuf_c_message_unpack(descriptor, &allocator, packed.size, packed.data);
}

enum lb_result http_message_print(const ProtobufCMessageDescriptor *descriptor, struct bytes packed,
                                  struct arena *arena, struct bytes *json)
{
    const ProtobufCMessage *message = http_message_unpack(descriptor, packed, arena);
    if (message == NULL) {
        return arena->exhausted ? LB_MEMORY : LB_INTERNAL;
    }
    return json_print(message, arena, json);
}
