/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank sync`: sends the records that were kept while the server could not be reached, lists
 * them, drops one. One thread.
 */
#include "commands.h"

#include "ask.h"
#include "query.h"
#include "registry.h"
#include "sync.h"

#include <inttypes.h>

static enum cli_exit sync_list(struct spool *spool, const struct spool_row *rows, size_t count)
{
    struct seen seen;
    /* The names as they were seen: listing needs no server. */
    if (seen_read(spool, &seen)) {
        registry_preload(spool->cli, seen.today, seen.orgs, seen.catalogue);
    }
    sync_list_rows(spool->cli, rows, count);
    return CLI_DONE;
}

static enum cli_exit sync_drop_row(struct spool *spool, const struct spool_row *row, bool is_sure)
{
    struct cli *cli = spool->cli;
    enum cli_exit exit = CLI_DONE;
    if (!cli->is_json) {
        (void)sync_list(spool, row, 1);
    }
    if (!ask_is_agreed(
            cli, is_sure,
            (struct cli_text){"丢掉这一条，以后不再发送？", "Drop this one, never to be sent?"},
            &exit)) {
        return exit;
    }
    if (!spool_remove(spool, row)) {
        return CLI_FAULT;
    }
    if (cli->is_json) {
        cli_put_json(cli,
                     json_pack("{s:s,s:I}", "result", "dropped", "row", (json_int_t)row->number));
    }
    cli_say(cli, TEXT(cli, "第 %" PRIu32 " 条已丢掉。", "Number %" PRIu32 " was dropped."),
            row->number);
    return CLI_DONE;
}

static enum cli_exit sync_drop(struct spool *spool, const struct spool_row *rows, size_t count,
                               uint64_t number, bool is_sure)
{
    struct cli *cli = spool->cli;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].number == number) {
            return sync_drop_row(spool, &rows[i], is_sure);
        }
    }
    cli_complain(cli,
                 TEXT(cli, "本机没有第 %" PRIu64 " 条离线记录。请看：lovebank sync --list",
                      "No record kept here has the number %" PRIu64 ". See: lovebank sync --list"),
                 number);
    return CLI_REFUSED;
}

static enum cli_exit sync_nothing(struct cli *cli)
{
    cli_say(cli, TEXT(cli, "没有要发送的离线记录。", "Nothing is kept here to be sent."));
    return CLI_DONE;
}

static enum cli_exit sync_rows(struct spool *spool, const struct cli_arguments *arguments,
                               uint64_t number)
{
    struct spool_row *rows = NULL;
    size_t count = 0;
    if (!spool_list(spool, &rows, &count)) {
        return CLI_FAULT;
    }
    const enum cli_exit exit =
        number != 0 ? sync_drop(spool, rows, count, number, arguments_get(arguments, "yes") != NULL)
        : count == 0                               ? sync_nothing(spool->cli)
        : arguments_get(arguments, "list") != NULL ? sync_list(spool, rows, count)
                                                   : sync_send(spool, rows, count);
    spool_rows_free(rows, count);
    return exit;
}

static enum cli_exit sync_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct spool spool;
    uint64_t number = 0;
    if (!query_number(cli, arguments, "drop", 1, UINT32_MAX, &number)) {
        return CLI_USAGE;
    }
    if (number != 0 && (cli->is_dry_run || arguments_get(arguments, "list") != NULL)) {
        return arguments_complain(
            cli, arguments, "drop",
            (struct cli_text){"不能与 --list 或 --dry-run 同用", "not with --list or --dry-run"});
    }
    if (!spool_open(&spool, cli, true)) {
        return CLI_FAULT;
    }
    const enum cli_exit exit = sync_rows(&spool, arguments, number);
    spool_close(&spool);
    return exit;
}

static const struct cli_option sync_options[] = {
    {.name = "list",
     .kind = OPTION_FLAG,
     .help = {"只列出保存在本机、还没有记账的记录",
              "only lists what is kept here and not recorded"}},
    {.name = "drop",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"丢掉第 N 条，不再发送", "drops number N, which is then never sent"}},
    {.name = "yes", .kind = OPTION_FLAG, .help = {"不再询问，直接丢掉", "drops it without asking"}},
};

const struct cli_command command_sync = {
    .name = "sync",
    .summary = {"发送离线时保存在本机的记录", "Sends records that were kept while offline"},
    .details = {"每条记录只会记一次，发送多少遍都一样。只发送本人录入的；被拒绝的留在本机，\n"
                "原因消除后再发送，或用 --drop 丢掉。--dry-run 只试算。",
                "Each is entered once, however often it is sent. Only what you typed is sent;\n"
                "what is refused stays here until it goes through or is dropped. With --dry-run\n"
                "nothing is entered."},
    COMMAND_OPTIONS(sync_options),
    .run = sync_run,
};
