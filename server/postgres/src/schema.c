/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tables, their version, and how they are made. See docs/postgresql.md for what they hold. One
 * thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

#include <string.h>

#define SQLSTATE_NO_TABLE      "42P01"
#define SQLSTATE_TABLE_EXISTS  "42P07"
#define SQLSTATE_NOT_UNIQUE    "23505"
#define SQLSTATE_OBJECT_EXISTS "42710"

static const char schema_version_sql[] = "SELECT version::bigint FROM lovebank_schema";

/* Its one row is what migrations wait for each other on. */
static const char *const schema_begin[] = {
    "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE",
    "CREATE TABLE IF NOT EXISTS lovebank_schema ("
    "only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), "
    "version integer NOT NULL CHECK (version >= 0))",
    "INSERT INTO lovebank_schema (version) VALUES (0) ON CONFLICT (only_row) DO NOTHING",
    "SELECT version::bigint FROM lovebank_schema FOR UPDATE",
};

/*
 * From no tables to version 1. The checks are a second lock on the door; what they forbid we do not
 * do. The book's row changes with each group, and gets room for it on its page. Changes are packed
 * here (packing.c), so that the server need not try. Entries are in them, and have no rows of their
 * own: these took up to two thirds more bytes before anything was packed, and time while all other
 * groups wait.
 */
static const char *const schema_1[] = {
    "CREATE TABLE lovebank_book ("
    "book bytea PRIMARY KEY CHECK (octet_length(book) = 16), "
    "name text NOT NULL UNIQUE CHECK (octet_length(name) BETWEEN 1 AND 192), "
    "group_number bigint NOT NULL DEFAULT 0 CHECK (group_number >= 0), "
    "chain bigint NOT NULL DEFAULT 0, "
    "entry_number bigint NOT NULL DEFAULT 0 CHECK (entry_number >= 0), "
    "proofs bigint NOT NULL DEFAULT 0 CHECK (proofs >= 0)"
    ") WITH (fillfactor = 50)",
    "CREATE TABLE lovebank_group ("
    "book bytea NOT NULL REFERENCES lovebank_book (book), "
    "number bigint NOT NULL CHECK (number > 0), "
    "chain bigint NOT NULL, "
    "size integer NOT NULL CHECK (size BETWEEN 1 AND 536870912), "
    "changes bytea NOT NULL, "
    "PRIMARY KEY (book, number), "
    "CHECK (octet_length(changes) <= size + size / 256 + 64))", /* ZSTD_compressBound */
    "ALTER TABLE lovebank_group ALTER COLUMN changes SET STORAGE EXTERNAL",
    "UPDATE lovebank_schema SET version = 1",
    "COMMIT",
};

_Static_assert(POSTGRES_CHANGES_MAX == 536870912, "as lovebank_group's check says");

/* LB_OK: it is the one that we use, or older. */
static enum lb_result schema_check_version(struct postgres_log *log, const PGresult *result,
                                           uint64_t *version)
{
    if (!postgres_get_number(result, 0, 0, version)) {
        postgres_why(log, "the table lovebank_schema says no version");
        return LB_STORAGE_CORRUPT;
    }
    if (*version > POSTGRES_SCHEMA) {
        postgres_why(log, "the tables have version %llu, this program knows up to %d",
                     (unsigned long long)*version, POSTGRES_SCHEMA);
        return LB_FORMAT_NEWER;
    }
    return LB_OK;
}

enum lb_result postgres_schema_check(struct postgres_log *log, int64_t deadline_ns)
{
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send_text(log, &batch, schema_version_sql, NULL);
    enum lb_result result = postgres_receive(log, &batch, deadline_ns);
    uint64_t version = 0;
    bool has_tables = !postgres_failed_as(&batch, SQLSTATE_NO_TABLE);
    if (result == LB_OK) {
        result = schema_check_version(log, batch.results[0], &version);
    }
    if (!has_tables || (result == LB_OK && version < POSTGRES_SCHEMA)) {
        postgres_why(log, "the database has not the tables that this program needs: run "
                          "lovebankd migrate");
        result = LB_STORAGE_FAULT;
    }
    postgres_batch_clear(&batch);
    return result;
}

/* ---- migrating ---- */

static enum lb_result schema_send(struct postgres_log *log, struct postgres_batch *batch,
                                  const char *const *statements, size_t count, int64_t deadline_ns)
{
    postgres_batch_begin(log, batch);
    for (size_t i = 0; i < count; i++) {
        postgres_send_text(log, batch, statements[i], NULL);
    }
    if (strcmp(statements[count - 1], "COMMIT") == 0) {
        batch->commit = count - 1;
    }
    return postgres_receive(log, batch, deadline_ns);
}

/* Somebody makes the same tables at this moment: the next try waits for them. */
static bool schema_has_rival(const struct postgres_batch *batch)
{
    return postgres_failed_as(batch, SQLSTATE_NOT_UNIQUE) ||
           postgres_failed_as(batch, SQLSTATE_TABLE_EXISTS) ||
           postgres_failed_as(batch, SQLSTATE_OBJECT_EXISTS);
}

static enum lb_result schema_make(struct postgres_log *log, int64_t deadline_ns)
{
    struct postgres_batch batch;
    enum lb_result result =
        schema_send(log, &batch, schema_1, sizeof(schema_1) / sizeof(schema_1[0]), deadline_ns);
    if (result == LB_OK && !postgres_is_committed(log, &batch)) {
        result = LB_STORE_UNREACHABLE; /* look again */
    }
    postgres_batch_clear(&batch);
    return result;
}

static enum lb_result schema_try(struct postgres_log *log, int64_t deadline_ns)
{
    struct postgres_batch batch;
    enum lb_result result = schema_send(
        log, &batch, schema_begin, sizeof(schema_begin) / sizeof(schema_begin[0]), deadline_ns);
    uint64_t version = 0;
    if (result == LB_OK) {
        result = schema_check_version(log, batch.results[batch.received - 1], &version);
    } else if (schema_has_rival(&batch)) {
        postgres_why(log, "the tables are being made by somebody else, too");
        result = LB_STORE_UNREACHABLE;
    }
    postgres_batch_clear(&batch);
    if (result == LB_OK && version == 0) {
        result = schema_make(log, deadline_ns);
    }
    return result;
}

enum lb_result postgres_schema_migrate(struct postgres_log *log)
{
    struct postgres_trying trying = postgres_try(log);
    enum lb_result result = LB_OK;
    do {
        result = postgres_connect(log, trying.deadline_ns);
        if (result == LB_OK) {
            result = schema_try(log, trying.deadline_ns);
        }
        if (result == LB_OK) {
            return LB_OK;
        }
        postgres_drop(log);
        result = postgres_again(log, result, &trying);
    } while (result == LB_OK);
    return result;
}
