/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Passwords: their rules, and a worker that checks and hashes them with Argon2id, one at a time,
 * with a queue of limited length, so that the loop never waits and memory stays bounded. A place
 * may have as many in it as there is room left, so that none can fill it alone. A check takes the
 * same work whether there is such an account, with a password or a one-time code, or not.
 *
 * Threads: auth_passwords_* belong to the loop's; `done` is called on the worker's.
 */
#ifndef AUTH_PASSWORDS_H
#define AUTH_PASSWORDS_H

#include "auth/place.h"
#include "base/bytes.h"
#include "base/random.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTH_PASSWORD_BYTES_MAX ((size_t)LB_PASSWORD_CHARS_MAX * 4)

struct auth_passwords;

/* What is kept of a password or code; see struct credential. */
enum auth_verifier_kind { AUTH_VERIFIER_NONE, AUTH_VERIFIER_CODE, AUTH_VERIFIER_PASSWORD };

struct auth_verifier {
    enum auth_verifier_kind kind;
    size_t size;
    char text[LB_VERIFIER_BYTES_MAX + 1]; /* of a password: a string; of a code: a hash */
};

/* false: longer than any. */
LB_MUST_CHECK bool auth_verifier_set(struct auth_verifier *verifier, enum auth_verifier_kind kind,
                                     struct bytes text);

/* One check. The caller keeps it until `done`, and overwrites it then. */
struct auth_password_job {
    struct auth_verifier verifier; /* kind NONE: nobody's, always wrong */
    struct bytes password;
    struct bytes new_password; /* to be hashed if the password is right; empty: none */
    struct auth_place place;   /* who asks */
    void (*done)(struct auth_password_job *job);
    void *context;
    /* Filled in before `done`. */
    enum lb_result result; /* LB_OK, or LB_TRY_LATER: no memory */
    bool is_right;
    struct auth_verifier new_verifier; /* kind NONE: there is none */
    struct auth_password_job *next;    /* the worker's */
};

/* What a check costs. */
struct auth_password_cost {
    uint64_t passes;
    size_t memory_bytes;
};
/* 64 MiB, and about 100 ms of one core of 2020. */
struct auth_password_cost auth_password_cost_default(void);

/* Starts the worker. LB_OK, LB_MEMORY, LB_INTERNAL. */
LB_MUST_CHECK enum lb_result auth_passwords_new(const struct auth_password_cost *cost,
                                                uint32_t queue_max,
                                                const struct random_source *random,
                                                struct auth_passwords **passwords);
/* Jobs that wait end undone with LB_SHUTTING_DOWN, then the worker ends. Twice does no harm. */
void auth_passwords_stop(struct auth_passwords *passwords);
void auth_passwords_free(struct auth_passwords *passwords);

/* LB_OK: `done` will come, once. LB_TRY_LATER: no room for one more from there;
 * LB_SHUTTING_DOWN. */
LB_MUST_CHECK enum lb_result auth_passwords_submit(struct auth_passwords *passwords,
                                                   struct auth_password_job *job);

/* LB_OK; LB_PASSWORD_WEAK, with the number of characters: not LB_PASSWORD_CHARS_MIN to
 * LB_PASSWORD_CHARS_MAX of them, the log-in name, or the password there was. Well-formed UTF-8. */
LB_MUST_CHECK enum lb_result auth_password_check(struct bytes password, struct bytes login,
                                                 struct bytes old, int64_t *characters);

#endif
