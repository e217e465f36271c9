/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two servers under requests, faults of the log and restarts in any order: each request is sent
 * until it is answered, to either server, and at the end the book holds each of them once, under
 * the number that was answered. LOVEBANK_SEED repeats a run.
 */
#include "shared_fixture.h"

#include <time.h>

#define RUNS        6
#define ROUNDS      150
#define SENT_MAX    (ROUNDS * SHARED_SERVERS)
#define MEMBERS_MAX 3

struct sent {
    struct command command;
    uint64_t entry; /* 0: not answered */
};

struct run {
    struct shared *shared;
    uint64_t random;
    struct sent sent[SENT_MAX];
    size_t sent_count;
    struct request requests[SHARED_SERVERS];
    size_t under_way[SHARED_SERVERS]; /* which was sent + 1; 0: none */
    unsigned unreachable;
    unsigned replayed;
    unsigned made;
    char names[4][16];
};

static uint64_t pick(struct run *run, uint64_t count)
{
    run->random ^= run->random << 13; /* xorshift */
    run->random ^= run->random >> 7;
    run->random ^= run->random << 17;
    return run->random % count;
}

static struct command any_command(struct run *run, struct book *book)
{
    const uint64_t member = 1 + pick(run, MEMBERS_MAX);
    if (pick(run, 4) == 0) {
        return rename_member(book, member, run->names[pick(run, 4)]);
    }
    return record_service(book, member, 30 * (1 + (uint32_t)pick(run, 4)),
                          TODAY - (int32_t)pick(run, 300));
}

/* A new one, or one that is sent again though it was answered, or because it was not. */
static void send_one(struct run *run, unsigned number)
{
    struct book *book = run->shared->servers[number].book;
    size_t at = run->sent_count;
    if (at > 0 && pick(run, 3) == 0) {
        at = pick(run, at);
    } else {
        run->sent[run->sent_count++] = (struct sent){.command = any_command(run, book)};
    }
    request_init(&run->requests[number], book, &run->sent[at].command, 1);
    run->requests[number].write.dry_run = pick(run, 8) == 0;
    request_submit(&run->requests[number]);
    run->under_way[number] = at + 1;
}

/* Services may be refused for the day's total, which is recorded as well. */
static void take_answer(struct run *run, unsigned number)
{
    struct request *request = &run->requests[number];
    struct sent *sent = &run->sent[run->under_way[number] - 1];
    const enum lb_result whole = request->write.verdict.code;
    if (whole == LB_OK && !request->write.dry_run) {
        const struct engine_result *result = &request->write.results[0];
        assert_int_not_equal(result->entry, 0);
        assert_true(sent->entry == 0 || sent->entry == result->entry);
        assert_true(sent->entry == 0 || result->replayed);
        sent->entry = result->entry;
        run->replayed += result->replayed;
        run->made += !result->replayed;
    } else if (whole != LB_OK) {
        assert_true(whole == LB_STORE_UNREACHABLE || whole == LB_STORAGE_FULL);
        run->unreachable++;
    }
    request_fini(request);
    run->under_way[number] = 0;
}

static void step_one(struct run *run, unsigned number)
{
    struct book *book = run->shared->servers[number].book;
    if (run->under_way[number] == 0) {
        return;
    }
    assert_true(engine_step(book->engine));
    if (run->requests[number].done > 0) {
        take_answer(run, number);
    }
}

static void any_event(struct run *run)
{
    struct shared_log_memory *memory = run->shared->memory;
    const unsigned number = (unsigned)pick(run, SHARED_SERVERS);
    switch (pick(run, 5)) {
    case 0:
    case 1:
        shared_log_memory_fail(memory,
                               1 + (enum shared_log_memory_fault)pick(run, MEMORY_FAULTS - 1),
                               1 + (unsigned)pick(run, 4));
        break;
    case 2:
        shared_log_memory_fail_over(memory);
        break;
    case 3:
        if (run->under_way[number] == 0) {
            engine_look(run->shared->servers[number].book->engine);
        }
        break;
    default:
        if (run->under_way[number] == 0 && pick(run, 4) == 0) {
            shared_log_memory_fail(memory, MEMORY_FAULT_NONE, 0);
            shared_server_restart(run->shared, number);
        }
        break;
    }
}

static void finish(struct run *run)
{
    shared_log_memory_fail(run->shared->memory, MEMORY_FAULT_NONE, 0);
    for (unsigned number = 0; number < SHARED_SERVERS; number++) {
        for (int i = 0; i < SHARED_STEPS && run->under_way[number] != 0; i++) {
            step_one(run, number);
        }
        assert_int_equal(run->under_way[number], 0);
    }
    for (size_t i = 0; i < run->sent_count; i++) { /* from whichever: the first answer again */
        struct book *book = run->shared->servers[i % SHARED_SERVERS].book;
        const struct shared_answer answer = shared_try(book, run->sent[i].command);
        assert_int_equal(answer.whole, LB_OK);
        assert_int_not_equal(answer.result.entry, 0);
        assert_true(run->sent[i].entry == 0 || run->sent[i].entry == answer.result.entry);
    }
    assert_shared_agree(run->shared);
    assert_int_equal(book_head(run->shared->servers[0].book), FURNISHED + run->sent_count);
    assert_int_equal(run->shared->servers[0].book->stops, 0);
    assert_int_equal(run->shared->servers[1].book->stops, 0);
}

static void whatever_happens_each_request_is_in_the_book_once(void **state)
{
    const char *given = getenv("LOVEBANK_SEED");
    const uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    (void)state;
    for (uint64_t i = 0; i < RUNS; i++) {
        struct run *run = calloc(1, sizeof(*run));
        assert_non_null(run);
        void *shared = NULL;
        (void)furnished_shared_set_up(&shared);
        run->shared = shared;
        run->random = (seed + i) * 0x9e3779b97f4a7c15u | 1;
        run->shared->memory->read_bytes_max = 1 + pick(run, 10000); /* of some groups */
        print_message("  seed %llu\n", (unsigned long long)(seed + i));
        memcpy(run->names, (char[4][16]){"李明", "王芳", "赵云", "张小明"}, sizeof(run->names));
        for (int round = 0; round < ROUNDS; round++) {
            const unsigned number = (unsigned)pick(run, SHARED_SERVERS);
            if (run->under_way[number] == 0) {
                send_one(run, number);
            }
            if (pick(run, 3) == 0) {
                any_event(run);
            }
            step_one(run, (unsigned)pick(run, SHARED_SERVERS));
        }
        finish(run);
        print_message("  %u made, %u replayed, %u unreachable\n", run->made, run->replayed,
                      run->unreachable);
        free(run);
        (void)shared_tear_down(&shared);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_each_request_is_in_the_book_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
