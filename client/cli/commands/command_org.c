/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank org open|update|list`. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "forms.h"
#include "listing.h"
#include "query.h"
#include "registry.h"
#include "typed.h"
#include "words.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option org_open_columns[] = {
    {.name = "org",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .is_required = true,
     .spellings = "编号|组织编号|区划代码|代码|number|code",
     .help = {"12 位组织编号", "12-digit number of the org"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = "名称|组织名称|组织|单位名称",
     .help = {"名称", "its name"}},
    {.name = "kind",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "district|street|community|grid|team|other",
     .is_required = true,
     .spellings = "种类|类型|组织类型|级别|type",
     .help = {"district 区、street 街道、community 社区、grid 网格、team 队、other",
              "district, street, community, grid, team or other"}},
    {.name = "parent",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .spellings = "上级|上级组织|上级编号|所属组织|above",
     .help = {"上级组织", "the org above it"}},
    COLUMN_FROM,
};

static void org_open_build(struct form_build *build)
{
    Lovebank__V1__OrgOpen *act = form_new(build, &lovebank__v1__org_open__descriptor);
    act->org = form_identifier(build, "org", 1, LB_ORG_MAX);
    act->parent = form_org(build, "parent");
    act->name = form_name(build, "name");
    const char *kind = form_text(build, "kind");
    if (kind[0] != '\0' && !words_find_org_kind(kind, &act->kind)) {
        form_complain(
            build, "kind",
            (struct cli_text){"没有这种组织。可写 district、street、community、grid、team、other",
                              "no such kind; write district, street, community, grid, "
                              "team or other"});
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_ORG_OPEN;
    build->command->org_open = act;
}

static void org_open_say(struct cli *cli, const Lovebank__V1__Command *command,
                         const Lovebank__V1__Result *result)
{
    const Lovebank__V1__OrgOpen *act = command->org_open;
    write_say(
        cli, result,
        cli_format(cli,
                   TEXT(cli, "已设立组织 %s（%012" PRIu64 "）", "opened org %s (%012" PRIu64 ")"),
                   act->name, act->org));
}

const struct form org_form = {
    .kind = "org",
    FORM_COLUMNS(org_open_columns),
    .build = org_open_build,
    .say = org_open_say,
};

const struct cli_command command_org_open = {
    .name = "org open",
    .summary = {"设立组织", "Opens an org"},
    .form = &org_form,
    .run = form_run,
};

static const struct cli_option org_update_columns[] = {
    {.name = "org",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .is_required = true,
     .help = {"组织编号或名称", "the org, by number or name"}},
    {.name = "parent",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .help = {"改归这个上级", "place it below this org"}},
    {.name = "name", .kind = OPTION_VALUE, .help = {"新名称", "its new name"}},
    {.name = "close",
     .kind = OPTION_FLAG,
     .help = {"撤销：不再加入志愿者、不再记账", "close it: no new members or records"}},
    COLUMN_FROM,
};

static void org_update_build(struct form_build *build)
{
    Lovebank__V1__OrgUpdate *act = form_new(build, &lovebank__v1__org_update__descriptor);
    act->org = form_org(build, "org");
    act->parent = form_org(build, "parent");
    act->name = form_text(build, "name");
    act->close = form_yes(build, "close");
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_ORG_UPDATE;
    build->command->org_update = act;
}

static const struct form org_update_form = {
    .kind = "org-update",
    FORM_COLUMNS(org_update_columns),
    .build = org_update_build,
    .say = write_say_act,
};

const struct cli_command command_org_update = {
    .name = "org update",
    .summary = {"变更组织：名称、上级、撤销", "Renames, moves or closes an org"},
    .form = &org_update_form,
    .run = form_run,
};

static const struct cli_option org_list_options[] = {
    {.name = "under",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .value = "ORG",
     .help = {"只列这个组织及其下级", "only this org and those below it"}},
    {.name = "date",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"这一天的情况，默认今天", "as of that day, by default today"}},
};

static void org_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__Org *org = message;
    const char *cells[] = {
        cli_format(cli, "%012" PRIu64, org->org),
        org->name,
        words_of_org_kind(cli->is_chinese, org->kind),
        org->parent == 0 ? "-" : cli_format(cli, "%012" PRIu64, org->parent),
        org->closed ? TEXT(cli, "已撤销", "closed") : TEXT(cli, "正常", "open"),
    };
    table_row(table, cells);
}

static const struct table_column org_list_columns[] = {
    {.title = {"编号", "NUMBER"}}, {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"种类", "KIND"}},   {.title = {"上级", "ABOVE"}},
    {.title = {"状态", "STATE"}},
};

static const struct listing org_listing = {
    LISTING_COLUMNS(org_list_columns),
    .row = org_list_row,
};

static enum cli_exit org_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__OrgListRequest request = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
    const char *under = arguments_get(arguments, "under");
    if (under != NULL && !typed_resolve(cli, REGISTRY_ORG, under, &request.under, &exit)) {
        return exit;
    }
    if (!query_day(cli, arguments, "date", &request.day, &request.has_day)) {
        return CLI_USAGE;
    }
    Lovebank__V1__OrgListResponse *list = (Lovebank__V1__OrgListResponse *)cli_call(
        cli, LB_METHOD_ORG_LIST, &request.base, &lovebank__v1__org_list_response__descriptor,
        &exit);
    if (list != NULL) {
        listing_print(cli, &org_listing, list->orgs, list->n_orgs);
        lovebank__v1__org_list_response__free_unpacked(list, NULL);
    }
    return exit;
}

const struct cli_command command_org_list = {
    .name = "org list",
    .summary = {"列出组织", "Lists the orgs"},
    COMMAND_OPTIONS(org_list_options),
    .run = org_list_run,
};
