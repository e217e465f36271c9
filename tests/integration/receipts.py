#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Receipts of the real program, and their proof codes computed anew: by the lines of docs/receipts.md,
from the bytes that the server hands out.
"""

import json
import re
import unicodedata
import unittest

from lovebank_testing import ENTRY_GET, SOURCE_DIR, Server, card_of, command, message

CARD = f"{card_of(42):010}"


def width(line):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def documented_function():
    """proof_code, as docs/receipts.md gives it."""
    text = (SOURCE_DIR / "docs/receipts.md").read_text(encoding="utf-8")
    names = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)  # pylint: disable=exec-used
    return names["proof_code"]


class Receipts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        cli = cls.server.cli
        cli("org", "open", 310101001000, "春晖街道", "--kind", "street", "--from", "2016-01-01")
        cli("category", "set", 1, "家政", "12.50", "--from", "2016-01-01", "--expires", "years:90")
        cli("counter", "open", 1, 310101001000, "爱心超市")
        cli("item", "set", 101, "大米", 60, "--unit", "袋", "--from", "2016-01-01")
        cli("item", "set", 201, "理发", 30, "--kind", "service", "--from", "2016-01-01")
        cli("member", "add", "张小明", 310101001000, "--member", 42, "--joined", "2016-01-01",
            "--card", CARD)
        cls.entries = {}
        for name, words in (("service", ("record", 42, 1, 480, "--date", "2016-05-01")),
                            ("more", ("record", 42, 1, 480, "--date", "2016-05-02"))):
            cli(*words)
            cls.entries[name] = cls.newest()
        with cls.server.connect() as connection:
            connection.do(command(30, (1, 1), (2, "慈善会"), (3, message((1, 101), (2, 5)))))
        for name, words in (("ask", ("service", "ask", CARD, 201, "--counter", 1)),
                            ("goods", ("redeem", CARD, "101=2", "--counter", 1, "--desk", 3))):
            cli(*words)
            cls.entries[name] = cls.newest()
        cli("undo", cls.entries["goods"], "--reason", "拿错了")
        cls.entries["undo"] = cls.newest()

    @classmethod
    def newest(cls):
        return int(json.loads(cls.server.cli("--json", "status"))["durable_entry"])

    def receipt(self, name, *options, lang="zh"):
        return self.server.cli("--lang", lang, "receipt", self.entries[name], *options)

    def code(self, number):
        with self.server.connect() as connection:
            answer = connection.ask(ENTRY_GET, (1, message((1, number))))
        return documented_function()(answer.message(2).bytes(1))

    def test_the_documented_vectors(self):
        proof_code = documented_function()
        self.assertEqual((proof_code(b""), proof_code(b"lovebank")), ("DRT0-Q77Z", "F74D-APSM"))

    def test_every_receipt_has_the_code_that_anybody_computes(self):
        for name, number in self.entries.items():
            for options in ([], ["--width", 80], ["--passbook"], ["--original"]):
                for lang in ("zh", "en"):
                    text = self.receipt(name, *options, lang=lang)
                    columns = 80 if "--passbook" in options else 48 if 80 in options else 32
                    self.assertIn(self.code(number), text)
                    self.assertLessEqual(max(map(width, text.splitlines())), columns, text)
            self.assertIn(self.code(number), self.server.cli("explain", number))
            explained = json.loads(self.server.cli("--json", "explain", number))
            self.assertEqual(explained["proof_code"], self.code(number))

    def test_what_stands_on_them(self):
        goods = self.receipt("goods", "--original")
        for line in ("            春晖街道", "            爱心超市", "            兑换商品",
                     "服务台                         3", "志愿者                     张*明",
                     f"积分卡                 尾号 {CARD[-4:]}",
                     "  2 袋 x 60                  120", "合计                     -120 分",
                     "余额                       50 分",
                     f"已由第 {self.entries['undo']} 号撤销，本单作废"):
            self.assertIn(line + "\n", goods)
        self.assertIn("兑换商品（补打）", self.receipt("goods"))
        self.assertIn("家政                      8 小时\n", self.receipt("service"))
        self.assertIn("业务日期              2016-05-01\n", self.receipt("service"))
        self.assertIn("另有预占                   30 分\n", self.receipt("ask"))
        undo = self.receipt("undo")
        self.assertIn(f"原第 {self.entries['goods']} 号\n", undo)
        self.assertIn("  用至 2106-05-01", undo)  # the newest entry: the lots are at hand
        self.assertNotIn("用至", goods)

    def test_debts_stand_on_the_receipt_of_what_made_them(self):
        cli = self.server.cli
        cli("member", "add", "李建国", 310101001000, "--member", 43, "--joined", "2016-01-01")
        cli("record", 43, 1, 480, "--date", "2016-05-01")
        earned = self.newest()
        cli("redeem", 43, "101=1", "--counter", 1)
        cli("undo", earned, "--reason", "记错了")
        text = cli("--lang", "zh", "receipt", self.newest())
        self.assertIn("余额                        0 分\n还欠                       60 分\n", text)

    def test_a_passbook_line_is_one_line(self):
        for name in self.entries:
            text = self.receipt(name, "--passbook")
            self.assertEqual((text.count("\n"), width(text[:-1])), (1, 80), text)

    def test_gb18030_to_a_file(self):
        path = self.server.dir / "paper"
        self.receipt("goods", "--encoding", "gb18030", "-o", path)
        self.assertEqual(path.read_bytes().decode("gb18030"), self.receipt("goods"))

    def check(self, name, code):
        done = self.server.cli("--lang", "en", "receipt", self.entries[name], "--check", code,
                               check=False)
        return done.returncode, done.stdout + done.stderr

    def test_a_code_is_checked_however_it_is_typed(self):
        code = self.code(self.entries["goods"])
        sloppy = code.lower().replace("-", "").replace("0", "o").replace("1", "l")
        for typed in (code, sloppy, code.replace("-", " ")):
            self.assertEqual(self.check("goods", typed)[0], 0)
        status, said = self.check("service", code)
        self.assertEqual(status, 1)
        self.assertIn(f"{code} is not that of entry {self.entries['service']}", said)
        self.assertEqual(self.check("goods", "K7QF")[0], 2)

    def test_what_has_no_receipt_says_so(self):
        done = self.server.cli("--lang", "en", "receipt", 1, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no receipt", done.stderr)
        done = self.server.cli("--lang", "en", "receipt", 999, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no entry 999", done.stderr)
        for wrong in (["--width", 57], ["--encoding", "gbk"]):
            done = self.server.cli("receipt", 1, *wrong, check=False)
            self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
