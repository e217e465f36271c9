/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The write method: a batch of commands in, one result for each out. A command that cannot be
 * decoded gets its own verdict and is never submitted; the others of the batch are.
 * Not the engine: that takes `commands` and gives the results. Safe from any thread, one arena per
 * thread.
 */
#ifndef WIRE_WRITE_H
#define WIRE_WRITE_H

#include "bank/command.h"
#include "bank/entry.h"
#include "base/arena.h"
#include "base/bytes.h"

struct wire_write_request {
    struct command *commands; /* those to submit, in their order; there may be none */
    size_t command_count;
    struct verdict *verdicts; /* one for each command of the batch: LB_OK, or why not submitted */
    size_t verdict_count;
    bool dry_run;
    bool all_or_nothing;
    struct id batch_id;   /* with all_or_nothing */
    uint32_t failed_line; /* of a batch refused as a whole, 1 first, else 0 */
    uint32_t failed_code; /* and that line's result */
};

/* The answer to one command that was submitted; see Result in results.proto. */
struct wire_write_result {
    struct verdict verdict;
    uint64_t entry;
    const struct member_balances *balances;
    size_t balance_count;
    const struct priced_line *lines;
    size_t line_count;
    struct earning earning; /* member 0: none */
    uint64_t assigned;
    uint64_t assigned_card;
    bool replayed;
    uint64_t reversed_by;
    uint32_t known_code;
    uint32_t failed_line;
    uint32_t failed_code;
};

/*
 * Decodes into the arena; texts of the commands live there too. The verdict is that of the request
 * as a whole: LB_OK; LB_MALFORMED; LB_BATCH_TOO_LARGE, found before anything is allocated;
 * LB_FIELD_MISSING "commands" or "batch_id"; LB_MEMORY. When a command of an all_or_nothing request
 * cannot be decoded, none is to be submitted: it has its own verdict, the others LB_BATCH_FAILED
 * with its line and its result's name, as when the engine refuses a batch.
 */
LB_MUST_CHECK struct verdict wire_write_request_decode(struct bytes payload, struct arena *arena,
                                                       struct wire_write_request *request);

/*
 * Encodes the answer. `results` are those of request->commands, in that order. With a `verdict`
 * other than LB_OK there are no results, and neither `request` nor `results` is looked at.
 * LB_OK, LB_MEMORY. What would not fit into one frame is sent without lines and earnings: they
 * stand in the entries.
 */
LB_MUST_CHECK enum lb_result wire_write_response_encode(const struct wire_write_request *request,
                                                        const struct verdict *verdict,
                                                        const struct wire_write_result *results,
                                                        struct arena *arena, struct bytes *payload);

#endif
