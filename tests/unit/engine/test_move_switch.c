/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A switch: at each moment at most one of the two places is a book, and it has all there is.
 */
#include "move_fixture.h"

static void record_one(struct book *book)
{
    book_start(book);
    struct command command = record_service(book, 3, 5, TODAY);
    book_do(book, &command, 1);
    book_stop(book);
}

static struct move_report undo(struct store *from, struct store *to)
{
    const struct move_config config = move_config_of(from, to, 9);
    struct move_report report;
    assert_int_equal(move_undo(&config, &report), LB_OK);
    return report;
}

/* ---- accepts ---- */

static void a_copy_is_no_book_before_the_switch(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    for (uint8_t run = 1; run < 4; run++) {
        const struct move_report report = move_do(book->store, to, run);
        assert_copied(&report, book->store, to);
        record_one(book); /* the source goes on, and later runs take that along */
    }
    const struct move_report report = move_switch(book->store, to, 4);
    assert_moved(&report, book->store, to);
    to->ops->close(to);
}

static void a_source_that_was_left_says_where_the_bank_is(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    struct move_moved moved;
    assert_int_equal(move_read_moved(book->store, &moved), LB_OK);
    assert_false(moved.is_moved);
    (void)move_switch(book->store, to, 1);
    assert_int_equal(move_read_moved(book->store, &moved), LB_OK);
    assert_true(moved.is_moved);
    assert_string_equal(moved.place, "elsewhere");
    assert_int_equal(moved.at_ms, 1);
    to->ops->close(to);
}

static void a_switch_that_was_made_is_not_made_again(void **state)
{
    struct book *book = *state;
    struct store *from = book->store;
    struct store *to = mem_new();
    (void)move_switch(from, to, 1);
    assert_int_equal(move_switch(from, to, 2).verdict, MOVE_SWITCHED);
    assert_int_equal(move_do(from, to, 3).verdict, MOVE_SWITCHED);
    book->store = to;
    record_one(book);
    assert_int_equal(move_switch(from, to, 4).verdict, MOVE_SWITCHED);
    assert_false(is_unfinished(to));
    from->ops->close(from);
}

static void a_place_that_was_left_takes_the_bank_back(void **state)
{
    struct book *book = *state;
    struct store *old = book->store;
    struct store *away = mem_new();
    (void)move_switch(old, away, 1);
    book->store = away;
    record_one(book);
    struct move_report report = move_do(away, old, 2);
    assert_copied(&report, away, old);
    assert_false(is_moved(old)); /* it is half of something now, and no place that was left */
    report = move_switch(away, old, 3);
    assert_moved(&report, away, old);
    book->store = old;
    record_one(book);
    away->ops->close(away);
}

/* ---- rejects ---- */

static void a_source_that_was_left_goes_to_no_other_place(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    struct store *half = mem_new();
    struct store *empty = mem_new();
    (void)move_do(book->store, half, 1);
    (void)move_switch(book->store, to, 2);
    assert_int_equal(move_switch(book->store, half, 3).verdict, MOVE_FROM_MOVED);
    assert_int_equal(move_do(book->store, half, 3).verdict, MOVE_FROM_MOVED);
    assert_int_equal(move_switch(book->store, empty, 3).verdict, MOVE_FROM_MOVED);
    assert_true(is_unfinished(half));
    assert_false(is_unfinished(empty));
    to->ops->close(to);
    half->ops->close(half);
    empty->ops->close(empty);
}

/* It may have servers, which would go on beside the source's. */
static void a_book_that_nobody_left_is_no_target(void **state)
{
    struct book *book = *state;
    struct store *old = mem_new();
    (void)move_switch(book->store, old, 1);
    meta_delete(book->store, "moved"); /* as in a backup of it that was brought back */
    assert_int_equal(move_do(book->store, old, 2).verdict, MOVE_TO_BOOK);
    record_one(book);
    assert_int_equal(move_switch(book->store, old, 3).verdict, MOVE_TO_BOOK);
    assert_false(is_unfinished(old) || is_moved(book->store));
    old->ops->close(old);
}

/* ---- the proof ---- */

struct forgery {
    struct store *to;
    enum ledger_table table;
    bool is_done;
};

/* What is durable lacks a row that the target showed before. */
static enum lb_result reopen_forged(void *context, struct store **to)
{
    struct forgery *forgery = context;
    struct book target = {.store = *to};
    struct row_copy row = {.size = 0};
    assert_ptr_equal(*to, forgery->to);
    assert_true(row_seek(&target, forgery->table, (struct bytes){NULL, 0}, &row));
    row.data[row.size - 1] ^= 1;
    row_put(&target, forgery->table, bytes_of(row.key, row.key_size), bytes_of(row.data, row.size));
    forgery->is_done = true;
    return LB_OK;
}

static void what_does_not_read_back_becomes_no_book(void **state)
{
    static const enum ledger_table tables[] = {TABLE_ENTRY, TABLE_MEMO, TABLE_PERSON,
                                               TABLE_REQUEST};
    struct book *book = *state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct store *to = mem_new();
        struct forgery forgery = {.to = to, .table = tables[i]};
        struct move_config config = move_config_of(book->store, to, 2);
        struct move_report report;
        (void)move_do(book->store, to, 1);
        config.is_switch = true;
        config.reopen = reopen_forged;
        config.reopen_context = &forgery;
        assert_int_equal(move_run(&config, &report), LB_OK);
        assert_true(forgery.is_done);
        assert_int_equal(report.verdict, MOVE_UNEQUAL);
        assert_int_equal(memcmp(report.from_root, report.to_root, sizeof(report.to_root)) == 0,
                         tables[i] != TABLE_ENTRY);
        assert_true(is_unfinished(to) && is_moved(book->store));
        assert_int_equal(undo(book->store, to).verdict, MOVE_DONE);
        assert_false(is_moved(book->store));
        to->ops->close(to);
    }
}

static enum lb_result reopen_fails(void *context, struct store **to)
{
    (void)context;
    (void)to;
    return LB_STORAGE_FAULT;
}

static void a_target_that_cannot_be_opened_anew_becomes_no_book(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    struct move_config config = move_config_of(book->store, to, 1);
    struct move_report report;
    config.is_switch = true;
    config.reopen = reopen_fails;
    assert_int_equal(move_run(&config, &report), LB_STORAGE_FAULT);
    assert_true(report.is_target);
    assert_true(is_unfinished(to) && is_moved(book->store));
    report = move_switch(book->store, to, 2);
    assert_moved(&report, book->store, to);
    to->ops->close(to);
}

/* ---- undoing ---- */

static void a_switch_is_undone_before_anything_was_recorded_there(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    assert_int_equal(undo(book->store, to).verdict, MOVE_NOT_MOVED);
    (void)move_switch(book->store, to, 1);
    assert_int_equal(undo(book->store, to).verdict, MOVE_DONE);
    assert_true(is_unfinished(to));
    assert_false(is_moved(book->store));
    record_one(book);
    const struct move_report report = move_switch(book->store, to, 2);
    assert_moved(&report, book->store, to);
    to->ops->close(to);
}

static void a_switch_is_not_undone_once_the_target_went_on(void **state)
{
    struct book *book = *state;
    struct store *from = book->store;
    struct store *to = mem_new();
    struct store *other = mem_new();
    (void)move_switch(from, to, 1);
    assert_int_equal(undo(from, other).verdict, MOVE_TO_BOOK); /* another place says nothing */
    book->store = to;
    record_one(book);
    assert_int_equal(undo(from, to).verdict, MOVE_TO_BOOK);
    assert_true(is_moved(from));
    assert_false(is_unfinished(to));
    from->ops->close(from);
    other->ops->close(other);
}

/* A row that no entry tells of: personal data may have been sealed anew. */
static void a_switch_is_not_undone_when_any_row_of_the_target_changed(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    struct forgery forgery = {.to = to, .table = TABLE_PERSON};
    (void)move_switch(book->store, to, 1);
    assert_int_equal(reopen_forged(&forgery, &to), LB_OK);
    assert_int_equal(undo(book->store, to).verdict, MOVE_TO_BOOK);
    assert_true(is_moved(book->store));
    to->ops->close(to);
}

static void an_undoing_of_another_switch_is_refused(void **state)
{
    struct book *book = *state;
    struct store *first = mem_new();
    struct store *second = mem_new();
    (void)move_switch(book->store, first, 1);
    assert_int_equal(undo(book->store, first).verdict, MOVE_DONE);
    (void)move_switch(book->store, second, 2);
    assert_int_equal(undo(book->store, first).verdict, MOVE_FROM_MOVED);
    assert_true(is_moved(book->store));
    assert_int_equal(move_switch(book->store, first, 3).verdict, MOVE_FROM_MOVED);
    first->ops->close(first);
    second->ops->close(second);
}

static void an_undoing_cut_off_anywhere_is_gone_on_with(void **state)
{
    struct book *book = *state;
    for (int is_source = 0; is_source < 2; is_source++) {
        for (int is_applied = 0; is_applied < 2; is_applied++) {
            struct store *to = mem_new();
            (void)move_switch(book->store, to, 1);
            struct store *faulty = is_source ? book->store : to;
            const struct store_mem_fault fault = {.call = STORE_MEM_COMMIT,
                                                  .outcome = STORE_UNKNOWN,
                                                  .result = LB_STORAGE_FAULT,
                                                  .is_applied = is_applied};
            const struct move_config config = move_config_of(book->store, to, 2);
            struct move_report report;
            store_mem_plan_fault(faulty, &fault);
            assert_int_equal(move_undo(&config, &report), LB_STORAGE_FAULT);
            store_mem_plan_fault(faulty, NULL);
            assert_true(is_moved(book->store) || is_unfinished(to));
            const enum move_verdict verdict = undo(book->store, to).verdict;
            assert_int_equal(verdict, is_source && is_applied ? MOVE_NOT_MOVED : MOVE_DONE);
            assert_true(is_unfinished(to) && !is_moved(book->store));
            to->ops->close(to);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_MOVE(a_copy_is_no_book_before_the_switch),
        TEST_MOVE(a_source_that_was_left_says_where_the_bank_is),
        TEST_MOVE(a_switch_that_was_made_is_not_made_again),
        TEST_MOVE(a_place_that_was_left_takes_the_bank_back),
        TEST_MOVE(a_source_that_was_left_goes_to_no_other_place),
        TEST_MOVE(a_book_that_nobody_left_is_no_target),
        TEST_MOVE(what_does_not_read_back_becomes_no_book),
        TEST_MOVE(a_target_that_cannot_be_opened_anew_becomes_no_book),
        TEST_MOVE(a_switch_is_undone_before_anything_was_recorded_there),
        TEST_MOVE(a_switch_is_not_undone_once_the_target_went_on),
        TEST_MOVE(a_switch_is_not_undone_when_any_row_of_the_target_changed),
        TEST_MOVE(an_undoing_of_another_switch_is_refused),
        TEST_MOVE(an_undoing_cut_off_anywhere_is_gone_on_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
