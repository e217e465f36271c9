/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers of identity cards, GB 11643: 6 digits of a region, a birth date of 8, a serial of 3, a
 * check character by ISO 7064, MOD 11-2, which is a digit or X. Cards up to 1999 had 15 digits: a
 * year of two, and no check character. Other documents are known as they are written. Not how a
 * number is typed: see intake/value.h. Pure; safe from any thread.
 */
#ifndef BASE_ID_NUMBER_H
#define BASE_ID_NUMBER_H

#include "base/bytes.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

#define ID_NUMBER_DIGITS     18
#define ID_NUMBER_DIGITS_OLD 15

enum id_number_form {
    ID_NUMBER_OTHER, /* not of the form: another document, or one of 15 digits */
    ID_NUMBER_SOUND,
    ID_NUMBER_CHECK_WRONG, /* the check character */
    ID_NUMBER_BIRTH_WRONG, /* no such day */
};

/* *birth_day is set when the number is sound. The last character may be x. */
enum id_number_form id_number_form(struct bytes number, int32_t *birth_day);

/* The number under which its holder is found, however it was written: no spaces, upper case, 18
 * characters instead of 15 where these have a birth date of the 1900s. Cut at the room. */
struct id_number {
    char text[LB_CONTACT_BYTES_MAX];
    size_t size; /* 0: no number */
};
struct id_number id_number_normal(struct bytes number);

#endif
