#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""How fast a server fills an empty cache from the log of groups, until it listens.

usage: bench/scale_fill.py [ENTRIES [ROUNDS]]

On a PostgreSQL as the tests have it; the entries are services in batches of 1,000. Takes the programs
from LOVEBANK_BIN_DIR. Prints the entries, the seconds of each round, and entries a second of the
median.
"""
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "postgres"))

from postgres_testing import Database, Shared  # noqa: E402

MEMBERS = 20_000


def fill_s(server):
    begun = time.monotonic()
    server.start()  # until it listens
    took = time.monotonic() - begun
    assert server.stop() == 0
    server.lose_cache()
    return took


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with Database() as database:
        assert database.migrate().returncode == 0
        with Shared(database) as writer:
            writer.cli("bench", "--kind", "record", "--connections", 2, "--in-flight", 1,
                       "--members", MEMBERS, "--batch", 1000, "--count", count)
            entries = int(database.sql("SELECT entry_number FROM lovebank_book")[0])
            reader = Shared(database, key_of=writer, start=False)
            try:
                took = [fill_s(reader) for _ in range(rounds)]
            finally:
                reader.__exit__()
    print(f"{entries} entries, {', '.join(f'{each:.2f}' for each in took)} s, "
          f"{entries / statistics.median(took):.0f} a second")


if __name__ == "__main__":
    main()
