# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Clients that never stop: each sends a request under an id of its own until it is acknowledged, to one
server or the other, always under the same id; and now and then one again that was acknowledged, whose
answer must be the same. Two of them stay with one server each, so that it is known of either when it
accepts. Beside them one reader a server. They remember when each was answered.
"""

import collections
import random
import threading
import time

from ha_cluster import require

CLIENTS = 6          # that may choose their server
AGAIN = 0.1          # of all: acknowledged before
PAUSE_S = 0.01       # between two of one client: the faults are the matter, not the speed
PAUSE_AFTER_FAILURE_S = 0.5
AWAY_S = 10          # a client stays away from a server that failed it
READ_PAUSE_S = 0.2
STOP_S = 120         # until what is under way is acknowledged, when nothing is wrong any more
MANY = 500           # so many requests, and none sent again by chance: not in this world

# When a request was acknowledged, when it was first sent, and the server that answered.
Acknowledgment = collections.namedtuple("Acknowledgment", "time sent server")


class Client:
    """Has a server that it prefers, and goes to another when that does not answer."""

    def __init__(self, servers, home, rng):
        self.servers, self.home, self.rng = servers, home, rng
        self.connections = {}
        self.away_until = dict.fromkeys(servers, 0)

    def choose(self):
        """Home if that is well; otherwise the one that failed longest ago."""
        if self.away_until[self.home] <= time.monotonic():
            return self.home
        return min(self.servers, key=self.away_until.get)

    def ask(self, name, entry_id):
        """The entry's number; None: not known whether it was recorded."""
        found = self.call(name, lambda connection: connection.record(entry_id))
        if found is None:
            self.away_until[name] = time.monotonic() + AWAY_S
        return found

    def call(self, name, what):
        """What a connection answers; None: it is gone, or says nothing."""
        try:
            if name not in self.connections:
                self.connections[name] = self.servers[name].connect()
            return what(self.connections[name])
        except (OSError, EOFError):
            if name in self.connections:
                self.connections.pop(name).close()
            return None


class Load:
    def __init__(self, fleet, rng):
        self.servers = fleet.servers
        self.rng = random.Random(rng.random())
        self.lock = threading.Lock()
        self.acked = {}                               # {id: number}
        self.sample = collections.deque(maxlen=2000)  # the newest of them
        self.acks = []                                # Acknowledgments of new requests, by time
        self.reads = {name: [] for name in self.servers}   # when a reader was answered
        self.resent = self.replayed = 0
        self.failures = []
        self.ended = threading.Event()
        self.threads = []
        homes = sorted(self.servers)
        for each in range(CLIENTS):
            self.add(self.client, self.servers, homes[each % len(homes)], random.Random(rng.random()))
        for home in homes:
            self.add(self.client, {home: self.servers[home]}, home, random.Random(rng.random()))
            if fleet.has_reads:
                self.add(self.reader, home)

    def add(self, work, *arguments):
        """Whatever ends a thread before its time is a failure of the test."""
        def run():
            try:
                work(*arguments)
            except Exception as failure:
                self.failures.append(failure)

        self.threads.append(threading.Thread(target=run, daemon=True))
        return self.threads[-1]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        """Each ends with its request acknowledged: nothing is under way afterwards."""
        self.ended.set()
        end = time.monotonic() + STOP_S
        for thread in self.threads:
            thread.join(max(0, end - time.monotonic()))
            require(not thread.is_alive(), f"a request was not acknowledged within {STOP_S} s")
        self.check()

    def check(self):
        if self.failures:
            raise self.failures[0]

    def check_repeated(self, was_silent):
        """That repeated requests were tried at all. `was_silent`: for longer than clients wait."""
        require(self.replayed > 0 or len(self.acked) < MANY, "no request was sent again after its answer")
        require(self.resent > 0 or not was_silent, "no request was sent again for want of an answer")

    def client(self, servers, home, rng):
        client = Client(servers, home, rng)
        while not self.ended.is_set():
            self.one_request(client, rng)
            self.ended.wait(PAUSE_S)

    def reader(self, name):
        client = Client({name: self.servers[name]}, name, None)
        while not self.ended.is_set():
            if client.call(name, lambda connection: connection.read()):
                with self.lock:
                    self.reads[name].append(time.monotonic())
            self.ended.wait(READ_PAUSE_S)

    def one_request(self, client, rng):
        entry_id, number = rng.getrandbits(128).to_bytes(16, "big"), None
        with self.lock:
            if self.sample and rng.random() < AGAIN:
                entry_id, number = rng.choice(self.sample)
        sent, found = time.monotonic(), None
        while found is None:
            name = client.choose()
            found = client.ask(name, entry_id)
            if found is None:
                self.count_resent()
                threading.Event().wait(rng.random() * PAUSE_AFTER_FAILURE_S)
        self.take(name, entry_id, sent, number, found)

    def count_resent(self):
        with self.lock:
            self.resent += 1

    def take(self, name, entry_id, sent, number, found):
        now = time.monotonic()
        with self.lock:
            if number is not None:
                self.replayed += 1
                require(found == number, f"LOST or doubled: entry {number} is now {found}")
                return
            self.acked[entry_id] = found
            self.acks.append(Acknowledgment(now, sent, name))
            self.sample.append((entry_id, found))

    def add_batch(self, name, size):
        """As many requests in one message to one server, sent again until all are acknowledged."""
        ids = [self.rng.getrandbits(128).to_bytes(16, "big") for _ in range(size)]

        def send():
            client = Client({name: self.servers[name]}, name, None)
            sent, numbers = time.monotonic(), None
            while not numbers or None in numbers:
                if numbers is not None:
                    self.count_resent()
                numbers = client.call(name, lambda connection: connection.record_all(ids)) or []
            for entry_id, number in zip(ids, numbers, strict=True):
                self.take(name, entry_id, sent, None, number)

        self.add(send).start()

    def count(self):
        with self.lock:
            return len(self.acked)

    def has_accepted_since(self, moment, name=None):
        """Whether a request first sent after that moment was acknowledged, by one server or any."""
        with self.lock:
            for ack in reversed(self.acks):
                if ack.time < moment:
                    return False
                if ack.sent >= moment and name in (None, ack.server):
                    return True
        return False

    def outage(self, start, end, name=None):
        """The longest time without an acknowledgment, by one server or any."""
        with self.lock:
            times = [ack.time for ack in self.acks if name in (None, ack.server)]
        return longest_gap(times, start, end)

    def silence(self, start, end, name):
        """The longest time in which a server answered no read."""
        with self.lock:
            times = list(self.reads[name])
        return longest_gap(times, start, end)


def longest_gap(times, start, end):
    within = [start, *(each for each in times if start <= each <= end), end]
    return max(after - before for before, after in zip(within, within[1:]))
