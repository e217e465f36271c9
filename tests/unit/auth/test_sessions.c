/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Sessions by a clock that the test steps: found, used, ended by idleness, age, number and hand. */
#include "auth/sessions.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SESSIONS_MAX  4
#define PRINCIPAL_MAX 2
#define IDLE_MS       1000
#define ABSOLUTE_MS   5000

static const struct auth_session_ref nothing = {0};

struct fixture {
    struct random_seeded seeded;
    struct random_source random;
    struct auth_sessions *sessions;
};

static int open_sessions(void **state)
{
    static struct fixture fixture;
    const struct auth_sessions_config config = {
        .sessions_max = SESSIONS_MAX,
        .sessions_principal_max = PRINCIPAL_MAX,
        .idle_ms = IDLE_MS,
        .absolute_ms = ABSOLUTE_MS,
    };
    fixture = (struct fixture){.seeded = {.state = 21}};
    fixture.random = random_of_seeded(&fixture.seeded);
    assert_int_equal(auth_sessions_new(&config, &fixture.random, &fixture.sessions), LB_OK);
    *state = &fixture;
    return 0;
}

static int close_sessions(void **state)
{
    struct fixture *fixture = *state;
    auth_sessions_free(fixture->sessions);
    return 0;
}

static struct auth_session_ref begin(struct fixture *fixture, uint32_t principal, uint32_t device,
                                     int64_t now_ms)
{
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    assert_int_equal(auth_session_begin(fixture->sessions, principal, device, now_ms, token, &ref),
                     LB_OK);
    return ref;
}

static bool is_live(struct fixture *fixture, struct auth_session_ref ref, int64_t now_ms)
{
    struct auth_session session;
    return auth_session_use(fixture->sessions, ref, now_ms, &session);
}

/* accepts */

static void a_session_is_found_by_its_token_and_tells_whose_it_is(void **state)
{
    struct fixture *fixture = *state;
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    struct auth_session_ref found;
    struct auth_session session;
    assert_int_equal(auth_session_begin(fixture->sessions, 7, 9, 100, token, &ref), LB_OK);
    assert_true(auth_session_find(fixture->sessions, token, 100, &found));
    assert_int_equal(found.slot, ref.slot);
    assert_int_equal(found.serial, ref.serial);
    assert_true(auth_session_use(fixture->sessions, found, 100, &session));
    assert_int_equal(session.principal, 7);
    assert_int_equal(session.device, 9);
    assert_int_equal(session.expires_ms, 100 + ABSOLUTE_MS);
}

static void one_that_is_used_lasts_and_ends_at_the_latest_at_its_absolute_end(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_session_ref ref = begin(fixture, 1, 0, 0);
    for (int64_t now_ms = 0; now_ms < ABSOLUTE_MS; now_ms += IDLE_MS - 1) {
        assert_true(is_live(fixture, ref, now_ms));
    }
    assert_true(is_live(fixture, ref, ABSOLUTE_MS - 1));
    assert_false(is_live(fixture, ref, ABSOLUTE_MS));
}

static void over_an_operators_number_the_own_longest_unused_ends(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_session_ref other = begin(fixture, 2, 0, 0);
    const struct auth_session_ref first = begin(fixture, 1, 0, 0);
    const struct auth_session_ref second = begin(fixture, 1, 0, 0);
    assert_true(is_live(fixture, first, 0)); /* used last, in the same millisecond */
    const struct auth_session_ref third = begin(fixture, 1, 0, 0);
    assert_true(is_live(fixture, first, 0));
    assert_false(is_live(fixture, second, 0));
    assert_true(is_live(fixture, third, 0));
    assert_true(is_live(fixture, other, 0));
}

static void over_all_sessions_the_longest_unused_of_anybody_ends(void **state)
{
    struct fixture *fixture = *state;
    struct auth_session_ref refs[SESSIONS_MAX + 1];
    for (uint32_t i = 0; i <= SESSIONS_MAX; i++) {
        refs[i] = begin(fixture, i + 1, 0, i);
    }
    assert_false(is_live(fixture, refs[0], SESSIONS_MAX));
    assert_int_equal(auth_sessions_count(fixture->sessions, SESSIONS_MAX), SESSIONS_MAX);
}

static void all_of_a_principal_end_but_the_one_that_is_kept(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_session_ref kept = begin(fixture, 1, 0, 0);
    const struct auth_session_ref ended = begin(fixture, 1, 0, 0);
    const struct auth_session_ref other = begin(fixture, 2, 5, 0);
    assert_int_equal(auth_sessions_end_all(fixture->sessions, 1, kept, 0), 1);
    assert_true(is_live(fixture, kept, 0));
    assert_false(is_live(fixture, ended, 0));
    assert_true(is_live(fixture, other, 0));
    assert_int_equal(auth_sessions_end_all(fixture->sessions, 5, nothing, 0), 1); /* at a device */
    assert_false(is_live(fixture, other, 0));
}

/* Against the plain truth: each token that was ever given out, and whether its session has ended.
 */
static void a_token_finds_its_session_and_no_other_while_sessions_come_and_go(void **state)
{
    enum { MANY = 24, STEPS = 4000 };
    static struct {
        uint8_t token[LB_TOKEN_BYTES];
        struct auth_session_ref ref;
    } given[STEPS];
    const struct auth_sessions_config config = {
        .sessions_max = MANY,
        .sessions_principal_max = MANY / 3,
        .idle_ms = IDLE_MS,
        .absolute_ms = ABSOLUTE_MS,
    };
    struct random_seeded seeded = {.state = 22};
    struct random_source random = random_of_seeded(&seeded);
    struct auth_sessions *sessions = NULL;
    size_t count = 0;
    (void)state;
    print_message("seed %u\n", 22);
    assert_int_equal(auth_sessions_new(&config, &random, &sessions), LB_OK);
    for (int64_t step = 0; step < STEPS; step++) {
        const int64_t now_ms = step * 5;
        struct auth_session_ref found;
        struct auth_session session;
        if (count == 0 || random_seeded_next(&seeded) % 2 == 0) {
            const uint32_t principal = 1 + (uint32_t)(random_seeded_next(&seeded) % 5);
            assert_int_equal(auth_session_begin(sessions, principal, 0, now_ms, given[count].token,
                                                &given[count].ref),
                             LB_OK);
            count++;
            continue;
        }
        const size_t back = (size_t)(random_seeded_next(&seeded) % 40);
        const size_t i = back < count ? count - 1 - back : 0;
        const bool is_found = auth_session_find(sessions, given[i].token, now_ms, &found);
        assert_int_equal(is_found, auth_session_use(sessions, given[i].ref, now_ms, &session));
        if (is_found) {
            assert_int_equal(found.slot, given[i].ref.slot);
            assert_int_equal(found.serial, given[i].ref.serial);
        }
        if (step % 3 == 0) {
            assert_int_equal(auth_session_end(sessions, given[i].ref, now_ms), is_found);
            assert_false(auth_session_find(sessions, given[i].token, now_ms, &found));
        }
    }
    auth_sessions_free(sessions);
}

/* rejects */

static void an_idle_session_ends(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_session_ref ref = begin(fixture, 1, 0, 0);
    assert_false(is_live(fixture, ref, IDLE_MS));
    assert_int_equal(auth_sessions_count(fixture->sessions, IDLE_MS), 0);
}

static void an_ended_session_stays_ended_when_its_slot_is_used_again(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_session_ref old = begin(fixture, 1, 0, 0);
    assert_true(auth_session_end(fixture->sessions, old, 0));
    assert_false(auth_session_end(fixture->sessions, old, 0));
    const struct auth_session_ref new = begin(fixture, 2, 0, 0);
    assert_int_equal(new.slot, old.slot);
    assert_false(is_live(fixture, old, 0));
    assert_true(is_live(fixture, new, 0));
    assert_false(is_live(fixture, nothing, 0));
    assert_false(is_live(fixture, AUTH_SESSION_ENDED, 0));
}

static void no_token_but_its_own_finds_a_session(void **state)
{
    struct fixture *fixture = *state;
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    assert_int_equal(auth_session_begin(fixture->sessions, 1, 0, 0, token, &ref), LB_OK);
    for (size_t i = 0; i < sizeof(token); i++) {
        token[i] ^= 1;
        assert_false(auth_session_find(fixture->sessions, token, 0, &ref));
        token[i] ^= 1;
    }
    assert_false(auth_session_find(fixture->sessions, token, IDLE_MS, &ref));
}

/* faults */

static bool give_nothing(void *context, uint8_t *out, size_t size)
{
    (void)context;
    (void)out;
    (void)size;
    return false;
}

static void without_randomness_no_session_begins(void **state)
{
    struct fixture *fixture = *state;
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    fixture->random.fill = give_nothing;
    assert_int_equal(auth_session_begin(fixture->sessions, 1, 0, 0, token, &ref), LB_INTERNAL);
    assert_int_equal(auth_sessions_count(fixture->sessions, 0), 0);
}

static bool give_the_same(void *context, uint8_t *out, size_t size)
{
    (void)context;
    memset(out, 7, size);
    return true;
}

static void with_a_token_that_is_there_already_no_session_begins(void **state)
{
    struct fixture *fixture = *state;
    uint8_t token[LB_TOKEN_BYTES];
    struct auth_session_ref ref;
    fixture->random.fill = give_the_same;
    const struct auth_session_ref first = begin(fixture, 1, 0, 0);
    assert_int_equal(auth_session_begin(fixture->sessions, 2, 0, 0, token, &ref), LB_INTERNAL);
    assert_true(is_live(fixture, first, 0));
    assert_int_equal(auth_sessions_count(fixture->sessions, 0), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_sessions, close_sessions)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(a_session_is_found_by_its_token_and_tells_whose_it_is),
        TEST(one_that_is_used_lasts_and_ends_at_the_latest_at_its_absolute_end),
        TEST(over_an_operators_number_the_own_longest_unused_ends),
        TEST(over_all_sessions_the_longest_unused_of_anybody_ends),
        TEST(all_of_a_principal_end_but_the_one_that_is_kept),
        TEST(a_token_finds_its_session_and_no_other_while_sessions_come_and_go),
        /* rejects */
        TEST(an_idle_session_ends),
        TEST(an_ended_session_stays_ended_when_its_slot_is_used_again),
        TEST(no_token_but_its_own_finds_a_session),
        /* faults */
        TEST(without_randomness_no_session_begins),
        TEST(with_a_token_that_is_there_already_no_session_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
