#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The command line as somebody meets it who does not know it: help in both languages, wrong words,
--json that a program can read, --dry-run that changes nothing, output that fits a terminal.
"""

import json
import os
import re
import subprocess
import time
import unicodedata
import unittest

from bad_input_book import (ANNA, BAO, COUNTER, EAST, HAIRCUT, HOUSEWORK, RICE, SOAP, STREET,
                            BadInput, ask)
from lovebank_testing import CLIENT, PATIENCE_S, card_of

COLUMNS = 80


def lovebank(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("LOVEBANK", "LANG", "LC_"))}
    return subprocess.run([str(CLIENT), *arguments], capture_output=True, text=True,
                          encoding="utf-8", timeout=PATIENCE_S, env=kept | environment, check=False)


def width(line):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def commands():
    """The commands of the program's own help."""
    text = lovebank("--lang", "en", "--help").stdout
    listed = text[text.index("Commands:"):text.index("Options of every")].splitlines()
    return [line[2:24].strip() for line in listed if re.match(r"  [a-z]", line)]


class Help(unittest.TestCase):
    def test_each_command_has_help_in_both_languages_that_fits_a_terminal(self):
        found = commands()
        self.assertGreater(len(found), 30)
        for name in ["", *found]:
            for language, usage in (("zh", "用法：lovebank"), ("en", "Usage: lovebank")):
                done = lovebank("--lang", language, *name.split(), "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""), name)
                self.assertIn(f"{usage} {name}".strip(), done.stdout)
                for line in done.stdout.splitlines():
                    self.assertLessEqual(width(line), COLUMNS, line)

    def test_the_locale_chooses_the_language(self):
        for environment, word in (({}, "Usage"), ({"LANG": "C"}, "Usage"),
                                  ({"LANG": "zh_CN.UTF-8"}, "用法"),
                                  ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "用法"),
                                  ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US"}, "Usage")):
            self.assertIn(word, lovebank("--help", **environment).stdout)
        self.assertIn("Usage", lovebank("--lang", "en", "--help", LANG="zh_CN.UTF-8").stdout)

    def test_wrong_words_end_with_2_and_say_where_to_read(self):
        for words, named in ((["frobnicate"], "frobnicate"), (["reccord", "1"], "reccord"),
                             (["status", "extra"], "extra"), (["status", "--bogus"], "--bogus"),
                             (["--lang", "fr", "status"], "fr"), (["--lang"], "--lang"),
                             (["stars"], "--year"), (["stars", "--year", "2016"], "--org"),
                             (["stars", "--year", "x", "--org", "1"], "x"),
                             (["record"], "--member"), (["record", "1"], "--category"),
                             (["redeem", "1"], "--goods"), (["undo", "1"], "--reason"),
                             (["history", "1", "--limit", "-1"], "-1"), (["explain"], "--entry"),
                             (["import", "sheet"], "FILE"), (["import", "x"], "import x"),
                             (["import", "sheet", "--map", "x", "f"], "--map"),
                             (["import", "sheet", "--map", "x=nothing", "f"], "nothing"),
                             (["import", "sheet", "--year", "16", "f"], "--year"),
                             (["import", "sheet", "--encoding", "x", "f"], "--encoding"),
                             (["import", "sheet", "--rejects", "r", "f", "g"], "--rejects"),
                             (["import", "undo", "1"], "--reason"),
                             (["--desk", "0", "status"], "0")):
            done = lovebank(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertIn(named, done.stderr)
            if words != ["--lang"]:
                self.assertIn("See: lovebank", done.stderr)

    def test_no_command_at_all_is_wrong_usage_and_shows_the_help(self):
        done = lovebank()
        self.assertEqual(done.returncode, 2)
        self.assertIn("Usage: lovebank", done.stdout + done.stderr)

    def test_addresses_that_are_none_and_servers_that_are_not_there(self):
        for address in ("bogus", "unix:", "tcp:1", "tcp:host:99999"):
            done = lovebank("--connect", address, "status")
            self.assertEqual(done.returncode, 2, address)
            self.assertIn(address, done.stderr)
        for address in ("unix:/nonexistent/s", "tcp:127.0.0.1:1"):
            done = lovebank("status", LOVEBANK_CONNECT=address)
            self.assertEqual(done.returncode, 3)
            self.assertIn(address, done.stderr)


class EveryCommand(BadInput):
    def acts(self):
        """One good call of each command that writes."""
        asked = [str(self.entry_of(ask(ANNA))) for _ in range(2)]
        new = 310101001077
        return [["org", "open", new, "--kind", "grid", "--name", "网格", "--parent", STREET],
                ["org", "update", EAST, "--name", "新东"],
                ["class", "set", 7, "居民"], ["category", "set", 7, "助老", 12],
                ["item", "set", 107, "面条", 5], ["counter", "open", 7, STREET, "二店"],
                ["star-table", "set", 5, 10], ["member", "add", "赵六", STREET],
                ["member", "update", ANNA, "--classes-remove", 1], ["member", "block", BAO],
                ["card", "block", f"{card_of(BAO):010}"],
                ["card", "replace", f"{card_of(ANNA):010}"],
                ["card", "issue", 4], ["stock", "receive", RICE, 5, "--counter", COUNTER],
                ["activity", "open", STREET, "扫街"], ["record", ANNA, HOUSEWORK, 30],
                ["redeem", ANNA, f"{SOAP}=1", f"{RICE}=1", "--counter", COUNTER],
                ["service", "ask", ANNA, HAIRCUT, "--counter", COUNTER],
                ["service", "give", asked[0]], ["service", "release", asked[1]],
                ["undo", self.served, "--reason", "输错"]]

    def queries(self):
        board = ["--year", 2016, "--org", STREET]
        return [["status"], ["org", "list"], ["class", "list"], ["category", "list"],
                ["item", "list"], ["counter", "list"], ["star-table", "list"],
                ["member", "show", ANNA], ["member", "show", ANNA, "--person"],
                ["member", "find", "张"], ["stock", "show"], ["balance", ANNA], ["history", ANNA],
                ["history", "--counter", COUNTER], ["statement", ANNA],
                ["stars", *board], ["stars", *board, "--by", "hours", "--names"],
                ["report", *board], ["explain", self.served], ["explain", 1], ["verify"]]

    def objects(self, done):
        """Each line of the output as an object; nothing else may be there."""
        self.assertEqual(done.stderr, "")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(found and all(isinstance(one, dict) for one in found), done.stdout)
        return found

    def test_writing_a_dry_run_gives_the_same_verdict_and_changes_nothing(self):
        for act in self.acts():
            before, state = self.entries(), self.state()
            dry = self.json_of("--dry-run", *act, code=0)
            told = self.server.cli("--lang", "en", "--dry-run", *act)
            self.assertIn("Nothing was entered", told)
            self.assertEqual((self.entries(), self.state(), dry["entry"]), (before, state, 0), act)
            real = self.json_of(*act, code=0)
            self.assertEqual((real["result"], real["entry"]), ("ok", before + 1), act)
            for key in ("balances", "lines", "earning", "assigned", "assigned_card"):
                self.assertEqual(dry.get(key), real.get(key), (act, key))

    def test_queries_answer_with_objects_and_with_lines_that_fit(self):
        for query in self.queries():
            self.objects(self.server.cli("--json", *query, check=False))
            for language in ("zh", "en"):
                text = self.server.cli("--lang", language, *query)
                self.assertTrue(text.strip(), query)
                for line in text.splitlines():
                    self.assertLessEqual(width(line), COLUMNS, (query, line))
                    self.assertNotIn("\x1b", line)

    def test_sheets_answer_with_an_object_for_each_line_and_a_sum(self):
        sheet = self.server.dir / "sheet.csv"
        sheet.write_text("member,category,minutes,date\n" + "".join(
            f"{row},2016-05-01\n" for row in ("1,1,10", "99,1,10", "1,1,x")), "utf-8")
        for flags, entries in ((["--dry-run"], 0), (["--yes"], 2), (["--yes"], 0)):
            before = self.entries()
            done = self.server.cli("--json", "import", "sheet", sheet, *flags, check=False)
            found = self.objects(done)
            self.assertEqual((done.returncode, found[-1]["refused"]), (1, 2))
            self.assertEqual(self.entries() - before, entries)

    def test_failing_queries_answer_with_one_object_too(self):
        for query, name in ((["balance", 99], "member_unknown"), (["explain", 999],
                            "entry_unknown"), (["history", 99], "member_unknown"),
                            (["statement", 99], "member_unknown"),
                            (["history", "--counter", 8], "counter_unknown"),
                            (["history", "--import", 8], "import_unknown"),
                            (["stars", "--year", 2016, "--org", 5], "org_unknown"),
                            (["report", "--year", 2016, "--org", 5], "org_unknown"),
                            (["stars", "--year", 2016, "--org", STREET, "--at", 999],
                             "entry_unknown")):
            found = self.json_of(*query, code=1)
            self.assertEqual(found["result"], name)
            self.assertTrue(found["sentence"])

    def test_bench_answers_with_objects(self):
        done = self.server.cli("--json", "bench", "--count", 200, "--members", 10, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.objects(done)

    def test_bench_tells_when_its_load_began_and_ended(self):
        before_us = time.monotonic_ns() // 1000
        told = self.json_of("bench", "--count", 200, "--members", 10, code=0)
        after_us = time.monotonic_ns() // 1000
        self.assertLessEqual(before_us, told["begin_us"])
        self.assertEqual(told["begin_us"] + told["took_us"], told["end_us"])
        self.assertLessEqual(told["end_us"], after_us)

    def test_bench_begins_when_it_is_told_to(self):
        at_us = time.monotonic_ns() // 1000 + 1_500_000
        told = self.json_of("bench", "--count", 10, "--members", 10, "--begin-at", at_us, code=0)
        self.assertGreaterEqual(told["begin_us"], at_us)
        self.assertEqual(told["done"], 10)
        far = self.server.cli("bench", "--members", 10, "--begin-at", at_us + 7200 * 1_000_000,
                              check=False)
        self.assertEqual(far.returncode, 2)
        self.assertIn("--begin-at", far.stdout + far.stderr)

    def test_bench_asks_as_of_the_entry_that_it_is_told(self):
        load = ("bench", "--kind", "balance", "--count", 20, "--members", 10, "--connections", 1,
                "--in-flight", 1)
        self.assertEqual(self.json_of(*load, "--at-least-entry", 1, code=0)["done"], 20)
        behind = self.server.cli("--json", *load, "--at-least-entry", 1 << 40, check=False)
        told = json.loads(behind.stdout)
        self.assertEqual((told["done"], told["failed"]), (0, 1))
        self.assertNotEqual(behind.returncode, 0)


if __name__ == "__main__":
    unittest.main()
