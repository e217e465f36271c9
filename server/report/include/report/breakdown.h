/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A year's totals, and the same counts by month, org and category. The rows come from the log,
 * which is read once, in pages, each under a short snapshot; entries after the one that the totals
 * are as of take no part, and neither do reversals made after it.
 *
 * Who counts: the members of the totals (report/totals.h). Where it counts:
 * - month: of the business day;
 * - org: Entry.org. Of service, the unit that recorded it; of goods, the counter's. It need not lie
 *   below the org asked for: members serve elsewhere too;
 * - category: of service; 0 for what points were spent on.
 *
 * So the rows of any breakdown add up to the totals in person-times, time and points. Persons do
 * not add up: who served in two months is a person of both.
 *
 * Runs in the calling thread, for as long as it takes.
 */
#ifndef REPORT_BREAKDOWN_H
#define REPORT_BREAKDOWN_H

#include "base/arena.h"
#include "engine/engine.h"
#include "report/counts.h"
#include "report/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nearly twice 12 months, the 131 communities of a large district and 10 categories. */
#define BREAKDOWN_ROWS_MAX 30000

struct breakdown_query {
    struct totals_query totals;
    bool by_month; /* none of the three: no rows, and the log is not read */
    bool by_org;
    bool by_category;
};

struct breakdown_row {
    uint32_t month; /* 1 to 12; 0: not by month */
    uint32_t category;
    uint64_t org; /* 0: not by org */
    struct counts counts;
};

struct breakdown {
    struct totals totals;
    uint64_t as_of_entry;             /* the newest when it began */
    const struct breakdown_row *rows; /* in the arena; by month, org, category; none is empty */
    size_t count;
};

struct breakdown_source {
    struct engine *engine;
    bool (*is_stopped)(void *context); /* asked before every page */
    void *context;
};

/*
 * The rows are put into the arena; sets of members are taken from its memory port while it runs.
 * LB_OK: *verdict says what totals_make says, or LB_ROWS_TOO_MANY (a: BREAKDOWN_ROWS_MAX).
 * LB_SHUTTING_DOWN: stopped; LB_STORAGE_*; LB_MEMORY.
 */
LB_MUST_CHECK enum lb_result breakdown_make(const struct breakdown_source *source,
                                            const struct breakdown_query *query,
                                            struct arena *arena, struct breakdown *breakdown,
                                            struct verdict *verdict);

#endif
