/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank import undo`: takes back what an import entered, entry by entry, the newest first.
 * Members are closed; activities and what else belongs to the registry stays. One thread.
 */
#include "commands.h"

#include "ask.h"
#include "entry_view.h"
#include "figure.h"
#include "identify.h"
#include "post.h"
#include "query.h"
#include "write.h"

#include "base/assert.h"
#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <string.h>

#define UNDO_TOLD_MAX 20

struct undo {
    struct cli *cli;
    const char *reason;
    bool is_verbose;
    struct post *posts;
    uint64_t *targets; /* by post: the entry it takes back */
    size_t count;
    size_t cap;
    size_t gone;    /* reversed before */
    size_t refused; /* entries that are refusals: nothing is to be taken back */
    size_t kept;    /* of the registry */
    size_t told;
    enum cli_exit exit;
};

enum undo_way { UNDO_REVERSE, UNDO_CLOSE, UNDO_KEEP };

static enum undo_way undo_way_of(const Lovebank__V1__Entry *entry)
{
    switch ((int)entry->command->act_case) {
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD:
    case LOVEBANK__V1__COMMAND__ACT_REDEEM:
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK:
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE:
    case LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE:
    case LOVEBANK__V1__COMMAND__ACT_STOCK_RECEIVE:
    case LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE:
    case LOVEBANK__V1__COMMAND__ACT_REVERSE:
        return UNDO_REVERSE; /* what cannot be reversed, the server says */
    case LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER:
        return UNDO_CLOSE;
    default:
        return UNDO_KEEP;
    }
}

static Lovebank__V1__Command *undo_command(struct undo *undo, const Lovebank__V1__Entry *entry)
{
    struct cli *cli = undo->cli;
    Lovebank__V1__Command *command = cli_take(cli, 1, sizeof(*command));
    lovebank__v1__command__init(command);
    command->desk = cli->desk;
    command->memo = cli_copy(cli, undo->reason);
    if (undo_way_of(entry) == UNDO_CLOSE) {
        Lovebank__V1__MemberClose *act = cli_take(cli, 1, sizeof(*act));
        lovebank__v1__member_close__init(act);
        act->member =
            entry->assigned != 0 ? entry->assigned : entry->command->member_register->member;
        command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE;
        command->member_close = act;
        return command;
    }
    Lovebank__V1__Reverse *act = cli_take(cli, 1, sizeof(*act));
    lovebank__v1__reverse__init(act);
    act->target = cli_take(cli, 1, sizeof(*act->target));
    lovebank__v1__entry_ref__init(act->target);
    act->target->entry = entry->number;
    command->act_case = LOVEBANK__V1__COMMAND__ACT_REVERSE;
    command->reverse = act;
    return command;
}

static void undo_add(struct undo *undo, const Lovebank__V1__Entry *entry)
{
    if (undo->count == undo->cap) {
        const size_t cap = undo->cap == 0 ? 1024 : undo->cap * 2;
        struct post *posts = cli_take(undo->cli, cap, sizeof(*posts));
        uint64_t *targets = cli_take(undo->cli, cap, sizeof(*targets));
        if (undo->count > 0) {
            memcpy(posts, undo->posts, undo->count * sizeof(*posts));
            memcpy(targets, undo->targets, undo->count * sizeof(*targets));
        }
        undo->posts = posts;
        undo->targets = targets;
        undo->cap = cap;
    }
    struct post *post = &undo->posts[undo->count];
    undo->targets[undo->count++] = entry->number;
    /* Its id is the entry's: somebody who undid it with other words undid the same. */
    *post =
        (struct post){.command = undo_command(undo, entry), .attempt = 1, .is_said_by_id = true};
    post->first = identify_undo(entry->number);
    post_identify(undo->cli, post);
}

/* false: an entry cannot be read. */
static bool undo_take_page(struct undo *undo, const Lovebank__V1__HistoryResponse *page)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
        if (entry == NULL || entry->command == NULL) {
            lovebank__v1__entry__free_unpacked(entry, NULL);
            return false;
        }
        if (entry->code != LB_OK) {
            undo->refused++;
        } else if (page->entries[i]->reversed_by != 0) {
            undo->gone++;
        } else if (undo_way_of(entry) == UNDO_KEEP) {
            undo->kept++;
        } else {
            undo_add(undo, entry);
        }
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return true;
}

static enum cli_exit undo_collect(struct undo *undo, uint64_t import)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    request.import = import;
    request.limit = LB_PAGE_ROWS_MAX;
    do {
        Lovebank__V1__HistoryResponse *page = (Lovebank__V1__HistoryResponse *)cli_call(
            undo->cli, LB_METHOD_HISTORY, &request.base,
            &lovebank__v1__history_response__descriptor, &exit);
        if (page == NULL) {
            return exit;
        }
        const int64_t numbers[3] = {(int64_t)import, 0, 0};
        if (page->code != LB_OK) {
            exit = cli_fail(undo->cli, (int)page->code, numbers, "");
        } else if (!undo_take_page(undo, page)) {
            exit = cli_fail(undo->cli, LB_MALFORMED, NULL, "Entry");
        }
        request.before_entry = page->next;
        cli_free_response(&page->base);
    } while (exit == CLI_DONE && request.before_entry != 0);
    return exit;
}

static void undo_settled(void *context, size_t i, const Lovebank__V1__Result *result)
{
    struct undo *undo = context;
    struct cli *cli = undo->cli;
    if (result->code == LB_MEMBER_CLOSED &&
        undo->posts[i].command->act_case == LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE) {
        undo->posts[i].state = POST_THERE;
    } else if (result->code != LB_OK && cli_exit_of((int)result->code) > undo->exit) {
        undo->exit = cli_exit_of((int)result->code);
    }
    if (cli->is_json) {
        json_t *object = write_result_json(cli, result);
        if (object != NULL &&
            json_object_set_new(object, "target", json_integer((json_int_t)undo->targets[i])) !=
                0) {
            json_decref(object);
            object = NULL; /* cli_put_json says so and ends */
        }
        cli_put_json(cli, object);
        return;
    }
    if (undo->posts[i].state == POST_REFUSED &&
        (undo->told++ < UNDO_TOLD_MAX || undo->is_verbose)) {
        cli_complain(cli,
                     TEXT(cli, "第 %" PRIu64 " 号账不能撤销：%s。",
                          "Entry %" PRIu64 " cannot be undone: %s."),
                     undo->targets[i], write_sentence(cli, result));
    }
}

static size_t undo_count(const struct undo *undo, enum post_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < undo->count; i++) {
        count += undo->posts[i].state == state;
    }
    return count;
}

static void undo_sum_up(struct undo *undo, uint64_t import, bool is_tried)
{
    struct cli *cli = undo->cli;
    const size_t done = undo_count(undo, POST_DONE);
    const size_t gone = undo->gone + undo_count(undo, POST_THERE);
    const size_t refused = undo_count(undo, POST_REFUSED);
    const size_t proposed = undo_count(undo, POST_PROPOSED);
    if (cli->is_json) {
        cli_put_json(cli, json_pack("{s:I,s:b,s:I,s:I,s:I,s:I,s:I}", "import", (json_int_t)import,
                                    "dry_run", is_tried, "done", (json_int_t)done, "already_there",
                                    (json_int_t)gone, "waiting", (json_int_t)proposed, "refused",
                                    (json_int_t)refused, "kept", (json_int_t)undo->kept));
        return;
    }
    if (undo->told > UNDO_TOLD_MAX && !undo->is_verbose) {
        cli_complain(cli,
                     TEXT(cli, "还有 %zu 笔不能撤销；加 --verbose 可全部列出。",
                          "%zu more cannot be undone; --verbose lists them all."),
                     undo->told - UNDO_TOLD_MAX);
    }
    cli_say(cli,
            is_tried ? TEXT(cli, "预览撤销第 %" PRIu64 " 号导入：可撤销 %zu 笔%s%s%s%s。",
                            "Preview of undoing import %" PRIu64 ": %zu to undo%s%s%s%s.")
                     : TEXT(cli, "第 %" PRIu64 " 号导入：已撤销 %zu 笔%s%s%s%s。",
                            "Import %" PRIu64 ": %zu undone%s%s%s%s."),
            import, done,
            figure_part(cli, TEXT(cli, "，以前已撤销 ", ", "), gone,
                        TEXT(cli, " 笔", " undone before")),
            figure_part(cli, TEXT(cli, "，等第二个人确认 ", ", "), proposed,
                        TEXT(cli, " 笔", " waiting for a second person")),
            figure_part(cli, TEXT(cli, "，不能撤销 ", ", "), refused,
                        TEXT(cli, " 笔", " cannot be undone")),
            figure_part(cli, TEXT(cli, "；活动等登记保留 ", "; "), undo->kept,
                        TEXT(cli, " 项", " of the registry (activities ...) kept")));
}

/* One dry run or the real thing; told. */
static enum cli_exit undo_send(struct undo *undo, uint64_t import, bool is_dry_run)
{
    struct post_list list = {.cli = undo->cli,
                             .posts = undo->posts,
                             .count = undo->count,
                             .is_dry_run = is_dry_run,
                             .settled = undo_settled,
                             .context = undo};
    post_rewind(&list);
    undo->told = 0;
    enum cli_exit exit = undo->count == 0 ? CLI_DONE : post_send(&list);
    if (exit == CLI_DONE || !is_dry_run) {
        undo_sum_up(undo, import, is_dry_run);
    }
    if (exit != CLI_DONE && !is_dry_run) {
        cli_complain(undo->cli, TEXT(undo->cli, "没有撤完。请再撤销一次：已撤销的不会重复。",
                                     "It is not finished. Do it again: nothing is undone twice."));
    }
    return exit;
}

static enum cli_exit undo_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct undo undo = {.cli = cli, .reason = arguments_get(arguments, "reason")};
    uint64_t import = 0;
    bool is_sure = arguments_get(arguments, "yes") != NULL;
    undo.is_verbose = arguments_get(arguments, "verbose") != NULL;
    if (!query_number(cli, arguments, "import", 1, INT64_MAX, &import)) {
        return CLI_USAGE;
    }
    enum cli_exit exit = undo_collect(&undo, import);
    if (exit != CLI_DONE) {
        return exit;
    }
    if (cli->is_dry_run || !is_sure) {
        exit = undo_send(&undo, import, true);
        if (exit != CLI_DONE || cli->is_dry_run) {
            return exit == CLI_DONE ? undo.exit : exit;
        }
        if (!ask_is_agreed(cli, is_sure, (struct cli_text){"撤销这次导入吗？", "Undo this import?"},
                           &exit)) {
            return exit;
        }
    }
    undo.exit = CLI_DONE;
    exit = undo_send(&undo, import, false);
    return exit == CLI_DONE ? undo.exit : exit;
}

static const struct cli_option undo_options[] = {
    {.name = "import",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .value = "N",
     .help = {"导入的编号（import list 列出）", "the import's number, see import list"}},
    {.name = "reason",
     .kind = OPTION_VALUE,
     .is_required = true,
     .value = "TEXT",
     .help = {"事由；可删除，不进账本", "why; erasable, not in the ledger"}},
    {.name = "yes",
     .kind = OPTION_FLAG,
     .help = {"不预览、不询问，直接撤销", "undo without preview and question"}},
    {.name = "verbose",
     .kind = OPTION_FLAG,
     .help = {"逐一列出不能撤销的账", "list every entry that cannot be undone"}},
};

const struct cli_command command_import_undo = {
    .name = "import undo",
    .summary = {"撤销整次导入", "Undoes a whole import"},
    COMMAND_OPTIONS(undo_options),
    .run = undo_run,
};
