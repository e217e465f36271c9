/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * How late a record is. Order 67 of the Ministry of Civil Affairs, article 11: hours are recorded
 * within 10 working days after the activity. Working days here are Monday to Friday; public
 * holidays, and weekends worked instead of them, are not known. Pure; safe from any thread.
 */
#ifndef CLI_WORKING_DAYS_H
#define CLI_WORKING_DAYS_H

#include <stdint.h>

#define WORKING_DAYS_ALLOWED 10

/* Those after `from`, up to and with `to`; 0 when `to` is not later. Days since 1970-01-01. */
int64_t working_days_between(int32_t from, int32_t to);

#endif
