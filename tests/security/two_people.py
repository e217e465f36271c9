#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""People who have a log-in and want more: to confirm their own acts, and to act where they may not."""

import unittest

from security_testing import (IMPORT_OPEN, MEMBER_REGISTER, NORTH, POLICY_SET, PROPOSAL_DECIDE,
                              REVERSE, SOUTH, STREET, Fortress, code_of, outcome, roles_set, service)

from lovebank_testing import (CREDENTIAL_SET, ENTRY_GET, MEMBER_GET, OPERATOR_OPEN, PRINCIPAL_SET,
                              WRITE, Message, command, credential, message, one_time_code)

# Of an entry.
PRINCIPAL, PROPOSAL, APPROVER = 24, 26, 27
MUCH, LITTLE = 300, 60  # minutes; over and under the threshold


def reverse(entry):
    return command(REVERSE, (1, message((1, entry))), memo="记错了")


class Attack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Fortress("--address-connections", "1000000")).furnish()
        cls.days = iter(f"2017-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(300))
        cls.names = iter(range(1, 1000))
        with cls.server.connect_as_admin() as admin:
            admin.do(command(POLICY_SET, (1, 120), (4, 10), (5, True), (6, 10), (7, 14)))

    def account(self, *roles, member=None):
        """(number, connection): an operator where it is somebody's, else a device: no password."""
        if member is not None:
            return self.operator(*roles, member=member)
        number, token = self.server.open_device(f"设备{next(self.names)}", stands_in=STREET)
        self.administer(roles_set(number, *roles))
        connection = self.server.connect(token=token)
        self.addCleanup(connection.socket.close)
        return number, connection

    def operator(self, *roles, member=None):
        number, connection = self.server.operator(f"operator{next(self.names)}", *roles,
                                                  member=member)
        self.addCleanup(connection.socket.close)
        return number, connection

    def administer(self, *commands):
        with self.server.connect_as_admin() as admin:
            return admin.do(*commands)

    def code(self, connection, act, **options):
        return code_of(connection.write(act, **options)[0])

    def propose(self, connection, member=1, **options):
        """The entry of what waits."""
        result = connection.write(service(member, next(self.days), MUCH, **options))[0]
        self.assertEqual(code_of(result), "waiting")
        return result.number(2)

    def decide(self, connection, proposal, confirm=True, **options):
        return connection.write(command(PROPOSAL_DECIDE, (1, message((1, proposal))),
                                        (2, confirm), memo="看过原件"), **options)[0]

    def assert_decided(self, connection, proposal, code):
        self.assertEqual(code_of(self.decide(connection, proposal)), code)

    def entry(self, number):
        with self.server.connect_as_admin() as admin:
            stored = admin.ask(ENTRY_GET, (1, message((1, number)))).message(2)
        return Message(stored.bytes(1))

    def balances(self, member):
        with self.server.connect_as_admin() as admin:
            return admin.ask(MEMBER_GET, (1, message((1, member)))).message(2).bytes(8)


class Collusion(Attack):
    def test_two_who_agree_may_and_both_stand_in_the_entry(self):
        desk, one = self.account(("desk", NORTH))
        reviewer, other = self.account(("reviewer", NORTH))
        proposal = self.propose(one)
        done = self.decide(other, proposal)
        self.assertEqual(code_of(done), "ok")
        entry = self.entry(done.number(2))
        self.assertEqual([entry.number(field) for field in (PRINCIPAL, APPROVER, PROPOSAL)],
                         [desk, reviewer, proposal])
        again = self.decide(other, proposal)
        self.assertEqual(code_of(again), "proposal_decided")

    def test_nobody_confirms_what_is_their_own(self):
        _, both = self.account(("desk", NORTH), ("reviewer", NORTH))
        self.assert_decided(both, self.propose(both), "second_person")

    def test_a_second_account_of_the_same_person_is_no_second_person(self):
        _, one = self.account(("desk", NORTH), member=11)
        _, other = self.account(("reviewer", NORTH), member=11)
        self.assert_decided(other, self.propose(one), "second_person")
        self.assertEqual(code_of(self.decide(other, self.propose(one), confirm=False)),
                         "second_person")

    def test_who_gains_confirms_nothing(self):
        _, one = self.account(("desk", NORTH))
        _, gains = self.account(("reviewer", NORTH), member=12)
        self.assert_decided(gains, self.propose(one, member=12), "second_person")

    def test_an_account_that_is_linked_meanwhile_is_looked_at_as_it_is_now(self):
        """Accounts that are not linked look like two people, until an administrator says so."""
        _, one = self.account(("desk", NORTH), member=13)
        number, other = self.operator(("reviewer", NORTH))
        first, second = self.propose(one), self.propose(one)
        self.assert_decided(other, first, "ok")
        self.administer(command(PRINCIPAL_SET, (1, number), (3, 13)))
        self.assert_decided(other, second, "second_person")

    def test_no_way_of_sending_it_is_a_way_around(self):
        _, both = self.account(("desk", NORTH), ("reviewer", NORTH))
        before = self.balances(1)
        ids = [bytes([7]) * 15 + bytes([n]) for n in range(1, 5)]

        def confirmation(request):
            return command(PROPOSAL_DECIDE, (1, message((2, request))), (2, True))

        for options in ({"dry_run": True}, {"atomic_id": bytes([9]) * 16}, {}):
            day, request = next(self.days), ids.pop()
            found = both.call(WRITE, (1, service(1, day, MUCH, id=request)),
                              (1, confirmation(request)), (2, options.get("dry_run")),
                              (3, "atomic_id" in options), (4, options.get("atomic_id"))).message()
            codes = [code_of(result) for result in found.messages(6)]
            self.assertNotIn("ok", codes, options)
        self.assertEqual(self.balances(1), before)

    def test_one_command_over_the_threshold_cannot_hide_among_many(self):
        _, desk = self.account(("desk", NORTH))
        day = next(self.days)
        found = desk.write(service(2, day), service(3, day, MUCH), service(4, day))
        self.assertEqual([code_of(result) for result in found], ["ok", "waiting", "ok"])

    def test_an_import_over_its_threshold_waits_and_its_rows_wait_on_their_own(self):
        _, desk = self.account(("desk", NORTH))
        for rows, code in ((11, "waiting"), (10, "ok")):
            act = command(IMPORT_OPEN, (1, "sheet"), (2, rows))
            opened = desk.write(act)[0]
            self.assertEqual(code_of(opened), code)
        found = self.code(desk, service(5, next(self.days), MUCH, under=opened.number(8)))
        self.assertEqual(found, "waiting")

    def test_a_reversal_of_somebody_elses_act_waits(self):
        _, one = self.account(("desk", NORTH))
        _, other = self.account(("desk", NORTH))
        done = one.do(service(6, next(self.days)))[0]
        self.assertEqual(self.code(other, reverse(done.number(2))),
                         "waiting")


class Administrators(Attack):
    def test_who_links_himself_to_a_member_waits(self):
        number, connection = self.operator(("administrator", 0))
        self.assertEqual(self.code(connection, command(PRINCIPAL_SET, (1, number), (3, 14))),
                         "waiting")

    def test_who_is_linked_does_not_change_what_is_known_of_himself_alone(self):
        _, connection = self.account(("administrator", 0), ("desk", NORTH), member=15)
        self.assertEqual(self.code(connection, service(15, next(self.days))), "waiting")
        self.assertEqual(self.code(connection, command(21, (1, 15), (2, SOUTH))), "waiting")

    def test_the_administrator_of_an_org_makes_nobody_more_than_that(self):
        number, connection = self.account(("administrator", NORTH))
        code, _ = one_time_code()
        other, _ = self.operator(("viewer", NORTH))
        self.assertEqual(self.code(connection, roles_set(other, ("desk", NORTH))), "ok")
        for principal, role, org in ((number, "administrator", 0), (number, "desk", STREET),
                                     (other, "viewer", SOUTH), (1, "viewer", NORTH)):
            self.assertEqual(self.code(connection, roles_set(principal, (role, org))),
                             "out_of_scope")
        self.assertEqual(self.code(connection, command(CREDENTIAL_SET, (1, 1),
                                                       (2, credential(code)))), "out_of_scope")
        self.assertEqual(self.code(connection, command(PRINCIPAL_SET, (1, 1), (2, 2))),
                         "out_of_scope")

    def test_an_administrator_confirms_records_and_redeems_nothing(self):
        _, desk = self.account(("desk", NORTH))
        proposal = self.propose(desk)
        with self.server.connect_as_admin() as admin:
            self.assert_decided(admin, proposal, "unauthorised")
            self.assertEqual(self.code(admin, service(7, next(self.days))), "unauthorised")

    def test_one_who_gives_himself_all_roles_still_needs_another(self):
        number, connection = self.account(("administrator", 0))
        given = connection.write(roles_set(number, ("administrator", 0), ("desk", 0),
                                           ("reviewer", 0)))[0]
        self.assertEqual(code_of(given), "ok")  # and an entry says so
        self.assertEqual(self.entry(given.number(2)).number(PRINCIPAL), number)
        self.assert_decided(connection, self.propose(connection), "second_person")

    def test_a_password_of_somebody_else_cannot_be_set(self):
        _, connection = self.account(("administrator", 0))
        password = message((1, 2), (2, b"$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA"))
        for act in (command(CREDENTIAL_SET, (1, 1), (2, password)),
                    command(OPERATOR_OPEN, (1, "puppet"), (3, password))):
            self.assertNotEqual(self.code(connection, act), "ok")


class OutOfScope(Attack):
    def setUp(self):
        _, self.north = self.account(("desk", NORTH))
        _, self.south = self.account(("desk", SOUTH))

    def test_no_way_of_sending_it_makes_another_org_ones_own(self):
        day = next(self.days)
        imported = self.north.do(command(IMPORT_OPEN, (1, "sheet"), (2, 2)))[0]
        acts = (lambda: service(21, day, org=SOUTH), lambda: service(21, day, org=None),
                lambda: service(21, day, org=SOUTH, under=imported.number(8)),
                lambda: command(MEMBER_REGISTER, (2, SOUTH), (5, message((1, "某人")))))
        for act in acts:
            for options in ({}, {"dry_run": True}):
                self.assertEqual(self.code(self.north, act(), **options), "out_of_scope")
            found = self.north.write(service(1, next(self.days)), act())
            self.assertEqual([code_of(result) for result in found], ["ok", "out_of_scope"])

    def test_all_or_nothing_with_a_foreign_line_is_nothing(self):
        before = self.balances(8)
        found = self.north.call(WRITE, (1, service(8, next(self.days))),
                                (1, service(21, next(self.days), org=SOUTH)), (3, True),
                                (4, bytes([5]) * 16)).message()
        self.assertNotIn("ok", [code_of(result) for result in found.messages(6)])
        self.assertEqual(self.balances(8), before)

    def test_the_id_of_somebody_elses_request_tells_nothing_to_who_may_not_do_it(self):
        _, viewer = self.account(("viewer", NORTH))
        day, request = next(self.days), bytes([3]) * 16
        done = self.north.do(service(9, day, id=request))[0]
        for connection, code in ((self.south, "out_of_scope"), (viewer, "unauthorised")):
            for options in ({}, {"dry_run": True}):
                found = connection.write(service(9, day, id=request), **options)[0]
                self.assertEqual(code_of(found), code)
                self.assertEqual((found.number(2), found.number(12)), (0, 0))
                self.assertNotIn(7, found)  # balances
        # Another act under that id is refused, and says of the first one no more than its number.
        found = self.south.write(service(21, day, org=SOUTH, id=request))[0]
        self.assertEqual(code_of(found), "id_reused")
        self.assertEqual(found.signed(3), done.number(2))
        self.assertNotIn(7, found)
        self.assertNotIn(10, found)

    def test_an_entry_of_another_org_is_neither_read_nor_reversed(self):
        done = self.north.do(service(10, next(self.days)))[0].number(2)
        reply = self.south.call(ENTRY_GET, (1, message((1, done))))
        self.assertEqual(outcome(reply), "out_of_scope")
        self.assertEqual(self.code(self.south, reverse(done)),
                         "out_of_scope")

    def test_a_reviewer_of_another_org_decides_nothing_here(self):
        _, reviewer = self.account(("reviewer", SOUTH))
        self.assert_decided(reviewer, self.propose(self.north), "out_of_scope")


if __name__ == "__main__":
    unittest.main()
