#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Works out a story's year from its input files alone: board, balances, stock and refusals.

It knows the bank's rules but shares no code with the bank nor with the script that makes the story,
so that where all agree the rules were understood alike. Integers only: points in 1/100, lots by
expiry day, stock by delivery. Prints JSON; exit status 1 if the year is not what story.csv says.

  examples/independent_check.py [--dir DIR] [--csv DIR] [--without SHEET]
"""

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path

from independent_sheets import (HEADINGS, ROLL_HEADINGS, Unreadable, fold, refuse, roll_row, rows,
                                sheet_row)

HERE = Path(__file__).resolve().parent
NEVER = "never"     # sorts after every ISO date
DAY = 1440

# Of several refusals that fit, the first listed is given. Name -> whether it leaves an entry.
REFUSALS = {
    "card_check_digit": False, "minutes_invalid": False, "date_in_future": False,
    "quantity_invalid": False,
    "member_unknown": False, "card_unknown": False, "category_unknown": False,
    "item_unknown": False, "counter_unknown": False, "request_unknown": False,
    "tariff_unknown": False, "price_unknown": False,
    "wrong_item_kind": False, "not_an_ask": False, "not_reversible": False,
    "before_joined": True, "overlap": True, "over_day": True, "in_debt": True,
    "points_insufficient": True, "stock_insufficient": True, "ask_closed": True,
    "already_reversed": True,
}
PRECEDENCE = list(REFUSALS)
QUANTITY_MAX = 1_000_000


class Refused(Exception):
    def __init__(self, names):
        self.name = min(names, key=PRECEDENCE.index)
        super().__init__(self.name)


def refuse_if_any(names):
    if names:
        raise Refused(names)


def scaled(text, digits):
    """A decimal such as 1.5 as an integer of 10^-digits; never by way of floating point."""
    whole, _, part = text.partition(".")
    if len(part) > digits:
        raise ValueError(f"{text} has more than {digits} decimals")
    return int(whole + part.ljust(digits, "0"))


def card_is_sound(card):
    """ISO/IEC 7064 MOD 11,10: with its check digit the sum comes to 1."""
    if len(card) != 10 or not card.isdigit():
        return False
    rest = 10
    for digit in card[:-1]:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return (rest + int(card[-1])) % 10 == 1


def expiry(rule, when):
    """The last day on which points earned on `when` can be spent."""
    kind, _, count = rule.replace("+", ":").partition(":")
    if kind == NEVER:
        return NEVER
    year = int(when[:4]) + int(count)
    if kind == "year-end":
        return f"{year}-12-31"
    if kind != "years":
        raise ValueError(f"unknown expiry {rule}")
    return f"{year}-02-28" if when[5:] == "02-29" and year % 4 else f"{year}{when[4:]}"


def minute_of(when, start):
    hours, minutes = start.split(":")
    return date.fromisoformat(when).toordinal() * DAY + int(hours) * 60 + int(minutes)


class Lots:
    """Amounts by lot, taken in the order of the lots' keys."""

    def __init__(self):
        self.amounts = {}

    def total(self, usable=lambda key: True):
        return sum(amount for key, amount in self.amounts.items() if usable(key))

    def put(self, key, amount):
        self.amounts[key] = self.amounts.get(key, 0) + amount

    def take(self, amount, usable=lambda key: True):
        """Takes the amount, which must be there; returns [(key, amount)] to give it back."""
        taken = []
        for key in sorted(filter(usable, self.amounts)):
            part = min(amount, self.amounts[key])
            if part:
                self.amounts[key] -= part
                amount -= part
                taken.append((key, part))
        assert amount == 0
        return taken

    def give_back(self, taken):
        for key, amount in taken:
            self.put(key, amount)

    def left(self):
        return {key: amount for key, amount in sorted(self.amounts.items()) if amount}


class Member:
    def __init__(self, row):
        self.number, self.org, self.joined = row["member"], row["org"], row["joined"]
        self.classes = row["classes"].split(";")
        self.card, self.name = row["card"], fold(row["name"])
        self.points, self.held = Lots(), Lots()
        self.services = []      # (date, start minute or None, minutes, points)


class Desk:
    """What a sheet of an org may ask the registry."""

    def __init__(self, bank, org):
        self.bank, self.org = bank, org

    def member_of_card(self, card):
        if not card_is_sound(card):
            refuse("card_check_digit")
        return self.bank.cards[card].number

    def member_of_name(self, name):
        found = [member for member in self.bank.by_name.get(name, ())
                 if self.bank.is_below(member.org, self.org)]
        if len(found) != 1:
            refuse()
        return found[0].number

    def is_name_of(self, name, number):
        return any(member.number == number for member in self.bank.by_name.get(name, ()))

    def category_of(self, text):
        return self.bank.categories_by_name.get(text, text)


class Bank:
    def __init__(self, directory):
        self.directory = directory
        self.story = {row["key"]: row["value"] for row in self.rows("story.csv")}
        self.parents = {row["org"]: row["parent"] for row in self.rows("orgs.csv")}
        self.counters = {row["counter"] for row in self.rows("counters.csv")}
        self.tariffs = self.dated("categories.csv", "category")
        self.items = self.dated("items.csv", "item")
        self.members, self.cards = {}, {}
        self.orgs_by_name = {fold(row["name"]): row["org"] for row in self.rows("orgs.csv")}
        self.categories_by_name = {fold(row["name"]): row["category"]
                                   for row in self.rows("categories.csv")}
        self.refusals, self.there, self.known = [], [], set()
        self.by_name = {}       # folded name -> members
        for name in ("members.csv", "corrections/members.csv"):
            self.enter_roll(name)
        self.stock = {}         # (counter, item) -> Lots by (best before, delivery number, receipt)
        self.deliveries = 0
        self.acts = {}          # receipt -> what was done under it

    def rows(self, name):
        with (self.directory / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def dated(self, name, key):
        """{key: rows in order of their date}"""
        table = {}
        for row in self.rows(name):
            table.setdefault(row[key], []).append(row)
        for rows in table.values():
            rows.sort(key=lambda row: row["from"])
        return table

    def in_force(self, rows, when):
        return ([row for row in rows if row["from"] <= when] or [None])[-1]

    def run(self, without=None):
        months = sorted(path.stem for path in (self.directory / "stock").glob("*.csv"))
        for month in months:
            self.enter(f"stock/{month}.csv", self.deliver)
            for kind in ("sheets", "corrections"):
                for path in sorted((self.directory / kind / month).glob("*.csv")):
                    name = f"{kind}/{month}/{path.name}"
                    if name != without:
                        self.enter_sheet(name)
            self.enter(f"services/{month}.csv", self.service)
            self.enter(f"redemptions/{month}.csv", self.redeem)
            self.enter(f"redemptions/{month}-undo.csv", self.undo)

    def enter(self, name, act):
        if not (self.directory / name).exists():
            return
        for line, row in enumerate(self.rows(name), start=2):
            try:
                act(row)
            except Refused as refused:
                self.refusals.append({"file": name, "line": line, "result": refused.name})
                receipt = row.get("receipt")
                if REFUSALS[refused.name] and receipt and act != self.undo:
                    self.acts[receipt] = {"kind": "refused"}

    def enter_roll(self, name):
        if not (self.directory / name).exists():
            return
        for line, row in rows(self.directory / name, ROLL_HEADINGS):
            try:
                member = Member(roll_row(row, self.story["year"], self.orgs_by_name))
            except Unreadable as problem:
                self.refusals.append({"file": name, "line": line, "result": str(problem)})
                continue
            self.members[member.number] = self.cards[member.card] = member
            self.by_name.setdefault(member.name, []).append(member)

    def enter_sheet(self, name):
        """A sign-in sheet. What it says is known by the org of its file, the activity and the row;
        the second of two equal rows of one sheet is another service."""
        desk, seen = Desk(self, Path(name).stem), {}
        for line, row in rows(self.directory / name, HEADINGS):
            try:
                if isinstance(row, Unreadable):
                    raise row
                said = sheet_row(row, self.story["year"], desk)
                seen[said] = seen.get(said, 0) + 1
                key = (desk.org, said, seen[said])
                if key in self.known:
                    self.there.append({"file": name, "line": line})
                    continue
                self.serve(*said[:5])
                self.known.add(key)
            except (Unreadable, Refused) as problem:
                self.refusals.append({"file": name, "line": line, "result": str(problem)})

    def is_below(self, org, top):
        while org and org != top:
            org = self.parents[org]
        return bool(org)

    def date_problems(self, when):
        return ["date_in_future"] if when > self.story["today"] else []

    def item_problems(self, item, quantity, when, kind):
        """(problems, cost) of one line."""
        problems = [] if 1 <= quantity <= QUANTITY_MAX else ["quantity_invalid"]
        if item not in self.items:
            return problems + ["item_unknown"], 0
        if self.items[item][0]["kind"] != kind:
            problems.append("wrong_item_kind")
        price = self.in_force(self.items[item], when)
        if price is None:
            return problems + ["price_unknown"], 0
        return problems, scaled(price["price"], 2) * quantity

    def deliver(self, row):
        item, quantity = row["item"], int(row["quantity"])
        problems = self.date_problems(row["date"])
        if not 1 <= quantity <= QUANTITY_MAX:
            problems.append("quantity_invalid")
        if row["counter"] not in self.counters:
            problems.append("counter_unknown")
        if item not in self.items:
            problems.append("item_unknown")
        elif self.items[item][0]["kind"] != "goods":
            problems.append("wrong_item_kind")
        refuse_if_any(problems)
        self.deliveries += 1
        lot = (row["best_before"] or NEVER, self.deliveries, row["receipt"])
        self.stock.setdefault((row["counter"], item), Lots()).put(lot, quantity)
        self.acts[row["receipt"]] = {"kind": "delivery"}

    def serve(self, number, category, when, start, minutes, problems=()):
        problems = list(problems) + self.date_problems(when)
        member, tariff = self.members.get(number), None
        if not 1 <= minutes <= DAY:
            problems.append("minutes_invalid")
        if category not in self.tariffs:
            problems.append("category_unknown")
        else:
            tariff = self.in_force(self.tariffs[category], when)
            problems += [] if tariff else ["tariff_unknown"]
        if member is None:
            problems.append("member_unknown")
        else:
            problems += self.service_problems(member, tariff, when, start, minutes)
        refuse_if_any(problems)
        counted = minutes // int(tariff["rounding_minutes"]) * int(tariff["rounding_minutes"])
        points = (counted * scaled(tariff["points_per_hour"], 2) * scaled(tariff["coefficient"], 3)
                  // 60000)
        begin = minute_of(when, start) if start else None
        member.services.append((when, begin, minutes, points))
        member.points.put(expiry(tariff["expires"], when), points)

    def service_problems(self, member, tariff, when, start, minutes):
        problems = ["before_joined"] if when < member.joined else []
        if start:
            begin = minute_of(when, start)
            if any(other is not None and begin < other + length and other < begin + minutes
                   for _, other, length, _ in member.services):
                problems.append("overlap")
        day = sum(length for day, _, length, _ in member.services if day == when)
        if tariff and day + minutes > int(tariff["day_minutes_max"]):
            problems.append("over_day")
        return problems

    def spender(self, card, when, problems):
        """The card's member, or None with the reason added to problems."""
        problems += self.date_problems(when)
        member = self.cards.get(card)
        if not card_is_sound(card):
            problems.append("card_check_digit")
        elif member is None:
            problems.append("card_unknown")
        return member

    def redeem(self, row):
        when, counter, problems, cost, wanted = row["date"], row["counter"], [], 0, {}
        member = self.spender(row["card"], when, problems)
        if counter not in self.counters:
            problems.append("counter_unknown")
        for line in row["goods"].split(";"):
            item, quantity = line.split("=")
            found, price = self.item_problems(item, int(quantity), when, "goods")
            problems += found
            cost += price
            wanted[item] = wanted.get(item, 0) + int(quantity)
        if member and cost > member.points.total(lambda lot: lot >= when):
            problems.append("points_insufficient")
        for item, quantity in wanted.items():
            if quantity > self.stock.get((counter, item), Lots()).total():
                problems.append("stock_insufficient")
        refuse_if_any(problems)
        self.acts[row["receipt"]] = {
            "kind": "redemption", "date": when, "member": member, "counter": counter,
            "points": member.points.take(cost, lambda lot: lot >= when),
            "goods": [(item, self.stock[counter, item].take(quantity))
                      for item, quantity in wanted.items()],
            "undone": False,
        }

    def undo(self, row):
        act = self.acts.get(row["receipt"])
        if act is None:
            raise Refused(["request_unknown"])
        if act["kind"] == "refused":
            raise Refused(["not_reversible"])
        if act["kind"] != "redemption":
            raise SystemExit(f"undo of {row['receipt']}: only redemptions are undone in a story")
        if act["undone"]:
            raise Refused(["already_reversed"])
        act["undone"] = True
        act["member"].points.give_back(act["points"])
        for item, taken in act["goods"]:
            self.stock[act["counter"], item].give_back(taken)

    def service(self, row):
        if row["act"] == "ask":
            self.ask(row)
            return
        ask, problems = self.acts.get(row["ask"]), []
        if ask is None:
            problems.append("request_unknown")
        elif ask["kind"] != "ask":
            problems.append("not_an_ask")
        elif ask["closed"]:
            problems.append("ask_closed")
        if row["act"] == "give":
            self.serve(row["giver"], row["category"], row["date"], "", int(row["minutes"]),
                       problems)
        else:
            refuse_if_any(problems + self.date_problems(row["date"]))
            ask["member"].points.give_back(ask["points"])
        for lot, amount in ask["points"]:
            ask["member"].held.put(lot, -amount)
        ask["closed"] = True
        self.acts[row["receipt"]] = {"kind": row["act"]}

    def ask(self, row):
        when, problems = row["date"], []
        member = self.spender(row["card"], when, problems)
        found, cost = self.item_problems(row["item"], int(row["quantity"]), when, "service")
        problems += found
        if member and cost > member.points.total(lambda lot: lot >= when):
            problems.append("points_insufficient")
        refuse_if_any(problems)
        points = member.points.take(cost, lambda lot: lot >= when)
        member.held.give_back(points)
        self.acts[row["receipt"]] = {"kind": "ask", "member": member, "points": points,
                                     "closed": False}

    # What it all comes to.

    def is_below(self, org, board_org):
        while org and org != board_org:
            org = self.parents[org]
        return org == board_org

    def board(self):
        """Winners in order: points down, then member number; equal points share a rank."""
        year, least = self.story["year"], scaled(self.story["points_at_least"], 2)
        rows = []
        for member in self.members.values():
            if (self.story["class"] not in member.classes or member.joined > f"{year}-12-31"
                    or not self.is_below(member.org, self.story["board_org"])):
                continue
            own = [service for service in member.services if service[0][:4] == year]
            points = sum(service[3] for service in own)
            if points >= least:
                rows.append({"rank": 0, "member": member.number, "points_centi": points,
                             "minutes": sum(service[2] for service in own)})
        rows.sort(key=lambda row: (-row["points_centi"], row["member"]))
        for place, row in enumerate(rows):
            tie = place and row["points_centi"] == rows[place - 1]["points_centi"]
            row["rank"] = rows[place - 1]["rank"] if tie else place + 1
        return rows

    def hardship(self):
        taken = [act["member"].number for act in self.acts.values()
                 if act["kind"] == "redemption" and not act["undone"]
                 and act["date"][:4] == self.story["year"]
                 and self.story["hardship_class"] in act["member"].classes]
        return {"person_times": len(taken), "persons": len(set(taken))}

    def outcome(self):
        board = self.board()
        members = [{
            "member": member.number, "minutes": sum(service[2] for service in member.services),
            "points_centi": member.points.total(), "held_centi": member.held.total(),
            "lots": member.points.left(),
        } for member in sorted(self.members.values(), key=lambda member: member.number)]
        stock = [{
            "counter": counter, "item": item, "quantity": lots.total(),
            "lots": {key[2]: amount for key, amount in lots.left().items()},
        } for (counter, item), lots in sorted(self.stock.items())]
        return {"winners": len(board), "hardship": self.hardship(), "board": board,
                "members": members, "stock": stock, "refusals": self.refusals, "there": self.there}


def write_csv(directory, outcome):
    """One file per table; lots as LOT=AMOUNT;LOT=AMOUNT."""
    directory.mkdir(parents=True, exist_ok=True)
    totals = [{"winners": outcome["winners"], **outcome["hardship"]}]
    for name in ("totals", "board", "members", "stock", "refusals", "there"):
        rows = totals if name == "totals" else outcome[name]
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0] if rows else [])
            for row in rows:
                writer.writerow(";".join(f"{lot}={amount}" for lot, amount in value.items())
                                if isinstance(value, dict) else value for value in row.values())


def main():
    parser = argparse.ArgumentParser(description="Work out a story's year from its input files.")
    parser.add_argument("--dir", type=Path, default=HERE / "street-2016", help="the story")
    parser.add_argument("--csv", type=Path, metavar="DIR", help="also write the tables as CSV")
    parser.add_argument("--without", metavar="SHEET", help="leave out this sheet, as story.csv "
                        "names it: sheets/2016-12/990101001010.csv")
    arguments = parser.parse_args()
    if arguments.without and not (arguments.dir / arguments.without).is_file():
        parser.error(f"{arguments.without} is no file of {arguments.dir}")
    bank = Bank(arguments.dir)
    bank.run(arguments.without)
    outcome = bank.outcome()
    if arguments.csv:
        write_csv(arguments.csv, outcome)
    json.dump(outcome, sys.stdout, ensure_ascii=False, indent=1)
    print()
    expected = (int(bank.story["winners"]), int(bank.story["hardship_person_times"]))
    agrees = expected == (outcome["winners"], outcome["hardship"]["person_times"])
    return 0 if agrees or arguments.without else 1


if __name__ == "__main__":
    sys.exit(main())
