/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank proposal list|show|confirm|refuse`: what waits for a second person, and that person's
 * word on it. One thread.
 */
#include "commands.h"

#include "entry_view.h"
#include "form.h"
#include "json_message.h"
#include "query.h"
#include "registry.h"
#include "table.h"
#include "words.h"
#include "write.h"

#include <inttypes.h>

#define PROPOSAL_ROWS_DEFAULT 50

static const char *proposal_state(struct cli *cli, const Lovebank__V1__ProposalInfo *info,
                                  int32_t today)
{
    if (info->decided_by != 0) {
        return cli_format(cli,
                          info->confirmed
                              ? TEXT(cli, "已由 %" PRIu64 " 确认", "confirmed by %" PRIu64)
                              : TEXT(cli, "已由 %" PRIu64 " 拒绝", "refused by %" PRIu64),
                          info->decided_by);
    }
    return info->expires_day < today ? TEXT(cli, "已作废", "void") : TEXT(cli, "等确认", "waits");
}

static json_t *proposal_json(const Lovebank__V1__ProposalInfo *info)
{
    json_t *object = json_of_message(&info->base);
    if (object != NULL && info->entry != NULL &&
        json_object_set_new(object, "entry", json_of_stored_entry(&info->entry->base)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static void proposal_row(struct table *table, const Lovebank__V1__ProposalInfo *info, int32_t today)
{
    struct cli *cli = table->cli;
    Lovebank__V1__Entry *entry = info->entry == NULL ? NULL : entry_view_unpack(info->entry);
    if (entry == NULL) {
        return;
    }
    const char *member =
        entry->n_links == 0 ? "" : cli_format(cli, "%08" PRIu64, entry->links[0]->member);
    const char *cells[] = {
        cli_format(cli, "%" PRIu64, entry->number),
        entry_view_day(cli, entry->day),
        member,
        entry_view_what(cli, entry),
        entry_view_who(cli, info->entry, entry),
        entry_view_day(cli, info->expires_day),
        proposal_state(cli, info, today),
    };
    table_row(table, cells);
    lovebank__v1__entry__free_unpacked(entry, NULL);
}

static const struct table_column proposal_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"业务日期", "DATE"}},
    {.title = {"志愿者", "MEMBER"}},
    {.title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
    {.title = {"提交人", "BY"}, .may_shrink = true},
    {.title = {"有效到", "UNTIL"}},
    {.title = {"状态", "STATE"}},
};

static void proposal_print(struct cli *cli, const Lovebank__V1__ProposalListResponse *list,
                           int32_t today)
{
    struct table table;
    if (cli->is_json) {
        for (size_t i = 0; i < list->n_proposals; i++) {
            cli_put_json(cli, proposal_json(list->proposals[i]));
        }
        return;
    }
    if (list->n_proposals == 0) {
        cli_say(cli, TEXT(cli, "没有等确认的事项。", "Nothing waits."));
        return;
    }
    TABLE_BEGIN(&table, cli, proposal_columns);
    for (size_t i = 0; i < list->n_proposals; i++) {
        proposal_row(&table, list->proposals[i], today);
    }
    table_end(&table);
    if (list->next != 0) {
        cli_say(cli,
                TEXT(cli, "还有更早的：加上 --before %" PRIu64 "。",
                     "There are older ones: --before %" PRIu64 "."),
                list->next);
    }
}

static enum cli_exit proposal_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t limit = PROPOSAL_ROWS_DEFAULT;
    int32_t today = 0;
    Lovebank__V1__ProposalListRequest request = LOVEBANK__V1__PROPOSAL_LIST_REQUEST__INIT;
    if (!query_number(cli, arguments, "limit", 1, LB_PAGE_ROWS_MAX, &limit) ||
        !query_number(cli, arguments, "before", 1, INT64_MAX, &request.before_entry)) {
        return CLI_USAGE;
    }
    request.limit = (uint32_t)limit;
    request.with_decided = arguments_get(arguments, "all") != NULL;
    if (!registry_today(cli, &today)) {
        return cli->told;
    }
    Lovebank__V1__ProposalListResponse *list = (Lovebank__V1__ProposalListResponse *)cli_call(
        cli, LB_METHOD_PROPOSAL_LIST, &request.base,
        &lovebank__v1__proposal_list_response__descriptor, &exit);
    if (list != NULL) {
        proposal_print(cli, list, today);
        cli_free_response(&list->base);
    }
    return exit;
}

static const struct cli_option proposal_list_options[] = {
    {.name = "all",
     .kind = OPTION_FLAG,
     .help = {"连同已处理和已作废的", "those decided and void too"}},
    {.name = "limit",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"最多多少项，默认 50", "at most so many, by default 50"}},
    {.name = "before",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"只看这个编号以前的", "only those before this one"}},
};

const struct cli_command command_proposal_list = {
    .name = "proposal list",
    .summary = {"列出等第二个人确认的事项", "Lists what waits for a second person"},
    COMMAND_OPTIONS(proposal_list_options),
    .run = proposal_list_run,
};

static const char *proposal_value(struct cli *cli, json_t *value);

/* "角色 记录员、组织 310101001001" of an object, its values with "；" between of a list. */
static const char *proposal_parts(struct cli *cli, json_t *value)
{
    const char *text = "";
    const char *name;
    json_t *part;
    size_t i;
    json_object_foreach(value, name, part)
    {
        text = cli_format(cli, "%s%s%s %s", text, text[0] == '\0' ? "" : TEXT(cli, "、", ", "),
                          words_of_field(cli->is_chinese, name), proposal_value(cli, part));
    }
    json_array_foreach(value, i, part)
    {
        text = cli_format(cli, "%s%s%s", text, i == 0 ? "" : TEXT(cli, "；", "; "),
                          proposal_value(cli, part));
    }
    return text;
}

static const char *proposal_value(struct cli *cli, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return proposal_parts(cli, value);
    case JSON_STRING:
        return words_of_value(cli->is_chinese, json_string_value(value));
    case JSON_TRUE:
    case JSON_FALSE:
        return words_of_yes_no(cli->is_chinese, json_is_true(value));
    case JSON_INTEGER:
        return cli_format(cli, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
    case JSON_NULL:
        break;
    }
    return "";
}

/* Every field of what was proposed: whoever decides must see all of it. */
static void proposal_print_act(struct cli *cli, const Lovebank__V1__Command *command)
{
    json_t *object = json_of_message(&command->base);
    const char *key;
    json_t *value;
    const char *name;
    json_t *field;
    json_object_foreach(object, key, value)
    {
        if (!json_is_object(value)) {
            continue; /* the act is the one message of a command that is an object here */
        }
        json_object_foreach(value, name, field)
        {
            cli_say(cli, TEXT(cli, "  %s：%s", "  %s: %s"), words_of_field(cli->is_chinese, name),
                    proposal_value(cli, field));
        }
    }
    json_decref(object);
}

static void proposal_tell(struct cli *cli, const Lovebank__V1__ProposalInfo *info,
                          const Lovebank__V1__Entry *entry, int32_t today)
{
    cli_say(cli, TEXT(cli, "第 %" PRIu64 " 号事项：%s", "Proposal %" PRIu64 ": %s"), entry->number,
            entry_view_what(cli, entry));
    cli_say(cli, TEXT(cli, "业务日期 %s，%s 由 %s 提交", "For %s, proposed %s by %s"),
            entry_view_day(cli, entry->day), registry_when(cli, entry->recorded_ms),
            entry_view_who(cli, info->entry, entry));
    for (size_t i = 0; i < entry->n_links; i++) {
        const uint64_t member = entry->links[i]->member;
        cli_say(cli, TEXT(cli, "志愿者 %08" PRIu64 " %s", "Member %08" PRIu64 " %s"), member,
                write_member_name(cli, member));
    }
    proposal_print_act(cli, entry->command);
    if (info->entry->memo[0] != '\0') {
        cli_say(cli, TEXT(cli, "事由：%s", "Reason: %s"), info->entry->memo);
    }
    cli_say(cli, TEXT(cli, "%s；%s 前有效。", "State: %s; to be decided by %s."),
            proposal_state(cli, info, today), entry_view_day(cli, info->expires_day));
    if (info->decided_by == 0 && info->expires_day >= today) {
        cli_say(cli,
                TEXT(cli,
                     "同意：lovebank proposal confirm %" PRIu64
                     "\n不同意：lovebank proposal refuse %" PRIu64 " --reason …",
                     "To confirm: lovebank proposal confirm %" PRIu64
                     "\nTo refuse: lovebank proposal refuse %" PRIu64 " --reason ..."),
                entry->number, entry->number);
    }
}

static enum cli_exit proposal_show(struct cli *cli, uint64_t number,
                                   const Lovebank__V1__ProposalListResponse *list, int32_t today)
{
    const int64_t numbers[3] = {(int64_t)number};
    const Lovebank__V1__ProposalInfo *info = list->n_proposals == 0 ? NULL : list->proposals[0];
    Lovebank__V1__Entry *entry =
        info == NULL || info->entry == NULL ? NULL : entry_view_unpack(info->entry);
    enum cli_exit exit = CLI_DONE;
    if (entry == NULL || entry->number != number) {
        exit = cli_fail(cli, LB_NOT_A_PROPOSAL, numbers, "");
    } else if (cli->is_json) {
        cli_put_json(cli, proposal_json(info));
    } else {
        proposal_tell(cli, info, entry, today);
    }
    lovebank__v1__entry__free_unpacked(entry, NULL);
    return exit;
}

static enum cli_exit proposal_show_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t number = 0;
    int32_t today = 0;
    Lovebank__V1__ProposalListRequest request = LOVEBANK__V1__PROPOSAL_LIST_REQUEST__INIT;
    if (!query_number(cli, arguments, "proposal", 1, INT64_MAX - 1, &number)) {
        return CLI_USAGE;
    }
    if (!registry_today(cli, &today)) {
        return cli->told;
    }
    request.before_entry = number + 1;
    request.limit = 1;
    request.with_decided = true;
    Lovebank__V1__ProposalListResponse *list = (Lovebank__V1__ProposalListResponse *)cli_call(
        cli, LB_METHOD_PROPOSAL_LIST, &request.base,
        &lovebank__v1__proposal_list_response__descriptor, &exit);
    if (list != NULL) {
        exit = proposal_show(cli, number, list, today);
        cli_free_response(&list->base);
    }
    return exit;
}

/* clang-format off */
#define COLUMN_PROPOSAL \
    {.name = "proposal", .kind = OPTION_POSITIONAL, .holds = HOLDS_NUMBER, .is_required = true, \
     .value = "N", .help = {"事项编号", "the proposal's number"}}
/* clang-format on */

static const struct cli_option proposal_show_options[] = {
    COLUMN_PROPOSAL,
};

const struct cli_command command_proposal_show = {
    .name = "proposal show",
    .summary = {"查看一项等确认的事项", "Shows a proposal in full"},
    COMMAND_OPTIONS(proposal_show_options),
    .run = proposal_show_run,
};

static void proposal_decide(struct form_build *build, bool confirm)
{
    Lovebank__V1__ProposalDecide *act = form_new(build, &lovebank__v1__proposal_decide__descriptor);
    act->proposal = form_new(build, &lovebank__v1__entry_ref__descriptor);
    act->proposal->entry = form_number(build, "proposal", 1, INT64_MAX);
    act->confirm = confirm;
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_PROPOSAL_DECIDE;
    build->command->proposal_decide = act;
}

static void proposal_confirm_build(struct form_build *build)
{
    proposal_decide(build, true);
}

static void proposal_refuse_build(struct form_build *build)
{
    proposal_decide(build, false);
}

static void proposal_say(struct cli *cli, const Lovebank__V1__Command *command,
                         const Lovebank__V1__Result *result)
{
    const Lovebank__V1__ProposalDecide *act = command->proposal_decide;
    write_say(
        cli, result,
        cli_format(cli,
                   act->confirm
                       ? TEXT(cli, "已确认第 %" PRIu64 " 号事项", "confirmed proposal %" PRIu64)
                       : TEXT(cli, "已拒绝第 %" PRIu64 " 号事项", "refused proposal %" PRIu64),
                   act->proposal->entry));
}

static const struct cli_option proposal_confirm_columns[] = {
    COLUMN_PROPOSAL,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .value = "TEXT",
     .help = {"说明；可删除，不进账本", "a remark; erasable, not in the ledger"}},
};

static const struct form proposal_confirm_form = {
    .kind = "proposal-confirm",
    FORM_COLUMNS(proposal_confirm_columns),
    .build = proposal_confirm_build,
    .say = proposal_say,
};

const struct cli_command command_proposal_confirm = {
    .name = "proposal confirm",
    .summary = {"同意：现在照原样记账", "Confirms a proposal: it is entered now"},
    .form = &proposal_confirm_form,
    .run = form_run,
};

static const struct cli_option proposal_refuse_columns[] = {
    COLUMN_PROPOSAL,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .is_required = true,
     .value = "TEXT",
     .help = {"为什么不同意；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static const struct form proposal_refuse_form = {
    .kind = "proposal-refuse",
    FORM_COLUMNS(proposal_refuse_columns),
    .build = proposal_refuse_build,
    .say = proposal_say,
};

const struct cli_command command_proposal_refuse = {
    .name = "proposal refuse",
    .summary = {"不同意：不记账", "Refuses a proposal: nothing is entered"},
    .form = &proposal_refuse_form,
    .run = form_run,
};
