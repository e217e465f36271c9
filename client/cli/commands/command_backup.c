/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank backup`: has the server copy the book and check the copy, and follows it to its end.
 * One thread.
 */
#include "commands.h"

#include "backup.h"
#include "json_message.h"
#include "progress.h"

#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BACKUP_ASK_MS 200

/* The server has a working directory of its own. */
const char *backup_absolute(struct cli *cli, const char *directory)
{
    char here[PATH_MAX];
    if (directory[0] == '/') {
        return directory;
    }
    if (getcwd(here, sizeof(here)) == NULL) {
        cli_complain(cli, TEXT(cli, "当前目录已不存在。请写完整路径。",
                               "The current directory is gone; give an absolute path."));
        return NULL;
    }
    return cli_format(cli, "%s%s%s", here, strcmp(here, "/") == 0 ? "" : "/", directory);
}

static void backup_say_done(struct cli *cli, const Lovebank__V1__BackupResponse *answer)
{
    cli_say(cli,
            TEXT(cli, "已备份到 %s：%" PRIu64 " MiB，用时 %" PRIu64 ".%03" PRIu64 " 秒。",
                 "The book was copied to %s: %" PRIu64 " MiB in %" PRIu64 ".%03" PRIu64 " s."),
            answer->text, (answer->bytes + (1u << 20) - 1) >> 20, answer->duration_ms / 1000,
            answer->duration_ms % 1000);
    if (answer->verified) {
        cli_say(cli,
                TEXT(cli, "副本已核对，与账本相符，共 %" PRIu64 " 笔账，校验树的根：",
                     "The copy was verified and agrees with the book: %" PRIu64
                     " entries, the tree's root:"),
                answer->tree_size);
        cli_say(cli, "%s", cli_hex(cli, &answer->tree_root));
    } else {
        cli_say(cli,
                TEXT(cli,
                     "副本没有核对（--no-verify），至少有前 %" PRIu64
                     " 笔账。用之前请核对：lovebankd verify --data-dir %s",
                     "The copy was not verified (--no-verify); it has the first %" PRIu64
                     " entries at least. Check it before use: lovebankd verify --data-dir %s"),
                answer->least_entry, answer->text);
    }
    cli_say(cli,
            TEXT(cli,
                 "备份里没有密钥文件（服务器设置 key-file，默认 /etc/lovebank/epoch.key）。"
                 "没有它，姓名等个人信息无法解读：请另外备份，放在别处。",
                 "The key file is not in the backup (the server's setting key-file, by default "
                 "/etc/lovebank/epoch.key). Without it names and other personal data cannot "
                 "be read: back it up apart, to another place."));
}

static enum cli_exit backup_tell_end(struct cli *cli, const Lovebank__V1__BackupResponse *answer,
                                     bool is_silent)
{
    if (answer->code != LB_OK) {
        const int64_t numbers[3] = {answer->a, answer->b};
        if (answer->problem[0] != '\0' && !cli->is_json) {
            cli_complain(cli, "%s", answer->problem);
        }
        return cli_fail(cli, (int)answer->code, numbers, answer->text);
    }
    if (is_silent) {
        return CLI_DONE;
    }
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&answer->base));
    } else {
        backup_say_done(cli, answer);
    }
    return CLI_DONE;
}

/* The state of the backup. NULL: the call failed and was told. */
static Lovebank__V1__BackupResponse *
backup_ask(struct cli *cli, const Lovebank__V1__BackupRequest *request, enum cli_exit *exit)
{
    return (Lovebank__V1__BackupResponse *)cli_call(
        cli, LB_METHOD_BACKUP, &request->base, &lovebank__v1__backup_response__descriptor, exit);
}

/* Whether what the server tells is still our backup. */
static bool backup_is_ours(const Lovebank__V1__BackupRequest *request,
                           const Lovebank__V1__BackupResponse *answer)
{
    return (answer->running || answer->done) && strcmp(answer->directory, request->directory) == 0;
}

/* One answer. true: it is the last, and was told. */
static bool backup_follow(struct cli *cli, const Lovebank__V1__BackupRequest *request,
                          const Lovebank__V1__BackupResponse *answer, bool is_silent,
                          enum cli_exit *exit)
{
    if ((request->start || !answer->done) && answer->code != LB_OK) {
        const int64_t numbers[3] = {answer->a, answer->b};
        *exit = cli_fail(cli, (int)answer->code, numbers, answer->text);
        return true;
    }
    if (!backup_is_ours(request, answer)) {
        cli_complain(cli,
                     TEXT(cli,
                          "不知道备份做完没有：服务器重新启动过，或者又做了别的备份。如果 %s "
                          "已经有了，它就是完整的；没有，请再做一次。",
                          "It is not known whether the backup was finished: the server was started "
                          "again, or has made another one. If %s is there, it is complete; if not, "
                          "do it again."),
                     request->directory);
        *exit = CLI_TRY_LATER;
        return true;
    }
    if (answer->running) {
        progress_show(cli, answer->checked, answer->total);
        return false;
    }
    *exit = backup_tell_end(cli, answer, is_silent);
    return true;
}

enum cli_exit backup_make(struct cli *cli, const struct backup_wish *wish)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__BackupRequest request;
    lovebank__v1__backup_request__init(&request);
    request.start = true;
    request.directory = cli_copy(cli, wish->directory);
    request.no_verify = wish->is_unverified;
    for (;;) {
        Lovebank__V1__BackupResponse *answer = backup_ask(cli, &request, &exit);
        if (answer == NULL) {
            return exit;
        }
        const bool is_over = backup_follow(cli, &request, answer, wish->is_silent, &exit);
        cli_free_response(&answer->base);
        if (is_over) {
            return exit;
        }
        request.start = false;
        const struct timespec pause = {.tv_nsec = BACKUP_ASK_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
}

static enum cli_exit backup_run(struct cli *cli, const struct cli_arguments *arguments)
{
    if (cli->is_dry_run) {
        cli_complain(cli, TEXT(cli, "备份没有预演，什么也没有做。请去掉 --dry-run。",
                               "A backup cannot be tried out, nothing was done; leave out "
                               "--dry-run."));
        return CLI_USAGE;
    }
    const char *absolute = backup_absolute(cli, arguments_get(arguments, "directory"));
    if (absolute == NULL) {
        return CLI_USAGE;
    }
    const struct backup_wish wish = {
        .directory = absolute, .is_unverified = arguments_get(arguments, "no_verify") != NULL};
    return backup_make(cli, &wish);
}

static const struct cli_option backup_options[] = {
    {.name = "directory",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_FILE,
     .is_required = true,
     .value = "DIR",
     .help = {"放在服务器上的哪个目录，须是还没有的", "a new directory on the server's machine"}},
    {.name = "no_verify",
     .kind = OPTION_FLAG,
     .help = {"不核对副本", "leaves out the check of the copy"}},
};

const struct cli_command command_backup = {
    .name = "backup",
    .summary = {"备份账本（不用停服务器），并核对副本",
                "Copies the book of a running server, and verifies the copy"},
    .details = {"密钥文件不在备份里，请另外备份。恢复见 lovebankd(8)。",
                "The key file is not in it: back that up apart. To restore, see lovebankd(8)."},
    COMMAND_OPTIONS(backup_options),
    .run = backup_run,
};
