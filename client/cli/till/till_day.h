/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The totals of a counter's day, counted as `lovebank report` counts: redemptions that stand, by
 * person-times and by persons; one that was reversed never happened. A reversal made today of an
 * earlier day's redemption belongs to that day and changes nothing here. Pure; one thread.
 */
#ifndef CLI_TILL_DAY_H
#define CLI_TILL_DAY_H

#include "lovebank/result.h"
#include "till.h"

/* Counts day->rows into day->totals, whose goods live in the arena. false: no memory, or more than
 * can be counted. */
LB_MUST_CHECK bool till_day_count(struct till_day *day, struct arena *arena);

#endif
