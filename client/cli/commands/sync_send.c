/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sending what was kept: each row under its own id, so that however often it is sent it is entered
 * once. A row leaves the spool when the server has answered that it is entered, or waits for a
 * second person; what was refused stays until it goes through or is dropped. One thread.
 */
#include "sync.h"

#include "post.h"
#include "registry.h"
#include "working_days.h"
#include "write.h"

#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <string.h>

struct sync {
    struct cli *cli;
    struct spool *spool;
    struct spool_row **mine; /* by post */
    int32_t today;
    size_t done;
    size_t there;
    size_t proposed;
    size_t refused;
    size_t late;
    bool has_failed; /* to remove one, which was told */
};

/* For whom the rows are sent. false: told. */
static bool sync_whoami(struct cli *cli, struct spool_who *who, enum cli_exit *exit)
{
    const Lovebank__V1__WhoamiRequest request = LOVEBANK__V1__WHOAMI_REQUEST__INIT;
    Lovebank__V1__WhoamiResponse *response = (Lovebank__V1__WhoamiResponse *)cli_call(
        cli, LB_METHOD_WHOAMI, &request.base, &lovebank__v1__whoami_response__descriptor, exit);
    *who = (struct spool_who){0};
    if (response == NULL) {
        return false;
    }
    const bool is_somebody = response->principal != NULL || response->is_trusted;
    if (response->principal != NULL) {
        who->principal = response->principal->principal;
    }
    cli_free_response(&response->base);
    if (!is_somebody) {
        *exit = cli_fail(cli, LB_LOGIN_REQUIRED, NULL, "");
    }
    return is_somebody;
}

/* The number of the entry or proposal, or why there is none. */
static const char *sync_outcome(struct cli *cli, enum post_state state,
                                const Lovebank__V1__Result *result)
{
    switch (state) {
    case POST_DONE:
        return cli->is_dry_run ? TEXT(cli, "可以记账", "would be recorded")
                               : cli_format(cli,
                                            TEXT(cli, "已记账（记账号 %" PRIu64 "）",
                                                 "recorded (entry %" PRIu64 ")"),
                                            result->entry);
    case POST_THERE:
        if (result->reversed_by != 0) {
            return cli_format(
                cli,
                TEXT(cli, "以前已记账（记账号 %" PRIu64 "），后来由 %" PRIu64 " 撤销，不再重记",
                     "was recorded before (entry %" PRIu64 ") and undone since by %" PRIu64
                     "; not done again"),
                result->entry, result->reversed_by);
        }
        return cli_format(
            cli, TEXT(cli, "以前已记账（记账号 %" PRIu64 "）", "was there (entry %" PRIu64 ")"),
            result->entry);
    case POST_PROPOSED:
        return cli_format(cli,
                          TEXT(cli, "等另一个人确认（第 %" PRIu64 " 号事项）",
                               "waits for a second person (proposal %" PRIu64 ")"),
                          result->entry);
    case POST_REFUSED:
        return cli_format(cli, TEXT(cli, "没有记账：%s", "refused: %s"),
                          write_sentence(cli, result));
    case POST_WAITING:
        break;
    }
    return "";
}

static const char *sync_state_name(enum post_state state)
{
    switch (state) {
    case POST_DONE:
        return "done";
    case POST_THERE:
        return "there";
    case POST_PROPOSED:
        return "waiting";
    case POST_REFUSED:
        return "refused";
    case POST_WAITING:
        break;
    }
    return "kept";
}

static void sync_put_json(struct sync *sync, const struct spool_row *row, enum post_state state,
                          const Lovebank__V1__Result *result, int64_t late)
{
    struct cli *cli = sync->cli;
    json_t *object = sync_row_json(cli, row);
    json_t *answer = write_result_json(cli, result);
    if (object == NULL || answer == NULL ||
        json_object_set_new(object, "state", json_string(sync_state_name(state))) != 0 ||
        json_object_set_new(object, "late_working_days", json_integer((json_int_t)late)) != 0 ||
        json_object_set_new(object, "answer", answer) != 0) {
        json_decref(object);
        object = NULL;
    }
    cli_put_json(cli, object);
}

static void sync_say_row(struct sync *sync, const struct spool_row *row, enum post_state state,
                         const Lovebank__V1__Result *result, int64_t late)
{
    struct cli *cli = sync->cli;
    const char *outcome = sync_outcome(cli, state, result);
    const char *lateness =
        late == 0 || state == POST_REFUSED
            ? ""
            : cli_format(cli,
                         TEXT(cli, "；迟记：服务后第 %" PRId64 " 个工作日",
                              "; late: %" PRId64 " working days after the service"),
                         late);
    cli_say(cli, TEXT(cli, "第 %" PRIu32 " 条 %s：%s%s", "%" PRIu32 "  %s: %s%s"), row->number,
            sync_row_text(cli, row), outcome, lateness);
}

static void sync_count(struct sync *sync, enum post_state state, int64_t late)
{
    sync->done += state == POST_DONE;
    sync->there += state == POST_THERE;
    sync->proposed += state == POST_PROPOSED;
    sync->refused += state == POST_REFUSED;
    sync->late += late != 0 && state != POST_REFUSED;
}

static void sync_settled(void *context, size_t post, const Lovebank__V1__Result *result)
{
    struct sync *sync = context;
    const struct spool_row *row = sync->mine[post];
    const int64_t late = sync_row_late(row, sync->today);
    const enum post_state state = result->code == LB_WAITING ? POST_PROPOSED
                                  : result->code != LB_OK    ? POST_REFUSED
                                  : result->replayed         ? POST_THERE
                                                             : POST_DONE;
    if (!sync->cli->is_dry_run && state != POST_REFUSED && !spool_remove(sync->spool, row)) {
        sync->has_failed = true; /* it is sent again, and is there */
    }
    if (sync->cli->is_json) {
        sync_put_json(sync, row, state, result, late);
    } else {
        sync_say_row(sync, row, state, result, late);
    }
    sync_count(sync, state, late);
}

/* "已记 3 条，以前已记 1 条，没有记账 1 条。" and what to do about the refused. */
static void sync_say_totals(const struct sync *sync)
{
    struct cli *cli = sync->cli;
    if (sync->refused > 0) {
        cli_complain(cli,
                     TEXT(cli,
                          "没有记账的 %zu 条还留在本机：原因消除后再运行 lovebank sync；"
                          "写错了的，请正确地重记一次，再运行 lovebank sync --drop N。",
                          "%zu refused are still kept here. When the reason is gone, run lovebank "
                          "sync again; what was typed wrong, record anew, then run lovebank sync "
                          "--drop N."),
                     sync->refused);
    }
    if (sync->late > 0) {
        cli_complain(cli,
                     TEXT(cli,
                          "迟记 %zu 条：规定活动后 %d 个工作日内记录。这里只除去周末，未计节假日。",
                          "%zu late: hours are to be recorded within %d working days. Only "
                          "weekends are left out here; public holidays are not known."),
                     sync->late, WORKING_DAYS_ALLOWED);
    }
}

/* Rows of other log-ins, one sentence for each of them. */
static void sync_say_others(struct cli *cli, const struct spool_row *rows, size_t count,
                            uint32_t principal)
{
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        bool is_first = true;
        if (rows[i].is_damaged || rows[i].who.principal == principal) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            const bool is_same =
                !rows[k].is_damaged && rows[k].who.principal == rows[i].who.principal;
            is_first = is_first && !(is_same && k < i);
            same += is_same;
        }
        if (cli->is_json) {
            sync_put_state(cli, &rows[i], "other");
        }
        if (!is_first) {
            continue;
        }
        cli_complain(cli,
                     TEXT(cli, "%zu 条由 %s 录入，要由本人登录后发送。",
                          "%zu typed by %s wait for that log-in."),
                     same, sync_who_text(cli, &rows[i].who));
    }
}

static size_t sync_say_damaged(struct cli *cli, const struct spool *spool,
                               const struct spool_row *rows, size_t count)
{
    size_t damaged = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].is_damaged) {
            damaged++;
            if (cli->is_json) {
                sync_put_state(cli, &rows[i], "damaged");
            }
            cli_complain(cli,
                         TEXT(cli,
                              "第 %" PRIu32 " 条的文件已损坏，没有发送：%s/%s。请重记一次，再运行 "
                              "lovebank sync --drop %" PRIu32 "。",
                              "The file of number %" PRIu32 " is damaged and was not sent: %s/%s. "
                              "Record it anew, then run lovebank sync --drop %" PRIu32 "."),
                         rows[i].number, spool->path, rows[i].file, rows[i].number);
        }
    }
    return damaged;
}

/* The rows of that principal as posts. */
static size_t sync_choose(struct sync *sync, struct spool_row *rows, size_t count,
                          uint32_t principal, struct post *posts)
{
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].is_damaged && rows[i].who.principal == principal) {
            sync->mine[chosen] = &rows[i];
            posts[chosen++] =
                (struct post){.command = rows[i].command, .first = rows[i].id, .attempt = 1};
        }
    }
    return chosen;
}

/* The posts change the ids of their commands, which are the rows'. */
static enum cli_exit sync_post(struct sync *sync, struct post *posts, size_t count)
{
    struct cli *cli = sync->cli;
    struct post_list list = {.cli = cli,
                             .posts = posts,
                             .count = count,
                             .is_dry_run = cli->is_dry_run,
                             .keeps_reversed = true,
                             .settled = sync_settled,
                             .context = sync};
    ProtobufCBinaryData *ids = cli_take(cli, count + 1, sizeof(*ids));
    for (size_t i = 0; i < count; i++) {
        ids[i] = posts[i].command->id;
        post_identify(cli, &posts[i]);
    }
    const enum cli_exit exit = post_send(&list);
    for (size_t i = 0; i < count; i++) {
        posts[i].command->id = ids[i]; /* to be freed with the row */
    }
    return exit;
}

enum cli_exit sync_send(struct spool *spool, struct spool_row *rows, size_t count)
{
    struct cli *cli = spool->cli;
    struct spool_who who;
    enum cli_exit exit = CLI_DONE;
    struct sync sync = {.cli = cli, .spool = spool};
    if (!sync_whoami(cli, &who, &exit)) {
        return exit;
    }
    if (!registry_today(cli, &sync.today)) {
        return cli->told;
    }
    sync.mine = cli_take(cli, count + 1, sizeof(struct spool_row *));
    struct post *posts = cli_take(cli, count + 1, sizeof(*posts));
    const size_t mine = sync_choose(&sync, rows, count, who.principal, posts);
    exit = sync_post(&sync, posts, mine);
    sync_say_totals(&sync);
    sync_say_others(cli, rows, count, who.principal);
    const size_t damaged = sync_say_damaged(cli, spool, rows, count);
    if (exit != CLI_DONE) {
        return exit;
    }
    seen_refresh(cli, false);
    return sync.refused > 0                 ? CLI_REFUSED
           : damaged > 0 || sync.has_failed ? CLI_FAULT
           : sync.proposed > 0              ? CLI_TRY_LATER
                                            : CLI_DONE;
}
