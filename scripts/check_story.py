#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Proves the example story: scripts/check_story.py [SEED ...]

The default seed must write the committed files byte for byte. For it and each other seed (1, 2, 3)
the maker's books and the independent check must agree on every member, stock and refusal; and
without the winner's sheet there must be one winner fewer.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "street-2016"
DEFAULT_SEED = 2016


def run(*command):
    done = subprocess.run([sys.executable, "-B", *map(str, command)], check=True,
                          capture_output=True, encoding="utf-8")
    return done.stdout


def check(directory, *options):
    """What the independent check prints; it fails if that is not what story.csv says."""
    return json.loads(run(ROOT / "examples" / "independent_check.py", "--dir", directory, *options))


def files(directory):
    return {path.relative_to(directory).as_posix(): path.read_bytes()
            for path in directory.rglob("*.csv")}


def in_the_makers_form(outcome):
    return {
        "members": {row["member"]: [row["minutes"], row["points_centi"], row["held_centi"]]
                    for row in outcome["members"]},
        "stock": {f"{row['counter']}:{row['item']}": row["quantity"] for row in outcome["stock"]},
        "refusals": [[row["file"], row["line"], row["result"]] for row in outcome["refusals"]],
        "there": [[row["file"], row["line"]] for row in outcome["there"]],
        "persons": outcome["hardship"]["persons"],
    }


def check_seed(seed, scratch):
    story, books = scratch / str(seed), scratch / f"{seed}.json"
    print(run(ROOT / "scripts" / "make_story.py", "--seed", seed, "--out", story, "--books", books)
          .strip().replace(str(story), f"seed {seed}"))
    if seed == DEFAULT_SEED:
        assert files(story) == files(EXAMPLE), "the default seed does not write what is committed"
    whole = check(story)
    assert in_the_makers_form(whole) == json.loads(books.read_text(encoding="utf-8")), \
        "the maker's books and the independent check differ"
    rows = dict(line.split(",", 1) for line in (story / "story.csv").read_text().splitlines())
    fewer = check(story, "--without", rows["winner_sheet"])
    assert fewer["winners"] == whole["winners"] - 1, "the winner's sheet decides nothing"
    lost = ({row["member"] for row in whole["board"]} - {row["member"] for row in fewer["board"]})
    print(f"  agreed; without {rows['winner_sheet']}: {fewer['winners']}, less {', '.join(lost)}")


def main():
    seeds = [int(text) for text in sys.argv[1:]] or [DEFAULT_SEED, 1, 2, 3]
    with tempfile.TemporaryDirectory() as scratch:
        for seed in seeds:
            check_seed(seed, Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main())
