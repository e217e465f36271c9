/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank member export`: all that is held on one member, for the member: person, consents,
 * cards, classes, balances, and every entry. As a text to read and as JSON. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "errno_text.h"
#include "figure.h"
#include "json_message.h"
#include "member_view.h"
#include "person.h"
#include "query.h"
#include "registry.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

/* A member's page of history, the newest first. */
struct member_page {
    Lovebank__V1__HistoryResponse *response;
    struct member_page *next;
};

struct member_export {
    struct cli *cli;
    Lovebank__V1__MemberGetResponse *member;
    struct member_page *oldest; /* pages, the oldest first */
};

static enum cli_exit export_fetch_history(struct member_export *export)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    ref.member = export->member->info->member;
    request.member = &ref;
    request.limit = LB_PAGE_ROWS_MAX;
    do {
        struct member_page *page = cli_take(export->cli, 1, sizeof(*page));
        page->response = (Lovebank__V1__HistoryResponse *)cli_call(
            export->cli, LB_METHOD_HISTORY, &request.base,
            &lovebank__v1__history_response__descriptor, &exit);
        if (page->response == NULL) {
            return exit;
        }
        page->next = export->oldest;
        export->oldest = page;
        request.before_entry = page->response->next;
        if (page->response->code != LB_OK) {
            return query_refuse_member(export->cli, page->response->code, &ref);
        }
    } while (request.before_entry != 0);
    return CLI_DONE;
}

static void export_free(struct member_export *export)
{
    for (struct member_page *page = export->oldest; page != NULL; page = page->next) {
        cli_free_response(&page->response->base);
    }
    cli_free_response((ProtobufCMessage *)export->member);
}

static void export_row(struct table *table, uint64_t member,
                       const Lovebank__V1__StoredEntry *stored)
{
    struct cli *cli = table->cli;
    Lovebank__V1__Entry *entry = entry_view_unpack(stored);
    if (entry == NULL) {
        return;
    }
    const int64_t minutes =
        entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES);
    const int64_t points =
        entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS);
    const char *cells[] = {
        cli_format(cli, "%" PRIu64, entry->number),
        entry_view_day(cli, entry->day),
        entry_view_what(cli, entry),
        minutes == 0 ? "" : cli_format(cli, "%" PRId64, minutes),
        points == 0 ? "" : figure_points(cli, points),
        entry_view_who(cli, stored, entry),
        entry_view_note(cli, stored, entry),
        stored->memo,
    };
    table_row(table, cells);
    lovebank__v1__entry__free_unpacked(entry, NULL);
}

static void export_print_history(struct member_export *export)
{
    static const struct table_column columns[] = {
        {.title = {"记账号", "ENTRY"}, .is_right = true},
        {.title = {"日期", "DATE"}},
        {.title = {"事项", "WHAT"}},
        {.title = {"分钟", "MINUTES"}, .is_right = true},
        {.title = {"积分", "POINTS"}, .is_amount = true},
        {.title = {"经手", "BY"}},
        {.title = {"备注", "NOTE"}},
        {.title = {"事由", "REASON"}},
    };
    struct table table;
    (void)fputc('\n', export->cli->out);
    TABLE_BEGIN(&table, export->cli, columns);
    for (const struct member_page *page = export->oldest; page != NULL; page = page->next) {
        for (size_t i = page->response->n_entries; i-- > 0;) {
            export_row(&table, page->response->member, page->response->entries[i]);
        }
    }
    table_end(&table);
}

/* To cli->out, --json or not. */
static void export_print_text(struct member_export *export)
{
    struct cli *cli = export->cli;
    const Lovebank__V1__MemberInfo *info = export->member->info;
    const bool is_json = cli->is_json;
    cli->is_json = false;
    cli_say(cli,
            TEXT(cli, "爱心银行存有的志愿者 %08" PRIu64 " 的全部信息",
                 "All that the love bank holds on member %08" PRIu64),
            info->member);
    (void)fputc('\n', cli->out);
    member_view_person(cli, info);
    (void)fputc('\n', cli->out);
    member_view_balance(cli, info);
    member_view_registry(cli, info);
    member_view_lots(cli, info);
    member_view_years(cli, info);
    export_print_history(export);
    cli->is_json = is_json;
}

/* NULL: no memory. */
static json_t *export_json(const struct member_export *export)
{
    json_t *entries = json_array();
    for (const struct member_page *page = export->oldest; page != NULL; page = page->next) {
        for (size_t i = page->response->n_entries; i-- > 0;) {
            if (json_array_append_new(
                    entries, json_of_stored_entry(&page->response->entries[i]->base)) != 0) {
                json_decref(entries);
                return NULL;
            }
        }
    }
    return json_pack("{s:o,s:o}", "member", json_of_message(&export->member->info->base), "entries",
                     entries);
}

/* A file that was not there, for its owner only; cli->out goes there. */
static enum cli_exit export_to_file(struct member_export *export, const char *path,
                                    void (*print)(struct member_export *export))
{
    struct cli *cli = export->cli;
    FILE *before = cli->out;
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    cli->out = fd < 0 ? NULL : fdopen(fd, "w");
    bool is_written = cli->out != NULL;
    if (is_written) {
        print(export);
        is_written = ferror(cli->out) == 0;
        is_written = fclose(cli->out) == 0 && is_written;
    } else if (fd >= 0) {
        (void)close(fd);
    }
    cli->out = before;
    if (!is_written) {
        cli_complain(cli, TEXT(cli, "%s 写不了：%s。", "%s cannot be written: %s."), path,
                     errno_text(cli->is_chinese, errno));
    }
    return is_written ? CLI_DONE : CLI_FAULT;
}

static void export_print_json(struct member_export *export)
{
    cli_put_json(export->cli, export_json(export));
}

static enum cli_exit export_write(struct member_export *export, const char *output)
{
    struct cli *cli = export->cli;
    if (output == NULL) {
        if (cli->is_json) {
            export_print_json(export);
        } else {
            export_print_text(export);
        }
        return CLI_DONE;
    }
    const char *text = cli_format(cli, "%s.txt", output);
    const char *json = cli_format(cli, "%s.json", output);
    enum cli_exit exit = export_to_file(export, text, export_print_text);
    exit = exit == CLI_DONE ? export_to_file(export, json, export_print_json) : exit;
    if (exit == CLI_DONE) {
        cli_say(cli,
                TEXT(cli, "已写入 %s 和 %s，只有您能读。请交给本人后删去。",
                     "Written to %s and %s, which only you can read; hand them over, then "
                     "remove them."),
                text, json);
    }
    return exit;
}

static enum cli_exit member_export_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t member = 0;
    struct member_export export = {.cli = cli};
    if (!query_number(cli, arguments, "member", 1, LB_MEMBER_MAX, &member)) {
        return CLI_USAGE;
    }
    if (cli->is_dry_run) {
        cli_complain(cli, TEXT(cli, "导出不能试算：查看完整个人信息本身就是一笔账。",
                               "This cannot be tried with --dry-run: to look is an entry."));
        return CLI_USAGE;
    }
    export.member = person_reveal(cli, member, arguments_get(arguments, "reason"), &exit);
    if (export.member == NULL) {
        return exit;
    }
    exit = export_fetch_history(&export);
    exit = exit == CLI_DONE ? export_write(&export, arguments_get(arguments, "output")) : exit;
    export_free(&export);
    return exit;
}

static const struct cli_option member_export_options[] = {
    COLUMN_MEMBER_NUMBER,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .is_required = true,
     .value = "TEXT",
     .help = {"事由，记在账上，如 本人申请", "why, kept with the entry: asked by the member, say"}},
    {.name = "output",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "FILE",
     .help = {"写成 FILE.txt 和 FILE.json 两个新文件，不写则显示",
              "into new files FILE.txt and FILE.json; else it is shown"}},
};

const struct cli_command command_member_export = {
    .name = "member export",
    .summary = {"导出存有的一个人的全部信息，交给本人",
                "All that is held on a member, to hand over"},
    COMMAND_OPTIONS(member_export_options),
    .run = member_export_run,
};
