/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an operator reads when the server cannot start: the thing, the value, the remedy, in both
 * languages. No state.
 */
#ifndef APP_COMPLAIN_H
#define APP_COMPLAIN_H

#include "lovebank/result.h"

/* The result's sentence, with `thing` in the place of its {s}, on standard error; then `detail` in
 * brackets, unless it is "". */
void complain(enum lb_result result, const char *thing, const char *detail);
/* The same of a book that is kept in a database. */
void complain_of_database(enum lb_result result, const char *url, const char *detail);

#endif
