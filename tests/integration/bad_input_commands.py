#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What a desk or a counter may get wrong: each refusal through the command line."""

import unittest
from datetime import timedelta

from bad_input_book import (ANNA, BAO, BLOCKED, CARDLESS, COUNTER, HAIRCUT, HOUSEWORK, LATE, RICE,
                            SOAP, BadInput, ask, receive, redeem, serve)
from lovebank_testing import card_of, today

NOBODY = card_of(77)


def card(number):
    return f"{number:010}"


class BadCards(BadInput):
    def test_an_unknown_card(self):
        for act in (["record", card(NOBODY), HOUSEWORK, 60, "--date", "2016-03-01"],
                    ["redeem", card(NOBODY), f"{SOAP}=1", "--counter", COUNTER],
                    ["service", "ask", card(NOBODY), HAIRCUT, "--counter", COUNTER]):
            self.assert_refused("card_unknown", *act, values=[card(NOBODY)], zh=["核对卡号"],
                                en=["check the number"])

    def test_a_wrong_check_digit(self):
        wrong = card(card_of(ANNA) + 1)
        self.assert_refused("card_check_digit", "redeem", wrong, f"{SOAP}=1", "--counter", COUNTER,
                            values=[wrong], zh=["校验位", "核对后重输"], en=["check digit", "again"])

    def test_a_blocked_card(self):
        blocked = card(card_of(CARDLESS))
        self.assert_refused("card_blocked", "redeem", blocked, f"{SOAP}=1", "--counter", COUNTER,
                            values=[blocked], zh=["挂失", "请用新卡"], en=["blocked", "use the new"],
                            recorded=True)

    def test_a_blocked_member(self):
        for who in (f"{BLOCKED:08}", card(card_of(BLOCKED))):
            self.assert_refused("member_blocked", "record", who, HOUSEWORK, 60,
                                values=[f"{BLOCKED:08}"], zh=["停用", "请找管理员"],
                                en=["blocked", "ask an administrator"], recorded=True)

    def test_an_unknown_member(self):
        self.assert_refused("member_unknown", "record", 99, HOUSEWORK, 60, values=["00000099"],
                            zh=["志愿者", "核对"], en=["member", "check"])

    def test_what_is_no_card_and_no_member_is_wrong_usage(self):
        for who in ("abc", "12345678901", "6.75E+09"):
            self.assert_usage("record", who, str(HOUSEWORK), "60", words=["--member", who])

    def test_an_empty_value_is_a_missing_one(self):
        self.assert_refused("field_missing", "record", "", HOUSEWORK, 60, zh=["志愿者", "请填写"],
                            en=["member", "fill it in"])
        self.assert_refused("field_missing", "record", ANNA, HOUSEWORK, "", zh=["时长", "请填写"],
                            en=["minutes", "fill it in"])


class BadServices(BadInput):
    def record(self, name, *arguments, who=ANNA, **options):
        return self.assert_refused(name, "record", who, *arguments, **options)

    def test_an_unknown_category(self):
        self.record("category_unknown", 77, 60, values=["77"], zh=["服务类别", "核对"],
                    en=["category", "check"])
        self.assert_usage("record", "1", "天文", "60", words=["--category", "天文"])

    def test_a_category_without_a_tariff_on_that_day(self):
        self.record("tariff_unknown", HOUSEWORK, 60, "--date", "2015-12-31",
                    values=[HOUSEWORK, "2015-12-31"], zh=["请先设定"], en=["set one first"])

    def test_a_date_in_the_future(self):
        tomorrow = (today() + timedelta(days=3)).isoformat()
        self.record("date_in_future", HOUSEWORK, 60, "--date", tomorrow, values=[tomorrow],
                    zh=["还没到", "请改日期"], en=["future", "correct the date"])

    def test_a_date_before_the_member_joined(self):
        self.record("before_joined", HOUSEWORK, 60, "--date", "2016-05-31", who=LATE,
                    values=["2016-05-31", "2016-06-01"], zh=["加入", "请改日期"],
                    en=["joined", "correct the date"], recorded=True)

    def test_a_date_that_does_not_exist(self):
        for wrong in ("2015-02-29", "2016-13-01", "大后天"):
            self.record("date_invalid", HOUSEWORK, 60, "--date", wrong, values=[wrong],
                        zh=["请写成"], en=["write it like"])

    def test_minutes_out_of_range(self):
        for minutes in (0, -5, 1441, 4294967356):
            self.record("minutes_invalid", HOUSEWORK, minutes, values=[minutes, "1440"],
                        zh=["分钟", "更正"], en=["minutes", "correct"])
        for minutes in ("1.5", "一会儿", "99999999999999999999"):
            self.assert_usage("record", "1", str(HOUSEWORK), minutes, words=["--minutes", minutes])

    def test_more_than_a_day_in_a_day(self):
        self.record("over_day", HOUSEWORK, 1381, "--date", "2016-03-02",
                    values=["60", "1381", "1440"], zh=["当天", "核对"], en=["that day", "check"],
                    recorded=True)

    def test_an_overlap(self):
        self.record("overlap", HOUSEWORK, 60, "--date", "2016-03-02", "--start", "09:30",
                    values=[self.served, "09:00", "60"], zh=["重叠", "核对"],
                    en=["overlaps", "correct"], recorded=True)

    def test_an_overlap_after_midnight(self):
        late = self.entry_of(serve(ANNA, 60, "2016-03-05", start=1410))
        self.record("overlap", HOUSEWORK, 20, "--date", "2016-03-06", "--start", "00:10",
                    values=[late, "23:30", "60"], recorded=True)

    def test_a_service_right_after_another_does_not_overlap(self):
        self.server.cli("record", ANNA, HOUSEWORK, 60, "--date", "2016-03-02", "--start", "10:00")


class BadRedemptions(BadInput):
    def redeem(self, name, *goods, **options):
        return self.assert_refused(name, "redeem", ANNA, *goods, "--counter", COUNTER, "--date",
                                   "2016-05-01", **options)

    def test_an_unknown_item(self):
        self.redeem("item_unknown", "999=1", values=["999"], zh=["核对"], en=["check"])
        self.assert_usage("redeem", "1", "月亮=1", "--counter", str(COUNTER), words=["月亮"])

    def test_an_unknown_counter(self):
        self.assert_refused("counter_unknown", "redeem", ANNA, f"{SOAP}=1", "--counter", 77,
                            values=["77"], zh=["兑换点", "核对"], en=["counter", "check"])

    def test_an_item_of_the_other_kind(self):
        self.redeem("wrong_item_kind", f"{HAIRCUT}=1", values=[HAIRCUT], zh=["预约"], en=["ask"])
        self.assert_refused("wrong_item_kind", "service", "ask", ANNA, RICE, "--counter", COUNTER,
                            values=[RICE], zh=["兑换点"], en=["counter"])

    def test_a_quantity_out_of_range(self):
        for quantity in (0, -1, 1000001):
            self.assert_refused("quantity_invalid", "service", "ask", ANNA, HAIRCUT, "--counter",
                                COUNTER, f"--quantity={quantity}", values=[quantity, "1000000"],
                                zh=["数量", "更正"], en=["quantity", "correct"])
        for goods in (f"{SOAP}=0", f"{SOAP}=-1", f"{SOAP}=1000001", f"{SOAP}=x", f"{SOAP}=", f"{SOAP}=99999999999999999999", "=1"):
            self.assert_usage("redeem", "1", goods, "--counter", str(COUNTER), words=["--goods"])

    def test_not_enough_points(self):
        self.redeem("points_insufficient", f"{SOAP}=111", values=["111", "110"],
                    zh=["积分不够", "少兑"], en=["not enough points", "less"], recorded=True)

    def test_not_enough_stock(self):
        self.redeem("stock_insufficient", f"{RICE}=3", values=[RICE, "3", "2"],
                    zh=["库存不够", "请"], en=["not enough stock", "less"], recorded=True)

    def test_one_bad_line_of_several_does_nothing_of_the_rest(self):
        self.redeem("stock_insufficient", f"{SOAP}=1", f"{RICE}=3", values=[RICE], recorded=True)

    def test_more_lines_than_a_redemption_may_have(self):
        self.redeem("lines_too_many", *[f"{SOAP}=1"] * 33, values=["33", "32"], zh=["请分成几笔"],
                    en=["split"])


class BadReversals(BadInput):
    def undo(self, name, entry, **options):
        return self.assert_refused(name, "undo", entry, "--reason", "输错", **options)

    def test_reversing_twice(self):
        self.server.cli("undo", self.served, "--reason", "输错")
        by = self.entries()
        self.undo("already_reversed", self.served, values=[self.served, by], zh=["撤销", "不必"],
                  en=["undone", "nothing is left"], recorded=True)

    def test_reversing_a_reversal(self):
        self.server.cli("undo", self.served, "--reason", "输错")
        reversal = self.entries()
        self.undo("not_reversible", reversal, values=[reversal], zh=["重新记一笔"],
                  en=["enter the act again"])

    def test_reversing_what_moves_nothing(self):
        self.undo("not_reversible", 1, values=["1"], zh=["不能撤销"], en=["cannot be undone"])

    def test_reversing_an_unknown_entry(self):
        self.undo("entry_unknown", 9999, values=["9999"], zh=["核对"], en=["check"])

    def test_reversing_spent_earnings_makes_a_debt_that_is_told_and_earned_back(self):
        served = self.entry_of(serve(BAO, 180, "2016-04-01"))
        self.entry_of(redeem(BAO, RICE, 1))
        self.server.cli("undo", served, "--reason", "输错")
        self.assertIn("30", self.server.cli("--lang", "en", "balance", BAO))
        self.assertIn("owed", self.server.cli("--lang", "en", "balance", BAO))
        self.assert_refused("in_debt", "redeem", BAO, f"{SOAP}=1", "--counter", COUNTER, "--date",
                            "2016-05-02", values=["30"], zh=["欠"], en=["earned back"],
                            recorded=True)
        self.server.cli("record", BAO, HOUSEWORK, 186, "--date", "2016-05-02")
        self.server.cli("redeem", BAO, f"{SOAP}=1", "--counter", COUNTER, "--date", "2016-05-02")

    def test_reversing_a_delivery_that_has_gone_on(self):
        delivered = self.entry_of(receive(RICE, 1))
        self.entry_of(redeem(ANNA, RICE, 3))
        self.undo("goods_gone", delivered, values=[RICE, "1", "0"], zh=["请"], en=["first"],
                  recorded=True)

    def test_undo_without_a_reason_is_wrong_usage(self):
        self.assert_usage("undo", str(self.served), words=["--reason"])


class BadAsks(BadInput):
    def test_giving_or_releasing_a_released_service(self):
        asked = self.entry_of(ask(ANNA))
        self.server.cli("service", "release", asked, "--date", "2016-04-02")
        by = self.entries()
        for act in ("give", "release"):
            self.assert_refused("ask_closed", "service", act, asked, "--date", "2016-04-03",
                                values=[asked, by], zh=["了结", "核对"], en=["settled", "check"],
                                recorded=True)

    def test_releasing_a_given_service(self):
        asked = self.entry_of(ask(ANNA))
        self.server.cli("service", "give", asked, "--giver", BAO, "--category", HOUSEWORK,
                        "--minutes", 30, "--date", "2016-04-02")
        self.assert_refused("ask_closed", "service", "release", asked, "--date", "2016-04-03",
                            values=[asked], recorded=True)

    def test_giving_what_nobody_asked_for(self):
        self.assert_refused("not_an_ask", "service", "give", self.served, values=[self.served],
                            zh=["预约", "核对"], en=["not a request", "check"])
        self.assert_refused("entry_unknown", "service", "give", 9999, values=["9999"])

    def test_giving_before_it_was_asked_for(self):
        asked = self.entry_of(ask(ANNA))
        self.assert_refused("before_asked", "service", "give", asked, "--date", "2016-03-31",
                            values=["2016-03-31", "2016-04-01"], zh=["请改日期"],
                            en=["correct the date"], recorded=True)

    def test_giving_to_oneself(self):
        asked = self.entry_of(ask(ANNA))
        self.assert_refused("giver_is_asker", "service", "give", asked, "--giver", ANNA,
                            "--category", HOUSEWORK, "--minutes", 30, "--date", "2016-04-02",
                            values=["00000001"], zh=["请换"], en=["name the one"], recorded=True)

    def test_points_that_are_held_cannot_be_spent(self):
        self.entry_of(ask(ANNA))
        self.assert_refused("points_insufficient", "redeem", ANNA, f"{SOAP}=91", "--counter",
                            COUNTER, "--date", "2016-05-01", values=["91", "90"], recorded=True)


if __name__ == "__main__":
    unittest.main()
