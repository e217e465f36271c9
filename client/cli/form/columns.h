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
/* Headings under which files have the usual columns. */
#define HEADINGS_DATE \
    "日期|服务日期|活动日期|记录日期|签到日期|兑换日期|领取日期|day|service date|date of service"
#define HEADINGS_MEMBER \
    "志愿者编号|编号|会员编号|会员号|志愿者号|注册号|志愿者注册号|人员编号|member number|member no|" \
    "member id|volunteer number|volunteer id"
#define HEADINGS_CARD "卡号|积分卡号|积分卡|爱心卡号|志愿者卡号|card number|card no"
#define HEADINGS_NAME "姓名|志愿者|志愿者姓名|名字|参加人|签到人|兑换人|领取人|full name|volunteer"
#define HEADINGS_ORG \
    "组织|所属组织|单位|所在单位|社区|所属社区|所在社区|服务单位|组织编号|组织单位|记录单位|" \
    "organisation|organization|community"
#define HEADINGS_CATEGORY \
    "服务类别|类别|服务类型|服务项目|项目|类型|类别编号|服务类别编号|service|service category|" \
    "kind of service"
#define HEADINGS_MINUTES \
    "分钟|分钟数|服务分钟|服务分钟数|时长(分钟)|时长(分)|服务时长(分钟)|服务时长(分)|min|mins|" \
    "minutes of service|duration (min)|duration (minutes)"
#define HEADINGS_HOURS \
    "小时|小时数|服务小时|服务小时数|时长(小时)|时长(时)|服务时长(小时)|志愿时长(小时)|工时|" \
    "hours (h)|service hours|duration (h)|duration (hours)"
#define HEADINGS_DURATION "时长|服务时长|志愿时长|服务时数|时数|用时"
#define HEADINGS_COUNTER "兑换点|爱心超市|超市|兑换点编号|兑换地点|counter number|shop"
#define HEADINGS_ITEM "商品|物品|商品名称|物品名称|品名|礼品|商品编号|条码|服务|goods item|product"
#define HEADINGS_QUANTITY "数量|件数|个数|领取数量|兑换数量|qty|number|count"
#define HEADINGS_RECEIPT "单号|小票号|凭证号|兑换单号|票号|收据号|receipt number|receipt no|voucher"

#define COLUMN_DATE \
    {.name = "date", .kind = OPTION_VALUE, .holds = HOLDS_DAY, .value = "YYYY-MM-DD", \
     .spellings = HEADINGS_DATE, .is_file_required = true, .help = {"日期，默认今天；导入的文件里必须有", "the day, by default today; imported files must have it"}}
#define COLUMN_FROM \
    {.name = "from", .kind = OPTION_VALUE, .holds = HOLDS_DAY, .value = "YYYY-MM-DD", \
     .spellings = "起用日期|启用日期|生效日期|开始日期|设立日期|since|valid from", \
     .is_file_required = true, \
     .help = {"起用日期，默认今天；导入的文件里必须有", \
              "valid from this day, by default today; files must have it"}}
#define COLUMN_RECEIPT \
    {.name = "receipt", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .spellings = HEADINGS_RECEIPT, \
     .help = {"单号：同一单号只记一次", "receipt number: the same one is entered once"}}
#define COLUMN_COUNTER \
    {.name = "counter", .kind = OPTION_VALUE, .holds = HOLDS_COUNTER, \
     .is_required = true, .spellings = HEADINGS_COUNTER, \
     .help = {"兑换点，编号或名称；环境变量 LOVEBANK_COUNTER", \
              "the counter, by number or name; or LOVEBANK_COUNTER"}}
/* Who spends: a card, as a rule. */
#define COLUMN_CARD \
    {.name = "card", .kind = OPTION_POSITIONAL, .holds = HOLDS_MEMBER, \
     .is_required = true, .alias = "member", \
     .spellings = HEADINGS_CARD, .instead = "member|name", \
     .help = {"志愿者（卡号、编号、姓名或拼音首字母）", \
              "the member (card, number, name or pinyin initials)"}}
/* Who it is about: a member, as a rule. */
#define COLUMN_MEMBER \
    {.name = "member", .kind = OPTION_POSITIONAL, .holds = HOLDS_MEMBER, \
     .is_required = true, .alias = "card", \
     .spellings = HEADINGS_MEMBER, .instead = "card|name", \
     .help = {"志愿者（编号、卡号、姓名或拼音首字母）", \
              "the member (number, card, name or pinyin initials)"}}
/* In files, the other ways to say who it is. */
#define COLUMN_FILE_CARD \
    {.name = "card", .kind = OPTION_VALUE, .holds = HOLDS_MEMBER, \
     .is_file_only = true, .spellings = HEADINGS_CARD, \
     .help = {"卡号", "the card"}}
#define COLUMN_FILE_MEMBER \
    {.name = "member", .kind = OPTION_VALUE, .holds = HOLDS_MEMBER, \
     .is_file_only = true, .spellings = HEADINGS_MEMBER, \
     .help = {"志愿者编号", "the member number"}}
#define COLUMN_FILE_NAME \
    {.name = "name", .kind = OPTION_VALUE, .is_file_only = true, .spellings = HEADINGS_NAME, \
     .help = {"姓名：没有编号时用它找人，有编号时与它核对", \
              "the name: finds the member, or is compared with the number's"}}
#define COLUMN_FILE_ORG \
    {.name = "org", .kind = OPTION_VALUE, .holds = HOLDS_ORG, \
     .is_file_only = true, .spellings = HEADINGS_ORG, \
     .help = {"同名的人在哪个组织里找，默认取文件名里的 12 位编号", \
              "where to look for the name; by default the file's 12-digit name"}}
/* Whom the registry changes: no card will do. */
#define COLUMN_MEMBER_NUMBER \
    {.name = "member", .kind = OPTION_POSITIONAL, .holds = HOLDS_MEMBER, .is_required = true, \
     .help = {"志愿者编号", "member number"}}
/* Of a person, all but the name. */
#define COLUMNS_PERSON \
    {.name = "gender", .kind = OPTION_VALUE, .spellings = "性别|sex", \
     .help = {"男 或 女", "male or female"}}, \
    {.name = "birth", .kind = OPTION_VALUE, .value = "YYYY-MM-DD", \
     .spellings = "出生日期|出生年月日|生日|出生年月|birth date|date of birth|birthday", \
     .help = {"出生日期", "birth date"}}, \
    {.name = "phone", .kind = OPTION_VALUE, \
     .spellings = "联系方式|联系电话|电话|手机|手机号|手机号码|mobile|telephone|phone number", \
     .help = {"联系方式", "phone"}}, \
    {.name = "id_number", .kind = OPTION_VALUE, \
     .spellings = "身份证件号码|身份证号|身份证号码|身份证|证件号|证件号码|id card|id no", \
     .help = {"身份证件号码", "ID number"}}, \
    {.name = "address", .kind = OPTION_VALUE, \
     .spellings = "居住区域|地址|住址|家庭住址|居住地址|居住地", \
     .help = {"居住区域", "where the member lives"}}, \
    {.name = "skills", .kind = OPTION_VALUE, .spellings = "专业技能|特长|技能|skill", \
     .help = {"专业技能", "skills"}}, \
    {.name = "wishes", .kind = OPTION_VALUE, \
     .spellings = "服务意向|服务意愿|意向服务|愿意提供的服务|services offered", \
     .help = {"愿意提供的服务", "services offered"}}
/* What the lists of a year are about. */
#define OPTIONS_YEAR_AND_ORG \
    {.name = "year", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .is_required = true, \
     .help = {"年份", "the year"}}, \
    {.name = "org", .kind = OPTION_VALUE, .holds = HOLDS_ORG, .is_required = true, \
     .help = {"组织及其下级，编号或名称", "the org and all below it, by number or name"}}
/* clang-format on */

#endif
