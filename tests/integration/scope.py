#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Who reads what, with the real programs: nobody without a log-in, each device in its org and below,
as roles, members and accounts are at that moment. Every method by every role is in
tests/unit/rpc/test_scope.c.
"""

import unittest

from lovebank_testing import (BACKUP, CATALOGUE, ENTRY_GET, ENTRY_LIST, ERROR, HISTORY,
                              IMPORT_LIST, LOCKED, MEMBER_FIND, MEMBER_GET, ORG_LIST, PASSWORD,
                              PRINCIPAL_LIST, PRINCIPAL_SET, PROPOSAL_LIST, REPORT, STARS, STATUS,
                              STOCK, VERIFY, WRITE, GuardedServer, command, message)

ORG_OPEN, TARIFF_SET, MEMBER_REGISTER, MEMBER_UPDATE, SERVICE_RECORD = 10, 13, 20, 21, 31
DISTRICT, STREET, NORTH, SOUTH = 310101000000, 310101001000, 310101001001, 310101001002
OF_NORTH, OF_SOUTH, OF_STREET = 1, 2, 3
SINCE = "2016-01-01"


def org(number, parent):
    return command(ORG_OPEN, (1, number), (2, parent), (3, 3), (4, f"组织{number}"), on=SINCE)


def member(number, where):
    return command(MEMBER_REGISTER, (1, number), (2, where), (5, message((1, f"张小{number}"))),
                   on=SINCE)


def by_number(number):
    return 1, message((1, number))


class Scope(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(GuardedServer())
        cls.admin = cls.enterClassContext(cls.server.connect_as_admin())
        done = cls.admin.do(
            org(DISTRICT, 0), org(STREET, DISTRICT), org(NORTH, STREET), org(SOUTH, STREET),
            command(TARIFF_SET, (1, 1), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 600),
                    on=SINCE),
            member(OF_NORTH, NORTH), member(OF_SOUTH, SOUTH), member(OF_STREET, STREET))
        cls.tariff = done[4].number(2)

    def device(self, role, where, name):
        """(its number, a connection of its own)"""
        number, token = self.server.open_device(name, role, where, stands_in=where or DISTRICT)
        return number, self.enterContext(self.server.connect(token=token))

    def assert_refused(self, reply, name, *numbers):
        self.assertEqual(reply.kind, ERROR)
        found, given = reply.error()
        self.assertEqual(found, name)
        self.assertEqual(given[:len(numbers)], numbers)

    def read(self, connection, number):
        return connection.call(MEMBER_GET, by_number(number))

    def found(self, connection):
        answer = connection.ask(MEMBER_FIND, (1, "张小"))
        while not answer.number(3):  # the index of names
            answer = connection.ask(MEMBER_FIND, (1, "张小"))
        return [info.number(1) for info in answer.messages(1)]

    def test_without_a_log_in_nothing_is_told_but_the_status(self):
        with self.server.connect() as nobody:
            for method in (WRITE, ENTRY_GET, ENTRY_LIST, VERIFY, IMPORT_LIST, BACKUP, ORG_LIST,
                           CATALOGUE, STOCK, MEMBER_GET, MEMBER_FIND, HISTORY, STARS, REPORT,
                           PASSWORD, PRINCIPAL_LIST, PROPOSAL_LIST):
                self.assert_refused(nobody.call(method), "login_required")
            status = nobody.ask(STATUS)
        self.assertLessEqual(set(status), {1, 2, 3, 4, 8})
        self.assertGreaterEqual(self.admin.ask(STATUS).number(5), 3)

    def test_members_are_read_in_the_org_and_below_it(self):
        _, north = self.device("desk", NORTH, "北区服务台")
        _, street = self.device("viewer", STREET, "街道")
        self.assertEqual(self.read(north, OF_NORTH).message().number(1), 0)
        self.assert_refused(self.read(north, OF_SOUTH), "out_of_scope", SOUTH)
        self.assert_refused(self.read(north, OF_STREET), "out_of_scope", STREET)
        self.assert_refused(north.call(HISTORY, by_number(OF_SOUTH)), "out_of_scope", SOUTH)
        for number in (OF_NORTH, OF_SOUTH, OF_STREET):
            self.assertEqual(self.read(street, number).message().number(1), 0)
        self.assertEqual(self.found(north), [OF_NORTH])
        self.assertEqual(self.found(street), [OF_NORTH, OF_SOUTH, OF_STREET])

    def test_boards_and_totals_are_of_the_scope(self):
        _, north = self.device("desk", NORTH, "北区榜")
        for method in (STARS, REPORT):
            self.assertEqual(north.call(method, (1, 2016), (2, NORTH)).message().number(1), 0)
            self.assert_refused(north.call(method, (1, 2016), (2, STREET)), "out_of_scope", STREET)

    def test_entries_are_read_where_they_count(self):
        _, south = self.device("desk", SOUTH, "南区服务台")
        _, north = self.device("desk", NORTH, "北区查账")
        done = south.do(command(SERVICE_RECORD, (1, message((1, OF_SOUTH))), (2, 1), (3, 60),
                                on="2016-05-01"))[0]
        entry = message((1, done.number(2)))
        self.assertEqual(south.ask(ENTRY_GET, (1, entry)).message(2).text(5), "南区服务台")
        self.assert_refused(north.call(ENTRY_GET, (1, entry)), "out_of_scope", SOUTH)
        tariff = message((1, self.tariff))  # of the whole book
        self.assert_refused(north.call(ENTRY_GET, (1, tariff)), "out_of_scope", 0)
        self.assertEqual(self.admin.ask(ENTRY_GET, (1, tariff)).number(1), 0)

    def test_the_whole_book_is_checked_by_who_may_read_it_all(self):
        _, auditor = self.device("auditor", DISTRICT, "区审计")
        _, viewer = self.device("viewer", 0, "查看")
        _, whole = self.device("auditor", 0, "全区审计")
        self.assert_refused(auditor.call(VERIFY), "out_of_scope", 0)
        self.assert_refused(viewer.call(VERIFY), "unauthorised")
        self.assertTrue(whole.verify().number(5))
        self.assert_refused(whole.call(BACKUP), "unauthorised")
        self.assertEqual(self.admin.ask(BACKUP).number(1), 0)

    def test_a_role_that_changes_counts_from_the_next_request_on(self):
        number, device = self.device("desk", NORTH, "北区改职")
        self.assertEqual(self.read(device, OF_NORTH).message().number(1), 0)
        self.server.give_role(number, "desk", SOUTH)
        self.assert_refused(self.read(device, OF_NORTH), "out_of_scope", NORTH)
        self.assertEqual(self.read(device, OF_SOUTH).message().number(1), 0)
        self.assert_refused(device.call(PRINCIPAL_LIST), "unauthorised")
        self.server.give_role(number, "district", DISTRICT)
        self.assertIn("北区改职", [info.text(3)
                               for info in device.ask(PRINCIPAL_LIST).messages(1)])

    def test_a_device_that_is_locked_reads_nothing_on_its_open_connection(self):
        number, device = self.device("desk", NORTH, "北区丢失")
        self.assertEqual(self.read(device, OF_NORTH).message().number(1), 0)
        self.admin.do(command(PRINCIPAL_SET, (1, number), (2, LOCKED)))
        reply = self.read(device, OF_NORTH)
        self.assertEqual(reply.kind, ERROR)
        self.assertEqual(reply.error(), ("principal_locked", (number, 0, 0)))

    def test_a_member_who_moves_is_read_at_the_new_org_alone(self):
        self.admin.do(member(9, NORTH))
        _, north = self.device("desk", NORTH, "北区搬走")
        _, south = self.device("desk", SOUTH, "南区搬来")
        self.assert_refused(self.read(south, 9), "out_of_scope", NORTH)
        self.admin.do(command(MEMBER_UPDATE, (1, 9), (2, SOUTH)))
        self.assert_refused(self.read(north, 9), "out_of_scope", SOUTH)
        self.assertEqual(self.read(south, 9).message().number(1), 0)
        self.admin.do(command(MEMBER_UPDATE, (1, 9), (2, DISTRICT)))  # out of the others' way


if __name__ == "__main__":
    unittest.main()
