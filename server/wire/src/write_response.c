/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encoding write responses: directly, field by field from the last to the first (entry/packer.h),
 * since a batch may have thousands of results. One arena per thread.
 */
#include "wire/write.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "entry/packer.h"
#include "lovebank/limits.h"

/* A result without lines and earning; its text is static and short. */
#define RESULT_BYTES_MAX 480
_Static_assert(LB_BATCH_COMMANDS_MAX *RESULT_BYTES_MAX < LB_FRAME_PAYLOAD_BYTES_MAX,
               "a full batch's results fit into a frame without lines and earnings");

static void pack_text(const char *text, unsigned field, struct packer *to)
{
    packer_bytes(to, field, bytes_of_text(text));
}

static void pack_details(const struct wire_write_result *from, struct packer *to)
{
    LB_ASSERT(from->line_count <= LB_COMMAND_LINES_MAX);
    for (size_t i = from->line_count; i > 0; i--) {
        entry_priced_line_pack(&from->lines[i - 1], 11, to);
    }
    if (from->earning.member != 0) {
        entry_earning_pack(&from->earning, 10, to);
    }
}

/* One Result, a field of the response. */
static void pack_result(const struct wire_write_result *from, bool with_details, struct packer *to)
{
    const uint8_t *end = to->at;
    LB_ASSERT(from->balance_count <= ENTRY_LINKS_MAX);
    packer_uint(to, 16, from->known_code);
    packer_uint(to, 15, from->reversed_by);
    packer_uint(to, 14, from->failed_code);
    packer_uint(to, 13, from->failed_line);
    packer_uint(to, 12, from->replayed);
    if (with_details) {
        pack_details(from, to);
    }
    packer_uint(to, 9, from->assigned_card);
    packer_uint(to, 8, from->assigned);
    for (size_t i = from->balance_count; i > 0; i--) {
        entry_balances_pack(&from->balances[i - 1], 7, to);
    }
    pack_text(from->verdict.text, 6, to);
    packer_sint(to, 5, from->verdict.c);
    packer_sint(to, 4, from->verdict.b);
    packer_sint(to, 3, from->verdict.a);
    packer_uint(to, 2, from->entry);
    packer_uint(to, 1, (uint64_t)from->verdict.code);
    packer_nest(to, 6, end);
}

/* One result for each verdict of the request: its own, or the next of `results`. */
static void pack_results(const struct wire_write_request *request,
                         const struct wire_write_result *results, bool with_details,
                         struct packer *to)
{
    size_t submitted = request->command_count;
    for (size_t i = request->verdict_count; i > 0; i--) {
        const struct verdict *verdict = &request->verdicts[i - 1];
        if (verdict->code == LB_OK) {
            pack_result(&results[--submitted], with_details, to);
        } else {
            const struct wire_write_result refused = {.verdict = *verdict,
                                                      .failed_line = request->failed_line,
                                                      .failed_code = request->failed_code};
            pack_result(&refused, false, to);
        }
    }
    LB_ASSERT(submitted == 0);
}

/* Room that is enough, without measuring what is packed. */
static size_t room_for(const struct wire_write_request *request,
                       const struct wire_write_result *results)
{
    size_t room = RESULT_BYTES_MAX + request->verdict_count * RESULT_BYTES_MAX;
    for (size_t i = 0; i < request->command_count; i++) {
        room += results[i].line_count * ENTRY_PRICED_LINE_BYTES_MAX;
        room += results[i].earning.member == 0 ? 0 : ENTRY_EARNING_BYTES_MAX;
    }
    return room;
}

static struct packer pack_response(const struct wire_write_request *request,
                                   const struct verdict *verdict,
                                   const struct wire_write_result *results, bool with_details,
                                   struct packer to)
{
    pack_results(request, results, with_details, &to);
    pack_text(verdict->text, 5, &to);
    packer_sint(&to, 4, verdict->c);
    packer_sint(&to, 3, verdict->b);
    packer_sint(&to, 2, verdict->a);
    packer_uint(&to, 1, (uint64_t)verdict->code);
    LB_ASSERT(!to.overflow);
    return to;
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
    size_t room = room_for(request, results);
    uint8_t *buffer = arena_take(arena, room);
    if (buffer == NULL) {
        return LB_MEMORY;
    }
    struct packer empty = packer_of(buffer, room);
    struct packer packed = pack_response(request, verdict, results, true, empty);
    if (packer_size(&packed) > LB_FRAME_PAYLOAD_BYTES_MAX) {
        packed = pack_response(request, verdict, results, false, empty);
    }
    LB_ASSERT(packer_size(&packed) <= LB_FRAME_PAYLOAD_BYTES_MAX);
    *payload = bytes_of(packed.at, packer_size(&packed));
    return LB_OK;
}
