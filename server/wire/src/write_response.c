/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encoding write responses. A batch may have thousands of results, so their messages are never in
 * memory together: each is filled on the stack, once to be measured and once to be packed. That is
 * allowed since the bytes of two messages, one after the other, are the bytes of both merged.
 * One arena per thread.
 */
#include "wire/write.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "lovebank/v1/services.pb-c.h"
#include "wire/payload.h"

/* A result without lines and earning; its text is static and short. */
#define RESULT_BYTES_MAX 480
_Static_assert(LB_BATCH_COMMANDS_MAX *RESULT_BYTES_MAX < LB_FRAME_PAYLOAD_BYTES_MAX,
               "a full batch's results fit into a frame without lines and earnings");

/* A response of one result. Points into itself. */
struct response_part {
    Lovebank__V1__WriteResponse response;
    Lovebank__V1__Result result;
    Lovebank__V1__Result *result_pointer;
    Lovebank__V1__Balances balances[ENTRY_LINKS_MAX];
    Lovebank__V1__Balances *balance_pointers[ENTRY_LINKS_MAX];
    Lovebank__V1__PricedLine lines[LB_COMMAND_LINES_MAX];
    Lovebank__V1__PricedLine *line_pointers[LB_COMMAND_LINES_MAX];
    Lovebank__V1__Earning earning;
};

/* Messages have char *, and packing only reads. */
static char *text_of(const struct verdict *verdict)
{
    return (char *)(uintptr_t)verdict->text;
}

static void part_init(const struct verdict *verdict, struct response_part *part)
{
    lovebank__v1__write_response__init(&part->response);
    part->result_pointer = &part->result;
    part->response.results = &part->result_pointer;
    part->response.n_results = 1;
    lovebank__v1__result__init(&part->result);
    part->result.code = (uint32_t)verdict->code;
    part->result.a = verdict->a;
    part->result.b = verdict->b;
    part->result.c = verdict->c;
    part->result.text = text_of(verdict);
}

static void part_fill(const struct wire_write_result *from, struct response_part *part)
{
    LB_ASSERT(from->balance_count <= ENTRY_LINKS_MAX);
    Lovebank__V1__Result *to = &part->result;
    to->entry = from->entry;
    to->assigned = from->assigned;
    to->assigned_card = from->assigned_card;
    to->replayed = from->replayed;
    to->reversed_by = from->reversed_by;
    to->known_code = from->known_code;
    to->failed_line = from->failed_line;
    to->failed_code = from->failed_code;
    to->n_balances = from->balance_count;
    to->balances = part->balance_pointers;
    for (size_t i = 0; i < from->balance_count; i++) {
        part->balance_pointers[i] = &part->balances[i];
        entry_balances_to_pb(&from->balances[i], &part->balances[i]);
    }
}

static void part_fill_details(const struct wire_write_result *from, struct response_part *part)
{
    LB_ASSERT(from->line_count <= LB_COMMAND_LINES_MAX);
    part->result.n_lines = from->line_count;
    part->result.lines = part->line_pointers;
    for (size_t i = 0; i < from->line_count; i++) {
        part->line_pointers[i] = &part->lines[i];
        entry_priced_line_to_pb(&from->lines[i], &part->lines[i]);
    }
    if (from->earning.member != 0) {
        part->result.earning = &part->earning;
        entry_earning_to_pb(&from->earning, &part->earning);
    }
}

/* Packs one result for each verdict of the request, its own or the next of `results`; or only
 * measures, when `out` is NULL. Returns the bytes. */
static size_t pack_results(const struct wire_write_request *request,
                           const struct wire_write_result *results, bool with_details, uint8_t *out)
{
    size_t submitted = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < request->verdict_count; i++) {
        struct response_part part;
        if (request->verdicts[i].code != LB_OK) {
            part_init(&request->verdicts[i], &part);
            part.result.failed_line = request->failed_line;
            part.result.failed_code = request->failed_code;
        } else {
            const struct wire_write_result *from = &results[submitted++];
            part_init(&from->verdict, &part);
            part_fill(from, &part);
            if (with_details) {
                part_fill_details(from, &part);
            }
        }
        bytes += out == NULL ? protobuf_c_message_get_packed_size(&part.response.base)
                             : protobuf_c_message_pack(&part.response.base, out + bytes);
    }
    LB_ASSERT(submitted == request->command_count);
    return bytes;
}

enum lb_result wire_write_response_encode(const struct wire_write_request *request,
                                          const struct verdict *verdict,
                                          const struct wire_write_result *results,
                                          struct arena *arena, struct bytes *payload)
{
    static const struct wire_write_request none = {0};
    *payload = (struct bytes){NULL, 0};
    if (verdict->code != LB_OK) {
        request = &none;
    }
    Lovebank__V1__WriteResponse head;
    lovebank__v1__write_response__init(&head);
    head.code = (uint32_t)verdict->code;
    head.a = verdict->a;
    head.b = verdict->b;
    head.c = verdict->c;
    head.text = text_of(verdict);
    size_t head_bytes = protobuf_c_message_get_packed_size(&head.base);
    bool with_details = true;
    size_t size = head_bytes + pack_results(request, results, with_details, NULL);
    if (size > LB_FRAME_PAYLOAD_BYTES_MAX) {
        with_details = false;
        size = head_bytes + pack_results(request, results, with_details, NULL);
    }
    LB_ASSERT(size <= LB_FRAME_PAYLOAD_BYTES_MAX);
    uint8_t *data = arena_take(arena, size);
    if (data == NULL) {
        return LB_MEMORY;
    }
    size_t written = protobuf_c_message_pack(&head.base, data);
    written += pack_results(request, results, with_details, data + written);
    LB_ASSERT(written == size);
    *payload = bytes_of(data, size);
    return LB_OK;
}
