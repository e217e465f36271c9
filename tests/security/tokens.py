#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Tokens guessed, fixed, stolen and outlived: none opens more than it should, for longer."""

import os
import statistics
import time
import unittest

from security_testing import (NORTH, PASSWORD, SOUTH, Fortress, code_of, outcome, seed_of_run,
                              service, token_hash)

from lovebank_testing import (CLOSED, CREDENTIAL_SET, DEVICE_OPEN, ERROR, LOCKED, LOGIN, LOGOUT,
                              MEMBER_GET, ORG_LIST, PASSWORD as PASSWORD_METHOD, PATIENCE_S,
                              PRINCIPAL_SET, RESULTS, ROLE_SET, WHOAMI, WRITE, command, credential,
                              message, one_time_code)

FLAGS = ("--address-connections", "1000000", "--address-requests", "1000000",
         "--account-requests", "1000000", "--guest-requests", "1000000")
# As the connection remembers who it was, or does not.
REFUSALS = ("principal_locked", "session_expired", "login_required")


class Attack(unittest.TestCase):
    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Fortress(*FLAGS, *cls.flags)).furnish()
        cls.names = iter(range(1, 1000))

    def operator(self, *roles):
        """(number, log-in name, a connection with .token)"""
        login = f"operator{next(self.names)}"
        number, connection = self.server.operator(login, *roles)
        self.addCleanup(connection.socket.close)
        return number, login, connection

    def device(self, role="desk", org=NORTH):
        return self.server.open_device(f"设备{next(self.names)}", role, org, stands_in=org)

    def with_token(self, token):
        connection = self.server.connect(token=token)
        self.addCleanup(connection.socket.close)
        return connection

    def assert_nobody(self, connection):
        self.assertEqual(connection.ask(WHOAMI).message(1).number(1), 0)
        self.assertIn(outcome(connection.call(ORG_LIST)), ("login_required", "session_expired"))

    def assert_useless(self, token, why="session_expired"):
        connection = self.with_token(token)
        self.assertEqual(connection.greeting.number(9), RESULTS[why])
        self.assert_nobody(connection)

    def administer(self, *commands):
        with self.server.connect_as_admin() as admin:
            admin.do(*commands)


class Guessed(Attack):
    def test_near_misses_and_random_tokens_open_nothing(self):
        chance = seed_of_run("tokens")
        _, device = self.device()
        session = self.operator(("viewer", NORTH))[2].token
        guesses = [chance.randbytes(32) for _ in range(200)]
        for token in (device, session):
            bits = int.from_bytes(token, "big")
            guesses += [(bits ^ 1 << chance.randrange(256)).to_bytes(32, "big")
                        for _ in range(200)]
            guesses += [token[::-1], token_hash(token), token[:31], token + b"\0",
                        token.hex().encode()]
        guesses += [b"", bytes(32), b"\xff" * 32, bytes(16), os.urandom(64)]
        with self.server.connect() as connection:
            for guess in guesses:
                answer = connection.hello(token=guess).message()
                self.assertEqual(answer.number(10), 0)
                self.assertEqual(answer.number(9), RESULTS["session_expired"] if guess else 0)
            self.assert_nobody(connection)

    def test_a_wrong_token_takes_away_whom_the_connection_acted_for(self):
        _, device = self.device()
        connection = self.with_token(device)
        connection.ask(ORG_LIST)
        connection.hello(token=os.urandom(32))
        self.assert_nobody(connection)

    def test_a_token_is_no_password_and_a_password_no_token(self):
        _, login, connection = self.operator(("viewer", NORTH))
        _, device = self.device()
        for secret in (connection.token, device):
            with self.server.connect() as stranger:
                reply = stranger.call(LOGIN, (1, login), (2, secret.hex()))
                self.assertEqual(outcome(reply), "login_wrong")
        self.assert_useless(PASSWORD.encode().ljust(32, b"\0")[:32])

    def test_the_hash_of_a_token_which_the_ledger_holds_opens_nothing(self):
        _, device = self.device()
        self.assert_useless(token_hash(device))

    def test_names_that_somebody_has_take_no_longer_to_refuse(self):
        """Medians of single attempts: names with passwords, with a code, of nobody, in turn."""
        kinds = {"password": [], "code": [], "nobody": []}
        names = {kind: [f"{kind}.{n}" for n in range(6)] for kind in kinds}
        for name in names["password"]:
            self.server.open_operator_with_password(name, PASSWORD)
        for name in names["code"]:
            self.server.open_operator(name)
        for at in range(6):
            for kind, found in kinds.items():
                with self.server.outpost(source="127.0.0.9") as stranger:
                    begun = time.perf_counter()
                    reply = stranger.call(LOGIN, (1, names[kind][at]), (2, "guess guess guess"))
                    found.append(time.perf_counter() - begun)
                    self.assertEqual(outcome(reply), "login_wrong")
        medians = {kind: statistics.median(found) for kind, found in kinds.items()}
        print("milliseconds:", {kind: round(of * 1000) for kind, of in medians.items()})
        # A name without a hash to check would be answered a hundred times as fast.
        self.assertLess(max(medians.values()), 4 * min(medians.values()))


class Fixed(Attack):
    def test_a_log_in_makes_a_new_token_whatever_the_client_brings(self):
        _, login, first = self.operator(("viewer", NORTH))
        chosen = os.urandom(32)
        _, device = self.device()
        for brought in (chosen, device, first.token):
            connection = self.with_token(brought)
            answer = connection.ask(LOGIN, (1, login), (2, PASSWORD), (4, chosen), (5, chosen))
            self.assertEqual(code_of(answer), "ok")
            self.assertNotIn(answer.bytes(4), (chosen, device, first.token, brought))
        self.assert_useless(chosen)

    def test_a_session_begun_on_somebody_elses_connection_is_not_theirs(self):
        """The attacker's session is on the connection when its victim logs in there."""
        attacker, _, session = self.operator(("viewer", SOUTH))
        victim, login, _ = self.operator(("viewer", NORTH))
        connection = self.with_token(session.token)
        connection.log_in(login, PASSWORD)
        self.assertEqual(connection.ask(WHOAMI).message(1).number(1), victim)
        self.assertEqual(self.with_token(session.token).ask(WHOAMI).message(1).number(1), attacker)

    def test_the_token_of_a_device_cannot_be_chosen_twice(self):
        _, token = self.device()
        with self.server.connect_as_admin() as admin:
            found = admin.write(command(DEVICE_OPEN, (1, "二号"), (2, NORTH), (4, token_hash(token))))
        self.assertEqual(code_of(found[0]), "already_exists")


class Outlived(Attack):
    def test_after_a_log_out_a_stolen_token_is_nobodys(self):
        connection = self.operator(("viewer", NORTH))[2]
        thief = self.with_token(connection.token)
        thief.ask(ORG_LIST)
        connection.ask(LOGOUT)
        self.assertEqual(outcome(thief.call(ORG_LIST)), "session_expired")
        self.assert_useless(connection.token)

    def test_after_a_change_of_password_the_thief_is_out_and_the_owner_is_not(self):
        _, login, stolen = self.operator(("viewer", NORTH))
        thief = self.with_token(stolen.token)
        thief.ask(ORG_LIST)
        owner = self.server.log_in(login)
        self.addCleanup(owner.socket.close)
        answer = owner.ask(PASSWORD_METHOD, (1, PASSWORD), (2, PASSWORD + " 2"))
        self.assertEqual(code_of(answer), "ok")
        self.assertEqual(outcome(thief.call(ORG_LIST)), "session_expired")
        self.assert_useless(stolen.token)
        owner.ask(ORG_LIST)

    def test_a_thief_of_a_session_cannot_change_the_password(self):
        thief = self.with_token(self.operator()[2].token)
        answer = thief.ask(PASSWORD_METHOD, (1, "a guess or two"), (2, "the thief's own"))
        self.assertEqual(code_of(answer), "login_wrong")

    def test_after_lock_close_and_a_new_code_no_token_of_before_works(self):
        code, _ = one_time_code()
        for act in (lambda number: command(PRINCIPAL_SET, (1, number), (2, LOCKED)),
                    lambda number: command(PRINCIPAL_SET, (1, number), (2, CLOSED)),
                    lambda number: command(CREDENTIAL_SET, (1, number), (2, credential(code)))):
            number, login, connection = self.operator(("viewer", NORTH))
            connection.ask(ORG_LIST)
            self.administer(act(number))
            self.assertIn(outcome(connection.call(ORG_LIST)),
                          ("session_expired", "principal_locked"))
            self.assert_useless(connection.token)
            with self.server.connect() as again:
                self.assertNotEqual(code_of(again.log_in(login, PASSWORD)), "ok")

    def test_an_operator_at_a_device_that_is_closed_can_do_nothing_there(self):
        number, token = self.device()
        _, login, elsewhere = self.operator(("desk", NORTH))
        desk = self.with_token(token)
        session = desk.log_in(login, PASSWORD).bytes(4)
        desk.do(service(1, "2017-01-01"))
        self.administer(command(PRINCIPAL_SET, (1, number), (2, CLOSED)))
        for connection in (desk, self.with_token(session)):
            reply = connection.call(MEMBER_GET, (1, message((1, 1))))
            self.assertIn(outcome(reply), REFUSALS)
            reply = connection.call(WRITE, (1, service(1, "2017-01-02")))
            self.assertEqual(reply.kind, ERROR)
            self.assertIn(outcome(reply), REFUSALS)
        self.assert_useless(token, "principal_locked")
        elsewhere.do(service(1, "2017-01-03"))  # at no device

    def test_roles_that_were_taken_away_serve_no_open_connection(self):
        number, _, connection = self.operator(("desk", NORTH))
        connection.do(service(2, "2017-01-01"))
        self.administer(command(ROLE_SET, (1, number)))
        found = connection.write(service(2, "2017-01-02"))[0]
        self.assertEqual(code_of(found), "unauthorised")

    def test_a_one_time_code_is_good_once_even_for_two_at_the_same_moment(self):
        _, text = self.server.open_operator("twice")
        with self.server.connect() as one, self.server.connect() as other:
            for connection, password in ((one, PASSWORD), (other, PASSWORD + " 2")):
                connection.submit(LOGIN, message((1, "twice"), (2, text), (3, password)))
            found = sorted(code_of(connection.receive().message()) for connection in (one, other))
        self.assertEqual(found.count("ok"), 1, found)


class Expired(Attack):
    def wait_until_it_ends(self, ask):
        """How long it took. It asks over and over; what it asks must not count as use."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE_S:
            if ask():
                return time.monotonic() - begun
        raise AssertionError("the session does not end")

    def test_a_session_in_use_ends_all_the_same_and_one_idle_sooner(self):
        _, login, _ = self.operator()
        # Not before: on a busy machine who opens accounts would be out meanwhile.
        self.server.flags += ["--session-idle", "2s", "--session-length", "6s"]
        self.server.restart()
        idle, busy = self.server.log_in(login), self.server.log_in(login)
        for connection in (idle, busy):
            self.addCleanup(connection.socket.close)
        took = self.wait_until_it_ends(
            lambda: outcome(busy.call(ORG_LIST)) == "session_expired")
        self.assertGreater(took, 3)  # longer than it may be idle
        self.assert_useless(busy.token)
        self.assert_useless(idle.token)
        self.assertEqual(outcome(idle.call(ORG_LIST)), "session_expired")


if __name__ == "__main__":
    unittest.main()
