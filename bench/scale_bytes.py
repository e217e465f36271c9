#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Bytes that an entry takes in PostgreSQL: the figures `log_…_bytes` of scale_simulation.py.

One server on a PostgreSQL as the tests have it, one connection, one request under way: so each
request is a group of its own. Each load has its own book. Takes the programs from LOVEBANK_BIN_DIR.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "postgres"))

from postgres_testing import Database, Shared  # noqa: E402

ENTRIES = 20_000
MEMBERS = 20_000  # `lovebank bench` registers them first, in batches of 1,000


def mark(database):
    """Entries of all books, and the bytes of their groups, indexes and all."""
    database.sql("VACUUM")
    row, = database.sql("SELECT coalesce(sum(entry_number), 0), "
                        "pg_total_relation_size('lovebank_group') FROM lovebank_book")
    return map(int, row.split("|"))


def measure(database, server, batch, count):
    """Bytes of an entry while the load goes on."""
    entries_before, bytes_before = mark(database)
    server.cli("bench", "--kind", "record", "--connections", 1, "--in-flight", 1,
               "--members", MEMBERS, "--batch", batch, "--count", count)
    entries, size = mark(database)
    return (size - bytes_before) / (entries - entries_before)


def main():
    with Database() as database:
        assert database.migrate().returncode == 0
        for name, batch in (("single", 1), ("sheet", 100)):
            with Shared(database, book=name) as server:
                member_bytes = measure(database, server, 1, 1)
                entry_bytes = measure(database, server, batch, ENTRIES)
            print(f"log_{name}_bytes {entry_bytes:.0f}, log_member_bytes {member_bytes:.0f}",
                  flush=True)


if __name__ == "__main__":
    main()
