#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Everything at once for a while: desks that write single commands, pipelined, in batches, all or
nothing and as dry-runs, others that read members, boards, reports, entries and verify, and
connections that come and go. The server must answer all, stop well and leave a whole book; with the
thread sanitizer (preset tsan) it must have nothing to report.

  LOVEBANK_SECONDS=n  for so many seconds (20)
"""

import os
import random
import sys
import threading
import time
import unittest
from functools import partial

from lovebank_testing import (ENTRY_GET, HISTORY, MEMBER_FIND, MEMBER_GET, REPORT, RESPONSE, STARS,
                              STATUS, STOCK, VERIFY, WRITE, Server, command, message)

ORG_OPEN, TARIFF_SET, ITEM_SET, COUNTER_OPEN, REGISTER, RECEIVE = 10, 13, 14, 15, 20, 30
RECORD, REDEEM, REVERSE = 31, 32, 36
MEMBERS = 200
WINDOWS = (1, 1, 16, 16, 4, 4)  # requests in flight of each writer; the last two send batches
ENTRIES_MAX = 60000             # so that verify ends in time in every build


def registry():
    start = {"on": "2020-01-01"}
    yield command(ORG_OPEN, (1, 1), (3, 2), (4, "街道"), **start)
    yield command(TARIFF_SET, (1, 1), (2, "家政"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **start)
    yield command(ITEM_SET, (1, 1), (2, 1), (3, "大米"), (4, "袋"), (6, 10), **start)
    yield command(COUNTER_OPEN, (1, 1), (2, 1), (3, "超市"), **start)
    yield command(RECEIVE, (1, 1), (2, "捐赠"), (3, message((1, 1), (2, 100000))), **start)
    for number in range(1, MEMBERS + 1):
        yield command(REGISTER, (1, number), (2, 1), (5, message((1, f"志愿者{number}"))), **start)


class Desk:
    """Random write requests of one desk."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.ids = []

    def command(self):
        rng = self.rng
        made = rng.getrandbits(128).to_bytes(16, "big")
        who = message((1, rng.randint(1, MEMBERS)))
        kind = rng.random()
        if self.ids and kind < 0.05:
            return command(REVERSE, (1, message((2, rng.choice(self.ids)))), id=made, memo="记错了")
        self.ids.append(made)
        if kind < 0.25:
            return command(REDEEM, (1, who), (2, 1), (3, message((1, 1), (2, 1))), on="2025-06-01",
                           id=made)
        return command(RECORD, (1, who), (2, 1), (3, rng.randint(1, 30)), id=made,
                       on=f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")

    def request(self, is_batch):
        size = self.rng.randint(2, 100) if is_batch else 1
        commands = [(1, self.command()) for _ in range(size)]
        kind = self.rng.random()
        if kind < 0.1:
            return size, message(*commands, (2, True))
        if is_batch and kind < 0.3:
            return size, message(*commands, (3, True), (4, self.rng.randbytes(16)))
        return size, message(*commands)


class ServerFullLoad(unittest.TestCase):
    def setUp(self):
        self.problems = []
        self.counts = {}
        seed = int(os.environ.get("LOVEBANK_SEED") or random.SystemRandom().getrandbits(32))
        print(f"seed {seed}", flush=True)
        self.rng = random.Random(seed)
        self.deadline = 0
        self.long_read = "no long read"

    def is_over(self):
        return self.problems or time.monotonic() > self.deadline

    def guard(self, name, work):
        try:
            self.counts[name] = work()
        except BaseException as problem:
            self.problems.append(f"{name}: {problem!r}")
            raise

    def write(self, server, window, is_batch, desk):
        """Requests answered."""
        answered = entries = 0
        with server.connect() as connection:
            sent = {}
            while sent or not self.is_over() and entries < ENTRIES_MAX / len(WINDOWS):
                while len(sent) < window and not self.is_over():
                    size, payload = desk.request(is_batch)
                    sent[connection.submit(WRITE, payload)] = size
                if not sent:
                    break
                reply = connection.receive()
                response = reply.message()
                self.assertEqual(response.number(1), 0)
                self.assertEqual(len(response.messages(6)), sent.pop(reply.request_id))
                entries += sum(result.number(2) != 0 for result in response.messages(6))
                answered += 1
        return answered

    def read(self, server, rng):
        """Reads answered, some from a connection that goes right after."""
        answered = 0
        while not self.is_over():
            with server.connect() as connection:
                for _ in range(rng.randint(1, 50)):
                    who = (1, message((1, rng.randint(1, MEMBERS))))
                    newest = connection.ask(STATUS).number(2)
                    method, fields = rng.choice([
                        (MEMBER_GET, [who]), (HISTORY, [who, (3, 5)]), (STOCK, [(1, 1)]),
                        (MEMBER_FIND, [(1, "志愿者1")]),
                        (ENTRY_GET, [(1, message((1, rng.randint(1, newest)))), (2, True)])])
                    self.assertEqual(connection.call(method, *fields).kind, RESPONSE)
                    answered += 1
        return answered

    def read_long(self, server):
        """Boards, reports and verify."""
        answered = 0
        with server.connect() as connection:
            while not self.is_over():
                for method, fields in ((STARS, [(1, 2024), (2, 1), (4, 2)]),
                                       (REPORT, [(1, 2024), (2, 1)]), (VERIFY, [(1, True)])):
                    self.long_read = f"long read {answered}, of method {method}"
                    self.assertEqual(connection.call(method, *fields).kind, RESPONSE)
                    answered += 1
        return answered

    def test_everything_at_once_leaves_a_whole_book(self):
        with Server() as server:
            with server.connect() as connection:
                connection.do(*registry())
            self.deadline = time.monotonic() + int(os.environ.get("LOVEBANK_SECONDS") or 20)
            desks = (Desk(self.rng.getrandbits(64)) for _ in WINDOWS)
            works = {f"writer {i}": partial(self.write, server, window, i >= 4, desk)
                     for i, (window, desk) in enumerate(zip(WINDOWS, desks))}
            for i in range(2):
                rng = random.Random(self.rng.getrandbits(64))
                works[f"reader {i}"] = partial(self.read, server, rng)
            works["long reads"] = partial(self.read_long, server)
            threads = [threading.Thread(target=self.guard, args=each) for each in works.items()]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(self.problems, [], f"{self.long_read}\n{''.join(server.log)}")
            self.assertTrue(all(self.counts.values()), self.counts)
            with server.connect() as connection:
                answer = connection.verify()
                self.assertTrue(answer.number(5), answer)
            self.assertEqual(server.stop(), 0, "".join(server.log))
            self.assertNotIn("Sanitizer", "".join(server.log))
        print(", ".join(f"{name}: {count}" for name, count in self.counts.items()))


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)  # or ten threads wait for each other, not for the server
    unittest.main()
