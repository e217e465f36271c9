#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Makes the example street's year as input files: scripts/make_story.py [--seed N] [--out DIR]

The default seed writes examples/street-2016 exactly as it is committed, with 45 winners and 102
person-times; another seed writes another year, with other totals, and needs a directory of its own.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from story.year import (DEFAULT_PERSON_TIMES, DEFAULT_SEED, DEFAULT_WINNERS, POINTS_AT_LEAST,
                        Year)

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "street-2016"
DIRECTORIES = ("stock", "sheets", "corrections", "services", "redemptions")


def write(year, out):
    """Replaces the story's files in `out`; anything else there stays."""
    for name in DIRECTORIES:
        shutil.rmtree(out / name, ignore_errors=True)
    for path, data in year.all_files():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description="Make the example street's year.")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, help="default: examples/street-2016")
    parser.add_argument("--books", type=Path, metavar="FILE",
                        help="also write what the maker's own books come to, as JSON")
    arguments = parser.parse_args()
    if arguments.out is None and arguments.seed != DEFAULT_SEED:
        parser.error("another seed needs --out DIR: the example is made with the default seed")

    year = Year(arguments.seed)
    winners = year.book.winners(POINTS_AT_LEAST)
    person_times, persons = year.book.hardship_redemptions()
    if arguments.seed == DEFAULT_SEED:
        assert (winners, person_times) == (DEFAULT_WINNERS, DEFAULT_PERSON_TIMES)
    out = arguments.out or EXAMPLE
    write(year, out)
    if arguments.books:
        arguments.books.write_text(json.dumps(year.books(), ensure_ascii=False), encoding="utf-8")
    rows = sum(len(paper.records) for file, paper in year.files.items()
               if file.startswith("sheets/"))
    print(f"{out}: {len(year.members)} members, {rows} sheet rows, {winners} winners, "
          f"{person_times} person-times of {persons} persons in hardship, "
          f"{len(year.refusals())} refusals")
    return 0


if __name__ == "__main__":
    sys.exit(main())
