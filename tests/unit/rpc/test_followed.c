/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What another server wrote to the same book ends sessions here, and is counted here, as if it had
 * been written here. Two servers, stepped; rpc is the second's.
 */
#include "fixture.h"

#include "../../../server/rpc/src/call.h"
#include "../engine/shared_fixture.h"

#define METHOD_STATUS         UINT16_C(3)
#define METHOD_PRINCIPAL_LIST UINT16_C(44)
#define MANY                  300 /* entries: more than one go follows */

struct place {
    struct shared *shared;
    struct auth auth; /* sessions alone */
    struct service *service;
    uint32_t operator;
};

static struct book *first_of(const struct place *place)
{
    return place->shared->servers[0].book;
}

static struct book *second_of(const struct place *place)
{
    return place->shared->servers[1].book;
}

static uint32_t open_account(struct place *place, const char *login, enum role role)
{
    struct book *book = first_of(place);
    const struct shared_answer opened = shared_try(book, open_operator(book, login));
    assert_int_equal(opened.result.verdict.code, LB_OK);
    const uint32_t principal = (uint32_t)opened.result.assigned;
    (void)shared_do(book, set_role(book, principal, role, 0));
    return principal;
}

static int place_set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    void *shared = NULL;
    (void)furnished_shared_set_up(&shared);
    place->shared = shared;
    (void)open_account(place, "first", ROLE_ADMINISTRATOR); /* there is always one */
    place->operator= open_account(place, "li.na", ROLE_ADMINISTRATOR);
    engine_look(second_of(place)->engine);
    const struct auth_sessions_config config = {.sessions_max = 10,
                                                .sessions_principal_max = 5,
                                                .idle_ms = 1000000,
                                                .absolute_ms = 1000000};
    place->auth.clock = &second_of(place)->clock;
    assert_int_equal(auth_sessions_new(&config, random_system(), &place->auth.sessions), LB_OK);
    const struct service_options options = {.memory_bytes_max = SERVICE_MEMORY_BYTES,
                                            .clock = &second_of(place)->clock,
                                            .auth = &place->auth};
    place->service = service_new_with(second_of(place), &options);
    *state = place;
    return 0;
}

static int place_tear_down(void **state)
{
    struct place *place = *state;
    void *shared = place->shared;
    (void)shared_tear_down(&shared);
    rpc_free(place->service->rpc); /* as in the server: after the engine */
    arena_fini(&place->service->arena);
    free(place->service);
    auth_sessions_free(place->auth.sessions);
    free(place);
    return 0;
}

static struct auth_session_ref log_in(struct place *place, uint32_t principal, uint32_t device)
{
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    assert_int_equal(auth_session_begin(place->auth.sessions, principal, device, 0, token, &ref),
                     LB_OK);
    return ref;
}

static bool is_logged_in(struct place *place, struct auth_session_ref ref)
{
    struct auth_session session;
    return auth_session_use(place->auth.sessions, ref, 0, &session);
}

/* As the loop does: until nobody asks to be woken. How often it was woken. */
static unsigned follow(struct place *place)
{
    unsigned woken = 0;
    engine_look(second_of(place)->engine);
    while (place->service->is_awake) {
        place->service->is_awake = false;
        rpc_complete(place->service->rpc);
        assert_true(++woken < SHARED_STEPS);
    }
    return woken;
}

static struct command set_state(struct book *book, uint32_t principal, enum principal_state state)
{
    struct command command = command_of(book, ACT_PRINCIPAL_SET);
    command.memo = BYTES_LITERAL("离职");
    command.act.principal_set = (struct act_principal_set){.principal = principal, .state = state};
    return command;
}

/* ---- sessions ---- */

static void a_session_ends_when_another_server_locks_the_account(void **state)
{
    struct place *place = *state;
    const struct auth_session_ref locked = log_in(place, place->operator, 0);
    const struct auth_session_ref other = log_in(place, 1, 0);
    (void)shared_do(first_of(place),
                    set_state(first_of(place), place->operator, PRINCIPAL_IS_LOCKED));
    assert_true(is_logged_in(place, locked));
    assert_int_equal(follow(place), 1);
    assert_false(is_logged_in(place, locked));
    assert_true(is_logged_in(place, other));
}

static void a_session_ends_when_another_server_sets_a_password(void **state)
{
    struct place *place = *state;
    const struct auth_session_ref session = log_in(place, place->operator, 0);
    struct command command = command_of(first_of(place), ACT_CREDENTIAL_SET);
    command.act.credential_set = (struct act_credential_set){
        .principal = place->operator,
        .credential = {.kind = CREDENTIAL_PASSWORD, .verifier = BYTES_LITERAL("$argon2id$x")} };
    (void)shared_do(first_of(place), command);
    (void)follow(place);
    assert_false(is_logged_in(place, session));
}

static void sessions_at_a_device_end_when_another_server_closes_it(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct command command = command_of(first, ACT_DEVICE_OPEN);
    command.act.device_open =
        (struct act_device_open){.name = BYTES_LITERAL("服务台"), .org = ORG, .token_hash = {1}};
    const struct shared_answer opened = shared_try(first, command);
    assert_int_equal(opened.result.verdict.code, LB_OK);
    const uint32_t device = (uint32_t)opened.result.assigned;
    const struct auth_session_ref session = log_in(place, place->operator, device);
    (void)shared_do(first, set_state(first, device, PRINCIPAL_IS_LOCKED));
    (void)follow(place);
    assert_false(is_logged_in(place, session));
}

/* Also where this server's own turn shows it before it looks. */
static void a_session_ends_when_a_group_shows_it(void **state)
{
    struct place *place = *state;
    struct book *second = second_of(place);
    const struct auth_session_ref session = log_in(place, place->operator, 0);
    (void)shared_do(first_of(place),
                    set_state(first_of(place), place->operator, PRINCIPAL_IS_LOCKED));
    (void)shared_do(second, record_service(second, 1, 60, TODAY));
    assert_true(place->service->is_awake);
    rpc_complete(place->service->rpc);
    assert_false(is_logged_in(place, session));
}

/* It was told after the view was opened, in which it is not: the same as a bit too early. */
static void an_entry_that_is_told_while_others_are_followed_is_not_lost(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct rpc *rpc = place->service->rpc;
    const struct auth_session_ref session = log_in(place, place->operator, 0);
    const uint64_t head = shared_do(first, record_service(first, 1, 60, TODAY));
    engine_look(second_of(place)->engine);
    assert_int_equal(rpc->followed.range_count, 1);
    rpc->followed.ranges[0].last++;
    rpc_complete(rpc);
    assert_int_equal(rpc->followed.range_count, 1);
    assert_int_equal(rpc->followed.ranges[0].first, head + 1);
    (void)engine_follow(second_of(place)->engine, NULL, NULL); /* it is not told once more */
    (void)shared_do(first, set_state(first, place->operator, PRINCIPAL_IS_LOCKED));
    (void)follow(place);
    assert_false(is_logged_in(place, session));
    assert_int_equal(rpc->followed.range_count, 0);
}

static void an_entry_that_there_is_no_memory_for_is_followed_later(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct rpc *rpc = place->service->rpc;
    const struct auth_session_ref session = log_in(place, place->operator, 0);
    arena_fini(&rpc->followed.arena);
    arena_init(&rpc->followed.arena, arena_memory_heap(), 1);
    (void)shared_do(first, set_state(first, place->operator, PRINCIPAL_IS_LOCKED));
    assert_int_equal(follow(place), 1); /* not again and again */
    assert_int_equal(place->service->alarm_ms, FOLLOWED_AGAIN_MS);
    assert_true(is_logged_in(place, session));
    arena_fini(&rpc->followed.arena);
    arena_init(&rpc->followed.arena, arena_memory_heap(), 1 << 20);
    rpc_complete(rpc);
    assert_false(is_logged_in(place, session));
}

/* ---- rights ---- */

static uint32_t list_accounts(struct place *place)
{
    Lovebank__V1__PrincipalListRequest request = LOVEBANK__V1__PRINCIPAL_LIST_REQUEST__INIT;
    return service_ask(place->service, actor_of(place->operator), METHOD_PRINCIPAL_LIST,
                       &request.base);
}

static void a_role_that_another_server_takes_away_is_gone(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct book *second = second_of(place);
    assert_int_equal(list_accounts(place), LB_OK);
    struct command command = set_role(first, place->operator, ROLE_DESK, ORG);
    (void)shared_do(first, command);
    const struct command opens = open_operator(second, "nobody");
    assert_int_equal(shared_try_by(second, actor_of(place->operator), &opens).result.verdict.code,
                     LB_UNAUTHORISED); /* a write sees it at once */
    (void)follow(place);
    assert_int_equal(list_accounts(place), LB_UNAUTHORISED);
}

/* ---- counts ---- */

static const Lovebank__V1__StatusResponse *status_of(struct service *service)
{
    Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    return service_answer(service, trusted, METHOD_STATUS, &request.base,
                          &lovebank__v1__status_response__descriptor);
}

static void members_of_another_server_are_counted_in_goes(void **state)
{
    struct place *place = *state;
    struct book *first = first_of(place);
    struct service *service = service_new(second_of(place)); /* it follows from here on */
    assert_int_equal(status_of(service)->members, 3);
    for (uint64_t member = 10; member < 10 + MANY; member++) {
        (void)shared_do(first, register_member(first, member, "王芳"));
    }
    engine_look(second_of(place)->engine);
    unsigned woken = 0;
    for (; service->is_awake; woken++) {
        service->is_awake = false;
        rpc_complete(service->rpc);
    }
    assert_int_equal(woken, 2);
    assert_int_equal(status_of(service)->members, 3 + MANY);
    assert_int_equal(status_of(service)->durable_entry, FURNISHED + 4 + MANY);
    (void)engine_follow(second_of(place)->engine, NULL, NULL);
    rpc_free(service->rpc);
    arena_fini(&service->arena);
    free(service);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_session_ends_when_another_server_locks_the_account),
        TEST(a_session_ends_when_another_server_sets_a_password),
        TEST(sessions_at_a_device_end_when_another_server_closes_it),
        TEST(a_session_ends_when_a_group_shows_it),
        TEST(an_entry_that_is_told_while_others_are_followed_is_not_lost),
        TEST(an_entry_that_there_is_no_memory_for_is_followed_later),
        TEST(a_role_that_another_server_takes_away_is_gone),
        TEST(members_of_another_server_are_counted_in_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
