/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank keys rotate`: personal data under a new key. One thread.
 */
#include "commands.h"

#include "form.h"
#include "write.h"

static void keys_rotate_build(struct form_build *build)
{
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_KEY_ROTATE;
    build->command->key_rotate = form_new(build, &lovebank__v1__key_rotate__descriptor);
}

static void keys_rotate_say(struct cli *cli, const Lovebank__V1__Command *command,
                            const Lovebank__V1__Result *result)
{
    write_say_act(cli, command, result);
    if (!cli->is_dry_run) {
        cli_say(cli, TEXT(cli,
                          "服务器正在用新密钥重新加密个人信息，不影响使用；全部换完后旧密钥销毁，"
                          "以前删除的个人信息从此无法恢复。",
                          "The server seals the personal data anew while it serves. When all is "
                          "done the old key is\ndestroyed, and what was erased before is beyond "
                          "recovery."));
    }
}

static const struct form keys_rotate_form = {
    .kind = "keys-rotate",
    .build = keys_rotate_build,
    .say = keys_rotate_say,
};

const struct cli_command command_keys_rotate = {
    .name = "keys rotate",
    .summary = {"更换个人信息的密钥", "Seals the personal data under a new key"},
    .form = &keys_rotate_form,
    .run = form_run,
};
