# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The sign-in sheets of each community and month: who came to what, and the slips of the pen.

Every sound row is planned against one calendar, so it is accepted in whatever order it is entered.
Every slip is put in with the refusal it must meet; the caller holds the books against that.
"""

from datetime import date, timedelta

from story import words
from story.book import points_for
from story.world import community_org

# Slips of the year: what is refused -> how many.
SLIPS = {
    "overlap": 8, "overlap_elsewhere": 4, "over_day": 6, "before_joined": 5, "member_unknown": 8,
    "minutes_invalid": 4, "date_in_future": 3, "category_unknown": 2, "tariff_unknown": 2,
}
# Slips that go with the months in which they can happen (from, to); else any.
SLIP_MONTHS = {"tariff_unknown": (1, words.MEDIATION_FROM_MONTH - 1), "before_joined": (1, 9)}


def sheet_name(month, community):
    return f"sheets/{words.YEAR}-{month:02d}/{community_org(community)}.csv"


class SheetMaker:
    def __init__(self, rng, members, calendar, points_at_least):
        self.rng = rng
        self.calendar = calendar
        self.ceiling = points_at_least * 100
        self.planned = {member.number: 0 for member in members}
        self.numbers = set(self.planned)
        self.home = [[m for m in members if m.community == c]
                     for c in range(len(words.COMMUNITIES))]
        self.stars = [member for member in members if member.star]
        # How far above the threshold each star comes at the least.
        self.targets = {m.number: self.ceiling + rng.randrange(100, 9000) for m in self.stars}
        self.expected = {}      # (file, index of the row) -> refusal
        self.elsewhere = []     # rows signed a second time on the next sheet
        self.slips = self.plan_slips()

    def plan_slips(self):
        """Which slips are made in which (month, community)."""
        slips = {}
        for kind, count in SLIPS.items():
            first, last = SLIP_MONTHS.get(kind, (1, 12))
            for _ in range(count):
                month = self.rng.randrange(first, last + 1)
                community = self.rng.randrange(len(words.COMMUNITIES) - 1)
                slips.setdefault((month, community), []).append(kind)
        return slips

    def month(self, month):
        """{file: rows} of all communities, in the order in which they are entered."""
        planned = [self.activities(month, c) for c in range(len(words.COMMUNITIES))]
        self.top_up(month, planned)
        return {sheet_name(month, c): self.finish(month, c, rows)
                for c, rows in enumerate(planned)}

    def activities(self, month, community):
        rows = []
        for _ in range(self.rng.randrange(7, 12)):
            when, name, category, start, minutes = self.activity(month, community)
            for member in self.attendance(community):
                stay = minutes
                if self.rng.randrange(100) < 15:
                    stay = max(30, minutes - self.rng.choice((10, 15, 20, 25, 30, 45)))
                self.sign(rows, member, when, name, category, start, stay)
        return rows

    def activity(self, month, community):
        rng = self.rng
        weights = dict(words.CATEGORY_WEIGHTS)
        if month < words.MEDIATION_FROM_MONTH:
            del weights[words.MEDIATION]
        category = rng.choices(list(weights), weights=list(weights.values()))[0]
        when = date(words.YEAR, month, rng.randrange(1, 26))
        if month > 1 and rng.randrange(100) < 4:    # brought in late: held after the last sheet
            when = date(words.YEAR, month, 1) - timedelta(days=rng.randrange(1, 4))
        minutes, start = rng.choice(words.LENGTHS_MINUTES), rng.choice(words.STARTS)
        if rng.randrange(100) < 12:
            start = ""
        place = words.COMMUNITIES[community] + rng.choice(words.PLACES[category])
        name = f"{words.CATEGORY_NAMES[category]}·{place}"
        if category == words.PATROL and rng.randrange(100) < 40:
            name, start, minutes = "夜间" + name, words.NIGHT_START, words.NIGHT_MINUTES
        if category == words.MEDIATION and when.month < words.MEDIATION_FROM_MONTH:
            when = date(words.YEAR, month, 1)
        return when.isoformat(), name, category, start, minutes

    def attendance(self, community):
        home = self.home[community]
        came = [m for m in home if m.zeal_percent and self.rng.randrange(100) < m.zeal_percent]
        weights = [0 if m.zeal_percent else m.weight for m in home]
        came += self.rng.choices(home, weights=weights, k=self.rng.randrange(4, 11))
        if self.rng.randrange(100) < 20:    # a guest from elsewhere
            other = self.home[self.rng.randrange(len(self.home))]
            came.append(self.rng.choice([m for m in other if not m.zeal_percent]))
        return sorted(set(came), key=lambda member: member.number)

    def sign(self, rows, member, when, name, category, start, minutes):
        """Adds the row if it will be accepted and makes no star of one who is not to be."""
        points = points_for(category, when, minutes)
        if when < member.joined or not self.calendar.fits(member.number, when, start, minutes):
            return
        if not self.may_earn(member, points):
            return
        self.calendar.add(member.number, when, start, minutes)
        self.planned[member.number] += points
        rows.append([when, name, str(category), member.number, start, str(minutes)])

    def may_earn(self, member, points):
        return (member.star or not member.has(words.PARTY)
                or self.planned[member.number] + points < self.ceiling)

    def top_up(self, month, planned):
        """Stars behind their pace do duty alone; in December until their target is reached."""
        for star in self.stars:
            share = 100 if month == 12 else 7 * month
            while self.planned[star.number] < self.targets[star.number] * share // 100:
                when, name, category, start, _ = self.activity(month, star.community)
                if start != words.NIGHT_START:
                    self.sign(planned[star.community], star, when, name, category, start,
                              self.rng.choice((60, 90, 120)))

    def finish(self, month, community, rows):
        """Sorts the sheet and puts the slips in; returns its rows."""
        file = sheet_name(month, community)
        rows.sort(key=lambda row: (row[0], row[4] or "99:99", row[1], row[3]))
        slips = [(len(rows), row, "overlap") for row in self.elsewhere]
        self.elsewhere = []
        for kind in self.slips.get((month, community), ()):
            self.make_slip(kind, (month, community), rows, slips)
        slips.sort(key=lambda slip: -slip[0])
        marks = [None] * len(rows)
        for index, row, kind in slips:
            rows.insert(index, row)
            marks.insert(index, kind)
        self.expected.update({(file, i): kind for i, kind in enumerate(marks) if kind})
        return rows

    def make_slip(self, kind, where, rows, slips):
        """Adds (index at which it stands, row, refusal) to slips, or leaves it to a later sheet."""
        picks = [i for i, row in enumerate(rows) if self.lends_itself(kind, row)]
        index = self.rng.choice(picks) if picks else 0
        row = list(rows[index])
        if not picks or not getattr(self, "slip_" + kind)(row, where[1]):
            later = (where[0] + 1, where[1])
            self.slips.setdefault(later, []).append(kind)
        elif kind == "overlap_elsewhere":
            self.elsewhere.append(row)
        else:
            slips.append((index + 1, row, kind))

    def lends_itself(self, kind, row):
        if kind == "overlap":
            return bool(row[4]) and int(row[5]) >= 120
        if kind == "overlap_elsewhere":
            return bool(row[4]) and row[4] != words.NIGHT_START
        if kind == "over_day":
            return int(row[2]) != words.PATROL
        return True

    def slip_overlap(self, row, community):
        """Signed in twice: soon after in another place, or in the second half of the night."""
        if row[4] == words.NIGHT_START:
            tomorrow = date.fromisoformat(row[0]) + timedelta(days=1)
            row[0], row[4], row[5] = tomorrow.isoformat(), "00:15", "60"
        else:
            row[4], row[5] = row[4][:3] + "45", "60"
            row[1] = self.place(row, community)
        return True

    def slip_overlap_elsewhere(self, row, community):
        """Signed in at the same hour in two communities."""
        row[1] = self.place(row, (community + 1) % len(words.COMMUNITIES))
        return True

    def place(self, row, community):
        places = words.PLACES[int(row[2])]
        return row[1].split("·")[0] + "·" + words.COMMUNITIES[community] + self.rng.choice(places)

    def slip_over_day(self, row, _community):
        """The whole day claimed on top of what is signed."""
        row[4], row[5] = "", str(words.DAY_MINUTES_SAFE)
        return True

    def slip_before_joined(self, row, community):
        later = [m for m in self.home[community] if m.joined > row[0]]
        if later:
            row[3] = self.rng.choice(later).number
        return bool(later)

    def slip_member_unknown(self, row, _community):
        digits = list(row[3])
        at = self.rng.randrange(2, 7)
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
        row[3] = "".join(digits)
        if row[3] in self.numbers:
            row[3] = row[3][:4] + "9" + row[3][5:]
        return True

    def slip_minutes_invalid(self, row, _community):
        row[5] = self.rng.choice(("0", "1800"))
        return True

    def slip_date_in_future(self, row, _community):
        row[0] = "2061" + row[0][4:] if not row[0].endswith("02-29") else "2061-02-28"
        return True

    def slip_category_unknown(self, row, _community):
        row[2] = row[2] + "1"
        return True

    def slip_tariff_unknown(self, row, community):
        row[2] = str(words.MEDIATION)
        row[1] = words.CATEGORY_NAMES[words.MEDIATION] + "·"
        row[1] = self.place(row, community)
        return True
