/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank login|logout|password|whoami`: for whom the commands that follow act. Passwords are
 * typed or piped in, never options; the token goes into a file and nowhere else. One thread.
 */
#include "commands.h"

#include "json_message.h"
#include "principal_words.h"
#include "registry.h"
#include "secret.h"
#include "seen.h"
#include "token_file.h"

#include "lovebank/v1/services.pb-c.h"

#include <inttypes.h>
#include <string.h>

#define LOGIN_ATTEMPTS_MAX 3 /* at choosing a new password on a terminal */

/* --dry-run promises that nothing changes, which these commands cannot keep. */
static bool login_is_wanted(struct cli *cli, enum cli_exit *exit)
{
    if (!cli->is_dry_run) {
        return true;
    }
    cli_complain(cli, TEXT(cli, "这个命令不能用 --dry-run 试算。",
                           "This command cannot be tried with --dry-run."));
    *exit = CLI_USAGE;
    return false;
}

static enum cli_exit login_keep(struct cli *cli, const char *path, const char *name,
                                const Lovebank__V1__LoginResponse *response)
{
    if (response->token.len != LB_TOKEN_BYTES) {
        return cli_fail(cli, LB_MALFORMED, NULL, "LoginResponse");
    }
    if (!token_file_write(cli, path, response->token.data)) {
        return CLI_FAULT;
    }
    memcpy(cli->token, response->token.data, sizeof(cli->token));
    cli->has_token = true;
    seen_refresh(cli, true); /* who it is, when the server cannot be asked */
    if (cli->is_json) {
        cli_put_json(cli, json_pack("{s:s,s:i,s:s,s:I,s:s}", "result", "ok", "principal",
                                    (int)response->principal, "login", name, "expires_ms",
                                    (json_int_t)response->expires_ms, "token_file", path));
    } else {
        cli_say(cli,
                TEXT(cli, "%s 已登录，最迟到 %s。", "%s is logged in, until %s at the latest."),
                name, registry_when(cli, response->expires_ms));
    }
    return CLI_DONE;
}

static Lovebank__V1__LoginResponse *login_ask(struct cli *cli, const char *name,
                                              struct secret *old_secret, struct secret *new_secret,
                                              enum cli_exit *exit)
{
    Lovebank__V1__LoginRequest request;
    lovebank__v1__login_request__init(&request);
    request.login = cli_copy(cli, name);
    request.password = old_secret->text;
    request.new_password = new_secret->text;
    return (Lovebank__V1__LoginResponse *)cli_call(cli, LB_METHOD_LOGIN, &request.base,
                                                   &lovebank__v1__login_response__descriptor, exit);
}

static void login_free(Lovebank__V1__LoginResponse *response)
{
    if (response != NULL && response->token.len > 0) {
        explicit_bzero(response->token.data, response->token.len);
    }
    cli_free_response((ProtobufCMessage *)response);
}

/* A one-time code serves to choose a password, which is asked for then; and again if it is weak. */
static enum cli_exit login_with(struct cli *cli, const char *path, const char *name,
                                struct secret *old_secret, struct secret *new_secret)
{
    enum cli_exit exit = CLI_DONE;
    for (unsigned attempt = 0; attempt <= LOGIN_ATTEMPTS_MAX; attempt++) {
        Lovebank__V1__LoginResponse *response = login_ask(cli, name, old_secret, new_secret, &exit);
        if (response == NULL) {
            return exit;
        }
        const uint32_t code = response->code;
        const int64_t numbers[3] = {response->a, response->b};
        const bool is_first = code == LB_PASSWORD_NEEDED && attempt == 0;
        const bool may_choose_again =
            code == LB_PASSWORD_WEAK && secret_is_typed() && attempt < LOGIN_ATTEMPTS_MAX;
        if (code == LB_OK) {
            exit = login_keep(cli, path, name, response);
        } else if (!is_first) {
            exit = cli_fail(cli, (int)code, numbers, "");
        }
        login_free(response);
        if (!is_first && !may_choose_again) {
            return exit;
        }
        if (!secret_read_new(cli, new_secret)) {
            return CLI_USAGE;
        }
    }
    return exit;
}

static enum cli_exit login_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct secret old_secret = {0};
    struct secret new_secret = {0};
    const char *name = arguments_get(arguments, "login");
    const char *path = token_file_path(cli);
    enum cli_exit exit = CLI_USAGE;
    if (!login_is_wanted(cli, &exit)) {
        return exit;
    }
    if (path == NULL) {
        cli_complain(cli, TEXT(cli, "不知道令牌放在哪里：没有 HOME。请用 --token-file 指定。",
                               "There is no HOME to keep the token in; give --token-file."));
        return CLI_USAGE;
    }
    cli_disconnect(cli); /* the connection of whoever was logged in before */
    cli->is_logging_in = true;
    /* First whether anybody answers: nobody should type a password for nothing. */
    if (registry_when(cli, 0)[0] == '?') {
        exit = registry_exit(cli);
    } else if (secret_read(cli, TEXT(cli, "密码或一次性口令", "Password or one-time code"),
                           &old_secret)) {
        exit = login_with(cli, path, name, &old_secret, &new_secret);
    }
    secret_wipe(&old_secret);
    secret_wipe(&new_secret);
    cli_disconnect(cli);
    cli->is_logging_in = false;
    return exit;
}

static const struct cli_option login_options[] = {
    {.name = "login",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .value = "NAME",
     .help = {"登录名", "the log-in name"}},
};

const struct cli_command command_login = {
    .name = "login",
    .summary = {"登录；第一次用管理员给的一次性口令",
                "Logs in; the first time with a one-time code"},
    .details = {"密码在终端上输入时不显示；标准输入不是终端时，从中读一行。用一次性口令登录，\n"
                "接着要设定新密码（输入两次，或再读两行）。令牌存在 --token-file，只有本人能读。",
                "The password is typed without being shown, or is a line of standard input.\n"
                "After a one-time code a new password is asked for, twice (two more lines).\n"
                "The token is kept in --token-file, which nobody else can read."},
    COMMAND_OPTIONS(login_options),
    .run = login_run,
};

/* Without a session only the file is left to remove. */
static enum cli_exit logout_run(struct cli *cli, const struct cli_arguments *arguments)
{
    const char *path = token_file_path(cli);
    uint8_t token[LB_TOKEN_BYTES];
    Lovebank__V1__LogoutRequest request = LOVEBANK__V1__LOGOUT_REQUEST__INIT;
    enum cli_exit exit = CLI_DONE;
    if (!login_is_wanted(cli, &exit)) {
        return exit;
    }
    request.everywhere = arguments_get(arguments, "everywhere") != NULL;
    const enum token_answer answer = path == NULL ? TOKEN_NONE : token_file_read(cli, path, token);
    explicit_bzero(token, sizeof(token));
    if (answer != TOKEN_FOUND) {
        if (answer == TOKEN_NONE) {
            cli_complain(cli, TEXT(cli, "没有登录，不必退出。", "You are not logged in."));
        }
        return CLI_REFUSED;
    }
    Lovebank__V1__LogoutResponse *response = (Lovebank__V1__LogoutResponse *)cli_call(
        cli, LB_METHOD_LOGOUT, &request.base, &lovebank__v1__logout_response__descriptor, &exit);
    /* A token that the server does not know any more is of no use to keep. */
    const bool is_over = response != NULL || exit == CLI_REFUSED;
    if (is_over && !token_file_remove(cli, path)) {
        exit = CLI_FAULT;
    }
    if (response != NULL && exit == CLI_DONE) {
        if (cli->is_json) {
            cli_put_json(cli,
                         json_pack("{s:s,s:i}", "result", "ok", "ended", (int)response->ended));
        }
        cli_say(cli,
                TEXT(cli, "已退出，结束会话 %" PRIu32 " 个。",
                     "Logged out; sessions ended: %" PRIu32 "."),
                response->ended);
    }
    cli_free_response((ProtobufCMessage *)response);
    cli_disconnect(cli);
    return exit;
}

static const struct cli_option logout_options[] = {
    {.name = "everywhere",
     .kind = OPTION_FLAG,
     .help = {"结束本人在各处的所有会话", "end all sessions of yours, wherever they are"}},
};

const struct cli_command command_logout = {
    .name = "logout",
    .summary = {"退出登录", "Logs out"},
    COMMAND_OPTIONS(logout_options),
    .run = logout_run,
};

static enum cli_exit password_send(struct cli *cli, struct secret *old_secret,
                                   struct secret *new_secret)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__PasswordRequest request;
    lovebank__v1__password_request__init(&request);
    request.old_password = old_secret->text;
    request.new_password = new_secret->text;
    Lovebank__V1__PasswordResponse *response = (Lovebank__V1__PasswordResponse *)cli_call(
        cli, LB_METHOD_PASSWORD, &request.base, &lovebank__v1__password_response__descriptor,
        &exit);
    if (response == NULL) {
        return exit;
    }
    const int64_t numbers[3] = {response->a, response->b};
    if (response->code != LB_OK) {
        exit = cli_fail(cli, (int)response->code, numbers, "");
    } else if (cli->is_json) {
        cli_put_json(cli, json_pack("{s:s}", "result", "ok"));
    } else {
        cli_say(cli, TEXT(cli, "密码已更换。", "The password was changed."));
    }
    cli_free_response(&response->base);
    return exit;
}

static enum cli_exit password_run(struct cli *cli, const struct cli_arguments *arguments)
{
    (void)arguments;
    struct secret old_secret = {0};
    struct secret new_secret = {0};
    enum cli_exit exit = CLI_USAGE;
    if (login_is_wanted(cli, &exit) && cli_connect(cli, &exit)) {
        exit = CLI_USAGE;
        if (secret_read(cli, TEXT(cli, "现在的密码", "Current password"), &old_secret) &&
            secret_read_new(cli, &new_secret)) {
            exit = password_send(cli, &old_secret, &new_secret);
        }
    }
    secret_wipe(&old_secret);
    secret_wipe(&new_secret);
    return exit;
}

const struct cli_command command_password = {
    .name = "password",
    .summary = {"更换自己的密码", "Changes your password"},
    .details = {"在终端上输入，不显示；标准输入不是终端时，读三行：现在的密码、新密码两次。",
                "Typed without being shown; or three lines of standard input: the current\n"
                "password, the new one twice."},
    .run = password_run,
};

static void whoami_say(struct cli *cli, const Lovebank__V1__WhoamiResponse *response)
{
    if (response->principal == NULL) {
        cli_say(
            cli, "%s",
            response->is_trusted
                ? TEXT(cli, "没有登录。这个服务器不要求登录，什么都可以做。",
                       "Nobody. This server asks for no log-in: everything is allowed.")
                : TEXT(cli, "没有登录。请运行 lovebank login。", "Nobody. Run lovebank login."));
        return;
    }
    const Lovebank__V1__PrincipalInfo *info = response->principal;
    cli_say(cli,
            info->is_device
                ? TEXT(cli, "设备 %s（%" PRIu32 " 号）", "Device %s (account %" PRIu32 ")")
                : TEXT(cli, "操作员 %s（%" PRIu32 " 号）", "Operator %s (account %" PRIu32 ")"),
            info->name, info->principal);
    cli_say(cli, TEXT(cli, "角色：%s", "Roles: %s"), principal_words_roles(cli, info));
    if (response->device != NULL) {
        cli_say(cli,
                TEXT(cli, "所在设备：%s（%" PRIu32 " 号）", "At device: %s (account %" PRIu32 ")"),
                response->device->name, response->device->principal);
    }
    if (response->session_expires_ms != 0) {
        cli_say(cli, TEXT(cli, "登录有效到：%s", "Logged in until: %s"),
                registry_when(cli, response->session_expires_ms));
    }
}

static enum cli_exit whoami_run(struct cli *cli, const struct cli_arguments *arguments)
{
    (void)arguments;
    enum cli_exit exit = CLI_DONE;
    const Lovebank__V1__WhoamiRequest request = LOVEBANK__V1__WHOAMI_REQUEST__INIT;
    Lovebank__V1__WhoamiResponse *response = (Lovebank__V1__WhoamiResponse *)cli_call(
        cli, LB_METHOD_WHOAMI, &request.base, &lovebank__v1__whoami_response__descriptor, &exit);
    if (response == NULL) {
        return exit;
    }
    if (cli->is_json) {
        cli_put_json(cli, json_of_message(&response->base));
    } else {
        whoami_say(cli, response);
    }
    cli_free_response(&response->base);
    seen_refresh(cli, true);
    return CLI_DONE;
}

const struct cli_command command_whoami = {
    .name = "whoami",
    .summary = {"现在以谁的身份操作，有哪些角色", "For whom you act, and with which roles"},
    .run = whoami_run,
};
