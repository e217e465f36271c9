/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the commands of operators and of devices have in common: their states, their lists. One
 * thread.
 */
#ifndef CLI_ACCOUNTS_H
#define CLI_ACCOUNTS_H

#include "principals.h"

#include "lovebank/v1/services.pb-c.h"

/* Builds the act that gives the account of that column a state; the memo is the column "reason". */
void accounts_build_state(struct form_build *build, const char *column, enum principal_kind kind,
                          Lovebank__V1__PrincipalState state);
void accounts_say_state(struct cli *cli, const Lovebank__V1__Command *command,
                        const Lovebank__V1__Result *result);
/* Prints the devices, or the operators. */
enum cli_exit accounts_list(struct cli *cli, bool is_of_devices);

#endif
