/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a command will have read, as far as it says so itself: of a member's acts the member's rows,
 * of which there are as many as members. What all commands share is at hand anyway. Pure.
 */
#include "bank/bank.h"
#include "bank/records.h"
#include "base/date.h"
#include "ledger/book.h"

static void hint_member(const struct bank *bank, uint64_t member, int32_t day)
{
    const struct account own = {ACCOUNT_MEMBER, member};
    member_hint(bank->views, member);
    year_hint(bank->views, date_year_of_day(day), member);
    book_hint(bank->views, own, ASSET_OF_POINTS);
}

void bank_hint(const struct bank *bank, const struct command *command, int32_t today_day)
{
    const int32_t day = command->day == DAY_NONE ? today_day : command->day;
    if (day < DATE_DAY_MIN || day > DATE_DAY_MAX) {
        return; /* nobody has looked at the command yet */
    }
    if (command->kind == ACT_REDEEM) {
        hint_member(bank, command->act.redeem.member.member, day);
    }
    if (command->kind == ACT_SERVICE_RECORD) {
        const uint64_t member = command->act.service_record.member.member;
        const struct account own = {ACCOUNT_MEMBER, member};
        hint_member(bank, member, day);
        service_hint(bank->views, member, day);
        book_hint(bank->views, own, ASSET_OF_MINUTES);
    }
}
