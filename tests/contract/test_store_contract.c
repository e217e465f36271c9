/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The contract of the store port: rows, groups, snapshots. The same tests for every adapter. */
#include "fixture.h"

/* ---- reading ---- */

static void a_row_put_and_committed_is_read_by_groups_and_snapshots(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "value");
    assert_row(fixture, TABLE_META, "key", "value");
    struct store_group *group = begin(fixture);
    struct bytes value;
    assert_int_equal(fixture->ops->group_get(group, TABLE_META, BYTES_LITERAL("key"), &value),
                     LB_OK);
    assert_true(bytes_equal(value, BYTES_LITERAL("value")));
    fixture->ops->group_abort(group);
}

static void a_new_store_is_empty_in_every_table(void **state)
{
    struct fixture *fixture = *state;
    static const enum ledger_table tables[] = {
#define X(symbol, number, name, kind) TABLE_##symbol,
        LEDGER_TABLE_LIST(X)
#undef X
    };
    struct store_snapshot *snapshot = snapshot_open(fixture);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct bytes key;
        struct bytes value;
        assert_int_equal(fixture->ops->snapshot_seek(snapshot, tables[i], bytes_of(NULL, 0), true,
                                                     0, &key, &value),
                         LB_ENTRY_UNKNOWN);
        assert_int_equal(fixture->ops->snapshot_seek(snapshot, tables[i], BYTES_LITERAL("\xff"),
                                                     false, 0, &key, &value),
                         LB_ENTRY_UNKNOWN);
        assert_row_in(fixture, snapshot, tables[i], "key", NULL);
    }
    fixture->ops->snapshot_close(snapshot);
}

static void an_empty_value_is_a_row(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "");
    assert_row(fixture, TABLE_META, "key", "");
}

static void keys_of_one_byte_and_of_the_greatest_length_are_kept(void **state)
{
    struct fixture *fixture = *state;
    char longest[LEDGER_KEY_BYTES_MAX + 1];
    memset(longest, 0x7f, sizeof(longest));
    longest[LEDGER_KEY_BYTES_MAX] = '\0';
    commit_row(fixture, TABLE_META, "a", "short");
    commit_row(fixture, TABLE_META, longest, "long");
    assert_row(fixture, TABLE_META, "a", "short");
    assert_row(fixture, TABLE_META, longest, "long");
}

static void a_value_of_many_pages_is_kept(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t large[100000] = {1, 2, 3};
    struct bytes value = bytes_of(large, sizeof(large));
    struct store_group *group = begin(fixture);
    assert_int_equal(fixture->ops->group_put(group, TABLE_MEMO, BYTES_LITERAL("large"), value),
                     LB_OK);
    commit(fixture, group);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    struct bytes found;
    assert_int_equal(
        fixture->ops->snapshot_get(snapshot, TABLE_MEMO, BYTES_LITERAL("large"), &found), LB_OK);
    assert_true(bytes_equal(found, value));
    fixture->ops->snapshot_close(snapshot);
}

static void the_same_key_in_two_tables_is_two_rows(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_MEMO, "key", "memo");
    commit_row(fixture, TABLE_REQUEST, "key", "request");
    assert_row(fixture, TABLE_MEMO, "key", "memo");
    assert_row(fixture, TABLE_REQUEST, "key", "request");
    assert_row(fixture, TABLE_TILE, "key", NULL);
}

/* ---- seeking ---- */

/* found NULL: nothing there. */
static void assert_seek(struct fixture *fixture, struct store_snapshot *snapshot, const char *key,
                        bool at_or_after, const char *found)
{
    struct bytes found_key;
    struct bytes value;
    enum lb_result result = fixture->ops->snapshot_seek(snapshot, TABLE_DATED, bytes_of_text(key),
                                                        at_or_after, 0, &found_key, &value);
    assert_int_equal(result, found == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (found != NULL) {
        assert_true(bytes_equal(found_key, bytes_of_text(found)));
        assert_true(bytes_equal(value, bytes_of_text(found))); /* rows here are their own value */
    }
}

static void put_seek_rows(struct fixture *fixture)
{
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_SEQUENCE, "zz", "in the table before");
    put(fixture, group, TABLE_DATED, "b", "b");
    put(fixture, group, TABLE_DATED, "ba", "ba");
    put(fixture, group, TABLE_DATED, "d", "d");
    put(fixture, group, TABLE_MEMBER, "a", "in the table after");
    commit(fixture, group);
}

static void a_seek_forwards_finds_the_first_row_at_or_after_the_key(void **state)
{
    struct fixture *fixture = *state;
    put_seek_rows(fixture);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_seek(fixture, snapshot, "", true, "b");
    assert_seek(fixture, snapshot, "a", true, "b");
    assert_seek(fixture, snapshot, "b", true, "b");
    assert_seek(fixture, snapshot, "b0", true, "ba");
    assert_seek(fixture, snapshot, "bb", true, "d");
    assert_seek(fixture, snapshot, "d", true, "d");
    assert_seek(fixture, snapshot, "da", true, NULL);
    fixture->ops->snapshot_close(snapshot);
}

static void a_seek_backwards_finds_the_last_row_at_or_before_the_key(void **state)
{
    struct fixture *fixture = *state;
    put_seek_rows(fixture);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_seek(fixture, snapshot, "", false, NULL);
    assert_seek(fixture, snapshot, "a", false, NULL);
    assert_seek(fixture, snapshot, "b", false, "b");
    assert_seek(fixture, snapshot, "b0", false, "b");
    assert_seek(fixture, snapshot, "c", false, "ba");
    assert_seek(fixture, snapshot, "d", false, "d");
    assert_seek(fixture, snapshot, "zzz", false, "d");
    fixture->ops->snapshot_close(snapshot);
}

static void all_rows_of_a_prefix_are_found_by_seeking_on_from_each(void **state)
{
    struct fixture *fixture = *state;
    put_seek_rows(fixture);
    struct store_group *group = begin(fixture);
    struct bytes key;
    struct bytes value;
    struct bytes prefix = BYTES_LITERAL("b");
    assert_int_equal(fixture->ops->group_seek(group, TABLE_DATED, prefix, true, 0, &key, &value),
                     LB_OK);
    assert_true(bytes_equal(key, BYTES_LITERAL("b")));
    uint8_t next[] = {'b', 0};
    assert_int_equal(fixture->ops->group_seek(group, TABLE_DATED, bytes_of(next, sizeof(next)),
                                              true, 0, &key, &value),
                     LB_OK);
    assert_true(bytes_has_prefix(key, prefix));
    assert_int_equal(
        fixture->ops->group_seek(group, TABLE_DATED, BYTES_LITERAL("bb"), true, 0, &key, &value),
        LB_OK);
    assert_false(bytes_has_prefix(key, prefix));
    fixture->ops->group_abort(group);
}

static void views_of_a_group_live_until_its_first_change(void **state)
{
    struct fixture *fixture = *state;
    put_seek_rows(fixture);
    struct store_group *group = begin(fixture);
    struct bytes first_key;
    struct bytes first;
    struct bytes second;
    assert_int_equal(fixture->ops->group_seek(group, TABLE_DATED, BYTES_LITERAL("b"), true, 0,
                                              &first_key, &first),
                     LB_OK);
    assert_int_equal(fixture->ops->group_get(group, TABLE_DATED, BYTES_LITERAL("d"), &second),
                     LB_OK);
    assert_true(bytes_equal(first_key, BYTES_LITERAL("b")));
    assert_true(bytes_equal(first, BYTES_LITERAL("b")));
    assert_true(bytes_equal(second, BYTES_LITERAL("d")));
    fixture->ops->group_abort(group);
}

/* ---- changing ---- */

static void a_put_replaces_the_value_there(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "old");
    commit_row(fixture, TABLE_META, "key", "new and longer");
    assert_row(fixture, TABLE_META, "key", "new and longer");
}

static void a_deleted_row_is_gone_and_can_be_put_again(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "value");
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "key");
    commit(fixture, group);
    assert_row(fixture, TABLE_META, "key", NULL);
    commit_row(fixture, TABLE_META, "key", "again");
    assert_row(fixture, TABLE_META, "key", "again");
}

static void deleting_a_row_that_is_not_there_does_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "key");
    commit(fixture, group);
    assert_row(fixture, TABLE_META, "key", NULL);
}

static void the_last_change_of_a_row_in_a_group_counts(void **state)
{
    struct fixture *fixture = *state;
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, "a", "1");
    put(fixture, group, TABLE_META, "a", "2");
    put(fixture, group, TABLE_META, "b", "1");
    del(fixture, group, TABLE_META, "b");
    commit(fixture, group);
    assert_row(fixture, TABLE_META, "a", "2");
    assert_row(fixture, TABLE_META, "b", NULL);
}

static void an_aborted_group_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "kept", "value");
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, "added", "value");
    del(fixture, group, TABLE_META, "kept");
    fixture->ops->group_abort(group);
    assert_row(fixture, TABLE_META, "added", NULL);
    assert_row(fixture, TABLE_META, "kept", "value");
}

static void a_group_without_changes_commits(void **state)
{
    struct fixture *fixture = *state;
    commit(fixture, begin(fixture));
    assert_row(fixture, TABLE_META, "key", NULL);
}

/* ---- hints ---- */

/* Rows that are there, that were changed since, that are not, and families: in any number. */
static void hints_change_nothing(void **state)
{
    struct fixture *fixture = *state;
    const struct store_ops *ops = fixture->ops;
    uint8_t key[] = "key 0";
    struct bytes value;
    commit_row(fixture, TABLE_META, "key 7", "old");
    commit_row(fixture, TABLE_BALANCE, "a balance of a family", "value");
    struct store_group *group = begin(fixture);
    for (unsigned i = 0; ops->group_hint != NULL && i < 200; i++) {
        key[4] = (uint8_t)('0' + i % 10);
        ops->group_hint(group, TABLE_META, bytes_of(key, sizeof(key) - 1));
        ops->group_hint(group, TABLE_BALANCE, BYTES_LITERAL("a balance of a"));
        ops->group_hint(group, TABLE_REQUEST, BYTES_LITERAL("r"));
    }
    assert_int_equal(ops->group_get(group, TABLE_META, BYTES_LITERAL("key 6"), &value),
                     LB_ENTRY_UNKNOWN);
    assert_int_equal(ops->group_get(group, TABLE_META, BYTES_LITERAL("key 7"), &value), LB_OK);
    assert_true(bytes_equal(value, BYTES_LITERAL("old")));
    put(fixture, group, TABLE_META, "key 7", "new");
    commit(fixture, group);
    assert_row(fixture, TABLE_META, "key 7", "new");
}

/* ---- snapshots ---- */

static void a_snapshot_sees_no_group_that_is_not_committed(void **state)
{
    struct fixture *fixture = *state;
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, "key", "value");
    struct store_snapshot *before = snapshot_open(fixture);
    assert_row_in(fixture, before, TABLE_META, "key", NULL);
    commit(fixture, group);
    assert_row_in(fixture, before, TABLE_META, "key", NULL);
    fixture->ops->snapshot_close(before);
    assert_row(fixture, TABLE_META, "key", "value");
}

static void snapshots_stay_as_they_were_while_groups_commit(void **state)
{
    struct fixture *fixture = *state;
    static const char *const values[] = {"1", "2", "3", "4"};
    struct store_snapshot *snapshots[4];
    for (size_t i = 0; i < 4; i++) {
        struct store_group *group = begin(fixture);
        put(fixture, group, TABLE_META, "changed", values[i]);
        put(fixture, group, TABLE_META, values[i], "added");
        if (i > 0) {
            del(fixture, group, TABLE_META, values[i - 1]);
        }
        commit(fixture, group);
        snapshots[i] = snapshot_open(fixture);
    }
    struct store_stats stats;
    fixture->ops->stats(fixture->store, &stats);
    assert_int_equal(stats.readers, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_row_in(fixture, snapshots[i], TABLE_META, "changed", values[i]);
        for (size_t j = 0; j < 4; j++) {
            assert_row_in(fixture, snapshots[i], TABLE_META, values[j], j == i ? "added" : NULL);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        fixture->ops->snapshot_close(snapshots[(i + 2) % 4]);
    }
    fixture->ops->stats(fixture->store, &stats);
    assert_int_equal(stats.readers, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        EACH(a_row_put_and_committed_is_read_by_groups_and_snapshots),
        EACH(a_new_store_is_empty_in_every_table),
        EACH(an_empty_value_is_a_row),
        EACH(keys_of_one_byte_and_of_the_greatest_length_are_kept),
        EACH(a_value_of_many_pages_is_kept),
        EACH(the_same_key_in_two_tables_is_two_rows),
        EACH(a_seek_forwards_finds_the_first_row_at_or_after_the_key),
        EACH(a_seek_backwards_finds_the_last_row_at_or_before_the_key),
        EACH(all_rows_of_a_prefix_are_found_by_seeking_on_from_each),
        EACH(views_of_a_group_live_until_its_first_change),
        EACH(a_put_replaces_the_value_there),
        EACH(a_deleted_row_is_gone_and_can_be_put_again),
        EACH(deleting_a_row_that_is_not_there_does_nothing),
        EACH(the_last_change_of_a_row_in_a_group_counts),
        EACH(an_aborted_group_leaves_nothing),
        EACH(a_group_without_changes_commits),
        EACH(hints_change_nothing),
        EACH(a_snapshot_sees_no_group_that_is_not_committed),
        EACH(snapshots_stay_as_they_were_while_groups_commit),
    };
    return cmocka_run_group_tests_name("store contract", tests, setup_cluster, teardown_cluster);
}
