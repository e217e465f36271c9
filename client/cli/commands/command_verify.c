/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank verify`: the server's check of the whole ledger, followed to its end. One thread.
 */
#include "commands.h"

#include "json_message.h"
#include "progress.h"

#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <time.h>

#define VERIFY_ASK_MS 200

static enum cli_exit verify_tell(struct cli *cli, const Lovebank__V1__VerifyResponse *answer)
{
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&answer->base));
    } else if (answer->passed) {
        cli_say(cli,
                TEXT(cli, "核对了 %" PRIu64 " 笔账，全部相符。",
                     "%" PRIu64 " entries were checked; everything agrees."),
                answer->checked);
    } else {
        cli_complain(cli,
                     TEXT(cli, "账目不符：%s。请停止记账，保留数据目录，查看日志。",
                          "The ledger does not agree: %s. Stop writing, keep the data "
                          "directory, and see the server's log."),
                     answer->problem);
    }
    return answer->passed ? CLI_DONE : CLI_FAULT;
}

static enum cli_exit verify_run(struct cli *cli, const struct cli_arguments *arguments)
{
    if (arguments_get(arguments, "offline") != NULL) {
        cli_complain(cli, TEXT(cli, "离线核对由服务器程序做：lovebankd verify --help。",
                               "Checking a directory offline is the server program's work: "
                               "lovebankd verify --help."));
        return CLI_USAGE;
    }
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__VerifyRequest request = LOVEBANK__V1__VERIFY_REQUEST__INIT;
    request.start = true;
    for (;;) {
        Lovebank__V1__VerifyResponse *answer = (Lovebank__V1__VerifyResponse *)cli_call(
            cli, LB_METHOD_VERIFY, &request.base, &lovebank__v1__verify_response__descriptor,
            &exit);
        if (answer == NULL) {
            return exit;
        }
        bool is_known = answer->done || answer->running;
        bool is_over = answer->done && !answer->running;
        if (is_over) {
            exit = verify_tell(cli, answer);
        } else {
            progress_show(cli, answer->checked, answer->total);
        }
        cli_free_response(&answer->base);
        if (is_over) {
            return exit;
        }
        request.start = !is_known; /* a server that was started again knows of no check */
        const struct timespec pause = {.tv_nsec = VERIFY_ASK_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
}

static const struct cli_option verify_options[] = {
    {.name = "offline",
     .kind = OPTION_VALUE,
     .value = "DIR",
     .help = {"离线核对请用 lovebankd verify", "not here: lovebankd checks a directory"}},
};

const struct cli_command command_verify = {
    .name = "verify",
    .summary = {"核对整本账", "Checks the whole ledger"},
    COMMAND_OPTIONS(verify_options),
    .run = verify_run,
};
