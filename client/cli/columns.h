/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Columns and options that several commands have, the same in all of them: initialisers of struct
 * cli_option.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "command.h"

/* clang-format off */
#define COLUMN_DATE \
    {.name = "date", .kind = OPTION_VALUE, .value = "YYYY-MM-DD", \
     .help = {"日期，默认今天", "the day, by default today"}}
#define COLUMN_FROM \
    {.name = "from", .kind = OPTION_VALUE, .value = "YYYY-MM-DD", \
     .help = {"起用日期，默认今天", "valid from this day, by default today"}}
#define COLUMN_RECEIPT \
    {.name = "receipt", .kind = OPTION_VALUE, \
     .help = {"单号：同一单号只记一次", "receipt number: the same one is entered once"}}
#define COLUMN_COUNTER \
    {.name = "counter", .kind = OPTION_VALUE, .is_required = true, \
     .help = {"兑换点，编号或名称（环境变量 LOVEBANK_COUNTER）", \
              "the counter, by number or name (LOVEBANK_COUNTER)"}}
/* Who spends: a card, as a rule. */
#define COLUMN_CARD \
    {.name = "card", .kind = OPTION_POSITIONAL, .is_required = true, .alias = "member", \
     .help = {"卡号或志愿者编号", "card or member number"}}
/* Who it is about: a member, as a rule. */
#define COLUMN_MEMBER \
    {.name = "member", .kind = OPTION_POSITIONAL, .is_required = true, .alias = "card", \
     .help = {"志愿者编号（最多 8 位）或卡号（10 位）", \
              "member number (up to 8 digits) or card (10)"}}
/* Whom the registry changes: no card will do. */
#define COLUMN_MEMBER_NUMBER \
    {.name = "member", .kind = OPTION_POSITIONAL, .is_required = true, \
     .help = {"志愿者编号", "member number"}}
/* Of a person, all but the name. */
#define COLUMNS_PERSON \
    {.name = "gender", .kind = OPTION_VALUE, .help = {"男 或 女", "male or female"}}, \
    {.name = "birth", .kind = OPTION_VALUE, .value = "YYYY-MM-DD", \
     .help = {"出生日期", "birth date"}}, \
    {.name = "phone", .kind = OPTION_VALUE, .help = {"联系方式", "phone"}}, \
    {.name = "id_number", .kind = OPTION_VALUE, .help = {"身份证件号码", "ID number"}}, \
    {.name = "address", .kind = OPTION_VALUE, .help = {"居住区域", "where the member lives"}}, \
    {.name = "skills", .kind = OPTION_VALUE, .help = {"专业技能", "skills"}}, \
    {.name = "wishes", .kind = OPTION_VALUE, .help = {"愿意提供的服务", "services offered"}}
/* clang-format on */

#endif
