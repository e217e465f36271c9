#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
kill -9 at every named step of the commit path (TEST_POINT_LIST in base/test_point.h), under single,
pipelined and batch load. lovebankd is the one built with these steps: each time it is started it
ends itself at one of them, when it comes there for the nth time: while it recovers, while requests
are sent again, or under load; n is random. Then as in kill_under_load.py. A step at which the
server never died fails the test.

  LOVEBANK_SEED=n     that seed; without it a random one, which is printed
  LOVEBANK_ROUNDS=n   so many rounds, in each of which each step has a turn with each load (3)
  LOVEBANK_SECONDS=n  no more after the first round and so many seconds (600)
"""

import collections
import random
import re
import signal
import sys
import time

from crash_book import BATCH, PIPELINED, SINGLE, Book, CrashServer, require, run_seeded
from lovebank_testing import PATIENCE_S, SOURCE_DIR

STYLES = (SINGLE, PIPELINED, BATCH)
SHARE = {SINGLE: 60, PIPELINED: 120, BATCH: 30}  # requests of a client in a turn
AGAIN_MAX = 40
CHECK_TURNS = 20
QUIET_S = 2  # after the load, for the steps that wait for it

# How often the load passes a step, at most: group_… and journal_… are passed by every group.
PASSES = {"segment_prepared": 2, "segment_begun": 2, "idle_marked": 1, "checkpoint_begun": 4,
          "checkpoint_part": 4, "checkpoint_complete": 4, "segment_freed": 2,
          "recovery_replayed": 1}
PASSES_OF_GROUPS = 60
NOT_HERE = {"backup_copied"}  # passed by backups only, which integration/backup.py kills


def points():
    """The names in TEST_POINT_LIST, but for those not here."""
    header = (SOURCE_DIR / "server/base/include/base/test_point.h").read_text(encoding="utf-8")
    names = re.findall(r"^\s+X\((\w+)\)", header, re.MULTILINE)
    return [name for name in names if name not in NOT_HERE]


class Turns:
    """One server after the other, each with a step at which it ends itself."""

    def __init__(self, server, book, rng):
        self.server = server
        self.book = book
        self.rng = rng
        self.kills = collections.Counter()  # by step

    def turn(self, point, style):
        passes = PASSES.get(point, PASSES_OF_GROUPS)
        # Few passes as often as many: the first groups after a start are special.
        count = round(passes ** self.rng.random())
        is_running = self.server.start_until(f"{point}:{count}")
        if is_running and self.settle() and self.load(style):
            self.server.stop(signal.SIGKILL)
        else:
            self.kills[point] += 1

    def settle(self):
        """false: it died of it."""
        try:
            self.book.settle(AGAIN_MAX)
            return True
        except (ConnectionError, EOFError):
            require(self.server.is_dead(PATIENCE_S), "the connection was lost")
            return False

    def load(self, style):
        """false: it died of it."""
        load = self.book.load(style, SHARE[style])
        load.start()
        load.join()
        self.book.take_in(load)
        return not self.server.is_dead(QUIET_S)

    def check(self):
        """After a turn: the directory as it was left, then the book in a server that stays."""
        self.book.verify_copy()
        require(self.server.start_until(None), "the server did not start")
        self.book.check_whole(10 * AGAIN_MAX)
        self.server.stop(signal.SIGKILL)


def run(seed, rounds, deadline):
    rng = random.Random(seed)
    plan = [(point, style) for point in points() for style in STYLES]
    done = 0
    with CrashServer() as server:
        book = Book(server, rng)
        book.set_up()
        server.stop(signal.SIGKILL)
        turns = Turns(server, book, rng)
        for _ in range(rounds):
            for point, style in rng.sample(plan, len(plan)):
                if done >= len(plan) and time.monotonic() > deadline:
                    break  # not before each step had its turns, however slow the build is
                turns.turn(point, style)
                done += 1
                if done % CHECK_TURNS == 0:
                    turns.check()
        server.start_until(None)
        book.check_before_end()
    for point in points():
        print(f"{point:20} {turns.kills[point]:4} kills")
    never = [point for point in points() if turns.kills[point] == 0]
    require(not never, "the server never died at", ", ".join(never))
    return f"{turns.kills.total()} kills in {done} turns, {len(book.owners)} entries, " \
           f"{book.resent} requests sent again without an answer, {book.durable} of them were " \
           f"durable, {book.settled} times in order"


if __name__ == "__main__":
    sys.exit(run_seeded(run, rounds=3))
