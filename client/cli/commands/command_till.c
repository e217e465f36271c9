/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank counter`: the till. It takes keys from the terminal to the state machine, its requests
 * to the server and its state to the screen. One thread.
 */
#include "commands.h"

#include "errno_text.h"
#include "query.h"
#include "registry.h"
#include "till_server.h"
#include "till_terminal.h"
#include "typed.h"

#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TILL_SCRATCH_BYTES_MAX ((size_t)1 << 20)

/* What the loop holds together. */
struct till_loop {
    struct till till;
    struct till_server server;
    struct terminal terminal;
    struct screen screen;
    struct arena scratch;
};

static void till_loop_show(struct till_loop *loop, unsigned wait_s)
{
    char clock[8] = "";
    struct tm book;
    const time_t second = (time_t)(clock_now_ms(clock_system()) / 1000 + loop->server.zone_east_s);
    if (gmtime_r(&second, &book) != NULL) {
        (void)strftime(clock, sizeof(clock), "%H:%M", &book);
    }
    till_screen_paint(&loop->till, clock, wait_s, &loop->screen);
    terminal_show(&loop->screen, loop->till.is_chinese, loop->till.rings);
    loop->till.rings = false;
}

static void till_loop_on_wait(void *context, unsigned seconds)
{
    till_loop_show(context, seconds);
}

/* Carries a request out, and those that follow from its answer, and what waited for it. false: the
 * till is closed. */
static bool till_loop_perform(struct till_loop *loop, struct till_request request)
{
    while (request.want != TILL_NOTHING || loop->till.queue_count > 0) {
        struct till_answer answer;
        if (request.want == TILL_WANT_QUIT) {
            return false;
        }
        if (request.want == TILL_NOTHING) {
            if (loop->till.mode == TILL_UNSETTLED) {
                return true;
            }
            request = till_next(&loop->till);
            continue;
        }
        till_server_perform(&loop->server, &loop->till, &request, &answer);
        request = till_take(&loop->till, &answer);
        if (request.want == TILL_WANT_PRINT) {
            till_loop_show(loop, 0); /* it is entered: that is not kept waiting for the printer */
        }
    }
    return true;
}

static bool till_loop_keys(struct till_loop *loop)
{
    struct till_key key;
    while (till_keys_next(&loop->terminal.keys, loop->terminal.is_esc_alone, &key)) {
        if (!till_loop_perform(loop, till_press(&loop->till, &key))) {
            return false;
        }
    }
    return true;
}

static void till_loop_run(struct till_loop *loop)
{
    bool is_open = true;
    while (is_open) {
        till_loop_show(loop, 0);
        switch (terminal_wait(&loop->terminal)) {
        case TERMINAL_KEYS:
            is_open = till_loop_keys(loop);
            break;
        case TERMINAL_WINDOW:
        case TERMINAL_MINUTE:
            break;
        case TERMINAL_END:
            is_open = false;
            break;
        }
    }
}

/* A command of an earlier run is asked about before anything else. */
static void till_loop_begin(struct till_loop *loop, bool has_pending)
{
    struct till *till = &loop->till;
    till->is_chinese = loop->server.cli->is_chinese;
    till->has_printer = loop->server.printer.target != NULL;
    till->desk = loop->server.cli->desk;
    till->catalogue = loop->server.catalogue;
    till->scratch = &loop->scratch;
    till_server_names(&loop->server, &till->counter_name, &till->org_name);
    till_init(till);
    if (has_pending) {
        till->mode = TILL_UNSETTLED;
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "上次有一笔没有收到答复，正在问服务器。",
                            "Something of the last time has no answer yet: asking the server."));
        till_loop_show(loop, 0);
        (void)till_loop_perform(loop, (struct till_request){.want = TILL_WANT_SETTLE});
    }
}

static enum cli_exit till_loop_open(struct till_loop *loop)
{
    struct cli *cli = loop->server.cli;
    bool is_elsewhere = false;
    const bool has_pending = till_server_has_pending(&loop->server, &is_elsewhere);
    if (is_elsewhere) {
        return CLI_REFUSED;
    }
    if (!terminal_open(&loop->terminal)) {
        cli_complain(cli, TEXT(cli, "终端用不了：%s。", "The terminal cannot be used: %s."),
                     errno_text(cli->is_chinese, errno));
        return CLI_FAULT;
    }
    loop->server.link.on_wait = till_loop_on_wait;
    loop->server.link.context = loop;
    till_loop_begin(loop, has_pending);
    till_loop_run(loop);
    terminal_close(&loop->terminal);
    if (till_server_has_pending(&loop->server, &is_elsewhere)) {
        cli_complain(cli, TEXT(cli, "有一笔还没有收到答复；下次开柜台时接着问，不会重复记账。",
                               "Something has no answer yet; the next start asks about it, and "
                               "nothing is entered twice."));
        return CLI_TRY_LATER;
    }
    return CLI_DONE;
}

static const struct cli_option till_options[] = {
    {.name = "counter",
     .kind = OPTION_VALUE,
     .holds = HOLDS_COUNTER,
     .help = {"兑换点，编号或名称（环境变量 LOVEBANK_COUNTER）",
              "the counter, by number or name (LOVEBANK_COUNTER)"}},
    {.name = "printer",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "FILE|'|COMMAND'",
     .help = {"收据送到打印机、文件（接在后面），或交给命令，如 '|lp -d receipts'",
              "receipts go to a device, a file (added), or a command such as '|lp -d receipts'"}},
    PRINTER_OPTIONS,
};

static enum cli_exit till_check_use(struct cli *cli, const struct cli_arguments *arguments)
{
    const char *printer = arguments_get(arguments, "printer");
    if (cli->is_json || cli->is_dry_run || !id_is_zero(&cli->id)) {
        cli_complain(cli, TEXT(cli, "柜台不能与 --json、--dry-run、--id 同用。",
                               "The till takes no --json, --dry-run or --id."));
        return CLI_USAGE;
    }
    if (printer != NULL && (strcmp(printer, "-") == 0 || printer[0] == '\0')) {
        return arguments_complain(
            cli, arguments, "printer",
            (struct cli_text){"请写文件、设备或 |命令", "give a file, a device or |command"});
    }
    if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
        cli_complain(cli, TEXT(cli, "柜台要在终端里用；从文件兑换请用 lovebank import。",
                               "The till needs a terminal; redemptions from a file go in with "
                               "lovebank import."));
        return CLI_USAGE;
    }
    return CLI_DONE;
}

static enum cli_exit till_run(struct cli *cli, const struct cli_arguments *arguments)
{
    uint64_t counter = 0;
    const char *given = arguments_get(arguments, "counter");
    const char *name = given != NULL ? given : getenv("LOVEBANK_COUNTER");
    if (name == NULL || name[0] == '\0') {
        return arguments_complain(cli, arguments, "counter", till_options[0].help);
    }
    enum cli_exit exit = till_check_use(cli, arguments);
    if (exit != CLI_DONE || !typed_resolve(cli, REGISTRY_COUNTER, name, &counter, &exit)) {
        return exit;
    }
    struct till_loop *loop = cli_take(cli, 1, sizeof(*loop));
    loop->server.cli = cli;
    loop->server.counter = (uint32_t)counter;
    exit = printer_read_options(cli, arguments, &loop->server.printer);
    loop->server.printer.target = arguments_get(arguments, "printer");
    if (exit != CLI_DONE || !till_server_open(&loop->server, &exit)) {
        return exit;
    }
    arena_init(&loop->scratch, arena_memory_heap(), TILL_SCRATCH_BYTES_MAX);
    exit = till_loop_open(loop);
    arena_fini(&loop->scratch);
    till_server_close(&loop->server);
    return exit;
}

const struct cli_command command_till = {
    .name = "counter",
    .summary = {"柜台：扫卡，扫商品，回车", "The till: scan a card, scan goods, Enter"},
    .details = {"柜台用法见 docs/counter.md；屏幕最下一行写着各键。",
                "See docs/counter.md; the keys stand on the last line of the screen."},
    COMMAND_OPTIONS(till_options),
    .run = till_run,
};
