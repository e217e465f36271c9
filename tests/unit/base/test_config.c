/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/config.h: precedence of the sources, each type's values, and errors that say
 * where, what and what is allowed, in both languages.
 */
#include "base/config.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct settings {
    char config[CONFIG_TEXT_BYTES];
    char socket[CONFIG_TEXT_BYTES];
    char name[CONFIG_TEXT_BYTES];
    bool verbose;
    uint32_t connections;
    uint64_t map_bytes;
    uint64_t idle_ms;
};

static const struct config_option table[] = {
    {"config", CONFIG_PATH, offsetof(struct settings, config), 0, 0, "", "设置文件",
     "settings file"},
    {"socket", CONFIG_PATH, offsetof(struct settings, socket), 1, 20, "/run/x", "套接字", "socket"},
    {"book-name", CONFIG_TEXT, offsetof(struct settings, name), 0, 0, "", "账本名", "book's name"},
    {"verbose", CONFIG_BOOL, offsetof(struct settings, verbose), 0, 0, "no", "多说", "say more"},
    {"connections", CONFIG_U32, offsetof(struct settings, connections), 1, 10000, "64", "连接数",
     "connections"},
    {"map-size", CONFIG_SIZE, offsetof(struct settings, map_bytes), 4096, UINT64_C(1) << 40, "1GiB",
     "映射", "map"},
    {"idle-timeout", CONFIG_DURATION_MS, offsetof(struct settings, idle_ms), 0, 3600000, "30s",
     "空闲", "idle"},
};

#define COUNT     (sizeof(table) / sizeof(table[0]))
#define WORDS_MAX 12

static struct settings settings;
static struct config_error error;
static char file_path[64];

/* Loads with these NULL-ended words as flags and environment. */
static bool load(const char *const *flags, const char *const *environment)
{
    char *argv[WORDS_MAX + 1] = {strdup("lovebankd")};
    char *envp[WORDS_MAX + 1] = {NULL};
    int argc = 1;
    for (; flags != NULL && flags[argc - 1] != NULL; argc++) {
        argv[argc] = strdup(flags[argc - 1]);
    }
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        envp[i] = strdup(environment[i]);
    }
    struct config_sources sources = {argc, argv, envp, "LOVEBANKD_"};
    bool loaded = config_load(table, COUNT, &settings, &sources, &error);
    for (size_t i = 0; i < WORDS_MAX; i++) {
        free(argv[i]);
        free(envp[i]);
    }
    return loaded;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Loads with this file, named by a flag. */
static bool load_file(const char *text)
{
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return load(WORDS("--config", file_path), NULL);
}

/* All of these, in both languages. */
static void assert_error_names(const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strstr(error.zh, *words) == NULL || strstr(error.en, *words) == NULL) {
            fail_msg("\"%s\" is missing in:\n%s\n%s", *words, error.zh, error.en);
        }
    }
}

static int make_file_path(void **state)
{
    (void)state;
    snprintf(file_path, sizeof(file_path), "/tmp/lovebank_test_config_XXXXXX");
    int file = mkstemp(file_path);
    return file < 0 ? -1 : close(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file_path);
}

/* accepts */

static void defaults_hold_when_nothing_is_said(void **state)
{
    (void)state;
    assert_true(load(NULL, NULL));
    assert_string_equal(settings.socket, "/run/x");
    assert_string_equal(settings.name, "");
    assert_false(settings.verbose);
    assert_int_equal(settings.connections, 64);
    assert_true(settings.map_bytes == UINT64_C(1) << 30);
    assert_true(settings.idle_ms == 30000);
}

static void flag_goes_before_environment_before_file_before_default(void **state)
{
    (void)state;
    assert_true(load_file("connections = 2\nsocket = /file\nbook-name = 街道 账本\n"));
    assert_int_equal(settings.connections, 2);
    assert_true(load(WORDS("--config", file_path, "--connections=4"),
                     WORDS("LOVEBANKD_CONNECTIONS=3", "LOVEBANKD_SOCKET=/env", "HOME=/root")));
    assert_int_equal(settings.connections, 4);
    assert_string_equal(settings.socket, "/env");
    assert_string_equal(settings.name, "街道 账本");
    assert_true(settings.idle_ms == 30000);
}

static void file_may_be_named_by_the_environment(void **state)
{
    (void)state;
    assert_true(load_file("# comment\n\nverbose = on ; beside it\n"));
    char variable[128];
    snprintf(variable, sizeof(variable), "LOVEBANKD_CONFIG=%s", file_path);
    assert_true(load(NULL, WORDS(variable)));
    assert_true(settings.verbose);
}

static void flags_take_a_value_beside_or_behind_and_bools_stand_alone(void **state)
{
    (void)state;
    assert_true(load(WORDS("--verbose", "--socket", "--odd", "--book-name=a=b"), NULL));
    assert_true(settings.verbose);
    assert_string_equal(settings.socket, "--odd");
    assert_string_equal(settings.name, "a=b");
    assert_true(load(WORDS("--verbose=no"), WORDS("LOVEBANKD_VERBOSE=yes")));
    assert_false(settings.verbose);
}

static void sizes_and_durations_have_units(void **state)
{
    (void)state;
    assert_true(load(WORDS("--map-size", "64K", "--idle-timeout", "1500ms"), NULL));
    assert_true(settings.map_bytes == 65536 && settings.idle_ms == 1500);
    assert_true(load(WORDS("--map-size", "2MiB", "--idle-timeout", "2min"), NULL));
    assert_true(settings.map_bytes == 2 << 20 && settings.idle_ms == 120000);
    assert_true(load(WORDS("--map-size", "4096", "--idle-timeout", "1h"), NULL));
    assert_true(settings.map_bytes == 4096 && settings.idle_ms == 3600000);
    assert_true(load(WORDS("--idle-timeout", "0"), NULL));
    assert_true(settings.idle_ms == 0);
}

static void what_is_printed_as_effective_loads_as_the_same(void **state)
{
    (void)state;
    assert_true(load(WORDS("--map-size=5MiB", "--idle-timeout=90s", "--verbose", "--socket=/a b",
                           "--connections=7"),
                     NULL));
    struct settings before = settings;
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    config_print_effective(file, table, COUNT, &settings);
    assert_int_equal(fclose(file), 0);
    assert_true(load(WORDS("--config", file_path), NULL));
    assert_string_equal(settings.socket, "/a b");
    assert_true(settings.map_bytes == before.map_bytes && settings.idle_ms == before.idle_ms);
    assert_true(settings.verbose);
    assert_int_equal(settings.connections, 7);
}

static void help_names_every_option_with_range_and_default(void **state)
{
    (void)state;
    for (int chinese = 0; chinese <= 1; chinese++) {
        char *help = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&help, &size);
        assert_non_null(out);
        config_print_help(out, table, COUNT, chinese == 1);
        assert_int_equal(fclose(out), 0);
        for (size_t i = 0; i < COUNT; i++) {
            assert_non_null(strstr(help, table[i].name));
            assert_non_null(strstr(help, chinese == 1 ? table[i].help_zh : table[i].help_en));
        }
        assert_non_null(strstr(help, "1..10000"));
        assert_non_null(strstr(help, "4KiB..1024GiB"));
        assert_non_null(strstr(help, "30s"));
        free(help);
    }
}

/* rejects */

static void values_out_of_range_or_form_name_flag_value_and_range(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {
        {"--connections", "0", "1..10000"},
        {"--connections", "10001", "1..10000"},
        {"--connections", "-1", "1..10000"},
        {"--connections", "6 4", "1..10000"},
        {"--connections", "99999999999999999999", "1..10000"},
        {"--connections", "", "1..10000"},
        {"--map-size", "1T", "4KiB..1024GiB"},
        {"--map-size", "99999999999G", "4KiB..1024GiB"},
        {"--idle-timeout", "30", "0ms..1h"},
        {"--idle-timeout", "61min", "0ms..1h"},
        {"--socket", "", "1..20 B"},
        {"--socket", "/a/path/that/is/too/long", "1..20 B"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(load(WORDS(wrong[i][0], wrong[i][1]), NULL));
        assert_error_names(WORDS(wrong[i][0], wrong[i][1], wrong[i][2]));
    }
    assert_false(load(WORDS("--verbose=maybe"), NULL));
    assert_error_names(WORDS("--verbose", "maybe", "yes|no"));
}

/* Found by fuzzing: what was printed as effective was read as another value. */
static void text_that_a_file_could_not_give_is_refused_from_everywhere(void **state)
{
    (void)state;
    static const char *const wrong[] = {" /a", "/a ", " ", ";a", "/a ;b"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(load(WORDS("--socket", wrong[i]), NULL));
        assert_error_names(WORDS("--socket", wrong[i]));
    }
    assert_true(load(WORDS("--socket", "/a;b #c=d"), NULL));
    char name[CONFIG_TEXT_BYTES] = "";
    memset(name, 'x', CONFIG_LINE_BYTES - strlen("book-name = "));
    assert_true(load(WORDS("--book-name", name), NULL));
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    config_print_effective(file, table, COUNT, &settings);
    assert_int_equal(fclose(file), 0);
    assert_true(load(WORDS("--config", file_path), NULL));
    assert_string_equal(settings.name, name);
    name[strlen(name)] = 'x';
    assert_false(load(WORDS("--book-name", name), NULL));
    assert_error_names(WORDS("--book-name", "..186 B"));
}

static void wrong_value_in_a_file_is_named_by_its_line(void **state)
{
    (void)state;
    char where[80];
    snprintf(where, sizeof(where), "%s:3", file_path);
    assert_false(load_file("verbose = yes\n\nconnections = many\nsocket =\n"));
    assert_error_names(WORDS(where, "connections", "many", "1..10000"));
    assert_false(load_file("verbose = yes\n\nconections = 3\n"));
    assert_error_names(WORDS(where, "conections"));
    assert_false(load_file("verbose = yes\n\nverbose = no\n"));
    assert_error_names(WORDS(where, "verbose"));
    assert_false(load_file("verbose = yes\n\nsocket\n"));
    assert_error_names(WORDS(where));
    assert_false(load_file("\n[net]\nsocket = /x\n"));
    assert_error_names(WORDS(where, "net"));
    assert_false(load_file("\n\nconfig = /other\n"));
    assert_error_names(WORDS(where, "config"));
}

static void wrong_value_is_refused_even_where_a_stronger_source_replaces_it(void **state)
{
    (void)state;
    assert_false(load(WORDS("--connections=4"), WORDS("LOVEBANKD_CONNECTIONS=0")));
    assert_error_names(WORDS("LOVEBANKD_CONNECTIONS", "1..10000"));
}

static void unknown_and_repeated_names_are_refused(void **state)
{
    (void)state;
    assert_false(load(WORDS("--sockets=/x"), NULL));
    assert_error_names(WORDS("--sockets"));
    assert_false(load(WORDS("start"), NULL));
    assert_error_names(WORDS("start"));
    assert_false(load(WORDS("--socket"), NULL));
    assert_error_names(WORDS("--socket"));
    assert_false(load(WORDS("--socket=/a", "--socket=/b"), NULL));
    assert_error_names(WORDS("--socket"));
    assert_false(load(NULL, WORDS("LOVEBANKD_SOKET=secret")));
    assert_error_names(WORDS("LOVEBANKD_SOKET"));
    assert_null(strstr(error.en, "secret"));
    assert_false(load(NULL, WORDS("LOVEBANKD_SOCKET=/a", "LOVEBANKD_SOCKET=/b")));
    assert_error_names(WORDS("LOVEBANKD_SOCKET"));
}

static void complaint_is_text_whatever_it_quotes(void **state)
{
    (void)state;
    assert_false(load_file("connections = \xe9\x1b[31m\n"));
    assert_error_names(WORDS("??[31m"));
    assert_false(load(WORDS("--book-name", "a\tb"), NULL));
    assert_error_names(WORDS("--book-name", "a?b", "UTF-8"));
    /* 100 bytes are shown: the last character is cut. */
    char value[128] = "--connections=";
    const size_t prefix = strlen(value);
    for (size_t i = 0; i < 34; i++) {
        memcpy(&value[prefix + 3 * i], "字", sizeof("字"));
    }
    assert_false(load(WORDS(value), NULL));
    assert_error_names(WORDS("字字字?"));
    assert_true(utf8_is_text(bytes_of_text(error.zh), 0));
    assert_true(utf8_is_text(bytes_of_text(error.en), 0));
}

static void line_longer_than_the_reader_takes_is_refused_not_cut(void **state)
{
    (void)state;
    char text[600];
    memset(text, 'x', sizeof(text));
    memcpy(text, "book-name = ", 12);
    memcpy(text + sizeof(text) - 2, "\n", 2);
    char where[80];
    snprintf(where, sizeof(where), "%s:1", file_path);
    assert_false(load_file(text));
    assert_error_names(WORDS(where));
}

/* faults */

static void named_file_must_be_readable(void **state)
{
    (void)state;
    assert_false(load(WORDS("--config=/nowhere/lovebankd.conf"), NULL));
    assert_error_names(WORDS("/nowhere/lovebankd.conf", strerror(ENOENT)));
    assert_false(load(WORDS("--config=/"), NULL));
    assert_error_names(WORDS(strerror(EISDIR)));
}

static void default_file_may_be_missing(void **state)
{
    (void)state;
    const struct config_option only[] = {
        {"config", CONFIG_PATH, offsetof(struct settings, config), 0, 0, "/nowhere/l.conf", "", ""},
    };
    struct config_sources sources = {0, NULL, NULL, "LOVEBANKD_"};
    assert_true(config_load(only, 1, &settings, &sources, &error));
    assert_string_equal(settings.config, "/nowhere/l.conf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_when_nothing_is_said),
        cmocka_unit_test(flag_goes_before_environment_before_file_before_default),
        cmocka_unit_test(file_may_be_named_by_the_environment),
        cmocka_unit_test(flags_take_a_value_beside_or_behind_and_bools_stand_alone),
        cmocka_unit_test(sizes_and_durations_have_units),
        cmocka_unit_test(what_is_printed_as_effective_loads_as_the_same),
        cmocka_unit_test(help_names_every_option_with_range_and_default),
        cmocka_unit_test(values_out_of_range_or_form_name_flag_value_and_range),
        cmocka_unit_test(text_that_a_file_could_not_give_is_refused_from_everywhere),
        cmocka_unit_test(wrong_value_in_a_file_is_named_by_its_line),
        cmocka_unit_test(wrong_value_is_refused_even_where_a_stronger_source_replaces_it),
        cmocka_unit_test(unknown_and_repeated_names_are_refused),
        cmocka_unit_test(complaint_is_text_whatever_it_quotes),
        cmocka_unit_test(line_longer_than_the_reader_takes_is_refused_not_cut),
        cmocka_unit_test(named_file_must_be_readable),
        cmocka_unit_test(default_file_may_be_missing),
    };
    return cmocka_run_group_tests(tests, make_file_path, remove_file);
}
