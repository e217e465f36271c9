/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Paths, and the pages behind them.
 */
#include "../../../server/http/src/pages.h"
#include "../../../server/http/src/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct http_method methods[] = {
    {.path = "lovebank.v1.Ledger/Write", .number = 3},
    {.path = "lovebank.v1.Ledger/Status", .number = 2},
    {.path = "lovebank.v1.Session/Hello", .number = 1},
    {.path = "lovebank.v1.Ledger/EntryList", .number = 8},
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

struct site {
    char dir[64];
    struct http_pages pages;
};

static void site_put(const struct site *site, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", site->dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int site_open(void **state)
{
    static struct site site;
    char path[128];
    site = (struct site){.dir = "/tmp/lb-http-XXXXXX"};
    assert_non_null(mkdtemp(site.dir));
    (void)snprintf(path, sizeof(path), "%s/assets", site.dir);
    assert_int_equal(mkdir(path, 0700), 0);
    site_put(&site, "index.html", "<html>");
    site_put(&site, "openapi.json", "{}");
    site_put(&site, "assets/main-1.js", "main");
    site_put(&site, "assets/main-1.js.br", "br");
    site_put(&site, "assets/main-1.js.gz", "gz");
    site_put(&site, ".secret", "secret");
    *state = &site;
    return 0;
}

static int site_close(void **state)
{
    struct site *site = *state;
    char command[128];
    http_pages_free(&site->pages);
    (void)snprintf(command, sizeof(command), "rm -r '%s'", site->dir);
    assert_int_equal(system(command), 0); /* NOLINT(concurrency-mt-unsafe,cert-env33-c) */
    return 0;
}

static struct site *site_load(void **state)
{
    struct site *site = *state;
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    assert_int_equal(http_pages_load(site->dir, &site->pages, error), LB_OK);
    return site;
}

struct found {
    struct http_answer answer;
    char lines[HTTP_PAGE_LINES_BYTES];
};

static bool find(const struct site *site, const char *path, const char *accepted, const char *match,
                 struct found *found)
{
    return http_pages_find(&site->pages, bytes_of_text(path), accepted, match, &found->answer,
                           found->lines);
}

static void assert_body(const struct found *found, const char *text)
{
    assert_true(bytes_equal(found->answer.body, bytes_of_text(text)));
}

/* --- accepts --- */

static void every_method_is_found_by_its_path(void **state)
{
    uint16_t order[METHODS];
    (void)state;
    http_route_order(methods, METHODS, order);
    for (size_t i = 0; i < METHODS; i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "/%s", methods[i].path);
        assert_ptr_equal(http_route_method(methods, METHODS, order, bytes_of_text(path)),
                         &methods[i]);
    }
}

static void numbers_in_a_query_are_read(void **state)
{
    uint64_t number = 7;
    (void)state;
    assert_true(http_route_number("/events?from=12", "from", &number));
    assert_int_equal(number, 12);
    assert_true(http_route_number("/events?a=1&from=18446744073709551615", "from", &number));
    assert_true(number == UINT64_MAX);
    assert_true(bytes_equal(http_route_path("/a/b?c=/d"), BYTES_LITERAL("/a/b")));
    assert_true(bytes_equal(http_route_path("/a"), BYTES_LITERAL("/a")));
}

static void pages_are_found_with_type_and_tag(void **state)
{
    const struct site *site = site_load(state);
    struct found found;
    assert_true(find(site, "/assets/main-1.js", NULL, NULL, &found));
    assert_body(&found, "main");
    assert_int_equal(found.answer.status, 200);
    assert_string_equal(found.answer.type, "text/javascript; charset=utf-8");
    assert_string_equal(found.answer.cache, "public, max-age=31536000, immutable");
    assert_non_null(strstr(found.lines, "ETag: \""));
    assert_non_null(strstr(found.lines, "Vary: Accept-Encoding\r\n"));
    assert_true(find(site, "/openapi.json", NULL, NULL, &found));
    assert_string_equal(found.answer.type, "application/json");
    assert_string_equal(found.answer.cache, "no-cache");
    assert_null(strstr(found.lines, "Vary"));
}

static void the_best_compression_that_is_understood_is_sent(void **state)
{
    const struct site *site = site_load(state);
    struct found found;
    assert_true(find(site, "/assets/main-1.js", "gzip, deflate, br", NULL, &found));
    assert_body(&found, "br");
    assert_non_null(strstr(found.lines, "Content-Encoding: br\r\n"));
    assert_true(find(site, "/assets/main-1.js", "gzip;q=1.0, br;q=0", NULL, &found));
    assert_body(&found, "gz");
    assert_non_null(strstr(found.lines, "Content-Encoding: gzip\r\n"));
    assert_true(find(site, "/assets/main-1.js", "identity, xbr", NULL, &found));
    assert_body(&found, "main");
    assert_true(http_encoding_is_accepted("br;q=0.5", "br"));
    assert_false(http_encoding_is_accepted("br; q=0.000", "br"));
    assert_false(http_encoding_is_accepted(NULL, "br"));
}

static void what_has_not_changed_is_not_sent_again(void **state)
{
    const struct site *site = site_load(state);
    struct found found;
    char tag[64];
    assert_true(find(site, "/assets/main-1.js", "br", NULL, &found));
    const char *start = strchr(found.lines, '"');
    assert_non_null(start);
    (void)snprintf(tag, sizeof(tag), "%.*s", 34, start);
    assert_true(find(site, "/assets/main-1.js", "br", tag, &found));
    assert_int_equal(found.answer.status, 304);
    assert_int_equal(found.answer.body.size, 0);
    assert_null(strstr(found.lines, "Content-Encoding"));
    assert_true(find(site, "/assets/main-1.js", "gzip", tag, &found));
    assert_int_equal(found.answer.status, 200);
}

static void paths_of_the_application_get_its_page(void **state)
{
    const struct site *site = site_load(state);
    struct found found;
    static const char *const paths[] = {"/", "/desk", "/members/12", "", "/assets"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_true(find(site, paths[i], "br", NULL, &found));
        assert_body(&found, "<html>");
        assert_string_equal(found.answer.cache, "no-cache");
    }
}

static void a_directory_that_is_not_there_has_no_pages(void **state)
{
    struct site *site = *state;
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    assert_int_equal(http_pages_load("/tmp/lb-http-is-not-there", &site->pages, error), LB_OK);
    assert_int_equal(site->pages.count, 0);
    assert_int_equal(http_pages_load(NULL, &site->pages, error), LB_OK);
    struct found found;
    assert_false(find(site, "/", NULL, NULL, &found));
}

/* --- rejects --- */

static void other_paths_are_no_methods(void **state)
{
    static const char *const paths[] = {
        "",
        "/",
        "lovebank.v1.Ledger/Write",
        "/lovebank.v1.Ledger/Writ",
        "/lovebank.v1.Ledger/Write/",
        "/lovebank.v1.Ledger/write",
        "//lovebank.v1.Ledger/Write",
    };
    uint16_t order[METHODS];
    (void)state;
    http_route_order(methods, METHODS, order);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_null(http_route_method(methods, METHODS, order, bytes_of_text(paths[i])));
    }
    assert_true(http_route_is_method_like(BYTES_LITERAL("/a.b.C/D")));
    assert_false(http_route_is_method_like(BYTES_LITERAL("/a.b.C/D/E")));
    assert_false(http_route_is_method_like(BYTES_LITERAL("/assets/main.js")));
}

static void what_is_no_number_is_told_so(void **state)
{
    static const char *const uris[] = {
        "/events",         "/events?",        "/events?from=",
        "/events?from=-1", "/events?from=1x", "/events?from=18446744073709551616",
        "/events?xfrom=1", "/events?from",    "/events#from=1",
    };
    uint64_t number = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        assert_false(http_route_number(uris[i], "from", &number));
    }
}

static void nothing_but_the_files_themselves_is_found(void **state)
{
    static const char *const paths[] = {
        "/../etc/passwd.txt", "/assets/../index.html", "/.secret",        "/assets/main-1.js.br",
        "/assets//main-1.js", "/index.html/",          "/assets/main.js",
    };
    const struct site *site = site_load(state);
    struct found found;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_false(find(site, paths[i], "br", NULL, &found));
    }
}

static void a_symbolic_link_is_refused_by_name(void **state)
{
    struct site *site = *state;
    char path[128];
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    (void)snprintf(path, sizeof(path), "%s/passwd.txt", site->dir);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(http_pages_load(site->dir, &site->pages, error), LB_CONFIG_INVALID);
    assert_non_null(strstr(error, "passwd.txt"));
    assert_int_equal(site->pages.count, 0);
}

#define ON_SITE(name) cmocka_unit_test_setup_teardown(name, site_open, site_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_is_found_by_its_path),
        cmocka_unit_test(numbers_in_a_query_are_read),
        ON_SITE(pages_are_found_with_type_and_tag),
        ON_SITE(the_best_compression_that_is_understood_is_sent),
        ON_SITE(what_has_not_changed_is_not_sent_again),
        ON_SITE(paths_of_the_application_get_its_page),
        ON_SITE(a_directory_that_is_not_there_has_no_pages),
        cmocka_unit_test(other_paths_are_no_methods),
        cmocka_unit_test(what_is_no_number_is_told_so),
        ON_SITE(nothing_but_the_files_themselves_is_found),
        ON_SITE(a_symbolic_link_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
