#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Processor time of an entry: of the server that decides it, of another one on the same book, of the
database. The figures `apply_us` and `database_…_us` of scale_simulation.py.

usage: bench/scale_cost.py [ENTRIES]

Two servers on a PostgreSQL as the tests have it; one is sent services, a request at a time, so that
each is a group of its own, first of one entry, then of 100 and of 1,000. The checkpoints of both caches
count. Takes the programs from LOVEBANK_BIN_DIR.
"""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "postgres"))

from postgres_testing import Database, Shared  # noqa: E402

from lovebank_testing import STATUS  # noqa: E402
from servers import wait_for  # noqa: E402

MEMBERS = 20_000
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_s(*processes):
    """Their processor time so far, and that of what they started and has ended."""
    ticks = 0
    for process in processes:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS_A_SECOND


def entry_of(server):
    with server.connect() as connection:
        return connection.ask(STATUS).number(2)


def mark(database, *servers):
    return [*(cpu_s(server.process.pid) for server in servers), cpu_s(*database.processes())]


def measure(database, decides, follows, batch, count):
    before = entry_of(decides), mark(database, decides, follows)
    decides.cli("bench", "--kind", "record", "--connections", 1, "--in-flight", 1,
                "--members", MEMBERS, "--batch", batch, "--count", count)
    newest = entry_of(decides)
    wait_for(lambda: entry_of(follows) == newest)
    after = mark(database, decides, follows)
    return [(then - now) / (newest - before[0]) * 1e6
            for now, then in zip(before[1], after, strict=True)]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print("| entries of a group | server that decides, µs an entry | server that follows "
          "| database |\n|---|---|---|---|")
    with Database() as database:
        assert database.migrate().returncode == 0
        with Shared(database) as decides, Shared(database, key_of=decides) as follows:
            measure(database, decides, follows, 1000, MEMBERS)  # who is registered, and warm
            for batch, entries in ((1, count // 10), (100, count), (1000, count * 5)):
                cost = measure(database, decides, follows, batch, entries)
                print(f"| {batch:,} | " + " | ".join(f"{each:.1f}" for each in cost) + " |",
                      flush=True)


if __name__ == "__main__":
    main()
