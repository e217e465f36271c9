# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The story maker's own books: what each row of the story will come to, as it is written.

Simpler than the bank on purpose: no points of this story expire within its year, so one sum per
member does for all lots. examples/independent_check.py goes by lots and shares no code with this.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from story import words
from story.world import card_check_digit

OK = "ok"

def centi(text):
    return int(Decimal(text) * 100)


def latest(rows, number, when):
    """The row of `number` (first field) with the latest from (last field) up to `when`."""
    fit = [row for row in rows if row[0] == number and row[-1] <= when]
    return max(fit, key=lambda row: row[-1]) if fit else None


def points_for(category, when, minutes):
    """Points, in 1/100, for a service; None if there is no tariff yet."""
    tariff = latest(words.TARIFFS, category, when)
    if tariff is None:
        return None
    counted = minutes - minutes % tariff[4]
    return counted * centi(tariff[2]) * int(Decimal(tariff[3]) * 1000) // 60000


def price_centi(item, when):
    row = latest(words.ITEMS, item, when)
    return centi(row[4]) if row else None


def span(when, start, minutes):
    hours, rest = start.split(":")
    begin = date.fromisoformat(when).toordinal() * 1440 + int(hours) * 60 + int(rest)
    return begin, begin + minutes


class Calendar:
    """Who is busy when. Also used to plan: what fits here is accepted in any order of entry."""

    def __init__(self):
        self.day_minutes = Counter()
        self.spans = defaultdict(list)

    def overlaps(self, member, when, start, minutes):
        if not start:
            return False
        begin, end = span(when, start, minutes)
        return any(b < end and begin < e for b, e in self.spans[member])

    def fits(self, member, when, start, minutes):
        return (self.day_minutes[member, when] + minutes <= words.DAY_MINUTES_SAFE
                and not self.overlaps(member, when, start, minutes))

    def add(self, member, when, start, minutes):
        self.day_minutes[member, when] += minutes
        if start:
            self.spans[member].append(span(when, start, minutes))


class Book:
    """Applies rows as they stand in the files; each method answers "ok" or the refusal's name."""

    KINDS = {row[0]: row[1] for row in words.ITEMS}

    def __init__(self, members):
        self.members = {member.number: member for member in members}
        self.by_card = {member.card: member for member in members}
        self.calendar = Calendar()
        self.minutes, self.points, self.held, self.earned = (Counter() for _ in range(4))
        self.from_sheet = Counter()     # (sheet, member) -> points earned by it
        self.stock = Counter()          # (counter, item) -> units
        self.receipts = {}              # receipt -> [state, member, cost, {(counter, item): units}]
        self.refusals = []

    def apply(self, file, line, row):
        """One row of `file` (a path within the story). Files of a kind lie in one directory."""
        kind = file.split("/")[0]
        if kind == "redemptions" and file.endswith("-undo.csv"):
            kind = "undo"
        result = getattr(self, "apply_" + kind)(row, file)
        if result != OK:
            self.refusals.append((file, line, result))
        return result

    def apply_stock(self, row, _file):
        _, _, counter, item, quantity, _, _ = row
        self.stock[int(counter), int(item)] += int(quantity)
        return OK

    def apply_sheets(self, row, file):
        when, _, category, member, start, minutes = row
        return self.serve(int(category), member, when, start, int(minutes), file)

    apply_corrections = apply_sheets

    def serve(self, category, member, when, start, minutes, file):
        if not 1 <= minutes <= 1440:
            return "minutes_invalid"
        if when > f"{words.YEAR + 1}":
            return "date_in_future"
        if member not in self.members:
            return "member_unknown"
        if category not in words.CATEGORY_NAMES:
            return "category_unknown"
        tariff = latest(words.TARIFFS, category, when)
        if tariff is None:
            return "tariff_unknown"
        if when < self.members[member].joined:
            return "before_joined"
        if self.calendar.overlaps(member, when, start, minutes):
            return "overlap"
        if self.calendar.day_minutes[member, when] + minutes > tariff[6]:
            return "over_day"
        points = points_for(category, when, minutes)
        self.calendar.add(member, when, start, minutes)
        self.minutes[member] += minutes
        self.points[member] += points
        self.earned[member] += points
        self.from_sheet[file, member] += points
        return OK

    def check_card(self, card, when):
        if card_check_digit(card[:9]) != card[9]:
            return "card_check_digit"
        if when > f"{words.YEAR + 1}":
            return "date_in_future"
        return OK if card in self.by_card else "card_unknown"

    def apply_redemptions(self, row, _file):
        receipt, when, counter, card, goods = row
        result = self.check_card(card, when)
        if result != OK:
            return result
        lines = [tuple(map(int, line.split("="))) for line in goods.split(";")]
        units = {(int(counter), item): quantity for item, quantity in lines}
        result = self.check_items(lines, when, "goods")
        if result != OK:
            return result
        member = self.by_card[card].number
        cost = sum(price_centi(item, when) * quantity for item, quantity in lines)
        if cost > self.points[member]:
            result = "points_insufficient"
        elif any(self.stock[key] < quantity for key, quantity in units.items()):
            result = "stock_insufficient"
        else:
            self.points[member] -= cost
            self.stock.subtract(units)
        self.receipts[receipt] = ["taken" if result == OK else "refused", member, cost, units]
        return result

    def check_items(self, lines, when, kind):
        if any(item not in self.KINDS for item, _ in lines):
            return "item_unknown"
        if any(price_centi(item, when) is None for item, _ in lines):
            return "price_unknown"
        if any(self.KINDS[item] != kind for item, _ in lines):
            return "wrong_item_kind"
        return OK

    def apply_undo(self, row, _file):
        entry = self.receipts.get(row[0])
        if entry is None:
            return "request_unknown"
        state, member, cost, units = entry
        if state == "refused":
            return "not_reversible"
        if state == "undone":
            return "already_reversed"
        self.points[member] += cost
        self.stock.update(units)
        entry[0] = "undone"
        return OK

    def apply_services(self, row, file):
        receipt, act, when, card, item, quantity, ask, giver, category, minutes = row
        if act == "ask":
            return self.ask(receipt, when, card, int(item), int(quantity))
        entry = self.receipts.get(ask)
        if entry is None:
            return "request_unknown"
        state, member, cost, _ = entry
        if state == "refused":
            return "not_an_ask"
        if act == "give" and giver not in self.members:
            return "member_unknown"
        if state != "open":
            return "ask_closed"
        if act == "give":
            result = self.serve(int(category), giver, when, "", int(minutes), file)
            if result != OK:
                return result
        else:
            self.points[member] += cost
        self.held[member] -= cost
        entry[0] = "closed"
        return OK

    def ask(self, receipt, when, card, item, quantity):
        result = self.check_card(card, when)
        if result == OK:
            result = self.check_items([(item, quantity)], when, "service")
        if result != OK:
            return result
        member = self.by_card[card].number
        cost = price_centi(item, when) * quantity
        if cost > self.points[member]:
            result = "points_insufficient"
        else:
            self.points[member] -= cost
            self.held[member] += cost
        self.receipts[receipt] = ["open" if result == OK else "refused", member, cost, {}]
        return result

    def winners(self, points_at_least):
        return sum(1 for member in self.members.values()
                   if member.has(words.PARTY)
                   and self.earned[member.number] >= points_at_least * 100)

    def hardship_redemptions(self):
        """(person-times, persons) of goods taken home by members in hardship."""
        taken = [entry[1] for entry in self.receipts.values()
                 if entry[0] == "taken" and self.members[entry[1]].has(words.HARDSHIP)]
        return len(taken), len(set(taken))
