# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What happens at the counters: deliveries, services asked for and given, goods redeemed and undone.

Each row is drawn against the books as they stand and entered into them at once.
"""

import calendar
from datetime import date, timedelta

from story import words
from story.book import OK, points_for, price_centi
from story.world import card_check_digit

# Redemptions of the year by members who are not in hardship, by month.
PLAIN = (24, 60, 90, 100, 110, 120, 110, 110, 130, 120, 130, 160)
# Slips of the year at the counter: what is refused -> (how many, from month).
SLIPS = {
    "points_insufficient": (9, 2), "stock_insufficient": (7, 2), "card_check_digit": (9, 1),
    "card_unknown": (3, 2), "item_unknown": (2, 3), "wrong_item_kind": (2, 4),
    "price_unknown": (1, 3),
}
UNDONE_PLAIN, UNDONE_HARDSHIP = 17, 3
ASKS_A_MONTH = (0, 3, 4, 4, 4, 5, 5, 5, 4, 5, 5, 5)


class CounterMaker:
    def __init__(self, rng, members, book, sheets, hardship_person_times):
        self.rng = rng
        self.book = book
        self.sheets = sheets
        self.hardship = [m for m in members if m.has(words.HARDSHIP)]
        self.others = [m for m in members if not m.has(words.HARDSHIP)]
        self.hardship_target = hardship_person_times
        self.hardship_done = 0
        self.open_asks = []
        self.expected = {}
        self.receipts = {}
        self.slips = {month: [] for month in range(1, 13)}
        self.plan_slips()

    def plan_slips(self):
        for kind, (count, first) in SLIPS.items():
            last = words.MILK_FROM_MONTH - 1 if kind == "price_unknown" else 12
            for _ in range(count):
                self.slips[self.rng.randrange(first, last + 1)].append(kind)
        for kind, count in (("undone", UNDONE_PLAIN), ("undone_hardship", UNDONE_HARDSHIP)):
            for _ in range(count):
                self.slips[self.rng.randrange(2, 13)].append(kind)

    def receipt(self, letter, month):
        self.receipts[letter, month] = self.receipts.get((letter, month), 0) + 1
        return f"{letter}{words.YEAR}{month:02d}-{self.receipts[letter, month]:03d}"

    def enter(self, file, rows, row, expected=OK):
        """Applies the row to the books and adds it to the file's rows."""
        row = [str(field) for field in row]
        result = self.book.apply(file, len(rows) + 2, row)
        assert result == expected, (file, row, result, expected)
        rows.append(row)

    def stock(self, month):
        file, rows = f"stock/{words.YEAR}-{month:02d}.csv", []
        for counter, _, _ in words.COUNTERS:
            for item, (_, units, days) in words.GOODS.items():
                if item == words.MILK and month < words.MILK_FROM_MONTH:
                    continue
                if item not in words.STAPLES and self.rng.randrange(100) < 35:
                    continue
                when = date(words.YEAR, month, self.rng.randrange(1, 4))
                keeps = when + timedelta(days=days - self.rng.randrange(0, 60))
                self.enter(file, rows, (
                    self.receipt("S", month), when, counter, item,
                    self.rng.randrange(units // 2, units * 3 // 2 + 1),
                    self.rng.choice(words.DONORS), keeps if days else ""))
        return {file: rows}

    # Services: asked for in one month, given or let go in the next.

    def services(self, month):
        file, rows = f"services/{words.YEAR}-{month:02d}.csv", []
        due, self.open_asks = self.open_asks, []
        for ask in due:
            if self.rng.randrange(100) < 6:
                continue    # stays open
            if self.rng.randrange(100) < 20:
                self.enter(file, rows, (self.receipt("V", month), "release", self.day(month, 2, 8),
                                        "", "", "", ask[0], "", "", ""))
            else:
                self.give(file, rows, month, ask)
        for number in range(ASKS_A_MONTH[month - 1]):
            self.ask(file, rows, month, poor=number == 0 and month % 4 == 2)
        if month == 5:
            self.enter(file, rows, (self.receipt("V", month), "ask", self.day(month, 26, 28),
                                    self.rich(100).card, words.RICE, 1, "", "", "", ""),
                       "wrong_item_kind")
        return {file: rows} if rows else {}

    def day(self, month, first, last):
        return date(words.YEAR, month, self.rng.randrange(first, last + 1)).isoformat()

    def ask(self, file, rows, month, poor):
        item = self.rng.choice(list(words.SERVICES))
        quantity = self.rng.choice((1, 1, 2))
        when = self.day(month, 26, 28)
        cost = price_centi(item, when) * quantity
        member = self.poor(cost) if poor else self.rich(cost // 100)
        receipt = self.receipt("V", month)
        self.enter(file, rows, (receipt, "ask", when, member.card, item, quantity, "", "", "", ""),
                   "points_insufficient" if poor else OK)
        if not poor:
            self.open_asks.append((receipt, item, member))

    def give(self, file, rows, month, ask):
        receipt, item, asker = ask
        category, minutes = words.SERVICES[item], self.rng.choice((60, 60, 90, 120))
        when = self.day(month, 9, 25)
        points = points_for(category, when, minutes)
        while True:
            giver = self.rng.choice(self.others)
            if (giver != asker and not giver.star and giver.joined < when
                    and self.sheets.may_earn(giver, points)
                    and self.sheets.calendar.fits(giver.number, when, "", minutes)):
                break
        if month == 7 and not any(refusal[0] == file for refusal in self.book.refusals):
            # The desk hears the giver's number wrong, and then right.
            self.enter(file, rows, (self.receipt("V", month), "give", when, "", "", "", receipt,
                                    giver.number[:4] + "9" + giver.number[5:], category, minutes),
                       "member_unknown")
        row = ("give", when, "", "", "", receipt, giver.number, category, minutes)
        self.enter(file, rows, (self.receipt("V", month), *row))
        self.sheets.calendar.add(giver.number, when, "", minutes)
        self.sheets.planned[giver.number] += points
        if month == 9 and not any(refusal[0] == file for refusal in self.book.refusals):
            self.enter(file, rows, (self.receipt("V", month), *row), "ask_closed")

    # Redemptions: the counters are open in the last days of the month.

    def redemptions(self, month):
        file, rows = f"redemptions/{words.YEAR}-{month:02d}.csv", []
        kinds = ["plain"] * PLAIN[month - 1] + self.slips[month]
        goal = self.hardship_target * sum(PLAIN[:month]) // sum(PLAIN)
        kinds += ["hardship"] * (goal - self.hardship_done)
        self.rng.shuffle(kinds)
        last = calendar.monthrange(words.YEAR, month)[1]
        days = sorted(self.rng.randrange(26, last + 1) for _ in kinds)
        undone = []
        for kind, day in zip(kinds, days):
            when = date(words.YEAR, month, day).isoformat()
            getattr(self, "redeem_" + kind)(file, rows, month, when)
            if kind.startswith("undone"):
                undone.append(rows[-1][0])
        undo_file = file.replace(".csv", "-undo.csv")
        undo_rows = self.undo(month, undo_file, undone)
        return {file: rows, undo_file: undo_rows} if undo_rows else {file: rows}

    def undo(self, month, file, undone):
        rows = []
        for receipt in undone:
            self.enter(file, rows, (receipt, self.rng.choice(words.UNDO_REASONS)))
        if undone and not any(r[2] == "already_reversed" for r in self.book.refusals):
            self.enter(file, rows, (undone[0], words.UNDO_REASONS[-1]), "already_reversed")
        if month == 8:
            self.enter(file, rows, (f"R{words.YEAR}08-999", words.UNDO_REASONS[0]),
                       "request_unknown")
        refused = [key for key, entry in self.book.receipts.items()
                   if entry[0] == "refused" and key.startswith("R")]
        if month == 10:
            self.enter(file, rows, (refused[-1], words.UNDO_REASONS[0]), "not_reversible")
        return rows

    def rich(self, points):
        """A member who has so many points. There is one: some hundred members serve each month."""
        return self.rng.choice([m for m in self.others
                                if self.book.points[m.number] >= points * 100])

    def poor(self, cost_centi):
        """A member who has points, but not so many."""
        return self.rng.choice([m for m in self.others
                                if 0 < self.book.points[m.number] < cost_centi])

    def counter_near(self, member):
        """The counter of the nearest community, as the communities' numbers go; or the street's."""
        near = min(words.COUNTERS[1:], key=lambda c: abs(c[1] - member.community))
        return self.rng.choice((near[0], near[0], words.COUNTERS[0][0]))

    def basket(self, member, counter, when, items):
        """{item: quantity} that the member can pay and the counter has; may be empty."""
        left = self.book.points[member.number]
        weights = [words.GOODS[item][0] for item in items]
        basket = {}
        for item in self.rng.choices(items, weights=weights, k=self.rng.choice((1, 1, 1, 2, 2, 3))):
            price, quantity = price_centi(item, when), self.rng.choice((1, 1, 1, 2))
            if item in basket or price is None or price * quantity > left:
                continue
            if self.book.stock[counter, item] >= quantity:
                basket[item] = quantity
                left -= price * quantity
        return basket

    def draw(self, pool, items, when):
        """(counter, card, basket) of a redemption that will be accepted."""
        while True:
            member = self.rng.choice(pool)
            counter = self.counter_near(member)
            basket = self.basket(member, counter, when, items)
            if basket:
                return counter, member.card, basket

    def draw_plain(self, when):
        pool = [m for m in self.others if self.book.points[m.number] >= 500]
        return self.draw(pool, list(words.GOODS), when)

    def enter_redemption(self, file, rows, month, when, counter, card, basket, expected=OK):
        goods = ";".join(f"{item}={quantity}" for item, quantity in basket.items())
        self.enter(file, rows, (self.receipt("R", month), when, counter, card, goods), expected)

    def redeem_plain(self, file, rows, month, when):
        self.enter_redemption(file, rows, month, when, *self.draw_plain(when))

    redeem_undone = redeem_plain

    def redeem_undone_hardship(self, file, rows, month, when):
        pool = [m for m in self.hardship if self.book.points[m.number] >= 500]
        self.enter_redemption(file, rows, month, when, *self.draw(pool, words.STAPLES, when))

    def redeem_hardship(self, file, rows, month, when):
        self.redeem_undone_hardship(file, rows, month, when)
        self.hardship_done += 1

    def redeem_points_insufficient(self, file, rows, month, when):
        member = self.poor(price_centi(words.RICE, when))
        self.enter_redemption(file, rows, month, when, self.counter_near(member), member.card,
                              {words.RICE: 1}, "points_insufficient")

    def redeem_stock_insufficient(self, file, rows, month, when):
        """One more is wanted than there is, of whatever the counter has least of."""
        counter = self.rng.choice(words.COUNTERS)[0]
        items = [item for item in words.GOODS if price_centi(item, when) is not None]
        item = min(items, key=lambda item: self.book.stock[counter, item])
        quantity = self.book.stock[counter, item] + 1
        member = self.rich(price_centi(item, when) * quantity // 100 + 1)
        self.enter_redemption(file, rows, month, when, counter, member.card, {item: quantity},
                              "stock_insufficient")

    def redeem_card_check_digit(self, file, rows, month, when):
        """A digit of the card is mistyped; then it is typed again."""
        counter, card, basket = self.draw_plain(when)
        at = self.rng.randrange(1, 9)
        wrong = card[:at] + str((int(card[at]) + 1) % 10) + card[at + 1:]
        for number, result in ((wrong, "card_check_digit"), (card, OK)):
            self.enter_redemption(file, rows, month, when, counter, number, basket, result)

    def redeem_card_unknown(self, file, rows, month, when):
        """Another town's card."""
        base = str(self.rng.randrange(700_000_000, 800_000_000))
        self.enter_redemption(file, rows, month, when, 1, base + card_check_digit(base),
                              {words.RICE: 1}, "card_unknown")

    def redeem_item_unknown(self, file, rows, month, when):
        self.enter_redemption(file, rows, month, when, 1, self.rich(20).card, {110: 1},
                              "item_unknown")

    def redeem_wrong_item_kind(self, file, rows, month, when):
        self.enter_redemption(file, rows, month, when, 1, self.rich(20).card,
                              {words.SALT: 1, next(iter(words.SERVICES)): 1}, "wrong_item_kind")

    def redeem_price_unknown(self, file, rows, month, when):
        self.enter_redemption(file, rows, month, when, 1, self.rich(60).card, {words.MILK: 1},
                              "price_unknown")
