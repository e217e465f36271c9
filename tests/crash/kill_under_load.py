#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
kill -9 under load. Each round, some clients write to lovebankd (single commands, pipelined, in
batches, all or nothing) until it is killed at a random moment; it is started again, and all that
had no answer is sent again, with some of what had. Then:

  nothing acknowledged is missing     a known id gives its first answer again, entry number and all
  nothing is doubled, nothing is lost the entries of all answers are 1, 2, 3 … to the newest, each
                                      of one request
  what was refused stays refused      a recorded refusal is replayed like any answer
  the book is whole                   verify, online and offline on a copy

  LOVEBANK_SEED=n     that seed; without it a random one, which is printed
  LOVEBANK_ROUNDS=n   so many rounds (50)
  LOVEBANK_SECONDS=n  no new round after so many seconds (600)
"""

import os
import random
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from lovebank_testing import (PATIENCE_S, RESULTS, SERVER, STATUS, WRITE, Message,  # noqa: E402
                              Server, command, message)

ORG_OPEN, TARIFF_SET, ITEM_SET, COUNTER_OPEN = 10, 13, 14, 15
REGISTER, STOCK, RECORD, REDEEM, ASK, GIVE, RELEASE, REVERSE = 20, 30, 31, 32, 33, 34, 35, 36

CLIENTS = 4
MEMBERS = 40
ANSWERS_MAX = 400  # of a round, before the kill
AGAIN_MAX = 300    # answered requests sent again in a round
RETRYABLE = {RESULTS["try_later"], RESULTS["storage_full"], RESULTS["shutting_down"]}
REPLAYED = 12
REVERSED_BY = 15   # of a replay: it may have been reversed since the answer before
TEXT = 6           # of a first answer only: not stored


class Failure(AssertionError):
    pass


def require(condition, *what):
    if not condition:
        raise Failure(" ".join(map(str, what)))


class Request:
    """A write request as it was sent, and its answer."""

    def __init__(self, commands, batch_id=None):
        self.payload = message(*((1, each) for each in commands), (3, batch_id is not None),
                               (4, batch_id))
        self.count = len(commands)
        self.is_whole = batch_id is not None
        self.answer = None  # one dict of fields for each command

    @staticmethod
    def read(payload):
        """The answers in the payload of a reply; None: not now, the ids are unused."""
        response = Message(payload)
        if response.number(1) in RETRYABLE:
            return None
        require(response.number(1) == 0, "the request was answered with", response.number(1))
        return response.messages(6)

    def is_kept(self):
        """Whether every part of the answer must be the same for ever."""
        if self.is_whole:  # a whole of which a line was refused without a record can be tried again
            return all(result.number(2) for result in self.answer)
        return any(result.number(2) for result in self.answer)

    def compare(self, results):
        require(len(results) == len(self.answer), "another number of results")
        for was, now in zip(self.answer, results):
            if was.number(2) == 0:  # not recorded: the id is unused, it may be done now
                continue
            require(now.number(REPLAYED) == 1, "entry", was.number(2), "is not a replay:", now)
            require(was.number(REVERSED_BY) in (0, now.number(REVERSED_BY)),
                    "entry", was.number(2), "is no longer reversed:", now)
            strip = (REPLAYED, TEXT, REVERSED_BY)
            require({key: value for key, value in was.items() if key not in strip} ==
                    {key: value for key, value in now.items() if key not in strip},
                    "entry", was.number(2), "was", dict(was), "and is", dict(now))


class Commands:
    """Random commands of one client; others never touch the entries it points to."""

    def __init__(self, rng):
        self.rng = rng
        self.ids = []   # of commands that may have made an entry
        self.asks = []

    def id(self):
        return self.rng.getrandbits(128).to_bytes(16, "big")

    def day(self):
        return f"{self.rng.randint(2020, 2024)}-{self.rng.randint(1, 12):02}-" \
               f"{self.rng.randint(1, 28):02}"

    def who(self):
        return message((1, self.rng.randint(1, MEMBERS)))

    def make(self):
        rng = self.rng
        kind = rng.random()
        made = self.id()
        if kind < 0.55 or not self.ids:
            self.ids.append(made)
            return command(RECORD, (1, self.who()), (2, 1), (3, rng.randint(5, 60)), on=self.day(),
                           id=made, memo="来自签到表" if rng.random() < 0.2 else None)
        if kind < 0.75:
            self.ids.append(made)
            lines = (message((1, 1), (2, rng.randint(1, 3))) for _ in range(rng.randint(1, 2)))
            return command(REDEEM, (1, self.who()), (2, 1), *((3, line) for line in lines),
                           on="2025-01-01", id=made)
        if kind < 0.85 or not self.asks:
            self.asks.append(made)
            return command(ASK, (1, self.who()), (2, 1), (3, 2), (4, 1), on="2025-01-01", id=made)
        if kind < 0.93:
            ask = message((2, rng.choice(self.asks)))
            if rng.random() < 0.5:
                return command(RELEASE, (1, ask), on="2025-01-02", id=made)
            return command(GIVE, (1, ask), (2, self.who()), (3, 1), (4, 30), on="2025-01-02",
                           id=made)
        target = rng.choice(self.ids + self.asks)
        return command(REVERSE, (1, message((2, target))), id=made, memo="记错了")

    def request(self):
        kind = self.rng.random()
        if kind < 0.6:
            return Request([self.make()])
        commands = [self.make() for _ in range(self.rng.randint(2, 30))]
        return Request(commands, self.id() if kind > 0.8 else None)


class Load:
    """Clients that write until the server is gone."""

    def __init__(self, server, makers, kill_after):
        self.server = server
        self.kill_after = kill_after
        self.lock = threading.Condition()
        self.answers = 0
        self.failure = None
        self.requests = []
        self.threads = [threading.Thread(target=self.run, args=(maker,)) for maker in makers]

    def run(self, maker):
        sent = {}
        try:
            with self.server.connect() as connection:
                while True:
                    window = maker.rng.randint(1, 8)
                    while len(sent) < window:
                        request = maker.request()
                        with self.lock:
                            self.requests.append(request)
                        # Known before it is sent: a broken pipe says nothing about its outcome.
                        sent[connection.next_id + 1] = request
                        connection.submit(WRITE, request.payload)
                    reply = connection.receive()
                    sent.pop(reply.request_id).answer = Request.read(reply.payload)
                    with self.lock:
                        self.answers += 1
                        self.lock.notify_all()
        except OSError as error:
            self.end(None if isinstance(error, ConnectionError) else error)
        except EOFError:
            self.end(None)
        except BaseException as error:  # pylint: disable=broad-except
            self.end(error)

    def end(self, failure):
        with self.lock:
            self.failure = self.failure or failure
            self.kill_after = 0
            self.lock.notify_all()

    def until_killed(self, rng):
        for thread in self.threads:
            thread.start()
        with self.lock:
            require(self.lock.wait_for(lambda: self.answers >= self.kill_after, PATIENCE_S),
                    "no answers")
        # Anywhere in the next group or two, not only behind an answer.
        threading.Event().wait(rng.random() * 0.004)
        self.server.stop(signal.SIGKILL)
        for thread in self.threads:
            thread.join(PATIENCE_S)
            require(not thread.is_alive(), "a client did not notice that the server is gone")
        if self.failure:
            raise self.failure


class Book:
    """All that was ever sent, and what must be true of it."""

    def __init__(self, server, rng):
        self.server = server
        self.rng = rng
        self.requests = []
        self.owners = {}  # entry -> the request that it answers
        self.makers = [Commands(random.Random(rng.getrandbits(64))) for _ in range(CLIENTS)]

    def own(self, request):
        """Each entry answers one request only."""
        for result in request.answer:
            entry = result.number(2)
            if entry:
                owner = self.owners.setdefault(entry, request)
                require(owner is request, "entry", entry, "answers two requests")

    def send(self, connection, requests):
        """Pipelined, some at a time; yields each request with its new answer."""
        for start in range(0, len(requests), 32):
            part = {}
            for request in requests[start:start + 32]:
                part[connection.submit(WRITE, request.payload)] = request
            while part:
                reply = connection.receive()
                yield part.pop(reply.request_id), Request.read(reply.payload)

    def set_up(self):
        day = "2020-01-01"
        first = [command(ORG_OPEN, (1, 1), (3, 2), (4, "街道"), on=day),
                 command(TARIFF_SET, (1, 1), (2, "家政"), (3, 100), (4, 1000), (5, 1), (6, 1),
                         (8, 1440), on=day),
                 command(ITEM_SET, (1, 1), (2, 1), (3, "大米"), (4, "袋"), (6, 40), on=day),
                 command(ITEM_SET, (1, 2), (2, 2), (3, "维修"), (4, "次"), (6, 60), on=day),
                 command(COUNTER_OPEN, (1, 1), (2, 1), (3, "超市"), on=day)]
        first += [command(REGISTER, (1, member), (2, 1), (5, message((1, f"志愿者{member}"))),
                          on=day) for member in range(1, MEMBERS + 1)]
        first += [command(STOCK, (1, 1), (2, "捐赠"), (3, message((1, 1), (2, 100000))), on=day)
                  for _ in range(10)]
        request = Request(first)
        with self.server.connect() as connection:
            for _, answer in self.send(connection, [request]):
                require(all(result.number(1) == 0 for result in answer), "set-up refused", answer)
                request.answer = answer
        self.own(request)
        self.requests.append(request)

    def round(self):
        """Requests answered before the kill, not answered, and of these already durable."""
        load = Load(self.server, self.makers, self.rng.randint(1, ANSWERS_MAX))
        load.until_killed(self.rng)
        self.server.start()
        unanswered = [request for request in load.requests if request.answer is None]
        answered = [request for request in load.requests if request.answer is not None]
        for request in answered:
            self.own(request)
        known = self.requests + answered
        again = self.rng.sample(known, min(len(known), AGAIN_MAX))
        done_before = 0
        with self.server.connect() as connection:
            for request, answer in self.send(connection, unanswered):
                require(answer is not None, "refused though nobody else writes")
                request.answer = answer
                self.own(request)
                done_before += any(result.number(REPLAYED) for result in answer)
            self.requests += load.requests
            self.check(connection, again)
        return len(answered), len(unanswered), done_before

    def check(self, connection, again):
        for request, answer in self.send(connection, [each for each in again if each.is_kept()]):
            require(answer is not None, "a replay has to wait")
            request.compare(answer)
            request.answer = answer  # what was not recorded then may be now
            self.own(request)
        newest = connection.ask(STATUS).number(2)
        require(len(self.owners) == newest and max(self.owners) == newest,
                "there are", newest, "entries, and answers name", len(self.owners), "of them")

    def check_all(self):
        with self.server.connect() as connection:
            self.check(connection, list(self.requests))
            answer = connection.verify()
            require(answer.number(5) == 1, "verify:", answer.text(6))

    def verify_copy(self):
        """Offline, of a copy made while no server runs."""
        copy = self.server.dir / "copy"
        shutil.copytree(self.server.data_dir, copy)
        done = self.server.run(str(SERVER), "verify", "--config", "", "--data-dir", str(copy),
                               "--key-file", str(self.server.key_file))
        shutil.rmtree(copy)
        require(done.returncode == 0, "offline verify:", done.stdout, done.stderr)


def run(seed, rounds, seconds):
    rng = random.Random(seed)
    begun = time.monotonic()
    done = 0
    totals = (0, 0, 0)
    with Server() as server:
        book = Book(server, rng)
        book.set_up()
        while done < rounds and time.monotonic() - begun < seconds:
            totals = tuple(map(sum, zip(totals, book.round())))
            done += 1
            if done % 10 == 0:
                book.check_all()
                server.stop(signal.SIGKILL)
                book.verify_copy()
                server.start()
        book.check_all()
        require(server.stop() == 0, "the server did not stop well")
        book.verify_copy()
    answered, unanswered, done_before = totals
    print(f"seed {seed}: {done} rounds, {len(book.owners)} entries, {answered} requests answered "
          f"before a kill, {unanswered} not ({done_before} of them were durable), "
          f"{time.monotonic() - begun:.0f} s")
    require(unanswered > 0, "no kill met a request in flight")


def main():
    seed = int(os.environ.get("LOVEBANK_SEED") or random.SystemRandom().getrandbits(32))
    print(f"seed {seed}", flush=True)
    try:
        run(seed, int(os.environ.get("LOVEBANK_ROUNDS") or 50),
            int(os.environ.get("LOVEBANK_SECONDS") or 600))
    except Failure as failure:
        print(f"seed {seed}: FAILED: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
