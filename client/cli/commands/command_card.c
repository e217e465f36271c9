/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank card issue|block|replace`. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "form.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option card_issue_columns[] = {
    COLUMN_MEMBER_NUMBER,
    {.name = "card",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .help = {"卡号；不写则自动编号", "the card's number; without it, the next free one"}},
};

static void card_issue_build(struct form_build *build)
{
    Lovebank__V1__CardIssue *act = form_new(build, &lovebank__v1__card_issue__descriptor);
    act->member = form_number(build, "member", 1, LB_MEMBER_MAX);
    act->card = form_card(build, "card");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CARD_ISSUE;
    build->command->card_issue = act;
}

/* The card a command gave out. */
static uint64_t card_given(const Lovebank__V1__Result *result, uint64_t asked)
{
    uint64_t given = result->assigned_card != 0 ? result->assigned_card : result->assigned;
    return given != 0 ? given : asked;
}

static void card_issue_say(struct cli *cli, const Lovebank__V1__Command *command,
                           const Lovebank__V1__Result *result)
{
    const Lovebank__V1__CardIssue *act = command->card_issue;
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已为 %s 发卡 %010" PRIu64, "issued to %s card %010" PRIu64),
                         write_member_name(cli, act->member), card_given(result, act->card)));
}

static const struct form card_issue_form = {
    .kind = "card-issue",
    FORM_COLUMNS(card_issue_columns),
    .build = card_issue_build,
    .say = card_issue_say,
};

const struct cli_command command_card_issue = {
    .name = "card issue",
    .summary = {"发卡", "Issues a card to a member"},
    .form = &card_issue_form,
    .run = form_run,
};

static const struct cli_option card_block_columns[] = {
    {.name = "card",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"要挂失的卡", "the card to block"}},
};

static void card_block_build(struct form_build *build)
{
    Lovebank__V1__CardBlock *act = form_new(build, &lovebank__v1__card_block__descriptor);
    act->card = form_card(build, "card");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CARD_BLOCK;
    build->command->card_block = act;
}

static void card_block_say(struct cli *cli, const Lovebank__V1__Command *command,
                           const Lovebank__V1__Result *result)
{
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "卡 %010" PRIu64 " 已挂失", "card %010" PRIu64 " is blocked"),
                         command->card_block->card));
}

static const struct form card_block_form = {
    .kind = "card-block",
    FORM_COLUMNS(card_block_columns),
    .build = card_block_build,
    .say = card_block_say,
};

const struct cli_command command_card_block = {
    .name = "card block",
    .summary = {"挂失", "Blocks a card"},
    .form = &card_block_form,
    .run = form_run,
};

static const struct cli_option card_replace_columns[] = {
    {.name = "card",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"丢失或损坏的卡", "the lost or worn card"}},
    {.name = "new_card",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .help = {"新卡号；不写则自动编号", "the new card's number; without it, the next free one"}},
};

static void card_replace_build(struct form_build *build)
{
    Lovebank__V1__CardReplace *act = form_new(build, &lovebank__v1__card_replace__descriptor);
    act->card = form_card(build, "card");
    act->new_card = form_card(build, "new_card");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_CARD_REPLACE;
    build->command->card_replace = act;
}

static void card_replace_say(struct cli *cli, const Lovebank__V1__Command *command,
                             const Lovebank__V1__Result *result)
{
    const Lovebank__V1__CardReplace *act = command->card_replace;
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "卡 %010" PRIu64 " 已换为 %010" PRIu64,
                              "card %010" PRIu64 " is replaced by %010" PRIu64),
                         act->card, card_given(result, act->new_card)));
}

static const struct form card_replace_form = {
    .kind = "card-replace",
    FORM_COLUMNS(card_replace_columns),
    .build = card_replace_build,
    .say = card_replace_say,
};

const struct cli_command command_card_replace = {
    .name = "card replace",
    .summary = {"换卡：旧卡同时挂失", "Replaces a card; the old one is blocked"},
    .form = &card_replace_form,
    .run = form_run,
};
