/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Totals of a year for staff: persons and person-times of an org and all below it, of any class.
 * Worked out over the bank's views alone. One thread at a time.
 *
 * Who counts: members in the org and class on 31 December, as on the board. Persons (人) and
 * person-times (人次) are never mixed.
 */
#ifndef REPORT_TOTALS_H
#define REPORT_TOTALS_H

#include "bank/entry.h"
#include "base/arena.h"
#include "ledger/views.h"
#include "report/counts.h"

#include <stdint.h>

struct totals_query {
    int32_t year;
    uint64_t org;
    uint32_t class_id; /* 0: all members */
};

struct totals {
    uint64_t members; /* without those who left by the end of the year */
    struct counts counts;
};

/* LB_OK; LB_FIELD_INVALID: the year; LB_ORG_UNKNOWN, LB_CLASS_UNKNOWN, LB_AMOUNT_OVERFLOW,
 * LB_MEMORY. Look at views_fault() first. */
LB_MUST_CHECK struct verdict totals_make(struct views views, const struct totals_query *query,
                                         struct arena *arena, struct totals *totals);

#endif
