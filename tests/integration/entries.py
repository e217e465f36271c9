#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The ledger listed, with the real programs: each desk sees its own community, pages end at the last
entry, filters, new entries as they come; and what the status says of checkpoints, backups and
requests.
"""

import json
import subprocess
import unittest

from lovebank_testing import (BACKUP, CLIENT, ENTRY_GET, ENTRY_LIST, ERROR, PATIENCE_S, STATUS,
                              STORE_URL, GuardedServer, Server, command, message)

ORG_OPEN, TARIFF_SET, IMPORT_OPEN, MEMBER_REGISTER, SERVICE_RECORD = 10, 13, 18, 20, 31
STREET, NORTH, SOUTH = 310101001000, 310101001001, 310101001002
OF_NORTH, OF_SOUTH = 1, 2
SINCE, DAY = "2016-01-01", "2016-05-01"
ROWS_MAX = 1000
TOO_MANY = 601  # minutes of a day


def org(number, parent):
    return command(ORG_OPEN, (1, number), (2, parent), (3, 3), (4, f"组织{number}"), on=SINCE)


def member(number, where):
    return command(MEMBER_REGISTER, (1, number), (2, where), (5, message((1, f"张小{number}"))),
                   on=SINCE)


def serve(number, minutes=60, on=DAY):
    return command(SERVICE_RECORD, (1, message((1, number))), (2, 1), (3, minutes), on=on)


def furnish(connection):
    connection.do(org(STREET, 0), org(NORTH, STREET), org(SOUTH, STREET),
                  command(TARIFF_SET, (1, 1), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1),
                          (8, 600), on=SINCE),
                  member(OF_NORTH, NORTH), member(OF_SOUTH, SOUTH))


def numbers(page):
    """Of the entries of a page; Entry.number is field 1."""
    return [stored.message(1).number(1) for stored in page.messages(3)]


class Entries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(GuardedServer())
        cls.admin = cls.enterClassContext(cls.server.connect_as_admin())
        furnish(cls.admin)

    def device(self, role, where, name):
        number, token = self.server.open_device(name, role, where, stands_in=where)
        return number, self.enterContext(self.server.connect(token=token))

    def pages(self, connection, *fields):
        """Older first, to the end: the numbers, and how many pages there were."""
        after, found, pages = 0, [], 0
        while True:
            page = connection.ask(ENTRY_LIST, (1, after), *fields)
            self.assertEqual(page.number(1), 0)
            found += numbers(page)
            pages += 1
            after = page.number(4)
            if after == page.number(5):
                return found, pages

    def test_a_desk_sees_its_own_community_and_what_it_did_itself(self):
        north_number, north = self.device("desk", NORTH, "北区台")
        _, south = self.device("desk", SOUTH, "南区台")
        here = [result.number(2) for result in north.do(serve(OF_NORTH), serve(OF_NORTH))]
        there = south.do(serve(OF_SOUTH))[0].number(2)
        imported = north.do(command(IMPORT_OPEN, (1, "sheet"), (2, 1), memo="签到表"))[0].number(2)
        seen, _ = self.pages(north)
        self.assertLess(set(here) | {imported}, set(seen))
        self.assertNotIn(there, seen)
        self.assertIn(there, self.pages(south)[0])
        self.assertFalse({*here, imported} & set(self.pages(south)[0]))
        self.assertEqual(self.pages(north, (7, north_number))[0], [*here, imported])
        self.assertEqual(self.pages(north, (5, SOUTH))[0], [])
        newest = self.admin.ask(STATUS).number(2)
        everything, _ = self.pages(self.admin)
        self.assertEqual(everything, list(range(1, newest + 1)))
        for number in everything:  # as EntryGet has it, entry by entry
            reply = north.call(ENTRY_GET, (1, message((1, number))))
            self.assertEqual(reply.kind == ERROR, number not in seen, number)

    def test_today_at_this_desk_newest_first_page_by_page(self):
        number, desk = self.device("desk", NORTH, "今日台")
        done = [result.number(2) for result in desk.do(*(serve(OF_NORTH, 10) for _ in range(5)))]
        refused = desk.write(serve(OF_NORTH, TOO_MANY))[0].number(2)
        today = self.admin.ask(STATUS).number(8)
        wanted = (3, True), (8, number), (9, today), (10, True)
        self.assertEqual(numbers(desk.ask(ENTRY_LIST, *wanted)), [refused, *reversed(done)])
        found, before = [], 0
        while True:
            page = desk.ask(ENTRY_LIST, (2, before), (4, 2), *wanted, (11, True))
            found += numbers(page)
            before = page.number(4)
            if before == 0:
                break
        self.assertEqual(found, list(reversed(done)))
        yesterday = (3, True), (8, number), (9, today - 1), (10, True)
        page = desk.ask(ENTRY_LIST, *yesterday)
        self.assertEqual((numbers(page), page.number(4)), ([], 0))

    def test_a_long_ledger_is_read_to_its_end_a_thousand_at_a_time(self):
        _, desk = self.device("desk", SOUTH, "长卷台")
        _, north = self.device("desk", NORTH, "录入台")
        for _ in range(3):
            north.do(*(serve(OF_NORTH, 1, on=f"2016-{month:02}-{at:02}")
                            for month in range(2, 12) for at in range(1, 29)
                            for _ in range(2)))
        newest = self.admin.ask(STATUS).number(2)
        everything, pages = self.pages(self.admin, (4, ROWS_MAX))
        self.assertEqual(everything, list(range(1, newest + 1)))
        self.assertEqual(pages, -(-newest // ROWS_MAX))
        self.assertEqual(self.pages(desk, (6, ORG_OPEN))[1], pages)  # nothing of it is the desk's
        services, _ = self.pages(self.admin, (6, SERVICE_RECORD), (4, 7))
        self.assertGreaterEqual(len(services), 1680)
        self.assertEqual(services, sorted(set(services)))

    def test_what_cannot_be_listed_is_refused(self):
        _, viewer = self.device("viewer", NORTH, "只看")
        self.assertEqual(viewer.call(ENTRY_LIST).error()[0], "unauthorised")
        self.assertEqual(self.admin.ask(ENTRY_LIST, (5, 8)).number(1),
                         self.admin.ask(ENTRY_LIST, (5, 9)).number(1))
        self.assertEqual(self.admin.ask(ENTRY_LIST, (5, 8)).signed(2), 8)
        for fields in (((1, 1), (3, True)), ((2, 1),), ((6, 1),)):
            self.assertEqual(self.admin.call(ENTRY_LIST, *fields).error()[0], "field_invalid")


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())
        with self.server.connect() as connection:
            furnish(connection)
            self.first = connection.do(serve(OF_NORTH))[0].number(2)
            self.other = connection.do(serve(OF_SOUTH, 90))[0].number(2)
            self.refused = connection.write(serve(OF_NORTH, TOO_MANY))[0].number(2)

    def listed(self, *options):
        lines = self.server.cli("--json", "entries", *options).splitlines()
        return [json.loads(line)["number"] for line in lines]

    def test_filters_and_order(self):
        newest_first = list(range(self.refused, 0, -1))
        self.assertEqual(self.listed("--all"), newest_first)
        self.assertEqual(self.listed("--limit", 2), newest_first[:2])
        self.assertEqual(self.listed("--before", self.other, "--limit", 1), [self.first])
        self.assertEqual(self.listed("--after", self.first), [self.other, self.refused])
        self.assertEqual(self.listed("--after", 0, "--all"), newest_first[::-1])
        for act in ("记时", "service", "service_record", "service-record"):
            self.assertEqual(self.listed("--act", act, "--done"), [self.other, self.first])
        self.assertEqual(self.listed("--org", SOUTH, "--act", "service"), [self.other])
        self.assertEqual(self.listed("--day", "今天", "--all"), newest_first)
        self.assertEqual(self.listed("--day", "2016-05-01"), [])

    def test_a_table_and_a_sheet(self):
        for language, words in (("zh", ("记账号", "记账时间", "记时 助老")),
                                ("en", ("ENTRY", "RECORDED", "service 助老"))):
            table = self.server.cli("--lang", language, "entries", "--done", "--limit", 2)
            self.assertEqual(len(table.splitlines()), 3, table)
            for word in words:
                self.assertIn(word, table)
            self.assertIn("+90", table)
        sheet = self.server.cli("entries", "--format", "csv", "--act", "记时")
        self.assertEqual(len(sheet.splitlines()), 4, sheet)

    def test_new_entries_are_shown_as_they_come(self):
        for flags in (["--json"], ["--lang", "en"]):
            with self.server.connect() as connection:
                newest = connection.ask(STATUS).number(2)
                arguments = [str(CLIENT), "--socket", str(self.server.socket), *flags, "entries",
                             "--after", str(newest - 1), "--follow", "--limit", "3"]
                with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True,
                                      encoding="utf-8", env=self.server.environment()) as process:
                    self.assertIn(str(newest), process.stdout.readline())
                    connection.do(serve(OF_NORTH, 5))  # it waits by now, or is about to
                    self.assertIn(str(newest + 1), process.stdout.readline())
                    connection.do(serve(OF_SOUTH, 5), serve(OF_SOUTH, 5))
                    self.assertIn(str(newest + 2), process.stdout.readline())
                    self.assertEqual(process.stdout.read(), "")  # three were wanted
                    self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_one_s_own_and_a_device_s(self):
        server = self.enterContext(GuardedServer())
        with server.connect_as_admin() as admin:
            furnish(admin)
        _, token = server.open_device("北区台", "desk", NORTH, stands_in=NORTH)
        beside_number, other = server.open_device("二号台", "desk", NORTH, stands_in=NORTH)
        path = server.dir / "desk.token"
        path.touch(0o600)
        path.write_text(token.hex() + "\n")
        with server.connect(token=token) as desk, server.connect(token=other) as beside:
            own = desk.do(serve(OF_NORTH))[0].number(2)
            theirs = beside.do(serve(OF_NORTH))[0].number(2)
        flags = ("--device-token-file", path, "--json", "entries", "--act", "service")

        def listed(*options):
            return [json.loads(line)["number"]
                    for line in server.cli(*flags, *options).splitlines()]

        self.assertEqual(listed(), [theirs, own])
        self.assertEqual(listed("--mine"), [own])
        self.assertEqual(listed("--device", beside_number), [theirs])
        # By its name the device is looked for in the list of accounts, which a desk may not see.
        done = server.cli(*flags, "--device", "二号台", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["result"], "unauthorised")

    def test_what_makes_no_sense_is_told(self):
        for options, code, words in (
                (["--act", "跳舞"], 2, "--act"), (["--org", "8"], 1, "8"),
                (["--mine"], 2, "--mine"), (["--before", "3", "--after", "1"], 2, "--before"),
                (["--follow", "--format", "csv"], 2, "--follow"), (["--limit", "0"], 2, "--limit")):
            done = self.server.cli("--lang", "en", "entries", *options, check=False)
            self.assertEqual(done.returncode, code, (options, done))
            self.assertIn(words, done.stderr)


class Safety(unittest.TestCase):
    """What the status says of checkpoint, backup and requests."""

    @unittest.skipIf(STORE_URL, "a book in a database is backed up by the database's own means")
    def test_the_checkpoint_follows_the_entries_and_a_backup_is_told(self):
        server = self.enterContext(Server("--checkpoint-interval", "1s"))
        with server.connect() as connection:
            furnish(connection)
            status = connection.ask(STATUS)
            self.assertLessEqual(status.number(22), status.number(2))
            self.assertEqual((status.signed(24), status.number(25)), (0, 0))
            while status.number(22) < status.number(2):
                status = connection.ask(STATUS)
            self.assertGreater(status.signed(23), status.number(7))
            asked = connection.ask(STATUS).number(26)
            self.assertEqual(connection.ask(STATUS).number(26), asked + 1)
            connection.call(99)
            self.assertEqual(connection.ask(STATUS).number(26), asked + 3)
            for flags, verified in ((["--no-verify"], 0), ([], 1)):
                server.cli("backup", server.dir / f"copy{verified}", *flags)
                status = connection.ask(STATUS)
                self.assertGreater(status.signed(24), status.signed(23))
                self.assertEqual(status.number(25), verified)
            self.assertEqual(connection.ask(BACKUP).number(6), 1)
        for language, words in (("zh", ("检查点：第 6 号账", "校验通过", "请求")),
                                ("en", ("entries up to 6 ", "verified", "Requests"))):
            said = server.cli("--lang", language, "status")
            for word in words:
                self.assertIn(word, said)
        told = json.loads(server.cli("--json", "status"))
        self.assertEqual(int(told["checkpoint_entry"]), 6)
        self.assertTrue(told["backup_verified"])
        server.restart()
        status = json.loads(server.cli("--json", "status"))
        self.assertEqual(int(status["checkpoint_entry"]), 6)
        self.assertEqual(int(status.get("backup_ms", 0)), 0)


if __name__ == "__main__":
    unittest.main()
