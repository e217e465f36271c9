# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The queues of the books on one database, event by event. A part of scale_simulation.py.

A book has some servers; entries come to them by chance, one by one and in sheets. A server with
something waiting asks for its book's turn, with all of it as one group, and what comes until it has
that goes along, up to the size of a group; turns are given in the order of asking. A turn: a round
trip that locks and shows what others wrote; the server applies that and decides its own; the
database works (some processors for all books, in order of coming) and flushes its log (one flush at a time; what comes meanwhile shares the next); the standby has
it; the turn ends; half a round trip later the entries are answered. While the database is away no
turn is given, and one that is under way then comes to nothing: its group asks again afterwards.
"""
import collections
import dataclasses
import heapq
import random

GROUP_ENTRIES_MAX = 8190  # of lovebankd: group-commands-max

Result = collections.namedtuple(
    "Result", "offered arrived answered answered_away p50_ms p99_ms wait_mean_ms group_mean after_s busy")


@dataclasses.dataclass
class Server:
    waiting: list = dataclasses.field(default_factory=list)  # (when, entries) not yet in a group
    group: list = dataclasses.field(default_factory=list)    # those under way
    known: int = 0                                           # entries of the book that it has seen
    is_asking: bool = False
    is_again: bool = False  # its group came to nothing once, and asks again as it is


@dataclasses.dataclass
class Book:
    index: int
    servers: list
    asking: collections.deque = dataclasses.field(default_factory=collections.deque)
    entries: int = 0
    holder: object = None  # the server whose turn it is
    since: float = 0.0     # when it began


class Database:
    """Events are (time in s, order, function, arguments)."""

    def __init__(self, model, book_count, group_max=GROUP_ENTRIES_MAX):
        self.model, self.group_max = model, group_max
        self.events, self.order = [], 0
        self.books = [Book(index, [Server() for _ in range(int(model.servers_a_book))])
                      for index in range(book_count)]
        self.cores = [0.0] * int(model.database_cores)
        self.flush_waits, self.is_flushing = [], False
        self.latencies, self.waits, self.groups = [], [], []
        self.busy = {"turn": 0.0, "processor": 0.0, "flush": 0.0}
        self.turn_busy = [0.0] * book_count
        self.arrived = self.answered = 0
        self.outage = (0.0, 0.0)  # from, until: the database is away
        self.answered_away = 0    # meanwhile
        self.last = 0.0           # answer

    def at(self, time, function, *arguments):
        self.order += 1
        heapq.heappush(self.events, (time, self.order, function, arguments))

    def run(self, end):
        while self.events and self.events[0][0] <= end:
            time, _order, function, arguments = heapq.heappop(self.events)
            function(time, *arguments)

    def arrive(self, time, book, server, entries):
        self.arrived += entries
        server.waiting.append((time, entries))
        self.ask(time, book, server)

    def ask(self, time, book, server):
        if server.waiting and not server.is_asking:
            server.is_asking, server.is_again = True, False
            server.group = []
            self.take(server)
            self.at(time + self.model.round_trip_ms / 2000, self.queue_for_turn, book, server)

    def take(self, server):
        """The first one whatever its size."""
        size, count = sum(entries for _when, entries in server.group), 0
        for _when, entries in server.waiting:
            if (server.group or count) and size + entries > self.group_max:
                break
            size, count = size + entries, count + 1
        server.group += server.waiting[:count]
        server.waiting = server.waiting[count:]

    def queue_for_turn(self, time, book, server):
        book.asking.append(server)
        self.give_turn(time, book)

    def give_turn(self, time, book):
        if self.outage[0] <= time < self.outage[1]:
            self.at(self.outage[1], self.give_turn, book)
        elif book.holder is None and book.asking:
            server = book.holder = book.asking.popleft()
            book.since = time
            if not server.is_again:
                self.take(server)
            own = sum(entries for _when, entries in server.group)
            self.waits += [time - when for when, _entries in server.group]
            unseen = book.entries - server.known
            think = (unseen * self.model.apply_us + own * self.model.decide_us) / 1e6
            self.groups.append(own)
            self.at(time + self.model.round_trip_ms / 1000 + think, self.work, book, server, own)

    def work(self, time, book, server, own):
        core = min(range(len(self.cores)), key=self.cores.__getitem__)
        took = (self.model.database_group_us + own * self.model.database_entry_us) / 1e6
        self.cores[core] = max(self.cores[core], time) + took
        self.busy["processor"] += took
        self.at(self.cores[core], self.flush, book, server, own)

    def flush(self, time, book, server, own):
        self.flush_waits.append((book, server, own))
        if not self.is_flushing:
            self.begin_flush(time)

    def begin_flush(self, time):
        waits, self.flush_waits = self.flush_waits, []
        self.is_flushing = bool(waits)
        if waits:
            self.busy["flush"] += self.model.flush_ms / 1000
            self.at(time + self.model.flush_ms / 1000, self.flushed, waits)

    def flushed(self, time, waits):
        for book, server, own in waits:
            self.at(time + self.model.standby_ms / 1000, self.end_turn, book, server, own)
        self.begin_flush(time)

    def end_turn(self, time, book, server, own):
        self.turn_busy[book.index] += time - book.since
        book.holder = None
        if book.since < self.outage[0] <= time:
            server.is_again = True
            self.at(max(time, self.outage[1]), self.queue_for_turn, book, server)
        else:
            book.entries += own
            server.known = book.entries
            self.at(time + self.model.round_trip_ms / 2000, self.answer, book, server)
        self.give_turn(time, book)

    def answer(self, time, book, server):
        for when, entries in server.group:
            self.latencies.append(time - when)
            self.answered += entries
            # What was committed just before is answered half a round trip later.
            if self.outage[0] + self.model.round_trip_ms / 1000 < time < self.outage[1]:
                self.answered_away += entries
        self.last = time
        server.is_asking = False
        self.ask(time, book, server)


def make_arrivals(database, rates, seconds, seed, sheet_share, sheet_rows):
    """Entries one by one and sheets, each by chance, at either server of a book."""
    chance = random.Random(seed)
    for book, rate in zip(database.books, rates):
        for share, rows in ((1 - sheet_share, 1), (sheet_share, int(sheet_rows))):
            time, a_second = 0.0, rate * share / rows
            while a_second > 0 and (time := time + chance.expovariate(a_second)) < seconds:
                database.at(time, database.arrive, book, chance.choice(book.servers), rows)


def percentile(ordered, part):
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def measure(database, rates, seconds):
    ordered = sorted(database.latencies)
    busy = {"turn": max(database.turn_busy) / seconds,
            "processor": database.busy["processor"] / seconds / len(database.cores),
            "flush": database.busy["flush"] / seconds}
    busy = {part: min(1.0, share) for part, share in busy.items()}
    return Result(sum(rates), database.arrived, database.answered, database.answered_away,
                  1000 * percentile(ordered, 0.5), 1000 * percentile(ordered, 0.99),
                  1000 * sum(database.waits) / max(1, len(database.waits)),
                  sum(database.groups) / max(1, len(database.groups)),
                  max(0.0, database.last - seconds), busy)


def play(model, rates, seconds, seed, outage=(0.0, 0.0)):
    """Books with so many entries a second each; what came in is answered to the end, within bounds."""
    database = Database(model, len(rates))
    database.outage = outage
    make_arrivals(database, rates, seconds, seed, model.sheet_share, model.sheet_rows)
    database.run(4 * seconds)
    return measure(database, rates, seconds)


class Plain:
    """One server, one entry a group, a turn of exactly 1 ms."""
    servers_a_book = database_cores = 1
    round_trip_ms = standby_ms = 0
    decide_us = apply_us = database_group_us = database_entry_us = 0
    flush_ms = 1.0


def check_against_theory(require):
    """Without groups it is a queue of which the mean wait is known: M/D/1."""
    for load in (0.5, 0.8):
        database = Database(Plain, 1, group_max=1)
        make_arrivals(database, [1000 * load], 60, 7, 0, 1)
        database.run(120)
        wait_ms = measure(database, [1000 * load], 60).wait_mean_ms
        theory_ms = load / (2 * (1 - load))
        require(abs(wait_ms / theory_ms - 1) < 0.1,
                f"M/D/1 at {load}: waits {wait_ms:.3f} ms, theory {theory_ms:.3f} ms")
        require(database.answered == database.arrived, "an entry was lost")


def check_outage(require, model, seed):
    """While the database is away nothing is answered, and nothing is lost by it."""
    result = play(model, [2000.0, 200.0], 4, seed, (1.0, 3.0))
    require(result.answered == result.arrived, "an entry was lost while the database was away")
    require(result.answered_away == 0, "an entry was answered while the database was away")
