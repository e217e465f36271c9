/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Asking on the terminal. One thread.
 */
#include "ask.h"

#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool ask_says_yes(struct cli *cli, struct cli_text question)
{
    char answer[16] = "";
    progress_clear(cli);
    (void)fprintf(cli->out, "%s [y/N] ", cli_choose(cli, question));
    (void)fflush(cli->out);
    if (fgets(answer, sizeof(answer), stdin) == NULL) {
        return false;
    }
    answer[strcspn(answer, "\r\n")] = '\0';
    return strcmp(answer, "y") == 0 || strcmp(answer, "Y") == 0 || strcmp(answer, "yes") == 0 ||
           strcmp(answer, "是") == 0;
}

static bool ask_has_terminal(const struct cli *cli)
{
    return !cli->is_json && isatty(STDIN_FILENO) == 1 && isatty(fileno(cli->out)) == 1;
}

bool ask_is_agreed(struct cli *cli, bool is_sure, struct cli_text question, enum cli_exit *exit)
{
    if (is_sure) {
        return true;
    }
    if (ask_has_terminal(cli)) {
        *exit = CLI_DONE;
        if (ask_says_yes(cli, question)) {
            return true;
        }
        cli_say(cli, TEXT(cli, "没有记账。", "Nothing was entered."));
        return false;
    }
    cli_complain(cli, TEXT(cli, "以上只是预览，还没有记账。确认无误后，请加上 --yes 再做一次。",
                           "This was only a preview, nothing was entered. If it is right, do it "
                           "again with --yes."));
    *exit = CLI_USAGE;
    return false;
}
