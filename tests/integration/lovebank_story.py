# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A street's year through the command line and the server, for the tests that compare what comes of it
with what a script that shares no code with them works out from the same files.
"""

import csv
import json
import shutil
import subprocess
import sys
import unittest
from datetime import date, timedelta
from pathlib import Path

from lovebank_testing import MEMBER_GET, REPORT, SOURCE_DIR, STATUS, STOCK, Server, message

STREET_2016 = SOURCE_DIR / "examples/street-2016"
STAR_TABLE_ID = "00000000-0000-7000-8000-000000000001"
INFLIGHT = 50
# One desk writes days without a year, one has a heading of its own.
SHEET_OPTIONS = ("--year", 2016, "--map", "工号=member")


def run(script, *arguments):
    return subprocess.run([sys.executable, str(SOURCE_DIR / script), *map(str, arguments)],
                          capture_output=True, text=True, encoding="utf-8", check=False)


def worked_out(directory, without):
    """What the independent script makes of the files."""
    options = ["--without", without] if without else []
    done = run("examples/independent_check.py", "--dir", directory, *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def places(rows):
    return sorted((row["file"], row["line"]) for row in rows)


class Story:
    """Loads the files in the story's order; collects what was refused."""

    def __init__(self, server, directory, without=None, twice=False):
        self.server, self.without, self.twice = server, without, twice
        # A copy: what is refused is put beside the files.
        self.directory = shutil.copytree(directory, server.dir / "the-story")
        with (self.directory / "story.csv").open(encoding="utf-8", newline="") as file:
            self.facts = {row["key"]: row["value"] for row in csv.DictReader(file)}
        self.refusals, self.there = [], []

    def enter(self, kind, pattern, *options):
        """One import of the files of that pattern; all as names within the story."""
        names = [path.relative_to(self.directory).as_posix()
                 for path in sorted(self.directory.glob(pattern))]
        names = [name for name in names if name != self.without]
        if not names:
            return
        found, there = self.bring_in(kind, names, *options)
        if self.twice:
            before = self.root()
            again, _ = self.bring_in(kind, names, *options)
            assert places(again) == places(found), names   # perhaps for another reason by now
            assert self.root() == before, names
        self.refusals += found
        self.there += there

    def root(self):
        with self.server.connect() as connection:
            return connection.status_hashed().bytes(4)

    def bring_in(self, kind, names, *options):
        """Of one import: the refusals, and the rows that were there before."""
        paths = [self.directory / name for name in names]
        done = self.server.cli("--json", "import", kind, *paths, "--yes", *options, check=False)
        assert done.returncode in (0, 1) and not done.stderr, (names, done.returncode, done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        for row in rows[:-1]:
            row["file"] = Path(row["file"]).relative_to(self.directory).as_posix()
        found = [{key: row[key] for key in ("file", "line", "result")}
                 for row in rows if row.get("code")]
        there = [{key: row[key] for key in ("file", "line")} for row in rows if row.get("replayed")]
        assert (done.returncode == 1) == bool(found), names
        assert rows[-1]["refused"] == len(found), names
        for path in rows[-1]["rejects"]:
            Path(path).unlink()
        return found, there

    def load(self):
        for kind in ("orgs", "classes", "categories", "items", "counters"):
            self.enter(kind, f"{kind}.csv")
        self.server.cli("star-table", "set", 100, 300, 600, 1000, 1500, "--from", "2016-01-01",
                        "--id", STAR_TABLE_ID)
        self.enter("members", "members.csv")
        self.enter("members", "corrections/members.csv")
        for month in sorted(path.stem for path in (self.directory / "stock").glob("*.csv")):
            self.enter("stock", f"stock/{month}.csv")
            self.enter("sheet", f"sheets/{month}/*.csv", *SHEET_OPTIONS)
            self.enter("sheet", f"corrections/{month}/*.csv")
            self.enter("services", f"services/{month}.csv", "--counter", 1)
            self.enter("redemptions", f"redemptions/{month}.csv")
            self.enter("undos", f"redemptions/{month}-undo.csv")

    def board(self, *options):
        facts = self.facts
        return self.server.cli("stars", "--year", facts["year"], "--org", facts["board_org"],
                               "--class", facts["class"], "--at_least", facts["points_at_least"],
                               *options)


def lot_text(lot):
    return "never" if lot == 0xFFFFFFFF else (date(1970, 1, 1) + timedelta(days=lot)).isoformat()


def member_of(info):
    """A MemberInfo in the words of the independent script."""
    balances = info.message(8)
    lots = {lot_text(lot.number(1)): lot.number(2) for lot in info.messages(9) if lot.number(2)}
    return {"member": f"{info.number(1):08}", "minutes": balances.number(5),
            "points_centi": balances.number(2), "held_centi": balances.number(3), "lots": lots}


def members(connection, numbers):
    """Their MemberInfo, pipelined."""
    for start in range(0, len(numbers), INFLIGHT):
        part = numbers[start:start + INFLIGHT]
        waiting = {connection.submit(MEMBER_GET, message((1, message((1, int(number))))))
                   for number in part}
        found = []
        for _ in part:
            reply = connection.receive()
            waiting.remove(reply.request_id)
            found.append(member_of(reply.message().message(2)))
        yield from sorted(found, key=lambda row: row["member"])


def stock(connection):
    """{(counter, item): amounts of the lots, smallest first}"""
    found = {}
    for row in connection.ask(STOCK).messages(1):
        found.setdefault((str(row.number(1)), str(row.number(2))), []).append(row.number(4))
    return {key: sorted(amounts) for key, amounts in found.items()}


class StoryCase(unittest.TestCase):
    maxDiff = 4000

    def check(self, directory, without=None):
        """Loads the story and compares everything; gives the outcome of the script."""
        expected = worked_out(directory, without)
        with Server() as server:
            story = Story(server, directory, without)
            story.load()
            self.assertEqual(story.refusals, expected["refusals"])
            self.assertEqual(story.there, expected["there"])
            board = [json.loads(line) for line in story.board("--format", "json").splitlines()]
            rows = [{"rank": row["rank"], "member": f"{int(row['member']):08}",
                     "points_centi": row["points_centi"], "minutes": row["minutes"]}
                    for row in board if "rank" in row]
            self.assertEqual(rows, expected["board"])
            with server.connect() as connection:
                numbers = [row["member"] for row in expected["members"]]
                self.assertEqual(list(members(connection, numbers)), expected["members"])
                self.assertEqual(stock(connection),
                                 {(row["counter"], row["item"]): sorted(row["lots"].values())
                                  for row in expected["stock"] if row["lots"]})
                report = connection.ask(REPORT, (1, int(story.facts["year"])),
                                        (2, int(story.facts["board_org"])),
                                        (3, int(story.facts["hardship_class"])))
                self.assertEqual((report.number(9), report.number(8)),
                                 (expected["hardship"]["person_times"],
                                  expected["hardship"]["persons"]))
                verified = connection.verify()
                self.assertEqual((verified.number(5), verified.text(6)), (1, ""))
            self.check_as_of(server, story)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(server.verify_offline().returncode, 0)
        return expected

    def check_as_of(self, server, story):
        """The board at an entry is the same bytes after more was entered, in every format."""
        formats = ("table", "csv", "json")
        with server.connect() as connection:
            entry = connection.ask(STATUS).number(2)
        before = [story.board("--format", one, "--at", entry) for one in formats]
        server.cli("record", 10010001, 1, 60, "--date", "2016-12-30")
        self.assertEqual([story.board("--format", one, "--at", entry) for one in formats], before)
