/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Stored entries as people read them. One thread.
 */
#include "entry_view.h"

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

static const char *entry_view_lines(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    const char *text = "";
    for (size_t i = 0; i < entry->n_lines; i++) {
        const Lovebank__V1__PricedLine *line = entry->lines[i];
        text = cli_format(cli, "%s%s%s×%" PRId64, text, i == 0 ? " " : TEXT(cli, "、", ", "),
                          registry_name(cli, REGISTRY_ITEM, line->item), line->quantity);
    }
    return text;
}

const char *entry_view_what(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    const char *act = words_of_act(cli->is_chinese, entry->command->act_case);
    if (entry->n_lines > 0) {
        return cli_format(cli, "%s%s", act, entry_view_lines(cli, entry));
    }
    if (entry->earning != NULL && entry->earning->category != 0) {
        return cli_format(cli, "%s %s", act,
                          registry_name(cli, REGISTRY_CATEGORY, entry->earning->category));
    }
    if (entry->target_entry != 0) {
        return cli_format(cli, TEXT(cli, "%s 第 %" PRIu64 " 号", "%s %" PRIu64), act,
                          entry->target_entry);
    }
    return act;
}

const char *entry_view_refusal(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    const int64_t numbers[3] = {entry->a, entry->b, entry->c};
    if (entry->code == LB_OK) {
        return "";
    }
    char *sentence = cli_take(cli, SENTENCE_BYTES_MAX, 1);
    sentence_format(sentence, SENTENCE_BYTES_MAX, cli->is_chinese, (int)entry->code, numbers, "");
    return sentence;
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
