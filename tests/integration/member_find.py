#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Members are found by their names as people spell them, by initials, and within an organisation."""

import unittest

from lovebank_testing import MEMBER_FIND, Server

DISTRICT, STREET, COMMUNITY = 310101000000, 310101001000, 310101001001
MEMBERS = {1: ("张小明", STREET), 2: ("曾小明", COMMUNITY), 3: ("張國華", COMMUNITY),
           4: ("张小明明", DISTRICT), 5: ("Anna Smith", STREET), 6: ("单雄信", STREET)}


class MemberFind(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        since = ["--from", "2016-01-01"]
        cli = cls.server.cli
        cli("org", "open", DISTRICT, "春江区", "--kind", "district", *since)
        cli("org", "open", STREET, "春晖街道", "--kind", "street", "--parent", DISTRICT, *since)
        cli("org", "open", COMMUNITY, "锦绣社区", "--kind", "community", "--parent", STREET, *since)
        for number, (name, org) in MEMBERS.items():
            cli("member", "add", name, org, "--member", number, "--joined", "2016-01-01")

    def setUp(self):
        self.connection = self.enterContext(self.server.connect())

    def ask(self, text, limit=0, exact=False, org=0, names_only=False):
        text = text if isinstance(text, bytes) else text.encode()
        return self.connection.ask(MEMBER_FIND, (1, text), (2, limit), (3, int(exact)), (4, org),
                                   (5, int(names_only)))

    def found(self, text, **how):
        return [info.number(1) for info in self.ask(text, **how).messages(1)]

    def test_spellings_of_a_name(self):
        for spelling in ("张国华", "張國華", "张 國　华", "张国(guó)华", "张國guó华"):
            self.assertEqual(self.found(spelling, exact=True), [3], spelling)
        for spelling in ("anna smith", "ＡＮＮＡＳＭＩＴＨ"):
            self.assertEqual(self.found(spelling, exact=True), [5], spelling)

    def test_whole_names_come_first_and_parts_after_them(self):
        self.assertEqual(self.found("张小明"), [1, 4])
        self.assertEqual(self.found("小明"), [1, 2, 4])
        self.assertEqual(self.found("张小明", exact=True), [1])
        self.assertEqual(self.found("小明", exact=True), [])

    def test_initials_read_surnames_as_surnames(self):
        self.assertEqual(self.found("zxm"), [1, 2, 4])
        self.assertEqual(self.found("ZXM", exact=True), [1, 2])
        self.assertEqual(self.found("sxx"), [6])
        self.assertEqual(self.found("gh"), [3])

    def test_who_must_be_meant_by_name_is_not_found_by_initials(self):
        self.assertEqual(self.found("zxm", exact=True, names_only=True), [])
        self.assertEqual(self.found("z x m", names_only=True), [])
        self.assertEqual(self.found("张小明", exact=True, names_only=True), [1])

    def test_parted_initials_are_a_name_of_nobody_in_a_file(self):
        self.server.cli("category", "set", 1, "家政", "--from", "2016-01-01", "--points-per-hour", 1)
        path = self.server.dir / "a.csv"
        path.write_text("姓名,服务类别,日期,分钟\nS X X,1,2016-05-01,60\n", encoding="utf-8")
        done = self.server.cli("--json", "import", "sheet", path, "--yes", check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("no member has that name", done.stdout)

    def test_only_within_an_organisation(self):
        self.assertEqual(self.found("zxm", org=COMMUNITY), [2])
        self.assertEqual(self.found("zxm", org=STREET), [1, 2])
        self.assertEqual(self.found("zxm", org=DISTRICT), [1, 2, 4])
        self.assertEqual(self.found("zxm", exact=True, org=STREET), [1, 2])
        self.assertEqual(self.found("zxm", org=999), [])

    def test_more_counts_only_those_within(self):
        self.assertEqual(self.found("zxm", limit=2, org=STREET), [1, 2])
        self.assertEqual(self.ask("zxm", limit=2, org=STREET).number(2), 0)
        self.assertEqual(self.ask("zxm", limit=2).number(2), 1)

    def test_what_can_be_no_name(self):
        self.assertEqual(self.found("·"), [])
        self.assertEqual(self.found("长" * 1000), [])
        for text, why in ((b"", "field_missing"), (b"\xff", "text_invalid")):
            reply = self.connection.call(MEMBER_FIND, (1, text))
            self.assertEqual(reply.error()[0], why, text)

    def test_the_index_of_a_restarted_server_finds_the_same(self):
        self.connection.socket.close()
        self.server.restart()
        self.connection = self.enterContext(self.server.connect())
        while not self.ask("zxm").number(3):
            pass
        self.assertEqual(self.found("zxm"), [1, 2, 4])
        self.assertEqual(self.found("张國華", exact=True), [3])

    def test_the_command(self):
        cli = self.server.cli
        self.assertIn("00000003", cli("member", "find", "zgh"))
        self.assertIn("张*明", cli("member", "find", "张小明", "--exact", "--org", "春晖街道"))
        self.assertNotIn("00000004", cli("member", "find", "张小明", "--exact"))
        self.assertIn("Nobody", cli("--lang", "en", "member", "find", "张小明", "--org", COMMUNITY))


if __name__ == "__main__":
    unittest.main()
