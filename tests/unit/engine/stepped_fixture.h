/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book whose engine is stepped and whose commits complete when the test says so: everything
 * happens on the test's thread, in the order in which it is written.
 */
#ifndef TESTS_UNIT_ENGINE_STEPPED_FIXTURE_H
#define TESTS_UNIT_ENGINE_STEPPED_FIXTURE_H

#include "rows_fixture.h"

static inline struct book *stepped_new(const struct store_mem_options *options)
{
    struct book *book = book_new(options);
    book_stop(book);
    book->config.is_stepped = true;
    book_start(book);
    assert_true(engine_step(book->engine)); /* the index of names */
    return book;
}

static inline int overlap_set_up(void **state)
{
    const struct store_mem_options options = {.is_async = true, .commits_max = 3};
    *state = stepped_new(&options);
    return 0;
}

#define TEST_OVERLAP(name) cmocka_unit_test_setup_teardown(name, overlap_set_up, book_tear_down)

/* Decides the request as a group of its own. */
static inline void request_step(struct request *request)
{
    request_submit(request);
    assert_true(engine_step(request->book->engine));
}

static inline void complete(struct book *book)
{
    assert_true(store_mem_complete(book->store));
}

/* Until nothing is left to do. */
static inline void settle(struct book *book)
{
    while (engine_step(book->engine) || store_mem_complete(book->store)) {
    }
}

/* One command, as a group of its own, which is settled. */
static inline void settle_command(struct book *book, struct command command)
{
    struct request request;
    request_init(&request, book, &command, 1);
    request_step(&request);
    settle(book);
    assert_int_equal(request.done, 1);
    assert_int_equal(request.write.verdict.code, LB_OK);
    assert_int_equal(request.write.results[0].verdict.code, LB_OK);
    request_fini(&request);
}

/* An org, a tariff and members 1 to 3: FURNISHED entries. */
#define FURNISHED 5
static inline void settle_furniture(struct book *book)
{
    settle_command(book, open_org(book));
    settle_command(book, set_tariff(book));
    for (uint64_t member = 1; member <= 3; member++) {
        settle_command(book, register_member(book, member, "张小明"));
    }
}

static inline int furnished_overlap_set_up(void **state)
{
    (void)overlap_set_up(state);
    settle_furniture(*state);
    return 0;
}

#define TEST_FURNISHED_OVERLAP(name) \
    cmocka_unit_test_setup_teardown(name, furnished_overlap_set_up, book_tear_down)

static inline struct store_mem_fault commit_fault(enum store_outcome outcome, enum lb_result why,
                                                  bool is_applied)
{
    return (struct store_mem_fault){
        .call = STORE_MEM_COMMIT, .result = why, .outcome = outcome, .is_applied = is_applied};
}

/* Answered, of one command, with this new entry. */
static inline void assert_entry(const struct request *request, uint64_t entry)
{
    assert_int_equal(request->done, 1);
    assert_int_equal(request->write.verdict.code, LB_OK);
    assert_int_equal(request->write.results[0].verdict.code, LB_OK);
    assert_int_equal(request->write.results[0].entry, entry);
    assert_false(request->write.results[0].replayed);
}

#endif
