/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of a breakdown while they are counted: entries in any order go in, rows come out. Not
 * the reading of the log, and not which entries count. One thread at a time.
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "bank/entry.h"
#include "number_set.h"
#include "report/breakdown.h"

struct tally {
    const struct breakdown_query *query;
    struct breakdown_row *rows; /* an open table of fixed size, so that a row's place stays */
    bool *is_taken;             /* of each place, whether there is a row */
    size_t row_count;
    uint64_t person_times;     /* counted so far, of all three kinds */
    struct number_set members; /* who counts */
    struct number_set persons; /* (row, member, what): each counted once */
};

/* The table comes from the arena and lives as long; the sets from its memory port, until
 * tally_fini. LB_OK, LB_MEMORY: nothing to finish. */
LB_MUST_CHECK enum lb_result tally_init(struct tally *tally, const struct breakdown_query *query,
                                        struct arena *arena);
void tally_fini(struct tally *tally);
/* This member counts. */
LB_MUST_CHECK enum lb_result tally_admit(struct tally *tally, uint64_t member);
/* An entry of the year that was done and stands. LB_OK, LB_MEMORY, LB_ROWS_TOO_MANY,
 * LB_AMOUNT_OVERFLOW. */
LB_MUST_CHECK enum lb_result tally_add(struct tally *tally, const struct entry *entry);
/* row_count rows, sorted, where the table was: nothing can be added any more. */
const struct breakdown_row *tally_finish(struct tally *tally);

#endif
