/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The log in PostgreSQL where a group's row was damaged, or there is no memory for its bytes.
 */
#include "fixture.h"
#include "memory_lack.h"

#define OF_BOOK "book = (SELECT book FROM lovebank_book WHERE name = '%s')"

/* Sets columns of the book's second group. */
static void group_set(struct fixture *fixture, const char *columns)
{
    char text[512];
    int size =
        snprintf(text, sizeof(text), "UPDATE lovebank_group SET %s WHERE number = 2 AND " OF_BOOK,
                 columns, fixture->book);
    assert_in_range(size, 1, sizeof(text) - 1);
    sql(fixture, text);
}

/* Whoever needs the group is told; who does not goes on, as no turn is kept. */
static void assert_damage_found(struct fixture *fixture, struct server *good)
{
    struct server b;
    bool is_all = false;
    fixture->reported[0] = '\0';
    server_open(fixture, &b);
    assert_int_equal(server_turn(&b), LB_STORAGE_CORRUPT);
    assert_int_equal(b.taken, 1);
    assert_true(fixture_was_told(fixture, "group 2 in the database is damaged"));
    fixture->reported[0] = '\0';
    assert_int_equal(server_read(&b, 1, &is_all), LB_STORAGE_CORRUPT);
    assert_true(fixture_was_told(fixture, "group 2 in the database is damaged"));
    server_go(good);
    server_close(&b);
}

static void a_damaged_row_is_told_and_stops_no_other(void **state)
{
    static const char *const damages[][2] = {
        {"changes = changes || '\\x00'", "changes = substr(changes, 1, octet_length(changes) - 1)"},
        {"changes = changes || '\\x502a4d1800000000'",
         "changes = substr(changes, 1, octet_length(changes) - 8)"}, /* a frame to be skipped */
        {"changes = set_byte(changes, 0, get_byte(changes, 0) # 1)",
         "changes = set_byte(changes, 0, get_byte(changes, 0) # 1)"},
        {"size = size - 1", "size = size + 1"},
        {"size = 536870912", "size = 100"},
    };
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    server_go(&a);
    server_go(&a);
    server_go(&a);
    _Static_assert(GROUP_BYTES == 100, "as the damages say");
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        group_set(fixture, damages[i][0]);
        assert_damage_found(fixture, &a);
        group_set(fixture, damages[i][1]);
    }
    struct server b;
    server_open(fixture, &b);
    server_go(&b); /* nothing is damaged any more */
    server_close(&a);
    server_close(&b);
}

static void a_lack_of_memory_for_packing_leaves_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    assert_int_equal(server_turn(&a), LB_OK);
    is_memory_lacking = true;
    assert_int_equal(server_write(&a), LB_STORAGE_CONFLICT);
    is_memory_lacking = false;
    assert_true(fixture_was_told(fixture, "no memory to send a group"));
    server_go(&b); /* it is free */
    assert_int_equal(server_turn(&a), LB_MEMORY);
    server_go(&a); /* and nothing of the group was sent */
    assert_int_equal(a.taken, 1);
    server_close(&a);
    server_close(&b);
}

static void a_lack_of_memory_for_unpacking_is_no_damage(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    bool is_all = false;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    is_memory_lacking = true;
    assert_int_equal(server_turn(&b), LB_MEMORY);
    assert_int_equal(server_read(&b, 1, &is_all), LB_MEMORY);
    is_memory_lacking = false;
    assert_int_equal(fixture->reports, 0);
    server_go(&a);
    server_go(&b);
    assert_int_equal(b.taken, 2);
    server_close(&a);
    server_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(a_damaged_row_is_told_and_stops_no_other),
        ON_BOOK(a_lack_of_memory_for_packing_leaves_the_turn),
        ON_BOOK(a_lack_of_memory_for_unpacking_is_no_damage),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
