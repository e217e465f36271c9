/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The worker for passwords, with hashes as cheap as they can be, and the rules of passwords. */
#include "auth/passwords.h"

#include "base/one_time_code.h"
#include "base/random.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <sodium.h>
#include <cmocka.h>

#define QUEUE_MAX 4

static const struct bytes right = BYTES_LITERAL("correct horse battery");

struct fixture {
    struct auth_passwords *passwords;
    sem_t is_done;
    sem_t is_held;
    sem_t may_go_on; /* of jobs that hold the worker */
};

static int open_passwords(void **state)
{
    static struct fixture fixture;
    const struct auth_password_cost cost = {
        .passes = crypto_pwhash_OPSLIMIT_MIN,
        .memory_bytes = crypto_pwhash_MEMLIMIT_MIN,
    };
    assert_int_equal(sem_init(&fixture.is_done, 0, 0), 0);
    assert_int_equal(sem_init(&fixture.is_held, 0, 0), 0);
    assert_int_equal(sem_init(&fixture.may_go_on, 0, 0), 0);
    assert_int_equal(auth_passwords_new(&cost, QUEUE_MAX, random_system(), &fixture.passwords),
                     LB_OK);
    *state = &fixture;
    return 0;
}

static int close_passwords(void **state)
{
    struct fixture *fixture = *state;
    auth_passwords_free(fixture->passwords);
    assert_int_equal(sem_destroy(&fixture->is_done), 0);
    assert_int_equal(sem_destroy(&fixture->is_held), 0);
    assert_int_equal(sem_destroy(&fixture->may_go_on), 0);
    return 0;
}

static void job_done(struct auth_password_job *job)
{
    struct fixture *fixture = job->context;
    assert_int_equal(sem_post(&fixture->is_done), 0);
}

static void job_held(struct auth_password_job *job)
{
    struct fixture *fixture = job->context;
    assert_int_equal(sem_post(&fixture->is_held), 0);
    (void)sem_wait(&fixture->may_go_on);
    job_done(job);
}

static struct auth_password_job job_of(struct fixture *fixture,
                                       const struct auth_verifier *verifier, struct bytes password)
{
    return (struct auth_password_job){
        .verifier = *verifier, .password = password, .done = job_done, .context = fixture};
}

static bool run(struct fixture *fixture, struct auth_password_job *job)
{
    assert_int_equal(auth_passwords_submit(fixture->passwords, job), LB_OK);
    assert_int_equal(sem_wait(&fixture->is_done), 0);
    assert_int_equal(job->result, LB_OK);
    return job->is_right;
}

/* By a one-time code of all zeros, as a log-in does. */
static struct auth_verifier code_verifier(char text[ONE_TIME_CODE_TEXT_BYTES])
{
    const uint8_t code[ONE_TIME_CODE_BYTES] = {0};
    uint8_t hash[LB_HASH_BYTES];
    struct auth_verifier verifier;
    one_time_code_format(code, text);
    assert_int_equal(crypto_hash_sha256(hash, code, sizeof(code)), 0);
    assert_true(auth_verifier_set(&verifier, AUTH_VERIFIER_CODE, bytes_of(hash, sizeof(hash))));
    return verifier;
}

static struct auth_verifier password_verifier(struct fixture *fixture)
{
    char text[ONE_TIME_CODE_TEXT_BYTES];
    const struct auth_verifier code = code_verifier(text);
    struct auth_password_job job = job_of(fixture, &code, bytes_of_text(text));
    job.new_password = right;
    assert_true(run(fixture, &job));
    assert_int_equal(job.new_verifier.kind, AUTH_VERIFIER_PASSWORD);
    return job.new_verifier;
}

/* accepts */

static void a_code_is_right_and_sets_a_password_that_is_right_then(void **state)
{
    const struct auth_verifier verifier = password_verifier(*state);
    struct auth_password_job job = job_of(*state, &verifier, right);
    assert_memory_equal(verifier.text, "$argon2id$", 10);
    assert_int_equal(verifier.size, strlen(verifier.text));
    assert_true(run(*state, &job));
    assert_int_equal(job.new_verifier.kind, AUTH_VERIFIER_NONE);
}

static void passwords_within_the_rules_are_taken(void **state)
{
    const struct bytes none = {NULL, 0};
    int64_t count = 0;
    char most[LB_PASSWORD_CHARS_MAX];
    (void)state;
    memset(most, 'x', sizeof(most));
    assert_int_equal(auth_password_check(BYTES_LITERAL("ten characters"), none, none, &count),
                     LB_OK);
    assert_int_equal(auth_password_check(BYTES_LITERAL("十个汉字也够做密码了"), none, none, &count),
                     LB_OK);
    assert_int_equal(count, 10);
    assert_int_equal(auth_password_check(bytes_of(most, sizeof(most)), none, none, &count), LB_OK);
}

/* rejects */

static void what_is_wrong_is_wrong_and_makes_no_new_hash(void **state)
{
    char text[ONE_TIME_CODE_TEXT_BYTES];
    const struct auth_verifier verifiers[] = {
        {.kind = AUTH_VERIFIER_NONE}, code_verifier(text), password_verifier(*state)};
    for (size_t i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++) {
        struct auth_password_job job =
            job_of(*state, &verifiers[i], BYTES_LITERAL("something else"));
        job.new_password = right;
        assert_false(run(*state, &job));
        assert_int_equal(job.new_verifier.kind, AUTH_VERIFIER_NONE);
    }
}

static void the_text_of_a_hash_is_no_password(void **state)
{
    const struct auth_verifier verifier = password_verifier(*state);
    struct auth_password_job job =
        job_of(*state, &verifier, bytes_of(verifier.text, verifier.size));
    assert_false(run(*state, &job));
}

static void a_place_may_have_as_many_waiting_as_there_is_room_left(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_verifier nobody = {.kind = AUTH_VERIFIER_NONE};
    const struct {
        uint32_t place;
        enum lb_result result;
    } asked[] = {
        {1, LB_OK},        {1, LB_OK}, {1, LB_TRY_LATER}, {2, LB_OK},
        {2, LB_TRY_LATER}, {3, LB_OK}, {4, LB_TRY_LATER},
    };
    struct auth_password_job jobs[sizeof(asked) / sizeof(asked[0])];
    struct auth_password_job first = job_of(fixture, &nobody, right);
    first.done = job_held;
    assert_int_equal(auth_passwords_submit(fixture->passwords, &first), LB_OK);
    assert_int_equal(sem_wait(&fixture->is_held), 0); /* it waits no more */
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        jobs[i] = job_of(fixture, &nobody, right);
        jobs[i].place = auth_place_of_user(asked[i].place);
        assert_int_equal(auth_passwords_submit(fixture->passwords, &jobs[i]), asked[i].result);
    }
    assert_int_equal(sem_post(&fixture->may_go_on), 0);
    for (size_t i = 0; i < 1 + QUEUE_MAX; i++) {
        assert_int_equal(sem_wait(&fixture->is_done), 0);
    }
}

static void weak_passwords_are_refused(void **state)
{
    const struct bytes none = {NULL, 0};
    int64_t count = 0;
    char most[LB_PASSWORD_CHARS_MAX + 1];
    (void)state;
    memset(most, 'x', sizeof(most));
    assert_int_equal(auth_password_check(BYTES_LITERAL("nine char"), none, none, &count),
                     LB_PASSWORD_WEAK);
    assert_int_equal(count, 9);
    assert_int_equal(auth_password_check(bytes_of(most, sizeof(most)), none, none, &count),
                     LB_PASSWORD_WEAK);
    assert_int_equal(auth_password_check(BYTES_LITERAL("Li.Xiao.Hong"),
                                         BYTES_LITERAL("li.xiao.hong"), none, &count),
                     LB_PASSWORD_WEAK);
    assert_int_equal(auth_password_check(right, none, right, &count), LB_PASSWORD_WEAK);
}

static void a_verifier_that_is_too_long_is_refused(void **state)
{
    struct auth_verifier verifier;
    const char text[LB_VERIFIER_BYTES_MAX + 1] = {0};
    (void)state;
    assert_true(auth_verifier_set(&verifier, AUTH_VERIFIER_PASSWORD,
                                  bytes_of(text, LB_VERIFIER_BYTES_MAX)));
    assert_false(
        auth_verifier_set(&verifier, AUTH_VERIFIER_PASSWORD, bytes_of(text, sizeof(text))));
}

/* faults */

static void after_the_end_nothing_is_taken(void **state)
{
    struct fixture *fixture = *state;
    const struct auth_verifier nobody = {.kind = AUTH_VERIFIER_NONE};
    struct auth_password_job job = job_of(fixture, &nobody, right);
    auth_passwords_stop(fixture->passwords);
    auth_passwords_stop(fixture->passwords);
    assert_int_equal(auth_passwords_submit(fixture->passwords, &job), LB_SHUTTING_DOWN);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_passwords, close_passwords)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(a_code_is_right_and_sets_a_password_that_is_right_then),
        TEST(passwords_within_the_rules_are_taken),
        /* rejects */
        TEST(what_is_wrong_is_wrong_and_makes_no_new_hash),
        TEST(the_text_of_a_hash_is_no_password),
        TEST(a_place_may_have_as_many_waiting_as_there_is_room_left),
        TEST(weak_passwords_are_refused),
        TEST(a_verifier_that_is_too_long_is_refused),
        /* faults */
        TEST(after_the_end_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
