/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank role list|set|add|remove`: what operators and devices may do, and where. The server
 * knows only whole lists of roles; adding one is reading the list, changing it, setting it. One
 * thread.
 */
#include "commands.h"

#include "listing.h"
#include "principal_words.h"
#include "principals.h"
#include "query.h"
#include "registry.h"
#include "words.h"
#include "write.h"

#include <inttypes.h>

enum role_change { ROLES_SET, ROLES_ADD, ROLES_REMOVE };

struct roles {
    Lovebank__V1__RoleInOrg *items[LB_PRINCIPAL_ROLES_MAX];
    size_t count;
};

static bool role_is_same(const Lovebank__V1__RoleInOrg *a, const Lovebank__V1__RoleInOrg *b)
{
    return a->role == b->role && a->org == b->org;
}

static bool roles_has(const struct roles *roles, const Lovebank__V1__RoleInOrg *role)
{
    for (size_t i = 0; i < roles->count; i++) {
        if (role_is_same(roles->items[i], role)) {
            return true;
        }
    }
    return false;
}

/* false: there are too many, told. */
static bool roles_add(struct cli *cli, struct roles *roles, Lovebank__V1__RoleInOrg *role,
                      enum cli_exit *exit)
{
    if (roles_has(roles, role)) {
        return true;
    }
    if (roles->count == LB_PRINCIPAL_ROLES_MAX) {
        cli_complain(cli,
                     TEXT(cli, "一个账户最多 %d 个角色。请用上级组织的角色代替。",
                          "An account has at most %d roles; use one of an org further up."),
                     LB_PRINCIPAL_ROLES_MAX);
        *exit = CLI_USAGE;
        return false;
    }
    roles->items[roles->count++] = role;
    return true;
}

static void roles_remove(struct cli *cli, struct roles *roles, const Lovebank__V1__RoleInOrg *role)
{
    size_t kept = 0;
    if (!roles_has(roles, role)) {
        cli_complain(cli, TEXT(cli, "本来就没有角色 %s。", "It has no role %s to remove."),
                     principal_words_role(cli, role));
    }
    for (size_t i = 0; i < roles->count; i++) {
        if (!role_is_same(roles->items[i], role)) {
            roles->items[kept++] = roles->items[i];
        }
    }
    roles->count = kept;
}

/* Those of today. */
static bool roles_load(struct cli *cli, uint32_t principal, struct roles *roles,
                       const Lovebank__V1__PrincipalInfo **info, enum cli_exit *exit)
{
    Lovebank__V1__PrincipalInfo **items;
    size_t count = 0;
    if (!principals_load(cli, &items, &count, exit)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i]->principal == principal) {
            *info = items[i];
            for (size_t r = 0; r < items[i]->n_roles && r < LB_PRINCIPAL_ROLES_MAX; r++) {
                roles->items[roles->count++] = items[i]->roles[r];
            }
            return true;
        }
    }
    const int64_t numbers[3] = {principal};
    *exit = cli_fail(cli, LB_PRINCIPAL_UNKNOWN, numbers, "");
    return false;
}

static void role_say(struct cli *cli, const Lovebank__V1__Command *command,
                     const Lovebank__V1__Result *result)
{
    const Lovebank__V1__RoleSet *act = command->role_set;
    Lovebank__V1__PrincipalInfo info;
    lovebank__v1__principal_info__init(&info);
    info.roles = act->roles;
    info.n_roles = act->n_roles;
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "%s 的角色：%s", "roles of %s: %s"),
                         principals_name(cli, act->principal), principal_words_roles(cli, &info)));
}

static enum cli_exit role_change(struct cli *cli, const struct cli_arguments *arguments,
                                 enum role_change change)
{
    enum cli_exit exit = CLI_DONE;
    struct roles roles = {0};
    const Lovebank__V1__PrincipalInfo *info = NULL;
    Lovebank__V1__RoleSet act = LOVEBANK__V1__ROLE_SET__INIT;
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    if (!query_day(cli, arguments, "from", &command.day, &command.has_day)) {
        return CLI_USAGE;
    }
    if (!principals_resolve(cli, arguments, "principal", PRINCIPAL_ANY, &act.principal, &exit) ||
        (change != ROLES_SET && !roles_load(cli, act.principal, &roles, &info, &exit))) {
        return exit;
    }
    for (size_t i = 0; i < arguments->word_count; i++) {
        Lovebank__V1__RoleInOrg *role = cli_take(cli, 1, sizeof(*role));
        lovebank__v1__role_in_org__init(role);
        if (!principal_words_read(cli, arguments->words[i], role, &exit)) {
            return exit;
        }
        if (change == ROLES_REMOVE) {
            roles_remove(cli, &roles, role);
        } else if (!roles_add(cli, &roles, role, &exit)) {
            return exit;
        }
    }
    act.roles = roles.items;
    act.n_roles = roles.count;
    command.act_case = LOVEBANK__V1__COMMAND__ACT_ROLE_SET;
    command.role_set = &act;
    command.desk = cli->desk;
    return write_identify(cli, &command) ? write_one(cli, &command, role_say) : CLI_FAULT;
}

static enum cli_exit role_set_run(struct cli *cli, const struct cli_arguments *arguments)
{
    return role_change(cli, arguments, ROLES_SET);
}

static enum cli_exit role_add_run(struct cli *cli, const struct cli_arguments *arguments)
{
    return role_change(cli, arguments, ROLES_ADD);
}

static enum cli_exit role_remove_run(struct cli *cli, const struct cli_arguments *arguments)
{
    return role_change(cli, arguments, ROLES_REMOVE);
}

/* clang-format off */
#define OPTION_PRINCIPAL \
    {.name = "principal", .kind = OPTION_POSITIONAL, .is_required = true, \
     .help = {"操作员或设备，名称或编号", "the operator or device, by name or number"}}
#define OPTION_FROM \
    {.name = "from", .kind = OPTION_VALUE, .holds = HOLDS_DAY, .value = "YYYY-MM-DD", \
     .help = {"从这一天起，默认今天", "from this day on, by default today"}}
#define OPTION_ROLES(required) \
    {.name = "roles", .kind = OPTION_WORDS, .is_required = (required), .value = "ROLE@ORG", \
     .help = {"角色@组织，含其下级；全部组织写 @all", \
              "a role in an org and all below it; @all for the whole book"}}
/* clang-format on */

#define ROLE_DETAILS                                                                            \
    {                                                                                           \
        "角色：viewer 查看、desk 记录员、counter 兑换员、reviewer 审核员、\n" \
        "auditor 审计员、administrator 管理员、district 区级，写中文也行。\n"  \
        "例：lovebank role add wangli 记录员@锦绣社区",                                         \
            "Roles: viewer, desk, counter, reviewer, auditor, administrator, district.\n"       \
            "Example: lovebank role add wangli desk@310101001001"                               \
    }

static const struct cli_option role_set_options[] = {
    OPTION_PRINCIPAL,
    OPTION_FROM,
    OPTION_ROLES(false),
};

static const struct cli_option role_change_options[] = {
    OPTION_PRINCIPAL,
    OPTION_FROM,
    OPTION_ROLES(true),
};

const struct cli_command command_role_set = {
    .name = "role set",
    .summary = {"设定账户的全部角色；不写角色就是全部去掉",
                "Sets all roles of an account; without any, it may do nothing"},
    .details = ROLE_DETAILS,
    COMMAND_OPTIONS(role_set_options),
    .run = role_set_run,
};

const struct cli_command command_role_add = {
    .name = "role add",
    .summary = {"给账户增加角色", "Gives an account more roles"},
    .details = ROLE_DETAILS,
    COMMAND_OPTIONS(role_change_options),
    .run = role_add_run,
};

const struct cli_command command_role_remove = {
    .name = "role remove",
    .summary = {"去掉账户的角色", "Takes roles from an account"},
    .details = ROLE_DETAILS,
    COMMAND_OPTIONS(role_change_options),
    .run = role_remove_run,
};

static void role_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__RoleInOrg *role = message;
    const char *cells[] = {words_of_role(cli->is_chinese, role->role),
                           role->org == 0 ? TEXT(cli, "全部", "all")
                                          : cli_format(cli, "%012" PRIu64, role->org),
                           role->org == 0 ? "" : registry_name(cli, REGISTRY_ORG, role->org)};
    table_row(table, cells);
}

static const struct table_column role_columns[] = {
    {.title = {"角色", "ROLE"}},
    {.title = {"组织", "ORG"}},
    {.title = {"名称", "NAME"}, .may_shrink = true},
};

static const struct listing role_listing = {
    LISTING_COLUMNS(role_columns),
    .row = role_row,
};

static enum cli_exit role_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint32_t principal = 0;
    struct roles roles = {0};
    const Lovebank__V1__PrincipalInfo *info = NULL;
    if (!principals_resolve(cli, arguments, "principal", PRINCIPAL_ANY, &principal, &exit) ||
        !roles_load(cli, principal, &roles, &info, &exit)) {
        return exit;
    }
    if (roles.count == 0) {
        cli_say(cli,
                TEXT(cli, "%s 没有角色，什么都不能做。", "%s has no roles: it may do nothing."),
                info->name);
        return CLI_DONE;
    }
    listing_print(cli, &role_listing, roles.items, roles.count);
    return CLI_DONE;
}

static const struct cli_option role_list_options[] = {
    OPTION_PRINCIPAL,
};

const struct cli_command command_role_list = {
    .name = "role list",
    .summary = {"列出账户今天的角色", "Lists the roles that an account has today"},
    COMMAND_OPTIONS(role_list_options),
    .run = role_list_run,
};
