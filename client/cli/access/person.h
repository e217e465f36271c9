/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's personal data in full. To see it is an act of its own, in the ledger with its reason.
 * One thread.
 */
#ifndef CLI_PERSON_H
#define CLI_PERSON_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

/*
 * Makes that act and asks for the member. The answer's code is LB_OK and it has an info; to be
 * freed with cli_free_response. NULL: told, or it waits for a second person, which *exit says.
 */
Lovebank__V1__MemberGetResponse *person_reveal(struct cli *cli, uint64_t member, const char *reason,
                                               enum cli_exit *exit);
/* The same where the server asks for no log-in, and no reason either: nothing is entered. */
Lovebank__V1__MemberGetResponse *person_get(struct cli *cli, uint64_t member, const char *reason,
                                            enum cli_exit *exit);

#endif
