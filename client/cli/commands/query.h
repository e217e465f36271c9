/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Options of the commands that ask, read into requests. What is wrong is told; the command then
 * ends with CLI_USAGE. One thread.
 */
#ifndef CLI_QUERY_H
#define CLI_QUERY_H

#include "command.h"
#include "lovebank/v1/queries.pb-c.h"

/* true: a day, or not given (*has_day 0). */
LB_MUST_CHECK bool query_day(struct cli *cli, const struct cli_arguments *arguments,
                             const char *name, int32_t *day, protobuf_c_boolean *has_day);
/* true: within min to max, or not given (*number untouched). */
LB_MUST_CHECK bool query_number(struct cli *cli, const struct cli_arguments *arguments,
                                const char *name, uint64_t min, uint64_t max, uint64_t *number);
/* A member number or a card whose check digit is right. `exit` says what a bad one ends with. */
LB_MUST_CHECK bool query_member(struct cli *cli, const struct cli_arguments *arguments,
                                const char *name, Lovebank__V1__MemberRef *ref,
                                enum cli_exit *exit);
/* An entry number or a request id, which lives in the arena. */
LB_MUST_CHECK bool query_entry(struct cli *cli, const struct cli_arguments *arguments,
                               const char *name, Lovebank__V1__EntryRef *ref);
/* The refusal of a query that says only its code: about this member. */
enum cli_exit query_refuse_member(struct cli *cli, uint32_t code,
                                  const Lovebank__V1__MemberRef *ref);

#endif
