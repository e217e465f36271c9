#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A group takes two round trips to the database, whatever it holds: docs/ARCHITECTURE.md, "The turn".
Between server and database is a proxy that reads what is sent, and holds the answers back until a
round trip is sent as a whole: a server that waited for one halfway would wait for ever. So what is
counted does not depend on time.
"""

import contextlib
import shutil
import socket
import struct
import tempfile
import threading
import time
import unittest
from pathlib import Path

from postgres_testing import PATIENCE_S, Database, Shared

from lovebank_testing import command, message

# What is sent in one go: the names of the prepared statements.
TURN = ("begin", "lock_head", "read_chain", "read_groups")
PUT = ("put_group", "move_head", "settings", "commit", "settings")
PROOF = ("prove", "settings", "commit", "settings")
LOOK = ("read_head", "read_chain", "read_groups")  # what others wrote; belongs to no group
LOOK_S = 0.2  # between two of them
SYNCS_STEPWISE = len(PUT)  # of a group that does not go out in one piece: postgres/src/write.c
SOCKET_NAME = ".s.PGSQL.5432"


class Trip:
    """One connection's client: what it sends until the answers to that may come back."""

    def __init__(self, done):
        self.done = done  # done(names, syncs) is told of each
        self.data = b""
        self.is_greeting = True  # its first message has no type
        self.names, self.syncs = (), 0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def take(self, data):
        """Bytes of the client, before the database has them."""
        self.data += data
        while len(self.data) >= 5:
            head = 0 if self.is_greeting else 1
            size = head + struct.unpack_from(">I", self.data, head)[0]
            if len(self.data) < size:
                return
            if not self.is_greeting:
                self.take_message(self.data[:1], self.data[5:size])
            self.is_greeting = False
            self.data = self.data[size:]

    def take_message(self, kind, body):
        if kind == b"B":  # Bind: portal, statement, values
            self.names += (body.split(b"\0", 2)[1].decode(),)
            self.may_answer.clear()
        elif kind == b"S" and self.names:
            self.syncs += 1
            if not any(self.names == trip[:len(self.names)] != trip for trip in (TURN, PUT, PROOF)):
                self.end()

    def end(self):
        if self.names:
            self.done(self.names, self.syncs)
        self.names, self.syncs = (), 0
        self.may_answer.set()


class Proxy:
    """A with-block: connections to `url` go to the database's socket in that directory."""

    def __init__(self, directory):
        self.target = str(directory / SOCKET_NAME)
        self.trips = []
        self.threads = []
        self.sockets = []

    def __enter__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="lovebank-test-"))
        self.url = f"postgres://lovebank@/postgres?host={str(self.dir).replace('/', '%2F')}"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.dir / SOCKET_NAME))
        self.listener.listen()
        self.run(self.accept)
        return self

    def __exit__(self, *_):
        for each in (self.listener, *self.sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # who waits in it goes on, and ends
        for thread in self.threads:
            thread.join(PATIENCE_S)
        for each in (self.listener, *self.sockets):
            each.close()
        shutil.rmtree(self.dir)

    def run(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            self.sockets += [client, server]
            server.connect(self.target)
            trip = Trip(lambda names, syncs: self.trips.append((names, syncs)))
            self.run(self.pump, client, server, trip.take, trip.end)
            self.run(self.pump, server, client, lambda _, trip=trip: trip.may_answer.wait())

    @staticmethod
    def pump(source, target, take, end=lambda: None):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                take(data)
                target.sendall(data)
        end()
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def registry():
    start = {"on": "2016-01-01"}
    yield command(10, (1, 1), (3, 2), (4, "street"), **start)
    yield command(13, (1, 1), (2, "category"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **start)
    yield command(20, (1, 1), (2, 1), (5, message((1, "member 1"))), **start)


def minutes(count):
    """So many services of one minute."""
    return [command(31, (1, message((1, 1))), (2, 1), (3, 1),
                    on=f"2016-{turn // 28 % 12 + 1:02}-{turn % 28 + 1:02}")
            for turn in range(count)]


class RoundTrips(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(Database())
        self.assertEqual(self.database.migrate().returncode, 0)
        self.proxy = self.enterContext(Proxy(self.database.socket_dir))
        server = self.enterContext(Shared(self.database, url=self.proxy.url))
        self.connection = self.enterContext(server.connect())
        self.connection.do(*registry())

    def trips_of(self, *writes):
        """What was sent to the database for these, one after the other has its answer; each a list
        of commands."""
        begun, at = time.monotonic(), len(self.proxy.trips)
        for commands in writes:
            self.connection.do(*commands)
        trips = self.proxy.trips[at:]
        looks = sum(names == LOOK for names, _ in trips)
        self.assertLessEqual(looks, (time.monotonic() - begun) / LOOK_S + 1)  # none is a write's
        return [trip for trip in trips if trip[0] != LOOK]

    def groups(self):
        return int(self.database.sql("SELECT group_number FROM lovebank_book")[0])

    def test_a_command_is_a_turn_and_a_commit(self):
        before = self.groups()
        trips = self.trips_of(*([each] for each in minutes(20)))
        self.assertEqual(self.groups(), before + 20)
        self.assertEqual(trips, [(TURN, 1), (PUT, 1)] * 20)

    def test_a_thousand_commands_at_once_are_no_more(self):
        for count, syncs in ((1, 1), (10, 1), (1000, SYNCS_STEPWISE), (5000, SYNCS_STEPWISE)):
            with self.subTest(count=count):
                before = self.groups()
                trips = self.trips_of(minutes(count))
                self.assertEqual(self.groups(), before + 1)
                self.assertEqual(trips, [(TURN, 1), (PUT, syncs)])

    def test_what_changes_nothing_is_proven_in_two_as_well(self):
        """A request that is known is answered from what is there; nobody knows yet that it is
        durable."""
        once = minutes(1)
        self.trips_of(once)
        before = self.groups()
        self.assertEqual(self.trips_of(once), [(TURN, 1), (PROOF, 1)])
        self.assertEqual(self.groups(), before)


if __name__ == "__main__":
    unittest.main()
