/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The prepared statements: portable SQL, numbers and bytes in binary. The order of all groups of a
 * book is the order in which transactions hold the lock of its row. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

struct postgres_prepared {
    const char *name;
    const char *sql;
    int count;
    Oid types[POSTGRES_VALUES_MAX];
};

static const struct postgres_prepared postgres_prepared[POSTGRES_STATEMENTS] = {
    /* Whatever the server's defaults are: each statement must see what was committed before it. */
    [POSTGRES_BEGIN] = {.name = "begin", .sql = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"},
    [POSTGRES_LOCK_HEAD] = {.name = "lock_head",
                            .sql = "SELECT group_number, chain, entry_number FROM lovebank_book "
                                   "WHERE book = $1 FOR UPDATE",
                            .count = 1,
                            .types = {POSTGRES_OID_BYTEA}},
    [POSTGRES_READ_HEAD] = {.name = "read_head",
                            .sql = "SELECT group_number, chain, entry_number FROM lovebank_book "
                                   "WHERE book = $1",
                            .count = 1,
                            .types = {POSTGRES_OID_BYTEA}},
    [POSTGRES_READ_CHAIN] = {.name = "read_chain",
                             .sql = "SELECT chain FROM lovebank_group "
                                    "WHERE book = $1 AND number = $2",
                             .count = 2,
                             .types = {POSTGRES_OID_BYTEA, POSTGRES_OID_BIGINT}},
    /* Those before which there are fewer bytes than wanted: so at least one. What they hold is read
     * for those alone. */
    [POSTGRES_READ_GROUPS] =
        {.name = "read_groups",
         .sql = "SELECT number, chain, size::bigint, changes FROM ("
                "SELECT number, chain, size, changes, sum(size) OVER (ORDER BY number) - size "
                "AS bytes_before FROM ("
                "SELECT number, chain, size, changes FROM lovebank_group "
                "WHERE book = $1 AND number > $2 ORDER BY number LIMIT 4096"
                ") AS following) AS measured WHERE bytes_before < $3 ORDER BY number",
         .count = 3,
         .types = {POSTGRES_OID_BYTEA, POSTGRES_OID_BIGINT, POSTGRES_OID_BIGINT}},
    [POSTGRES_PUT_GROUP] = {.name = "put_group",
                            .sql =
                                "INSERT INTO lovebank_group (book, number, chain, size, changes) "
                                "VALUES ($1, $2, $3, $4, $5)",
                            .count = 5,
                            .types = {POSTGRES_OID_BYTEA, POSTGRES_OID_BIGINT, POSTGRES_OID_BIGINT,
                                      POSTGRES_OID_BIGINT, POSTGRES_OID_BYTEA}},
    /* A head that is not what the turn showed becomes NULL, one that the group's entries do not
     * follow -1: the table refuses both, and nothing of the group stays. */
    [POSTGRES_MOVE_HEAD] =
        {.name = "move_head",
         .sql = "UPDATE lovebank_book SET group_number = "
                "CASE WHEN group_number = $2 - 1 THEN $2 END, chain = $3, "
                "entry_number = "
                "CASE WHEN entry_number = $4 - $5 THEN $4 ELSE -1 END WHERE book = $1",
         .count = 5,
         .types = {POSTGRES_OID_BYTEA, POSTGRES_OID_BIGINT, POSTGRES_OID_BIGINT,
                   POSTGRES_OID_BIGINT, POSTGRES_OID_BIGINT}},
    [POSTGRES_PROVE] = {.name = "prove",
                        .sql = "UPDATE lovebank_book SET proofs = proofs + 1 WHERE book = $1",
                        .count = 1,
                        .types = {POSTGRES_OID_BYTEA}},
    [POSTGRES_SETTINGS] = {.name = "settings", .sql = postgres_settings_sql},
    [POSTGRES_COMMIT] = {.name = "commit", .sql = "COMMIT"},
    [POSTGRES_ROLLBACK] = {.name = "rollback", .sql = "ROLLBACK"},
};

const char *postgres_statement_name(enum postgres_statement statement)
{
    return postgres_prepared[statement].name;
}

enum lb_result postgres_prepare(struct postgres_log *log, int64_t deadline_ns)
{
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    for (size_t i = 0; i < POSTGRES_STATEMENTS; i++) {
        const struct postgres_prepared *each = &postgres_prepared[i];
        postgres_send_prepare(log, &batch, each->name, each->sql, each->count, each->types);
    }
    enum lb_result result = postgres_receive(log, &batch, deadline_ns);
    postgres_batch_clear(&batch);
    return result;
}

_Static_assert(POSTGRES_STATEMENTS <= POSTGRES_BATCH_MAX, "they are prepared together");
