/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: JSON. The first byte is a message of the protocol, of those that methods take and
 * give; from 128 on the rest is that message packed, else JSON. What is refused is refused in
 * words; what is taken is printed, read and printed again the same. One thread.
 */
#include "json/json.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"

#define ARENA_BYTES     (64u << 20)
#define INPUT_BYTES_MAX (16u << 10)
#define IS_PACKED       128

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProtobufCServiceDescriptor *const services[] = {
    &lovebank__v1__ledger__descriptor, &lovebank__v1__registry__descriptor,
    &lovebank__v1__members__descriptor, &lovebank__v1__access__descriptor,
    &lovebank__v1__reports__descriptor};

/* The request of each method, then its response. NULL: there are not so many. */
static const ProtobufCMessageDescriptor *message_of_number(unsigned number)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (number < 2 * services[i]->n_methods) {
            const ProtobufCMethodDescriptor *method = &services[i]->methods[number / 2];
            return number % 2 == 0 ? method->input : method->output;
        }
        number -= 2 * services[i]->n_methods;
    }
    return NULL;
}

/* NULL: it was refused. */
static const ProtobufCMessage *
read_text(struct bytes text, const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    const enum lb_result result = json_parse(text, descriptor, arena, &message, problem);
    LB_ASSERT(result == LB_OK || result == LB_MALFORMED);
    LB_ASSERT((result == LB_OK) == (message != NULL) && (result == LB_OK) == (*problem == '\0'));
    LB_ASSERT(utf8_is_text(bytes_of_text(problem), 0));
    LB_ASSERT(result == LB_OK || strstr(problem, " / ") != NULL);
    return message;
}

static const ProtobufCMessage *
read_packed(struct bytes packed, const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    ProtobufCMessage *message = NULL;
    const enum lb_result result = entry_message_unpack(descriptor, packed, arena, &message);
    LB_ASSERT(result == LB_OK || result == LB_MALFORMED);
    return message;
}

static void check_printing(const ProtobufCMessage *message, struct arena *arena)
{
    struct bytes text;
    struct bytes again;
    LB_ASSERT(json_print(message, arena, &text) == LB_OK);
    const ProtobufCMessage *read = read_text(text, message->descriptor, arena);
    LB_ASSERT(read != NULL);
    LB_ASSERT(json_print(read, arena, &again) == LB_OK && bytes_equal(text, again));
}

/* A message that was read from JSON has nothing that JSON would lose. */
static void check_reading(const ProtobufCMessage *message, struct arena *arena)
{
    struct bytes text;
    struct bytes packed;
    struct bytes again;
    LB_ASSERT(json_print(message, arena, &text) == LB_OK);
    const ProtobufCMessage *read = read_text(text, message->descriptor, arena);
    LB_ASSERT(read != NULL);
    LB_ASSERT(entry_message_pack(message, arena, &packed) == LB_OK);
    LB_ASSERT(entry_message_pack(read, arena, &again) == LB_OK && bytes_equal(packed, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > INPUT_BYTES_MAX) {
        return 0;
    }
    const ProtobufCMessageDescriptor *descriptor = message_of_number(data[0] % IS_PACKED);
    if (descriptor == NULL) {
        return 0;
    }
    struct arena arena;
    const struct bytes rest = bytes_of(data + 1, size - 1);
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    const ProtobufCMessage *message = data[0] >= IS_PACKED ? read_packed(rest, descriptor, &arena)
                                                           : read_text(rest, descriptor, &arena);
    if (message != NULL) {
        check_printing(message, &arena);
        if (data[0] < IS_PACKED) {
            check_reading(message, &arena);
        }
    }
    arena_fini(&arena);
    return 0;
}
