/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A check of a command's form while it is being made, and what the checks of all acts share. Of
 * several complaints the one that goes first in the result list is kept. Pure.
 */
#ifndef BANK_CHECK_H
#define BANK_CHECK_H

#include "bank/bank.h"

struct check {
    struct verdict verdict;
    size_t precedence; /* of the verdict, when it is a complaint */
};

void check_complain(struct check *check, struct verdict verdict);
void check_complain_missing(struct check *check, const char *field);

void check_range(struct check *check, const char *field, int64_t value, int64_t min, int64_t max);
/* A number that must be given: 1 to max. */
void check_number(struct check *check, const char *field, uint64_t value, uint64_t max);
/* A number that may be left out: 0 to max. */
void check_optional(struct check *check, const char *field, uint64_t value, uint64_t max);
/* One line. */
void check_text(struct check *check, const char *field, struct bytes text, size_t bytes_max);
/* One line that must be given. */
void check_name(struct check *check, const char *field, struct bytes text);
/* A day of the calendar, or DAY_NONE. */
void check_day(struct check *check, const char *field, int32_t day);
void check_entry_ref(struct check *check, const char *field, const struct entry_ref *ref);

/* check_access.c: operators, devices, credentials, roles. */
void check_access(struct check *check, const struct command *command);
/* check_person.c: persons; policy, proposals, personal data. */
void check_person(struct check *check, const struct person *person);
void check_person_act(struct check *check, const struct command *command);

#endif
