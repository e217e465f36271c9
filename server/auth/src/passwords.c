/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The worker: a queue under a lock, one thread. The hash for those who have no password is made of
 * random bytes when it starts.
 */
#define _GNU_SOURCE /* gettid */
#include "auth/passwords.h"

#include "base/assert.h"
#include "base/one_time_code.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

/* Whoever floods the log-in does not take the processor from the desks. */
#define WORKER_NICE 10

struct auth_passwords {
    struct auth_password_cost cost;
    uint32_t queue_max;
    char nobody[LB_VERIFIER_BYTES_MAX + 1]; /* of a password that nobody knows; the worker's */
    uint8_t nobody_password[32];
    pthread_t worker;
    bool is_joined; /* the loop's thread */

    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t wakes;
    struct auth_password_job *queue;
    struct auth_password_job **queue_end;
    uint32_t count; /* waiting */
    bool is_stopped;
};

_Static_assert(crypto_pwhash_STRBYTES <= LB_VERIFIER_BYTES_MAX + 1, "a hash fits");

struct auth_password_cost auth_password_cost_default(void)
{
    return (struct auth_password_cost){
        .passes = 3,
        .memory_bytes = (size_t)64 << 20,
    };
}

bool auth_verifier_set(struct auth_verifier *verifier, enum auth_verifier_kind kind,
                       struct bytes text)
{
    *verifier = (struct auth_verifier){.kind = kind, .size = text.size};
    if (text.size >= sizeof(verifier->text)) {
        return false;
    }
    if (text.size > 0) {
        memcpy(verifier->text, text.data, text.size);
    }
    return true;
}

/* --- one job ---------------------------------------------------------------------------------- */

static bool code_is_right(const struct auth_verifier *verifier, struct bytes text)
{
    uint8_t code[ONE_TIME_CODE_BYTES] = {0};
    uint8_t hash[crypto_hash_sha256_BYTES];
    const bool is_code = one_time_code_parse(text, code);
    (void)crypto_hash_sha256(hash, code, sizeof(code));
    const bool is_same =
        verifier->size == sizeof(hash) && sodium_memcmp(hash, verifier->text, sizeof(hash)) == 0;
    sodium_memzero(code, sizeof(code));
    sodium_memzero(hash, sizeof(hash));
    return is_code && is_same;
}

static bool hash_make(const struct auth_passwords *passwords, struct bytes password,
                      char text[LB_VERIFIER_BYTES_MAX + 1])
{
    return crypto_pwhash_str_alg(text, (const char *)password.data, password.size,
                                 passwords->cost.passes, passwords->cost.memory_bytes,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* Against nobody's hash too: who asks cannot tell by the time it takes which accounts there are. */
static void job_verify(const struct auth_passwords *passwords, struct auth_password_job *job)
{
    const bool has_password = job->verifier.kind == AUTH_VERIFIER_PASSWORD;
    const char *text = has_password ? job->verifier.text : passwords->nobody;
    errno = 0;
    const bool is_password =
        crypto_pwhash_str_verify(text, (const char *)job->password.data, job->password.size) == 0;
    if (!is_password && errno == ENOMEM) {
        job->result = LB_TRY_LATER;
        return;
    }
    job->is_right = job->verifier.kind == AUTH_VERIFIER_CODE
                        ? code_is_right(&job->verifier, job->password)
                        : has_password && is_password;
}

static void job_run(const struct auth_passwords *passwords, struct auth_password_job *job)
{
    job->result = LB_OK;
    job->new_verifier = (struct auth_verifier){.kind = AUTH_VERIFIER_NONE};
    job_verify(passwords, job);
    if (job->result != LB_OK || !job->is_right || job->new_password.size == 0) {
        return;
    }
    if (!hash_make(passwords, job->new_password, job->new_verifier.text)) {
        job->result = LB_TRY_LATER;
        return;
    }
    job->new_verifier.kind = AUTH_VERIFIER_PASSWORD;
    job->new_verifier.size = strlen(job->new_verifier.text);
}

/* --- the worker ------------------------------------------------------------------------------- */

/* NULL: it is to end. */
static struct auth_password_job *passwords_take(struct auth_passwords *passwords)
{
    pthread_mutex_lock(&passwords->lock);
    while (passwords->queue == NULL && !passwords->is_stopped) {
        pthread_cond_wait(&passwords->wakes, &passwords->lock);
    }
    struct auth_password_job *job = passwords->queue;
    if (job != NULL) {
        passwords->queue = job->next;
        passwords->count--;
        if (passwords->queue == NULL) {
            passwords->queue_end = &passwords->queue;
        }
    }
    pthread_mutex_unlock(&passwords->lock);
    return job;
}

static bool passwords_are_stopped(struct auth_passwords *passwords)
{
    pthread_mutex_lock(&passwords->lock);
    const bool is_stopped = passwords->is_stopped;
    pthread_mutex_unlock(&passwords->lock);
    return is_stopped;
}

/* On Linux a thread has a priority of its own. Where it cannot be had, all are equal. */
static void worker_step_back(void)
{
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), WORKER_NICE);
}

static void *passwords_work(void *context)
{
    struct auth_passwords *passwords = context;
    const struct bytes nobody =
        bytes_of(passwords->nobody_password, sizeof(passwords->nobody_password));
    bool has_nobody = false;
    worker_step_back();
    struct auth_password_job *job = passwords_take(passwords);
    while (job != NULL) {
        /* Only when it is first needed, as memory may be short at the start. */
        has_nobody = has_nobody || hash_make(passwords, nobody, passwords->nobody);
        if (passwords_are_stopped(passwords)) {
            job->result = LB_SHUTTING_DOWN;
        } else if (!has_nobody) {
            job->result = LB_TRY_LATER;
        } else {
            job_run(passwords, job);
        }
        job->done(job); /* from here on it is not ours */
        job = passwords_take(passwords);
    }
    return NULL;
}

enum lb_result auth_passwords_new(const struct auth_password_cost *cost, uint32_t queue_max,
                                  const struct random_source *random,
                                  struct auth_passwords **passwords)
{
    struct auth_passwords *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return LB_MEMORY;
    }
    if (sodium_init() < 0 ||
        !random_fill(random, made->nobody_password, sizeof(made->nobody_password))) {
        free(made);
        return LB_INTERNAL;
    }
    made->cost = *cost;
    made->queue_max = queue_max;
    made->queue_end = &made->queue;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wakes, NULL);
    if (pthread_create(&made->worker, NULL, passwords_work, made) != 0) {
        pthread_cond_destroy(&made->wakes);
        pthread_mutex_destroy(&made->lock);
        free(made);
        return LB_MEMORY;
    }
    *passwords = made;
    return LB_OK;
}

void auth_passwords_stop(struct auth_passwords *passwords)
{
    if (passwords->is_joined) {
        return;
    }
    pthread_mutex_lock(&passwords->lock);
    passwords->is_stopped = true;
    pthread_cond_signal(&passwords->wakes);
    pthread_mutex_unlock(&passwords->lock);
    (void)pthread_join(passwords->worker, NULL);
    passwords->is_joined = true;
}

void auth_passwords_free(struct auth_passwords *passwords)
{
    auth_passwords_stop(passwords);
    pthread_cond_destroy(&passwords->wakes);
    pthread_mutex_destroy(&passwords->lock);
    sodium_memzero(passwords, sizeof(*passwords));
    free(passwords);
}

/* Under the lock. Whoever has none waiting finds room until the queue is full. */
static bool passwords_have_room(const struct auth_passwords *passwords,
                                const struct auth_place *place)
{
    uint32_t own = 0;
    for (const struct auth_password_job *job = passwords->queue; job != NULL; job = job->next) {
        own += memcmp(&job->place, place, sizeof(*place)) == 0;
    }
    return own < passwords->queue_max - passwords->count;
}

enum lb_result auth_passwords_submit(struct auth_passwords *passwords,
                                     struct auth_password_job *job)
{
    enum lb_result result = LB_OK;
    LB_ASSERT(job->done != NULL);
    pthread_mutex_lock(&passwords->lock);
    if (passwords->is_stopped) {
        result = LB_SHUTTING_DOWN;
    } else if (!passwords_have_room(passwords, &job->place)) {
        result = LB_TRY_LATER;
    } else {
        job->is_right = false;
        job->next = NULL;
        *passwords->queue_end = job;
        passwords->queue_end = &job->next;
        passwords->count++;
        pthread_cond_signal(&passwords->wakes);
    }
    pthread_mutex_unlock(&passwords->lock);
    return result;
}

/* --- rules ------------------------------------------------------------------------------------ */

static int64_t count_characters(struct bytes text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += (text.data[i] & 0xc0) != 0x80;
    }
    return count;
}

static bool is_same_but_for_case(struct bytes a, struct bytes b)
{
    return a.size == b.size && strncasecmp((const char *)a.data, (const char *)b.data, a.size) == 0;
}

enum lb_result auth_password_check(struct bytes password, struct bytes login, struct bytes old,
                                   int64_t *characters)
{
    *characters = count_characters(password);
    const bool is_long_enough =
        *characters >= LB_PASSWORD_CHARS_MIN && *characters <= LB_PASSWORD_CHARS_MAX;
    if (!is_long_enough || password.size > AUTH_PASSWORD_BYTES_MAX ||
        is_same_but_for_case(password, login) || bytes_equal(password, old)) {
        return LB_PASSWORD_WEAK;
    }
    return LB_OK;
}
