#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""How long a move into a database takes, and its switch, and the move back into files.

usage: bench/move_cost.py [ENTRIES]

On a PostgreSQL as the tests have it; the entries are services in batches of 1,000. Takes the programs
from LOVEBANK_BIN_DIR. Prints the seconds of: the first copy, a later one with nothing new, the
switch after it, back into files with the switch in one go.
"""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "postgres"))

from postgres_testing import SERVER, Database  # noqa: E402
from lovebank_testing import Server  # noqa: E402

MEMBERS = 20_000
PATIENCE_S = 3600


def move_s(server, source, target, cache, *flags):
    begun = time.monotonic()
    done = subprocess.run([SERVER, "migrate-store", source, target, "--config", "", "--store-book",
                           "main", "--key-file", server.key_file, "--data-dir", cache, *flags],
                          capture_output=True, text=True, timeout=PATIENCE_S,
                          env=server.environment(), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.monotonic() - begun


def main():
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with Database() as database, Server() as server:
        assert database.migrate().returncode == 0
        server.cli("bench", "--kind", "record", "--connections", 1, "--in-flight", 1,
                   "--members", MEMBERS, "--batch", 1000, "--count", entries)
        assert server.stop() == 0
        cache = server.dir / "cache"
        there = [move_s(server, server.data_dir, database.url, cache, *flags)
                 for flags in ((), (), ("--switch",))]
        back = move_s(server, database.url, server.dir / "back", cache, "--switch")
    print(f"{entries} entries: " + ", ".join(f"{each:.1f}" for each in (*there, back)) + " s")


if __name__ == "__main__":
    main()
