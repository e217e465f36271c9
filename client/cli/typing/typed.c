/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Typed names and days. One thread.
 */
#include "typed.h"

#include "names.h"
#include "people.h"

#include "base/clock.h"
#include "base/date.h"
#include "text/text.h"

#include <inttypes.h>
#include <string.h>

#define TYPED_SHOWN_MAX       10
#define TYPED_ZONE_EAST_S_MAX (14 * 3600)

/* The names that a text may mean: how many, the last of them, and a list to show. */
struct typed_names {
    size_t count;
    uint64_t number;
    const char *list;
};

static void typed_collect(struct cli *cli, enum registry_kind kind, const char *text,
                          struct typed_names *names)
{
    uint64_t number = 0;
    const char *name = "";
    *names = (struct typed_names){.list = ""};
    for (size_t i = 0; registry_at(cli, kind, i, &number, &name); i++) {
        if (name_compare(cli, text, name) < NAME_INITIALS) {
            continue;
        }
        names->number = number;
        if (names->count++ < TYPED_SHOWN_MAX) {
            names->list = cli_format(cli, "%s\n  %" PRIu64 "  %s", names->list, number, name);
        }
    }
    if (names->count > TYPED_SHOWN_MAX) {
        names->list = cli_format(cli, "%s\n  …", names->list);
    }
}

static enum typed_answer typed_several(struct cli *cli, const char *list, struct cli_text *reason)
{
    *reason = (struct cli_text){
        cli_format(cli, "不止一个：%s\n请写编号，或多写几个字", list),
        cli_format(cli, "there are several:%s\nGive the number, or more of the name", list)};
    return TYPED_REFUSED;
}

enum typed_answer typed_code(struct cli *cli, enum registry_kind kind, const char *text,
                             uint64_t *number, struct cli_text *reason)
{
    struct typed_names names;
    const enum registry_answer answer = registry_find(cli, kind, text, number);
    if (answer == REGISTRY_FOUND) {
        return TYPED_FOUND;
    }
    if (answer == REGISTRY_UNAVAILABLE) {
        return TYPED_UNANSWERED;
    }
    typed_collect(cli, kind, text, &names);
    if (names.count == 1) {
        *number = names.number;
        return TYPED_FOUND;
    }
    if (names.count > 1) {
        return typed_several(cli, names.list, reason);
    }
    *reason = (struct cli_text){"没有这个名称。请核对，或改用编号",
                                "there is none of that name; check it or use its number"};
    return TYPED_REFUSED;
}

bool typed_resolve(struct cli *cli, enum registry_kind kind, const char *text, uint64_t *number,
                   enum cli_exit *exit)
{
    struct cli_text reason = {0};
    const enum typed_answer answer = typed_code(cli, kind, text, number, &reason);
    if (answer == TYPED_REFUSED) {
        cli_complain(cli, TEXT(cli, "“%s”：%s。", "\"%s\": %s."), cli_cut(cli, text),
                     cli_choose(cli, reason));
    }
    *exit = answer == TYPED_FOUND     ? CLI_DONE
            : answer == TYPED_REFUSED ? CLI_REFUSED
                                      : registry_exit(cli);
    return answer == TYPED_FOUND;
}

bool typed_is_name(const char *text)
{
    return text[0] != '\0' && strpbrk(text, "0123456789#*") == NULL;
}

/* "\n  10010001  李*  锦绣社区" for each. */
static const char *typed_members(struct cli *cli, const Lovebank__V1__MemberFindResponse *found)
{
    const char *list = "";
    for (size_t i = 0; i < found->n_members && i < TYPED_SHOWN_MAX; i++) {
        const Lovebank__V1__MemberInfo *info = found->members[i];
        list = cli_format(cli, "%s\n  %08" PRIu64 "  %s  %s", list, info->member, info->masked_name,
                          registry_name(cli, REGISTRY_ORG, info->org));
    }
    return found->n_members > TYPED_SHOWN_MAX ? cli_format(cli, "%s\n  …", list) : list;
}

static enum typed_answer typed_choose(struct cli *cli,
                                      const Lovebank__V1__MemberFindResponse *found,
                                      uint64_t *member, struct cli_text *reason)
{
    if (found == NULL || found->n_members == 0) {
        *reason = (struct cli_text){"没有这样的志愿者。请写编号、卡号、全名，或全名的拼音首字母",
                                    "there is no such member; give the number, the card, the whole "
                                    "name or all its initials"};
        return TYPED_REFUSED;
    }
    if (found->n_members > 1) {
        const char *list = typed_members(cli, found);
        *reason = (struct cli_text){
            cli_format(cli, "不止一个人：%s\n请写编号或卡号", list),
            cli_format(cli, "there are several:%s\nGive the number or the card", list)};
        return TYPED_REFUSED;
    }
    *member = found->members[0]->member;
    return TYPED_FOUND;
}

enum typed_answer typed_member(struct cli *cli, const char *text, uint64_t *member,
                               struct cli_text *reason)
{
    struct people *people = people_new(cli, text_is_letters(bytes_of_text(text)));
    enum typed_answer answer = TYPED_UNANSWERED;
    people_want(people, text, 0);
    if (people_ask(people) == CLI_DONE) {
        answer = typed_choose(cli, people_find(people, text, 0), member, reason);
    }
    people_free(people);
    return answer;
}

enum value_fault typed_day(struct cli *cli, const char *text, int32_t *day, bool *is_told)
{
    /* By this computer's clock first: most of what is no day needs no server to say so. */
    struct value_calendar calendar = {
        .today = date_day_of_ms(clock_now_ms(clock_system()), TYPED_ZONE_EAST_S_MAX),
        .is_typed = true};
    const struct value_calendar none = {0};
    *is_told = false;
    enum value_fault fault = value_date(text, &none, day);
    if (fault != VALUE_NOT_A_DATE && fault != VALUE_NO_YEAR) {
        return fault;
    }
    fault = value_date(text, &calendar, day);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (!registry_today(cli, &calendar.today)) {
        *is_told = true;
        return fault;
    }
    return value_date(text, &calendar, day);
}
