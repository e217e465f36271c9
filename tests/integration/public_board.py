#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The star board without a log-in, with the real server: it names those who agreed and nobody else,
keeps to public classes, and is off where the setting says so.
"""

import unittest

from lovebank_testing import (PUBLIC_BOARD, STARS, GuardedServer, command, message, results)

ORG_OPEN, CLASS_SET, TARIFF_SET, MEMBER_REGISTER = 10, 12, 13, 20
SERVICE_RECORD, CONSENT_SET = 31, 49
STREET, NORTH, SOUTH = 310101001000, 310101001001, 310101001002
PARTY, POOR = 1, 2  # a public class, and one that is not
SINCE, DAY = "2016-01-01", "2016-05-01"
VISITORS = 1000


def org(number, parent):
    return command(ORG_OPEN, (1, number), (2, parent), (3, 3), (4, f"组织{number}"), on=SINCE)


def member(number, where, name, classes=()):
    return command(MEMBER_REGISTER, (1, number), (2, where), *((3, at) for at in classes),
                   (5, message((1, name))), on=SINCE)


def serve(number, minutes):
    return command(SERVICE_RECORD, (1, message((1, number))), (2, 1), (3, minutes), on=DAY)


def furnish(server, connection):
    connection.do(
        org(STREET, 0), org(NORTH, STREET), org(SOUTH, STREET),
        command(CLASS_SET, (1, PARTY), (2, "党员"), (3, True), on=SINCE),
        command(CLASS_SET, (1, POOR), (2, "低保"), (3, False), on=SINCE),
        command(TARIFF_SET, (1, 1), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                on=SINCE),
        member(1, NORTH, "张小明", [PARTY]), member(2, SOUTH, "李国华", [POOR]),
        member(3, SOUTH, "王丽"),
        command(CONSENT_SET, (1, 1), (2, True), on=SINCE))
    _, token = server.open_device("服务台", "desk", STREET, stands_in=STREET)
    with server.connect(token=token) as desk:
        desk.do(serve(1, 60), serve(2, 180), serve(3, 120))


class Shown(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(GuardedServer("--guest-requests", "100000"))
        cls.admin = cls.enterClassContext(cls.server.connect_as_admin())
        furnish(cls.server, cls.admin)

    def setUp(self):
        self.nobody = self.enterContext(self.server.connect())

    def board(self, *fields):
        return self.nobody.ask(PUBLIC_BOARD, (1, 2016), *fields)

    def test_who_agreed_is_named_masked_and_nobody_else(self):
        answer = self.board()
        self.assertEqual(answer.number(1), 0)
        rows = [(row.number(1), row.text(2), row.number(3), row.number(5))
                for row in answer.messages(4)]
        self.assertEqual(rows, [(1, "", SOUTH, 180), (2, "", SOUTH, 120), (3, "张*明", NORTH, 60)])
        self.assertEqual((answer.number(8), answer.number(9)), (3, 3))
        self.assertEqual([each.number(1) for each in answer.messages(10)], [STREET, NORTH, SOUTH])
        self.assertEqual([(each.number(1), each.text(2)) for each in answer.messages(11)],
                         [(PARTY, "党员")])
        for name in ("张小明", "李国华", "王丽", "低保", "李", "王"):
            self.assertNotIn(name.encode(), self.nobody.call(PUBLIC_BOARD, (1, 2016)).payload)

    def test_it_is_the_staff_s_board(self):
        public = self.board((2, STREET), (4, 2))
        staff = self.admin.ask(STARS, (1, 2016), (2, STREET), (4, 2))
        for field in (1, 3, 4, 5, 6):  # rank, org, points, minutes, services
            self.assertEqual([row.number(field) for row in public.messages(4)],
                             [row.number(field) for row in staff.messages(4)])
        self.assertEqual(public.bytes(7), staff.bytes(7))

    def test_by_org_class_and_rank(self):
        south = self.board((2, SOUTH), (5, 1))
        self.assertEqual([row.number(5) for row in south.messages(4)], [180])
        self.assertEqual(south.number(8), 2)  # counted, though not shown
        party = self.board((3, PARTY))
        self.assertEqual([row.text(2) for row in party.messages(4)], ["张*明"])

    def test_what_is_not_public_or_not_there_is_refused(self):
        for fields, name in ((((3, POOR),), "unauthorised"), (((3, 9),), "class_unknown"),
                             (((2, 8),), "org_unknown")):
            answer = self.board(*fields)
            self.assertEqual(answer.number(1), results()[name])
            self.assertEqual((answer.messages(4), answer.messages(10)), ([], []))
        self.assertEqual(self.nobody.call(PUBLIC_BOARD, (1, 1)).error()[0], "field_invalid")

    def test_a_thousand_visitors_cost_one_board(self):
        first = self.nobody.call(PUBLIC_BOARD, (1, 2016)).payload
        for _ in range(VISITORS):
            self.nobody.submit(PUBLIC_BOARD, message((1, 2016)))
        for _ in range(VISITORS):
            self.assertEqual(self.nobody.receive().payload, first)


class Hidden(unittest.TestCase):
    def test_where_the_setting_is_off_nobody_sees_it(self):
        server = self.enterContext(GuardedServer("--public-board=no"))
        with server.connect_as_admin() as admin, server.connect() as nobody:
            furnish(server, admin)
            for connection in (nobody, admin):
                answer = connection.ask(PUBLIC_BOARD, (1, 2016))
                self.assertEqual(dict(answer), {1: [results()["unauthorised"]]})
            self.assertEqual(admin.ask(STARS, (1, 2016), (2, STREET)).number(1), 0)


if __name__ == "__main__":
    unittest.main()
