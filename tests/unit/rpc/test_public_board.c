/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The star board for everybody: whom it names, what is kept, and how much a stranger can ask. */
#include "fixture.h"

#include <stdatomic.h>

#define METHOD_STARS        UINT16_C(30)
#define METHOD_PUBLIC_BOARD UINT16_C(32)
#define PUBLIC_CLASS        1
#define PRIVATE_CLASS       2
#define MINUTE_MS           INT64_C(60000)

static const Lovebank__V1__PublicBoardResponse *
board(struct service *service, const Lovebank__V1__PublicBoardRequest *request)
{
    return service_answer(service, nobody, METHOD_PUBLIC_BOARD, &request->base,
                          &lovebank__v1__public_board_response__descriptor);
}

static uint32_t board_error(struct service *service,
                            const Lovebank__V1__PublicBoardRequest *request)
{
    return service_ask(service, nobody, METHOD_PUBLIC_BOARD, &request->base);
}

static struct command set_class(struct book *book, uint32_t class_id, bool is_public)
{
    struct command command = command_of(book, ACT_CLASS_SET);
    command.act.class_set = (struct act_class_set){
        .class_id = class_id, .name = BYTES_LITERAL("党员"), .is_public = is_public};
    return command;
}

static void consent(struct book *book, uint64_t member, bool publish_name)
{
    struct command command = command_of(book, ACT_CONSENT_SET);
    command.act.consent_set =
        (struct act_consent_set){.member = member, .publish_name = publish_name};
    book_do(book, &command, 1);
}

static void serve(struct book *book, uint64_t member, uint32_t minutes)
{
    const struct command command = record_service(book, member, minutes, TODAY);
    book_do(book, &command, 1);
}

/* Members 1 and 2 of ORG, and one of OTHER_ORG, who leads; 1 agreed to be named. */
static int board_set_up(void **state)
{
    (void)town_set_up(state);
    struct book *book = *state;
    const struct command classes[] = {set_class(book, PUBLIC_CLASS, true),
                                      set_class(book, PRIVATE_CLASS, false)};
    book_do(book, classes, 2);
    serve(book, 1, 60);
    serve(book, 2, 120);
    serve(book, OTHER_MEMBER, 180);
    consent(book, 1, true);
    return 0;
}

#define TEST_WITH_BOARD(name) cmocka_unit_test_setup_teardown(name, board_set_up, book_tear_down)

/* ---- accepts ---- */

static void everybody_sees_the_ranks_and_the_masked_names_of_those_who_agreed(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    const Lovebank__V1__PublicBoardResponse *answer = board(service, &request);
    assert_int_equal(answer->code, LB_OK);
    assert_int_equal(answer->year, 2016);
    assert_int_equal(answer->at_entry, book_head(book));
    assert_int_equal(answer->root.len, LB_HASH_BYTES);
    assert_int_equal(answer->persons, 3);
    assert_int_equal(answer->person_times, 3);
    assert_int_equal(answer->n_rows, 3);
    static const uint64_t orgs[] = {OTHER_ORG, ORG, ORG};
    static const char *const names[] = {"", "", "张*明"};
    for (size_t i = 0; i < 3; i++) {
        const Lovebank__V1__PublicBoardRow *row = answer->rows[i];
        assert_int_equal(row->rank, i + 1);
        assert_int_equal(row->org, orgs[i]);
        assert_string_equal(row->name, names[i]);
        assert_int_equal(row->minutes, 180 - 60 * (int)i);
        assert_int_equal(row->points_centi, 300 - 100 * (int)i);
        assert_int_equal(row->services, 1);
    }
    assert_int_equal(answer->n_orgs, 2);
    assert_int_equal(answer->orgs[0]->org, ORG);
    assert_string_equal(answer->orgs[0]->name, "幸福社区");
    assert_int_equal(answer->n_classes, 1);
    assert_int_equal(answer->classes[0]->class_id, PUBLIC_CLASS);
    service_free(service);
}

static void an_org_and_the_first_ranks_are_shown_and_all_are_counted(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    request.org = ORG;
    request.top = 1;
    request.by = LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS;
    const Lovebank__V1__PublicBoardResponse *answer = board(service, &request);
    assert_int_equal(answer->n_rows, 1);
    assert_int_equal(answer->rows[0]->minutes, 120);
    assert_int_equal(answer->persons, 2);
    assert_int_equal(answer->person_times, 2);
    request.year = 2015;
    answer = board(service, &request);
    assert_int_equal(answer->year, 2015);
    assert_int_equal(answer->persons, 0);
    service_free(service);
}

/* Asked again, the answer is the same, and comes at once: nothing is pending. */
static void while_the_book_has_not_changed_nothing_is_worked_out_again(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    struct bytes payload;
    assert_int_equal(entry_message_pack(&request.base, &service->arena, &payload), LB_OK);
    const struct rpc_request call = {
        .method = METHOD_PUBLIC_BOARD, .payload = payload, .token = {.words = {7}}};
    (void)board(service, &request);
    const struct bytes first = service->payload;
    for (int i = 0; i < 1000; i++) {
        clock_step(&book->stepper, MINUTE_MS / 100); /* ten minutes in all */
        const unsigned replies = service->replies;
        (void)rpc_dispatch(service->rpc, &call);
        assert_int_equal(service->replies, replies + 1);
        assert_true(bytes_equal(service->payload, first));
        rpc_turn_end(service->rpc);
    }
    service_free(service);
}

static void a_change_is_seen_after_ten_seconds_and_a_consent_taken_back_too(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    const uint64_t head = board(service, &request)->at_entry;
    consent(book, 1, false);
    clock_step(&book->stepper, 9999);
    assert_int_equal(board(service, &request)->at_entry, head);
    clock_step(&book->stepper, 1);
    const Lovebank__V1__PublicBoardResponse *answer = board(service, &request);
    assert_int_equal(answer->at_entry, book_head(book));
    assert_string_equal(answer->rows[2]->name, "");
    service_free(service);
}

static void more_queries_than_are_kept_are_answered_too(void **state)
{
    struct service *service = service_new(*state);
    Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    for (int round = 0; round < 2; round++) {
        for (uint32_t top = 1; top <= 40; top++) {
            request.top = top;
            assert_int_equal(board(service, &request)->n_rows, top < 3 ? top : 3);
        }
    }
    service_free(service);
}

/* ---- rejects ---- */

static void where_the_board_is_not_public_nobody_sees_it(void **state)
{
    struct book *book = *state;
    const struct service_options options = {.memory_bytes_max = SERVICE_MEMORY_BYTES,
                                            .clock = &book->clock};
    struct service *service = service_new_with(book, &options);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    const Lovebank__V1__PublicBoardResponse *answer = board(service, &request);
    assert_int_equal(answer->code, LB_UNAUTHORISED);
    assert_int_equal(answer->n_rows + answer->n_orgs + answer->n_classes, 0);
    assert_int_equal(answer->persons + answer->at_entry, 0);
    service_free(service);
}

static void a_class_that_is_not_public_and_what_there_is_not_are_refused(void **state)
{
    struct service *service = service_new(*state);
    const struct {
        uint64_t org;
        uint32_t class_id;
        uint32_t code;
    } cases[] = {
        {0, PRIVATE_CLASS, LB_UNAUTHORISED},
        {0, 9, LB_CLASS_UNKNOWN},
        {8, 0, LB_ORG_UNKNOWN},
    };
    Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request.org = cases[i].org;
        request.class_id = cases[i].class_id;
        const Lovebank__V1__PublicBoardResponse *answer = board(service, &request);
        assert_int_equal(answer->code, cases[i].code);
        assert_int_equal(answer->n_rows + answer->n_orgs, 0);
    }
    request = (Lovebank__V1__PublicBoardRequest)LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    request.year = 1;
    assert_int_equal(board_error(service, &request), LB_FIELD_INVALID);
    service_free(service);
}

/* ---- faults ---- */

/* The clock of a machine on which a board takes so long; on the thread that asks time stands
 * still. */
struct slow_clock {
    struct clock_stepper *stepper;
    pthread_t asks;
    int64_t board_ms;
    atomic_int_least64_t spent_ms;
};

static int64_t slow_monotonic_ms(void *context)
{
    struct slow_clock *slow = context;
    if (pthread_equal(pthread_self(), slow->asks)) {
        return slow->stepper->monotonic_ms + atomic_load(&slow->spent_ms);
    }
    return atomic_fetch_add(&slow->spent_ms, slow->board_ms);
}

static int64_t slow_now_ms(void *context)
{
    struct slow_clock *slow = context;
    return slow->stepper->now_ms;
}

static struct service *service_of_slow(struct book *book, struct slow_clock *slow,
                                       struct clock *clock)
{
    slow->stepper = &book->stepper;
    slow->asks = pthread_self();
    *clock = (struct clock){slow_now_ms, slow_monotonic_ms, slow};
    const struct service_options options = {
        .memory_bytes_max = SERVICE_MEMORY_BYTES, .is_board_public = true, .clock = clock};
    return service_new_with(book, &options);
}

/* A board of ten seconds is paid for in fifty: until ten are left to pay no new one is begun, and
 * what is known is shown as it was. Staff are not turned away. */
static void strangers_get_a_fifth_of_the_work_thread_and_staff_the_rest(void **state)
{
    struct book *book = *state;
    struct slow_clock slow = {.board_ms = 10000};
    struct clock clock;
    struct service *service = service_of_slow(book, &slow, &clock);
    const Lovebank__V1__PublicBoardRequest known = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    Lovebank__V1__PublicBoardRequest other = known;
    other.org = ORG;
    const uint64_t head = board(service, &known)->at_entry;
    serve(book, 3, 60);
    for (int seconds = 0; seconds < 40; seconds++) {
        assert_int_equal(board(service, &known)->at_entry, head);
        assert_int_equal(board_error(service, &other), LB_TRY_LATER);
        clock_step(&book->stepper, 1000);
    }
    Lovebank__V1__StarsRequest stars = LOVEBANK__V1__STARS_REQUEST__INIT;
    stars.org = ORG;
    stars.year = 2016;
    assert_int_equal(service_ask(service, trusted, METHOD_STARS, &stars.base), LB_OK);
    assert_int_equal(board(service, &known)->at_entry, book_head(book));
    assert_int_equal(board_error(service, &other), LB_TRY_LATER);
    service_free(service);
}

static void a_board_is_not_shown_when_it_is_five_minutes_old_and_not_the_newest(void **state)
{
    struct book *book = *state;
    struct slow_clock slow = {.board_ms = 100000};
    struct clock clock;
    struct service *service = service_of_slow(book, &slow, &clock);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    const uint64_t head = board(service, &request)->at_entry;
    clock_step(&book->stepper, 6 * MINUTE_MS);
    assert_int_equal(board(service, &request)->at_entry, head);
    serve(book, 3, 60);
    assert_int_equal(board_error(service, &request), LB_TRY_LATER);
    service_free(service);
}

/* Long reads that go on until they are let go. */
struct gate {
    struct book *book;
    bool is_open;
    unsigned sent;
    unsigned reached; /* those at the gate, and through it */
};

static void gate_work(struct engine *engine, void *context)
{
    struct gate *gate = context;
    (void)engine;
    pthread_mutex_lock(&gate->book->lock);
    gate->reached++;
    pthread_cond_broadcast(&gate->book->changed);
    while (!gate->is_open) {
        pthread_cond_wait(&gate->book->changed, &gate->book->lock);
    }
    pthread_mutex_unlock(&gate->book->lock);
}

static void gate_wait_reached(struct gate *gate, unsigned count)
{
    pthread_mutex_lock(&gate->book->lock);
    while (gate->reached < count) {
        pthread_cond_wait(&gate->book->changed, &gate->book->lock);
    }
    pthread_mutex_unlock(&gate->book->lock);
}

/* Returns when the work thread is at the gate and nothing more can be queued behind it. */
static void gate_fill(struct gate *gate)
{
    assert_int_equal(engine_work_submit(gate->book->engine, gate_work, gate), LB_OK);
    gate_wait_reached(gate, ++gate->sent);
    while (engine_work_submit(gate->book->engine, gate_work, gate) == LB_OK) {
        gate->sent++;
    }
    assert_true(gate->sent > 1);
}

static void gate_let_go(struct gate *gate)
{
    pthread_mutex_lock(&gate->book->lock);
    gate->is_open = true;
    pthread_cond_broadcast(&gate->book->changed);
    pthread_mutex_unlock(&gate->book->lock);
    gate_wait_reached(gate, gate->sent);
}

static void behind_a_full_queue_a_known_board_is_shown_as_it_was(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    struct gate gate = {.book = book};
    const Lovebank__V1__PublicBoardRequest known = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    Lovebank__V1__PublicBoardRequest other = known;
    other.org = ORG;
    const uint64_t head = board(service, &known)->at_entry;
    serve(book, 3, 60);
    clock_step(&book->stepper, MINUTE_MS);
    gate_fill(&gate);
    assert_int_equal(board(service, &known)->at_entry, head);
    assert_int_equal(board_error(service, &other), LB_TRY_LATER);
    gate_let_go(&gate);
    assert_int_equal(board(service, &known)->at_entry, book_head(book));
    assert_int_equal(board_error(service, &other), LB_OK);
    service_free(service);
}

static void a_board_for_which_there_is_no_memory_is_to_be_tried_later(void **state)
{
    struct book *book = *state;
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    uint32_t result = LB_TRY_LATER;
    unsigned failures = 0;
    for (size_t bytes = 64; result != LB_OK; bytes *= 2) {
        struct service *service = service_new_within(book, bytes);
        result = board_error(service, &request);
        failures += result == LB_TRY_LATER;
        assert_true(result == LB_OK || result == LB_TRY_LATER);
        service_free(service);
    }
    assert_true(failures > 0);
}

/* More often than so many may be under way: what failed is over. */
static void a_server_that_stops_answers_so(void **state)
{
    struct service *service = service_new(*state);
    const Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    rpc_stop(service->rpc);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(board_error(service, &request), LB_SHUTTING_DOWN);
    }
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_BOARD(everybody_sees_the_ranks_and_the_masked_names_of_those_who_agreed),
        TEST_WITH_BOARD(an_org_and_the_first_ranks_are_shown_and_all_are_counted),
        TEST_WITH_BOARD(while_the_book_has_not_changed_nothing_is_worked_out_again),
        TEST_WITH_BOARD(a_change_is_seen_after_ten_seconds_and_a_consent_taken_back_too),
        TEST_WITH_BOARD(more_queries_than_are_kept_are_answered_too),
        /* rejects */
        TEST_WITH_BOARD(where_the_board_is_not_public_nobody_sees_it),
        TEST_WITH_BOARD(a_class_that_is_not_public_and_what_there_is_not_are_refused),
        /* faults */
        TEST_WITH_BOARD(strangers_get_a_fifth_of_the_work_thread_and_staff_the_rest),
        TEST_WITH_BOARD(a_board_is_not_shown_when_it_is_five_minutes_old_and_not_the_newest),
        TEST_WITH_BOARD(behind_a_full_queue_a_known_board_is_shown_as_it_was),
        TEST_WITH_BOARD(a_board_for_which_there_is_no_memory_is_to_be_tried_later),
        TEST_WITH_BOARD(a_server_that_stops_answers_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
