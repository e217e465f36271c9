/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encoding write responses. One arena per thread.
 */
#include "wire/write.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"
#include "wire/payload.h"

/* Texts are static and short; balances are the most that a result without lines has. */
#define RESULT_BYTES_MAX 320
_Static_assert(LB_BATCH_COMMANDS_MAX *RESULT_BYTES_MAX < LB_FRAME_PAYLOAD_BYTES_MAX,
               "a full batch's results fit into a frame without lines and earnings");

static void encode_verdict(const struct verdict *from, struct arena *arena,
                           Lovebank__V1__Result *to)
{
    lovebank__v1__result__init(to);
    to->code = (uint32_t)from->code;
    to->a = from->a;
    to->b = from->b;
    to->c = from->c;
    to->text = entry_text_to_pb(arena, bytes_of_text(from->text));
}

static void encode_balances(const struct wire_write_result *from, struct arena *arena,
                            Lovebank__V1__Result *to)
{
    Lovebank__V1__Balances *messages = arena_take(arena, from->balance_count * sizeof(messages[0]));
    to->balances = arena_take(arena, from->balance_count * sizeof(to->balances[0]));
    if (arena->exhausted) {
        return;
    }
    to->n_balances = from->balance_count;
    for (size_t i = 0; i < from->balance_count; i++) {
        to->balances[i] = &messages[i];
        entry_balances_to_pb(&from->balances[i], &messages[i]);
    }
}

static void encode_lines(const struct wire_write_result *from, struct arena *arena,
                         Lovebank__V1__Result *to)
{
    Lovebank__V1__PricedLine *messages = arena_take(arena, from->line_count * sizeof(messages[0]));
    to->lines = arena_take(arena, from->line_count * sizeof(to->lines[0]));
    if (arena->exhausted) {
        return;
    }
    to->n_lines = from->line_count;
    for (size_t i = 0; i < from->line_count; i++) {
        to->lines[i] = &messages[i];
        entry_priced_line_to_pb(&from->lines[i], &messages[i]);
    }
}

static void encode_result(const struct wire_write_result *from, struct arena *arena,
                          Lovebank__V1__Result *to)
{
    encode_verdict(&from->verdict, arena, to);
    to->entry = from->entry;
    to->assigned = from->assigned;
    to->assigned_card = from->assigned_card;
    to->replayed = from->replayed;
    to->failed_line = from->failed_line;
    to->failed_code = from->failed_code;
    if (from->balance_count > 0) {
        encode_balances(from, arena, to);
    }
    if (from->line_count > 0) {
        encode_lines(from, arena, to);
    }
    if (from->earning.member != 0) {
        to->earning = arena_take(arena, sizeof(*to->earning));
        if (to->earning != NULL) {
            entry_earning_to_pb(&from->earning, to->earning);
        }
    }
}

/* One for each verdict of the request: its own, or the next of `results`. */
static void encode_results(const struct wire_write_request *request,
                           const struct wire_write_result *results, struct arena *arena,
                           Lovebank__V1__WriteResponse *to)
{
    Lovebank__V1__Result *messages =
        arena_take(arena, request->verdict_count * sizeof(messages[0]));
    to->results = arena_take(arena, request->verdict_count * sizeof(to->results[0]));
    if (arena->exhausted) {
        return;
    }
    size_t submitted = 0;
    to->n_results = request->verdict_count;
    for (size_t i = 0; i < request->verdict_count; i++) {
        to->results[i] = &messages[i];
        if (request->verdicts[i].code == LB_OK) {
            encode_result(&results[submitted], arena, &messages[i]);
            submitted++;
        } else {
            encode_verdict(&request->verdicts[i], arena, &messages[i]);
        }
    }
    LB_ASSERT(submitted == request->command_count);
}

static void leave_out_details(Lovebank__V1__WriteResponse *response)
{
    for (size_t i = 0; i < response->n_results; i++) {
        response->results[i]->n_lines = 0;
        response->results[i]->earning = NULL;
    }
}

enum lb_result wire_write_response_encode(const struct wire_write_request *request,
                                          const struct verdict *verdict,
                                          const struct wire_write_result *results,
                                          struct arena *arena, struct bytes *payload)
{
    Lovebank__V1__WriteResponse response;
    lovebank__v1__write_response__init(&response);
    response.code = (uint32_t)verdict->code;
    response.a = verdict->a;
    response.b = verdict->b;
    response.c = verdict->c;
    response.text = entry_text_to_pb(arena, bytes_of_text(verdict->text));
    if (verdict->code == LB_OK) {
        encode_results(request, results, arena, &response);
    }
    struct verdict packed = wire_pack(&response.base, arena, payload);
    if (packed.code == LB_FRAME_TOO_LARGE) {
        leave_out_details(&response);
        packed = wire_pack(&response.base, arena, payload);
    }
    LB_ASSERT(packed.code == LB_OK || packed.code == LB_MEMORY);
    return packed.code;
}
