/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank device open|list|lock|unlock|close`: desks, counters, kiosks. A device's token is made
 * here and put into its file; only its hash is sent. One thread.
 */
#include "commands.h"

#include "accounts.h"
#include "token_file.h"
#include "write.h"

#include "base/random.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

static const struct cli_option device_open_columns[] = {
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"名称，如 春晖街道服务台", "its name, like Chunhui desk"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .is_required = true,
     .help = {"放在哪个组织，编号或名称", "where it stands, by number or name"}},
    {.name = "counter",
     .kind = OPTION_VALUE,
     .holds = HOLDS_COUNTER,
     .help = {"给哪个兑换点用，不是兑换点的设备就不写", "the counter it serves, if any"}},
    {.name = "token_file",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .is_required = true,
     .value = "FILE",
     .help = {"令牌写到这个新文件（权限 0600）", "a new file for its token (mode 0600)"}},
};

static void device_open_build(struct form_build *build)
{
    Lovebank__V1__DeviceOpen *act = form_new(build, &lovebank__v1__device_open__descriptor);
    act->name = form_name(build, "name");
    act->org = form_org(build, "org");
    act->counter = form_counter(build, "counter");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_DEVICE_OPEN;
    build->command->device_open = act;
}

static void device_open_say(struct cli *cli, const Lovebank__V1__Command *command,
                            const Lovebank__V1__Result *result)
{
    write_say(
        cli, result,
        cli_format(cli,
                   TEXT(cli, "已登记设备 %s，%" PRIu64 " 号", "opened device %s, account %" PRIu64),
                   command->device_open->name, result->assigned));
}

static const struct form device_open_form = {
    .kind = "device",
    FORM_COLUMNS(device_open_columns),
    .build = device_open_build,
    .say = device_open_say,
};

/* A new token, in its file before it is sent: else a device might be opened that nobody can be.
 * Sent again under the same --id, the file's. */
static bool device_make_token(struct cli *cli, const char *path, uint8_t token[LB_TOKEN_BYTES])
{
    const enum token_answer there =
        id_is_zero(&cli->id) ? TOKEN_NONE : token_file_read(cli, path, token);
    if (there != TOKEN_NONE) {
        return there == TOKEN_FOUND;
    }
    if (!random_fill(random_system(), token, LB_TOKEN_BYTES)) {
        cli_complain(cli, TEXT(cli, "系统没有给出随机数。", "The system gave no random numbers."));
        return false;
    }
    return cli->is_dry_run || token_file_create(cli, path, token);
}

static enum cli_exit device_open_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint8_t token[LB_TOKEN_BYTES] = {0};
    const char *path = arguments_get(arguments, "token_file");
    Lovebank__V1__Command *command = form_command(cli, arguments, &exit);
    if (command == NULL) {
        return exit;
    }
    if (!device_make_token(cli, path, token)) {
        return CLI_FAULT;
    }
    ProtobufCBinaryData *hash = &command->device_open->token_hash;
    hash->len = crypto_hash_sha256_BYTES;
    hash->data = cli_take(cli, 1, hash->len);
    (void)crypto_hash_sha256(hash->data, token, sizeof(token));
    explicit_bzero(token, sizeof(token));
    exit = write_identify(cli, command) ? write_one(cli, command, device_open_say) : CLI_FAULT;
    /* What may have happened, or waits, needs its token. */
    const bool is_refused = exit == CLI_REFUSED || exit == CLI_USAGE;
    if (is_refused && !cli->is_dry_run && !token_file_remove(cli, path)) {
        return CLI_FAULT;
    }
    if (exit == CLI_DONE && !cli->is_dry_run) {
        cli_say(cli,
                TEXT(cli,
                     "令牌在 %s。请拷到那台设备上，只让本机的账户能读，再删去这里的。"
                     "接着用 lovebank role set 给它角色。",
                     "Its token is in %s: copy it to the device, readable for its user only, and "
                     "remove it here.\nThen give it roles with lovebank role set."),
                path);
    }
    return exit;
}

const struct cli_command command_device_open = {
    .name = "device open",
    .summary = {"登记设备（服务台、兑换点、自助机）", "Opens a device: a desk, counter or kiosk"},
    .form = &device_open_form,
    .run = device_open_run,
};

static const struct cli_option device_columns[] = {
    {.name = "device",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"设备，编号或名称", "the device, by number or name"}},
    {.name = "reason",
     .kind = OPTION_VALUE,
     .value = "TEXT",
     .help = {"事由；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static void device_lock_build(struct form_build *build)
{
    accounts_build_state(build, "device", PRINCIPAL_DEVICE,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_LOCKED);
}

static void device_unlock_build(struct form_build *build)
{
    accounts_build_state(build, "device", PRINCIPAL_DEVICE,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_ACTIVE);
}

static void device_close_build(struct form_build *build)
{
    accounts_build_state(build, "device", PRINCIPAL_DEVICE,
                         LOVEBANK__V1__PRINCIPAL_STATE__PRINCIPAL_STATE_CLOSED);
}

static const struct form device_lock_form = {
    .kind = "device-lock",
    FORM_COLUMNS(device_columns),
    .build = device_lock_build,
    .say = accounts_say_state,
};

const struct cli_command command_device_lock = {
    .name = "device lock",
    .summary = {"锁定设备", "Locks a device out"},
    .form = &device_lock_form,
    .run = form_run,
};

static const struct form device_unlock_form = {
    .kind = "device-unlock",
    FORM_COLUMNS(device_columns),
    .build = device_unlock_build,
    .say = accounts_say_state,
};

const struct cli_command command_device_unlock = {
    .name = "device unlock",
    .summary = {"解除设备的锁定", "Lifts the lock of a device"},
    .form = &device_unlock_form,
    .run = form_run,
};

static const struct form device_close_form = {
    .kind = "device-close",
    FORM_COLUMNS(device_columns),
    .build = device_close_build,
    .say = accounts_say_state,
};

const struct cli_command command_device_close = {
    .name = "device close",
    .summary = {"停用设备，令牌从此作废", "Closes a device for ever: its token is void"},
    .form = &device_close_form,
    .run = form_run,
};

static enum cli_exit device_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    (void)arguments;
    return accounts_list(cli, true);
}

const struct cli_command command_device_list = {
    .name = "device list",
    .summary = {"列出设备和它们的角色", "Lists the devices and their roles"},
    .run = device_list_run,
};
