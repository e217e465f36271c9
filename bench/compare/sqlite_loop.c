/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * SQLite in this process, WAL and synchronous=FULL: a table of entries with its unique request ids
 * and the members' balances, N entries a transaction, prepared statements. Fewer bytes and rows
 * than our entry has. No client, no rules. One thread.
 */
#include "../lib/measure.h"

#include <getopt.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loop {
    sqlite3 *db;
    sqlite3_stmt *begin;
    sqlite3_stmt *commit;
    sqlite3_stmt *update;
    sqlite3_stmt *insert;
    uint64_t members;
    uint64_t entries;
    uint64_t random;
};

static void check(const struct loop *loop, int result, const char *what)
{
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
        fprintf(stderr, "sqlite_loop: %s: %s\n", what, sqlite3_errmsg(loop->db));
        exit(4);
    }
}

static void execute(const struct loop *loop, const char *sql)
{
    check(loop, sqlite3_exec(loop->db, sql, NULL, NULL, NULL), sql);
}

static sqlite3_stmt *prepare(const struct loop *loop, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    check(loop, sqlite3_prepare_v2(loop->db, sql, -1, &statement, NULL), sql);
    return statement;
}

static void step(const struct loop *loop, sqlite3_stmt *statement)
{
    check(loop, sqlite3_step(statement), sqlite3_sql(statement));
}

static void reset(const struct loop *loop, sqlite3_stmt *statement)
{
    check(loop, sqlite3_reset(statement), sqlite3_sql(statement));
}

static void open_book(struct loop *loop, const char *path)
{
    check(loop, sqlite3_open(path, &loop->db), path);
    execute(loop, "PRAGMA locking_mode = EXCLUSIVE");
    execute(loop, "PRAGMA journal_mode = WAL");
    execute(loop, "PRAGMA synchronous = FULL");
    execute(loop, "PRAGMA cache_size = -262144");
    execute(loop, "PRAGMA wal_autocheckpoint = 10000");
    execute(loop, "CREATE TABLE member (member INTEGER PRIMARY KEY, points INTEGER NOT NULL, "
                  "minutes INTEGER NOT NULL)");
    execute(loop, "CREATE TABLE entry (number INTEGER PRIMARY KEY, request BLOB NOT NULL, "
                  "member INTEGER NOT NULL, category INTEGER NOT NULL, day INTEGER NOT NULL, "
                  "minutes INTEGER NOT NULL, points INTEGER NOT NULL, "
                  "points_after INTEGER NOT NULL, minutes_after INTEGER NOT NULL)");
    execute(loop, "CREATE UNIQUE INDEX entry_request ON entry (request)");
    loop->begin = prepare(loop, "BEGIN IMMEDIATE");
    loop->commit = prepare(loop, "COMMIT");
    loop->update = prepare(loop, "UPDATE member SET points = points + 100, minutes = minutes + 60 "
                                 "WHERE member = ? RETURNING points, minutes");
    loop->insert = prepare(loop, "INSERT INTO entry VALUES (?, ?, ?, 1, 12000, 60, 100, ?, ?)");
}

static void fill_members(struct loop *loop)
{
    sqlite3_stmt *insert = prepare(loop, "INSERT INTO member VALUES (?, 0, 0)");
    execute(loop, "BEGIN");
    for (uint64_t i = 0; i < loop->members; i++) {
        check(loop, sqlite3_bind_int64(insert, 1, (sqlite3_int64)i), "bind");
        step(loop, insert);
        reset(loop, insert);
    }
    execute(loop, "COMMIT");
    execute(loop, "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_finalize(insert);
}

static void write_entry(struct loop *loop)
{
    sqlite3_int64 member = (sqlite3_int64)(measure_random(&loop->random) % loop->members);
    check(loop, sqlite3_bind_int64(loop->update, 1, member), "bind");
    step(loop, loop->update);
    sqlite3_int64 points = sqlite3_column_int64(loop->update, 0);
    sqlite3_int64 minutes = sqlite3_column_int64(loop->update, 1);
    reset(loop, loop->update);

    uint64_t id[2] = {__builtin_bswap64(++loop->entries), measure_random(&loop->random)};
    check(loop, sqlite3_bind_int64(loop->insert, 1, (sqlite3_int64)loop->entries), "bind");
    check(loop, sqlite3_bind_blob(loop->insert, 2, id, sizeof(id), SQLITE_TRANSIENT), "bind");
    check(loop, sqlite3_bind_int64(loop->insert, 3, member), "bind");
    check(loop, sqlite3_bind_int64(loop->insert, 4, points), "bind");
    check(loop, sqlite3_bind_int64(loop->insert, 5, minutes), "bind");
    step(loop, loop->insert);
    reset(loop, loop->insert);
}

static void write_group(struct loop *loop, uint64_t count)
{
    step(loop, loop->begin);
    reset(loop, loop->begin);
    for (uint64_t i = 0; i < count; i++) {
        write_entry(loop);
    }
    step(loop, loop->commit);
    reset(loop, loop->commit);
}

static void close_book(struct loop *loop)
{
    sqlite3_finalize(loop->begin);
    sqlite3_finalize(loop->commit);
    sqlite3_finalize(loop->update);
    sqlite3_finalize(loop->insert);
    check(loop, sqlite3_close(loop->db), "close");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"file", required_argument, NULL, 'f'},
                                            {"group", required_argument, NULL, 'g'},
                                            {"members", required_argument, NULL, 'm'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    struct loop loop = {.members = 100000, .random = 500};
    const char *file = NULL;
    uint64_t group = 1000;
    int64_t seconds = 3;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'f') {
            file = optarg;
        } else if (option == 'g') {
            group = measure_number("group", optarg, 65536);
        } else if (option == 'm') {
            loop.members = measure_number("members", optarg, 100000000);
        } else if (option == 's') {
            seconds = (int64_t)measure_number("seconds", optarg, 3600);
        } else {
            file = NULL;
            break;
        }
    }
    if (file == NULL || optind != argc) {
        (void)fputs("usage: sqlite_loop --file NEW-FILE [--group N] [--members N] [--seconds N]\n",
                    stderr);
        return 2;
    }
    open_book(&loop, file);
    fill_members(&loop);
    struct histogram latencies = {0};
    int64_t started_ns = measure_now_ns();
    int64_t now_ns = started_ns;
    while (now_ns - started_ns < seconds * 1000000000) {
        int64_t group_ns = now_ns;
        write_group(&loop, group);
        now_ns = measure_now_ns();
        histogram_add(&latencies, now_ns - group_ns, 1);
    }
    measure_print(loop.entries, now_ns - started_ns, &latencies);
    close_book(&loop);
    return 0;
}
