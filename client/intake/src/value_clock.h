/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Times of day as they stand in a text, for those values of which they are a part. Pure; safe from
 * any thread.
 */
#ifndef INTAKE_VALUE_CLOCK_H
#define INTAKE_VALUE_CLOCK_H

#include "intake/value.h"

#include <stdbool.h>
#include <stdint.h>

struct value_period; /* 上午, PM … */

/* As written: 下午2:30 has hour 2. At most 24:00:00. */
struct value_time {
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
    const struct value_period *period; /* NULL: none is written */
};
/* 8:30, 8:30:00, 8点, 8点半, 8时30分, 上午9点, 2:30 pm, 2 pm; not 9 alone. The cursor moves only
 * when it finds one. */
bool value_take_time(const char **at, struct value_time *time);

/* Minutes after midnight, at most LB_DAY_MINUTES, in that part of the day, or by 24 hours when it
 * is NULL. VALUE_HALF_OF_DAY: the hour is none of that part (晚上12点); VALUE_PART_OF_MINUTE. */
LB_MUST_CHECK enum value_fault value_time_minute(const struct value_time *time,
                                                 const struct value_period *period,
                                                 uint32_t *minute);

#endif
