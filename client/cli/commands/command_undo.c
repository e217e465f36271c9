/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank undo`: an entry is corrected only by a linked reversal. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "figure.h"
#include "forms.h"
#include "write.h"

static const struct cli_option undo_columns[] = {
    {.name = "receipt",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .value = "ENTRY",
     .spellings = HEADINGS_RECEIPT,
     .help = {"记账号、兑换的单号或请求号",
              "the entry; or the receipt of a redemption; or a request id"}},
    {.name = "reason",
     .kind = OPTION_VALUE,
     .is_required = true,
     .value = "TEXT",
     .spellings = "事由|理由|撤销原因|撤销理由|原因|why",
     .help = {"事由；可删除，不进账本", "why; erasable, not in the ledger"}},
};

static void undo_build(struct form_build *build)
{
    Lovebank__V1__Reverse *act = form_new(build, &lovebank__v1__reverse__descriptor);
    act->target = form_entry(build, "receipt", "redeem");
    build->command->memo = form_text(build, "reason");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_REVERSE;
    build->command->reverse = act;
}

static void undo_say(struct cli *cli, const Lovebank__V1__Command *command,
                     const Lovebank__V1__Result *result)
{
    if (result->n_balances == 0) {
        write_say_act(cli, command, result);
        return;
    }
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "已撤销，%s 现有 %s 分", "undone; %s has %s points"),
                         write_member_name(cli, result->balances[0]->member),
                         figure_points(cli, result->balances[0]->points_centi)));
}

const struct form undo_form = {
    .kind = "undo",
    FORM_COLUMNS(undo_columns),
    .receipt_is_target = true,
    .build = undo_build,
    .say = undo_say,
};

const struct cli_command command_undo = {
    .name = "undo",
    .summary = {"撤销一笔账", "Undoes an entry"},
    .form = &undo_form,
    .run = form_run,
};
