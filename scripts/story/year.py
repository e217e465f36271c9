# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The year as a whole: draws it month by month, and finds the sheet that one winner depends on."""

import csv
import io
import random

from story import words
from story.book import Book, Calendar
from story.counter import CounterMaker
from story.paper import THERE, Paper, PaperMaker
from story.registry import registry_files
from story.roll import member_papers
from story.sheets import SheetMaker
from story.world import MemberMaker

POINTS_AT_LEAST = 1000
DEFAULT_SEED = 2016
DEFAULT_WINNERS, DEFAULT_PERSON_TIMES = 45, 102

HEADERS = {
    "stock": "receipt,date,counter,item,quantity,donor,best_before",
    "services": "receipt,act,date,card,item,quantity,ask,giver,category,minutes",
    "redemptions": "receipt,date,counter,card,goods",
    "undo": "receipt,reason",
}


def table(header, rows):
    """Plain CSV in UTF-8, as one program writes it for another."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue().encode()


class Year:
    """All files of one seed, and the books they lead to."""

    def __init__(self, seed):
        rng = random.Random(seed)
        winners, person_times = DEFAULT_WINNERS, DEFAULT_PERSON_TIMES
        if seed != DEFAULT_SEED:
            winners, person_times = rng.randrange(36, 55), rng.randrange(80, 125)
        self.members = MemberMaker(rng, winners).make()
        self.book = Book(self.members)
        self.sheets = SheetMaker(rng, self.members, Calendar(), POINTS_AT_LEAST)
        self.counter = CounterMaker(rng, self.members, self.book, self.sheets, person_times)
        # The hand that writes the sheets draws by itself: the year is the same on any paper.
        self.papers = PaperMaker(random.Random(f"{seed} on paper"), self.members)
        self.roll = member_papers(random.Random(f"{seed} the roll"), self.members)
        self.files = {}     # in the order in which they are entered: rows, or a Paper
        for month in range(1, 13):
            self.month(month)
        self.check(winners, person_times)
        self.winner_sheet = self.find_winner_sheet(winners)

    def month(self, month):
        self.files.update(self.counter.stock(month))
        sheets = self.sheets.month(month)
        for file, paper in self.papers.month(month, sheets, self.sheets.expected).items():
            self.files[file] = paper
            self.enter(self.book, file)
        self.files.update(self.counter.services(month))
        self.files.update(self.counter.redemptions(month))

    def enter(self, book, file):
        content = self.files[file]
        if not isinstance(content, Paper):
            for line, row in enumerate(content, start=2):
                book.apply(file, line, row)
            return
        for line, row, outcome in content.records:
            if not outcome:
                book.apply(file, line, row)
            elif outcome != THERE:
                book.refusals.append((file, line, outcome))

    def check(self, winners, person_times):
        """The books say what was planned, slip by slip."""
        papers = {file: content for file, content in self.files.items()
                  if isinstance(content, Paper)}
        refused = {(f, line): kind for f, line, kind in self.book.refusals if f in papers}
        planned = {(f, line): kind for f, paper in papers.items()
                   for line, kind in paper.expected.items()}
        spoilt = {(f, line): outcome for f, paper in papers.items()
                  for line, _, outcome in paper.records if outcome not in ("", THERE)}
        assert refused == planned | spoilt, "a sheet's refusals are not those planned"
        assert self.book.winners(POINTS_AT_LEAST) == winners
        assert self.book.hardship_redemptions()[0] == person_times

    def find_winner_sheet(self, winners):
        """The last sheet without which exactly one winner is not one; entered anew to be sure."""
        stars = [m.number for m in self.members if m.star]
        sheets = [file for file in self.files if file.startswith("sheets/")]
        for sheet in reversed(sheets):
            lost = [m for m in stars if self.book.earned[m] - self.book.from_sheet[sheet, m]
                    < POINTS_AT_LEAST * 100]
            if len(lost) == 1 and self.winners_without(sheet) == winners - 1:
                return sheet
        raise AssertionError("no sheet decides about exactly one winner: take another seed")

    def winners_without(self, sheet):
        book = Book(self.members)
        for file in self.files:
            if file != sheet:
                self.enter(book, file)
        return book.winners(POINTS_AT_LEAST)

    def story_rows(self):
        return (("board_org", words.STREET[0]), ("year", words.YEAR), ("today", "2016-12-31"),
                ("class", words.PARTY), ("points_at_least", POINTS_AT_LEAST),
                ("winners", self.book.winners(POINTS_AT_LEAST)),
                ("hardship_class", words.HARDSHIP),
                ("hardship_person_times", self.book.hardship_redemptions()[0]),
                ("winner_sheet", self.winner_sheet))

    def all_files(self):
        """Yields (path, bytes)."""
        for file, header, rows in registry_files():
            yield file, table(header, rows)
        for file, paper in self.roll.items():
            yield file, paper.data
        for file, content in self.files.items():
            kind = "undo" if file.endswith("-undo.csv") else file.split("/")[0]
            yield file, (content.data if isinstance(content, Paper)
                         else table(HEADERS[kind], content))
        yield "story.csv", table("key,value", self.story_rows())

    def refusals(self):
        """(file, line, result) in the order of entry, the roll's first."""
        roll = [(file, line, outcome) for file, paper in self.roll.items()
                for line, _, outcome in paper.records if outcome]
        return roll + self.book.refusals

    def books(self):
        """What the story maker itself makes of it; for the test against the independent check."""
        book = self.book
        return {
            "members": {m: [book.minutes[m], book.points[m], book.held[m]] for m in book.members},
            "stock": {f"{counter}:{item}": units for (counter, item), units in book.stock.items()},
            "refusals": [list(refusal) for refusal in self.refusals()],
            "there": [[file, line] for file, content in self.files.items()
                      if isinstance(content, Paper)
                      for line, _, outcome in content.records if outcome == THERE],
            "persons": book.hardship_redemptions()[1],
        }
