#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Personal data is in the people table, encrypted, and in the answers to those who ask for it: never
in the log, never as plain bytes in the directory, never in boards, reports and explanations.
"""

import re
import unittest

from bad_input_book import HOUSEWORK, STREET, BadInput
from lovebank_testing import ENTRY_GET, STATUS, message

PERSON = {"--phone": "13912345678", "--id-number": "31010119800101123X",
          "--address": "梧桐路九十九号", "--skills": "会修钢琴", "--wishes": "陪伴聊天"}
NAME, RENAMED, REASON, LEADER = "欧阳慕容", "司马相如", "与慕容大妈说好的", "诸葛领队"
SECRETS = [NAME, RENAMED, REASON, LEADER, *PERSON.values()]


class PersonalData(BadInput):
    def setUp(self):
        super().setUp()
        self.connection.socket.close()
        self.server.flags = ["--log-level", "debug"]
        self.server.restart()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)
        cli = self.server.cli
        options = [word for pair in PERSON.items() for word in pair]
        cli("member", "add", NAME, STREET, "--joined", "2016-01-01", "--member", 77, *options)
        cli("member", "find", "慕容")
        cli("record", 77, HOUSEWORK, 60, "--date", "2016-03-03")
        cli("undo", self.entries(), "--reason", REASON)
        cli("activity", "open", STREET, "扫街", "--leader", LEADER)
        cli("member", "update", 77, "--name", RENAMED, *options)
        cli("record", 77, HOUSEWORK, 30, "--date", "2016-03-04")
        cli("member", "add", "长" * 65, STREET, "--phone", PERSON["--phone"], check=False)
        cli("record", 77, HOUSEWORK, 99999, check=False)

    def assert_none_in(self, data, where):
        for secret in SECRETS:
            for form in (secret.encode(), secret.encode("utf-16-le")):
                self.assertNotIn(form, data, where)

    def test_who_asks_for_the_person_gets_it(self):
        shown = self.server.cli("--json", "member", "show", 77, "--person")
        for secret in (RENAMED, *PERSON.values()):
            self.assertIn(secret, shown)
        self.assertNotIn(RENAMED, self.server.cli("--json", "member", "show", 77))

    def test_not_in_the_log(self):
        self.connection.socket.close()
        self.assertEqual(self.server.stop(), 0)
        self.assertGreater(len(self.server.log), 5)
        self.assert_none_in("".join(self.server.log).encode(), "log")
        self.server.start()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)

    def test_not_in_any_file_of_the_directory(self):
        self.connection.socket.close()
        self.server.restart()
        files = [path for path in self.server.data_dir.rglob("*") if path.is_file()]
        self.assertIn("data.mdb", [path.name for path in files])
        for path in files:
            self.assert_none_in(path.read_bytes(), path)
        self.assert_none_in(self.server.key_file.read_bytes(), "key")
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)

    def test_not_in_the_bytes_of_any_entry(self):
        for number in range(1, self.connection.ask(STATUS).number(2) + 1):
            stored = self.connection.ask(ENTRY_GET, (1, message((1, number)))).message(2)
            self.assert_none_in(stored.bytes(1), number)

    def test_not_in_boards_reports_and_lists(self):
        board = ["--year", 2016, "--org", STREET]
        for act in (["stars", *board], ["stars", *board, "--format", "csv", "--names"],
                    ["stars", *board, "--format", "json", "--names"], ["report", *board],
                    ["statement", 77], ["history", 77, "--format", "csv"], ["balance", 77],
                    ["member", "show", 77], ["member", "find", "相如"]):
            for flags in ([], ["--json"]):
                told = self.server.cli(*flags, *act)
                self.assert_none_in(told.encode(), act)
        self.assertTrue(re.search("司\\*+如|司马\\*+如|司\\*", self.server.cli("stars", *board)))


if __name__ == "__main__":
    unittest.main()
