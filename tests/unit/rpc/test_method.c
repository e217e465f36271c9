/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The method table against proto/lovebank/v1/services.proto, where the numbers are agreed. */
#include "../../../server/rpc/src/method.h"
#include "rpc/rpc.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAME_BYTES 64

/* MemberGet -> member_get */
static void to_snake(const char *camel, char snake[NAME_BYTES])
{
    size_t size = 0;
    for (size_t i = 0; camel[i] != '\0'; i++) {
        assert_true(size + 3 < NAME_BYTES);
        if (isupper((unsigned char)camel[i]) && i > 0) {
            snake[size++] = '_';
        }
        snake[size++] = (char)tolower((unsigned char)camel[i]);
    }
    snake[size] = '\0';
}

static size_t count_methods(void)
{
    size_t count = 0;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        count += rpc_method_find((uint16_t)number) != NULL;
    }
    return count;
}

static void every_method_of_the_services_is_in_the_table_under_its_number(void **state)
{
    (void)state;
    FILE *file = fopen(LB_SOURCE_DIR "/proto/lovebank/v1/services.proto", "r");
    assert_non_null(file);
    char line[256];
    size_t count = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        char camel[NAME_BYTES];
        char snake[NAME_BYTES];
        char request[2 * NAME_BYTES];
        const char *comment = strstr(line, "//");
        if (sscanf(line, " rpc %63[A-Za-z](%*[A-Za-z])", camel) != 1) {
            continue;
        }
        assert_non_null(comment);
        const unsigned long number = strtoul(comment + 2, NULL, 10);
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        assert_non_null(method);
        to_snake(camel, snake);
        assert_string_equal(rpc_method_name((uint16_t)number), snake);
        snprintf(request, sizeof(request), "lovebank.v1.%sRequest", camel);
        assert_string_equal(method->request->name, request);
        snprintf(request, sizeof(request), "lovebank.v1.%sResponse", camel);
        assert_string_equal(method->response->name, request);
        count++;
    }
    fclose(file);
    assert_true(count > 0);
    assert_int_equal(count_methods(), count);
}

static void only_methods_that_write_or_wait_have_a_second_part(void **state)
{
    (void)state;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        if (method != NULL) {
            assert_non_null(method->handle);
            assert_int_equal(method->finish != NULL,
                             (method->flags & (RPC_WRITES | RPC_STEPS)) != 0);
        }
    }
}

static bool name_is_in(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Commands of a write have rights of their own; the others without one are about the log-in itself,
 * or tell what proves that the book goes on, or what everybody may know. */
static void every_other_method_has_a_right_and_no_right_is_for_acts(void **state)
{
    static const char *const open[] = {"hello",  "status", "login",
                                       "logout", "whoami", "public_board"};
    static const char *const logged_in[] = {"write", "password"};
    (void)state;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct rpc_method *method = rpc_method_find((uint16_t)number);
        if (method == NULL) {
            continue;
        }
        const bool is_open = name_is_in(method->name, open, sizeof(open) / sizeof(open[0]));
        const bool is_bare = is_open || name_is_in(method->name, logged_in,
                                                   sizeof(logged_in) / sizeof(logged_in[0]));
        assert_int_equal((method->flags & RPC_OPEN) != 0, is_open);
        assert_int_equal(method->right == RIGHT_NONE, is_bare);
        assert_true(is_bare || method->right >= RIGHT_READ_REGISTRY);
        /* A right is looked for in a view: the call's, or one that long reads open for it. */
        assert_true(is_bare || (method->flags & RPC_NO_VIEW) == 0 ||
                    (method->flags & RPC_LONG) != 0);
    }
}

static void unknown_numbers_are_no_methods(void **state)
{
    (void)state;
    assert_null(rpc_method_find(0));
    assert_null(rpc_method_name(9));
    assert_null(rpc_method_name(UINT16_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        cmocka_unit_test(every_method_of_the_services_is_in_the_table_under_its_number),
        cmocka_unit_test(only_methods_that_write_or_wait_have_a_second_part),
        cmocka_unit_test(every_other_method_has_a_right_and_no_right_is_for_acts),
        /* rejects */
        cmocka_unit_test(unknown_numbers_are_no_methods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
