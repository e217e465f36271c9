/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bank is moved whole, once or bit by bit, and only into a place that is its own. How it is left
 * and found again: test_move_switch.c.
 */
#include "move_fixture.h"

/* ---- accepts ---- */

static void what_was_moved_has_every_row_and_is_a_sound_book(void **state)
{
    struct book *book = *state;
    struct store *from = book->store;
    struct store *to = mem_new();
    const struct move_report report = move_switch(from, to, 1);
    assert_moved(&report, from, to);
    assert_verify_finds(book, "");
    assert_int_equal(report.entries, 5 + 2 + MOVE_SERVICES);
    assert_int_equal(report.entries_before, 0);
    book->store = to;
    assert_verify_finds(book, "");
    book_start(book);
    assert_int_equal(book_head(book), report.entries);
    struct command known = open_org(book);
    known.id = id_of(1);
    assert_int_equal(book_try(book, &known).entry, 1); /* the first answer again */
    assert_int_equal(book_head(book), report.entries);
    book_stop(book);
    from->ops->close(from);
}

static void an_empty_book_is_moved_too(void **state)
{
    (void)state;
    struct store *from = mem_new();
    struct store *to = mem_new();
    const struct move_report report = move_switch(from, to, 1);
    assert_int_equal(report.verdict, MOVE_DONE);
    assert_int_equal(report.entries + report.rows_put, 0);
    assert_true(is_moved(from) && !is_unfinished(to));
    assert_int_equal(assert_same_rows(from, to), 0);
    from->ops->close(from);
    to->ops->close(to);
}

static void a_later_run_moves_what_is_new_or_changed_and_takes_away_what_is_gone(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    const struct move_report first = move_do(book->store, to, 1);
    book_start(book);
    const struct command commands[] = {rename_member(book, 1, "王小红"),
                                       record_service(book, 3, 5, TODAY)};
    book_do(book, commands, 2);
    book_stop(book);
    struct row_copy memo = {.size = 0};
    assert_true(row_seek(book, TABLE_MEMO, (struct bytes){NULL, 0}, &memo));
    row_put(book, TABLE_MEMO, bytes_of(memo.key, memo.key_size), (struct bytes){NULL, 0});
    const struct move_report second = move_switch(book->store, to, 2);
    assert_moved(&second, book->store, to);
    assert_int_equal(second.entries_before, first.entries);
    assert_int_equal(second.entries, first.entries + 2);
    assert_int_equal(second.rows_deleted, 1);
    assert_true(second.rows_put < 20);
    to->ops->close(to);
}

static void a_run_with_nothing_to_do_writes_nothing(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    (void)move_do(book->store, to, 1);
    const struct store_mem_fault fault = {.call = STORE_MEM_BEGIN, .result = LB_STORAGE_FAULT};
    store_mem_plan_fault(to, &fault);
    const struct move_report report = move_do(book->store, to, 2);
    assert_false(store_mem_fault_was_met(to));
    store_mem_plan_fault(to, NULL);
    assert_copied(&report, book->store, to);
    assert_int_equal(report.rows_put + report.rows_deleted, 0);
    to->ops->close(to);
}

static void back_again_it_is_the_same(void **state)
{
    struct book *book = *state;
    struct store *away = mem_new();
    struct store *back = mem_new();
    (void)move_switch(book->store, away, 1);
    const struct move_report report = move_switch(away, back, 2);
    assert_moved(&report, away, back);
    (void)assert_same_rows(book->store, back);
    away->ops->close(away);
    back->ops->close(back);
}

/* ---- rejects ---- */

static void another_banks_place_is_refused_and_left_alone(void **state)
{
    struct book *book = *state;
    const struct store_mem_options options = {.is_async = false};
    struct book *other = book_new(&options);
    struct store *copy = mem_new();
    book_furnish(other, 1);
    book_stop(other);
    (void)move_switch(other->store, copy, 1);
    assert_int_equal(move_do(book->store, other->store, 2).verdict, MOVE_TO_OTHER);
    (void)assert_same_rows(other->store, copy);
    copy->ops->close(copy);
    book_free(other);
}

static void a_place_with_more_entries_is_refused(void **state)
{
    struct book *book = *state;
    struct store *old = mem_new();
    (void)move_switch(book->store, old, 1);
    meta_delete(book->store, "moved");
    book_start(book);
    struct command command = record_service(book, 3, 5, TODAY);
    book_do(book, &command, 1);
    book_stop(book);
    assert_int_equal(move_do(old, book->store, 2).verdict, MOVE_TO_AHEAD);
    old->ops->close(old);
}

static void take_over(void *context, uint64_t rows)
{
    struct book target = {.store = context};
    (void)rows;
    row_put(&target, TABLE_META, BYTES_LITERAL("moving"), BYTES_LITERAL("somebody else"));
}

static void a_run_gives_way_when_somebody_else_writes_there(void **state)
{
    struct book *book = *state;
    struct store *to = mem_new();
    struct move_config config = move_config_of(book->store, to, 1);
    struct move_report report;
    config.progress = take_over;
    config.progress_context = to;
    assert_int_equal(move_run(&config, &report), LB_OK);
    assert_int_equal(report.verdict, MOVE_TO_TAKEN);
    assert_true(is_unfinished(to));
    to->ops->close(to);
}

static void what_is_half_moved_is_no_source(void **state)
{
    struct book *book = *state;
    struct store *half = mem_new();
    struct store *to = mem_new();
    const struct store_mem_fault fault = {
        .call = STORE_MEM_COMMIT, .nth = 3, .outcome = STORE_UNKNOWN, .result = LB_STORAGE_FAULT};
    const struct move_config config = move_config_of(book->store, half, 1);
    struct move_report report;
    store_mem_plan_fault(half, &fault);
    assert_int_equal(move_run(&config, &report), LB_STORAGE_FAULT);
    assert_true(report.is_target);
    store_mem_plan_fault(half, NULL);
    assert_int_equal(move_do(half, to, 2).verdict, MOVE_FROM_UNFINISHED);
    half->ops->close(half);
    to->ops->close(to);
}

static void assert_damage_is_found(struct book *book)
{
    struct store *to = mem_new();
    const struct move_config config = move_config_of(book->store, to, 1);
    struct move_report report;
    assert_int_equal(move_run(&config, &report), LB_STORAGE_CORRUPT);
    assert_false(report.is_target);
    struct store_snapshot *snapshot = NULL;
    struct bytes value;
    assert_int_equal(to->ops->snapshot_open(to, &snapshot), LB_OK);
    assert_int_equal(to->ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("head"), &value),
                     LB_ENTRY_UNKNOWN); /* no book */
    to->ops->snapshot_close(snapshot);
    to->ops->close(to);
}

static void a_damaged_source_is_found(void **state)
{
    struct book *book = *state;
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, 7);
    const struct bytes sound = bytes_of(row.data, row.size);
    row_put_number(book, TABLE_ENTRY, 7, (struct bytes){NULL, 0});
    assert_damage_is_found(book);
    uint8_t altered[ROW_BYTES_MAX];
    memcpy(altered, row.data, row.size);
    altered[row.size - 1] ^= 1;
    row_put_number(book, TABLE_ENTRY, 7, bytes_of(altered, row.size));
    assert_damage_is_found(book);
    row_put_number(book, TABLE_ENTRY, 7, sound);
    row_put_number(book, TABLE_ENTRY, 1000, sound);
    assert_damage_is_found(book);
    row_put_number(book, TABLE_ENTRY, 1000, (struct bytes){NULL, 0});
}

/* ---- faults ---- */

/* After a switch that was cut off somewhere: the next run brings it to the end, and then none has
 * anything to do. The source is a book again, for the next one. */
static void assert_goes_on(struct book *book, struct store *to)
{
    const bool is_over = is_moved(book->store) && !is_unfinished(to);
    const struct move_report report = move_switch(book->store, to, 2);
    if (is_over) {
        assert_int_equal(report.verdict, MOVE_SWITCHED);
    } else {
        assert_moved(&report, book->store, to);
    }
    (void)assert_same_rows(book->store, to);
    assert_int_equal(move_switch(book->store, to, 3).verdict, MOVE_SWITCHED);
    meta_delete(book->store, "moved");
}

static struct move_config switch_config_of(struct store *from, struct store *to)
{
    struct move_config config = move_config_of(from, to, 1);
    config.is_switch = true;
    return config;
}

/* Every commit in turn; whatever became of it, the next run brings it to the end. */
static void sweep_commits(struct book *book, bool is_source, enum store_outcome outcome,
                          bool is_applied)
{
    bool was_met = true;
    unsigned nth = 0;
    for (; was_met; nth++) {
        struct store *to = mem_new();
        const struct store_mem_fault fault = {.call = STORE_MEM_COMMIT,
                                              .nth = nth,
                                              .outcome = outcome,
                                              .result = LB_STORAGE_FAULT,
                                              .is_applied = is_applied};
        struct store *faulty = is_source ? book->store : to;
        const struct move_config config = switch_config_of(book->store, to);
        struct move_report report;
        store_mem_plan_fault(faulty, &fault);
        const enum lb_result result = move_run(&config, &report);
        was_met = store_mem_fault_was_met(faulty);
        store_mem_plan_fault(faulty, NULL);
        assert_int_equal(result, was_met && outcome != STORE_RETRY ? LB_STORAGE_FAULT : LB_OK);
        assert_true(result == LB_OK || report.is_target == !is_source);
        assert_goes_on(book, to);
        to->ops->close(to);
    }
    assert_true(nth > (is_source ? 1 : 10));
}

static void a_run_cut_off_at_any_group_is_gone_on_with(void **state)
{
    for (int is_source = 0; is_source < 2; is_source++) {
        sweep_commits(*state, is_source, STORE_UNKNOWN, false);
        sweep_commits(*state, is_source, STORE_UNKNOWN, true);
        sweep_commits(*state, is_source, STORE_RETRY, false);
    }
}

static void a_fault_of_any_call_leaves_what_the_next_run_ends(void **state)
{
    static const enum store_mem_call calls[] = {STORE_MEM_BEGIN, STORE_MEM_PUT, STORE_MEM_SNAPSHOT};
    struct book *book = *state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        bool was_met = true;
        for (unsigned nth = 0; was_met; nth += 1 + nth / 4) {
            struct store *to = mem_new();
            const struct store_mem_fault fault = {
                .call = calls[i], .nth = nth, .result = LB_STORAGE_FULL};
            const struct move_config config = switch_config_of(book->store, to);
            struct move_report report;
            store_mem_plan_fault(to, &fault);
            const enum lb_result result = move_run(&config, &report);
            was_met = store_mem_fault_was_met(to);
            store_mem_plan_fault(to, NULL);
            assert_int_equal(result, was_met ? LB_STORAGE_FULL : LB_OK);
            assert_int_equal(report.is_target, true);
            assert_goes_on(book, to);
            to->ops->close(to);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_MOVE(what_was_moved_has_every_row_and_is_a_sound_book),
        cmocka_unit_test(an_empty_book_is_moved_too),
        TEST_MOVE(a_later_run_moves_what_is_new_or_changed_and_takes_away_what_is_gone),
        TEST_MOVE(a_run_with_nothing_to_do_writes_nothing),
        TEST_MOVE(back_again_it_is_the_same),
        TEST_MOVE(another_banks_place_is_refused_and_left_alone),
        TEST_MOVE(a_place_with_more_entries_is_refused),
        TEST_MOVE(a_run_gives_way_when_somebody_else_writes_there),
        TEST_MOVE(what_is_half_moved_is_no_source),
        TEST_MOVE(a_damaged_source_is_found),
        TEST_MOVE(a_run_cut_off_at_any_group_is_gone_on_with),
        TEST_MOVE(a_fault_of_any_call_leaves_what_the_next_run_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
