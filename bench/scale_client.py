#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What bench/scale.sh asks of servers and disk besides its loads.

usage: scale_client.py agree SOCKET...
       scale_client.py flush DIRECTORY
       scale_client.py replica --write SOCKET... --read SOCKET --rate N --members N --seconds N
                               [COMMAND...]
  agree    waits until the servers have the same entries, all hashed; prints how many. Fails if their
           roots differ
  flush    prints the median and the 99th percentile of 8 KiB written and fdatasynced, in µs
  replica  writes so many services a second in all, through the first servers, and reads each back
           from the last one: its balance, statement or board as of the entry just written, or its
           balance as the server knows it. COMMAND is a load beside it, which prints a line of JSON;
           what counts is what happens while it runs. Prints a line of figures, see `replica_line`
"""
import argparse
import collections
import itertools
import json
import math
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/integration"))
from lovebank_testing import (HISTORY, MEMBER_GET, STARS, STATUS, Connection,  # noqa: E402
                              Message, command, message)

PATIENCE_S = 120
POLL_S = 0.02
SERVICE_RECORD = 31
CATEGORY = 999_999          # those of `lovebank bench`
MEMBER_FIRST = 98_000_000
YEAR = 2010
STATEMENT_ROWS = 20
BOARD_ROWS = 10
FLUSH_BYTES = 8192
FLUSH_FILE_BYTES = 16 << 20  # written once before, as a log's file is that is used again
FLUSHES = 400

# `when` the answer came, in s of the monotonic clock; None where what was asked for was not seen.
Sample = collections.namedtuple("Sample", "what when took_s")


def fail(what):
    raise SystemExit(f"scale_client: {what}")


def percentile_us(values_s, part):
    ordered = sorted(values_s)
    return round(1e6 * ordered[max(0, math.ceil(part * len(ordered)) - 1)]) if ordered else None


# ---- servers that agree ----

def agree(sockets):
    """The entries that all of them have, under one root."""
    until = time.monotonic() + PATIENCE_S
    connections = [Connection(path) for path in sockets]
    while True:
        heads = [connection.ask(STATUS) for connection in connections]
        entries = {head.number(2) for head in heads}
        if len(entries) == 1 and all(head.number(3) == head.number(2) for head in heads):
            break
        if time.monotonic() > until:
            fail(f"after {PATIENCE_S} s the servers are still at entries {sorted(entries)}")
        time.sleep(POLL_S)
    roots = {head.bytes(4).hex() for head in heads}
    if len(roots) != 1:
        fail(f"at entry {entries.pop()} the servers have different roots: {sorted(roots)}")
    return entries.pop()


# ---- the disk ----

def flush(directory):
    path = Path(directory) / "flush"
    block = os.urandom(FLUSH_BYTES)
    took_s = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(FLUSH_FILE_BYTES // FLUSH_BYTES):
            file.write(block)
        os.fsync(file.fileno())
        for turn in range(FLUSHES):
            begun = time.monotonic()
            os.pwrite(file.fileno(), block, turn * FLUSH_BYTES % FLUSH_FILE_BYTES)
            os.fdatasync(file.fileno())
            took_s.append(time.monotonic() - begun)
    path.unlink()
    return f"{percentile_us(took_s, 0.5)} {percentile_us(took_s, 0.99)}"


# ---- a server in which nobody writes ----

def read_balance(reader, member, entry):
    """As of which entry the answer is. None: asked as the server knows it."""
    return reader.ask(MEMBER_GET, (1, message((1, member))), (3, True), (100, entry)).number(3)


def read_statement(reader, member, entry):
    """The number of the statement's newest entry: that of the write, or a later one."""
    answer = reader.ask(HISTORY, (1, message((1, member))), (3, STATEMENT_ROWS), (100, entry))
    return Message(answer.messages(3)[0].bytes(1)).number(1)


def read_board(reader, _member, entry):
    return reader.ask(STARS, (1, YEAR), (5, BOARD_ROWS), (100, entry)).number(6)


READS = (("balance", read_balance), ("statement", read_statement), ("board", read_board))


class Writer(threading.Thread):
    """Writes at a bounded rate through one server, and reads it back from another."""

    def __init__(self, arguments, socket, number, stop):
        super().__init__()
        self.socket, self.reader, self.stop_event = socket, arguments.read, stop
        self.pause_s = len(arguments.write) / arguments.rate
        self.members, self.chance = arguments.members, random.Random(number)
        self.samples, self.problem = [], None

    def run(self):
        try:
            with Connection(self.socket) as writer, Connection(self.reader) as reader:
                self.write_and_read(writer, reader)
        except BaseException as problem:  # told by the main thread
            self.problem = problem
            self.stop_event.set()

    def note(self, what, begun, is_seen=True):
        now = time.monotonic()
        self.samples.append(Sample(what, now, now - begun if is_seen else None))
        return now

    def write_and_read(self, writer, reader):
        reads, due = itertools.cycle(READS), time.monotonic()
        for turn in itertools.count():
            due = max(due + self.pause_s, time.monotonic())
            if self.stop_event.wait(max(0.0, due - time.monotonic())):
                return
            member = MEMBER_FIRST + self.chance.randrange(self.members)
            day = f"{YEAR}-{turn % 12 + 1:02}-{turn % 28 + 1:02}"
            begun = time.monotonic()
            done = writer.do(command(SERVICE_RECORD, (1, message((1, member))), (2, CATEGORY),
                                     (3, 1), on=day, id=os.urandom(16)))
            entry, written = done[0].number(2), self.note("write", begun)
            if turn % 2:
                self.note("plain", written, read_balance(reader, member, None) >= entry)
                continue
            what, read = next(reads)
            seen = read(reader, member, entry)
            self.note(what, written)
            if seen < entry:
                fail(f"a {what} as of entry {seen}, where at least {entry} was asked for")


def run_beside(arguments):
    """The load beside it, or some time: what it printed, and from when until when it ran, in s."""
    if not arguments.command:
        begun = time.monotonic()
        time.sleep(arguments.seconds)
        return None, begun, time.monotonic()
    done = subprocess.run(arguments.command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        fail(f"the load beside it failed: {done.stdout}")
    told = json.loads(done.stdout)
    return told, told["begin_us"] / 1e6, told["end_us"] / 1e6


def replica_line(told, samples, seconds):
    """The load's answers a second, p50 and p99; writes a second; p50 and p99 of write, balance,
    statement and board; how many of 1,000 plain reads did not see what was just written. Latencies
    in µs: of the write as it is, of the others from the write's answer to theirs. -: none."""
    by_kind = collections.defaultdict(list)
    for sample in samples:
        by_kind[sample.what].append(sample.took_s)
    figures = [told["per_second"], told["p50_us"], told["p99_us"]] if told else [None] * 3
    figures.append(round(len(by_kind["write"]) / seconds))
    for what in ("write", "balance", "statement", "board"):
        figures += [percentile_us(by_kind[what], 0.5), percentile_us(by_kind[what], 0.99)]
    plain = by_kind["plain"]
    figures.append(round(1000 * plain.count(None) / len(plain)) if plain else None)
    return " ".join("-" if figure is None else str(figure) for figure in figures)


def replica(arguments):
    stop = threading.Event()
    writers = [Writer(arguments, socket, number, stop)
               for number, socket in enumerate(arguments.write)]
    for writer in writers:
        writer.start()
    try:
        told, begun, ended = run_beside(arguments)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for writer in writers:
        if writer.problem is not None:
            fail(f"through {writer.socket}: {writer.problem!r}")
    samples = [sample for writer in writers for sample in writer.samples
               if begun <= sample.when <= ended]
    return replica_line(told, samples, ended - begun)


def main():
    parser = argparse.ArgumentParser(description="helper of bench/scale.sh")
    modes = parser.add_subparsers(dest="mode", required=True)
    modes.add_parser("agree").add_argument("sockets", nargs="+")
    modes.add_parser("flush").add_argument("directory")
    mode = modes.add_parser("replica")
    mode.add_argument("--write", action="append", required=True)
    mode.add_argument("--read", required=True)
    for name in ("rate", "members", "seconds"):
        mode.add_argument(f"--{name}", type=int, required=True)
    mode.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.mode == "agree":
        print(agree(arguments.sockets))
    elif arguments.mode == "flush":
        print(flush(arguments.directory))
    else:
        print(replica(arguments))


if __name__ == "__main__":
    main()
