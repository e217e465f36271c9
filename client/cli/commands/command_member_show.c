/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank member show|find` and `lovebank balance`: what is known of a member. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "figure.h"
#include "json_message.h"
#include "listing.h"
#include "member_view.h"
#include "query.h"
#include "registry.h"
#include "secret.h"
#include "typed.h"
#include "words.h"

#include "base/date.h"

#include <inttypes.h>

/* With --json the object is printed here, and NULL is given as when it failed. */
static Lovebank__V1__MemberGetResponse *member_get(struct cli *cli,
                                                   const struct cli_arguments *arguments,
                                                   bool with_person, enum cli_exit *exit)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    if (!query_member(cli, arguments, "member", &ref, exit)) {
        return NULL;
    }
    request.member = &ref;
    request.with_person = with_person;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        cli, LB_METHOD_MEMBER_GET, &request.base, &lovebank__v1__member_get_response__descriptor,
        exit);
    if (response == NULL) {
        return NULL;
    }
    if (response->code != LB_OK || response->info == NULL || response->info->balances == NULL) {
        *exit = response->code != LB_OK ? query_refuse_member(cli, response->code, &ref)
                                        : cli_fail(cli, LB_MALFORMED, NULL, "MemberGetResponse");
        cli_free_response(&response->base);
        return NULL;
    }
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&response->info->base));
        cli_free_response(&response->base);
        return NULL;
    }
    return response;
}

/* Points past their last day are still in the tallies, but cannot be spent. */
static void member_print_expired(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    enum cli_exit exit = CLI_DONE;
    int64_t expired_centi = 0;
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    Lovebank__V1__StatusResponse *status = (Lovebank__V1__StatusResponse *)cli_call(
        cli, LB_METHOD_STATUS, &request.base, &lovebank__v1__status_response__descriptor, &exit);
    for (size_t i = 0; status != NULL && i < info->n_lots; i++) {
        if (info->lots[i]->lot < (uint64_t)status->today_day) {
            expired_centi += info->lots[i]->points_centi;
        }
    }
    if (expired_centi != 0) {
        cli_say(cli,
                TEXT(cli, "其中 %s 分已过最后可用日，不能再用。",
                     "%s of the points are past their last day and cannot be spent."),
                figure_points(cli, expired_centi));
    }
    if (status != NULL) {
        cli_free_response(&status->base);
    }
}

static enum cli_exit balance_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberGetResponse *response = member_get(cli, arguments, false, &exit);
    if (response == NULL) {
        return exit;
    }
    member_view_balance(cli, response->info);
    member_print_expired(cli, response->info);
    member_view_lots(cli, response->info);
    cli_free_response(&response->base);
    return CLI_DONE;
}

static enum cli_exit member_show_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    bool with_person = arguments_get(arguments, "person") != NULL;
    Lovebank__V1__MemberGetResponse *response = member_get(cli, arguments, with_person, &exit);
    if (response == NULL) {
        return exit;
    }
    const Lovebank__V1__MemberInfo *info = response->info;
    member_view_balance(cli, info);
    member_view_registry(cli, info);
    if (with_person) {
        member_view_person(cli, info);
    }
    member_view_lots(cli, info);
    member_view_years(cli, info);
    cli_free_response(&response->base);
    return CLI_DONE;
}

static void member_find_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__MemberInfo *info = message;
    const char *cells[] = {
        cli_format(cli, "%08" PRIu64, info->member),
        info->masked_name,
        registry_name(cli, REGISTRY_ORG, info->org),
        info->card == 0 ? "-" : cli_format(cli, "%010" PRIu64, info->card),
        words_of_status(cli->is_chinese, info->status),
    };
    table_row(table, cells);
}

static const struct table_column member_find_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"姓名", "NAME"}},
    {.title = {"组织", "ORG"}, .may_shrink = true},
    {.title = {"卡号", "CARD"}},
    {.title = {"状态", "STATE"}},
};

static const struct listing member_find_listing = {
    LISTING_COLUMNS(member_find_columns),
    .row = member_find_row,
};

static void member_find_tell(struct cli *cli, const Lovebank__V1__MemberFindResponse *found)
{
    if (found->n_members == 0 && !cli->is_json) {
        cli_say(cli, TEXT(cli, "没有找到。", "Nobody was found."));
    } else {
        listing_print(cli, &member_find_listing, found->members, found->n_members);
    }
    if (found->more) {
        cli_say(cli,
                TEXT(cli, "还有更多，请多写几个字。", "There are more; write more of the name."));
    }
    if (!found->index_ready) {
        cli_say(cli, TEXT(cli, "姓名索引还在建立，可能不全。",
                          "The index of names is still being built; some may be missing."));
    }
}

static enum cli_exit member_find_send(struct cli *cli,
                                      const Lovebank__V1__MemberFindRequest *request)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberFindResponse *found = (Lovebank__V1__MemberFindResponse *)cli_call(
        cli, LB_METHOD_MEMBER_FIND, &request->base, &lovebank__v1__member_find_response__descriptor,
        &exit);
    if (found != NULL) {
        member_find_tell(cli, found);
        cli_free_response(&found->base);
    }
    return exit;
}

/* The number is asked for, not given: command lines are for everybody on the machine to see. */
static enum cli_exit member_find_by_id_number(struct cli *cli)
{
    struct secret number;
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    if (!secret_read(cli, TEXT(cli, "身份证件号码", "ID number"), &number)) {
        return CLI_USAGE;
    }
    request.id_number = number.text;
    const enum cli_exit exit = member_find_send(cli, &request);
    secret_wipe(&number);
    return exit;
}

static enum cli_exit member_find_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t limit = 0;
    Lovebank__V1__MemberFindRequest request;
    lovebank__v1__member_find_request__init(&request);
    if (!query_number(cli, arguments, "limit", 1, LB_PAGE_ROWS_MAX, &limit)) {
        return CLI_USAGE;
    }
    const char *text = arguments_get(arguments, "text");
    if (arguments_get(arguments, "id_number") != NULL) {
        return member_find_by_id_number(cli);
    }
    if (text == NULL || text[0] == '\0') {
        return arguments_complain(cli, arguments, "text",
                                  (struct cli_text){"请写姓名里的字或拼音首字母",
                                                    "write a part of a name or its initials"});
    }
    request.text = cli_copy(cli, text);
    request.limit = (uint32_t)limit;
    request.exact = arguments_get(arguments, "exact") != NULL;
    const char *org = arguments_get(arguments, "org");
    if (org != NULL && !typed_resolve(cli, REGISTRY_ORG, org, &request.org, &exit)) {
        return exit;
    }
    return member_find_send(cli, &request);
}

static const struct cli_option balance_options[] = {
    COLUMN_MEMBER,
};

const struct cli_command command_balance = {
    .name = "balance",
    .summary = {"查余额：积分、时长、有效期", "A member's points and hours"},
    COMMAND_OPTIONS(balance_options),
    .run = balance_run,
};

static const struct cli_option member_show_options[] = {
    COLUMN_MEMBER,
    {.name = "person", .kind = OPTION_FLAG, .help = {"连同个人信息一起显示", "with personal data"}},
};

const struct cli_command command_member_show = {
    .name = "member show",
    .summary = {"查看志愿者", "Shows a member"},
    COMMAND_OPTIONS(member_show_options),
    .run = member_show_run,
};

static const struct cli_option member_find_options[] = {
    {.name = "text",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_MEMBER,
     .help = {"姓名中的字，或拼音首字母（张小明：zxm）",
              "part of the name, or of its pinyin initials (zxm)"}},
    {.name = "id_number",
     .kind = OPTION_FLAG,
     .help = {"按身份证件号码找；号码在终端上输入（不显示），或从标准输入读一行",
              "by ID number, which is typed unseen, or a line of standard input"}},
    {.name = "exact",
     .kind = OPTION_FLAG,
     .help = {"只找全名（或全部首字母）相同的", "only the whole name or all initials"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .value = "ORG",
     .help = {"只找这个组织及下属组织的", "only in this org and below it"}},
    {.name = "limit",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"最多多少人，默认 20", "at most so many, by default 20"}},
};

const struct cli_command command_member_find = {
    .name = "member find",
    .summary = {"按姓名、拼音首字母或身份证件号码找志愿者",
                "Finds members by name, initials or ID number"},
    COMMAND_OPTIONS(member_find_options),
    .run = member_find_run,
};
