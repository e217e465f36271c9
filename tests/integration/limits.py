#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What one account or one place may ask for, that it is told so and counted, and that its connection
then rests: what it asked beyond waits unread, and is served at the allowed pace."""

import time
import unittest

from lovebank_testing import (ERROR, HELLO, LOGIN, ORG_LIST, RESULTS, STATUS, WHOAMI, GuardedServer,
                              Server, frame, message)

ANNE = "anne's 很长的 password"
REQUESTS_LIMITED, CONNECTIONS_LIMITED = 20, 21


def is_limited(reply):
    return reply.kind == ERROR and reply.error()[0] == "try_later"


class Limits(unittest.TestCase):
    def serve(self, *flags):
        server = GuardedServer(*flags)
        self.addCleanup(server.__exit__)
        return server.start()

    def count(self, server, field):
        with server.connect_as_admin() as admin:
            return admin.ask(STATUS).number(field)

    def flood(self, connection, count):
        """Which of so many requests at once were refused."""
        for _ in range(count):
            connection.submit(WHOAMI)
        return [is_limited(connection.receive()) for _ in range(count)]

    def assert_paced(self, connection, count, per_s):
        """Refused now and then, and served no faster than allowed; returns which were refused."""
        begun = time.monotonic()
        limited = self.flood(connection, count)
        served = count - sum(limited)
        self.assertGreater(sum(limited), 3)
        self.assertLess(sum(limited), count * 2 // 3)  # it rests after each
        self.assertGreater(time.monotonic() - begun, (served - 2 * per_s) / per_s - 0.1)
        return limited

    def test_an_account_that_asks_too_much_is_told_to_try_later_and_others_are_not(self):
        server = self.serve("--account-requests", "50")
        server.open_operator_with_password("anne", ANNE)
        with server.connect() as busy:
            busy.log_in("anne", ANNE)
            limited = self.assert_paced(busy, 300, 50)
            self.assertFalse(any(limited[:90]))  # two seconds' worth, but for the log-in itself
            with server.connect_as_admin() as admin:
                self.assertEqual(admin.ask(WHOAMI).message(1).number(1), 1)
        self.assertEqual(self.count(server, REQUESTS_LIMITED), sum(limited))
        server.stop()
        told = [line for line in server.log if " limited " in line]
        self.assertLessEqual(1, len(told))
        self.assertLessEqual(len(told), 10)  # one a second at most

    def test_a_place_from_which_too_much_is_asked_is_told_to_try_later(self):
        server = self.serve("--address-requests", "50")
        with server.connect() as nobody:
            self.assert_paced(nobody, 300, 50)

    def test_who_has_not_logged_in_asks_little_and_keeps_nobody_waiting_who_has(self):
        server = self.serve("--guest-requests", "20")
        with server.connect_as_admin() as admin, server.connect() as nobody:
            self.assert_paced(nobody, 120, 20)
            self.assertFalse(any(self.flood(admin, 1000)))
            for _ in range(100):  # nor is a log-in by who has logged in a way around
                admin.submit(LOGIN, message((1, "nobody"), (2, "x")))
            self.assertGreater(sum(is_limited(admin.receive()) for _ in range(100)), 3)

    def test_bytes_count_too(self):
        server = self.serve("--account-bytes", "1KiB")
        with server.connect_as_admin() as admin:
            large = message((9, b"x" * 100000))
            admin.submit(ORG_LIST, large)
            self.assertFalse(is_limited(admin.receive()))  # larger than the bucket, once
            self.assertTrue(is_limited(admin.call(ORG_LIST)))

    def test_connections_of_one_place_are_capped(self):
        server = self.serve("--connections-address-max", "3", "--address-connections", "1000000")
        with server.connect_as_admin() as admin, server.connect():
            with server.connect():
                with server.connect(greet=False) as over:
                    self.assertTrue(is_limited(over.receive()))
                    self.assertTrue(over.is_at_end())
            while True:  # until the server has seen that it is gone
                with server.connect(greet=False) as again:
                    again.send(frame(HELLO, message((1, 1))))
                    if not is_limited(again.receive()):
                        break
            self.assertGreaterEqual(admin.ask(STATUS).number(CONNECTIONS_LIMITED), 1)

    def test_connections_that_come_too_fast_from_one_place_are_turned_away(self):
        server = self.serve("--address-connections", "20")
        answers = []
        for _ in range(200):
            with server.connect(greet=False) as connection:
                connection.send(frame(HELLO, message((1, 1))))
                answers.append(is_limited(connection.receive()))
        self.assertFalse(any(answers[:30]))  # two seconds' worth, but for the log-in itself
        self.assertGreater(sum(answers), 20)

    def test_passwords_beyond_the_queue_are_told_to_try_later_and_cost_no_delay(self):
        server = self.serve("--password-queue-max", "1")
        with server.connect() as connection:
            for number in range(6):
                connection.submit(LOGIN, message((1, f"nobody{number}"), (2, "x")))
            found = [connection.receive().message().number(1) for _ in range(6)]
        self.assertIn(RESULTS["try_later"], found)
        self.assertIn(RESULTS["login_wrong"], found)
        self.assertEqual(self.count(server, 18), found.count(RESULTS["login_wrong"]))

    def test_where_no_login_is_asked_for_nothing_is_limited(self):
        with Server("--address-requests", "1", "--account-requests", "1",
                    "--connections-address-max", "1") as server:
            with server.connect() as first, server.connect() as second:
                self.assertFalse(any(self.flood(first, 100)))
                self.assertTrue(second.ask(WHOAMI).number(4))


if __name__ == "__main__":
    unittest.main()
