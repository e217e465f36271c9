/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Accounts: states and lists. One thread.
 */
#include "accounts.h"

#include "listing.h"
#include "principal_words.h"
#include "registry.h"
#include "words.h"
#include "write.h"

#include <inttypes.h>

void accounts_build_state(struct form_build *build, const char *column, enum principal_kind kind,
                          Lovebank__V1__PrincipalState state)
{
    Lovebank__V1__PrincipalSet *act = form_new(build, &lovebank__v1__principal_set__descriptor);
    act->principal = form_principal(build, column, kind);
    act->state = state;
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_PRINCIPAL_SET;
    build->command->principal_set = act;
}

void accounts_say_state(struct cli *cli, const Lovebank__V1__Command *command,
                        const Lovebank__V1__Result *result)
{
    const Lovebank__V1__PrincipalSet *act = command->principal_set;
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "%s：%s", "%s: %s"), principals_name(cli, act->principal),
                         words_of_principal_state(cli->is_chinese, act->state)));
}

static void accounts_operator_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__PrincipalInfo *info = message;
    const char *cells[] = {
        cli_format(cli, "%" PRIu32, info->principal),
        info->name,
        words_of_principal_state(cli->is_chinese, info->state),
        info->member == 0 ? "-" : cli_format(cli, "%08" PRIu64, info->member),
        principal_words_roles(cli, info),
    };
    table_row(table, cells);
}

static const struct table_column accounts_operator_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"登录名", "LOGIN"}},
    {.title = {"状态", "STATE"}},
    {.title = {"志愿者", "MEMBER"}},
    {.title = {"角色", "ROLES"}, .may_shrink = true},
};

static void accounts_device_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__PrincipalInfo *info = message;
    const char *cells[] = {
        cli_format(cli, "%" PRIu32, info->principal),
        info->name,
        words_of_principal_state(cli->is_chinese, info->state),
        registry_name(cli, REGISTRY_ORG, info->org),
        info->counter == 0 ? "-" : registry_name(cli, REGISTRY_COUNTER, info->counter),
        principal_words_roles(cli, info),
    };
    table_row(table, cells);
}

static const struct table_column accounts_device_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"状态", "STATE"}},
    {.title = {"组织", "ORG"}, .may_shrink = true},
    {.title = {"兑换点", "COUNTER"}, .may_shrink = true},
    {.title = {"角色", "ROLES"}, .may_shrink = true},
};

enum cli_exit accounts_list(struct cli *cli, bool is_of_devices)
{
    static const struct listing operators = {
        LISTING_COLUMNS(accounts_operator_columns),
        .row = accounts_operator_row,
    };
    static const struct listing devices = {
        LISTING_COLUMNS(accounts_device_columns),
        .row = accounts_device_row,
    };
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__PrincipalInfo **items;
    size_t count = 0;
    size_t shown = 0;
    if (!principals_load(cli, &items, &count, &exit)) {
        return exit;
    }
    Lovebank__V1__PrincipalInfo **wanted =
        cli_take(cli, count + 1, sizeof(Lovebank__V1__PrincipalInfo *));
    for (size_t i = 0; i < count; i++) {
        if ((items[i]->is_device != 0) == is_of_devices) {
            wanted[shown++] = items[i];
        }
    }
    listing_print(cli, is_of_devices ? &devices : &operators, wanted, shown);
    return CLI_DONE;
}
