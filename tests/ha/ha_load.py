# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Clients that never stop: each sends a request under an id of its own until it is acknowledged, to one
server or the other, always under the same id; and now and then one again that was acknowledged, whose
answer must be the same. They remember when each was.
"""

import collections
import random
import threading
import time

from ha_cluster import Failure, require

CLIENTS = 6
AGAIN = 0.1          # of all: acknowledged before
PAUSE_S = 0.01       # between two of one client: the faults are the matter, not the speed
PAUSE_AFTER_FAILURE_S = 0.5
AWAY_S = 10          # a client stays away from a server that failed it


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
        try:
            if name not in self.connections:
                self.connections[name] = self.servers[name].connect()
            found = self.connections[name].record(entry_id)
        except (OSError, EOFError):
            found = None
            if name in self.connections:
                self.connections.pop(name).close()
        if found is None:
            self.away_until[name] = time.monotonic() + AWAY_S
        return found


class Load:
    def __init__(self, fleet, rng):
        self.servers = fleet.servers
        self.rng = random.Random(rng.random())
        self.lock = threading.Lock()
        self.acked = {}                              # {id: number}
        self.sample = collections.deque(maxlen=2000)  # the newest of them
        self.times = {name: [] for name in self.servers}   # of new acknowledgments, by server
        self.all_times = []
        self.resent = self.replayed = 0
        self.failures = []
        self.ended = threading.Event()
        homes = sorted(self.servers)
        self.threads = [threading.Thread(
            target=self.client, args=(homes[each % len(homes)], random.Random(rng.random())),
            daemon=True) for each in range(CLIENTS)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        """Each ends with its request acknowledged."""
        self.ended.set()
        for thread in self.threads:
            thread.join(120)
            require(not thread.is_alive(), "a request was not acknowledged within two minutes")
        self.check()

    def check(self):
        if self.failures:
            raise self.failures[0]

    def client(self, home, rng):
        try:
            client = Client(self.servers, home, rng)
            while not self.ended.is_set():
                self.one_request(client, rng)
                self.ended.wait(PAUSE_S)
        except (Failure, AssertionError, ValueError) as failure:
            self.failures.append(failure)

    def one_request(self, client, rng):
        entry_id, number = rng.getrandbits(128).to_bytes(16, "big"), None
        with self.lock:
            if self.sample and rng.random() < AGAIN:
                entry_id, number = rng.choice(self.sample)
        found = None
        while found is None:
            name = client.choose()
            found = client.ask(name, entry_id)
            if found is None:
                self.resent += 1
                threading.Event().wait(rng.random() * PAUSE_AFTER_FAILURE_S)
        self.take(name, entry_id, number, found)

    def take(self, name, entry_id, number, found):
        now = time.monotonic()
        with self.lock:
            if number is not None:
                self.replayed += 1
                require(found == number, f"entry {number} is now {found}")
                return
            self.acked[entry_id] = found
            self.times[name].append(now)
            self.all_times.append(now)
            self.sample.append((entry_id, found))

    def count(self):
        with self.lock:
            return len(self.acked)

    def acknowledged_since(self, moment):
        with self.lock:
            return bool(self.all_times) and self.all_times[-1] > moment

    def outage(self, start, end, name=None):
        """The longest time without an acknowledgment, by one server or any."""
        with self.lock:
            times = self.times[name] if name else self.all_times
            within = [start, *(each for each in times if start <= each <= end), end]
        return max(after - before for before, after in zip(within, within[1:]))
