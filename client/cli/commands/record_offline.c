/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Records kept for later. One thread.
 */
#include "record_offline.h"

#include "entry_view.h"
#include "form.h"
#include "registry.h"
#include "seen.h"
#include "typed.h"
#include "write.h"

#include "base/clock.h"
#include "base/date.h"

#include <inttypes.h>
#include <string.h>

/* One record on its way into the spool. */
struct record_keep {
    struct cli *cli;
    const struct cli_arguments *arguments;
    Lovebank__V1__Command *sent; /* or NULL */
    struct spool spool;
    struct seen seen;
    struct spool_row row;
};

/* Nobody answered, and the row is not kept: why, and that sending it again is safe. */
static enum cli_exit record_not_kept(const struct record_keep *keep, struct cli_text reason)
{
    struct cli *cli = keep->cli;
    const enum cli_exit exit = cli_fail(cli, LB_UNREACHABLE, NULL, "");
    cli_complain(cli, TEXT(cli, "没有记账，也没有保存在本机：%s。", "Not recorded, not kept: %s."),
                 cli_choose(cli, reason));
    if (keep->sent != NULL) {
        write_tell_id(cli, keep->sent);
    }
    return exit;
}

/* For whom the token acts, as the server said when it last could. */
static enum cli_exit record_find_who(struct record_keep *keep)
{
    struct cli *cli = keep->cli;
    enum cli_exit exit = CLI_DONE;
    struct lb_client_config config = {0};
    if (cli->session == NULL && !cli_configure(cli, &config, &exit)) {
        return exit;
    }
    const struct spool_who *who = seen_find_who(cli, &keep->seen);
    if (who == NULL) {
        return record_not_kept(
            keep, (struct cli_text){"不知道是谁在录入。服务器连得上时请先登录：lovebank login",
                                    "it is not known who types; log in once while the server can "
                                    "be reached: lovebank login"});
    }
    keep->row.who = *who;
    return CLI_DONE;
}

/* The book's day by this computer's clock. false: it is needed, and is before the day that the
 * server said last. */
static bool record_today(struct record_keep *keep, int32_t *today)
{
    const struct value_calendar none = {0};
    const char *date = arguments_get(keep->arguments, "date");
    int32_t day = 0;
    *today = date_day_of_ms(keep->row.typed_ms, keep->seen.zone_east_s);
    return *today >= keep->seen.today ||
           (date != NULL && value_date(date, &none, &day) == VALUE_GOOD);
}

/* Members are no part of what is kept of a server. */
static bool record_needs_names(const struct cli_arguments *arguments)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    const char *member = arguments_get(arguments, "member");
    return member != NULL && !member_ref_parse(member, &ref) && typed_is_name(member);
}

/* Builds the command from what was seen. */
static enum cli_exit record_build_offline(struct record_keep *keep)
{
    struct cli *cli = keep->cli;
    enum cli_exit exit = CLI_DONE;
    int32_t today = 0;
    if (record_needs_names(keep->arguments)) {
        return arguments_complain(
            cli, keep->arguments, "member",
            (struct cli_text){"连不上服务器，不能按姓名找人，没有保存。请写志愿者编号或卡号",
                              "names cannot be looked up without the server, nothing was kept; "
                              "give the member's number or card"});
    }
    if (!record_today(keep, &today)) {
        return arguments_complain(
            cli, keep->arguments, "date",
            (struct cli_text){"本机时钟比上次联系服务器时还早，没有保存。请写日期，并校准时钟",
                              "this computer's clock is behind what the server said last, nothing "
                              "was kept; give the day, and set the clock"});
    }
    registry_preload(cli, today, keep->seen.orgs, keep->seen.catalogue);
    keep->seen.orgs = NULL;
    keep->seen.catalogue = NULL;
    keep->row.command = record_command(cli, keep->arguments, true, &exit);
    if (keep->row.command == NULL) {
        return exit;
    }
    return write_identify(cli, keep->row.command) ? CLI_DONE : CLI_FAULT;
}

static enum cli_exit record_say_kept(const struct record_keep *keep, bool is_new)
{
    struct cli *cli = keep->cli;
    const struct spool_row *row = &keep->row;
    char id[ID_TEXT_BYTES];
    id_format(&row->id, id);
    const char *day = entry_view_day(cli, row->command->day);
    if (cli->is_json) {
        cli_put_json(cli,
                     json_pack("{s:s,s:s,s:b,s:I,s:s,s:s,s:I}", "result", "kept", "class",
                               "waiting", "replayed", (int)!is_new, "row", (json_int_t)row->number,
                               "id", id, "day", day, "principal", (json_int_t)row->who.principal));
    } else {
        cli_complain(cli,
                     is_new ? TEXT(cli,
                                   "还没有记账：%s 的这条记录已保存在本机（第 %" PRIu32 " 条）。"
                                   "连上服务器后请运行：lovebank sync",
                                   "Not recorded yet: this record of %s is kept on this computer "
                                   "as number %" PRIu32
                                   ". When the server can be reached, run: lovebank sync")
                            : TEXT(cli,
                                   "还没有记账：%s 的这条记录以前已保存在本机（第 %" PRIu32
                                   " 条）。连上服务器后请运行：lovebank sync",
                                   "Not recorded yet: this record of %s was kept on this computer "
                                   "before, as number %" PRIu32
                                   ". When the server can be reached, run: lovebank sync"),
                     day, row->number);
    }
    return CLI_TRY_LATER;
}

static enum cli_exit record_put(struct record_keep *keep)
{
    struct cli *cli = keep->cli;
    const enum spool_answer answer = spool_put(&keep->spool, &keep->row);
    switch (answer) {
    case SPOOL_KEPT:
    case SPOOL_THERE:
        return record_say_kept(keep, answer == SPOOL_KEPT);
    case SPOOL_REUSED:
        cli_complain(cli,
                     TEXT(cli,
                          "没有保存：第 %" PRIu32 " 条离线记录用了同一个 --id，内容不同。"
                          "请换一个，或不写 --id。",
                          "Not kept: number %" PRIu32
                          " of the records kept here has that --id and says something else; "
                          "leave --id out."),
                     keep->row.number);
        return CLI_REFUSED;
    case SPOOL_FULL:
        cli_complain(cli,
                     TEXT(cli,
                          "没有记账，也没有保存：本机已有 %d 条离线记录，不能再多。"
                          "请先连上服务器运行 lovebank sync。",
                          "Not recorded, not kept: %d records are kept here already, and that is "
                          "the most. Run lovebank sync while the server can be reached."),
                     SPOOL_ROWS_MAX);
        return CLI_REFUSED;
    case SPOOL_FAILED:
        cli_complain(cli, TEXT(cli, "没有记账，也没有保存在本机。", "Not recorded, not kept."));
        if (keep->sent != NULL) {
            write_tell_id(cli, keep->sent);
        }
        return CLI_FAULT;
    }
    return CLI_FAULT;
}

static enum cli_exit record_keep(struct record_keep *keep)
{
    if (!seen_read(&keep->spool, &keep->seen)) {
        return record_not_kept(
            keep, (struct cli_text){
                      "本机还没有联系过这个服务器。离线录入前，请连上后运行一次：lovebank whoami",
                      "this computer has not seen that server yet; before typing "
                      "offline, run once while it can be reached: lovebank whoami"});
    }
    enum cli_exit exit = record_find_who(keep);
    if (exit == CLI_DONE && keep->sent == NULL) {
        exit = record_build_offline(keep);
    } else {
        keep->row.command = keep->sent;
    }
    return exit == CLI_DONE ? record_put(keep) : exit;
}

enum cli_exit record_offline(struct cli *cli, const struct cli_arguments *arguments,
                             Lovebank__V1__Command *sent)
{
    struct record_keep keep = {.cli = cli,
                               .arguments = arguments,
                               .sent = sent,
                               .row = {.typed_ms = clock_now_ms(clock_system())}};
    if (!spool_open(&keep.spool, cli, true)) {
        return record_not_kept(&keep,
                               (struct cli_text){"没有可用的文件夹", "there is no folder for it"});
    }
    const enum cli_exit exit = record_keep(&keep);
    seen_free(&keep.seen);
    spool_close(&keep.spool);
    return exit;
}
