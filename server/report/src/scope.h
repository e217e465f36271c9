/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who a report is about: the members in an org, or below it, and in a class, on the last day of a
 * year. The tree is walked once; each member then costs two look-ups. Reads views only.
 */
#ifndef REPORT_SCOPE_H
#define REPORT_SCOPE_H

#include "bank/entry.h"
#include "base/arena.h"
#include "ledger/views.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scope {
    int32_t year;
    int32_t last_day;     /* 31 December */
    uint32_t class_id;    /* 0: any */
    bool is_whole;        /* all orgs: org 0 was asked for */
    const uint64_t *orgs; /* else, ascending: the org and all below it */
    size_t org_count;
};

/* LB_OK, LB_FIELD_INVALID (year), LB_ORG_UNKNOWN, LB_CLASS_UNKNOWN, LB_MEMORY. */
LB_MUST_CHECK struct verdict scope_make(struct views views, int32_t year, uint64_t org,
                                        uint32_t class_id, struct arena *arena,
                                        struct scope *scope);
/* *org is the member's own on that day. */
bool scope_holds(const struct scope *scope, struct views views, uint64_t member, uint64_t *org);

#endif
