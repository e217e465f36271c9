/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bare loop over LMDB: the rows of service entries, of the sizes of docs/storage-format.md and
 * sorted within each group, one transaction a group, committed with LMDB's own flushes. No client,
 * no rules, nothing decided: what the plain store alone allows. One thread.
 */
#include "../lib/measure.h"
#include "../lib/rows.h"

#include <endian.h>
#include <errno.h>
#include <getopt.h>
#include <lmdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAP_BYTES   (64ULL << 30)
#define GROUP_MAX   65536
#define KEY_MAX     32
#define FILL_GROUP  10000
#define TABLE_COUNT 8

enum table {
    TABLE_ENTRY,
    TABLE_REQUEST,
    TABLE_BALANCE,
    TABLE_SERVICE_DAY,
    TABLE_YEAR_TOTAL,
    TABLE_MEMBER,
    TABLE_TILE,
    TABLE_META,
};

struct loop {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi tables[TABLE_COUNT];
    uint64_t members;
    uint64_t entries;
    uint64_t random;
    uint64_t *group; /* the members of a group's entries, sorted */
    uint8_t value[TILE_VALUE_BYTES + CHECKSUM_BYTES];
};

static void check(int result, const char *what)
{
    if (result != MDB_SUCCESS) {
        fprintf(stderr, "lmdb_loop: %s: %s\n", what, mdb_strerror(result));
        exit(4);
    }
}

/* A key of so many bytes: a first byte for the family, then numbers, then zeros. */
static void make_key(uint8_t key[static KEY_MAX], uint8_t family, uint64_t first, uint64_t second)
{
    memset(key, 0, KEY_MAX);
    key[0] = family;
    first = htobe64(first);
    second = htobe64(second);
    memcpy(key + 1, &first, sizeof(first));
    memcpy(key + 9, &second, sizeof(second));
}

static void put(struct loop *loop, enum table table, uint8_t *key, size_t key_bytes,
                size_t value_bytes)
{
    MDB_val k = {key_bytes, key};
    MDB_val v = {value_bytes + CHECKSUM_BYTES, loop->value};
    check(mdb_put(loop->txn, loop->tables[table], &k, &v, 0), "put");
}

/* Reads a row and writes it again, changed, as a balance is. */
static void change(struct loop *loop, enum table table, uint8_t *key, size_t key_bytes,
                   size_t value_bytes)
{
    MDB_val k = {key_bytes, key};
    MDB_val v;
    int result = mdb_get(loop->txn, loop->tables[table], &k, &v);
    if (result != MDB_NOTFOUND) {
        check(result, "get");
        memcpy(loop->value, v.mv_data, v.mv_size);
        loop->value[0]++;
    }
    put(loop, table, key, key_bytes, value_bytes);
}

static int compare_members(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void put_logs(struct loop *loop, uint64_t count)
{
    uint8_t key[KEY_MAX];
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t number = htobe64(loop->entries + i);
        memset(key, 0, sizeof(key));
        memcpy(key, &number, sizeof(number));
        put(loop, TABLE_ENTRY, key, ENTRY_KEY_BYTES, ENTRY_VALUE_BYTES);
        /* A UUIDv7: milliseconds, here as many as there are groups, then chance. */
        make_key(key, 1, loop->entries + i, measure_random(&loop->random));
        put(loop, TABLE_REQUEST, key, REQUEST_KEY_BYTES, REQUEST_VALUE_BYTES);
        if ((loop->entries + i) % TILE_LEAVES == 0) {
            make_key(key, 0, (loop->entries + i) / TILE_LEAVES, 0);
            put(loop, TABLE_TILE, key, TILE_KEY_BYTES, TILE_VALUE_BYTES);
        }
    }
}

/* One table after the other, each in the order of its keys. A member's rows change once a group. */
static void put_views(struct loop *loop, uint64_t count)
{
    uint8_t key[KEY_MAX];
    for (uint64_t i = 0; i < count; i++) {
        bool is_first = i == 0 || loop->group[i] != loop->group[i - 1];
        for (uint8_t asset = 1; is_first && asset <= BALANCES_A_MEMBER; asset++) {
            make_key(key, 1, loop->group[i], asset);
            change(loop, TABLE_BALANCE, key, BALANCE_KEY_BYTES, BALANCE_VALUE_BYTES);
        }
    }
    for (uint8_t asset = 1; asset <= 2; asset++) {
        make_key(key, 4, 1, asset);
        change(loop, TABLE_BALANCE, key, BALANCE_KEY_BYTES, BALANCE_VALUE_BYTES);
    }
    for (uint64_t i = 0; i < count; i++) {
        make_key(key, 0, loop->group[i], loop->entries + i);
        put(loop, TABLE_SERVICE_DAY, key, SERVICE_DAY_KEY_BYTES, SERVICE_DAY_VALUE_BYTES);
    }
    for (uint64_t i = 0; i < count; i++) {
        if (i == 0 || loop->group[i] != loop->group[i - 1]) {
            make_key(key, 1, loop->group[i], 0);
            change(loop, TABLE_YEAR_TOTAL, key, YEAR_TOTAL_KEY_BYTES, YEAR_TOTAL_VALUE_BYTES);
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        if (i == 0 || loop->group[i] != loop->group[i - 1]) {
            uint64_t member = htobe64(loop->group[i]);
            memcpy(key, &member, sizeof(member));
            change(loop, TABLE_MEMBER, key, MEMBER_KEY_BYTES, MEMBER_VALUE_BYTES);
        }
    }
}

/* A group of entries of the members in loop->group, which it sorts. */
static void write_group(struct loop *loop, uint64_t count)
{
    uint8_t key[KEY_MAX];
    qsort(loop->group, count, sizeof(*loop->group), compare_members);
    check(mdb_txn_begin(loop->env, NULL, 0, &loop->txn), "begin");
    put_logs(loop, count);
    put_views(loop, count);
    make_key(key, 'h', 0, 0);
    put(loop, TABLE_META, key, HEAD_KEY_BYTES, HEAD_VALUE_BYTES);
    check(mdb_txn_commit(loop->txn), "commit");
    loop->entries += count;
}

static void open_book(struct loop *loop, const char *directory)
{
    static const char *const names[TABLE_COUNT] = {
        "entry", "request", "balance", "service_day", "year_total", "member", "tile", "meta"};
    check(mdb_env_create(&loop->env), "create");
    check(mdb_env_set_maxdbs(loop->env, TABLE_COUNT), "tables");
    check(mdb_env_set_mapsize(loop->env, MAP_BYTES), "map");
    check(mdb_env_open(loop->env, directory, 0, 0600), directory);
    check(mdb_txn_begin(loop->env, NULL, 0, &loop->txn), "begin");
    for (int i = 0; i < TABLE_COUNT; i++) {
        check(mdb_dbi_open(loop->txn, names[i], MDB_CREATE, &loop->tables[i]), names[i]);
    }
    check(mdb_txn_commit(loop->txn), "commit");
}

/* Every member has its rows before the clock starts. */
static void fill_members(struct loop *loop)
{
    for (uint64_t member = 0; member < loop->members;) {
        uint64_t count = 0;
        while (count < FILL_GROUP && member < loop->members) {
            loop->group[count++] = member++;
        }
        write_group(loop, count);
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"directory", required_argument, NULL, 'd'},
                                            {"group", required_argument, NULL, 'g'},
                                            {"members", required_argument, NULL, 'm'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    struct loop loop = {.members = 100000, .random = 500};
    const char *directory = NULL;
    uint64_t group = 1000;
    int64_t seconds = 3;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd') {
            directory = optarg;
        } else if (option == 'g') {
            group = measure_number("group", optarg, GROUP_MAX);
        } else if (option == 'm') {
            loop.members = measure_number("members", optarg, 100000000);
        } else if (option == 's') {
            seconds = (int64_t)measure_number("seconds", optarg, 3600);
        } else {
            directory = NULL;
            break;
        }
    }
    if (directory == NULL || optind != argc) {
        (void)fputs("usage: lmdb_loop --directory DIR [--group N] [--members N] [--seconds N]\n",
                    stderr);
        return 2;
    }
    loop.group = measure_memory(GROUP_MAX, sizeof(*loop.group));
    open_book(&loop, directory);
    fill_members(&loop);
    struct histogram latencies = {0};
    uint64_t before = loop.entries;
    int64_t started_ns = measure_now_ns();
    int64_t now_ns = started_ns;
    while (now_ns - started_ns < seconds * 1000000000) {
        for (uint64_t i = 0; i < group; i++) {
            loop.group[i] = measure_random(&loop.random) % loop.members;
        }
        int64_t group_ns = now_ns;
        write_group(&loop, group);
        now_ns = measure_now_ns();
        histogram_add(&latencies, now_ns - group_ns, 1);
    }
    measure_print(loop.entries - before, now_ns - started_ns, &latencies);
    mdb_env_close(loop.env);
    free(loop.group);
    return 0;
}
