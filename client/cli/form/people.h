/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Members by name: questions are collected, asked all at once, each only once, and then looked up.
 * What a name means is never guessed: see form_who. One thread.
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

struct people;

/* In memory of the arena, with people_free to be called before it dies. `by_initials`: who types
 * may mean somebody by "zxm"; a file may not. */
struct people *people_new(struct cli *cli, bool by_initials);
void people_free(struct people *people);

/* Wants to know who has that name, in that org or below it (0: anywhere). */
void people_want(struct people *people, const char *name, uint64_t org);
/* Asks what was wanted and is not known yet. CLI_DONE, or it was told. */
enum cli_exit people_ask(struct people *people);
/* The answer; lives as long as people. NULL: it was not asked. */
const Lovebank__V1__MemberFindResponse *people_find(const struct people *people, const char *name,
                                                    uint64_t org);
/* Whose card it is; 0: nobody's, which the server will say as well. Asked once. false: told. */
LB_MUST_CHECK bool people_card_owner(struct people *people, uint64_t card, uint64_t *member);

#endif
