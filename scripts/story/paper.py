# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Sign-in sheets as they arrive: lines of a desk, what each must come to, and the corrections.

A row that its desk spoiled is refused before the bank sees it, and stands once more, set right, in
the month's corrections. A row copied from last month's sheet is in the book already.
"""

from collections import defaultdict
from datetime import date

from story import words
from story.desks import DESKS, MACHINE, Desk
from story.world import card_check_digit, community_org

THERE = "already_there"
# What a desk spoils -> what the row is refused for.
SPOILT = {
    "masked": "field_invalid", "hashes": "field_invalid", "no_such_day": "date_invalid",
    "day_or_month": "field_invalid", "no_unit": "field_invalid", "cut_short": "field_missing",
    "mistyped_card": "card_check_digit", "another_name": "field_invalid",
    "shared_name": "field_invalid", "unknown_name": "field_invalid", "quotes": "text_invalid",
}
# By community: what its desk is prone to.
HABITS = (("hashes", "quotes"), ("another_name", "masked"), ("masked", "hashes"), ("no_such_day",),
          ("shared_name", "unknown_name"), ("no_unit",), ("day_or_month", "masked"), ("cut_short",),
          ("mistyped_card",), ("no_such_day", "masked"))
SPOILT_A_MONTH, COPIED_A_MONTH = 5, 2
CORRECTIONS = Desk(MACHINE)


class Paper:
    """A file: its bytes, and for each record (line, row, what it comes to; "" is for the bank)."""

    def __init__(self, desk):
        self.desk = desk
        self.lines = []
        self.records = []
        self.expected = {}      # line -> what the bank must refuse it for
        self.minutes = 0

    def note(self, *cells):
        self.lines.append(self.desk.line(cells))

    def heading(self):
        self.note(*(heading for heading, _ in self.desk.headings))

    def record(self, text, row, outcome=""):
        self.lines.append(text)
        self.records.append((len(self.lines), row, outcome))

    @property
    def data(self):
        return self.desk.encode(self.lines)


class PaperMaker:
    """Puts a month's planned sheets on paper."""

    def __init__(self, rng, members):
        self.rng = rng
        self.members = {member.number: member for member in members}
        self.namesakes = defaultdict(list)      # (community, name) -> numbers
        for member in members:
            self.namesakes[member.community, member.name].append(member.number)
        self.last_month = {}                    # community -> sound rows of its last sheet

    def month(self, month, sheets, expected):
        """{file: Paper} of all communities, then of their corrections."""
        slipped = {row[3] for file, rows in sheets.items() for i, row in enumerate(rows)
                   if (file, i) in expected}
        spoilt, copied = self.choose(sheets, expected, slipped)
        papers, fixes = {}, {}
        for community, (file, rows) in enumerate(sheets.items()):
            wrong = {i: kind for (name, i), kind in spoilt.items() if name == file}
            before = copied.get(file, [])
            paper = papers[file] = self.paper(month, community, rows, wrong, before)
            paper.expected = {paper.records[len(before) + i][0]: expected[file, i]
                              for i in range(len(rows)) if (file, i) in expected}
            if wrong:
                fixes[f"corrections/{words.YEAR}-{month:02d}/{community_org(community)}.csv"] = (
                    self.corrections([rows[i] for i in sorted(wrong)]))
            self.last_month[community] = [
                row for i, row in enumerate(rows)
                if (file, i) not in expected and row[3] not in slipped and i not in wrong]
        papers.update(fixes)
        return papers

    def choose(self, sheets, expected, slipped):
        """{(file, index): kind} to spoil and {file: rows} to copy, none of them near a slip."""
        spoilt, copied = {}, {}
        files = list(sheets)
        for _ in range(SPOILT_A_MONTH):
            community = self.rng.randrange(len(files))
            file, kind = files[community], self.rng.choice(HABITS[community])
            picks = [i for i, row in enumerate(sheets[file])
                     if (file, i) not in expected and (file, i) not in spoilt
                     and row[3] not in slipped and self.lends_itself(kind, community, row)]
            if picks:
                spoilt[file, self.rng.choice(picks)] = kind
        for _ in range(COPIED_A_MONTH):
            community = self.rng.randrange(len(files))
            rows = copied.setdefault(files[community], [])
            sound = [row for row in self.last_month.get(community, ())
                     if row[3] not in slipped and row not in rows]
            if sound:
                rows.append(self.rng.choice(sound))
        return spoilt, copied

    def lends_itself(self, kind, community, row):
        if kind == "shared_name":
            return self.is_at_home(community, row) and not self.is_named_once(community, row)
        if kind == "unknown_name":
            return self.is_at_home(community, row) and self.is_named_once(community, row)
        if kind == "day_or_month":
            return date.fromisoformat(row[0]).day <= 12
        if kind == "no_unit":
            return int(row[5]) % 60 == 0
        return True

    def is_at_home(self, community, row):
        member = self.members.get(row[3])
        return member is not None and member.community == community

    def is_named_once(self, community, row):
        return len(self.namesakes[community, self.members[row[3]].name]) == 1

    def paper(self, month, community, rows, wrong, copied):
        desk = DESKS[community]
        paper = Paper(desk)
        name = words.COMMUNITIES[community] + "社区"
        if "title" in desk.habits:
            paper.note(f"{name}{words.YEAR}年{month}月志愿服务签到表", *[""] * (len(desk.headings) - 1))
        paper.heading()
        for row in copied:
            self.write(paper, community, row, "", THERE)
        for i, row in enumerate(rows):
            if "pages" in desk.habits and i and i % 40 == 0:
                paper.heading()
            self.write(paper, community, row, wrong.get(i, ""), "")
        if "total" in desk.habits:
            self.total(paper, month)
        if "note" in desk.habits:
            paper.note("", *[""] * (len(desk.headings) - 2), "")
            paper.note("填表人：" + self.rng.choice(words.SURNAMES) + "老师")
        return paper

    def write(self, paper, community, row, kind, outcome):
        desk = paper.desk
        member = self.members.get(row[3])
        shown = self.spoil(kind, community, row) if kind else self.shown(desk, community, row)
        if "ditto" in desk.habits and not kind and not outcome and paper.records:
            _, before, came_to = paper.records[-1]
            if not came_to and before[:2] == row[:2]:
                shown.update({"date": "同上", "activity": "〃"})
        cells = desk.cells(row, len(paper.records) + 1, member, shown)
        if "ragged" in desk.habits and len(paper.records) % 2:
            while cells and not cells[-1]:
                cells.pop()
        text = desk.line(cells)
        if kind == "cut_short":
            text = desk.line(cells[:4])
        if kind == "quotes":
            text = text.replace("·", '"·', 1)
        paper.record(text, row, SPOILT[kind] if kind else outcome)
        paper.minutes += int(row[5])

    def shown(self, desk, community, row):
        """What a desk writes in place of what is so, without doing harm."""
        when, _, _, number, _, _ = row
        shown = {}
        member = self.members.get(number)
        if member is None:
            shown["name"] = ""
        if not when.startswith(str(words.YEAR)):    # a slip in the year must be seen
            shown["date"] = when
        if "by-name" in desk.habits:
            by_name = self.is_at_home(community, row) and self.is_named_once(community, row)
            shown["member" if by_name else "name"] = ""
        return shown

    def spoil(self, kind, community, row):
        member = self.members[row[3]]
        shown = self.shown(DESKS[community], community, row)
        day = date.fromisoformat(row[0])
        if kind == "masked":
            shown["member"] = row[3][:3] + "**" + row[3][5:]
        elif kind == "hashes":
            shown["date"] = "########"
        elif kind == "no_such_day":
            shown["date"] = f"{words.YEAR}年2月30日"
        elif kind == "day_or_month":
            shown["date"] = f"{day.month}/{day.day}/{day.year}"
        elif kind == "no_unit":
            shown["minutes"] = str(int(row[5]) // 60)
        elif kind == "mistyped_card":
            digits = member.card[:9]
            shown["member"] = digits + str((int(card_check_digit(digits)) + 3) % 10)
        elif kind == "another_name":
            shown["member"] = self.somebody_else(community, member)
        elif kind == "shared_name":
            shown["member"], shown["name"] = "", member.name
        elif kind == "unknown_name":
            shown["member"], shown["name"] = "", member.name[0] + "翀" + member.name[-1]
        return shown

    def somebody_else(self, community, member):
        others = [m.number for m in self.members.values()
                  if m.community == community and m.name != member.name]
        return self.rng.choice(others)

    def total(self, paper, month):
        """A sum worked out by hand: in every third month it is not the sum."""
        minutes = paper.minutes + (10 if month % 3 == 0 else 0)
        cells = {"minutes": str(minutes)}
        line = [cells.get(what, "") for _, what in paper.desk.headings]
        paper.note("合计", *line[1:])

    def corrections(self, rows):
        """The rows as they should have been, in the plainest form."""
        paper = Paper(CORRECTIONS)
        paper.heading()
        for row in rows:
            paper.record(CORRECTIONS.line(CORRECTIONS.cells(row, 0, None, {})), row)
        return paper
