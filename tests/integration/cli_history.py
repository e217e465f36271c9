#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A member's history tells of what was refused too: what was wanted, and why it was not done."""

import unittest

from lovebank_testing import Server

DAY = ["--date", "2016-05-01"]


class Refusals(unittest.TestCase):
    def setUp(self):
        since = ["--from", "2016-01-01"]
        self.server = self.enterContext(Server())
        self.server.cli("org", "open", 310101001000, "春晖街道", "--kind", "street", *since)
        self.server.cli("category", "set", 1, "家政", "12.50", "--day-minutes-max", 480, *since)
        self.server.cli("counter", "open", 1, 310101001000, "爱心超市")
        self.server.cli("item", "set", 101, "大米", 60, *since)
        self.server.cli("item", "set", 102, "食盐", 5, *since)
        self.server.cli("item", "set", 201, "理发", 20, "--kind", "service", *since)
        self.server.cli("member", "add", "张小明", 310101001000, "--member", 42, "--joined",
                        "2016-01-01")

    def refuse(self, *act):
        self.assertEqual(self.server.cli(*act, *DAY, check=False).returncode, 1)

    def last(self, lang):
        """The newest entry: what it was and its note, in one line."""
        table = self.server.cli("--lang", lang, "history", 42, "--limit", 1).splitlines()
        self.assertEqual(len(table), 2)
        return " ".join(table[1].split())

    def test_goods_with_too_few_points(self):
        self.server.cli("record", 42, 1, 60, *DAY)
        self.refuse("redeem", 42, "大米=2", "食盐", "--counter", 1)
        self.assertEqual(self.last("en"), "2016-05-01 redeem goods 大米×2, 食盐×1 12.5 9 "
                         "refused: not enough points: needs 125, has 12.5")
        self.assertEqual(self.last("zh"), "2016-05-01 兑换商品 大米×2、食盐×1 12.5 9 "
                         "被拒绝：积分不够：需 125，现有 12.5")

    def test_a_service_with_too_few_points(self):
        self.refuse("service", "ask", 42, "理发", 3, "--counter", 1)
        self.assertEqual(self.last("en"), "2016-05-01 ask for service 理发×3 0 8 "
                         "refused: not enough points: needs 60, has 0")

    def test_hours_beyond_the_day(self):
        self.refuse("record", 42, 1, 500)
        self.assertEqual(self.last("en"), "2016-05-01 service 家政 8 h 20 min 0 8 refused: "
                         "0 minutes are recorded for that day; 500 more would exceed the limit "
                         "of 480")


if __name__ == "__main__":
    unittest.main()
