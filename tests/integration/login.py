#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Who gets in, for how long, and what ends it: log-in names, passwords, sessions, devices."""

import time
import unittest

from lovebank_testing import (ACTIVE, CLOSED, CREDENTIAL_SET, ERROR, HELLO, LOCKED, LOGOUT,
                              ORG_LIST, PASSWORD, PATIENCE_S, PRINCIPAL_LIST, PRINCIPAL_SET,
                              RESULTS, SERVER, STATUS, WHOAMI, WRITE, GuardedServer, command,
                              credential, message, one_time_code)

ORG_OPEN = 10
POLICY_SET, PROPOSAL_DECIDE = 45, 46
WRONG = "wrong wrong wrong"
ANNE = "anne's 很长的 password"


def code_of(answer):
    names = {number: name for name, number in RESULTS.items()}
    return names[answer.number(1)]


class Guarded(unittest.TestCase):
    flags = ()

    def setUp(self):
        self.server = GuardedServer("--log-level", "debug", "--address-connections", "1000000",
                                    "--guest-requests", "1000000",
                                    "--address-requests", "1000000",
                                    *self.flags)  # it asks again and again, without waiting
        self.addCleanup(self.server.__exit__)
        self.server.start()

    def log_in(self, login, password, new_password=None):
        """The code of the answer, on a connection of its own."""
        with self.server.connect() as connection:
            return code_of(connection.log_in(login, password, new_password))

    def log_in_patiently(self, login, password):
        """Asks again for as long as it is told to wait."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = self.log_in(login, password)
            if found != "login_delayed":
                return found
        raise AssertionError("it has to wait for ever")

    def assert_delayed_after_three(self, login):
        """Three wrong passwords are looked at, and the next has to wait; or one of those after it,
        which wait twice as long each: on a busy machine a second may pass before we ask again."""
        found = []
        while len(found) < 8 and found[-1:] != ["login_delayed"]:
            found.append(self.log_in(login, WRONG))
        self.assertEqual(set(found[:-1]), {"login_wrong"}, found)
        self.assertEqual(found[-1], "login_delayed")
        self.assertGreater(len(found), 3)

    def state_of(self, principal):
        with self.server.connect_as_admin() as admin:
            listed = admin.ask(PRINCIPAL_LIST, (1, principal - 1), (2, 1)).messages(1)[0]
        self.assertEqual(listed.number(1), principal)
        return listed.number(4)

    def assert_refused(self, reply, name):
        self.assertEqual(reply.kind, ERROR)
        self.assertEqual(reply.error()[0], name)

    def assert_nobody(self, connection):
        self.assertEqual(connection.ask(WHOAMI).message(1).number(1), 0)
        self.assert_refused(connection.call(ORG_LIST), "login_required")


class LogIn(Guarded):
    def test_nothing_but_greeting_status_and_login_works_before(self):
        with self.server.connect() as connection:
            self.assertEqual(connection.greeting.number(10), 0)
            self.assert_nobody(connection)
            act = command(ORG_OPEN, (1, 7), (3, 2), (4, "street"))
            self.assert_refused(connection.call(WRITE, (1, act)), "login_required")
            self.assertEqual(connection.ask(STATUS).number(5), 0)  # members: not told
            self.assert_refused(connection.call(PASSWORD, (1, "a"), (2, "b")), "login_required")

    def test_a_one_time_code_sets_a_password_once(self):
        number, code = self.server.open_operator("anne", role="viewer")
        self.assertEqual(self.log_in("anne", code), "password_needed")
        self.assertEqual(self.log_in("anne", code, "short"), "password_weak")
        self.assertEqual(self.log_in("anne", code, code), "password_weak")
        with self.server.connect() as connection:
            answer = connection.log_in("anne", code.lower().replace("-", ""), ANNE)
            self.assertEqual(code_of(answer), "ok")
            self.assertEqual(answer.number(5), number)
            who = connection.ask(WHOAMI)
            self.assertEqual(who.message(1).text(3), "anne")
            self.assertGreater(who.signed(3), 0)
            connection.ask(ORG_LIST)
        self.assertEqual(self.log_in("anne", code, ANNE + " again"), "login_wrong")
        self.assertEqual(self.log_in("anne", ANNE), "ok")

    def test_a_password_is_long_enough_and_not_the_name(self):
        _, code = self.server.open_operator("annabella.q")
        for weak in ("九个字不够长的密码", "x" * 129, "Annabella.Q"):
            with self.server.connect() as connection:
                answer = connection.log_in("annabella.q", code, weak)
                self.assertEqual(code_of(answer), "password_weak")
                self.assertEqual((answer.signed(2), answer.signed(3)), (len(weak), 10))
        self.assertEqual(self.log_in("annabella.q", code, "十个字就正好够长的了"), "ok")

    def test_a_code_that_has_expired_is_wrong(self):
        code, text = one_time_code()
        with self.server.connect_as_admin() as admin:
            admin.do(command(40, (1, "late"), (3, credential(code, expires_ms=1))))
        self.assertEqual(self.log_in("late", text, ANNE), "login_wrong")

    def test_wrong_names_and_passwords_are_told_alike_and_wait_alike(self):
        self.server.open_operator_with_password("anne", ANNE)
        for login in ("anne", "nobody.at.all", "not a name " * 9):
            self.assert_delayed_after_three(login)
        self.assertEqual(self.log_in_patiently("anne", ANNE), "ok")
        self.assertEqual(self.log_in("anne", WRONG), "login_wrong")  # they are forgotten

    def test_many_guesses_at_once_are_no_way_around_the_delay(self):
        self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as connection:
            for _ in range(8):
                connection.submit(40, message((1, "anne"), (2, WRONG)))
            found = sorted(code_of(connection.receive().message()) for _ in range(8))
        self.assertEqual(found, ["login_delayed"] * 5 + ["login_wrong"] * 3)

    def test_a_changed_password_ends_the_other_sessions(self):
        self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as here, self.server.connect() as there:
            for connection in (here, there):
                self.assertEqual(code_of(connection.log_in("anne", ANNE)), "ok")
            for old, new, code in ((WRONG, ANNE + "2", "login_wrong"),
                                   (ANNE, ANNE, "password_weak"), (ANNE, "", "password_needed"),
                                   (ANNE, ANNE + "2", "ok")):
                self.assertEqual(code_of(here.ask(PASSWORD, (1, old), (2, new))), code)
            self.assertEqual(here.ask(WHOAMI).message(1).text(3), "anne")
            self.assert_refused(there.call(ORG_LIST), "session_expired")
        self.assertEqual(self.log_in("anne", ANNE), "login_wrong")
        self.assertEqual(self.log_in("anne", ANNE + "2"), "ok")

    def test_accounts_and_passwords_outlive_the_server_and_sessions_do_not(self):
        before = self.server.token
        self.server.restart()  # which logs in by the password
        with self.server.connect(token=before) as connection:
            self.assertEqual(connection.greeting.number(9), RESULTS["session_expired"])
            self.assert_nobody(connection)

    def test_secrets_reach_neither_the_log_nor_the_book(self):
        number, token = self.server_with_device()
        code, text = one_time_code()
        with self.server.connect_as_admin() as admin:
            admin.do(command(CREDENTIAL_SET, (1, 1), (2, credential(code))))
        with self.server.connect(token=token) as device:
            answer = device.log_in("admin", text, ANNE)
            self.assertEqual(code_of(answer), "ok")
            session = answer.bytes(4)
        self.assertGreater(number, 1)
        self.assertEqual(self.log_in(WRONG, WRONG), "login_wrong")
        self.assertEqual(self.server.stop(), 0)
        log = "".join(self.server.log)
        self.assertIn("login_failed", log)
        stored = b"".join(file.read_bytes() for file in self.server.data_dir.iterdir())
        for secret in (text, text.replace("-", ""), ANNE, WRONG, token.hex(), session.hex()):
            self.assertNotIn(secret, log)
            self.assertNotIn(secret.encode(), stored)
        for secret in (code, token, session, b"$argon2id$"):
            self.assertNotIn(secret, stored)

    def server_with_device(self):
        with self.server.connect_as_admin() as admin:
            admin.do(command(ORG_OPEN, (1, 1), (3, 2), (4, "street")))
        return self.server.open_device("desk 1", role="desk", org=1)


class Lock(Guarded):
    flags = ("--login-failures-max", "3")

    def test_too_many_failures_lock_the_account_until_an_administrator_opens_it(self):
        number = self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as connection:
            self.assertEqual(code_of(connection.log_in("anne", ANNE)), "ok")
            for _ in range(3):
                self.assertEqual(self.log_in("anne", WRONG), "login_wrong")
            self.assertEqual(self.state_of(number), LOCKED)
            self.assert_refused(connection.call(ORG_LIST), "session_expired")
        self.assertEqual(self.log_in_patiently("anne", ANNE), "principal_locked")
        with self.server.connect_as_admin() as admin:
            admin.do(command(PRINCIPAL_SET, (1, number), (2, ACTIVE)))
            status = admin.ask(STATUS)
            self.assertEqual((status.number(18), status.number(19)), (3, 1))
        self.assertEqual(self.log_in_patiently("anne", WRONG), "login_wrong")  # one is no lock
        self.assertEqual(self.state_of(number), ACTIVE)
        self.assertEqual(self.log_in_patiently("anne", ANNE), "ok")

    def test_the_last_administrator_is_not_locked_out_by_others(self):
        self.assert_delayed_after_three("admin")
        self.assertEqual(self.log_in_patiently("admin", WRONG), "login_wrong")
        self.assertEqual(self.state_of(1), ACTIVE)
        with self.server.connect_as_admin() as admin:
            self.assertEqual(admin.ask(STATUS).number(19), 0)
        self.assertEqual(self.log_in_patiently("admin", GuardedServer.PASSWORD), "ok")

    def test_an_administrator_ends_the_sessions_of_whom_he_locks(self):
        number = self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as connection, self.server.connect_as_admin() as admin:
            self.assertEqual(code_of(connection.log_in("anne", ANNE)), "ok")
            admin.do(command(PRINCIPAL_SET, (1, number), (2, LOCKED)))
            self.assert_refused(connection.call(ORG_LIST), "session_expired")
        self.assertEqual(self.log_in("anne", ANNE), "principal_locked")

    def test_a_lock_that_a_second_person_confirms_ends_the_sessions_too(self):
        number = self.server.open_operator_with_password("anne", ANNE)
        self.server.open_operator_with_password("second", ANNE, role="reviewer")
        with self.server.connect() as connection, self.server.connect() as second, \
                self.server.connect_as_admin() as admin:
            self.assertEqual(code_of(connection.log_in("anne", ANNE)), "ok")
            self.assertEqual(code_of(second.log_in("second", ANNE)), "ok")
            admin.do(command(POLICY_SET, (3, 1), (7, 14)))
            lock = command(PRINCIPAL_SET, (1, number), (2, LOCKED), on="2020-01-01")
            waiting = admin.write(lock)[0]
            self.assertEqual(code_of(waiting), "waiting")
            self.assert_refused(connection.call(ORG_LIST), "unauthorised")  # logged in, no roles
            second.do(command(PROPOSAL_DECIDE, (1, message((1, waiting.number(2)))), (2, True)))
            self.assertEqual(self.state_of(number), LOCKED)
            self.assert_refused(connection.call(ORG_LIST), "session_expired")

    def test_a_new_code_from_the_stopped_server_lets_a_locked_administrator_in(self):
        self.server.stop()
        code = self.server.init("--new-code", "admin")
        self.assertIsNone(self.server.init())  # there is an administrator
        self.server.code = code
        self.server.start()
        self.assertEqual(self.state_of(1), ACTIVE)


class Sessions(Guarded):
    flags = ("--sessions-operator-max", "2")

    def test_a_token_is_good_on_other_connections_until_logout(self):
        self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as first:
            token = first.log_in("anne", ANNE).bytes(4)
            with self.server.connect(token=token) as second:
                self.assertEqual(second.greeting.number(9), 0)
                self.assertEqual(second.ask(WHOAMI).message(1).text(3), "anne")
                self.assertEqual(second.ask(LOGOUT).number(1), 1)
                self.assert_nobody(second)
            self.assert_refused(first.call(ORG_LIST), "session_expired")
            self.assertEqual(first.ask(LOGOUT).number(1), 0)
            self.assert_nobody(first)
        with self.server.connect(token=token) as late:
            self.assertEqual(late.greeting.number(9), RESULTS["session_expired"])
            self.assert_nobody(late)

    def test_logout_everywhere_ends_all_of_the_operator_and_nobody_elses(self):
        self.server.open_operator_with_password("anne", ANNE)
        with self.server.connect() as first, self.server.connect() as second:
            first.log_in("anne", ANNE)
            second.log_in("anne", ANNE)
            self.assertEqual(first.ask(LOGOUT, (1, True)).number(1), 2)
            self.assert_refused(second.call(ORG_LIST), "session_expired")
        with self.server.connect_as_admin() as admin:
            self.assertEqual(admin.greeting.number(10), 1)

    def test_one_more_session_than_allowed_ends_the_one_longest_unused(self):
        self.server.open_operator_with_password("anne", ANNE, role="viewer")
        with self.server.connect() as first, self.server.connect() as second:
            first.log_in("anne", ANNE)
            second.log_in("anne", ANNE)
            first.ask(WHOAMI)
            self.assertEqual(self.log_in("anne", ANNE), "ok")
            first.ask(ORG_LIST)
            self.assert_refused(second.call(ORG_LIST), "session_expired")

    def test_tokens_that_nobody_has_are_refused_and_the_greeting_goes_on(self):
        for token in (bytes(32), b"x", b"y" * 33, self.server.token[:-1] + b"?"):
            with self.server.connect(token=token) as connection:
                self.assertEqual(connection.greeting.number(9), RESULTS["session_expired"])
                self.assert_nobody(connection)

    def test_a_second_greeting_acts_for_whom_its_token_names_and_else_for_nobody(self):
        for token in (b"x", bytes(32)):
            with self.server.connect_as_admin() as connection:
                answer = connection.ask(HELLO, (1, 1), (3, token))
                self.assertEqual(answer.number(9), RESULTS["session_expired"])
                self.assertEqual(answer.number(10), 0)
                self.assert_nobody(connection)

    def test_the_token_of_a_device_makes_it_act_and_an_operator_acts_at_it(self):
        with self.server.connect_as_admin() as admin:
            admin.do(command(ORG_OPEN, (1, 1), (3, 2), (4, "street")))
        number, token = self.server.open_device("desk 1", role="desk", org=1)
        anne = self.server.open_operator_with_password("anne", ANNE, role="viewer")
        with self.server.connect(token=token) as desk:
            self.assertEqual(desk.greeting.number(10), number)
            self.assertEqual(desk.ask(WHOAMI).message(1).text(3), "desk 1")
            session = desk.log_in("anne", ANNE).bytes(4)
            self.assertEqual(desk.ask(WHOAMI).message(1).number(1), anne)
            self.assertEqual(desk.ask(WHOAMI).message(2).number(1), number)
            with self.server.connect(token=session) as other:
                self.assertEqual(other.ask(WHOAMI).message(2).number(1), number)
                other.ask(LOGOUT)
            # The device does not step in for the operator unasked.
            self.assert_refused(desk.call(ORG_LIST), "session_expired")
            desk.ask(LOGOUT)
            self.assertEqual(desk.ask(WHOAMI).message(1).number(1), number)
            desk.ask(ORG_LIST)

    def test_the_token_of_a_locked_device_is_refused(self):
        with self.server.connect_as_admin() as admin:
            admin.do(command(ORG_OPEN, (1, 1), (3, 2), (4, "street")))
        number, token = self.server.open_device("desk 1", role="viewer", org=1)
        with self.server.connect(token=token) as desk, self.server.connect_as_admin() as admin:
            desk.ask(ORG_LIST)
            admin.do(command(PRINCIPAL_SET, (1, number), (2, LOCKED)))
            self.assert_refused(desk.call(ORG_LIST), "principal_locked")
        with self.server.connect(token=token) as desk:
            self.assertEqual(desk.greeting.number(9), RESULTS["principal_locked"])
            self.assert_nobody(desk)


class ShortSessions(Guarded):
    flags = ("--account-requests", "1000000")

    def test_a_session_in_use_ends_at_the_latest_when_its_time_is_over(self):
        self.server.open_operator_with_password("anne", ANNE, role="viewer")
        # Not before: on a busy machine who opens accounts would be out meanwhile.
        self.server.flags += ["--session-length", "3s", "--session-idle", "2s"]
        self.server.restart()
        with self.server.connect() as connection:
            connection.log_in("anne", ANNE)
            until = time.monotonic() + PATIENCE_S
            reply = connection.call(ORG_LIST)
            while reply.kind != ERROR and time.monotonic() < until:
                reply = connection.call(ORG_LIST)
            self.assert_refused(reply, "session_expired")


class NoOperator(unittest.TestCase):
    def test_a_server_without_any_operator_says_that_nobody_can_log_in(self):
        with GuardedServer(start=False) as server:
            super(GuardedServer, server).start()
            self.assertIn("nobody_can_log_in", "".join(server.log))
            with server.connect() as connection:
                self.assertEqual(code_of(connection.log_in("admin", WRONG)), "login_wrong")

    def test_trust_and_tls_do_not_go_together(self):
        with GuardedServer("--insecure-no-login", "--tls-listen", "0.0.0.0:0",
                           start=False) as server:
            done = server.run(*server.arguments())
            self.assertEqual(done.returncode, 2)
            self.assertIn("insecure-no-login", done.stderr)

    def test_init_takes_the_name_it_is_given(self):
        with GuardedServer(start=False) as server:
            server.code = server.init("--first-login", "chief")
            self.assertIsNotNone(server.code)
            server.LOGIN = "chief"
            server.start()
            with server.connect_as_admin() as admin:
                self.assertEqual(admin.ask(WHOAMI).message(1).text(3), "chief")


class Init(Guarded):
    def init(self, *flags):
        return self.server.run(str(SERVER), "init", *self.server.arguments()[1:], *flags)

    def test_a_book_that_a_server_uses_is_left_alone(self):
        done = self.init("--new-code", "admin")
        self.assertEqual(done.returncode, 4)
        self.assertIn(str(self.server.data_dir), done.stderr)
        self.server.restart()  # the password is as it was

    def test_a_code_is_given_for_an_account_that_there_is_and_is_not_closed(self):
        number, _ = self.server.open_operator("anne")
        with self.server.connect_as_admin() as admin:
            admin.do(command(PRINCIPAL_SET, (1, number), (2, CLOSED)))
        self.server.stop()
        for login in ("nobody.at.all", "anne"):
            done = self.init("--new-code", login)
            self.assertEqual(done.returncode, 1)
            self.assertIn(login, done.stderr)
            self.assertNotIn("{", done.stderr)

    def test_a_name_that_is_no_log_in_name_is_refused(self):
        with GuardedServer(start=False) as server:
            done = server.run(str(SERVER), "init", *server.arguments()[1:], "--first-login", "A b")
            self.assertEqual(done.returncode, 1)
            self.assertNotIn("{", done.stderr)


if __name__ == "__main__":
    unittest.main()
