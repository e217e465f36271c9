/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member for people to read. One thread.
 */
#include "member_view.h"

#include "entry_view.h"
#include "figure.h"
#include "registry.h"
#include "table.h"
#include "words.h"

#include "base/date.h"

#include <inttypes.h>

static const char *member_view_use_by(struct cli *cli, uint64_t lot)
{
    if (lot > (uint64_t)DATE_DAY_MAX) {
        return TEXT(cli, "永久有效", "never ends");
    }
    return entry_view_day(cli, (int64_t)lot);
}

void member_view_lots(struct cli *cli, const Lovebank__V1__MemberInfo *info)
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
        const char *cells[] = {member_view_use_by(cli, lot->lot),
                               figure_points(cli, lot->points_centi),
                               figure_points(cli, lot->held_centi)};
        table_row(&table, cells);
    }
    table_end(&table);
}

void member_view_years(struct cli *cli, const Lovebank__V1__MemberInfo *info)
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

void member_view_balance(struct cli *cli, const Lovebank__V1__MemberInfo *info)
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

static const char *member_view_yes(const struct cli *cli, protobuf_c_boolean yes)
{
    return yes ? TEXT(cli, "同意", "yes") : TEXT(cli, "不同意", "no");
}

static const char *member_view_classes(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    const char *list = info->n_class_ids == 0 ? TEXT(cli, "无", "none") : "";
    for (size_t i = 0; i < info->n_class_ids; i++) {
        list = cli_format(cli, "%s%s%s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          registry_name(cli, REGISTRY_CLASS, info->class_ids[i]));
    }
    return list;
}

void member_view_person(struct cli *cli, const Lovebank__V1__MemberInfo *info)
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

void member_view_registry(struct cli *cli, const Lovebank__V1__MemberInfo *info)
{
    cli_say(cli, TEXT(cli, "组织：%s · 状态：%s", "Org: %s · state: %s"),
            registry_name(cli, REGISTRY_ORG, info->org),
            words_of_status(cli->is_chinese, info->status));
    cli_say(cli, TEXT(cli, "类别：%s · 卡号：%s", "Classes: %s · card: %s"),
            member_view_classes(cli, info),
            info->card == 0 ? TEXT(cli, "无", "none") : cli_format(cli, "%010" PRIu64, info->card));
    cli_say(cli,
            TEXT(cli, "加入：%s · 最近一笔的记账号：%" PRIu64, "Joined: %s · last entry: %" PRIu64),
            entry_view_day(cli, info->joined_day), info->last_entry);
    cli_say(cli,
            TEXT(cli, "公开名单上署名（打码）：%s · 可以联系：%s",
                 "Masked name on public lists: %s · may be contacted: %s"),
            member_view_yes(cli, info->publish_name), member_view_yes(cli, info->contact));
}
