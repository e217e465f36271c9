/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Making, packing and keeping write requests. One thread. */
#include "sim_request.h"

#include "base/assert.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"

#include <stdlib.h>
#include <string.h>

#define PACK_BYTES_MAX (UINT64_C(4) << 20)

uint64_t sim_hash(uint64_t so_far, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint64_t hash = so_far ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

void sim_requests_init(struct sim_requests *requests)
{
    *requests = (struct sim_requests){.cap = 1024};
    requests->items = calloc(requests->cap, sizeof(requests->items[0]));
    LB_ASSERT(requests->items != NULL);
    arena_init(&requests->arena, arena_memory_heap(), PACK_BYTES_MAX);
}

void sim_requests_fini(struct sim_requests *requests)
{
    for (size_t i = 0; i < requests->count; i++) {
        struct sim_request *request = requests->items[i];
        free((void *)(uintptr_t)request->payload.data);
        free(request->sent);
        free(request);
    }
    free(requests->items);
    arena_fini(&requests->arena);
}

struct sim_request *sim_requests_find(const struct sim_requests *requests, struct bytes payload)
{
    const uint64_t hash = sim_hash(0, payload.data, payload.size);
    for (size_t i = requests->count; i > 0; i--) {
        struct sim_request *request = requests->items[i - 1];
        if (request->hash == hash && bytes_equal(request->payload, payload)) {
            return request;
        }
    }
    return NULL;
}

/* ---- making ---- */

/* Whether the command says on the wire what the struct says: mistakes that it cannot carry are the
 * business of the wire's own tests. */
static bool command_is_sendable(struct sim_requests *requests, const struct command *command)
{
    struct entry_command_message message;
    struct command decoded;
    enum lb_result packed = entry_command_to_pb(command, &requests->arena, &message);
    LB_ASSERT(packed == LB_OK);
    return entry_command_from_pb(&message.command, &decoded).code == LB_OK;
}

static void request_add(struct sim_requests *requests, struct sim_request *request,
                        struct world *world)
{
    struct ref_answer ignored;
    struct model_command *sent = &request->sent[request->count++];
    do {
        generate_next(&world->generate, &world->ref, sent);
    } while (!command_is_sendable(requests, &sent->command));
    if (generate_chance(&world->generate, 1) && !id_is_zero(&requests->last_batch_id)) {
        sent->command.id = requests->last_batch_id;
    }
    ref_run(&world->ref, sent, &ignored); /* later ones can point to it */
}

static void request_fill(struct sim_requests *requests, struct sim_request *request,
                         struct world *world)
{
    struct generate *generate = &world->generate;
    const size_t entries_before = world->ref.entry_count;
    request->all_or_nothing = generate_chance(generate, 15);
    request->dry_run = generate_chance(generate, 15);
    const size_t count =
        1 + generate_below(generate, request->all_or_nothing ? 5 : WORLD_COMMANDS_MAX);
    while (request->count < count) {
        request_add(requests, request, world);
    }
    ref_forget(&world->ref, entries_before);
    if (request->all_or_nothing) {
        request->batch_id =
            generate_chance(generate, 2) ? request->sent[0].command.id : generate_id(generate);
        requests->last_batch_id = request->batch_id;
    }
}

static void request_pack(struct sim_requests *requests, struct sim_request *request)
{
    struct entry_command_message messages[WORLD_COMMANDS_MAX];
    Lovebank__V1__Command *pointers[WORLD_COMMANDS_MAX];
    Lovebank__V1__WriteRequest write;
    struct bytes packed;
    lovebank__v1__write_request__init(&write);
    write.commands = pointers;
    write.n_commands = request->count;
    write.dry_run = request->dry_run;
    write.all_or_nothing = request->all_or_nothing;
    if (request->all_or_nothing) {
        write.batch_id =
            (ProtobufCBinaryData){sizeof(request->batch_id.bytes), request->batch_id.bytes};
    }
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < request->count && result == LB_OK; i++) {
        pointers[i] = &messages[i].command;
        result = entry_command_to_pb(&request->sent[i].command, &requests->arena, &messages[i]);
    }
    LB_ASSERT(result == LB_OK);
    result = entry_message_pack(&write.base, &requests->arena, &packed);
    LB_ASSERT(result == LB_OK);
    uint8_t *copy = malloc(packed.size);
    LB_ASSERT(copy != NULL);
    memcpy(copy, packed.data, packed.size);
    request->payload = bytes_of(copy, packed.size);
    request->hash = sim_hash(0, copy, packed.size);
    arena_reset(&requests->arena);
}

struct sim_request *sim_requests_make(struct sim_requests *requests, struct world *world)
{
    struct sim_request *request = calloc(1, sizeof(*request));
    LB_ASSERT(request != NULL);
    request->sent = calloc(WORLD_COMMANDS_MAX, sizeof(request->sent[0]));
    LB_ASSERT(request->sent != NULL);
    if (requests->count == 0) {
        while (
            generate_beginning(&world->generate, request->count, &request->sent[request->count])) {
            request->count++;
        }
    } else {
        request_fill(requests, request, world);
    }
    request_pack(requests, request);
    if (requests->count == requests->cap) {
        requests->cap *= 2;
        requests->items = realloc(requests->items, requests->cap * sizeof(requests->items[0]));
        LB_ASSERT(requests->items != NULL);
    }
    requests->items[requests->count++] = request;
    return request;
}
