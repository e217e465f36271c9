/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Maps messages for json_compare.mjs: questions on standard input, an answer to each on standard
 * output, until the input ends. With "--bench" it measures the mapping instead. One thread.
 *
 *   question  u32 size of what follows, u8 direction ('p': print, 'r': read), u8 size of the name,
 *             the message's name, the message: packed to print, JSON to read
 *   answer    u32 size of what follows, u8 lb_result, the JSON or packed message or what is wrong
 *
 * Numbers are little-endian.
 */
#include "base/assert.h"
#include "json/json.h"
#include "lovebank/v1/services.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ARENA_BYTES    (64u << 20)
#define QUESTION_BYTES (1u << 20)
#define ROUNDS         200000

/* --- messages --------------------------------------------------------------------------------- */

static const ProtobufCServiceDescriptor *const services[] = {
    &lovebank__v1__ledger__descriptor, &lovebank__v1__registry__descriptor,
    &lovebank__v1__members__descriptor, &lovebank__v1__access__descriptor,
    &lovebank__v1__reports__descriptor};

/* Those that travel as bytes of others. */
static const ProtobufCMessageDescriptor *const travellers[] = {
    &lovebank__v1__entry__descriptor, &lovebank__v1__error_detail__descriptor};

/* The message of that name among this one and those of its fields. NULL: none. */
static const ProtobufCMessageDescriptor *find_below(const ProtobufCMessageDescriptor *descriptor,
                                                    const char *name)
{
    if (strcmp(descriptor->name, name) == 0) {
        return descriptor;
    }
    const ProtobufCMessageDescriptor *found = NULL;
    for (unsigned i = 0; i < descriptor->n_fields && found == NULL; i++) {
        if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE) {
            found = find_below(descriptor->fields[i].descriptor, name);
        }
    }
    return found;
}

static const ProtobufCMessageDescriptor *find_message(const char *name)
{
    const ProtobufCMessageDescriptor *found = NULL;
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        for (unsigned j = 0; j < services[i]->n_methods && found == NULL; j++) {
            found = find_below(services[i]->methods[j].input, name);
            found = found == NULL ? find_below(services[i]->methods[j].output, name) : found;
        }
    }
    for (size_t i = 0; i < sizeof(travellers) / sizeof(travellers[0]) && found == NULL; i++) {
        found = find_below(travellers[i], name);
    }
    return found;
}

static void *message_allocate(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

static void message_release(void *arena, void *block)
{
    (void)arena;
    (void)block;
}

static struct bytes pack(const ProtobufCMessage *message, struct arena *arena)
{
    const size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_take(arena, size);
    LB_ASSERT(data != NULL && protobuf_c_message_pack(message, data) == size);
    return bytes_of(data, size);
}

/* --- answers ---------------------------------------------------------------------------------- */

static enum lb_result answer_print(const ProtobufCMessageDescriptor *descriptor,
                                   struct bytes packed, struct arena *arena, struct bytes *answer)
{
    ProtobufCAllocator allocator = {message_allocate, message_release, arena};
    const ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, &allocator, packed.size, packed.data);
    LB_ASSERT(message != NULL);
    return json_print(message, arena, answer);
}

static enum lb_result answer_read(const ProtobufCMessageDescriptor *descriptor, struct bytes text,
                                  struct arena *arena, struct bytes *answer)
{
    static char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    const enum lb_result result = json_parse(text, descriptor, arena, &message, problem);
    *answer = result == LB_OK ? pack(message, arena) : bytes_of_text(problem);
    return result;
}

static void answer(struct bytes question, struct arena *arena)
{
    char name[256];
    LB_ASSERT(question.size >= 2 && question.data[1] <= question.size - 2);
    const size_t name_size = question.data[1];
    memcpy(name, question.data + 2, name_size);
    name[name_size] = '\0';
    const ProtobufCMessageDescriptor *descriptor = find_message(name);
    if (descriptor == NULL) {
        (void)fprintf(stderr, "json_tool: no method leads to %s: add it to `travellers`\n", name);
        exit(EXIT_FAILURE);
    }
    const struct bytes message =
        bytes_of(question.data + 2 + name_size, question.size - 2 - name_size);
    struct bytes text;
    const enum lb_result result = question.data[0] == 'p'
                                      ? answer_print(descriptor, message, arena, &text)
                                      : answer_read(descriptor, message, arena, &text);
    const uint32_t size = (uint32_t)text.size + 1;
    const uint8_t head[] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16),
                            (uint8_t)(size >> 24), (uint8_t)result};
    LB_ASSERT(fwrite(head, 1, sizeof(head), stdout) == sizeof(head));
    LB_ASSERT(fwrite(text.data, 1, text.size, stdout) == text.size);
}

static void answer_all(void)
{
    static uint8_t question[QUESTION_BYTES];
    uint8_t head[4];
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
        const size_t size =
            head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
        LB_ASSERT(size <= sizeof(question) && fread(question, 1, size, stdin) == size);
        answer(bytes_of(question, size), &arena);
        arena_reset(&arena);
    }
    LB_ASSERT(fflush(stdout) == 0);
    arena_fini(&arena);
}

/* --- measuring -------------------------------------------------------------------------------- */

static const char member_text[] =
    ("{\"info\":{\"member\":\"1000234\",\"org\":\"12\",\"status\":\"MEMBER_STATUS_ACTIVE\","
     "\"joinedDay\":17000,\"card\":\"62000000102345\",\"classIds\":[1,3],"
     "\"balances\":{\"member\":\"1000234\",\"pointsCenti\":\"123450\",\"heldCenti\":\"500\","
     "\"minutes\":\"61440\"},"
     "\"lots\":[{\"lot\":\"20818\",\"pointsCenti\":\"23450\"},"
     "{\"lot\":\"21183\",\"pointsCenti\":\"100000\"}],"
     "\"years\":[{\"year\":2024,\"minutes\":\"20440\",\"services\":120},{\"year\":2025,\"minutes\":"
     "\"41000\"}],"
     "\"lastEntry\":\"823456\",\"maskedName\":\"张*明\",\"publishName\":true,"
     "\"maskedPhone\":\"138****5678\"},\"asOfEntry\":\"1000000\"}");
static const char write_text[] =
    ("{\"commands\":[{\"id\":\"AZNjQ4Vdfdq9v7Jz1kz0dQ==\",\"day\":20400,\"hasDay\":true,\"desk\":3,"
     "\"serviceRecord\":{\"member\":{\"card\":\"62000000102345\"},\"category\":4,\"minutes\":90,"
     "\"startMinute\":540,\"hasStart\":true}}]}");

/* Of the processor, whatever else runs on it. */
static int64_t cpu_ns(void)
{
    struct timespec time;
    LB_ASSERT(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void bench(const char *what, struct bytes text, const ProtobufCMessageDescriptor *descriptor)
{
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    struct bytes printed = {NULL, 0};
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    const int64_t begun_ns = cpu_ns();
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(&arena);
        if (json_parse(text, descriptor, &arena, &message, problem) != LB_OK) {
            (void)fprintf(stderr, "json_tool: %s: %s\n", what, problem);
            exit(EXIT_FAILURE);
        }
    }
    const int64_t parsed_ns = cpu_ns();
    struct arena printing;
    arena_init(&printing, arena_memory_heap(), ARENA_BYTES);
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(&printing);
        LB_ASSERT(json_print(message, &printing, &printed) == LB_OK);
    }
    (void)printf("%s, %zu bytes: parse %" PRId64 " ns, print %" PRId64 " ns\n", what, printed.size,
                 (parsed_ns - begun_ns) / ROUNDS, (cpu_ns() - parsed_ns) / ROUNDS);
    arena_fini(&printing);
    arena_fini(&arena);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--bench") == 0) {
        bench("MemberGetRequest", BYTES_LITERAL("{\"member\":{\"card\":\"62000000102345\"}}"),
              &lovebank__v1__member_get_request__descriptor);
        bench("MemberGetResponse", bytes_of_text(member_text),
              &lovebank__v1__member_get_response__descriptor);
        bench("WriteRequest of one record", bytes_of_text(write_text),
              &lovebank__v1__write_request__descriptor);
    } else {
        answer_all();
    }
    return EXIT_SUCCESS;
}
