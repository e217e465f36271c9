/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Token files: what is written is read back, by its owner alone; what others could have read or put
 * there is not used.
 */
#include "cli_for_tests.h"
#include "token_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct cli cli;
    char folder[FOLDER_BYTES];
    const char *path;
    uint8_t token[LB_TOKEN_BYTES];
    uint8_t read[LB_TOKEN_BYTES];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_for_tests_init(&fixture->cli);
    folder_for_tests(fixture->folder);
    fixture->path = cli_format(&fixture->cli, "%s/token", fixture->folder);
    memset(fixture->token, 0xa5, sizeof(fixture->token));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    (void)unlink(cli_format(&fixture->cli, "%s/link", fixture->folder));
    (void)rmdir(fixture->folder);
    cli_for_tests_fini(&fixture->cli);
    free(fixture);
    return 0;
}

static enum token_answer read_back(struct fixture *fixture)
{
    memset(fixture->read, 0, sizeof(fixture->read));
    return token_file_read(&fixture->cli, fixture->path, fixture->read);
}

static void put(const struct fixture *fixture, const char *text)
{
    FILE *file = fopen(fixture->path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(fixture->path, 0600), 0);
}

/* accepts */

static void what_is_written_is_read_back_and_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct stat file;
    assert_true(token_file_write(&fixture->cli, fixture->path, fixture->token));
    assert_int_equal(stat(fixture->path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(read_back(fixture), TOKEN_FOUND);
    assert_memory_equal(fixture->read, fixture->token, sizeof(fixture->token));
    fixture->token[0] = 1;
    assert_true(token_file_write(&fixture->cli, fixture->path, fixture->token));
    assert_int_equal(read_back(fixture), TOKEN_FOUND);
    assert_memory_equal(fixture->read, fixture->token, sizeof(fixture->token));
    assert_true(token_file_remove(&fixture->cli, fixture->path));
    assert_true(token_file_remove(&fixture->cli, fixture->path));
    assert_int_equal(read_back(fixture), TOKEN_NONE);
}

static void each_server_has_a_file_of_its_own_below_the_configuration(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(setenv("XDG_CONFIG_HOME", fixture->folder, 1), 0);
    const char *first = token_file_path(&fixture->cli);
    const char *folder = cli_format(&fixture->cli, "%s/lovebank/token-", fixture->folder);
    assert_int_equal(strncmp(first, folder, strlen(folder)), 0);
    fixture->cli.address = "tls:bank.example:7701";
    assert_string_not_equal(token_file_path(&fixture->cli), first);
    fixture->cli.token_path = "/elsewhere";
    assert_string_equal(token_file_path(&fixture->cli), "/elsewhere");
    fixture->cli.token_path = NULL;
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_null(token_file_path(&fixture->cli));
}

/* rejects */

static void a_file_that_others_can_read_is_not_used(void **state)
{
    struct fixture *fixture = *state;
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0666};
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        assert_true(token_file_write(&fixture->cli, fixture->path, fixture->token));
        assert_int_equal(chmod(fixture->path, modes[i]), 0);
        assert_int_equal(read_back(fixture), TOKEN_BAD);
    }
    assert_true(ftell(fixture->cli.err) > 0);
}

static void a_file_without_a_token_is_not_used(void **state)
{
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        "",
        "\n",
        "a5a5",
        "xya5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n",
        "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put(fixture, texts[i]);
        assert_int_equal(read_back(fixture), TOKEN_BAD);
    }
    assert_int_equal(token_file_read(&fixture->cli, fixture->folder, fixture->read), TOKEN_BAD);
}

static void a_new_file_replaces_none(void **state)
{
    struct fixture *fixture = *state;
    assert_true(token_file_create(&fixture->cli, fixture->path, fixture->token));
    assert_int_equal(read_back(fixture), TOKEN_FOUND);
    fixture->token[0] = 9;
    assert_false(token_file_create(&fixture->cli, fixture->path, fixture->token));
    assert_int_equal(read_back(fixture), TOKEN_FOUND);
    assert_int_equal(fixture->read[0], 0xa5);
}

static void another_owners_link_is_not_followed(void **state)
{
    struct fixture *fixture = *state;
    const char *link = cli_format(&fixture->cli, "%s/link", fixture->folder);
    assert_true(token_file_write(&fixture->cli, fixture->path, fixture->token));
    assert_int_equal(symlink(fixture->path, link), 0);
    assert_int_equal(token_file_read(&fixture->cli, link, fixture->read), TOKEN_FOUND);
    if (lchown(link, geteuid() + 1, getegid()) != 0) {
        return; /* only root can make somebody else's link: the first half is the test then */
    }
    assert_int_equal(token_file_read(&fixture->cli, link, fixture->read), TOKEN_BAD);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_back_and_replaced),
        TEST(each_server_has_a_file_of_its_own_below_the_configuration),
        TEST(a_file_that_others_can_read_is_not_used),
        TEST(a_file_without_a_token_is_not_used),
        TEST(a_new_file_replaces_none),
        TEST(another_owners_link_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
