/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
#include "base/socket_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool is_loopback(const char *host)
{
    union socket_address address;
    socklen_t size = 0;
    assert_true(socket_address_parse(host, 7700, &address, &size));
    assert_int_equal(socket_address_port(&address), 7700);
    assert_int_equal(size,
                     address.any.sa_family == AF_INET6 ? sizeof(address.in6) : sizeof(address.in4));
    return socket_address_is_loopback(&address);
}

/* accepts */

static void what_only_this_machine_reaches_is_told_from_the_rest(void **state)
{
    (void)state;
    assert_true(is_loopback("localhost"));
    assert_true(is_loopback("127.0.0.1"));
    assert_true(is_loopback("127.3.2.1"));
    assert_true(is_loopback("::1"));
    assert_false(is_loopback("0.0.0.0"));
    assert_false(is_loopback("126.255.255.255"));
    assert_false(is_loopback("128.0.0.1"));
    assert_false(is_loopback("192.0.2.1"));
    assert_false(is_loopback("::"));
    assert_false(is_loopback("::2"));
    assert_false(is_loopback("::ffff:127.0.0.1"));
}

/* rejects */

static void names_and_other_writings_are_no_addresses(void **state)
{
    static const char *const hosts[] = {"",           "localhost.", "example.org", "127.1",
                                        "127.0.0.1 ", "[::1]",      "::1%lo",      "127.0.0.256"};
    union socket_address address;
    socklen_t size = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        assert_false(socket_address_parse(hosts[i], 1, &address, &size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_this_machine_reaches_is_told_from_the_rest),
        cmocka_unit_test(names_and_other_writings_are_no_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
