/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Roles in words. One thread.
 */
#include "principal_words.h"

#include "registry.h"
#include "typed.h"
#include "words.h"

#include <string.h>

const char *principal_words_role(struct cli *cli, const Lovebank__V1__RoleInOrg *role)
{
    return cli_format(cli, "%s@%s", words_of_role(cli->is_chinese, role->role),
                      role->org == 0 ? TEXT(cli, "全部", "all")
                                     : registry_name(cli, REGISTRY_ORG, role->org));
}

const char *principal_words_roles(struct cli *cli, const Lovebank__V1__PrincipalInfo *info)
{
    const char *list = info->n_roles == 0 ? TEXT(cli, "无", "none") : "";
    for (size_t i = 0; i < info->n_roles; i++) {
        list = cli_format(cli, "%s%s%s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          principal_words_role(cli, info->roles[i]));
    }
    return list;
}

static bool principal_words_is_all(const char *org)
{
    return strcmp(org, "0") == 0 || strcmp(org, "all") == 0 || strcmp(org, "全部") == 0;
}

bool principal_words_read(struct cli *cli, const char *text, Lovebank__V1__RoleInOrg *role,
                          enum cli_exit *exit)
{
    const char *at = strchr(text, '@');
    const char *word = at == NULL ? text : cli_format(cli, "%.*s", (int)(at - text), text);
    *exit = CLI_USAGE;
    if (at == NULL || at[1] == '\0') {
        cli_complain(
            cli,
            TEXT(cli, "角色“%s”：请写成 角色@组织，如 desk@310101001001；全部组织写 @all。",
                 "Role \"%s\": write ROLE@ORG, like desk@310101001001; @all for all orgs."),
            cli_cut(cli, text));
        return false;
    }
    if (!words_find_role(word, &role->role)) {
        cli_complain(
            cli,
            TEXT(cli,
                 "没有角色“%s”。可写 viewer 查看、desk 记录员、counter 兑换员、reviewer "
                 "审核员、auditor 审计员、administrator 管理员、district 区级。",
                 "There is no role \"%s\"; write viewer, desk, counter, reviewer, auditor, "
                 "administrator or district."),
            cli_cut(cli, word));
        return false;
    }
    return principal_words_is_all(at + 1) ||
           typed_resolve(cli, REGISTRY_ORG, at + 1, &role->org, exit);
}
