/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The folded tables against the stored ones, in one snapshot of each: every row of every view in
 * both directions, request ids by their count, and the sum of the whole book; people rows: see
 * verify_people.c. Threading: see verify_run.h.
 */
#include "verify_run.h"

#include "bank/records.h"
#include "base/checked.h"
#include "base/ordered.h"
#include "base/wire.h"
#include "book_key.h"
#include "ledger/book.h"
#include "move_run.h"
#include "verify_cursor.h"

/* ---- which entry a row depends on ---- */

static bool entry_posts_to(const struct entry *entry, const struct book_row *row)
{
    for (size_t i = 0; i < entry->postings.count; i++) {
        const struct posting *posting = &entry->postings.items[i];
        if (account_equal(posting->account, row->account) &&
            asset_equal(posting->asset, row->asset) && posting->lot == row->lot) {
            return true;
        }
    }
    return false;
}

/* The newest entry that posts to the account, asset and lot of a balance; 0: none does. */
static uint64_t newest_posting(struct verify_run *run, struct bytes key)
{
    static const uint8_t any_amount[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    struct book_row row;
    if (!book_row_decode(key, bytes_of(any_amount, sizeof(any_amount)), &row)) {
        return 0;
    }
    for (uint64_t number = run->folded; number > 0; number--) {
        const struct entry *entry = entry_reader_get(&run->reader, number);
        if (entry == NULL || entry_posts_to(entry, &row)) {
            return entry == NULL ? 0 : number;
        }
    }
    return 0;
}

/* For tables whose key holds a member behind `skip` bytes: the member's newest entry. */
static uint64_t newest_of_member(struct views folded, struct bytes key, size_t skip)
{
    struct wire_reader reader = {.left = key};
    struct member_row row = {.last_entry = 0};
    (void)wire_get_bytes(&reader, skip);
    uint64_t member = wire_get_u64(&reader);
    (void)member_get(folded, member, &row);
    return row.last_entry;
}

static uint64_t newest_of_chain(struct views folded, struct bytes key)
{
    struct wire_reader reader = {.left = key};
    struct chain_row row;
    enum chain_kind kind = (enum chain_kind)wire_get_u8(&reader);
    chain_get(folded, kind, wire_get_u64(&reader), &row);
    return row.last_entry;
}

static uint64_t newest_entry_of_row(struct verify_run *run, struct views folded,
                                    enum ledger_table table, struct bytes key)
{
    uint64_t number = 0;
    switch (table) {
    case TABLE_BALANCE:
        return newest_posting(run, key);
    case TABLE_REVERSED:
    case TABLE_ASK:
    case TABLE_PROPOSAL: /* the key is an entry's number */
        return rows_number(key, &number) && number <= run->folded ? number : 0;
    case TABLE_MEMBER:
        return newest_of_member(folded, key, 0);
    case TABLE_SERVICE_DAY:
    case TABLE_YEAR_TOTAL: /* a day or a year, then the member */
        return newest_of_member(folded, key, sizeof(int32_t));
    case TABLE_CHAIN:
        return newest_of_chain(folded, key);
    case TABLE_IMPORT:
        return rows_number(key, &number) ? import_get(folded, number) : 0;
    case TABLE_META:
    case TABLE_ENTRY:
    case TABLE_REQUEST:
    case TABLE_TILE:
    case TABLE_SEQUENCE:
    case TABLE_DATED:
    case TABLE_CARD:
    case TABLE_ACTIVITY:
    case TABLE_DELIVERY:
    case TABLE_PRINCIPAL:
    case TABLE_LOGIN:
    case TABLE_TOKEN:
    case TABLE_PERSON:
    case TABLE_MEMO:
    case TABLE_CREDENTIAL:
    case TABLE_ID_NUMBER:
        return 0;
    }
    return 0;
}

/* ---- views ---- */

static void compare_table(struct verify_run *run, struct views folded, enum ledger_table table)
{
    struct verify_cursor book = verify_cursor_first(snapshot_views_port(&run->book), table);
    struct verify_cursor fold = verify_cursor_first(folded, table);
    while ((book.has_row || fold.has_row) && !run->has_problem) {
        int order = !book.has_row ? 1 : !fold.has_row ? -1 : bytes_compare(book.key, fold.key);
        struct bytes key = order < 0 ? book.key : fold.key;
        if (order < 0) {
            verify_problem_row(run, table, key, newest_entry_of_row(run, folded, table, key),
                               "没有记账能得出这一行", "no entry gives this row");
        } else if (order > 0) {
            verify_problem_row(run, table, key, newest_entry_of_row(run, folded, table, key),
                               "缺少记账得出的这一行", "the row that the entries give is missing");
        } else if (!bytes_equal(book.value, fold.value)) {
            verify_problem_row(run, table, key, newest_entry_of_row(run, folded, table, key),
                               "内容与记账累计不符", "it is not what the entries give");
        } else {
            verify_cursor_next(&book);
            verify_cursor_next(&fold);
        }
    }
}

static void compare_views(struct verify_run *run, struct views folded)
{
    static const struct {
        enum ledger_table table;
        enum ledger_table_kind kind;
    } tables[] = {
#define X(symbol, number, name, kind) {TABLE_##symbol, TABLE_KIND_##kind},
        LEDGER_TABLE_LIST(X)
#undef X
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && !run->has_problem; i++) {
        if (tables[i].kind == TABLE_KIND_VIEW) {
            compare_table(run, folded, tables[i].table);
        }
    }
}

/* Each entry's id leads to it, so as many rows as entries are exactly theirs. */
static void compare_requests(struct verify_run *run)
{
    uint64_t count = 0;
    struct verify_cursor book = verify_cursor_first(snapshot_views_port(&run->book), TABLE_REQUEST);
    for (; book.has_row && !run->has_problem; verify_cursor_next(&book)) {
        uint64_t number = 0;
        if (!rows_number(book.value, &number) || number == 0 || number > run->folded ||
            book.key.size != LB_REQUEST_ID_BYTES) {
            verify_problem_row(run, TABLE_REQUEST, book.key, 0, "没有这样的记账",
                               "there is no such entry");
        }
        count++;
    }
    if (!run->has_problem && book.views.ops->fault(book.views.context) == LB_OK &&
        count != run->folded) {
        verify_problem_row(run, TABLE_REQUEST, (struct bytes){NULL, 0}, 0,
                           "请求号的行数与记账数不同", "there are more request ids than entries");
    }
}

static void compare_head(struct verify_run *run)
{
    if (run->head.recorded_ms != run->recorded_ms) {
        verify_problem_row(run, TABLE_META, ROWS_HEAD_KEY, run->folded, "时间与最后一条记账不符",
                           "its time is not that of the newest entry");
    }
    struct views views = snapshot_views_port(&run->book);
    struct book_key key;
    if (book_key_read(views, &key) == LB_STORAGE_CORRUPT && run->book.fault == LB_OK) {
        verify_problem_row(run, TABLE_META, BOOK_KEY_ROW_KEY, 0, "不是密钥记录", "it names no key");
    }
    struct verify_cursor book = verify_cursor_first(views, TABLE_META);
    for (; book.has_row && !run->has_problem; verify_cursor_next(&book)) {
        if (!bytes_equal(book.key, ROWS_HEAD_KEY) && !bytes_equal(book.key, BOOK_KEY_ROW_KEY) &&
            !bytes_equal(book.key, MOVE_FENCE_KEY)) {
            verify_problem_row(run, TABLE_META, book.key, 0, "不认识的行", "an unknown row");
        }
    }
}

/* ---- the whole book sums to zero ---- */

#define SUM_KEY_BYTES 13 /* asset kind u8, item u32, lot u64 */

static bool sum_add(struct ordered *sums, const struct book_row *row)
{
    uint8_t key[SUM_KEY_BYTES];
    struct wire_writer key_writer = {.data = key, .cap = sizeof(key)};
    wire_put_u8(&key_writer, (uint8_t)row->asset.kind);
    wire_put_u32(&key_writer, row->asset.item);
    wire_put_u64(&key_writer, row->lot);
    int64_t sum = 0;
    struct ordered_place place;
    if (ordered_get(sums, bytes_of(key, sizeof(key)), &place)) {
        memcpy(&sum, place.value.data, sizeof(sum));
    }
    return checked_add_i64(sum, row->amount, &sum) &&
           ordered_put(sums, bytes_of(key, sizeof(key)), bytes_of(&sum, sizeof(sum)));
}

static void sum_check(struct verify_run *run, const struct ordered *sums)
{
    struct ordered_place place;
    bool has_sum = ordered_seek_ge(sums, (struct bytes){NULL, 0}, &place);
    for (; has_sum; has_sum = ordered_next(&place)) {
        int64_t sum = 0;
        memcpy(&sum, place.value.data, sizeof(sum));
        if (sum != 0) {
            verify_problem_row(run, TABLE_BALANCE, place.key, 0, "全账合计不为零",
                               "the whole book does not sum to zero in this asset and lot");
        }
    }
}

static enum lb_result compare_sums(struct verify_run *run)
{
    struct ordered sums;
    ordered_init(&sums, arena_memory_heap());
    enum lb_result result = LB_OK;
    struct verify_cursor book = verify_cursor_first(snapshot_views_port(&run->book), TABLE_BALANCE);
    for (; book.has_row && !run->has_problem && result == LB_OK; verify_cursor_next(&book)) {
        struct book_row row;
        if (!book_row_decode(book.key, book.value, &row)) {
            verify_problem_row(run, TABLE_BALANCE, book.key, 0, "不是余额", "it is no balance");
        } else if (!sum_add(&sums, &row)) {
            result = LB_MEMORY;
        }
    }
    sum_check(run, &sums);
    ordered_fini(&sums);
    return result;
}

enum lb_result verify_compare(struct verify_run *run)
{
    struct snapshot_views scratch;
    enum lb_result result = snapshot_views_open(&scratch, run->config->scratch);
    if (result != LB_OK) {
        return result;
    }
    struct views folded = snapshot_views_port(&scratch);
    compare_head(run);
    compare_views(run, folded);
    compare_requests(run);
    result = verify_people(run, folded);
    if (result == LB_OK) {
        result = compare_sums(run);
    }
    if (scratch.fault != LB_OK || run->book.fault != LB_OK) {
        result = scratch.fault != LB_OK ? scratch.fault : run->book.fault;
    }
    snapshot_views_close(&scratch);
    return result;
}
