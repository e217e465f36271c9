/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * lovebankd: its subcommands. The server itself is put together by app/server.c.
 */
#include "app/server.h"

#include "app/complain.h"
#include "app/first_operator.h"
#include "app/migrate_store.h"
#include "app/offline_verify.h"
#include "app/tls_init.h"
#include "base/clock.h"
#include "store/lmdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the subcommands -------------------------------------------------------------------------- */

static void init_tell(const struct options *options, bool is_new)
{
    const bool is_shared = options->store[0] != '\0';
    const char *place = is_shared ? options->store_book : options->data_dir;
    if (is_new) {
        printf("已建好账本 %s，密钥 %s。请把两者备份到不同的地方。\n"
               "made the book %s and the key %s; back the two up to different places.\n",
               place, options->key_file, place, options->key_file);
    } else {
        printf("账本 %s 和密钥 %s 已经有了。\n"
               "the book %s and the key %s are there already.\n",
               place, options->key_file, place, options->key_file);
    }
}

/* Where no log-in is asked for nobody needs a first operator. */
static enum lb_result init_operator(struct server *server)
{
    const struct options *options = &server->options;
    if (options->new_code[0] != '\0') {
        return first_operator_new_code(server->engine, options->new_code);
    }
    return options->insecure_no_login ? LB_OK
                                      : first_operator_make(server->engine, options->first_login);
}

static int init(struct server *server)
{
    int status = EXIT_FAULT;
    server->options.create = true;
    if (book_open(&server->book) && server_open_engine(server)) {
        const enum lb_result result = init_operator(server);
        if (result == LB_KEY_OUTDATED) {
            book_drop_new_key(&server->book);
            complain(result, server->options.key_file, "");
        } else {
            init_tell(&server->options, server->book.is_new);
        }
        if (result == LB_OK) {
            status = EXIT_DONE;
        } else if (lb_result_class((int)result) == LB_CLASS_REJECTED) {
            status = EXIT_PROBLEM;
        }
    }
    if (server->engine != NULL) {
        engine_close(server->engine);
    }
    book_close(&server->book);
    return status;
}

static int verify(struct server *server)
{
    switch (offline_verify(&server->book)) {
    case OFFLINE_SOUND:
        return EXIT_DONE;
    case OFFLINE_PROBLEM:
        return EXIT_PROBLEM;
    case OFFLINE_FAULT:
        return EXIT_FAULT;
    }
    return EXIT_FAULT;
}

static int migrate(struct server *server)
{
    const char *url = server->options.store;
    if (*url == '\0') {
        fputs("lovebankd: 没有设置 store，账本不在数据库里，没有表要建。请设好 store\n"
              "lovebankd: the setting store is empty, so the book is in no database and needs no "
              "tables; set store\n",
              stderr);
        return EXIT_USAGE;
    }
    if (book_migrate(&server->book) != LB_OK) {
        return EXIT_FAULT;
    }
    printf("数据库 %s 的表已是本程序的版本。\n"
           "the tables in the database %s are of this program's version.\n",
           url, url);
    return EXIT_DONE;
}

static int move_store(struct server *server)
{
    const enum migrate_act act = server->is_undo     ? MIGRATE_UNDO
                                 : server->is_switch ? MIGRATE_SWITCH
                                                     : MIGRATE_COPY;
    switch (migrate_store(&server->options, &server->log, act, server->arguments[0],
                          server->arguments[1])) {
    case MIGRATE_DONE:
        return EXIT_DONE;
    case MIGRATE_REFUSED:
        return EXIT_PROBLEM;
    case MIGRATE_USAGE:
        return EXIT_USAGE;
    case MIGRATE_FAULT:
        return EXIT_FAULT;
    }
    return EXIT_FAULT;
}

static int make_certificates(struct server *server)
{
    switch (tls_init(server->argument_count, server->arguments)) {
    case TLS_INIT_DONE:
        return EXIT_DONE;
    case TLS_INIT_REFUSED:
        return EXIT_PROBLEM;
    case TLS_INIT_USAGE:
        return EXIT_USAGE;
    case TLS_INIT_FAULT:
        return EXIT_FAULT;
    }
    return EXIT_FAULT;
}

static int config(struct server *server)
{
    options_print_effective(stdout, &server->options);
    return EXIT_DONE;
}

static bool speaks_chinese(void)
{
    const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            return strncmp(value, "zh", 2) == 0;
        }
    }
    return false;
}

static int version(struct server *server)
{
    (void)server;
    puts("lovebankd " LB_VERSION);
    return EXIT_DONE;
}

static int help(struct server *server)
{
    (void)server;
    const bool chinese = speaks_chinese();
    puts(chinese
             ? "用法：lovebankd [serve|init|verify|migrate|config|tls-init|version|help] [设置]\n"
               "      lovebankd migrate-store FROM TO [--switch|--undo-switch] [设置]\n"
               "  serve    启动服务器（默认）\n"
               "  init     建账本、密钥和第一个管理员\n"
               "  verify   检查没有服务器在用的账本或其副本\n"
               "  migrate  在数据库里建表，或升级表\n"
               "  migrate-store FROM TO  把账从目录复制进数据库，或反过来；可反复，只搬新的\n"
               "           --switch 搬完并切换：此后去处是账本，来处不能再启动；--undo-switch "
               "撤回，\n"
               "           只在去处还没有记过账时\n"
               "  config   显示生效的设置\n"
               "  tls-init DIR [--host 名字,…] [--device 名字]  建私有 CA，签发证书\n"
             : "usage: lovebankd [serve|init|verify|migrate|config|tls-init|version|help] "
               "[settings]\n"
               "       lovebankd migrate-store FROM TO [--switch|--undo-switch] [settings]\n"
               "  serve    run the server (default)\n"
               "  init     make the book, the key and the first administrator\n"
               "  verify   check a book that no server uses, or a copy\n"
               "  migrate  make the tables in a database, or bring them up to date\n"
               "  migrate-store FROM TO  copy a bank from a directory into a database, or back; a\n"
               "           later run moves only what is new. --switch makes the target the book,\n"
               "           and the source cannot be started any more; --undo-switch takes that\n"
               "           back while nothing was recorded at the target\n"
               "  config   print the settings in force\n"
               "  tls-init DIR [--host NAME,...] [--device NAME]  make a private authority and "
               "certificates\n");
    options_print_help(stdout, chinese);
    return EXIT_DONE;
}

struct subcommand {
    const char *name;
    int operands; /* before the settings */
    bool needs_options;
    int (*run)(struct server *server);
};

static const struct subcommand subcommands[] = {
    {"serve", 0, true, server_serve},
    {"init", 0, true, init},
    {"verify", 0, true, verify},
    {"migrate", 0, true, migrate},
    {"migrate-store", 2, true, move_store},
    {"config", 0, true, config},
    {"help", 0, false, help},
    {"--help", 0, false, help},
    {"tls-init", 0, false, make_certificates},
    {"version", 0, false, version},
    {"--version", 0, false, version},
};

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (strcmp(subcommands[i].name, name) == 0) {
            return &subcommands[i];
        }
    }
    return NULL;
}

/* What must stand behind the subcommand before any setting. */
static bool has_operands(const struct server *server, const struct subcommand *subcommand)
{
    for (int i = 0; i < subcommand->operands; i++) {
        if (i >= server->argument_count || server->arguments[i][0] == '-') {
            fprintf(stderr,
                    "lovebankd: %s 后面要先写来处和去处：目录或 postgres://…\n"
                    "lovebankd: after %s must stand from where and to where: a directory, or "
                    "postgres://...\n",
                    subcommand->name, subcommand->name);
            return false;
        }
    }
    return true;
}

/* Takes a flag that is no setting out of the arguments, wherever it stands. */
static bool take_flag(int *argc, char **argv, const char *name)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], name) != 0) {
            argv[kept++] = argv[i];
        }
    }
    const bool is_there = kept < *argc;
    *argc = kept;
    return is_there;
}

static const struct subcommand *choose_subcommand(int argc, char **argv)
{
    const struct subcommand *found = argc > 1 ? find_subcommand(argv[1]) : NULL;
    const bool is_asked_for_help = found != NULL && found->operands > 0 && argc > 2 &&
                                   (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "help") == 0);
    return is_asked_for_help ? find_subcommand("help") : found;
}

int main(int argc, char **argv, char **envp)
{
    static struct server server; /* large, and there is one */
    const struct subcommand *found = choose_subcommand(argc, argv);
    const struct subcommand *subcommand = found == NULL ? &subcommands[0] : found;
    if (subcommand->run == move_store) {
        server.is_switch = take_flag(&argc, argv, "--switch");
        server.is_undo = take_flag(&argc, argv, "--undo-switch");
    }
    const int skipped = found == NULL ? 0 : 1;
    server.argument_count = argc - 1 - skipped;
    server.arguments = argv + 1 + skipped;
    const int passed = skipped + subcommand->operands;
    if (server.is_switch && server.is_undo) {
        fputs("lovebankd: --switch 和 --undo-switch 只能有一个\n"
              "lovebankd: --switch and --undo-switch cannot be had together; leave one out\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!has_operands(&server, subcommand) ||
        (subcommand->needs_options &&
         !options_load(argc - passed, argv + passed, envp, &server.options, stderr))) {
        return EXIT_USAGE;
    }
    store_lmdb_explain_signals();
    server.log = log_to_file(stderr, clock_system(), server.options.log_level_min);
    server.book = (struct book){.options = &server.options, .log = &server.log};
    return subcommand->run(&server);
}
