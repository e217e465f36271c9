/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Messages and bytes, with an arena as protobuf-c's allocator. One arena per thread.
 */
#include "entry/message.h"

#include "base/assert.h"

static void *message_allocate(void *context, size_t bytes)
{
    return arena_take(context, bytes);
}

static void message_release(void *context, void *block)
{
    (void)context;
    (void)block; /* the arena takes everything back at once */
}

enum lb_result entry_message_unpack(const ProtobufCMessageDescriptor *descriptor,
                                    struct bytes packed, struct arena *arena,
                                    ProtobufCMessage **message)
{
    *message = NULL;
    if (arena->exhausted) {
        return LB_MEMORY;
    }
    enum lb_result result = entry_message_scan(descriptor, packed);
    if (result != LB_OK) {
        return result;
    }
    ProtobufCAllocator allocator = {message_allocate, message_release, arena};
    *message = protobuf_c_message_unpack(descriptor, &allocator, packed.size, packed.data);
    if (*message != NULL) {
        return LB_OK;
    }
    /* protobuf-c says NULL for both. */
    return arena->exhausted ? LB_MEMORY : LB_MALFORMED;
}

enum lb_result entry_message_pack(const ProtobufCMessage *message, struct arena *arena,
                                  struct bytes *packed)
{
    *packed = (struct bytes){NULL, 0};
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_take(arena, size);
    if (data == NULL) {
        return LB_MEMORY;
    }
    size_t written = protobuf_c_message_pack(message, data);
    LB_ASSERT(written == size);
    *packed = bytes_of(data, size);
    return LB_OK;
}

char *entry_text_to_pb(struct arena *arena, struct bytes text)
{
    char *copy = text.size == 0 ? NULL : arena_take(arena, text.size + 1);
    if (copy == NULL) {
        return (char *)(uintptr_t)protobuf_c_empty_string; /* messages have char *, and only read */
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

struct bytes entry_text_from_pb(const char *text)
{
    return bytes_of_text(text);
}
