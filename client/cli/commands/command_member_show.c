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
#include "query.h"
#include "registry.h"
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

static const char *member_use_by(struct cli *cli, uint64_t lot)
{
    if (lot > (uint64_t)DATE_DAY_MAX) {
        return TEXT(cli, "永久有效", "never ends");
    }
    return entry_view_day(cli, (int64_t)lot);
}

static void member_print_lots(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    static const struct table_column columns[] = {
        {.title = {"最后可用日", "USE BY"}},
        {.title = {"积分", "POINTS"}, .is_amount = true},
        {.title = {"预占", "HELD"}, .is_amount = true},
    };
    struct table table;
    if (info->n_lots == 0) {
        return;
    }
    (void)fputc('\n', cli->out);
    TABLE_BEGIN(&table, cli, columns);
    for (size_t i = 0; i < info->n_lots; i++) {
        const Lovebank__V1__PointLot *lot = info->lots[i];
        const char *cells[] = {member_use_by(cli, lot->lot), figure_points(cli, lot->points_centi),
                               figure_points(cli, lot->held_centi)};
        table_row(&table, cells);
    }
    table_end(&table);
}

static void member_print_years(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    static const struct table_column columns[] = {
        {.title = {"年份", "YEAR"}, .is_right = true},
        {.title = {"服务所得", "EARNED"}, .is_amount = true},
        {.title = {"时长", "TIME"}, .is_right = true},
        {.title = {"服务人次", "SERVICES"}, .is_right = true},
        {.title = {"兑换人次", "REDEEMED"}, .is_right = true},
        {.title = {"用去积分", "SPENT"}, .is_amount = true},
        {.title = {"受助人次", "RECEIVED"}, .is_right = true},
    };
    struct table table;
    if (info->n_years == 0) {
        return;
    }
    (void)fputc('\n', cli->out);
    TABLE_BEGIN(&table, cli, columns);
    for (size_t i = 0; i < info->n_years; i++) {
        const Lovebank__V1__YearTotal *year = info->years[i];
        const char *cells[] = {
            cli_format(cli, "%" PRId32, year->year),
            figure_points(cli, year->earned_centi),
            figure_minutes(cli, year->minutes),
            cli_format(cli, "%" PRIu32, year->services),
            cli_format(cli, "%" PRIu32, year->redemptions),
            figure_points(cli, year->redeemed_centi),
            cli_format(cli, "%" PRIu32, year->services_received),
        };
        table_row(&table, cells);
    }
    table_end(&table);
}

static void member_print_balance(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    const Lovebank__V1__Balances *balances = info->balances;
    const char *name = info->masked_name[0] != '\0' ? info->masked_name
                                                    : TEXT(cli, "（姓名已删除）", "(name erased)");
    cli_say(cli,
            TEXT(cli, "%s（%08" PRIu64 "）现有积分 %s 分，累计时长 %s。",
                 "%s (%08" PRIu64 ") has %s points and %s."),
            name, info->member, figure_points(cli, balances->points_centi),
            figure_minutes(cli, balances->minutes));
    if (balances->held_centi != 0) {
        cli_say(cli,
                TEXT(cli, "另有 %s 分已预占，等服务完成后扣除。",
                     "Another %s points are held for services asked for."),
                figure_points(cli, balances->held_centi));
    }
    if (balances->debt_centi != 0) {
        cli_say(cli,
                TEXT(cli, "还欠 %s 分，以后所得先补上。",
                     "%s points are owed; what is earned next settles them."),
                figure_points(cli, balances->debt_centi));
    }
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
    member_print_balance(cli, response->info);
    member_print_expired(cli, response->info);
    member_print_lots(cli, response->info);
    cli_free_response(&response->base);
    return CLI_DONE;
}

static const char *member_classes(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    const char *list = info->n_class_ids == 0 ? TEXT(cli, "无", "none") : "";
    for (size_t i = 0; i < info->n_class_ids; i++) {
        list = cli_format(cli, "%s%s%s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          registry_name(cli, REGISTRY_CLASS, info->class_ids[i]));
    }
    return list;
}

static void member_print_person(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    const Lovebank__V1__Person *person = info->person;
    if (person == NULL) {
        cli_say(cli, "%s",
                info->person_erased ? TEXT(cli, "个人信息已删除。", "Personal data was erased.")
                                    : TEXT(cli, "没有个人信息。", "No personal data."));
        return;
    }
    const struct {
        struct cli_text word;
        const char *text;
    } lines[] = {
        {{"姓名", "Name"}, person->name},
        {{"性别", "Gender"},
         person->gender == 0 ? "" : words_of_gender(cli->is_chinese, person->gender)},
        {{"出生日期", "Birth date"},
         person->has_birth_day ? entry_view_day(cli, person->birth_day) : ""},
        {{"身份证件号码", "ID number"}, person->id_number},
        {{"居住区域", "Address"}, person->address},
        {{"联系方式", "Phone"}, person->phone},
        {{"专业技能", "Skills"}, person->skills},
        {{"服务意向", "Offers"}, person->wishes},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (lines[i].text[0] != '\0') {
            cli_say(cli, TEXT(cli, "%s：%s", "%s: %s"), cli_choose(cli, lines[i].word),
                    lines[i].text);
        }
    }
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
    member_print_balance(cli, info);
    cli_say(cli, TEXT(cli, "组织：%s · 状态：%s", "Org: %s · state: %s"),
            registry_name(cli, REGISTRY_ORG, info->org),
            words_of_status(cli->is_chinese, info->status));
    cli_say(cli, TEXT(cli, "类别：%s · 卡号：%s", "Classes: %s · card: %s"),
            member_classes(cli, info),
            info->card == 0 ? TEXT(cli, "无", "none") : cli_format(cli, "%010" PRIu64, info->card));
    cli_say(cli,
            TEXT(cli, "加入：%s · 最近一笔的记账号：%" PRIu64, "Joined: %s · last entry: %" PRIu64),
            entry_view_day(cli, info->joined_day), info->last_entry);
    if (with_person) {
        member_print_person(cli, info);
    }
    member_print_lots(cli, info);
    member_print_years(cli, info);
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
    if (text[0] == '\0') {
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
    Lovebank__V1__MemberFindResponse *found = (Lovebank__V1__MemberFindResponse *)cli_call(
        cli, LB_METHOD_MEMBER_FIND, &request.base, &lovebank__v1__member_find_response__descriptor,
        &exit);
    if (found != NULL) {
        member_find_tell(cli, found);
        cli_free_response(&found->base);
    }
    return exit;
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
     .is_required = true,
     .help = {"姓名中的字，或拼音首字母（张小明：zxm）",
              "part of the name, or of its pinyin initials (zxm)"}},
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
    .summary = {"按姓名或拼音首字母找志愿者", "Finds members by name or initials"},
    COMMAND_OPTIONS(member_find_options),
    .run = member_find_run,
};
