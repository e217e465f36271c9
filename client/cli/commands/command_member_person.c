/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank member reveal|consent|erase`: what a member's personal data may be used for, to see it
 * in full, and to forget it. One thread.
 */
#include "commands.h"

#include "ask.h"
#include "columns.h"
#include "form.h"
#include "json_message.h"
#include "member_view.h"
#include "person.h"
#include "query.h"
#include "write.h"

#include <inttypes.h>

/* clang-format off */
#define OPTION_REASON_REQUIRED \
    {.name = "reason", .kind = OPTION_VALUE, .is_required = true, .value = "TEXT", \
     .help = {"事由，记在这笔账上；可删除", "why; kept with the entry, erasable"}}
/* clang-format on */

static const struct cli_option member_reveal_options[] = {
    COLUMN_MEMBER_NUMBER,
    OPTION_REASON_REQUIRED,
};

static enum cli_exit member_reveal_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t member = 0;
    if (!query_number(cli, arguments, "member", 1, LB_MEMBER_MAX, &member)) {
        return CLI_USAGE;
    }
    if (cli->is_dry_run) {
        cli_complain(cli, TEXT(cli, "查看不能试算：它本身就是一笔账。",
                               "This cannot be tried with --dry-run: to look is an entry."));
        return CLI_USAGE;
    }
    Lovebank__V1__MemberGetResponse *response =
        person_reveal(cli, member, arguments_get(arguments, "reason"), &exit);
    if (response == NULL) {
        return exit;
    }
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&response->info->base));
    } else {
        member_view_balance(cli, response->info);
        member_view_registry(cli, response->info);
        member_view_person(cli, response->info);
    }
    cli_free_response(&response->base);
    return CLI_DONE;
}

const struct cli_command command_member_reveal = {
    .name = "member reveal",
    .summary = {"查看志愿者的完整个人信息（记入账本）",
                "Shows a member's personal data in full, which is an entry"},
    COMMAND_OPTIONS(member_reveal_options),
    .run = member_reveal_run,
};

static const struct cli_option member_consent_columns[] = {
    COLUMN_MEMBER_NUMBER,
    {.name = "publish_name",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "yes|no",
     .help = {"同意在公开名单上署名（打码）", "the masked name may stand on public lists"}},
    {.name = "contact",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "yes|no",
     .help = {"同意为活动联系本人", "may be called or written to about activities"}},
    COLUMN_FROM,
};

/* What is not said stays. */
static void member_consent_keep(struct form_build *build, Lovebank__V1__ConsentSet *act)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    ref.member = act->member;
    request.member = &ref;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        build->cli, LB_METHOD_MEMBER_GET, &request.base,
        &lovebank__v1__member_get_response__descriptor, &exit);
    if (response == NULL) {
        form_complain_result(build, "member", LB_TRY_LATER, 0, 0);
        return;
    }
    if (response->code != LB_OK) {
        form_complain_result(build, "member", (int)response->code, (int64_t)act->member, 0);
    } else if (response->info != NULL) {
        act->publish_name = response->info->publish_name;
        act->contact = response->info->contact;
    }
    cli_free_response(&response->base);
}

static void member_consent_build(struct form_build *build)
{
    Lovebank__V1__ConsentSet *act = form_new(build, &lovebank__v1__consent_set__descriptor);
    const bool has_publish_name = form_has(build, "publish_name");
    const bool has_contact = form_has(build, "contact");
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    if (!has_publish_name && !has_contact) {
        form_complain(build, "publish_name",
                      (struct cli_text){"请写 --publish-name 或 --contact，yes 或 no",
                                        "give --publish-name or --contact, yes or no"});
    } else if (!build->complaint.is_set && !(has_publish_name && has_contact)) {
        member_consent_keep(build, act);
    }
    if (has_publish_name) {
        act->publish_name = form_yes(build, "publish_name");
    }
    if (has_contact) {
        act->contact = form_yes(build, "contact");
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CONSENT_SET;
    build->command->consent_set = act;
}

static const struct form member_consent_form = {
    .kind = "consent",
    FORM_COLUMNS(member_consent_columns),
    .build = member_consent_build,
    .say = write_say_act,
};

const struct cli_command command_member_consent = {
    .name = "member consent",
    .summary = {"登记志愿者同意什么", "Records what a member agreed to"},
    .form = &member_consent_form,
    .run = form_run,
};

static const struct cli_option member_erase_columns[] = {
    COLUMN_MEMBER_NUMBER,
    OPTION_REASON_REQUIRED,
    {.name = "yes", .kind = OPTION_FLAG, .help = {"不再询问", "do not ask once more"}},
};

static void member_erase_build(struct form_build *build)
{
    Lovebank__V1__MemberErase *act = form_new(build, &lovebank__v1__member_erase__descriptor);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_ERASE;
    build->command->member_erase = act;
}

static void member_erase_say(struct cli *cli, const Lovebank__V1__Command *command,
                             const Lovebank__V1__Result *result)
{
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已删除志愿者 %08" PRIu64 " 的个人信息",
                              "erased the personal data of member %08" PRIu64),
                         command->member_erase->member));
    if (!cli->is_dry_run) {
        cli_say(cli,
                TEXT(cli,
                     "旧备份里还有密文。请接着运行 lovebank keys rotate：换完密钥后就无法恢复了。",
                     "Old backups still hold it sealed. Run lovebank keys rotate: after that it "
                     "is beyond recovery."));
    }
}

static const struct form member_erase_form = {
    .kind = "erase",
    FORM_COLUMNS(member_erase_columns),
    .build = member_erase_build,
    .say = member_erase_say,
};

static enum cli_exit member_erase_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    const bool is_sure = arguments_get(arguments, "yes") != NULL || cli->is_dry_run;
    Lovebank__V1__Command *command = form_command(cli, arguments, &exit);
    if (command == NULL) {
        return exit;
    }
    const char *member = cli_format(cli, "%08" PRIu64, command->member_erase->member);
    const struct cli_text question = {
        cli_format(cli, "永远删除志愿者 %s（%s）的个人信息吗？账目保留。", member,
                   write_member_name(cli, command->member_erase->member)),
        cli_format(cli, "Erase the personal data of member %s (%s) for ever? The entries stay.",
                   member, write_member_name(cli, command->member_erase->member))};
    if (!ask_is_agreed(cli, is_sure, question, &exit)) {
        return exit;
    }
    return write_identify(cli, command) ? write_one(cli, command, member_erase_say) : CLI_FAULT;
}

const struct cli_command command_member_erase = {
    .name = "member erase",
    .summary = {"删除已注销志愿者的个人信息，不能恢复",
                "Erases the personal data of a closed member for ever"},
    .form = &member_erase_form,
    .run = member_erase_run,
};
