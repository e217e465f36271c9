#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Personal data with the real programs: masked for everybody; in full for who said why, in the ledger,
and for nobody else; never in the log.
"""

import unittest

from lovebank_testing import (ENTRY_GET, ERROR, HISTORY, MEMBER_FIND, MEMBER_GET, RESULTS,
                              GuardedServer, command, message)

ORG_OPEN, MEMBER_REGISTER, REVEAL, CONSENT_SET = 10, 20, 47, 49
HERE, ELSEWHERE = 310101001001, 310101001002
NAME, ID_NUMBER, PHONE, ADDRESS = "欧阳建华", "11010519491231002X", "13812345678", "幸福路 3 号"
SECRETS = (NAME, ID_NUMBER, PHONE, ADDRESS)
REASON = "本人来电更正电话"


class Reveal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(GuardedServer("--log-level", "debug"))
        with cls.server.connect_as_admin() as admin:
            admin.do(command(ORG_OPEN, (1, HERE), (3, 3), (4, "幸福社区"), on="2016-01-01"),
                     command(ORG_OPEN, (1, ELSEWHERE), (3, 3), (4, "和平社区"), on="2016-01-01"),
                     command(MEMBER_REGISTER, (1, 1), (2, HERE), (5, message(
                         (1, NAME), (5, ID_NUMBER), (6, ADDRESS), (7, PHONE))), on="2016-01-01"),
                     command(MEMBER_REGISTER, (1, 2), (2, HERE), (5, message((1, "李明"))),
                             on="2016-01-01"))

    def device(self, role, where, name):
        _, token = self.server.open_device(name, role, where, stands_in=where)
        return self.enterContext(self.server.connect(token=token))

    def person(self, connection, entry):
        return connection.call(MEMBER_GET, (1, message((1, 1))), (2, True), (4, entry))

    def reveal(self, connection, member=1, memo=REASON):
        return connection.write(command(REVEAL, (1, member), memo=memo))[0]

    def assert_unrevealed(self, connection, entry):
        answer = self.person(connection, entry).message()
        self.assertEqual(answer.number(1), RESULTS["unauthorised"])
        self.assertIn("reveal", answer.text(4))
        self.assertNotIn(2, answer)

    def test_who_said_why_sees_the_person_and_the_ledger_knows(self):
        desk = self.device("desk", HERE, "服务台")
        self.assert_unrevealed(desk, None)
        entry = self.reveal(desk).number(2)
        person = self.person(desk, entry).message().message(2).message(12)
        self.assertEqual([person.text(field) for field in (1, 5, 6, 7)],
                         [NAME, ID_NUMBER, ADDRESS, PHONE])
        stored = desk.ask(HISTORY, (1, message((1, 1)))).messages(3)[0]
        self.assertEqual((stored.text(3), stored.text(5)), (REASON, "服务台"))

    def test_a_reveal_serves_its_maker_and_its_member_alone(self):
        desk = self.device("desk", HERE, "本人")
        beside = self.device("desk", HERE, "同事")
        entry = self.reveal(desk).number(2)
        self.assert_unrevealed(beside, entry)
        self.assert_unrevealed(desk, self.reveal(desk, member=2).number(2))
        self.assert_unrevealed(desk, 1)
        self.assert_unrevealed(desk, 1 << 40)

    def test_without_a_reason_the_right_or_the_scope_there_is_no_reveal(self):
        desk = self.device("desk", HERE, "不说理由")
        self.assertEqual(self.reveal(desk, memo=None).number(1), RESULTS["field_missing"])
        viewer = self.device("viewer", HERE, "查看")
        self.assertEqual(self.reveal(viewer).number(1), RESULTS["unauthorised"])
        elsewhere = self.device("desk", ELSEWHERE, "别处")
        self.assertEqual(self.reveal(elsewhere).number(1), RESULTS["out_of_scope"])
        entry = self.reveal(desk).number(2)
        for connection, name in ((viewer, "unauthorised"), (elsewhere, "out_of_scope")):
            reply = self.person(connection, entry)
            self.assertEqual((reply.kind, reply.error()[0]), (ERROR, name))

    def test_others_see_masks_and_the_log_nothing(self):
        desk = self.device("desk", HERE, "打码")
        answer = desk.call(MEMBER_GET, (1, message((1, 1))))
        info = answer.message().message(2)
        self.assertEqual([info.text(field) for field in (14, 17, 18)],
                         ["欧**华", "138****5678", "110*************2X"])
        found = desk.call(MEMBER_FIND, (6, ID_NUMBER.lower()))
        self.assertEqual([row.number(1) for row in found.message().messages(1)], [1])
        entry = self.reveal(desk).number(2)
        stored = desk.call(ENTRY_GET, (1, message((1, entry))))
        for secret in SECRETS:
            for reply in (answer, found, stored):
                self.assertNotIn(secret.encode(), reply.payload)
            self.assertNotIn(secret, "".join(self.server.log))

    def test_a_consent_is_told_beside_the_member(self):
        desk = self.device("desk", HERE, "同意")
        ask = (MEMBER_GET, (1, message((1, 2))))
        self.assertEqual(desk.ask(*ask).message(2).number(15), 0)
        desk.do(command(CONSENT_SET, (1, 2), (2, True)))
        info = desk.ask(*ask).message(2)
        self.assertEqual((info.number(15), info.number(16)), (1, 0))


if __name__ == "__main__":
    unittest.main()
