/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank operator open|code|list|lock|unlock|close|link`: the accounts of people. A one-time
 * code is made here, shown once, and sent as its hash. One thread.
 */
#include "commands.h"

#include "accounts.h"
#include "form.h"
#include "principals.h"
#include "write.h"

#include "base/clock.h"
#include "base/one_time_code.h"
#include "base/random.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

#define COLUMN_OPERATOR                                                               \
    {                                                                                 \
        .name = "operator", .kind = OPTION_POSITIONAL, .is_required = true, .help = { \
            "操作员，登录名或编号",                                                   \
            "the operator, by log-in name or number"                                  \
        }                                                                             \
    }

struct code_text {
    char text[ONE_TIME_CODE_TEXT_BYTES];
};

/* Only the hash goes out. NULL: no randomness, told. */
static Lovebank__V1__Credential *code_make(struct cli *cli, struct code_text *code)
{
    uint8_t chance[ONE_TIME_CODE_BYTES];
    Lovebank__V1__Credential *credential = cli_take(cli, 1, sizeof(*credential));
    if (!random_fill(random_system(), chance, sizeof(chance))) {
        cli_complain(cli, TEXT(cli, "系统没有给出随机数。", "The system gave no random numbers."));
        return NULL;
    }
    lovebank__v1__credential__init(credential);
    credential->kind = LOVEBANK__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_ONE_TIME;
    credential->verifier.len = crypto_hash_sha256_BYTES;
    credential->verifier.data = cli_take(cli, 1, crypto_hash_sha256_BYTES);
    (void)crypto_hash_sha256(credential->verifier.data, chance, sizeof(chance));
    credential->expires_ms = clock_now_ms(clock_system()) + ONE_TIME_CODE_HOURS * HOUR_MS;
    one_time_code_format(chance, code->text);
    explicit_bzero(chance, sizeof(chance));
    return credential;
}

/* For the person who stands there, not for programs: with --json too it goes to standard error. */
static void code_tell(struct cli *cli, const Lovebank__V1__Result *result,
                      const struct code_text *code)
{
    if (cli->is_dry_run || (result->code != LB_OK && result->code != LB_WAITING)) {
        return;
    }
    if (result->replayed) {
        cli_complain(cli, TEXT(cli,
                               "口令在第一次发送时已显示过。没有记下就用 lovebank operator code "
                               "另发一个。",
                               "The code was shown when this was first sent. If nobody kept it, "
                               "lovebank operator code makes another."));
        return;
    }
    cli_complain(cli,
                 TEXT(cli,
                      "一次性口令：%s\n请当面交给本人，%d 小时内用 lovebank login 登录并设定密码。"
                      "它不会再显示。",
                      "One-time code: %s\nHand it over in person; it serves for %d hours to log in "
                      "with lovebank login\nand choose a password. It is not shown again."),
                 code->text, ONE_TIME_CODE_HOURS);
}

/* Sends a command that holds the hash of a code. */
static enum cli_exit code_send(struct cli *cli, const struct cli_arguments *arguments,
                               Lovebank__V1__Command *command, const struct code_text *code)
{
    enum cli_exit exit = CLI_FAULT;
    Lovebank__V1__WriteResponse *response = NULL;
    if (!write_identify(cli, command)) {
        return exit;
    }
    const Lovebank__V1__Result *result = write_send(cli, command, &response, &exit);
    if (result != NULL) {
        write_tell(cli, command, result, arguments->command->form->say);
        code_tell(cli, result, code);
        cli_free_response(&response->base);
    }
    return exit;
}

static const struct cli_option operator_open_columns[] = {
    {.name = "login",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"登录名：小写字母开头，2 到 32 个小写字母、数字和 .-_",
              "log-in name: 2 to 32 of a-z, 0-9 and .-_, a letter first"}},
    {.name = "member",
     .kind = OPTION_VALUE,
     .holds = HOLDS_MEMBER,
     .help = {"本人的志愿者编号，没有就不写", "the person's own member number, if there is one"}},
    {.name = "memo",
     .kind = OPTION_VALUE,
     .alias = "reason",
     .value = "TEXT",
     .help = {"姓名、职务等；可删除，不进账本",
              "the person's name, post ...; erasable, not in the ledger"}},
};

static void operator_open_build(struct form_build *build)
{
    Lovebank__V1__OperatorOpen *act = form_new(build, &lovebank__v1__operator_open__descriptor);
    act->login = form_text(build, "login");
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    build->command->memo = form_text(build, "memo");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_OPERATOR_OPEN;
    build->command->operator_open = act;
}

static void operator_open_say(struct cli *cli, const Lovebank__V1__Command *command,
                              const Lovebank__V1__Result *result)
{
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已开设操作员 %s，%" PRIu64 " 号",
                              "opened operator %s, account %" PRIu64),
                         command->operator_open->login, result->assigned));
}

static const struct form operator_open_form = {
    .kind = "operator",
    FORM_COLUMNS(operator_open_columns),
    .build = operator_open_build,
    .say = operator_open_say,
};

static enum cli_exit operator_open_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_FAULT;
    struct code_text code = {0};
    Lovebank__V1__Command *command = form_command(cli, arguments, &exit);
    if (command == NULL) {
        return exit;
    }
    command->operator_open->credential = code_make(cli, &code);
    exit = command->operator_open->credential == NULL ? CLI_FAULT
                                                      : code_send(cli, arguments, command, &code);
    explicit_bzero(&code, sizeof(code));
    return exit;
}

const struct cli_command command_operator_open = {
    .name = "operator open",
    .summary = {"开设操作员账户，给出一次性口令",
                "Opens an operator's account with a one-time code"},
    .details = {"新账户没有任何角色，接着用 lovebank role set 设定。",
                "A new account has no roles; lovebank role set gives them."},
    .form = &operator_open_form,
    .run = operator_open_run,
};

static const struct cli_option operator_columns[] = {
    COLUMN_OPERATOR,
    {.name = "reason",
     .kind = OPTION_VALUE,
     .value = "TEXT",
     .help = {"事由；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static void operator_code_build(struct form_build *build)
{
    Lovebank__V1__CredentialSet *act = form_new(build, &lovebank__v1__credential_set__descriptor);
    act->principal = form_principal(build, "operator", PRINCIPAL_OPERATOR);
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CREDENTIAL_SET;
    build->command->credential_set = act;
}

static void operator_code_say(struct cli *cli, const Lovebank__V1__Command *command,
                              const Lovebank__V1__Result *result)
{
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已给 %s 新的一次性口令，旧密码作废",
                              "%s has a new one-time code; the old password is void"),
                         principals_name(cli, command->credential_set->principal)));
}

static const struct form operator_code_form = {
    .kind = "operator-code",
    FORM_COLUMNS(operator_columns),
    .build = operator_code_build,
    .say = operator_code_say,
};

static enum cli_exit operator_code_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_FAULT;
    struct code_text code = {0};
    Lovebank__V1__Command *command = form_command(cli, arguments, &exit);
    if (command == NULL) {
        return exit;
    }
    command->credential_set->credential = code_make(cli, &code);
    exit = command->credential_set->credential == NULL ? CLI_FAULT
                                                       : code_send(cli, arguments, command, &code);
    explicit_bzero(&code, sizeof(code));
    return exit;
}

const struct cli_command command_operator_code = {
    .name = "operator code",
    .summary = {"忘了密码：另给一个一次性口令", "For a forgotten password: another one-time code"},
    .form = &operator_code_form,
    .run = operator_code_run,
};

static void operator_lock_build(struct form_build *build)
{
    accounts_build_state(build, "operator", PRINCIPAL_OPERATOR,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_LOCKED);
}

static void operator_unlock_build(struct form_build *build)
{
    accounts_build_state(build, "operator", PRINCIPAL_OPERATOR,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_ACTIVE);
}

static void operator_close_build(struct form_build *build)
{
    accounts_build_state(build, "operator", PRINCIPAL_OPERATOR,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_CLOSED);
}

static const struct form operator_lock_form = {
    .kind = "operator-lock",
    FORM_COLUMNS(operator_columns),
    .build = operator_lock_build,
    .say = accounts_say_state,
};

const struct cli_command command_operator_lock = {
    .name = "operator lock",
    .summary = {"锁定操作员", "Locks an operator out"},
    .form = &operator_lock_form,
    .run = form_run,
};

static const struct form operator_unlock_form = {
    .kind = "operator-unlock",
    FORM_COLUMNS(operator_columns),
    .build = operator_unlock_build,
    .say = accounts_say_state,
};

const struct cli_command command_operator_unlock = {
    .name = "operator unlock",
    .summary = {"解除操作员的锁定", "Lifts the lock of an operator"},
    .form = &operator_unlock_form,
    .run = form_run,
};

static const struct form operator_close_form = {
    .kind = "operator-close",
    FORM_COLUMNS(operator_columns),
    .build = operator_close_build,
    .say = accounts_say_state,
};

const struct cli_command command_operator_close = {
    .name = "operator close",
    .summary = {"停用操作员，不能再恢复", "Closes an operator's account for ever"},
    .form = &operator_close_form,
    .run = form_run,
};

static const struct cli_option operator_link_columns[] = {
    COLUMN_OPERATOR,
    {.name = "member",
     .kind = OPTION_VALUE,
     .holds = HOLDS_MEMBER,
     .is_required = true,
     .help = {"本人的志愿者编号", "the person's own member number"}},
};

static void operator_link_build(struct form_build *build)
{
    Lovebank__V1__PrincipalSet *act = form_new(build, &lovebank__v1__principal_set__descriptor);
    act->principal = form_principal(build, "operator", PRINCIPAL_OPERATOR);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_PRINCIPAL_SET;
    build->command->principal_set = act;
}

static void operator_link_say(struct cli *cli, const Lovebank__V1__Command *command,
                              const Lovebank__V1__Result *result)
{
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "%s 本人是志愿者 %08" PRIu64, "%s is member %08" PRIu64),
                         principals_name(cli, command->principal_set->principal),
                         command->principal_set->member));
}

static const struct form operator_link_form = {
    .kind = "operator-link",
    FORM_COLUMNS(operator_link_columns),
    .build = operator_link_build,
    .say = operator_link_say,
};

const struct cli_command command_operator_link = {
    .name = "operator link",
    .summary = {"登记操作员本人的志愿者编号", "Tells which member an operator is"},
    .details = {"操作员为自己记的账要由第二个人确认，所以要登记本人的志愿者编号。",
                "What operators enter for themselves needs a second person: hence the link."},
    .form = &operator_link_form,
    .run = form_run,
};

static enum cli_exit operator_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    (void)arguments;
    return accounts_list(cli, false);
}

const struct cli_command command_operator_list = {
    .name = "operator list",
    .summary = {"列出操作员和他们的角色", "Lists the operators and their roles"},
    .run = operator_list_run,
};
