/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Operators and devices: which number a log-in name or a device's name has, and the other way
 * round. Loaded from the server when the first is looked up. One thread.
 */
#ifndef CLI_PRINCIPALS_H
#define CLI_PRINCIPALS_H

#include "form.h"
#include "lovebank/v1/queries.pb-c.h"

/* Which of them a text may mean. */
enum principal_kind { PRINCIPAL_ANY, PRINCIPAL_OPERATOR, PRINCIPAL_DEVICE };

/* All of them, by number; live until principals_free. false: told. */
LB_MUST_CHECK bool principals_load(struct cli *cli, Lovebank__V1__PrincipalInfo ***items,
                                   size_t *count, enum cli_exit *exit);
/* What a column or an option names: a number, which nobody is asked about, or a name. 0, false:
 * told, or the complaint. */
uint32_t form_principal(struct form_build *build, const char *column, enum principal_kind kind);
LB_MUST_CHECK bool principals_resolve(struct cli *cli, const struct cli_arguments *arguments,
                                      const char *option, enum principal_kind kind,
                                      uint32_t *principal, enum cli_exit *exit);
/* "wangli"; "7 号" when the list is not for us to see: only an ornament. Lives until
 * principals_free, or in the arena. */
const char *principals_name(struct cli *cli, uint32_t principal);
void principals_free(struct principals *principals);

#endif
