/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reads that ask for an entry which another server recorded (at_least_entry): they wait for it, not
 * for ever, and never answer as of less. Two servers, stepped; rpc is the second's.
 */
#include "fixture.h"

#include "../../../server/rpc/src/parked.h"
#include "../engine/shared_fixture.h"

#define METHOD_STATUS       UINT16_C(3)
#define METHOD_ENTRY_GET    UINT16_C(4)
#define METHOD_MEMBER_GET   UINT16_C(20)
#define METHOD_STARS        UINT16_C(30)
#define METHOD_PUBLIC_BOARD UINT16_C(32)
#define YEAR                2016
#define FAR                 (FURNISHED + PARKED_AHEAD_MAX) /* the farthest that is waited for */

struct place {
    struct shared *shared;
    struct service *service;
    struct auth_connection connection;
};

static struct book *first_of(const struct place *place)
{
    return place->shared->servers[0].book;
}

static struct book *second_of(const struct place *place)
{
    return place->shared->servers[1].book;
}

static int place_set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    void *shared = NULL;
    (void)furnished_shared_set_up(&shared);
    place->shared = shared;
    place->connection.is_trusted = true;
    place->service = service_new(second_of(place));
    place->service->connection = &place->connection;
    *state = place;
    return 0;
}

static int place_tear_down(void **state)
{
    struct place *place = *state;
    void *shared = place->shared;
    const unsigned replies = place->service->replies;
    (void)shared_tear_down(&shared);
    rpc_free(place->service->rpc); /* as in the server: after the engine */
    assert_int_equal(place->service->replies, replies);
    arena_fini(&place->service->arena);
    free(place->service);
    free(place);
    return 0;
}

/* ---- asking ---- */

/* In a turn of its own. The request's bytes are gone after it. */
static void send_by(struct place *place, const struct rpc_request *who, uint16_t method,
                    const ProtobufCMessage *message)
{
    struct service *service = place->service;
    struct rpc_request request = *who;
    struct bytes packed;
    uint8_t payload[256];
    assert_int_equal(entry_message_pack(message, &service->arena, &packed), LB_OK);
    assert_true(packed.size <= sizeof(payload));
    memcpy(payload, packed.data, packed.size);
    request.method = method;
    request.payload = bytes_of(payload, packed.size);
    request.token.words[0] = 7;
    (void)rpc_dispatch(service->rpc, &request);
    memset(payload, 0xff, sizeof(payload));
    rpc_turn_end(service->rpc);
}

static void send_to(struct place *place, uint16_t method, const ProtobufCMessage *message)
{
    const struct rpc_request who = {.connection = &place->connection};
    send_by(place, &who, method, message);
}

static void ask_balance(struct place *place, uint64_t member, uint64_t at_least_entry)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = member;
    request.member = &ref;
    request.balances_only = true;
    request.at_least_entry = at_least_entry;
    send_to(place, METHOD_MEMBER_GET, &request.base);
}

static const void *answer_of(struct place *place, const ProtobufCMessageDescriptor *type)
{
    struct service *service = place->service;
    ProtobufCMessage *message = NULL;
    assert_int_equal(service->kind, LB_FRAME_RESPONSE);
    assert_int_equal(entry_message_unpack(type, service->payload, &service->arena, &message),
                     LB_OK);
    return message;
}

static void assert_balance(struct place *place, int64_t minutes, uint64_t as_of_entry)
{
    const Lovebank__V1__MemberGetResponse *response =
        answer_of(place, &lovebank__v1__member_get_response__descriptor);
    assert_int_equal(response->as_of_entry, as_of_entry);
    assert_int_equal(response->info->balances->minutes, minutes);
}

static void assert_error(const struct place *place, enum lb_result result, uint64_t a, uint64_t b)
{
    struct lb_frame_error error = {0};
    const struct service *service = place->service;
    assert_int_equal(service->kind, LB_FRAME_ERROR);
    assert_int_equal(lb_frame_error_decode(service->payload.data, service->payload.size, &error),
                     LB_OK);
    assert_int_equal(error.result, result);
    assert_int_equal(error.numbers[0], a);
    assert_int_equal(error.numbers[1], b);
}

/* ---- the loop ---- */

/* Until nobody asks to be woken. */
static void wake(struct place *place)
{
    for (int i = 0; place->service->is_awake; i++) {
        assert_true(i < SHARED_STEPS);
        place->service->is_awake = false;
        rpc_complete(place->service->rpc);
        shared_settle(second_of(place)); /* long reads */
    }
}

static void look(struct place *place)
{
    engine_look(second_of(place)->engine);
    wake(place);
}

/* An hour, recorded by the first server; its entry. */
static uint64_t record_elsewhere(struct place *place)
{
    struct book *first = first_of(place);
    return shared_do(first, record_service(first, 1, 60, TODAY));
}

static void pass_time(struct place *place, int64_t ms)
{
    clock_step(&second_of(place)->stepper, ms);
    place->service->alarm_ms = 0;
    rpc_complete(place->service->rpc);
}

/* ---- accepts ---- */

static void a_read_waits_for_the_entry_and_sees_it(void **state)
{
    struct place *place = *state;
    const uint64_t entry = record_elsewhere(place);
    ask_balance(place, 1, 0);
    assert_int_equal(place->service->replies, 1);
    assert_balance(place, 0, entry - 1); /* nothing was asked for */
    ask_balance(place, 1, entry - 1);
    assert_int_equal(place->service->replies, 2);
    assert_balance(place, 0, entry - 1);
    ask_balance(place, 1, entry);
    assert_int_equal(place->service->replies, 2);
    assert_int_equal(place->service->alarm_ms, PARKED_MS);
    look(place);
    assert_int_equal(place->service->replies, 3);
    assert_balance(place, 60, entry);
}

static void an_own_group_that_shows_the_entry_is_enough(void **state)
{
    struct place *place = *state;
    struct book *second = second_of(place);
    const uint64_t entry = record_elsewhere(place);
    ask_balance(place, 1, entry);
    (void)shared_do(second, record_service(second, 2, 60, TODAY));
    wake(place);
    assert_int_equal(place->service->replies, 1);
    assert_balance(place, 60, entry + 1);
}

static void each_waits_for_its_own_entry(void **state)
{
    struct place *place = *state;
    const uint64_t entry = record_elsewhere(place);
    ask_balance(place, 1, entry);
    ask_balance(place, 2, entry + 1);
    look(place);
    assert_int_equal(place->service->replies, 1);
    assert_balance(place, 60, entry);
    ask_balance(place, 3, entry + 1); /* behind the one that was left */
    ask_balance(place, 1, entry + 2);
    struct book *first = first_of(place);
    (void)shared_do(first, record_service(first, 3, 30, TODAY));
    look(place);
    assert_int_equal(place->service->replies, 3);
    assert_balance(place, 30, entry + 1);
    (void)shared_do(first, record_service(first, 2, 30, TODAY));
    look(place);
    assert_int_equal(place->service->replies, 4);
    assert_balance(place, 60, entry + 2);
}

static void a_turns_view_is_renewed_for_who_knows_more(void **state)
{
    struct place *place = *state;
    struct service *service = place->service;
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    const uint64_t entry = record_elsewhere(place);
    target.entry = entry;
    request.target = &target;
    assert_int_equal(service_ask_within(service, trusted, METHOD_ENTRY_GET, &request.base), LB_OK);
    engine_look(second_of(place)->engine);
    request.at_least_entry = entry;
    assert_int_equal(service_ask_within(service, trusted, METHOD_ENTRY_GET, &request.base), LB_OK);
    const Lovebank__V1__EntryGetResponse *response =
        answer_of(place, &lovebank__v1__entry_get_response__descriptor);
    assert_int_equal(response->code, LB_OK);
    rpc_turn_end(service->rpc);
}

static void a_long_read_waits_too(void **state)
{
    struct place *place = *state;
    Lovebank__V1__StarsRequest request = LOVEBANK__V1__STARS_REQUEST__INIT;
    request.year = YEAR;
    request.at_least_entry = record_elsewhere(place);
    send_to(place, METHOD_STARS, &request.base);
    shared_settle(second_of(place));
    assert_false(place->service->is_awake);
    look(place);
    assert_int_equal(place->service->replies, 1);
    const Lovebank__V1__StarsResponse *response =
        answer_of(place, &lovebank__v1__stars_response__descriptor);
    assert_int_equal(response->at_entry, request.at_least_entry);
    assert_int_equal(response->n_rows, 1);
    assert_int_equal(response->rows[0]->minutes, 60);
}

/* Which is kept for some seconds, whoever asks. */
static void the_public_board_is_not_older_than_asked_for(void **state)
{
    struct place *place = *state;
    const struct rpc_request nobody_there = {.actor = nobody};
    Lovebank__V1__PublicBoardRequest request = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    request.year = YEAR;
    send_by(place, &nobody_there, METHOD_PUBLIC_BOARD, &request.base);
    shared_settle(second_of(place));
    wake(place);
    assert_int_equal(place->service->replies, 1);
    const uint64_t entry = record_elsewhere(place);
    look(place);
    for (int i = 0; i < 2; i++) {
        request.at_least_entry = i == 0 ? 0 : entry;
        send_by(place, &nobody_there, METHOD_PUBLIC_BOARD, &request.base);
        shared_settle(second_of(place));
        wake(place);
        assert_int_equal(place->service->replies, 2 + i);
        const Lovebank__V1__PublicBoardResponse *response =
            answer_of(place, &lovebank__v1__public_board_response__descriptor);
        assert_int_equal(response->at_entry, i == 0 ? entry - 1 : entry);
    }
}

/* ---- rejects ---- */

static void an_entry_that_does_not_come_is_told_after_two_seconds(void **state)
{
    struct place *place = *state;
    ask_balance(place, 1, 100);
    pass_time(place, PARKED_MS / 2);
    ask_balance(place, 1, 200);
    assert_int_equal(place->service->alarm_ms, PARKED_MS / 2);
    pass_time(place, PARKED_MS / 2 - 1);
    assert_int_equal(place->service->replies, 0);
    assert_int_equal(place->service->alarm_ms, 1);
    pass_time(place, 1);
    assert_int_equal(place->service->replies, 1);
    assert_error(place, LB_STATE_BEHIND, FURNISHED, 100);
    assert_int_equal(place->service->alarm_ms, PARKED_MS / 2);
    pass_time(place, PARKED_MS / 2);
    assert_int_equal(place->service->replies, 2);
    assert_error(place, LB_STATE_BEHIND, FURNISHED, 200);
    assert_int_equal(place->service->alarm_ms, 0);
    pass_time(place, PARKED_MS);
    assert_int_equal(place->service->replies, 2);
}

static void a_reply_is_not_sent_where_the_connection_is_gone(void **state)
{
    struct place *place = *state;
    ask_balance(place, 1, record_elsewhere(place));
    place->service->connection = NULL;
    look(place);
    assert_int_equal(place->service->replies, 0);
    pass_time(place, PARKED_MS);
    assert_int_equal(place->service->replies, 0);
}

/* Rights are those of the state that is answered from. */
static void who_was_locked_meanwhile_is_not_served(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    (void)shared_do(first, open_operator(first, "first"));
    (void)shared_do(first, set_role(first, 1, ROLE_ADMINISTRATOR, 0));
    const struct command opens = open_operator(first, "li.na");
    const uint32_t principal = (uint32_t)shared_try(first, opens).result.assigned;
    const uint64_t granted = shared_do(first, set_role(first, principal, ROLE_VIEWER, 0));
    place->connection = (struct auth_connection){.device = principal};
    ask_balance(place, 1, granted); /* here the principal is not even known yet */
    look(place);
    assert_int_equal(place->service->replies, 1);
    assert_balance(place, 0, granted);
    struct command locks = command_of(first, ACT_PRINCIPAL_SET);
    locks.memo = BYTES_LITERAL("离职");
    locks.act.principal_set =
        (struct act_principal_set){.principal = principal, .state = PRINCIPAL_IS_LOCKED};
    ask_balance(place, 1, shared_do(first, locks));
    look(place);
    assert_int_equal(place->service->replies, 2);
    assert_error(place, LB_PRINCIPAL_LOCKED, principal, 0);
}

static void no_more_wait_than_there_are_places(void **state)
{
    struct place *place = *state;
    const uint64_t entry = record_elsewhere(place);
    Lovebank__V1__PublicBoardRequest board = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    const struct rpc_request nobody_there = {.actor = nobody};
    board.at_least_entry = FAR;
    for (unsigned i = 0; i < PARKED_GUESTS_MAX + 1; i++) {
        assert_int_equal(place->service->replies, 0);
        send_by(place, &nobody_there, METHOD_PUBLIC_BOARD, &board.base);
    }
    assert_int_equal(place->service->replies, 1);
    assert_error(place, LB_STATE_BEHIND, FURNISHED, FAR);
    for (unsigned i = PARKED_GUESTS_MAX; i < PARKED_MAX + 1; i++) {
        assert_int_equal(place->service->replies, 1);
        ask_balance(place, 1, entry);
    }
    assert_int_equal(place->service->replies, 2);
    assert_error(place, LB_STATE_BEHIND, FURNISHED, entry);
    look(place);
    assert_int_equal(place->service->replies, 2 + PARKED_MAX - PARKED_GUESTS_MAX);
    pass_time(place, PARKED_MS);
    assert_int_equal(place->service->replies, 2 + PARKED_MAX);
    send_by(place, &nobody_there, METHOD_PUBLIC_BOARD, &board.base); /* there is room again */
    assert_int_equal(place->service->replies, 2 + PARKED_MAX);
}

static void an_entry_that_cannot_come_in_that_time_is_not_waited_for(void **state)
{
    static const uint64_t entries[] = {FAR + 1, UINT64_C(1) << 63, UINT64_MAX};
    struct place *place = *state;
    for (unsigned i = 0; i < 3; i++) {
        ask_balance(place, 1, entries[i]);
        assert_int_equal(place->service->replies, 1 + i);
        assert_error(place, LB_STATE_BEHIND, FURNISHED, entries[i]);
    }
    ask_balance(place, 1, FAR);
    assert_int_equal(place->service->replies, 3);
}

/* A log-in has so many places, at however many devices; others have theirs. */
static void nobody_has_all_places(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct rpc_request who = {.actor = actor_of(1)};
    Lovebank__V1__PublicBoardRequest board = LOVEBANK__V1__PUBLIC_BOARD_REQUEST__INIT;
    board.year = YEAR;
    board.at_least_entry = record_elsewhere(place);
    for (uint32_t i = 0; i < PARKED_SHARE_MAX; i++) {
        who.actor.device = i;
        send_by(place, &who, METHOD_PUBLIC_BOARD, &board.base);
    }
    assert_int_equal(place->service->replies, 0);
    send_by(place, &who, METHOD_PUBLIC_BOARD, &board.base);
    assert_int_equal(place->service->replies, 1);
    assert_error(place, LB_STATE_BEHIND, FURNISHED, board.at_least_entry);
    who.actor = actor_of(2);
    send_by(place, &who, METHOD_PUBLIC_BOARD, &board.base);
    who.actor = nobody;
    send_by(place, &who, METHOD_PUBLIC_BOARD, &board.base);
    ask_balance(place, 1, board.at_least_entry);
    assert_int_equal(place->service->replies, 1);
    (void)shared_do(first, record_service(first, 2, 60, TODAY));
    look(place);
    assert_int_equal(place->service->replies, 1 + PARKED_SHARE_MAX + 3);
    board.at_least_entry = FAR; /* there is room again */
    who.actor = actor_of(1);
    send_by(place, &who, METHOD_PUBLIC_BOARD, &board.base);
    assert_int_equal(place->service->replies, 1 + PARKED_SHARE_MAX + 3);
}

static void a_server_that_stops_lets_nobody_wait(void **state)
{
    struct place *place = *state;
    ask_balance(place, 1, 100);
    rpc_stop(place->service->rpc);
    assert_true(place->service->is_awake);
    rpc_complete(place->service->rpc);
    assert_int_equal(place->service->replies, 1);
    assert_error(place, LB_SHUTTING_DOWN, 0, 0);
    ask_balance(place, 1, 100);
    assert_int_equal(place->service->replies, 2);
    assert_error(place, LB_SHUTTING_DOWN, 0, 0);
}

/* The tear-down sees that nobody is answered, the address sanitizer that nothing is left. */
static void what_waits_when_the_server_is_closed_is_forgotten(void **state)
{
    struct place *place = *state;
    ask_balance(place, 1, 100);
    ask_balance(place, 2, 101);
    assert_int_equal(place->service->replies, 0);
}

static void alone_with_its_book_a_server_says_at_once_that_it_is_not_so_far(void **state)
{
    struct book *book = *state;
    struct service *service = service_new(book);
    struct place place = {.service = service, .connection = {.is_trusted = true}};
    const uint64_t newest = book_status(book).durable_entry;
    ask_balance(&place, 1, newest);
    assert_int_equal(service->kind, LB_FRAME_RESPONSE);
    ask_balance(&place, 1, newest + 1);
    assert_int_equal(service->replies, 2);
    assert_error(&place, LB_STATE_BEHIND, newest, newest + 1);
    Lovebank__V1__StarsRequest stars = LOVEBANK__V1__STARS_REQUEST__INIT;
    stars.year = YEAR;
    stars.at_least_entry = newest + 1;
    send_to(&place, METHOD_STARS, &stars.base);
    assert_int_equal(service->replies, 3);
    assert_error(&place, LB_STATE_BEHIND, newest, newest + 1);
    assert_int_equal(service->alarm_ms, 0);
    service_free(service);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_read_waits_for_the_entry_and_sees_it),
        TEST(an_own_group_that_shows_the_entry_is_enough),
        TEST(each_waits_for_its_own_entry),
        TEST(a_turns_view_is_renewed_for_who_knows_more),
        TEST(a_long_read_waits_too),
        TEST(the_public_board_is_not_older_than_asked_for),
        TEST(an_entry_that_does_not_come_is_told_after_two_seconds),
        TEST(a_reply_is_not_sent_where_the_connection_is_gone),
        TEST(who_was_locked_meanwhile_is_not_served),
        TEST(no_more_wait_than_there_are_places),
        TEST(an_entry_that_cannot_come_in_that_time_is_not_waited_for),
        TEST(nobody_has_all_places),
        TEST(a_server_that_stops_lets_nobody_wait),
        TEST(what_waits_when_the_server_is_closed_is_forgotten),
        TEST_WITH_TOWN(alone_with_its_book_a_server_says_at_once_that_it_is_not_so_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
