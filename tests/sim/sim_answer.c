/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Reading answers to write requests. One thread. */
#include "sim_answer.h"

#include "entry/amounts_codec.h"
#include "lovebank/v1/services.pb-c.h"

static void read_result(const Lovebank__V1__Result *from, struct priced_line *lines,
                        struct engine_result *to)
{
    *to = (struct engine_result){
        .verdict = {(enum lb_result)from->code, from->a, from->b, from->c, ""},
        .entry = from->entry,
        .assigned = from->assigned,
        .assigned_card = from->assigned_card,
        .replayed = from->replayed,
        .reversed_by = from->reversed_by,
        .known_code = from->known_code,
        .failed_line = from->failed_line,
        .failed_code = from->failed_code,
        .balance_count = from->n_balances,
        .lines = lines,
        .line_count = from->n_lines,
    };
    for (size_t i = 0; i < from->n_balances && i < ENTRY_LINKS_MAX; i++) {
        entry_balances_from_pb(from->balances[i], &to->balances[i]);
    }
    for (size_t i = 0; i < from->n_lines && i < LB_COMMAND_LINES_MAX; i++) {
        entry_priced_line_from_pb(from->lines[i], &lines[i]);
    }
    if (from->earning != NULL) {
        entry_earning_from_pb(from->earning, &to->earning);
    }
}

bool sim_answer_read(enum lb_frame_kind kind, struct bytes payload, struct sim_answer *answer)
{
    answer->count = 0;
    if (kind == LB_FRAME_ERROR) {
        struct lb_frame_error error;
        if (lb_frame_error_decode(payload.data, payload.size, &error) != LB_OK) {
            return false;
        }
        answer->verdict = (struct verdict){.code = (enum lb_result)error.result, .text = ""};
        return true;
    }
    Lovebank__V1__WriteResponse *response =
        lovebank__v1__write_response__unpack(NULL, payload.size, payload.data);
    if (response == NULL) {
        return false;
    }
    const bool fits = response->n_results <= WORLD_COMMANDS_MAX;
    answer->verdict =
        (struct verdict){(enum lb_result)response->code, response->a, response->b, response->c, ""};
    for (size_t i = 0; fits && i < response->n_results; i++) {
        read_result(response->results[i], answer->lines[i], &answer->results[i]);
        answer->count++;
    }
    lovebank__v1__write_response__free_unpacked(response, NULL);
    return fits;
}
