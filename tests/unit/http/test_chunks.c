/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bodies in chunks, fed in pieces.
 */
#include "../../../server/http/src/chunks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODY_MAX 100
#define LINE_MAX 40

static enum http_scan_verdict feed(struct http_chunks *chunks, const char *text, size_t size)
{
    http_chunks_init(chunks, BODY_MAX, LINE_MAX);
    return http_chunks_feed(chunks, bytes_of(text, size));
}

static enum http_scan_verdict verdict_of(const char *text)
{
    struct http_chunks chunks;
    return feed(&chunks, text, strlen(text));
}

/* --- accepts --- */

static void a_body_is_good_wherever_it_is_cut(void **state)
{
    static const char text[] = "1\r\n{\r\n00a\r\n0123456789\r\nB\r\n01234567\r\n}\r\n0\r\n"
                               "X-After: y\tz\r\n\r\n";
    (void)state;
    for (size_t cut = 0; cut < sizeof(text) - 1; cut++) {
        struct http_chunks chunks;
        assert_int_equal(feed(&chunks, text, cut), HTTP_SCAN_MORE);
        assert_int_equal(http_chunks_feed(&chunks, bytes_of(text + cut, sizeof(text) - 1 - cut)),
                         HTTP_SCAN_DONE);
        assert_int_equal(chunks.place, HTTP_CHUNKS_END);
    }
}

static void what_follows_the_body_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("0\r\n\r\nGET / HTTP/1.1\r\n"), HTTP_SCAN_DONE);
}

static void a_body_may_be_as_large_as_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("64\r\n"), HTTP_SCAN_MORE);
    assert_int_equal(verdict_of("000000000000000000000000000064\r\n"), HTTP_SCAN_MORE);
}

/* --- rejects --- */

static void more_than_may_come_is_too_large(void **state)
{
    char many[16384 + 64];
    (void)state;
    assert_int_equal(verdict_of("65"), HTTP_SCAN_BODY_TOO_LARGE);
    assert_int_equal(verdict_of("1\r\na\r\n64"), HTTP_SCAN_BODY_TOO_LARGE);
    assert_int_equal(verdict_of("10000000000000001"), HTTP_SCAN_BODY_TOO_LARGE);
    memset(many, '0', sizeof(many) - 1);
    many[sizeof(many) - 1] = '\0';
    assert_int_equal(verdict_of(many), HTTP_SCAN_BODY_TOO_LARGE);
    assert_int_equal(verdict_of("0\r\nX: 12345678901234567890123456789012345678901234567890"),
                     HTTP_SCAN_BODY_TOO_LARGE);
}

static void what_others_might_read_otherwise_is_refused(void **state)
{
    static const char *const texts[] = {
        "\r\n",         "+1\r\n",       "-1\r\n",    " 1\r\n",       "1 \r\n",
        "0x1\r\n",      "g\r\n",        "1;a=b\r\n", "1\na",         "1\r\r",
        "1\r\nab",      "1\r\na\n",     "1\r\na\r0", "0\r\n\ra",     "0\r\nX\r\n",
        "0\r\n folded", "0\r\nX: \x01", "0\r\n: y",  "0\r\nX: y\rz", "0\r\n\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(verdict_of(texts[i]), HTTP_SCAN_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_good_wherever_it_is_cut),
        cmocka_unit_test(what_follows_the_body_is_left_alone),
        cmocka_unit_test(a_body_may_be_as_large_as_is_allowed),
        cmocka_unit_test(more_than_may_come_is_too_large),
        cmocka_unit_test(what_others_might_read_otherwise_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
