/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Stored entries as people read them. One thread.
 */
#include "entry_view.h"

#include "figure.h"
#include "principals.h"
#include "registry.h"
#include "sentence.h"
#include "words.h"

#include "base/date.h"

#include <inttypes.h>

Lovebank__V1__Entry *entry_view_unpack(const Lovebank__V1__StoredEntry *stored)
{
    Lovebank__V1__Entry *entry =
        lovebank__v1__entry__unpack(NULL, stored->packed.len, stored->packed.data);
    if (entry != NULL && entry->command == NULL) {
        lovebank__v1__entry__free_unpacked(entry, NULL);
        return NULL;
    }
    return entry;
}

Lovebank__V1__EntryGetResponse *entry_view_get(struct cli *cli,
                                               const Lovebank__V1__EntryRef *target,
                                               bool with_proof, enum cli_exit *exit)
{
    Lovebank__V1__EntryRef ref = *target;
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    request.target = &ref;
    request.with_proof = with_proof;
    return (Lovebank__V1__EntryGetResponse *)cli_call(cli, LB_METHOD_ENTRY_GET, &request.base,
                                                      &lovebank__v1__entry_get_response__descriptor,
                                                      exit);
}

Lovebank__V1__Entry *entry_view_answer(struct cli *cli,
                                       const Lovebank__V1__EntryGetResponse *response,
                                       const Lovebank__V1__EntryRef *target, enum cli_exit *exit)
{
    const int64_t numbers[3] = {(int64_t)target->entry};
    if (response->code != LB_OK) {
        *exit = cli_fail(cli, (int)response->code, numbers, "");
        return NULL;
    }
    Lovebank__V1__Entry *entry =
        response->entry == NULL ? NULL : entry_view_unpack(response->entry);
    if (entry == NULL) {
        *exit = cli_fail(cli, LB_MALFORMED, NULL, "Entry");
    }
    return entry;
}

int64_t entry_view_change(const Lovebank__V1__Entry *entry, uint64_t member,
                          Lovebank__V1__AssetKind asset)
{
    int64_t sum = 0;
    for (size_t i = 0; i < entry->n_postings; i++) {
        const Lovebank__V1__Posting *posting = entry->postings[i];
        if (posting->account == LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER &&
            posting->owner == member && posting->asset == asset) {
            sum += posting->amount;
        }
    }
    return sum;
}

const Lovebank__V1__Balances *entry_view_balances(const Lovebank__V1__Entry *entry, uint64_t member)
{
    for (size_t i = 0; i < entry->n_balances; i++) {
        if (entry->balances[i]->member == member) {
            return entry->balances[i];
        }
    }
    return NULL;
}

/* "兑换商品 大米×1" and another line: "兑换商品 大米×1、食盐×2". */
static const char *entry_view_add_line(struct cli *cli, const char *what, bool is_first,
                                       uint32_t item, int64_t quantity)
{
    return cli_format(cli, "%s%s%s×%" PRId64, what, is_first ? " " : TEXT(cli, "、", ", "),
                      registry_name(cli, REGISTRY_ITEM, item), quantity);
}

const char *entry_view_end(struct cli *cli, const Lovebank__V1__OpeningBalance *act)
{
    return act->has_last_day ? cli_format(cli, TEXT(cli, "用至 %s", "use by %s"),
                                          entry_view_day(cli, act->last_day))
                             : TEXT(cli, "永久有效", "no end");
}

const char *entry_view_opening(struct cli *cli, const Lovebank__V1__OpeningBalance *act)
{
    const char *points =
        act->points_centi == 0
            ? ""
            : cli_format(cli, TEXT(cli, "%s 分（%s）", "%s points (%s)"),
                         figure_points(cli, act->points_centi), entry_view_end(cli, act));
    const char *time = act->minutes == 0
                           ? ""
                           : cli_format(cli, TEXT(cli, "%s（%" PRIu32 " 年）", "%s (%" PRIu32 ")"),
                                        figure_minutes(cli, act->minutes), act->year);
    return cli_format(cli, "%s%s%s", points,
                      points[0] == '\0' || time[0] == '\0' ? "" : TEXT(cli, "、", ", "), time);
}

/* What stands beside the amounts: "用至 2026-12-31、2015 年". */
static const char *entry_view_opening_lots(struct cli *cli, const Lovebank__V1__OpeningBalance *act)
{
    const char *end = act->points_centi == 0 ? "" : entry_view_end(cli, act);
    const char *year =
        act->minutes == 0
            ? ""
            : cli_format(cli, TEXT(cli, "%" PRIu32 " 年", "year %" PRIu32), act->year);
    return cli_format(cli, "%s%s%s", end,
                      end[0] == '\0' || year[0] == '\0' ? "" : TEXT(cli, "、", ", "), year);
}

/* A refusal has nothing worked out: what was wanted stands in the command. */
static const char *entry_view_wanted(struct cli *cli, const Lovebank__V1__Command *command,
                                     const char *act)
{
    const char *what = act;
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD) {
        const Lovebank__V1__ServiceRecord *record = command->service_record;
        return cli_format(cli, "%s %s %s", act,
                          registry_name(cli, REGISTRY_CATEGORY, record->category),
                          figure_minutes(cli, record->minutes));
    }
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        return cli_format(cli, "%s %s", act, entry_view_opening(cli, command->opening_balance));
    }
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK) {
        return entry_view_add_line(cli, act, true, command->service_ask->item,
                                   command->service_ask->quantity);
    }
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_REDEEM) {
        for (size_t i = 0; i < command->redeem->n_lines; i++) {
            const Lovebank__V1__RedeemLine *line = command->redeem->lines[i];
            what = entry_view_add_line(cli, what, i == 0, line->item, line->quantity);
        }
    }
    return what;
}

const char *entry_view_what(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    const char *act = words_of_act(cli->is_chinese, entry->command->act_case);
    const char *what = act;
    for (size_t i = 0; i < entry->n_lines; i++) {
        const Lovebank__V1__PricedLine *line = entry->lines[i];
        what = entry_view_add_line(cli, what, i == 0, line->item, line->quantity);
    }
    if (entry->n_lines > 0) {
        return what;
    }
    if (entry->earning != NULL && entry->earning->category != 0) {
        return cli_format(cli, "%s %s", act,
                          registry_name(cli, REGISTRY_CATEGORY, entry->earning->category));
    }
    if (entry->code == LB_OK &&
        entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        return cli_format(cli, TEXT(cli, "%s %s", "%s, %s"), act,
                          entry_view_opening_lots(cli, entry->command->opening_balance));
    }
    if (entry->target_entry != 0) {
        return cli_format(cli, TEXT(cli, "%s 第 %" PRIu64 " 号", "%s %" PRIu64), act,
                          entry->target_entry);
    }
    return entry->code == LB_OK ? act : entry_view_wanted(cli, entry->command, act);
}

char *entry_view_refusal(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    const int64_t numbers[3] = {entry->a, entry->b, entry->c};
    char *sentence = cli_take(cli, SENTENCE_BYTES_MAX, 1);
    if (entry->code == LB_OK) {
        return sentence;
    }
    sentence_format(sentence, SENTENCE_BYTES_MAX, cli->is_chinese, (int)entry->code, numbers, "");
    return sentence;
}

const char *entry_view_note(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                            const Lovebank__V1__Entry *entry)
{
    if (entry->code == LB_WAITING) {
        return stored->settled_by == 0
                   ? cli_format(
                         cli, TEXT(cli, "要第二个人确认，%s 前有效", "needs a second person by %s"),
                         entry_view_day(cli, entry->a))
                   : cli_format(cli, TEXT(cli, "已由 %" PRIu64 " 处理", "decided by %" PRIu64),
                                stored->settled_by);
    }
    if (entry->code != LB_OK) {
        char *refusal = entry_view_refusal(cli, entry);
        sentence_cut_remedy(refusal, cli->is_chinese);
        return cli_format(cli, TEXT(cli, "被拒绝：%s", "refused: %s"), refusal);
    }
    if (stored->reversed_by != 0) {
        return cli_format(cli, TEXT(cli, "已由 %" PRIu64 " 撤销", "undone by %" PRIu64),
                          stored->reversed_by);
    }
    if (stored->settled_by != 0) {
        return cli_format(cli, TEXT(cli, "已由 %" PRIu64 " 了结", "settled by %" PRIu64),
                          stored->settled_by);
    }
    return "";
}

/* An older server leaves names out. */
static const char *entry_view_name(struct cli *cli, const char *name, uint32_t principal)
{
    return name[0] != '\0' ? name : principals_name(cli, principal);
}

const char *entry_view_who(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                           const Lovebank__V1__Entry *entry)
{
    const char *who =
        entry->principal == 0 ? "" : entry_view_name(cli, stored->principal_name, entry->principal);
    if (entry->device != 0) {
        who = cli_format(cli, "%s @ %s", who,
                         entry_view_name(cli, stored->device_name, entry->device));
    }
    if (entry->approver != 0) {
        who = cli_format(cli, TEXT(cli, "%s（%s 确认）", "%s (%s confirmed)"), who,
                         entry_view_name(cli, stored->approver_name, entry->approver));
    }
    return who;
}

const char *entry_view_day(struct cli *cli, int64_t day)
{
    if (day < DATE_DAY_MIN || day > DATE_DAY_MAX) {
        return "?";
    }
    char *text = cli_take(cli, DATE_TEXT_BYTES, 1);
    date_format((int32_t)day, text);
    return text;
}
