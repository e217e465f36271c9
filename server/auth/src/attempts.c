/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Failures by a keyed hash of the name or place, in two tables of fixed size. A full table gives up
 * the row of a name nobody has, and among equals the one whose last failure is the oldest.
 */
#include "auth/attempts.h"

#include "base/assert.h"

#include <sodium.h>
#include <stdlib.h>

#define ROWS_MAX 4096 /* of each kind */

/* failures 0: free. */
struct attempt_row {
    uint64_t key;
    uint32_t failures; /* in a row */
    bool is_known;
    int64_t last_ms; /* when the last of them ended, or began if it has not */
};

struct attempt_table {
    uint32_t free_failures;
    struct attempt_row rows[ROWS_MAX];
};

struct auth_attempts {
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
    struct attempt_table accounts;
    struct attempt_table places;
};

enum lb_result auth_attempts_new(const struct random_source *random,
                                 struct auth_attempts **attempts)
{
    struct auth_attempts *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return LB_MEMORY;
    }
    if (!random_fill(random, made->hash_key, sizeof(made->hash_key))) {
        free(made);
        return LB_INTERNAL;
    }
    made->accounts.free_failures = AUTH_ATTEMPTS_FREE_ACCOUNT;
    made->places.free_failures = AUTH_ATTEMPTS_FREE_PLACE;
    *attempts = made;
    return LB_OK;
}

void auth_attempts_free(struct auth_attempts *attempts)
{
    free(attempts);
}

static uint64_t attempts_key(const struct auth_attempts *attempts, struct bytes of)
{
    uint64_t key = 0;
    _Static_assert(sizeof(key) == crypto_shorthash_BYTES, "the hash is the key");
    (void)crypto_shorthash((uint8_t *)&key, of.data, of.size, attempts->hash_key);
    return key;
}

/* NULL: nothing failed there. */
static struct attempt_row *table_find(struct attempt_table *table, uint64_t key)
{
    for (size_t i = 0; i < ROWS_MAX; i++) {
        if (table->rows[i].failures != 0 && table->rows[i].key == key) {
            return &table->rows[i];
        }
    }
    return NULL;
}

/* A free row, else the one that is missed least. */
static struct attempt_row *table_room(struct attempt_table *table)
{
    struct attempt_row *least = &table->rows[0];
    for (size_t i = 0; i < ROWS_MAX; i++) {
        struct attempt_row *row = &table->rows[i];
        if (row->failures == 0) {
            return row;
        }
        if (row->is_known != least->is_known ? least->is_known : row->last_ms < least->last_ms) {
            least = row;
        }
    }
    return least;
}

static int64_t delay_s(uint32_t failures, uint32_t free_failures)
{
    if (failures < free_failures) {
        return 0;
    }
    const uint32_t steps = failures - free_failures;
    const int64_t delay = INT64_C(1) << (steps < 10 ? steps : 10);
    return delay < AUTH_ATTEMPTS_DELAY_S_MAX ? delay : AUTH_ATTEMPTS_DELAY_S_MAX;
}

/* Seconds, rounded up, until the next attempt. */
static int64_t table_wait_s(struct attempt_table *table, uint64_t key, int64_t now_ms)
{
    const struct attempt_row *row = table_find(table, key);
    if (row == NULL) {
        return 0;
    }
    const int64_t end_ms = row->last_ms + delay_s(row->failures, table->free_failures) * 1000;
    return end_ms <= now_ms ? 0 : (end_ms - now_ms + 999) / 1000;
}

static void table_charge(struct attempt_table *table, uint64_t key, bool is_known, int64_t now_ms)
{
    struct attempt_row *row = table_find(table, key);
    if (row == NULL) {
        row = table_room(table);
        *row = (struct attempt_row){.key = key, .is_known = is_known};
    }
    row->failures += row->failures < UINT32_MAX;
    row->last_ms = now_ms;
}

static void table_refund(struct attempt_table *table, uint64_t key)
{
    struct attempt_row *row = table_find(table, key);
    if (row != NULL) {
        row->failures--;
    }
}

static uint64_t account_key(const struct auth_attempts *attempts,
                            const struct auth_attempt *attempt)
{
    return attempts_key(attempts, attempt->login);
}

static uint64_t place_key(const struct auth_attempts *attempts, const struct auth_attempt *attempt)
{
    return attempts_key(attempts, bytes_of(attempt->place.bytes, sizeof(attempt->place.bytes)));
}

int64_t auth_attempt_begin(struct auth_attempts *attempts, const struct auth_attempt *attempt,
                           int64_t now_ms)
{
    const uint64_t account = account_key(attempts, attempt);
    const uint64_t place = place_key(attempts, attempt);
    struct attempt_row *row = table_find(&attempts->places, place);
    if (row != NULL && now_ms - row->last_ms >= AUTH_ATTEMPTS_PLACE_MS) {
        row->failures = 0;
    }
    const int64_t account_s = table_wait_s(&attempts->accounts, account, now_ms);
    const int64_t place_s = table_wait_s(&attempts->places, place, now_ms);
    if (account_s == 0 && place_s == 0) {
        table_charge(&attempts->accounts, account, attempt->is_known, now_ms);
        table_charge(&attempts->places, place, true, now_ms);
    }
    return account_s > place_s ? account_s : place_s;
}

static void table_wait_from(struct attempt_table *table, uint64_t key, int64_t now_ms)
{
    struct attempt_row *row = table_find(table, key);
    if (row != NULL) {
        row->last_ms = now_ms;
    }
}

void auth_attempt_fail(struct auth_attempts *attempts, const struct auth_attempt *attempt,
                       int64_t now_ms)
{
    table_wait_from(&attempts->accounts, account_key(attempts, attempt), now_ms);
    table_wait_from(&attempts->places, place_key(attempts, attempt), now_ms);
}

void auth_attempt_forget(struct auth_attempts *attempts, const struct auth_attempt *attempt)
{
    struct attempt_row *row = table_find(&attempts->accounts, account_key(attempts, attempt));
    if (row != NULL) {
        row->failures = 0;
    }
}

void auth_attempt_succeed(struct auth_attempts *attempts, const struct auth_attempt *attempt)
{
    auth_attempt_forget(attempts, attempt);
    table_refund(&attempts->places, place_key(attempts, attempt));
}

void auth_attempt_withdraw(struct auth_attempts *attempts, const struct auth_attempt *attempt)
{
    table_refund(&attempts->accounts, account_key(attempts, attempt));
    table_refund(&attempts->places, place_key(attempts, attempt));
}

uint32_t auth_attempt_failures(struct auth_attempts *attempts, const struct auth_attempt *attempt)
{
    const struct attempt_row *row = table_find(&attempts->accounts, account_key(attempts, attempt));
    return row == NULL ? 0 : row->failures;
}
