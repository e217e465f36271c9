#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Desks that write while others read boards, histories and verify: nobody sees a half of anything."""

import threading
import unittest

from lovebank_testing import (HISTORY, MEMBER_GET, REPORT, STARS, STATUS, WRITE, Server, command,
                              message)

DESKS, ROUNDS, BATCH = 4, 40, 5
MEMBERS = 20
REGISTRY = MEMBERS + 2


def registry():
    start = {"on": "2016-01-01"}
    yield command(10, (1, 1), (3, 2), (4, "street"), **start)
    yield command(13, (1, 1), (2, "category"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **start)
    for number in range(1, MEMBERS + 1):
        yield command(20, (1, number), (2, 1), (5, message((1, "name"))), **start)


class ServerConcurrency(unittest.TestCase):
    def setUp(self):
        self.problems = []

    def run_all(self, *works):
        def guarded(work):
            try:
                work()
            except BaseException as problem:
                self.problems.append(problem)
                raise
        threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.problems, [])

    def write(self, server, desk):
        """One minute for one member after another, all rounds pipelined."""
        with server.connect() as connection:
            for turn in range(ROUNDS):
                day = f"2016-{turn % 12 + 1:02}-{turn % 28 + 1:02}"
                member = (desk + turn) % MEMBERS + 1
                acts = [command(31, (1, message((1, member))), (2, 1), (3, 1), on=day,
                                id=bytes([desk + 1, turn + 1, one + 1]).rjust(16, b"\1"))
                        for one in range(BATCH)]
                connection.submit(WRITE, message(*((1, act) for act in acts)))
            for _ in range(ROUNDS):
                results = connection.receive().message().messages(6)
                self.assertEqual([result.number(1) for result in results], [0] * BATCH)

    def read_boards(self, server, done):
        with server.connect() as connection:
            minutes = 0
            while not done.is_set():
                now = connection.ask(STARS, (1, 2016), (2, 1), (4, 2))
                rows = now.messages(4)
                total = sum(row.number(5) for row in rows)
                self.assertEqual(total, sum(row.number(6) for row in rows))
                self.assertGreaterEqual(total, minutes)
                minutes = total
                entry = now.number(6)
                then = connection.ask(STARS, (1, 2016), (2, 1), (4, 2), (7, max(entry - 7, REGISTRY)))
                self.assertEqual(len(then.bytes(7)), 32)
                self.assertEqual(connection.ask(REPORT, (1, 2016), (2, 1)).number(3), MEMBERS)

    def read_members(self, server, done):
        with server.connect() as connection:
            while not done.is_set():
                info = connection.ask(MEMBER_GET, (1, message((1, 1)))).message(2)
                years = info.messages(10)
                self.assertEqual(info.message(8).number(5), years[0].number(3) if years else 0)
                page = connection.ask(HISTORY, (1, message((1, 1))), (3, 3))
                numbers = [entry.message(1).number(1) for entry in page.messages(3)]
                self.assertEqual(numbers, sorted(numbers, reverse=True))

    def test_readers_see_whole_states_while_desks_write(self):
        with Server() as server:
            with server.connect() as connection:
                connection.do(*registry())
            done = threading.Event()

            def desks():
                try:
                    self.run_desks(server)
                finally:
                    done.set()

            self.run_all(desks, lambda: self.read_boards(server, done),
                         lambda: self.read_members(server, done))
            with server.connect() as connection:
                self.assertTrue(connection.verify().number(5))
                self.assertEqual(connection.ask(STATUS).number(2),
                                 REGISTRY + DESKS * ROUNDS * BATCH)
                report = connection.ask(REPORT, (1, 2016), (2, 1))
                self.assertEqual(report.number(6), DESKS * ROUNDS * BATCH)
            self.assertEqual(server.stop(), 0)

    def run_desks(self, server):
        self.run_all(*(lambda desk=desk: self.write(server, desk) for desk in range(DESKS)))

    def test_the_same_commands_from_all_desks_happen_once(self):
        with Server() as server:
            with server.connect() as connection:
                connection.do(*registry())
            self.run_all(*(lambda: self.write(server, 0) for _ in range(DESKS)))
            with server.connect() as connection:
                self.assertEqual(connection.ask(STATUS).number(2), REGISTRY + ROUNDS * BATCH)

    def test_stops_cleanly_in_the_middle_of_verify_and_boards(self):
        with Server() as server, server.connect() as connection:
            connection.do(*registry())
            self.write(server, 0)
            connection.ask(5, (1, True))
            for entry in range(30, 60):
                connection.submit(STARS, message((1, 2016), (2, 1), (7, entry)))
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
