/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Hosts, origins, proxies; tokens in headers.
 */
#include "../../../server/http/src/cookies.h"
#include "../../../server/http/src/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOKEN_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define TOKEN_B "FFEEDDCCBBAA99887766554433221100ffeeddccbbaa99887766554433221100"

static struct http_peer peer_of(const char *text)
{
    struct http_peer peer;
    assert_true(http_peer_parse(bytes_of_text(text), &peer));
    return peer;
}

static void assert_behind(const char *peer, const char *forwarded, const char *expected)
{
    const struct http_peer from = peer_of(peer);
    const struct http_peer wanted = peer_of(expected);
    const struct http_peer found = http_peer_behind(&from, forwarded, "127.0.0.1, ::1,10.0.0.9");
    assert_memory_equal(&found, &wanted, sizeof(found));
}

/* --- accepts --- */

static void addresses_localhost_and_listed_names_are_ours(void **state)
{
    static const char *const hosts[] = {
        "127.0.0.1", "127.0.0.1:7480", "[::1]:7480", "[2001:db8::1]", "192.0.2.7",
        "localhost", "LOCALHOST:1",    "bank.test",  "Bank.Test:443", "love.example",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        assert_true(http_host_is_ours(hosts[i], "bank.test, love.example"));
    }
}

static void requests_of_our_own_pages_and_of_no_page_pass(void **state)
{
    (void)state;
    assert_true(http_origin_is_same(NULL, NULL, "a", false));
    assert_true(http_origin_is_same("same-origin", NULL, "a", true));
    assert_true(http_origin_is_same("none", NULL, "a", true));
    assert_true(http_origin_is_same(NULL, "https://bank.test", "bank.test", true));
    assert_true(http_origin_is_same(NULL, "https://Bank.Test:443", "bank.test", true));
    assert_true(http_origin_is_same(NULL, "https://bank.test:7480", "bank.test:7480", true));
    assert_true(http_origin_is_same(NULL, "http://127.0.0.1:7480", "127.0.0.1:7480", false));
    assert_true(http_origin_is_same(NULL, "https://bank.test", "bank.test", false));
    assert_true(http_origin_is_same(NULL, "http://[::1]:7480", "[::1]:7480", false));
}

static void only_proxies_of_ours_are_believed(void **state)
{
    (void)state;
    assert_behind("192.0.2.1", "198.51.100.7", "192.0.2.1");
    assert_behind("127.0.0.1", "198.51.100.7", "198.51.100.7");
    assert_behind("127.0.0.1", "203.0.113.5, 198.51.100.7", "198.51.100.7");
    assert_behind("127.0.0.1", "198.51.100.7, 10.0.0.9", "198.51.100.7");
    assert_behind("::1", "2001:db8::7", "2001:db8::7");
    assert_behind("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7");
    assert_behind("127.0.0.1", "198.51.100.7:4711", "198.51.100.7");
    assert_behind("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7");
    assert_behind("127.0.0.1", NULL, "127.0.0.1");
    assert_behind("127.0.0.1", "", "127.0.0.1");
    assert_behind("127.0.0.1", "unknown", "127.0.0.1");
}

static void a_token_comes_by_header_or_by_cookie(void **state)
{
    struct http_credentials credentials = {0};
    bool has_cookies = false;
    (void)state;
    assert_int_equal(http_credentials_read("Bearer " TOKEN_A, NULL, &credentials, &has_cookies),
                     LB_OK);
    assert_true(credentials.has_token);
    assert_false(has_cookies);
    assert_int_equal(credentials.token[1], 0x11);

    credentials = (struct http_credentials){0};
    assert_int_equal(http_credentials_read(NULL,
                                           "a=b; __Host-lovebank-session=" TOKEN_A
                                           "; __Host-lovebank-device=" TOKEN_B,
                                           &credentials, &has_cookies),
                     LB_OK);
    assert_true(credentials.has_token && credentials.has_device && has_cookies);
    assert_int_equal(credentials.token[0], 0x00);
    assert_int_equal(credentials.device[0], 0xff);
}

static void the_header_goes_before_the_cookie(void **state)
{
    struct http_credentials credentials = {0};
    bool has_cookies = false;
    (void)state;
    assert_int_equal(http_credentials_read("bearer " TOKEN_B, "__Host-lovebank-session=" TOKEN_A,
                                           &credentials, &has_cookies),
                     LB_OK);
    assert_int_equal(credentials.token[0], 0xff);
    assert_true(has_cookies);
}

static void cookies_are_set_with_all_their_locks(void **state)
{
    struct http_reply reply = {.session_cookie = HTTP_COOKIE_SET, .cookie = {0xab}};
    char lines[HTTP_COOKIES_BYTES_MAX];
    struct http_text text = http_text_of(lines, sizeof(lines) - 1);
    (void)state;
    http_cookies_print(&reply, &text);
    lines[text.size] = '\0';
    assert_non_null(strstr(lines, "Set-Cookie: __Host-lovebank-session=ab00"));
    assert_non_null(strstr(lines, "; Path=/; Secure; HttpOnly; SameSite=Strict\r\n"));
    assert_null(strstr(lines, "Max-Age"));

    reply =
        (struct http_reply){.session_cookie = HTTP_COOKIE_CLEAR, .device_cookie = HTTP_COOKIE_SET};
    text = http_text_of(lines, sizeof(lines) - 1);
    http_cookies_print(&reply, &text);
    lines[text.size] = '\0';
    assert_non_null(strstr(lines, "__Host-lovebank-session=; Path=/; Secure; HttpOnly; "
                                  "SameSite=Strict; Max-Age=0\r\n"));
    assert_non_null(strstr(lines, "__Host-lovebank-device=00"));
    assert_false(text.is_cut);
}

/* --- rejects --- */

static void other_names_are_not_ours(void **state)
{
    static const char *const hosts[] = {
        "evil.test",
        "bank.test.evil.test",
        "",
        ":80",
        "[::1",
        "bank.test:x",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "bank.test/",
        "bank.test.",
    };
    (void)state;
    assert_false(http_host_is_ours(NULL, "bank.test"));
    assert_false(http_host_is_ours("bank.test", NULL));
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        assert_false(http_host_is_ours(hosts[i], "bank.test"));
    }
}

static void pages_of_others_are_refused(void **state)
{
    (void)state;
    assert_false(http_origin_is_same("cross-site", NULL, "a", false));
    assert_false(http_origin_is_same("same-site", NULL, "a", false));
    assert_false(http_origin_is_same("cross-site", "http://a", "a", false));
    assert_false(http_origin_is_same("", NULL, "a", false));
    assert_false(http_origin_is_same(NULL, "null", "a", false));
    assert_false(http_origin_is_same(NULL, "http://evil.test", "a", false));
    assert_false(http_origin_is_same(NULL, "http://a:81", "a", false));
    assert_false(http_origin_is_same(NULL, "http://a", "a", true));
    assert_false(http_origin_is_same(NULL, "http://a", NULL, false));
    assert_false(http_origin_is_same(NULL, "file://", "a", false));
    assert_false(http_origin_is_same(NULL, "http://a@evil.test", "a", false));
}

static void tokens_of_another_shape_are_none(void **state)
{
    static const char *const headers[] = {
        "Basic " TOKEN_A,
        "Bearer",
        "Bearer ",
        "Bearer " TOKEN_A "0",
        "Bearer 0" TOKEN_A,
        "Bearer g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        TOKEN_A,
        "",
    };
    struct http_credentials credentials = {0};
    bool has_cookies = false;
    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        assert_int_equal(http_credentials_read(headers[i], NULL, &credentials, &has_cookies),
                         LB_SESSION_EXPIRED);
        assert_false(credentials.has_token);
    }
    assert_int_equal(http_credentials_read(NULL,
                                           "__Host-lovebank-session=abc; x__Host-lovebank-"
                                           "device=" TOKEN_A ";;; =",
                                           &credentials, &has_cookies),
                     LB_OK);
    assert_false(credentials.has_token || credentials.has_device || has_cookies);
}

static void proxies_must_be_addresses(void **state)
{
    (void)state;
    assert_true(http_proxies_are_valid(NULL));
    assert_true(http_proxies_are_valid(""));
    assert_true(http_proxies_are_valid("127.0.0.1, ::1"));
    assert_false(http_proxies_are_valid("127.0.0.1, proxy.test"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_localhost_and_listed_names_are_ours),
        cmocka_unit_test(requests_of_our_own_pages_and_of_no_page_pass),
        cmocka_unit_test(only_proxies_of_ours_are_believed),
        cmocka_unit_test(a_token_comes_by_header_or_by_cookie),
        cmocka_unit_test(the_header_goes_before_the_cookie),
        cmocka_unit_test(cookies_are_set_with_all_their_locks),
        cmocka_unit_test(other_names_are_not_ours),
        cmocka_unit_test(pages_of_others_are_refused),
        cmocka_unit_test(tokens_of_another_shape_are_none),
        cmocka_unit_test(proxies_must_be_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
