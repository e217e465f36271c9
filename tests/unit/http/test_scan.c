/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Heads of requests, as they come over the wire.
 */
#include "../../../server/http/src/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct http_scan_limits limits = {.head_bytes_max = 200, .body_bytes_max = 1000};

static enum http_scan_verdict feed(struct http_scan *scan, const char *text, size_t size)
{
    http_scan_init(scan);
    return http_scan_feed(scan, &limits, bytes_of(text, size));
}

static enum http_scan_verdict verdict_of(const char *text)
{
    struct http_scan scan;
    return feed(&scan, text, strlen(text));
}

/* A request line, one field, the end. */
static enum http_scan_verdict verdict_of_field(const char *field)
{
    char text[512];
    (void)snprintf(text, sizeof(text), "POST /a HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", field);
    return verdict_of(text);
}

/* --- accepts --- */

static void a_head_is_read_to_its_end_and_no_further(void **state)
{
    static const char text[] = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nbody";
    struct http_scan scan;
    (void)state;
    assert_int_equal(feed(&scan, text, sizeof(text) - 1), HTTP_SCAN_DONE);
    assert_int_equal(scan.head_bytes, sizeof(text) - 1 - 4);
    assert_int_equal(scan.field_count, 2);
    assert_int_equal(scan.length, 12);
    assert_true(scan.has_host);
    assert_false(scan.has_encoding);
    assert_false(scan.is_http10);
}

static void any_cut_gives_the_same_verdict(void **state)
{
    static const char text[] = "GET /x?y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";
    (void)state;
    for (size_t cut = 0; cut < sizeof(text) - 1; cut++) {
        struct http_scan scan;
        assert_int_equal(feed(&scan, text, cut), HTTP_SCAN_MORE);
        assert_int_equal(
            http_scan_feed(&scan, &limits, bytes_of(text + cut, sizeof(text) - 1 - cut)),
            HTTP_SCAN_DONE);
        assert_true(scan.has_encoding);
    }
}

static void tabs_and_other_bytes_may_stand_in_values(void **state)
{
    (void)state;
    assert_int_equal(verdict_of_field("X-Name: a\tb \xe4\xb8\xad"), HTTP_SCAN_DONE);
    assert_int_equal(verdict_of_field("X-Empty:"), HTTP_SCAN_DONE);
    assert_int_equal(verdict_of("GET /x HTTP/1.0\r\n\r\n"), HTTP_SCAN_DONE);
    assert_int_equal(verdict_of("HEAD /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), HTTP_SCAN_DONE);
}

/* --- rejects --- */

static void lengths_that_can_be_read_in_two_ways_are_refused(void **state)
{
    static const char *const fields[] = {
        "Content-Length: 1\r\nContent-Length: 1",
        "content-length: 1\r\nCONTENT-LENGTH: 2",
        "Content-Length: 1\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding:",
        "Content-Length:",
        "Content-Length: +1",
        "Content-Length: -1",
        "Content-Length: 1 1",
        "Content-Length: 0x10",
        "Content-Length: 1, 1",
        "Content-Length: 9999999999999999999",
        "Host: b",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        assert_int_equal(verdict_of_field(fields[i]), HTTP_SCAN_MALFORMED);
    }
}

static void bodies_where_none_belongs_are_refused(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("HEAD /x HTTP/1.1\r\nContent-Length: 1\r\n\r\n"),
                     HTTP_SCAN_MALFORMED);
    assert_int_equal(verdict_of("HEAD /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                     HTTP_SCAN_MALFORMED);
    assert_int_equal(verdict_of("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                     HTTP_SCAN_MALFORMED);
}

static void lines_that_are_none_are_refused(void **state)
{
    static const char *const fields[] = {
        "X-A : b",        " X-A: b",       "\tX-A: b",   "X-A",       "X A: b",   ": b",
        "X-A: b\nX-B: c", "X-A: b\r X: c", "X-A: a\x01", "X-A: \x7f", "X\x80: a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        assert_int_equal(verdict_of_field(fields[i]), HTTP_SCAN_MALFORMED);
    }
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
    static const char text[] = "GET /x HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n";
    (void)state;
    for (size_t i = 0; i < sizeof(text) - 3; i++) {
        char changed[sizeof(text)];
        struct http_scan scan;
        memcpy(changed, text, sizeof(text));
        changed[i] = '\0';
        assert_int_equal(feed(&scan, changed, sizeof(text) - 1), HTTP_SCAN_MALFORMED);
    }
}

static void request_lines_of_another_shape_are_refused(void **state)
{
    static const char *const lines[] = {
        "GET  /x HTTP/1.1",
        "GET x HTTP/1.1",
        "GET http://a/x HTTP/1.1",
        "GET /x HTTP/2.0",
        "GET /x HTTP/1.10",
        "GET /x HTTP/1.1 ",
        "GET /x",
        " GET /x HTTP/1.1",
        "GET /x\tHTTP/1.1",
        "",
        "GET /\x80 HTTP/1.1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[128];
        (void)snprintf(text, sizeof(text), "%s\r\nHost: a\r\n\r\n", lines[i]);
        assert_int_equal(verdict_of(text), HTTP_SCAN_MALFORMED);
    }
}

static void methods_that_nobody_needs_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("BREW /x HTTP/1.1\r\n\r\n"), HTTP_SCAN_METHOD_UNKNOWN);
    assert_int_equal(verdict_of("CONNECT /x HTTP/1.1\r\n\r\n"), HTTP_SCAN_METHOD_UNKNOWN);
    assert_int_equal(verdict_of("get /x HTTP/1.1\r\n\r\n"), HTTP_SCAN_METHOD_UNKNOWN);
}

static void what_is_too_large_is_told_as_soon_as_it_is_known(void **state)
{
    char text[256];
    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text, "GET /", 5);
    struct http_scan scan;
    assert_int_equal(feed(&scan, text, 200), HTTP_SCAN_MORE);
    assert_int_equal(feed(&scan, text, 201), HTTP_SCAN_HEAD_TOO_LARGE);
    assert_int_equal(verdict_of_field("Content-Length: 1000"), HTTP_SCAN_DONE);
    assert_int_equal(verdict_of_field("Content-Length: 1001"), HTTP_SCAN_BODY_TOO_LARGE);
}

static void random_bytes_end_in_some_verdict(void **state)
{
    static const char seedling[] = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n";
    unsigned seed = 20261122;
    (void)state;
    print_message("seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        char text[sizeof(seedling)];
        struct http_scan scan;
        memcpy(text, seedling, sizeof(text));
        for (int change = rand_r(&seed) % 4; change >= 0; change--) {
            text[(size_t)rand_r(&seed) % (sizeof(text) - 1)] = (char)rand_r(&seed);
        }
        (void)feed(&scan, text, sizeof(text) - 1);
        assert_in_range(scan.head_bytes, 1, sizeof(text));
        assert_true(scan.length <= 999999999999999999);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_to_its_end_and_no_further),
        cmocka_unit_test(any_cut_gives_the_same_verdict),
        cmocka_unit_test(tabs_and_other_bytes_may_stand_in_values),
        cmocka_unit_test(lengths_that_can_be_read_in_two_ways_are_refused),
        cmocka_unit_test(bodies_where_none_belongs_are_refused),
        cmocka_unit_test(lines_that_are_none_are_refused),
        cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
        cmocka_unit_test(request_lines_of_another_shape_are_refused),
        cmocka_unit_test(methods_that_nobody_needs_are_told_apart),
        cmocka_unit_test(what_is_too_large_is_told_as_soon_as_it_is_known),
        cmocka_unit_test(random_bytes_end_in_some_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
