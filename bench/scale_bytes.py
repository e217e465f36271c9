#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Bytes that an entry takes in PostgreSQL: the figures `log_…_bytes` of scale_simulation.py.

One server on a PostgreSQL as the tests have it, one connection, one request under way: so each
request is a group of its own. Groups are packed, so what is in them counts: ids at random, as clients
make them, members in no order, minutes as people write them on sheets, a day and a category for each
sheet. Each load has its own book. Takes the programs from LOVEBANK_BIN_DIR; LOVEBANK_SEED: the draw.
"""
import datetime
import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "postgres"))

from postgres_testing import Database, Shared  # noqa: E402
from lovebank_testing import command, message  # noqa: E402

ENTRIES = 20_000
MEMBERS = 20_000
MEMBERS_AT_ONCE = 1_000
CATEGORIES = 5
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红"
MINUTES = (30, 45, 60, 60, 60, 90, 90, 120, 120, 120, 150, 180, 240)
OPENED = "2024-01-01"
FIRST_DAY = datetime.date(2024, 3, 1)


def mark(database):
    """Entries of all books, and the bytes of their groups, indexes and all."""
    database.sql("VACUUM")
    row, = database.sql("SELECT coalesce(sum(entry_number), 0), "
                        "pg_total_relation_size('lovebank_group') FROM lovebank_book")
    return map(int, row.split("|"))


def measure(database, connection, batches):
    """Bytes of an entry while the load goes on."""
    entries_before, bytes_before = mark(database)
    for batch in batches:
        connection.do(*batch)
    entries, size = mark(database)
    return (size - bytes_before) / (entries - entries_before)


def registry():
    yield command(10, (1, 1), (3, 2), (4, "翠苑街道"), on=OPENED)
    for number in range(1, CATEGORIES + 1):
        yield command(13, (1, number), (2, f"类别{number}"), (3, 100), (4, 1000), (5, 1), (6, 1),
                      (8, 1440), on=OPENED)


def members(draw):
    """A name and a telephone number each, as most are registered."""
    for first in range(1, MEMBERS + 1, MEMBERS_AT_ONCE):
        yield [command(20, (1, number), (2, 1), (5, message(
            (1, draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))),
            (7, f"13{draw.randrange(10 ** 9):09}"))), on=OPENED, id=draw.randbytes(16))
               for number in range(first, first + MEMBERS_AT_ONCE)]


def services(draw, batch):
    """Sheets of so many lines; no member twice on one."""
    for sheet in range(ENTRIES // batch):
        on = (FIRST_DAY + datetime.timedelta(days=sheet % 400)).isoformat()
        category = draw.randint(1, CATEGORIES)
        yield [command(31, (1, message((1, member))), (2, category), (3, draw.choice(MINUTES)),
                       on=on, id=draw.randbytes(16))
               for member in draw.sample(range(1, MEMBERS + 1), batch)]


def main():
    seed = int(os.environ.get("LOVEBANK_SEED", "20261123"))
    print(f"seed {seed}", flush=True)
    with Database() as database:
        assert database.migrate().returncode == 0
        for name, batch in (("single", 1), ("sheet", 100)):
            draw = random.Random(seed)
            with Shared(database, book=name) as server, server.connect() as connection:
                connection.do(*registry())
                member_bytes = measure(database, connection, members(draw))
                entry_bytes = measure(database, connection, services(draw, batch))
            print(f"log_{name}_bytes {entry_bytes:.0f}, log_member_bytes {member_bytes:.0f}",
                  flush=True)


if __name__ == "__main__":
    main()
