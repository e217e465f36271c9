/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Roles as people write and read them: "管理员@锦绣社区", "viewer@all". One thread.
 */
#ifndef CLI_PRINCIPAL_WORDS_H
#define CLI_PRINCIPAL_WORDS_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

/* "管理员@全部、记录员@锦绣社区"; "无". In memory of the arena. */
const char *principal_words_roles(struct cli *cli, const Lovebank__V1__PrincipalInfo *info);
/* "记录员@锦绣社区", in memory of the arena. */
const char *principal_words_role(struct cli *cli, const Lovebank__V1__RoleInOrg *role);
/* ROLE@ORG: the role's word in either language; the org by number or name, or 全部, all, 0 for the
 * whole book. false: told, and what the command ends with. */
LB_MUST_CHECK bool principal_words_read(struct cli *cli, const char *text,
                                        Lovebank__V1__RoleInOrg *role, enum cli_exit *exit);

#endif
