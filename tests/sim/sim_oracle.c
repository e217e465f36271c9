/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The oracle: requests under way, replies against the reference, what a crash left. One thread. */
#include "sim_oracle.h"

#include "base/assert.h"
#include "base/date.h"
#include "entry/amounts_codec.h"
#include "lovebank/client.h"
#include "lovebank/v1/queries.pb-c.h"
#include "sim_answer.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX (UINT64_C(16) << 20)

void oracle_init(struct sim_oracle *oracle, uint64_t seed)
{
    memset(oracle, 0, sizeof(*oracle));
    oracle->world.seed = seed;
    generate_init(&oracle->world.generate, seed);
    ref_init(&oracle->world.ref);
    sim_requests_init(&oracle->requests);
    oracle->ack_cap = 1024;
    oracle->acks = calloc(oracle->ack_cap, sizeof(oracle->acks[0]));
    LB_ASSERT(oracle->acks != NULL);
}

void oracle_fini(struct sim_oracle *oracle)
{
    ref_fini(&oracle->world.ref);
    sim_requests_fini(&oracle->requests);
    free(oracle->acks);
}

static int32_t day_of(int64_t ms)
{
    return date_day_of_ms(ms, SIM_ZONE_EAST_S);
}

static int32_t later_day(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

void oracle_set_clock(struct sim_oracle *oracle, int64_t now_ms)
{
    oracle->today_day = day_of(now_ms);
    oracle->world.ref.today_day = later_day(oracle->today_day, day_of(oracle->head_ms));
    for (size_t i = 0; i < oracle->pending_count; i++) {
        struct sim_pending *pending = &oracle->pending[i];
        pending->has_day_changed =
            pending->has_day_changed || pending->day_last != oracle->today_day;
        pending->day_last = oracle->today_day;
    }
}

/* ---- requests under way ---- */

void oracle_arrives(struct sim_oracle *oracle, struct bytes payload, struct rpc_token token)
{
    struct sim_request *request = sim_requests_find(&oracle->requests, payload);
    if (request == NULL) {
        world_fail(&oracle->world, "a request arrived that nobody made");
    }
    LB_ASSERT(oracle->pending_count < SIM_PENDING_MAX);
    oracle->pending[oracle->pending_count++] = (struct sim_pending){.request = request,
                                                                    .token = token,
                                                                    .day_first = oracle->today_day,
                                                                    .day_last = oracle->today_day};
}

void oracle_dispatched(struct sim_oracle *oracle)
{
    if (oracle->pending_count > 0) {
        oracle->pending[oracle->pending_count - 1].is_submitted = true;
    }
}

static void pending_remove(struct sim_oracle *oracle, size_t at)
{
    oracle->pending_count--;
    memmove(&oracle->pending[at], &oracle->pending[at + 1],
            (oracle->pending_count - at) * sizeof(oracle->pending[0]));
}

/* ---- the book ---- */

static void read_entry(struct sim_oracle *oracle, uint64_t number, struct arena *arena,
                       struct entry *entry)
{
    struct engine_view view;
    struct bytes packed;
    enum lb_result result = engine_view_open(oracle->world.engine, arena, &view);
    if (result == LB_OK) {
        result = engine_view_entry(&view, number, &packed, entry);
        engine_view_close(&view);
    }
    if (result != LB_OK) {
        world_fail(&oracle->world, "entry %llu cannot be read: %s", (unsigned long long)number,
                   lb_result_name((int)result));
    }
}

static int64_t recorded_ms_of(struct sim_oracle *oracle, uint64_t number)
{
    struct arena arena;
    struct entry entry;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    read_entry(oracle, number, &arena, &entry);
    arena_fini(&arena);
    if (entry.recorded_ms < oracle->head_ms) {
        world_fail(&oracle->world, "entry %llu was recorded before the one before it",
                   (unsigned long long)number);
    }
    return entry.recorded_ms;
}

/* ---- replies ---- */

static void ask_reference(struct sim_oracle *oracle, const struct sim_request *request)
{
    struct world_request *asked = &oracle->asked;
    memcpy(asked->sent, request->sent, request->count * sizeof(request->sent[0]));
    asked->count = request->count;
    asked->write = (struct engine_write){.dry_run = request->dry_run,
                                         .all_or_nothing = request->all_or_nothing,
                                         .batch_id = request->batch_id};
    world_expect(&oracle->world, asked);
}

/* The newest entry that the answer says was made; 0: it made none. */
static uint64_t newest_entry(const struct sim_oracle *oracle, const struct sim_request *request,
                             const struct sim_answer *answer)
{
    uint64_t newest = 0;
    for (size_t i = 0; i < answer->count && !request->dry_run; i++) {
        const uint64_t entry = answer->results[i].entry;
        newest = entry > oracle->world.ref.entry_count && entry > newest ? entry : newest;
    }
    return newest;
}

/* The day on which the request was decided. false: nothing tells. */
static bool find_day(struct sim_oracle *oracle, const struct sim_pending *pending,
                     const struct sim_answer *answer)
{
    const uint64_t newest = newest_entry(oracle, pending->request, answer);
    const int32_t head_day = day_of(oracle->head_ms);
    if (newest > 0) {
        oracle->head_ms = recorded_ms_of(oracle, newest);
        oracle->world.ref.today_day = day_of(oracle->head_ms);
        return true;
    }
    oracle->world.ref.today_day = later_day(pending->day_last, head_day);
    return !pending->has_day_changed;
}

/* Refused as the store could not take it: nothing happened, and the client sends it again. */
static bool is_fault(enum lb_result code)
{
    return code == LB_STORAGE_FULL || code == LB_STORAGE_CONFLICT || code == LB_MEMORY ||
           code == LB_TRY_LATER;
}

static void judge(struct sim_oracle *oracle, const struct sim_pending *pending,
                  struct sim_answer *answer)
{
    struct world *world = &oracle->world;
    if (is_fault(answer->verdict.code)) {
        if (!oracle->may_fault) {
            world_fail(world, "%s without a cause", lb_result_name((int)answer->verdict.code));
        }
        oracle->faulted++;
        return;
    }
    if (!pending->is_submitted || pending != &oracle->pending[0]) {
        world_fail(world, "a request was answered before its turn: %s",
                   lb_result_name((int)answer->verdict.code));
    }
    oracle->commands += pending->request->count;
    if (!find_day(oracle, pending, answer)) {
        oracle->unjudged += pending->request->count;
        return;
    }
    ask_reference(oracle, pending->request);
    if (answer->verdict.code == LB_OK && answer->count != pending->request->count) {
        world_fail(world, "%zu results for %zu commands", answer->count, pending->request->count);
    }
    oracle->asked.write.verdict = answer->verdict;
    oracle->asked.write.results = answer->results;
    world_compare_request(world, &oracle->asked);
}

void oracle_replies(struct sim_oracle *oracle, struct rpc_token token, enum lb_frame_kind kind,
                    struct bytes payload)
{
    oracle->trace = sim_hash(oracle->trace, payload.data, payload.size);
    size_t at = 0;
    while (at < oracle->pending_count &&
           memcmp(&oracle->pending[at].token, &token, sizeof(token)) != 0) {
        at++;
    }
    if (at == oracle->pending_count) {
        return; /* of a read */
    }
    struct sim_pending *pending = &oracle->pending[at];
    struct sim_answer answer = {.results = oracle->results, .lines = oracle->lines};
    if (!sim_answer_read(kind, payload, &answer)) {
        world_fail(&oracle->world, "an answer that cannot be read");
    }
    if (oracle->changes_answers && answer.count > 0 && answer.results[0].replayed) {
        answer.results[0].balances[0].points_centi++;
        answer.results[0].entry++;
    }
    struct sim_request *request = pending->request;
    request->replies[request->reply_count++ % SIM_REPLIES_KEPT] =
        sim_hash(0, payload.data, payload.size);
    judge(oracle, pending, &answer);
    pending_remove(oracle, at);
    oracle->world.ref.today_day = later_day(oracle->today_day, day_of(oracle->head_ms));
}

static void judge_member(struct sim_oracle *oracle, const Lovebank__V1__MemberGetResponse *response)
{
    const struct world *world = &oracle->world;
    if (response->as_of_entry < world->ref.entry_count) {
        world_fail(world, "a read as of entry %llu came after an answer as of %zu",
                   (unsigned long long)response->as_of_entry, world->ref.entry_count);
    }
    if (response->as_of_entry > world->ref.entry_count || response->code != LB_OK) {
        return;
    }
    struct member_balances got;
    entry_balances_from_pb(response->info->balances, &got);
    const struct member_balances wanted = ref_balances_of(&world->ref, got.member);
    if (got.points_centi != wanted.points_centi || got.held_centi != wanted.held_centi ||
        got.debt_centi != wanted.debt_centi || got.minutes != wanted.minutes) {
        world_fail(world, "member %llu is read with other balances",
                   (unsigned long long)got.member);
    }
}

static void judge_status(struct sim_oracle *oracle, const Lovebank__V1__StatusResponse *response)
{
    const struct world *world = &oracle->world;
    if (response->durable_entry < world->ref.entry_count ||
        response->tree_size > response->durable_entry) {
        world_fail(world, "the status says %llu entries, %llu in the tree, after %zu were answered",
                   (unsigned long long)response->durable_entry,
                   (unsigned long long)response->tree_size, world->ref.entry_count);
    }
}

void oracle_reads(struct sim_oracle *oracle, uint16_t method, struct bytes payload)
{
    oracle->trace = sim_hash(oracle->trace, payload.data, payload.size);
    const ProtobufCMessageDescriptor *type = method == LB_METHOD_MEMBER_GET
                                                 ? &lovebank__v1__member_get_response__descriptor
                                                 : &lovebank__v1__status_response__descriptor;
    if (method != LB_METHOD_MEMBER_GET && method != LB_METHOD_STATUS) {
        return;
    }
    ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, payload.size, payload.data);
    if (message == NULL) {
        world_fail(&oracle->world, "an answer that cannot be read");
    }
    if (method == LB_METHOD_MEMBER_GET) {
        judge_member(oracle, (const Lovebank__V1__MemberGetResponse *)message);
    } else {
        judge_status(oracle, (const Lovebank__V1__StatusResponse *)message);
    }
    protobuf_c_message_free_unpacked(message, NULL);
    oracle->reads++;
}

void oracle_delivers(struct sim_oracle *oracle, const struct sim_request *request,
                     struct bytes payload)
{
    struct world *world = &oracle->world;
    const uint64_t hash = sim_hash(0, payload.data, payload.size);
    bool is_known = false;
    for (size_t i = 0; i < request->reply_count && i < SIM_REPLIES_KEPT; i++) {
        is_known = is_known || request->replies[i] == hash;
    }
    if (!is_known) {
        world_fail(world, "a client got an answer that is not to its request");
    }
    struct sim_answer answer = {.results = oracle->results, .lines = oracle->lines};
    if (!sim_answer_read(LB_FRAME_RESPONSE, payload, &answer)) {
        world_fail(world, "an answer that cannot be read");
    }
    for (size_t i = 0; i < answer.count && !request->dry_run; i++) {
        const struct engine_result *result = &answer.results[i];
        if (result->entry == 0) {
            continue;
        }
        if (oracle->ack_count == oracle->ack_cap) {
            oracle->ack_cap *= 2;
            oracle->acks = realloc(oracle->acks, oracle->ack_cap * sizeof(oracle->acks[0]));
            LB_ASSERT(oracle->acks != NULL);
        }
        oracle->acks[oracle->ack_count++] = (struct sim_ack){
            result->failed_line != 0 ? request->batch_id : request->sent[i].command.id,
            result->entry};
    }
}

/* ---- after a crash, and at the end ---- */

/* Whether the reference's entries from there on are the store's. */
static bool are_stored(struct sim_oracle *oracle, size_t from, uint64_t head)
{
    const struct ref *ref = &oracle->world.ref;
    struct arena arena;
    bool is_same = ref->entry_count > from && ref->entry_count <= head;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    for (uint64_t number = from + 1; is_same && number <= ref->entry_count; number++) {
        const struct ref_entry *wanted = ref_entry_at(ref, number);
        struct entry entry;
        arena_reset(&arena);
        read_entry(oracle, number, &arena, &entry);
        is_same = id_equal(&entry.command.id, &wanted->command.id) &&
                  entry.command.kind == wanted->command.kind && entry.day == wanted->day &&
                  (entry.verdict.code == LB_OK) == (wanted->answer.code == LB_OK);
    }
    arena_fini(&arena);
    return is_same;
}

/* The request, if the next entries of the store are its own. */
static void catch_up(struct sim_oracle *oracle, const struct sim_request *request, uint64_t head)
{
    struct world *world = &oracle->world;
    const size_t before = world->ref.entry_count;
    const int64_t recorded_ms = recorded_ms_of(oracle, before + 1);
    world->ref.today_day = day_of(recorded_ms);
    ask_reference(oracle, request);
    if (world->ref.entry_count == before) {
        return;
    }
    if (!are_stored(oracle, before, head)) {
        ref_forget(&world->ref, before);
        return;
    }
    oracle->head_ms = recorded_ms;
    oracle->caught_up++;
}

static uint64_t read_head(struct sim_oracle *oracle)
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    enum lb_result result = engine_view_open(oracle->world.engine, &arena, &view);
    if (result != LB_OK) {
        world_fail(&oracle->world, "no view: %s", lb_result_name((int)result));
    }
    const uint64_t head = view.head_entry;
    engine_view_close(&view);
    arena_fini(&arena);
    return head;
}

void oracle_restarted(struct sim_oracle *oracle)
{
    struct world *world = &oracle->world;
    const uint64_t head = read_head(oracle);
    if (head < world->ref.entry_count) {
        world_fail(world, "the store has only %llu entries: answers were given for more",
                   (unsigned long long)head);
    }
    for (size_t i = 0; i < oracle->pending_count && world->ref.entry_count < head; i++) {
        catch_up(oracle, oracle->pending[i].request, head);
    }
    if (world->ref.entry_count != head) {
        world_fail(world, "entries up to %llu, and nobody asked for them in this order",
                   (unsigned long long)head);
    }
    oracle->pending_count = 0;
    oracle->may_fault = false;
    world->ref.today_day = later_day(oracle->today_day, day_of(oracle->head_ms));
}

void oracle_check_all(struct sim_oracle *oracle)
{
    struct world *world = &oracle->world;
    struct arena arena;
    struct engine_view view;
    LB_ASSERT(oracle->pending_count == 0);
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES_MAX);
    enum lb_result result = engine_view_open(world->engine, &arena, &view);
    if (result != LB_OK) {
        world_fail(world, "no view: %s", lb_result_name((int)result));
    }
    for (size_t i = 0; i < oracle->ack_count; i++) {
        const struct sim_ack *ack = &oracle->acks[i];
        const uint64_t found = view.bank.log.find_request(view.bank.log.context, &ack->id);
        if (found != ack->entry) {
            world_fail(world, "a client was told of entry %llu, and its id leads to %llu",
                       (unsigned long long)ack->entry, (unsigned long long)found);
        }
    }
    engine_view_close(&view);
    arena_fini(&arena);
    world_compare_all(world);
}
