# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Gifts between books, played through over a network that loses, doubles and delays messages.

A part of scale_simulation.py. The design is in docs/scale.md; no part of the server does this.

A gift is an entry in the giver's book (member to the clearing account with the other book) and, linked
to it, one in the receiver's book (that book's clearing account with the first, to the member). A
carrier for each pair and direction reads the first book's log from a mark on and sends what it
finds under an id made of book and entry number, until it is answered. A refusal is answered too;
then an entry in the first book, under an id made of the refusal, gives the points back. A carrier
that dies loses its memory, not the mark that it wrote down; it writes marks down now and then.
"""
import dataclasses
import random

BOOKS = 12
MEMBERS = 50
GIFTS = 6000
POINTS_AT_FIRST = 10_000
LOSS = 0.25
DOUBLING = 0.1
DELAY_MAX = 40
DEATH = 0.002
REFUSAL = 0.03
LOOK_EVERY = 10


@dataclasses.dataclass
class Outcome:
    gifts: int = 0
    returned: int = 0
    sent: int = 0
    lost: int = 0
    doubled: int = 0
    restarts: int = 0
    replays: int = 0
    looks: int = 0
    missing: int = 0
    pairs: int = 0
    pairs_open: int = 0
    unsettled: int = 0


class Book:
    """Balances, clearing accounts by the other book, the log, and what each id led to."""

    def __init__(self, number, by_id):
        self.number, self.by_id = number, by_id
        self.members = [POINTS_AT_FIRST] * MEMBERS
        self.clearing = [0] * BOOKS
        self.log = []
        self.answers = {}

    def record(self, request, other, member, points, act, outcome):
        """act: give, take or back. The answer: (was it done, number of the entry)."""
        if self.by_id and request in self.answers:
            outcome.replays += 1
            return self.answers[request]
        is_done = act != "take" or member % MEMBERS >= REFUSAL * MEMBERS
        if is_done:
            sign = -1 if act == "give" else 1
            self.members[member] += sign * points
            self.clearing[other] -= sign * points
        self.log.append((request, other, member, points, act, is_done))
        self.answers[request] = (is_done, len(self.log) - 1)
        return self.answers[request]


class Carrier:
    """From one book to another: sends, and sends again what was not answered."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.mark = 0       # written down: all before it is settled
        self.settled = set()
        self.asked = {}     # entry number: when it was sent last

    def die(self):
        self.settled, self.asked = set(), {}

    def due(self, now):
        for number in range(self.mark, len(self.source.log)):
            _request, other, _member, _points, act, _done = self.source.log[number]
            if act != "give" or other != self.target.number:
                self.settled.add(number)
            if number not in self.settled and now - self.asked.get(number, -DELAY_MAX) >= DELAY_MAX:
                self.asked[number] = now
                yield number

    def write_mark(self):
        while self.mark in self.settled:
            self.settled.discard(self.mark)
            self.mark += 1


class World:
    def __init__(self, seed, by_id):
        self.chance = random.Random(seed)
        self.outcome = Outcome()
        self.books = [Book(number, by_id) for number in range(BOOKS)]
        self.carriers = [Carrier(source, target) for source in self.books for target in self.books
                         if source is not target]
        self.messages = {}  # by the moment they come in
        self.now = 0

    def send(self, deliver, *arguments):
        self.outcome.sent += 1
        copies = 1
        if self.chance.random() < LOSS:
            self.outcome.lost += 1
            copies = 0
        elif self.chance.random() < DOUBLING:
            self.outcome.doubled += 1
            copies = 2
        for _ in range(copies):
            when = self.now + self.chance.randint(1, DELAY_MAX)
            self.messages.setdefault(when, []).append((deliver, arguments))

    def give(self):
        source, target = self.chance.sample(self.books, 2)
        member, points = self.chance.randrange(MEMBERS), self.chance.randint(1, 20)
        if source.members[member] >= points:
            request = ("gift", self.outcome.gifts)
            source.record(request, target.number, member, points, "give", self.outcome)
            self.outcome.gifts += 1

    def come_in(self, carrier, number):
        """The message reaches the other book, which answers."""
        _request, _other, member, points, _act, _done = carrier.source.log[number]
        request = ("of", carrier.source.number, number)
        answer = carrier.target.record(request, carrier.source.number, member, points, "take",
                                       self.outcome)
        self.send(self.answer, carrier, number, answer)

    def answer(self, carrier, number, answer):
        is_done, entry = answer
        if not is_done:
            _request, other, member, points, _act, _done = carrier.source.log[number]
            request = ("back", carrier.target.number, entry)
            carrier.source.record(request, other, member, points, "back", self.outcome)
        if number >= carrier.mark:
            carrier.settled.add(number)

    def look(self):
        """Points of all members and clearing accounts are as many as at first."""
        self.outcome.looks += 1
        there = sum(sum(book.members) + sum(book.clearing) for book in self.books)
        self.outcome.missing += there != BOOKS * MEMBERS * POINTS_AT_FIRST

    def step(self):
        self.now += 1
        for deliver, arguments in self.messages.pop(self.now, ()):
            deliver(*arguments)
        for carrier in self.carriers:
            if self.chance.random() < DEATH:
                self.outcome.restarts += 1
                carrier.die()
            for number in carrier.due(self.now):
                self.send(self.come_in, carrier, number)
            if self.now % LOOK_EVERY == 0:
                carrier.write_mark()
        if self.now % LOOK_EVERY == 0:
            self.look()

    def is_quiet(self):
        return not self.messages and all(carrier.mark == len(carrier.source.log)
                                         for carrier in self.carriers)

    def count_unsettled(self):
        """Gifts whose points came in not exactly once, at the receiver or back at the giver."""
        ends = {}
        for book in self.books:
            for request, other, _member, _points, act, is_done in book.log:
                if act == "take" and is_done:
                    ends[request[1:]] = ends.get(request[1:], 0) + 1
                elif act == "back":
                    number = self.books[other].log[request[2]][0][1:]
                    ends[number] = ends.get(number, 0) + 1
                    self.outcome.returned += 1
        gifts = [(book.number, number) for book in self.books
                 for number, entry in enumerate(book.log) if entry[4] == "give"]
        return sum(ends.get(gift, 0) != 1 for gift in gifts)


def play(seed, by_id=True):
    """by_id=False: books that know no ids, to show that the check would see it."""
    world = World(seed, by_id)
    while world.outcome.gifts < GIFTS or not world.is_quiet():
        for _ in range(8 if world.outcome.gifts < GIFTS else 0):
            world.give()
        world.step()
        if world.now > 50_000:
            raise SystemExit("scale_gifts: the gifts do not come to rest")
    world.look()
    outcome = world.outcome
    for left in range(BOOKS):
        for right in range(left):
            outcome.pairs += 1
            both = world.books[left].clearing[right] + world.books[right].clearing[left]
            outcome.pairs_open += both != 0
    outcome.unsettled = world.count_unsettled()
    return outcome
