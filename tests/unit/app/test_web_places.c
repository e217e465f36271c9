/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Connections of HTTP by place: how many, who is trusted, what the log is told; and whether a
 * caller of frames is known.
 */
#include "app/callers.h"
#include "app/web_places.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct options *options;
    struct log log;
    unsigned lines;
    char line[LOG_LINE_BYTES_MAX + 1];
};

static void note_line(void *context, struct bytes line)
{
    struct fixture *fixture = context;
    fixture->lines++;
    memcpy(fixture->line, line.data, line.size);
    fixture->line[line.size] = '\0';
}

static int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->options = calloc(1, sizeof(*fixture->options));
    assert_non_null(fixture->options);
    fixture->log = (struct log){LOG_INFO, clock_system(), note_line, fixture};
    fixture->options->connections_place_max = 2;
    fixture->options->connections_place_per_s = 1000;
    fixture->options->http_connections_max = 100;
    *state = fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    free(fixture->options);
    free(fixture);
    return 0;
}

static struct http_peer ip4(uint8_t a, uint8_t d)
{
    return (struct http_peer){.family = 4, .bytes = {a, 0, 0, d}};
}

static struct http_peer ip6(uint8_t network, uint8_t host)
{
    return (struct http_peer){.family = 6,
                              .bytes = {[0] = 0x20, [1] = 1, [7] = network, [15] = host}};
}

static bool is_same_place(struct http_peer a, struct http_peer b)
{
    const struct auth_place first = web_place(&a);
    const struct auth_place second = web_place(&b);
    return memcmp(&first, &second, sizeof(first)) == 0;
}

/* --- accepts --- */

static void a_place_is_an_address_or_a_network_of_ip6(void **state)
{
    (void)state;
    assert_true(is_same_place(ip4(10, 1), ip4(10, 1)));
    assert_false(is_same_place(ip4(10, 1), ip4(10, 2)));
    assert_true(is_same_place(ip6(1, 1), ip6(1, 2)));
    assert_false(is_same_place(ip6(1, 1), ip6(2, 1)));
    assert_false(is_same_place((struct http_peer){.family = 4}, (struct http_peer){.family = 6}));
}

static void a_place_may_have_others_when_some_have_left(void **state)
{
    struct fixture *fixture = *state;
    struct web_places places;
    const struct http_peer peer = ip4(10, 1);
    assert_int_equal(web_places_init(&places, fixture->options, &fixture->log), LB_OK);
    for (int i = 0; i < 20; i++) {
        assert_true(web_places_enter(&places, &peer));
        assert_true(web_places_enter(&places, &peer));
        web_places_leave(&places, &peer);
        web_places_leave(&places, &peer);
    }
    assert_int_equal(fixture->lines, 0);
    web_places_fini(&places);
}

static void in_a_trial_this_machine_is_trusted_and_not_counted(void **state)
{
    struct fixture *fixture = *state;
    struct web_places places;
    const struct http_peer here4 = ip4(127, 9);
    const struct http_peer here6 = {.family = 6, .bytes = {[15] = 1}};
    const struct http_peer elsewhere[] = {ip4(10, 1), ip6(0, 1), {.family = 6}, {.family = 4}};
    fixture->options->insecure_no_login = true;
    assert_int_equal(web_places_init(&places, fixture->options, &fixture->log), LB_OK);
    assert_true(web_places_is_trusted(&places, &here4));
    assert_true(web_places_is_trusted(&places, &here6));
    for (int i = 0; i < 5; i++) {
        assert_true(web_places_enter(&places, &here4));
        assert_true(web_places_enter(&places, &here6));
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        assert_false(web_places_is_trusted(&places, &elsewhere[i]));
    }
    web_places_fini(&places);
}

/* --- rejects --- */

static void without_a_trial_nobody_is_trusted(void **state)
{
    struct fixture *fixture = *state;
    struct web_places places;
    const struct http_peer here = ip4(127, 1);
    assert_int_equal(web_places_init(&places, fixture->options, &fixture->log), LB_OK);
    assert_false(web_places_is_trusted(&places, &here));
    web_places_fini(&places);
}

static void one_too_many_is_refused_and_others_are_not_and_the_log_hears_once(void **state)
{
    struct fixture *fixture = *state;
    struct web_places places;
    const struct http_peer peer = ip4(10, 1);
    const struct http_peer other = ip4(10, 2);
    assert_int_equal(web_places_init(&places, fixture->options, &fixture->log), LB_OK);
    assert_true(web_places_enter(&places, &peer));
    assert_true(web_places_enter(&places, &peer));
    for (int i = 0; i < 5; i++) {
        assert_false(web_places_enter(&places, &peer));
    }
    assert_true(web_places_enter(&places, &other));
    assert_in_range(fixture->lines, 1, 2); /* once a second */
    assert_non_null(strstr(fixture->line, " limited "));
    assert_non_null(strstr(fixture->line, "transport=http"));
    assert_non_null(strstr(fixture->line, "count="));
    web_places_fini(&places);
}

static void a_caller_is_known_by_a_token_or_where_none_is_asked_for(void **state)
{
    struct auth_connection nobody = {.peer = 1001};
    struct auth_connection trusted = {.is_trusted = true};
    struct auth_connection device = {.device = 3};
    struct auth_connection operator= {.session = {.serial = 9}};
    (void)state;
    assert_false(caller_is_known(&nobody));
    assert_true(caller_is_known(&trusted));
    assert_true(caller_is_known(&device));
    assert_true(caller_is_known(&operator));
}

#define ON_LOG(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_an_address_or_a_network_of_ip6),
        ON_LOG(a_place_may_have_others_when_some_have_left),
        ON_LOG(in_a_trial_this_machine_is_trusted_and_not_counted),
        ON_LOG(without_a_trial_nobody_is_trusted),
        ON_LOG(one_too_many_is_refused_and_others_are_not_and_the_log_hears_once),
        cmocka_unit_test(a_caller_is_known_by_a_token_or_where_none_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
