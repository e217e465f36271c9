/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold: each entry is checked by itself and against what was folded before it, then applied to
 * the scratch store. Commitments go into the scratch store's PERSON, MEMO and CREDENTIAL tables:
 * what stands there at the end is what the book's people rows must answer to. Threading: see
 * verify_run.h.
 */
#include "verify_run.h"

#include "bank/records.h"
#include "base/assert.h"
#include "entry/codec.h"
#include "erase.h"

#include <string.h>

#define FOLD_PAGE_ENTRIES 4096 /* of the scratch store's groups */

/* What an entry of that number must be, whatever it says. */
static void fold_check_alone(struct verify_run *run, uint64_t number)
{
    const struct entry *entry = &run->entry;
    const char *problem = bank_entry_problem(entry);
    const struct id *id = &entry->command.id;
    if (entry->number != number) {
        verify_problem_entry(run, number, "内容写着别的编号", "its bytes hold another number");
    } else if (entry->recorded_ms < run->recorded_ms) {
        verify_problem_entry(run, number, "记录时间早于前一条",
                             "it was recorded before the entry before it");
    } else if (problem != NULL) {
        verify_problem_entry(run, number, "不合记账规则", problem);
    } else if (rows_find_request(run->reader.views, id) != number) {
        verify_problem_entry(run, number, "请求号没有指向它（表 request）",
                             "its request id does not lead to it (table request)");
    }
}

/* The counter an entry concerns: where it happens, or that of the entry it is about; 0: none. */
static uint64_t fold_counter(struct verify_run *run)
{
    const struct entry *entry = &run->entry;
    if (entry->failed_line != 0) {
        return 0;
    }
    if (entry->command.kind == ACT_STOCK_RECEIVE) {
        return entry->command.act.stock_receive.counter;
    }
    if (entry->command.kind == ACT_REDEEM) {
        return entry->command.act.redeem.counter;
    }
    if (entry->command.kind == ACT_SERVICE_ASK) {
        return entry->command.act.service_ask.counter;
    }
    if (entry->target_entry == 0) {
        return 0;
    }
    const struct entry *target = entry_reader_get(&run->reader, entry->target_entry);
    const struct chain_link *link = target == NULL ? NULL : entry_chain(target, CHAIN_COUNTER);
    return link == NULL ? 0 : link->key;
}

/* The link of that kind continues the chain of `key`; 0: there is none. */
static bool fold_is_chained(struct verify_run *run, enum chain_kind kind, uint64_t key)
{
    const struct chain_link *link = entry_chain(&run->entry, kind);
    struct chain_row row;
    if (key == 0) {
        return link == NULL;
    }
    chain_get(run->bank.views, kind, key, &row);
    return link != NULL && link->key == key && link->previous_entry == row.last_entry;
}

static void fold_check_chains(struct verify_run *run, uint64_t number)
{
    uint64_t import = run->entry.command.import;
    if (import != 0 && import_get(run->bank.views, import) == 0) {
        verify_problem_entry(run, number, "没有它所属的导入", "there is no import that it names");
    } else if (!fold_is_chained(run, CHAIN_IMPORT, import)) {
        verify_problem_entry(run, number, "导入的记账链断了",
                             "the import's chain of entries is broken");
    } else if (!fold_is_chained(run, CHAIN_COUNTER, fold_counter(run))) {
        verify_problem_entry(run, number, "兑换点的记账链断了",
                             "the counter's chain of entries is broken");
    }
}

/* Links continue each member's chain; nothing is reversed twice. */
static void fold_check_before(struct verify_run *run, uint64_t number)
{
    const struct entry *entry = &run->entry;
    for (size_t i = 0; i < entry->link_count; i++) {
        struct member_row row = {.last_entry = 0};
        (void)member_get(run->bank.views, entry->links[i].member, &row);
        if (entry->links[i].previous_entry != row.last_entry) {
            verify_problem_entry(run, number, "志愿者的记账链断了",
                                 "the member's chain of entries is broken");
        }
    }
    if (entry->command.kind == ACT_REVERSE && entry->verdict.code == LB_OK &&
        reversed_by(run->bank.views, entry->target_entry) != 0) {
        verify_problem_entry(run, number, "重复撤销了同一条",
                             "it reverses an entry that was reversed before");
    }
}

/* Counted minutes, points and lot are those that the tariff gives. */
static bool fold_is_earned(const struct tariff_row *tariff, const struct entry *entry)
{
    const struct earning *earning = &entry->earning;
    if (earning->minutes > LB_DAY_MINUTES) {
        return false;
    }
    const struct earning due = bank_earning(tariff, earning->member, entry->day, earning->minutes);
    return due.counted_minutes == earning->counted_minutes &&
           due.points_centi == earning->points_centi && due.lot == earning->lot;
}

/* Prices and tariffs are those of the entry's day, as the entries before it had set them. What is
 * given was priced when it was asked for. */
static void fold_check_dated(struct verify_run *run, uint64_t number)
{
    const struct entry *entry = &run->entry;
    const struct earning *earning = &entry->earning;
    bool is_priced = entry->command.kind != ACT_SERVICE_GIVE;
    for (size_t i = 0; is_priced && i < entry->line_count; i++) {
        const struct priced_line *line = &entry->lines[i];
        struct item_row item;
        if (!item_on(run->bank.views, line->item, entry->day, &item) ||
            item.entry != line->price_entry || item.item.price_centi != line->price_centi) {
            verify_problem_entry(run, number, "价格不是当日的价格",
                                 "a price is not that of the item on its day");
        }
    }
    struct tariff_row tariff;
    if (earning->member == 0) {
        return;
    }
    if (!tariff_on(run->bank.views, earning->category, entry->day, &tariff) ||
        tariff.entry != earning->tariff_entry) {
        verify_problem_entry(run, number, "积分标准不是当日的标准",
                             "its tariff is not that of the category on its day");
    } else if (!fold_is_earned(&tariff, entry)) {
        verify_problem_entry(run, number, "积分与积分标准不符",
                             "its points are not those of its tariff");
    }
}

static void fold_check_balances(struct verify_run *run, uint64_t number)
{
    struct entry *entry = &run->entry;
    struct member_balances stored[ENTRY_LINKS_MAX];
    memcpy(stored, entry->balances, sizeof(stored));
    bank_fill_balances(&run->bank, entry);
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct member_balances *folded = &entry->balances[i];
        if (stored[i].member != folded->member || stored[i].points_centi != folded->points_centi ||
            stored[i].held_centi != folded->held_centi ||
            stored[i].debt_centi != folded->debt_centi || stored[i].minutes != folded->minutes) {
            verify_problem_entry(run, number, "记下的余额与累计不符",
                                 "the balances it holds are not those of the fold");
        }
    }
}

static void fold_commitment(struct verify_run *run, enum ledger_table table, uint64_t owner,
                            const struct commitment *commitment)
{
    if (commitment->is_set) {
        struct rows_key key = rows_key_of(owner);
        views_put(run->bank.views, table, rows_key_bytes(&key),
                  bytes_of(commitment->hash, LB_HASH_BYTES));
    }
}

/* What is erased needs no row any more. */
static void fold_commitments(struct verify_run *run)
{
    const struct entry *entry = &run->entry;
    const struct command *command = &entry->command;
    bool is_open = command->kind == ACT_OPERATOR_OPEN;
    fold_commitment(run, TABLE_PERSON, entry->links[0].member, &entry->person_commitment);
    fold_commitment(run, TABLE_MEMO, entry->number, &entry->memo_commitment);
    fold_commitment(run, TABLE_CREDENTIAL,
                    is_open ? entry->assigned : command->act.credential_set.principal,
                    &entry->credential_commitment);
    if (erase_is_due(entry) &&
        erase_texts(&run->reader, run->bank.views, entry) == LB_STORAGE_CORRUPT &&
        run->book.fault == LB_OK) {
        verify_problem_entry(run, entry->number, "志愿者的记账链断了",
                             "the member's chain of entries is broken");
    }
}

static enum lb_result fold_fault(const struct verify_run *run)
{
    enum lb_result fault = views_fault(run->bank.views);
    return fault != LB_OK ? fault : run->book.fault;
}

/* Packing is canonical: bytes that nobody reads, or another spelling, are no work of this bank. */
static enum lb_result fold_check_bytes(struct verify_run *run, uint64_t number, struct bytes packed)
{
    struct bytes again;
    enum lb_result result = entry_pack(&run->entry, &run->entry_arena, &again);
    if (result == LB_OK && !bytes_equal(packed, again)) {
        verify_problem_entry(run, number, "含有多余的字节", "it holds bytes that say nothing");
    }
    return result;
}

static enum lb_result fold_entry(struct verify_run *run, uint64_t number)
{
    struct bytes packed;
    if (!entry_reader_packed(&run->reader, number, &packed)) {
        return run->book.fault != LB_OK ? run->book.fault : LB_STORAGE_CORRUPT;
    }
    arena_reset(&run->entry_arena);
    enum lb_result result = entry_unpack(packed, &run->entry_arena, &run->entry);
    if (result == LB_MALFORMED) {
        verify_problem_entry(run, number, "无法解读", "it cannot be decoded");
        return LB_OK;
    }
    if (result == LB_OK) {
        result = fold_check_bytes(run, number, packed);
    }
    if (result != LB_OK) {
        return result;
    }
    if (!run->has_problem) {
        fold_check_alone(run, number);
    }
    if (!run->has_problem) {
        fold_check_before(run, number);
        fold_check_chains(run, number);
        fold_check_dated(run, number);
        verify_second_person(run, number);
    }
    if (run->has_problem) {
        return fold_fault(run);
    }
    result = bank_apply(&run->bank, &run->entry);
    if (fold_fault(run) != LB_OK) {
        return fold_fault(run);
    }
    if (result != LB_OK) {
        verify_problem_entry(run, number, "会使余额不合规则（为负或溢出）",
                             "a balance would be negative or overflow");
        return LB_OK;
    }
    fold_check_balances(run, number);
    fold_commitments(run);
    run->recorded_ms = run->entry.recorded_ms;
    run->folded = number;
    return fold_fault(run);
}

static enum lb_result fold_page(struct verify_run *run, uint64_t last)
{
    struct store *scratch = run->config->scratch;
    struct store_group *group = NULL;
    enum lb_result result = scratch->ops->group_begin(scratch, &group);
    if (result != LB_OK) {
        return result;
    }
    overlay_reset(run->overlay, scratch->ops, group, NULL);
    while (run->folded < last && result == LB_OK && !run->has_problem) {
        result = fold_entry(run, run->folded + 1);
    }
    if (result != LB_OK || run->has_problem) {
        scratch->ops->group_abort(group);
        return result;
    }
    return store_wait_flush(&run->wait, scratch->ops, group, run->overlay);
}

enum lb_result verify_fold_extend(struct verify_run *run, uint64_t last)
{
    LB_ASSERT(last <= run->tree.size);
    enum lb_result result = LB_OK;
    while (run->folded < last && result == LB_OK && !run->has_problem) {
        uint64_t left = last - run->folded;
        result =
            fold_page(run, run->folded + (left < FOLD_PAGE_ENTRIES ? left : FOLD_PAGE_ENTRIES));
    }
    return result;
}
