/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: requests from whoever it may be, over a small town's book. An input is a list of
 * requests, each a header (who, method, time that goes by, size of the payload in two bytes) and a
 * payload. Each gets one reply; nobody but who has the right writes or gains; sums stay zero, and
 * every entry made is sound. One thread.
 */
#include "book_for_fuzz.h"

#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"

#define HEADER_BYTES 5
#define METHOD_WRITE 2
#define TRUSTED      15 /* who: the server itself */
#define AT_DEVICE    14 /* who: the desk's operator at the device */
#define STEP_MS      INT64_C(60000)
#define STEP_DAYS    128 /* from here on a step is of days */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
    struct fuzz_book *book;
    struct rpc *rpc;
    struct arena arena;  /* of replies */
    bool has_new_rights; /* this input gave or took some: the town's roles no longer tell */
    unsigned replies;
    enum lb_frame_kind kind;
    struct bytes payload;
};

static struct target *target_of_process;

/* --- ports ------------------------------------------------------------------------------------ */

static void target_takes_reply(void *context, struct rpc_token token, enum lb_frame_kind kind,
                               struct bytes payload)
{
    struct target *target = context;
    LB_ASSERT(token.words[0] == 7);
    LB_ASSERT(payload.size <= LB_FRAME_PAYLOAD_BYTES_MAX);
    target->replies++;
    target->kind = kind;
    LB_ASSERT(arena_copy(&target->arena, payload, &target->payload));
}

static void target_wakes(void *context)
{
    (void)context; /* rpc_complete comes after every request */
}

static void target_transports(void *context, struct rpc_transports *transports)
{
    (void)context;
    *transports = (struct rpc_transports){.connections = 1};
}

static enum lb_result target_opens_scratch(void *context, struct store **store)
{
    const struct store_mem_options options = {.is_async = false};
    (void)context;
    return store_mem_open(arena_memory_heap(), &options, store);
}

/* --- life ------------------------------------------------------------------------------------- */

static void target_open_rpc(struct target *target)
{
    const struct rpc_config config = {.version = "fuzzed",
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = 1,
                                      .memory_bytes_max = FUZZ_MEMORY_BYTES};
    const struct rpc_ports ports = {.engine = target->book->engine,
                                    .store = target->book->store,
                                    .clock = &target->book->clock,
                                    .log = &target->book->log,
                                    .reply = target_takes_reply,
                                    .wake = target_wakes,
                                    .transports = target_transports,
                                    .scratch_open = target_opens_scratch,
                                    .context = target};
    LB_ASSERT(rpc_new(&config, &ports, &target->rpc) == LB_OK);
}

static void target_free(void)
{
    rpc_free(target_of_process->rpc);
    fuzz_book_free(target_of_process->book);
    arena_fini(&target_of_process->arena);
    free(target_of_process);
}

static struct target *target_get(void)
{
    if (target_of_process == NULL) {
        struct target *target = calloc(1, sizeof(*target));
        LB_ASSERT(target != NULL);
        target->book = fuzz_book_new();
        arena_init(&target->arena, arena_memory_heap(), FUZZ_MEMORY_BYTES);
        target_open_rpc(target);
        target_of_process = target;
        LB_ASSERT(atexit(target_free) == 0);
    }
    return target_of_process;
}

/* --- what an answer may be -------------------------------------------------------------------- */

static bool changes_rights(enum act_kind kind)
{
    return kind == ACT_ROLE_SET || kind == ACT_PRINCIPAL_SET || kind == ACT_PROPOSAL_DECIDE;
}

/* By the roles of the town. The numbers of acts are those of rights. */
static bool actor_has_right(const struct actor *actor, enum act_kind kind)
{
    const enum right right = (enum right)kind;
    return actor->is_trusted ||
           (actor->principal < FUZZ_PRINCIPALS &&
            role_has_right(fuzz_roles[actor->principal], right)) ||
           (actor->device < FUZZ_PRINCIPALS && role_has_right(fuzz_roles[actor->device], right));
}

/* The desk's operator is member 1. */
static bool is_for_oneself(const struct actor *actor, const Lovebank__V1__Command *command)
{
    return actor->principal == FUZZ_DESK && !actor->is_trusted &&
           command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD &&
           command->service_record->member != NULL && command->service_record->member->member == 1;
}

static void check_result(struct target *target, const struct actor *actor,
                         const Lovebank__V1__Command *command, const Lovebank__V1__Result *result)
{
    const enum act_kind kind = (enum act_kind)command->act_case;
    const bool is_done = result->code == LB_OK;
    LB_ASSERT(lb_result_name((int)result->code) != NULL);
    LB_ASSERT(result->entry <= fuzz_book_entries(target->book));
    if (result->replayed || (!is_done && result->code != LB_WAITING)) {
        return;
    }
    LB_ASSERT(target->has_new_rights || actor_has_right(actor, kind));
    LB_ASSERT(target->has_new_rights || !is_done || !is_for_oneself(actor, command));
    target->has_new_rights = target->has_new_rights || (is_done && changes_rights(kind));
}

static void check_write(struct target *target, const struct actor *actor, struct bytes payload,
                        uint64_t entries_before)
{
    ProtobufCMessage *message = NULL;
    LB_ASSERT(entry_message_unpack(&lovebank__v1__write_response__descriptor, target->payload,
                                   &target->arena, &message) == LB_OK);
    const Lovebank__V1__WriteResponse *response = (const Lovebank__V1__WriteResponse *)message;
    if (response->code != LB_OK) {
        LB_ASSERT(fuzz_book_entries(target->book) == entries_before);
        return;
    }
    LB_ASSERT(entry_message_unpack(&lovebank__v1__write_request__descriptor, payload,
                                   &target->arena, &message) == LB_OK);
    const Lovebank__V1__WriteRequest *request = (const Lovebank__V1__WriteRequest *)message;
    LB_ASSERT(response->n_results == request->n_commands);
    for (size_t i = 0; i < request->n_commands; i++) {
        check_result(target, actor, request->commands[i], response->results[i]);
    }
    LB_ASSERT(!request->dry_run || fuzz_book_entries(target->book) == entries_before);
}

static void check_reply(struct target *target, const struct rpc_request *request,
                        uint64_t entries_before)
{
    struct lb_frame_error error;
    if (target->kind == LB_FRAME_RESPONSE && request->method == METHOD_WRITE) {
        check_write(target, &request->actor, request->payload, entries_before);
        return;
    }
    LB_ASSERT(fuzz_book_entries(target->book) == entries_before ||
              people_epoch(target->book->people) != 1); /* a rotation goes on by itself */
    LB_ASSERT(target->kind == LB_FRAME_RESPONSE ||
              lb_frame_error_decode(target->payload.data, target->payload.size, &error) == LB_OK);
}

/* --- one request ------------------------------------------------------------------------------ */

static struct actor actor_of(uint8_t who)
{
    const uint32_t number = who % 16;
    if (number == TRUSTED) {
        return (struct actor){.is_trusted = true, .peer = 1001};
    }
    if (number == AT_DEVICE) {
        return (struct actor){.principal = FUZZ_DESK, .device = FUZZ_DEVICE};
    }
    return (struct actor){.principal = number}; /* some that there are not */
}

static void target_step(struct target *target, uint8_t step)
{
    const int64_t ms = step < STEP_DAYS ? step * STEP_MS : (step - STEP_DAYS) * INT64_C(86400000);
    clock_step(&target->book->stepper, ms);
}

static void target_request(struct target *target, const uint8_t header[HEADER_BYTES],
                           struct bytes payload)
{
    const uint64_t entries = fuzz_book_entries(target->book);
    const struct rpc_request request = {.method = header[1],
                                        .payload = payload,
                                        .actor = actor_of(header[0]),
                                        .token = {.words = {7}}};
    target_step(target, header[2]);
    arena_reset(&target->arena);
    target->replies = 0;
    (void)rpc_dispatch(target->rpc, &request);
    rpc_turn_end(target->rpc);
    fuzz_settle(target->book);
    rpc_complete(target->rpc);
    LB_ASSERT(target->replies == 1);
    check_reply(target, &request, entries);
}

/* Frees rpc before the engine that it stands on is another. */
static void target_return(struct target *target)
{
    fuzz_check_sums(target->book);
    fuzz_check_entries(target->book);
    rpc_free(target->rpc);
    fuzz_book_return(target->book);
    target_open_rpc(target);
    target->has_new_rights = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct target *target = target_get();
    for (size_t at = 0; size - at >= HEADER_BYTES && !fuzz_book_is_full(target->book);) {
        const uint8_t *header = data + at;
        const size_t wanted = header[3] | (size_t)header[4] << 8;
        at += HEADER_BYTES;
        const size_t taken = wanted < size - at ? wanted : size - at;
        target_request(target, header, bytes_of(data + at, taken));
        at += taken;
    }
    if (fuzz_book_entries(target->book) != target->book->first_entries) {
        target_return(target);
    }
    target->book->stepper = (struct clock_stepper){.now_ms = START_MS, .monotonic_ms = 1};
    return 0;
}
