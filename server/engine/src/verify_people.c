/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data: each sealed row answers to the newest commitment, a row is missing only where an
 * entry erased it, and each person's ID number leads to that person alone. Without keys only the
 * presence of rows is checked. Threading: see verify_run.h.
 */
#include "verify_run.h"

#include "book_key.h"
#include "entry/codec.h"
#include "people/people.h"
#include "people_rows.h"
#include "verify_cursor.h"

struct people_check {
    struct verify_run *run;
    enum ledger_table table;
    enum people_kind kind;
    uint64_t id_numbers; /* of the persons seen so far */
    bool is_outdated;    /* the end of a rotation was met: not every row could be looked at */
};

/* Unpacks a person, whose ID number must lead here, in the index of the row's epoch. */
static enum lb_result people_check_id_number(struct people_check *check, uint64_t member,
                                             struct bytes row, struct bytes packed)
{
    struct verify_run *run = check->run;
    struct person person;
    struct people_id_number hash;
    enum lb_result result = entry_unpack_person(packed, &run->entry_arena, &person);
    if (result == LB_MEMORY) {
        return result;
    }
    if (result != LB_OK) {
        struct rows_key owner = rows_key_of(member);
        verify_problem_row(run, check->table, rows_key_bytes(&owner), 0, "无法解读",
                           "it cannot be decoded");
        return LB_OK;
    }
    if (!people_id_number(run->config->people, people_row_epoch(row), person.id_number, &hash)) {
        return LB_OK;
    }
    struct bytes key = bytes_of(hash.bytes, sizeof(hash.bytes));
    struct bytes value;
    uint64_t holder = 0;
    bool is_there = views_get(snapshot_views_port(&run->book), TABLE_ID_NUMBER, key, &value);
    check->id_numbers++;
    if (!is_there || !rows_number(value, &holder) || holder != member) {
        verify_problem_row(run, TABLE_ID_NUMBER, key, 0, "没有指向持有这个号码的人",
                           "it does not lead to the member who has the number");
    }
    return LB_OK;
}

/* The key of a row can be destroyed while verify looks at an older state: then the row as it stands
 * now is under another one, or erased. */
static enum lb_result people_is_outdated(struct people_check *check, struct bytes key,
                                         struct bytes row, bool *is_outdated)
{
    struct people *people = check->run->config->people;
    struct snapshot_views now;
    struct bytes newer;
    *is_outdated = false;
    if (!people_row_is_outdated(people, row)) {
        return LB_OK;
    }
    enum lb_result result = snapshot_views_open(&now, check->run->config->store);
    if (result != LB_OK) {
        return result;
    }
    *is_outdated = !views_get(snapshot_views_port(&now), check->table, key, &newer) ||
                   !people_row_is_outdated(people, newer);
    result = now.fault;
    snapshot_views_close(&now);
    check->is_outdated = check->is_outdated || *is_outdated;
    return result;
}

/* The row must open and answer to the commitment. */
static enum lb_result people_check_row(struct people_check *check, struct bytes key,
                                       struct bytes row, struct bytes commitment)
{
    struct verify_run *run = check->run;
    struct people *people = run->config->people;
    uint64_t owner = 0;
    struct bytes plaintext;
    uint8_t stored[LB_HASH_BYTES];
    if (people == NULL) {
        return LB_OK;
    }
    arena_reset(&run->entry_arena);
    enum lb_result result = LB_STORAGE_CORRUPT;
    if (rows_number(key, &owner)) {
        result =
            people_open_row(people, check->kind, owner, row, &run->entry_arena, &plaintext, stored);
    }
    if (result == LB_STORAGE_CORRUPT) {
        bool is_outdated = false;
        result = people_is_outdated(check, key, row, &is_outdated);
        if (result == LB_OK && !is_outdated) {
            verify_problem_row(run, check->table, key, 0, "打不开：密钥不对或内容已被改动",
                               "it does not open: another key, or it was altered");
        }
        return result;
    }
    if (result == LB_OK && !bytes_equal(bytes_of(stored, sizeof(stored)), commitment)) {
        verify_problem_row(run, check->table, key, 0, "与记账里的承诺值不符",
                           "it is not what the entry commits to");
    } else if (result == LB_OK && check->kind == PEOPLE_PERSON) {
        result = people_check_id_number(check, owner, row, plaintext);
    }
    return result;
}

static enum lb_result people_check_table(struct people_check *check, struct views folded)
{
    struct verify_run *run = check->run;
    enum lb_result result = LB_OK;
    struct verify_cursor book = verify_cursor_first(snapshot_views_port(&run->book), check->table);
    struct verify_cursor fold = verify_cursor_first(folded, check->table);
    while ((book.has_row || fold.has_row) && !run->has_problem && result == LB_OK) {
        int order = !book.has_row ? 1 : !fold.has_row ? -1 : bytes_compare(book.key, fold.key);
        if (order < 0) {
            verify_problem_row(run, check->table, book.key, 0, "没有记账承诺过这一行",
                               "no entry commits to this row");
        } else if (order > 0) {
            verify_problem_row(run, check->table, fold.key, 0, "缺失，而记账里没有删除它",
                               "it is missing, and no entry erased it");
        } else {
            result = people_check_row(check, book.key, book.value, fold.value);
            verify_cursor_next(&book);
            verify_cursor_next(&fold);
        }
    }
    return result;
}

/* Each person's number leads to the person, so as many rows as numbers are exactly theirs. */
static void people_check_index(const struct people_check *persons)
{
    struct verify_run *run = persons->run;
    uint64_t count = 0;
    if (run->config->people == NULL || persons->is_outdated || run->has_problem) {
        return;
    }
    struct verify_cursor book =
        verify_cursor_first(snapshot_views_port(&run->book), TABLE_ID_NUMBER);
    for (; book.has_row; verify_cursor_next(&book)) {
        count++;
    }
    if (count != persons->id_numbers) {
        verify_problem_row(run, TABLE_ID_NUMBER, (struct bytes){NULL, 0}, 0,
                           "行数与有身份证号码的人数不同",
                           "there are more ID numbers than members who have one");
    }
}

/* Rows under a key that is only at another server would seem to be altered. */
static enum lb_result people_check_key(struct verify_run *run)
{
    struct book_key key;
    struct people *people = run->config->people;
    if (people == NULL || run->has_problem) {
        return LB_OK;
    }
    enum lb_result result = book_key_read(snapshot_views_port(&run->book), &key);
    return result == LB_OK && !book_key_is_here(&key, people) ? LB_KEY_OUTDATED : result;
}

enum lb_result verify_people(struct verify_run *run, struct views folded)
{
    enum lb_result result = people_check_key(run);
    for (size_t i = 0; i < PEOPLE_TABLES_COUNT && result == LB_OK; i++) {
        struct people_check check = {
            .run = run, .table = people_tables[i].table, .kind = people_tables[i].kind};
        result = people_check_table(&check, folded);
        if (result == LB_OK && check.kind == PEOPLE_PERSON) {
            people_check_index(&check);
        }
    }
    return result;
}
