/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * An import from beginning to end: read, previewed, asked about, entered, told. One thread.
 */
#include "import.h"

#include "ask.h"

#include "base/assert.h"

#include <string.h>

const char *import_path(const struct import *import, const struct import_row *row)
{
    return import->files[row->file].path;
}

size_t import_line(const struct import *import, const struct import_row *row)
{
    return import->files[row->file].rows.items[row->at].line;
}

struct import_counts import_count(const struct import *import, size_t first, size_t count)
{
    struct import_counts counts = {0};
    size_t waiting = 0;
    for (size_t i = first; i < first + count; i++) {
        const struct import_row *row = &import->rows[i];
        const struct post *post = row->post == SIZE_MAX ? NULL : &import->posts[row->post];
        enum post_state state = post == NULL ? POST_REFUSED : post->state;
        counts.done += state == POST_DONE;
        counts.again += state == POST_DONE && row->is_again;
        counts.there += state == POST_THERE;
        counts.refused += state == POST_REFUSED;
        counts.proposed += state == POST_PROPOSED;
        waiting += state == POST_WAITING;
    }
    LB_ASSERT(counts.done + counts.there + counts.refused + counts.proposed + waiting == count);
    return counts;
}

/* false: the import ends here, with *exit. */
static bool import_preview(struct import *import, enum cli_exit *exit)
{
    struct cli *cli = import->cli;
    *exit = import_try(import);
    if (*exit != CLI_DONE) {
        return false;
    }
    import_report_end(import, true);
    const struct import_counts counts = import_count(import, 0, import->row_count);
    if (cli->is_dry_run) {
        *exit = import->exit;
        return false;
    }
    if (import->options.is_atomic && counts.refused > 0) {
        cli_complain(cli,
                     TEXT(cli, "有 %zu 行被拒绝，按 --atomic 一行也没有记入。请改正后再导入。",
                          "%zu rows were refused; because of --atomic nothing was entered. "
                          "Correct them and import again."),
                     counts.refused);
        *exit = import->exit;
        return false;
    }
    if (counts.done + counts.proposed == 0) {
        cli_say(cli, TEXT(cli, "没有要记入的行。", "There is nothing to enter."));
        *exit = import->exit;
        return false;
    }
    return ask_is_agreed(cli, import->options.is_sure,
                         (struct cli_text){"记入账本吗？", "Enter this into the ledger?"}, exit);
}

static enum cli_exit import_check_atomic(struct import *import)
{
    if (!import->options.is_atomic || import->row_count <= LB_BATCH_COMMANDS_MAX) {
        return CLI_DONE;
    }
    cli_complain(import->cli,
                 TEXT(import->cli,
                      "--atomic 一次最多 %d 行，这里有 %zu 行。请分开导入，或去掉 --atomic。",
                      "--atomic takes at most %d rows, these are %zu; import them in parts, or "
                      "without --atomic."),
                 LB_BATCH_COMMANDS_MAX, import->row_count);
    return CLI_REFUSED;
}

static enum cli_exit import_write(struct import *import)
{
    enum cli_exit exit = import_enter(import);
    const enum cli_exit rejects = import_write_rejects(import);
    import_report_end(import, false);
    if (exit != CLI_DONE) {
        cli_complain(import->cli,
                     TEXT(import->cli, "没有导完。请再导入同样的文件：已记入的不会重复记账。",
                          "It is not finished. Import the same files again: nothing is entered "
                          "twice."));
        return exit;
    }
    return rejects != CLI_DONE ? rejects : import->exit;
}

static enum cli_exit import_process(struct import *import)
{
    enum cli_exit exit = import_read_options(import);
    exit = exit == CLI_DONE ? import_read(import) : exit;
    exit = exit == CLI_DONE ? import_check_atomic(import) : exit;
    if (exit != CLI_DONE) {
        return exit;
    }
    import_report_files(import);
    if (!cli_connect(import->cli, &exit) || (exit = import_find_activities(import)) != CLI_DONE ||
        (exit = import_build(import)) != CLI_DONE) {
        return exit;
    }
    bool has_preview =
        !import->options.is_sure || import->options.is_atomic || import->cli->is_dry_run;
    if (has_preview && !import_preview(import, &exit)) {
        return exit;
    }
    return import_write(import);
}

enum cli_exit import_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct import import = {.cli = cli,
                            .arguments = arguments,
                            .form = arguments->command->rows,
                            .kind = strchr(arguments->command->name, ' ') + 1};
    enum cli_exit exit = import_process(&import);
    people_free(import.people);
    lookup_fini(&import.occurrences);
    lookup_fini(&import.newcomers);
    lookup_fini(&import.receipts);
    return exit;
}
