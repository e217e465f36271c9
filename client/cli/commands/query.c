/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Options of the commands that ask. One thread.
 */
#include "query.h"

#include "amounts.h"
#include "form.h"
#include "typed.h"

#include "lovebank/card.h"

bool query_day(struct cli *cli, const struct cli_arguments *arguments, const char *name,
               int32_t *day, protobuf_c_boolean *has_day)
{
    const char *value = arguments_get(arguments, name);
    *has_day = value != NULL;
    if (value == NULL) {
        return true;
    }
    bool is_told = false;
    const enum value_fault fault = typed_day(cli, value, day, &is_told);
    if (fault != VALUE_GOOD) {
        (void)arguments_complain(
            cli, arguments, name,
            (struct cli_text){value_fault_text(fault, true), value_fault_text(fault, false)});
    }
    return fault == VALUE_GOOD && !is_told;
}

bool query_number(struct cli *cli, const struct cli_arguments *arguments, const char *name,
                  uint64_t min, uint64_t max, uint64_t *number)
{
    const char *value = arguments_get(arguments, name);
    if (value == NULL || amount_parse_number(value, min, max, number)) {
        return true;
    }
    (void)arguments_complain(cli, arguments, name, range_wanted(cli, min, max));
    return false;
}

bool query_entry(struct cli *cli, const struct cli_arguments *arguments, const char *name,
                 Lovebank__V1__EntryRef *ref)
{
    const char *value = arguments_get(arguments, name);
    if (amount_parse_number(value, 1, INT64_MAX, &ref->entry)) {
        return true;
    }
    struct id *id = cli_take(cli, 1, sizeof(*id));
    if (!id_parse(bytes_of_text(value), id)) {
        (void)arguments_complain(
            cli, arguments, name,
            (struct cli_text){"请写记账号或请求号", "give an entry number or a request id"});
        return false;
    }
    ref->request_id = (ProtobufCBinaryData){sizeof(id->bytes), id->bytes};
    return true;
}

static bool query_typed_member(struct cli *cli, const struct cli_arguments *arguments,
                               const char *name, Lovebank__V1__MemberRef *ref, enum cli_exit *exit)
{
    struct cli_text reason = {0};
    switch (typed_member(cli, arguments_get(arguments, name), &ref->member, &reason)) {
    case TYPED_FOUND:
        return true;
    case TYPED_REFUSED:
        *exit = arguments_complain(cli, arguments, name, reason);
        return false;
    case TYPED_UNANSWERED:
        *exit = CLI_TRY_LATER;
        return false;
    }
    return false;
}

bool query_member(struct cli *cli, const struct cli_arguments *arguments, const char *name,
                  Lovebank__V1__MemberRef *ref, enum cli_exit *exit)
{
    const char *value = arguments_get(arguments, name);
    const bool is_number = value != NULL && member_ref_parse(value, ref);
    if (value != NULL && !is_number && typed_is_name(value)) {
        return query_typed_member(cli, arguments, name, ref, exit);
    }
    if (!is_number) {
        *exit = arguments_complain(
            cli, arguments, name,
            (struct cli_text){"请写卡号（10 位）或志愿者编号（最多 8 位）",
                              "give a card (10 digits) or a member number (up to 8)"});
        return false;
    }
    if (ref->card != 0 && !lb_card_is_valid(ref->card)) {
        const int64_t numbers[3] = {(int64_t)ref->card};
        *exit = cli_fail(cli, LB_CARD_CHECK_DIGIT, numbers, "");
        return false;
    }
    return true;
}

enum cli_exit query_refuse_member(struct cli *cli, uint32_t code,
                                  const Lovebank__V1__MemberRef *ref)
{
    const int64_t numbers[3] = {(int64_t)(ref->card != 0 ? ref->card : ref->member)};
    return cli_fail(cli, (int)code, numbers, "");
}
