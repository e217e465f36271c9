/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows' commands on their way: tried, entered. One thread.
 */
#include "import.h"

#include "entry_view.h"
#include "identify.h"
#include "write.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

static Lovebank__V1__EntryRef *import_target_ref(const Lovebank__V1__Command *command)
{
    switch ((int)command->act_case) {
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE:
        return command->service_give->ask;
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE:
        return command->service_release->ask;
    default:
        return NULL;
    }
}

/* The post of the row that this one means by its receipt, when it comes before; or NULL. */
static const struct post *import_target(const struct import *import, size_t p)
{
    const struct import_row *row = &import->rows[import->post_rows[p]];
    if (row->target_row == FORM_NO_ROW || import->rows[row->target_row].post >= p) {
        return NULL;
    }
    return &import->posts[import->rows[row->target_row].post];
}

/* What is known only now: the number of the import and of the activity, the attempt of another
 * row. */
static void import_make_ready(void *context, size_t p)
{
    struct import *import = context;
    const struct import_row *row = &import->rows[import->post_rows[p]];
    Lovebank__V1__Command *command = import->posts[p].command;
    const struct post *target = import_target(import, p);
    Lovebank__V1__EntryRef *ref = import_target_ref(command);
    command->import = import->is_trying ? 0 : import->number;
    if (row->activity != SIZE_MAX) {
        command->service_record->activity = import->activity_numbers[row->activity];
    }
    if (target != NULL && ref != NULL) {
        ref->request_id = target->command->id;
    }
}

/* An answer about a row whose ask must be entered anew is about the old one. */
static bool import_is_final(void *context, size_t p)
{
    const struct post *target = import_target(context, p);
    return target == NULL || target->state != POST_WAITING;
}

/* Of the rows before that one, those that were refused without asking the server about them: so
 * that rows are told in their order. */
static void import_tell_refused(struct import *import, size_t before)
{
    for (; import->told_rows < before; import->told_rows++) {
        if (import->rows[import->told_rows].complaint.is_set) {
            import_report_row(import, import->told_rows, NULL);
        }
    }
}

/* What the row gave: earned, or brought along. */
static void import_add_given(struct import *import, const Lovebank__V1__Command *command,
                             const Lovebank__V1__Result *result)
{
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        import->given++;
        import->given_minutes += command->opening_balance->minutes;
        import->given_centi += command->opening_balance->points_centi;
    } else if (result->earning != NULL) {
        import->given++;
        import->given_minutes += result->earning->minutes;
        import->given_centi += result->earning->points_centi;
    }
}

static void import_settled(void *context, size_t p, const Lovebank__V1__Result *result)
{
    struct import *import = context;
    struct import_row *row = &import->rows[import->post_rows[p]];
    row->is_again = import->posts[p].attempt > 1;
    row->refusal = result->code == LB_OK ? NULL : write_sentence(import->cli, result);
    if (import->posts[p].state == POST_DONE) {
        import_add_given(import, import->posts[p].command, result);
    }
    import_tell_refused(import, import->post_rows[p]);
    import_report_row(import, import->post_rows[p], result);
}

static struct post_list import_posts(struct import *import, bool is_dry_run)
{
    return (struct post_list){.cli = import->cli,
                              .posts = import->posts,
                              .count = import->post_count,
                              .is_dry_run = is_dry_run,
                              .ready = import_make_ready,
                              .is_final = import_is_final,
                              .settled = import_settled,
                              .context = import};
}

/* Of a list of all posts. */
static void import_begin(struct import *import, struct post_list *list)
{
    post_rewind(list);
    import->is_trying = list->is_dry_run;
    import->told = 0;
    import->told_rows = 0;
    import->given = 0;
    import->given_minutes = 0;
    import->given_centi = 0;
    import->exit = CLI_DONE;
}

enum cli_exit import_try(struct import *import)
{
    struct post_list list = import_posts(import, true);
    import_begin(import, &list);
    enum cli_exit exit = import_open_activities(import, true);
    exit = exit == CLI_DONE && list.count > 0 ? post_send(&list) : exit;
    import_tell_refused(import, import->row_count);
    return exit;
}

/* The act that begins the import. Under its id may be one of the same rows in other files. */
static enum cli_exit import_settle_open(struct import *import, const struct id *id,
                                        const Lovebank__V1__Result *result)
{
    enum cli_exit exit = CLI_DONE;
    struct id copy = *id;
    Lovebank__V1__EntryRef ref = LOVEBANK__V1__ENTRY_REF__INIT;
    if (result->code != LB_ID_REUSED) {
        const int64_t numbers[3] = {result->a, result->b, result->c};
        import->number = result->assigned;
        exit = result->code == LB_OK
                   ? CLI_DONE
                   : cli_fail(import->cli, (int)result->code, numbers, result->text);
        if (result->code == LB_WAITING) {
            cli_complain(import->cli,
                         TEXT(import->cli,
                              "整个导入等第二个人确认（第 %" PRIu64
                              " 号事项）。确认后，请再导入同样的文件。",
                              "The whole import waits for a second person (proposal %" PRIu64
                              "). Once it is confirmed, import the same files again."),
                         result->entry);
        }
        return exit;
    }
    ref.request_id = (ProtobufCBinaryData){.len = sizeof(copy.bytes), .data = copy.bytes};
    Lovebank__V1__EntryGetResponse *response = entry_view_get(import->cli, &ref, false, &exit);
    if (response == NULL) {
        return exit;
    }
    Lovebank__V1__Entry *entry =
        response->entry == NULL ? NULL : entry_view_unpack(response->entry);
    import->number = entry == NULL ? 0 : entry->assigned;
    lovebank__v1__entry__free_unpacked(entry, NULL);
    cli_free_response(&response->base);
    return import->number != 0 ? CLI_DONE : cli_fail(import->cli, LB_MALFORMED, NULL, "Entry");
}

/* "一月.csv, 二月.csv", as long as a memo may be. */
static char *import_file_names(struct import *import)
{
    const char *names = "";
    for (size_t f = 0; f < import->file_count; f++) {
        const char *slash = strrchr(import->files[f].path, '/');
        const char *base = slash == NULL ? import->files[f].path : slash + 1;
        base = utf8_is_text(bytes_of_text(base), 0) ? base : "?";
        const char *more = cli_format(import->cli, "%s%s%s", names, f == 0 ? "" : ", ", base);
        if (strlen(more) > LB_MEMO_BYTES_MAX - sizeof("…")) {
            return cli_copy(import->cli, cli_format(import->cli, "%s…", names));
        }
        names = more;
    }
    return cli_copy(import->cli, names);
}

static enum cli_exit import_open(struct import *import)
{
    enum cli_exit exit = CLI_DONE;
    struct cli *cli = import->cli;
    struct id *ids = cli_take(cli, import->post_count + 1, sizeof(*ids));
    Lovebank__V1__ImportOpen act;
    Lovebank__V1__Command command;
    Lovebank__V1__Command *commands[1] = {&command};
    lovebank__v1__import_open__init(&act);
    lovebank__v1__command__init(&command);
    for (size_t p = 0; p < import->post_count; p++) {
        ids[p] = import->posts[p].first;
    }
    const struct id id = identify_import(import->kind, ids, import->post_count);
    act.kind = cli_copy(cli, import->kind);
    act.rows = (uint32_t)import->row_count;
    command.act_case = LOVEBANK__V1__COMMAND__ACT_IMPORT_OPEN;
    command.import_open = &act;
    command.desk = cli->desk;
    command.memo = import_file_names(import);
    write_set_id(cli, &command, &id);
    const Lovebank__V1__WriteRequest request = write_request(cli, commands, 1);
    Lovebank__V1__WriteResponse *response = (Lovebank__V1__WriteResponse *)cli_call(
        cli, LB_METHOD_WRITE, &request.base, &lovebank__v1__write_response__descriptor, &exit);
    if (response == NULL) {
        return exit;
    }
    const int64_t numbers[3] = {response->a, response->b, response->c};
    if (response->code != LB_OK || response->n_results != 1) {
        exit = response->code != LB_OK ? cli_fail(cli, (int)response->code, numbers, response->text)
                                       : cli_fail(cli, LB_MALFORMED, NULL, "WriteResponse");
    } else {
        exit = import_settle_open(import, &id, response->results[0]);
    }
    cli_free_response(&response->base);
    return exit;
}

/* Rows that are all there, or refused as before, need no import, and leave no trace. */
static enum cli_exit import_look(struct import *import, bool *has_news)
{
    struct post_list list = import_posts(import, true);
    *has_news = false;
    import_begin(import, &list);
    enum cli_exit exit = import_open_activities(import, true);
    return exit == CLI_DONE ? post_look(&list, has_news) : exit;
}

enum cli_exit import_enter(struct import *import)
{
    bool has_news = false;
    enum cli_exit exit = import_look(import, &has_news);
    if (exit != CLI_DONE || !has_news) {
        return exit == CLI_DONE ? import_try(import) : exit;
    }
    struct post_list list = import_posts(import, false);
    import_begin(import, &list);
    exit = import_open(import);
    exit = exit == CLI_DONE ? import_open_activities(import, false) : exit;
    if (exit == CLI_DONE) {
        exit = import->options.is_atomic ? post_send_whole(&list) : post_send(&list);
    }
    import_tell_refused(import, import->row_count);
    return exit;
}
