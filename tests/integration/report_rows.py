#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The rows of `lovebank report --by` against what this script works out from the entries themselves:
of a small random book, whose histories are read with `lovebank --json history`, and of the street's
year in examples/street-2016, whose entries are read one by one. LB_TEST_SEED repeats a book.
"""

import csv
import io
import itertools
import json
import os
import random
import re
import unittest
import zipfile
from collections import defaultdict
from datetime import date, timedelta

from lovebank_story import INFLIGHT, STREET_2016, Story
from lovebank_testing import ENTRY_GET, REPORT, RESULTS, STATUS, Server, command, message

(ORG_OPEN, CLASS_SET, TARIFF_SET, ITEM_SET, COUNTER_OPEN) = (10, 12, 13, 14, 15)
MEMBER_REGISTER = 20
(STOCK_RECEIVE, SERVICE_RECORD, REDEEM, SERVICE_ASK, SERVICE_GIVE, REVERSE) = (30, 31, 32, 33, 34, 36)
STREET, EAST, WEST, ELSEWHERE = 110, 111, 112, 200
HARDSHIP = 3
RICE, HAIRCUT = 101, 201
COUNTS = ("service_persons", "service_person_times", "minutes", "earned_centi",
          "redemption_persons", "redemption_person_times", "received_persons",
          "received_person_times", "redeemed_centi")
PERSONS = ("service_persons", "redemption_persons", "received_persons")
BREAKDOWNS = [",".join(words) for size in (1, 2, 3)
              for words in itertools.combinations(("month", "org", "category"), size)]


class Deed:
    """What one entry says that stands: who served, who took goods, who was helped."""

    def __init__(self, on, org, category, served, spent):
        self.on, self.org, self.category = on, org, category
        self.served = served  # (member, minutes, points_centi) or None
        self.spent = spent    # (member, "redemption" or "received", points_centi) or None


def rows_of(deeds, by, year, counts):
    """{(month, org, category): counts}, where `counts` says of a member whether it counts."""
    found = defaultdict(lambda: {name: set() if name in PERSONS else 0 for name in COUNTS})

    def place(deed, category):
        return (deed.on.month if "month" in by else 0, deed.org if "org" in by else 0,
                category if "category" in by else 0)

    for deed in deeds:
        if deed.on.year != year:
            continue
        if deed.served and counts(deed.served[0]):
            row = found[place(deed, deed.category)]
            row["service_persons"].add(deed.served[0])
            row["service_person_times"] += 1
            row["minutes"] += deed.served[1]
            row["earned_centi"] += deed.served[2]
        if deed.spent and counts(deed.spent[0]):
            row = found[place(deed, 0)]
            row[deed.spent[1] + "_persons"].add(deed.spent[0])
            row[deed.spent[1] + "_person_times"] += 1
            row["redeemed_centi"] += deed.spent[2]
    return {key: {name: len(row[name]) if name in PERSONS else row[name] for name in COUNTS}
            for key, row in sorted(found.items())}


def rows_told(server, by, *options):
    """The rows of the command line in the same form, in their order, and the totals."""
    lines = [json.loads(line) for line in
             server.cli("report", "--by", by, "--format", "json", *options).splitlines()]
    return ({(row.get("month", 0), row.get("org", 0), row.get("category", 0)):
             {name: row.get(name, 0) for name in COUNTS} for row in lines[:-1]}, lines[-1])


class ReportCase(unittest.TestCase):
    maxDiff = 4000

    def compare(self, server, deeds, year, org, counts, class_id=None):
        options = ["--year", year, "--org", org]
        options += ["--class", class_id] if class_id else []
        whole = rows_of(deeds, (), year, counts).get((0, 0, 0), dict.fromkeys(COUNTS, 0))
        for by in BREAKDOWNS:
            told, totals = rows_told(server, by, *options)
            expected = rows_of(deeds, by.split(","), year, counts)
            self.assertEqual(told, expected, by)
            self.assertEqual(list(told), sorted(told), by)
            self.assertEqual({name: totals.get(name, 0) for name in COUNTS}, whole, by)
            for name in COUNTS:
                if name not in PERSONS:
                    self.assertEqual(sum(row[name] for row in told.values()), totals.get(name, 0))
        return whole


def deed_of_json(entry):
    """Of an entry as `lovebank --json history` tells it; None: it counts nowhere."""
    acts = entry["command"]
    if entry.get("code"):
        return None
    earning = entry.get("earning")
    served = (int(earning["member"]), earning["minutes"], earning.get("points_centi", 0)) \
        if earning else None
    spent = None
    if "redeem" in acts or "service_give" in acts:
        cost = sum(line["quantity"] * line["price_centi"] for line in entry["lines"])
        spent = (int(entry["links"][0]["member"]),
                 "redemption" if "redeem" in acts else "received", cost)
    if not served and not spent:
        return None
    return Deed(date.fromisoformat(entry["day"]), entry["org"],
                earning["category"] if earning else 0, served, spent)


class SmallBook(ReportCase):
    def setUp(self):
        seed = int(os.environ.get("LB_TEST_SEED", random.randrange(1 << 32)))
        print(f"LB_TEST_SEED={seed}", flush=True)
        self.random = random.Random(seed)
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)
        self.homes = {number: self.random.choice((STREET, EAST, WEST, ELSEWHERE))
                      for number in range(1, 11)}
        self.poor = {number for number in self.homes if number % 3 == 0}
        self.homes[min(self.poor)] = EAST  # some of them belong there, whatever the seed
        self.connection.do(*self.registry())
        self.write_deeds(300)

    def registry(self):
        start = {"on": "2015-01-01"}
        for org, parent in ((STREET, None), (EAST, STREET), (WEST, STREET), (ELSEWHERE, None)):
            yield command(ORG_OPEN, (1, org), (2, parent), (3, 3 if parent else 2),
                          (4, f"组织{org}"), **start)
        yield command(CLASS_SET, (1, HARDSHIP), (2, "困难党员"), **start)
        for category, points in ((1, 100), (2, 250)):
            yield command(TARIFF_SET, (1, category), (2, f"类别{category}"), (3, points), (4, 1000),
                          (5, 15), (6, 1), (8, 1440), **start)
        yield command(ITEM_SET, (1, RICE), (2, 1), (3, "大米"), (4, "袋"), (6, 60), **start)
        yield command(ITEM_SET, (1, HAIRCUT), (2, 2), (3, "理发"), (4, "次"), (6, 40), **start)
        for counter, org in ((8, STREET), (9, ELSEWHERE)):
            yield command(COUNTER_OPEN, (1, counter), (2, org), (3, f"兑换点{counter}"), **start)
            yield command(STOCK_RECEIVE, (1, counter), (2, "粮店"),
                          (3, message((1, RICE), (2, 1000))), **start)
        for number, home in self.homes.items():
            yield command(MEMBER_REGISTER, (1, number), (2, home),
                          (3, HARDSHIP if number in self.poor else None),
                          (5, message((1, f"志愿者{number}"))), **start)

    def deed(self, made):
        """One random command; most are done, some refused."""
        pick = self.random.randrange
        who = message((1, 1 + pick(10)))
        on = (date(2015, 10, 1) + timedelta(days=pick(600))).isoformat()
        kind = pick(10)
        if kind < 5 or not made:
            org = self.random.choice((None, EAST, ELSEWHERE))
            return command(SERVICE_RECORD, (1, who), (2, 1 + pick(2)), (3, 1 + pick(200)), (6, org),
                           on=on)
        if kind < 7:
            return command(REDEEM, (1, who), (2, 8 + pick(2)), (3, message((1, RICE), (2, 1))),
                           on=on)
        if kind == 7:
            return command(SERVICE_ASK, (1, who), (2, 8 + pick(2)), (3, HAIRCUT), (4, 1),
                           on="2015-10-01")
        target = message((1, self.random.choice(made)))
        if kind == 8:
            return command(REVERSE, (1, target), memo="记错了")
        giver = ((2, who), (3, 1), (4, 30)) if pick(2) else ()
        return command(SERVICE_GIVE, (1, target), *giver, on=on)

    def write_deeds(self, count):
        made = []
        for _ in range(count):
            result = self.connection.write(self.deed(made))[0]
            if result.number(1) == 0:
                made.append(result.number(2))
        asks = [self.connection.do(command(SERVICE_ASK, (1, message((1, 1 + number % 10))), (2, 8),
                                           (3, HAIRCUT), (4, 1), on="2017-06-01"))[0].number(2)
                for number in self.rich()]
        for ask in asks:
            self.connection.do(command(SERVICE_GIVE, (1, message((1, ask))), on="2017-06-02"))

    def rich(self):
        """Members made so: whoever asks has the points."""
        for number in range(3):
            self.connection.do(command(SERVICE_RECORD, (1, message((1, 1 + number))), (2, 2),
                                       (3, 1000), on="2017-06-01"))
            yield number

    def deeds(self):
        entries = {}
        for number in self.homes:
            told = self.server.cli("--json", "history", number, "--limit", 1000)
            for line in told.splitlines():
                entry = json.loads(line)
                entries[entry["number"]] = entry
        return [deed for deed in (deed_of_json(entry) for entry in entries.values()
                                  if not entry["reversed_by"]) if deed]

    def test_every_breakdown_is_that_of_the_histories(self):
        deeds = self.deeds()
        seen = 0
        for year in (2015, 2016, 2017):
            for org, below in ((STREET, {STREET, EAST, WEST}), (EAST, {EAST})):
                self.compare(self.server, deeds, year, org,
                             lambda member, below=below: self.homes[member] in below)
                whole = self.compare(
                    self.server, deeds, year, org,
                    lambda member, below=below: self.homes[member] in below and member in self.poor,
                    HARDSHIP)
                seen += whole["service_person_times"]
        self.assertGreater(seen, 0)
        self.assertTrue(any(deed.spent and deed.spent[1] == "received" for deed in deeds))

    def test_the_rows_are_the_same_in_a_csv_file(self):
        options = ["--year", 2016, "--org", STREET, "--by", "month,org,category"]
        told, _ = rows_told(self.server, "month,org,category", "--year", 2016, "--org", STREET)
        path = self.server.dir / "rows.csv"
        done = self.server.cli("--lang", "en", "report", *options, "--format", "csv", "-o", path,
                               check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual([(int(row["MONTH"]), int(row["ORG NUMBER"]),
                           int(row["CATEGORY NUMBER"] or 0), int(row["PERSONS SERVING"]),
                           int(row["TIMES SERVED"]), int(row["TIME (MINUTES)"]))
                          for row in rows],
                         [(*key, row["service_persons"], row["service_person_times"],
                           row["minutes"]) for key, row in told.items()])

    def test_a_workbook_has_a_sheet_for_each_community(self):
        path = self.server.dir / "rows.xlsx"
        self.server.cli("--lang", "zh", "report", "--year", 2016, "--org", STREET, "--by",
                        "month,org", "--format", "xlsx", "-o", path)
        with zipfile.ZipFile(path) as book:
            names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
        told, _ = rows_told(self.server, "month,org", "--year", 2016, "--org", STREET)
        done = {key[1] for key in told}
        self.assertEqual(names, ["全部", *(f"组织{org}" for org in (EAST, WEST) if org in done),
                                 "说明"])

    def test_a_table_says_persons_and_person_times_and_the_entry(self):
        told = self.server.cli("--lang", "zh", "report", "--year", 2016, "--org", STREET, "--by",
                               "month")
        for words in ("服务人数", "服务人次", "全年", "人数不能相加", "截至第 "):
            self.assertIn(words, told)

    def test_what_cannot_be_asked_for_is_refused(self):
        for by in ("", "week", "month,", "month;org"):
            done = self.server.cli("--lang", "en", "report", "--year", 2016, "--org", STREET, "--by",
                                   by, check=False)
            self.assertEqual(done.returncode, 2, by)
            self.assertIn("month,org", done.stderr)
        answer = self.connection.ask(REPORT, (1, 2016), (2, 999), (4, True))
        self.assertEqual((answer.number(1), answer.messages(15)), (RESULTS["org_unknown"], []))


def entries_of(connection):
    """[(Entry, reversed_by)] of the whole book, pipelined."""
    head = connection.ask(STATUS).number(2)
    found = []
    for start in range(1, head + 1, INFLIGHT):
        numbers = range(start, min(start + INFLIGHT, head + 1))
        for number in numbers:
            connection.submit(ENTRY_GET, message((1, message((1, number)))))
        for _ in numbers:
            stored = connection.receive().message().message(2)
            found.append((stored.message(1), stored.number(2)))
    return found


def deed_of_entry(entry):
    acts = entry.message(5)
    if entry.number(6):
        return None
    earning = entry.message(14) if 14 in entry else None
    served = (earning.number(1), earning.number(4), earning.number(6)) if earning else None
    spent = None
    if REDEEM in acts or SERVICE_GIVE in acts:
        cost = sum(line.number(2) * line.number(3) for line in entry.messages(13))
        spent = (entry.messages(10)[0].number(1),
                 "redemption" if REDEEM in acts else "received", cost)
    if not served and not spent:
        return None
    return Deed(date(1970, 1, 1) + timedelta(days=entry.number(3)), entry.number(18),
                earning.number(2) if earning else 0, served, spent)


class StreetYear(ReportCase):
    def test_the_rows_of_the_street_are_those_of_its_entries(self):
        with Server() as server:
            story = Story(server, STREET_2016)
            story.load()
            with server.connect() as connection:
                entries = entries_of(connection)
            deeds = [deed for deed in (deed_of_entry(entry) for entry, reversed_by in entries
                                       if not reversed_by) if deed]
            poor = {registered.number(1)
                    for entry, _ in entries if MEMBER_REGISTER in entry.message(5)
                    for registered in [entry.message(5).message(MEMBER_REGISTER)]
                    if int(story.facts["hardship_class"]) in registered.numbers(3)}
            year, org = int(story.facts["year"]), int(story.facts["board_org"])
            self.compare(server, deeds, year, org, lambda member: True)
            whole = self.compare(server, deeds, year, org, lambda member: member in poor,
                                 story.facts["hardship_class"])
            self.assertEqual((whole["redemption_person_times"], whole["redemption_persons"]),
                             (102, 44))


if __name__ == "__main__":
    unittest.main()
