/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Monday to Friday. Pure.
 */
#include "working_days.h"

#include <stdbool.h>

static bool working_days_is_one(int64_t day)
{
    const int64_t weekday = ((day % 7) + 10) % 7; /* 0: Monday; day 0 was a Thursday */
    return weekday < 5;
}

int64_t working_days_between(int32_t from, int32_t to)
{
    const int64_t days = (int64_t)to - from;
    if (days <= 0) {
        return 0;
    }
    int64_t count = days / 7 * 5;
    for (int64_t day = (int64_t)to - days % 7 + 1; day <= to; day++) {
        count += working_days_is_one(day);
    }
    return count;
}
