# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What the tests that kill the server share: clients that write until it is gone, and a book of all
that was ever sent, which says after each restart whether anything was lost or doubled:

  nothing acknowledged is missing     a known id gives its first answer again, entry number and all
  nothing is doubled, nothing is lost the entries of all answers are 1, 2, 3 … to the newest, each
                                      of one request
  what was refused stays refused      a recorded refusal is replayed like any answer
  the book is whole                   verify, online and offline on a copy
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from lovebank_testing import (PATIENCE_S, RESULTS, SERVER, STATUS, WRITE, Message,  # noqa: E402
                              Server, command, message)

ORG_OPEN, TARIFF_SET, ITEM_SET, COUNTER_OPEN = 10, 13, 14, 15
REGISTER, STOCK, RECORD, REDEEM, ASK, GIVE, RELEASE, REVERSE = 20, 30, 31, 32, 33, 34, 35, 36

# The book is verified by a server that can be another than the one under test: a bug of the fold
# would agree with itself.
VERIFIER = Path(os.environ.get("LOVEBANK_VERIFIER", SERVER))

CLIENTS = 4
MEMBERS = 40
RETRYABLE = {RESULTS["try_later"], RESULTS["storage_full"], RESULTS["shutting_down"]}
REPLAYED = 12
REVERSED_BY = 15   # of a replay: it may have been reversed since the answer before
TEXT = 6           # of a first answer only: not stored
SINGLE, PIPELINED, BATCH, MIXED = STYLES = ("single", "pipelined", "batch", "mixed")


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

    def request(self, style):
        kind = self.rng.random()
        if style in (SINGLE, PIPELINED) or style == MIXED and kind < 0.6:
            return Request([self.make()])
        commands = [self.make() for _ in range(self.rng.randint(2, 30))]
        return Request(commands, self.id() if kind > 0.8 or style == BATCH and kind > 0.5 else None)

    def window(self, style):
        """Requests in flight at most."""
        return {SINGLE: 1, PIPELINED: 16, BATCH: 3}.get(style) or self.rng.randint(1, 8)


class Load:
    """Clients that write until the server is gone or each has sent its share."""

    def __init__(self, server, makers, style, share):
        self.server = server
        self.style = style
        self.share = share
        self.lock = threading.Condition()
        self.answers = 0
        self.running = len(makers)
        self.failure = None
        self.requests = []
        self.threads = [threading.Thread(target=self.run, args=(maker,)) for maker in makers]

    def run(self, maker):
        failure = None
        try:
            with self.server.connect() as connection:
                self.write(connection, maker)
        except (ConnectionError, EOFError):
            pass
        except BaseException as error:  # pylint: disable=broad-except
            failure = error
        with self.lock:
            self.failure = self.failure or failure
            self.running -= 1
            self.lock.notify_all()

    def write(self, connection, maker):
        sent = {}
        left = self.share
        while left > 0 or sent:
            while left > 0 and len(sent) < maker.window(self.style):
                request = maker.request(self.style)
                with self.lock:
                    self.requests.append(request)
                # Known before it is sent: a broken pipe says nothing about its outcome.
                sent[connection.next_id + 1] = request
                connection.submit(WRITE, request.payload)
                left -= 1
            reply = connection.receive()
            sent.pop(reply.request_id).answer = Request.read(reply.payload)
            with self.lock:
                self.answers += 1
                self.lock.notify_all()

    def start(self):
        for thread in self.threads:
            thread.start()

    def wait_for_answers(self, count):
        with self.lock:
            require(self.lock.wait_for(lambda: self.answers >= count or self.running == 0,
                                       PATIENCE_S), "no answers")

    def join(self):
        for thread in self.threads:
            thread.join(PATIENCE_S)
            require(not thread.is_alive(), "a client did not notice that the server is gone")
        if self.failure:
            raise self.failure


class CrashServer(Server):
    """A server that may end itself at a step of its commit path (base/test_point.h), and makes
    checkpoints and journal files more often than others."""

    kill_at = None  # where it ends itself
    died_at = None  # where it did last

    def __init__(self):
        super().__init__("--checkpoint-interval", "20ms", "--journal-segment-size", "64KiB")

    def environment(self):
        armed = {"LOVEBANK_KILL_AT": self.kill_at} if self.kill_at else {}
        return super().environment() | armed

    def start_until(self, kill_at):
        """false: the step was met before the server listened."""
        self.kill_at = kill_at
        self.log.clear()
        try:
            self.start()
            return True
        except AssertionError:
            require(self.is_dead(PATIENCE_S), "the server did not start")
            return False

    def is_dead(self, patience_s):
        """Whether it ended itself at its step, now or within so many seconds."""
        try:
            status = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return False
        require(self.kill_at and status == -signal.SIGKILL, f"the server ended with {status}, to die "
                f"at {self.kill_at}, after it died at {self.died_at}:\n" + "".join(self.log))
        self.died_at = self.kill_at
        return True


class Book:
    """All that was ever sent, and what must be true of it."""

    def __init__(self, server, rng):
        self.server = server
        self.rng = rng
        self.answered = []
        self.unanswered = []
        self.owners = {}  # entry -> the request that it answers
        self.newest = 0   # of the owners' entries
        self.settled = 0  # times that everything was found in order
        self.resent = 0
        self.durable = 0  # of those sent again, how many were done already
        self.makers = [Commands(random.Random(rng.getrandbits(64))) for _ in range(CLIENTS)]

    def own(self, request):
        """Each entry answers one request only."""
        for result in request.answer:
            entry = result.number(2)
            if entry:
                owner = self.owners.setdefault(entry, request)
                require(owner is request, "entry", entry, "answers two requests")
                self.newest = max(self.newest, entry)

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
        self.answered.append(request)

    def load(self, style, share):
        return Load(self.server, self.makers, style, share)

    def take_in(self, load):
        """After the load's end: what it sent is the book's."""
        for request in load.requests:
            if request.answer is None:
                self.unanswered.append(request)
            else:
                self.own(request)
                self.answered.append(request)

    def settle(self, again_max):
        """Sends again what has no answer and some of what has. The server may die of it: what was
        answered until then counts, and EOFError or ConnectionError is raised."""
        with self.server.connect() as connection:
            again = self.rng.sample(self.answered, min(len(self.answered), again_max))
            try:
                for request, answer in self.send(connection, self.unanswered):
                    require(answer is not None, "refused though nobody else writes")
                    request.answer = answer
                    self.own(request)
                    self.resent += 1
                    self.durable += any(result.number(REPLAYED) for result in answer)
            finally:
                self.answered += (each for each in self.unanswered if each.answer is not None)
                self.unanswered = [each for each in self.unanswered if each.answer is None]
            self.check(connection, again)

    def check(self, connection, again):
        for request, answer in self.send(connection, [each for each in again if each.is_kept()]):
            require(answer is not None, "a replay has to wait")
            request.compare(answer)
            request.answer = answer  # what was not recorded then may be now
            self.own(request)
        newest = connection.ask(STATUS).number(2)
        require(len(self.owners) == newest and self.newest == newest,
                "there are", newest, "entries, and answers name", len(self.owners), "of them")
        self.settled += 1

    def check_whole(self, again_max):
        """As settle, and the book's own check."""
        self.settle(again_max)
        with self.server.connect() as connection:
            answer = connection.verify()
            require(answer.number(5) == 1, "verify:", answer.text(6))

    def verify_copy(self):
        """Offline, of a copy made while no server runs."""
        copy = self.server.dir / "copy"
        shutil.copytree(self.server.data_dir, copy)
        done = self.server.run(str(VERIFIER), "verify", "--config", "", "--data-dir", str(copy),
                               "--key-file", str(self.server.key_file))
        shutil.rmtree(copy)
        require(done.returncode == 0, "offline verify:", done.stdout, done.stderr)

    def check_before_end(self):
        """With the server running: every answer ever given; stops it."""
        self.check_whole(again_max=len(self.answered))
        require(self.server.stop() == 0, "the server did not stop well")
        self.verify_copy()


def run_seeded(run, rounds):
    """What a test's main does: run(seed, rounds, deadline) returns the line to print."""
    seed = int(os.environ.get("LOVEBANK_SEED") or random.SystemRandom().getrandbits(32))
    rounds = int(os.environ.get("LOVEBANK_ROUNDS") or rounds)
    begun = time.monotonic()
    print(f"seed {seed}", flush=True)
    try:
        line = run(seed, rounds, begun + int(os.environ.get("LOVEBANK_SECONDS") or 600))
    except Failure as failure:
        print(f"seed {seed}: FAILED: {failure}")
        return 1
    print(f"seed {seed}: {line}, {time.monotonic() - begun:.0f} s")
    return 0
