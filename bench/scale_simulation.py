#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The sizing model of docs/scale.md: from rates of one server and one book to a country.

Everything it assumes stands in PARAMETERS and in scale_demand.py. It prints Markdown tables, each
with a name; the document holds them word for word between <!-- begin NAME --> and <!-- end NAME -->.
Nothing is measured here: queues are played through, event by event (scale_queue.py), and so are
gifts between books over a network that loses messages (scale_gifts.py). The same numbers on every
run; it takes some seconds.

usage: scale_simulation.py [--set NAME=VALUE]... [--check FILE | --write FILE]
  --check  keeps its own invariants, and the document's tables and figures are those printed
  --write  puts the tables into the document
"""
import argparse
import math
import pathlib
import re
import sys

import scale_demand
import scale_gifts
import scale_queue

# name, value, unit, basis, where from. Basis: given (the task), measured (docs/performance.md or
# docs/scale.md names the run), computed (from measured sizes), assumed (nobody has measured it yet).
PARAMETERS = (
    ("members", 230_000_000, "", "given", "registered volunteers"),
    ("entries_a_year", 1_000_000_000, "", "given", ""),
    ("years", 10, "", "given", ""),
    ("sheet_share", 0.6, "", "assumed", "of entries that come in sheets, the rest one by one"),
    ("sheet_rows", 100, "", "assumed", "entries of a sheet, sent as one batch"),
    ("minute_factor", 5, "", "assumed", "busiest minute beside the mean of the busiest hour"),
    ("campaign_share", 0.1, "", "assumed", "of all members who do one act in the same hour"),
    ("reads_an_entry", 10, "", "assumed", "balances, pages and boards beside each entry"),
    ("servers_a_book", 2, "", "assumed", "lovebankd, on two hosts"),
    ("decide_us", 15, "µs", "measured", "processor of a server, an entry that it decides, with 100,000 members"),
    ("apply_us", 5, "µs", "measured", "the same, an entry that another server wrote"),
    ("round_trip_ms", 0.5, "ms", "assumed", "server to database, one data centre"),
    ("database_group_us", 260, "µs", "measured", "processor of the database, a group"),
    ("database_entry_us", 1.5, "µs", "measured", "the same, an entry in it"),
    ("database_cores", 16, "", "assumed", "of the primary"),
    ("flush_ms", 1.0, "ms", "assumed", "one flush of the log; commits that wait share the next"),
    ("standby_ms", 1.5, "ms", "assumed", "until the synchronous standby has it too"),
    ("balances_a_second", 262_087, "/s", "measured", "one server, 64 connections"),
    ("log_single_bytes", 820, "B", "measured", "of the database, an entry in a group of its own"),
    ("log_sheet_bytes", 135, "B", "measured", "the same, an entry of a sheet"),
    ("log_member_bytes", 250, "B", "measured", "the same, a member registered in batches of 1,000"),
    ("cache_entry_bytes", 454, "B", "measured", "of a server's cache, an entry, at 20 million"),
    ("cache_member_bytes", 790, "B", "computed", "of a server's cache, a member, with the person"),
    ("copies", 3, "", "assumed", "of each database: primary and two standbys"),
    ("server_mb", 124, "MB", "measured", "memory of a server besides its cache's pages"),
    ("hot_share", 0.1, "", "assumed", "of a cache that should be in memory"),
    ("host_gb", 64, "GB", "assumed", "memory of a host of servers"),
    ("verify_s", 10.2, "s", "measured", "to verify a million entries"),
    ("fill_a_second", 410_000, "/s", "measured", "entries that fill an empty cache"),
    ("restore_mb_s", 200, "MB/s", "assumed", "a database's copy brought back"),
    ("entries_tried", 20_100_000, "", "measured", "of the largest book that was measured"),
    ("members_tried", 1_000_000, "", "measured", "the same, of another"),
)
SEED = 20260305
PEAK_SECONDS = 20
SECONDS_MIN = 5         # less is not played: it says nothing of what cannot be kept up
ARRIVALS_MAX = 250_000  # in one play, so that it ends soon
ANSWER_LIMIT_MS = 1000
LOADS = (1, 16, 64, 256, 1024)
OUTAGE_S = 30           # until another machine has taken over
DATABASE_IS_SLOW = "the database's processors"
TURN_IS_SLOW = "the turn of one book"


class Model:
    """Parameters by name, and what follows from them."""

    def __init__(self, changes):
        for name, value, _unit, _basis, _source in PARAMETERS:
            setattr(self, name, value)
        for name, value in changes.items():
            if not hasattr(self, name):
                raise SystemExit(f"scale_simulation: no parameter {name}")
            setattr(self, name, value)
        self.provinces = scale_demand.make_books(SEED)
        self.people = sum(sum(books) for books in self.provinces.values())
        self.hours = scale_demand.make_hours()
        self.books = [book for books in self.provinces.values() for book in books]
        self.clusters = sorted(self.provinces.items(), key=lambda item: -sum(item[1]))

    def part(self, people):
        return people / self.people

    def peak_hour(self):
        """Entries in the busiest hour of the year."""
        return self.entries_a_year * max(self.hours) / sum(self.hours)

    def peak_a_second(self, people):
        """In the busiest minute, for so many people."""
        return self.part(people) * self.peak_hour() * self.minute_factor / 3600

    def campaign_a_second(self, people):
        return self.part(people) * self.members * self.campaign_share * self.minute_factor / 3600

    def entries(self, people, years):
        return self.part(people) * self.entries_a_year * years

    def log_bytes(self, people, years):
        """Of one copy of the database."""
        entry = (self.sheet_share * self.log_sheet_bytes
                 + (1 - self.sheet_share) * self.log_single_bytes)
        return (self.entries(people, years) * entry
                + self.part(people) * self.members * self.log_member_bytes)

    def cache_bytes(self, people, years):
        return (self.entries(people, years) * self.cache_entry_bytes
                + self.part(people) * self.members * self.cache_member_bytes)

    def hosts(self, books, years):
        """Hosts that hold the servers of these books in memory; two at least."""
        need = sum(self.server_mb * 1e6 + self.hot_share * self.cache_bytes(book, years)
                   for book in books)
        return max(2, math.ceil(need * self.servers_a_book / (self.host_gb * 1e9)))


# ---- how numbers are printed ----

def whole(number):
    return f"{number:,.0f}"


def short(number):
    """Two digits that count, or whole from ten on."""
    return whole(number) if number >= 10 else f"{number:.2g}"


def size(number):
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if number >= one:
            return f"{short(number / one)} {unit}"
    return f"{short(number / 1e3)} kB"


def duration(seconds):
    for unit, one in (("h", 3600), ("min", 60)):
        if seconds >= 2 * one:
            return f"{short(seconds / one)} {unit}"
    return f"{short(seconds)} s" if seconds >= 1 else f"{short(seconds * 1000)} ms"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


# ---- the tables ----

def parameters_table(model):
    rows = []
    for name, _value, unit, basis, source in PARAMETERS:
        value = getattr(model, name)
        shown = whole(value) if float(value).is_integer() else f"{value:g}"
        rows.append((f"`{name}`", f"{shown} {unit}".strip(), basis, source))
    return table(("parameter", "value", "basis", "what it is"), rows)


def demand_table(model):
    largest_cluster = sum(model.clusters[0][1])
    largest_book = max(model.books)
    rows = []
    for name, people in (("the country", model.people), (model.clusters[0][0], largest_cluster),
                         ("the largest book", largest_book),
                         ("the median book", sorted(model.books)[len(model.books) // 2])):
        rows.append((name, whole(model.part(people) * model.members),
                     short(model.entries(people, 1) / (len(model.hours) * 3600)),
                     short(model.part(people) * model.peak_hour() / 3600),
                     short(model.peak_a_second(people)), short(model.campaign_a_second(people))))
    return table(("entries a second", "members", "mean of the year", "busiest hour",
                  "busiest minute", "campaign"), rows)


def shards_table(model):
    rows = []
    for name, books in model.clusters[:5] + model.clusters[-3:]:
        people = sum(books)
        rows.append((name, str(len(books)), whole(model.part(people) * model.members),
                     size(model.log_bytes(people, 1)), size(model.log_bytes(people, model.years)),
                     str(model.hosts(books, model.years))))
    rows.append((f"all {len(model.clusters)}", whole(len(model.books)), whole(model.members),
                 size(model.log_bytes(model.people, 1)),
                 size(model.log_bytes(model.people, model.years)),
                 whole(sum(model.hosts(books, model.years) for _name, books in model.clusters))))
    return table(("cluster", "books", "members", "database, 1 year",
                  f"database, {model.years:g} years", "hosts of servers"), rows)


def storage_table(model):
    columns = []
    for people in (model.people, max(model.books)):
        log = model.log_bytes(people, model.years)
        cache = model.cache_bytes(people, model.years)
        logs, caches = log * model.copies, cache * model.servers_a_book
        columns.append([size(amount) for amount in (log, logs, cache, caches, logs + caches)])
    what = ("databases, one copy", f"databases, {model.copies:g} copies", "caches, one of each book",
            f"caches, {model.servers_a_book:g} of each book", "in all")
    return table((f"after {model.years:g} years", "the country", "the largest book"),
                 list(zip(what, *columns)))


def play_peak(model, books, factor):
    """None: too many for a play that says something."""
    rates = [model.peak_a_second(book) * factor for book in books]
    arrivals = sum(rates) * (1 - model.sheet_share + model.sheet_share / model.sheet_rows)
    seconds = min(PEAK_SECONDS, ARRIVALS_MAX / arrivals)
    return scale_queue.play(model, rates, seconds, SEED) if seconds >= SECONDS_MIN else None


def peak_cases(model):
    name, books = model.clusters[0]
    return ((f"{name}, {len(books)} books", books), ("the largest book", [max(books)]),
            (f"{name} as one book", [sum(books)]))


def peak_table(model):
    """A row for each load, until answers take too long; and for each case the last load, and
    what was too slow for it, if anything was."""
    rows, found = [], {}
    for name, books in peak_cases(model):
        for factor in LOADS:
            result = play_peak(model, books, factor)
            if result is None:
                break
            found[name] = (factor, None)
            busy = (f"{100 * result.busy[part]:.0f} %" for part in ("turn", "processor"))
            rows.append((f"{name} × {factor}", whole(result.offered), short(result.p50_ms),
                         short(result.p99_ms), short(result.group_mean), *busy))
            if result.p99_ms > ANSWER_LIMIT_MS:
                is_database = result.busy["processor"] > 0.95
                found[name] = (factor, DATABASE_IS_SLOW if is_database else TURN_IS_SLOW)
                break
    head = ("busiest minute of", "entries a second", "p50 ms", "p99 ms", "in a group", "turn",
            "processor")
    return table(head, rows), found


def outage_table(model):
    """The campaign, and the database away in it: everybody waits, and then?"""
    name, books = model.clusters[0]
    rates = [model.campaign_a_second(book) for book in books]
    rows = []
    for what, outage in (("nothing happens", (0, 0)),
                         (f"the database is away for {OUTAGE_S} s", (5, 5 + OUTAGE_S))):
        result = scale_queue.play(model, rates, 5 + OUTAGE_S, SEED, outage)
        rows.append((what, whole(result.offered), duration(result.p50_ms / 1000),
                     duration(result.p99_ms / 1000), duration(result.after_s),
                     whole(result.arrived - result.answered)))
    return table((f"campaign in {name}", "entries a second", "p50", "p99",
                  "the last one's answer, after the end", "unanswered"), rows)


def year_reached(amount_a_year, limit, at_begin=0.0):
    """In which year an amount passes a limit; the model's end is not its end."""
    if at_begin >= limit:
        return "at once"
    years = (limit - at_begin) / amount_a_year
    return f"year {int(years) + 1}" if years < 100 else "not in 100 years"


def limits_of(model, book):
    """How much, the limit, and when it is passed, for a book with so many people."""
    entries, end, members = model.entries(book, 1), model.years, model.part(book) * model.members
    cache = model.cache_bytes(book, 0)
    log = model.log_bytes(book, 0)
    fill, restore = model.fill_a_second, model.restore_mb_s * 1e6
    return (
        (whole(members), year_reached(1, model.members_tried, members)),
        (whole(model.entries(book, end)), year_reached(entries, model.entries_tried)),
        (size(model.cache_bytes(book, end)),
         year_reached(model.cache_bytes(book, 1) - cache, model.host_gb * 1e9, cache)),
        (duration(model.entries(book, end) / 1e6 * model.verify_s),
         year_reached(entries / 1e6 * model.verify_s, 6 * 3600)),
        (duration((model.entries(book, end) + members) / fill),
         year_reached(entries / fill, 3600, members / fill)),
        (duration(model.log_bytes(book, end) / restore),
         year_reached((model.log_bytes(book, 1) - log) / restore, 4 * 3600, log / restore)),
    )


def limits_table(model):
    name, books = model.clusters[0]
    what = (("members; measured so far", whole(model.members_tried)),
            ("entries; measured so far", whole(model.entries_tried)),
            ("cache; a host's memory", f"{model.host_gb:g} GB"), ("`verify`; a night", "6 h"),
            ("filling an empty cache; an hour", "1 h"),
            ("bringing back its database; half a working day", "4 h"))
    rows = [(*label, *county, *province) for label, county, province in
            zip(what, limits_of(model, max(books)), limits_of(model, sum(books)))]
    end = f"after {model.years:g} years"
    return table(("what; its limit", "limit", f"largest book, {end}", "passed in",
                  f"{name} as one book", "passed in"), rows)


def gifts_table(outcome):
    return table(("gifts between books, played through", ""), [
        ("gifts, and those of them returned", f"{whole(outcome.gifts)}, {whole(outcome.returned)}"),
        ("messages sent, lost, doubled",
         f"{whole(outcome.sent)}, {whole(outcome.lost)}, {whole(outcome.doubled)}"),
        ("carriers that died and began again", whole(outcome.restarts)),
        ("tries that an id had answered before", whole(outcome.replays)),
        ("moments looked at, and those at which points were missing",
         f"{whole(outcome.looks)}, {whole(outcome.missing)}"),
        ("pairs of books, and those whose clearing does not sum to zero in the end",
         f"{whole(outcome.pairs)}, {whole(outcome.pairs_open)}"),
    ])


def findings(model, found):
    """What the tables come to, in sentences."""
    lines = []
    for name, books in peak_cases(model):
        factor, why = found[name]
        end = "is answered within a second"
        if why is not None:
            end = f"takes more than a second to answer; what is too slow is {why}"
        lines.append(f"- {name}: {factor} times the busiest minute {end}.")
    campaign = model.campaign_a_second(model.people)
    peak = model.peak_a_second(model.people)
    lines.append(f"- The campaign is {short(campaign / peak)} times the busiest minute.")
    reads = campaign * model.reads_an_entry
    lines.append(f"- Reads of the whole country in the campaign, {whole(reads)} a second, are the\n"
                 f"  work of {short(reads / model.balances_a_second)} servers at the measured rate; "
                 f"there are {whole(len(model.books) * model.servers_a_book)}.")
    return "\n".join(lines)


def check_invariants(model, outcome):
    """Ends the program at the first that does not hold."""
    def require(holds, what):
        if not holds:
            raise SystemExit(f"scale_simulation: {what}")

    require(len(model.hours) == 365 * 24, "a year has other hours")
    require(abs(sum(model.part(book) for book in model.books) - 1) < 1e-9,
            "the books are not the country")
    require(abs(sum(model.entries_a_year * hour / sum(model.hours) for hour in model.hours)
                - model.entries_a_year) < 1, "the hours are not the year")
    require(outcome.missing == 0, "points were missing while gifts were on the way")
    require(outcome.pairs_open == 0, "a pair of clearing accounts does not sum to zero")
    require(outcome.unsettled == 0, "a gift was settled never, or twice")
    require(outcome.lost > 0 and outcome.replays > 0 and outcome.restarts > 0,
            "the gifts met no trouble")
    require(scale_gifts.play(SEED, by_id=False).unsettled > 0,
            "without ids nothing went wrong: the check sees nothing")
    scale_queue.check_against_theory(require)
    scale_queue.check_outage(require, model, SEED)
    calm = play_peak(model, [max(model.books)], 1)
    require(calm.answered == calm.arrived, "an entry was lost in a queue")
    year = (model.log_bytes(model.people, 2) - model.log_bytes(model.people, 1)) / model.entries_a_year
    require(model.log_sheet_bytes <= year <= model.log_single_bytes, "a year's storage is out of bounds")


def make_tables(model):
    outcome = scale_gifts.play(SEED)
    peak, found = peak_table(model)
    return {"parameters": parameters_table(model), "demand": demand_table(model),
            "shards": shards_table(model), "storage": storage_table(model), "peak": peak,
            "outage": outage_table(model), "findings": findings(model, found),
            "limits": limits_table(model), "gifts": gifts_table(outcome)}, outcome


# ---- the document ----

BLOCK = re.compile(r"(<!-- begin (\w+) -->\n)(.*?)(<!-- end \2 -->)", re.DOTALL)
# What a program of bench/ printed, put there by hand.
MEASURED = re.compile(r"<!-- measured (\w+) -->\n(.*?)<!-- end \1 -->", re.DOTALL)
FIGURE = re.compile(r"\d[\d,.]*\d|\d")
SELF_EVIDENT = re.compile(r"[12]?\d|30|31|20\d\d")  # small numbers, days, years


def figures_of(text):
    """Those of prose: comments, code and links' targets have none."""
    plain = re.sub(r"<!--.*?-->|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    return [figure for figure in FIGURE.findall(plain) if not SELF_EVIDENT.fullmatch(figure)]


def check_prose(name, text, known, performance):
    """Each figure stands in a table of the page; or in performance.md, if its paragraph links there."""
    for paragraph in re.split(r"\n\s*\n", text):
        elsewhere = performance if "(performance.md" in paragraph else set()
        for figure in figures_of(paragraph):
            if figure not in known and figure not in elsewhere:
                yield (f"{name}: {figure} is in no table of the page, and its paragraph names no "
                       "place of performance.md that has it")


def check_document(path, tables):
    """Messages about tables that differ, and figures that stand nowhere."""
    text = path.read_text(encoding="utf-8")
    performance = set(FIGURE.findall((path.parent / "performance.md").read_text(encoding="utf-8")))
    seen = set()
    for _begin, name, body, _end in BLOCK.findall(text):
        seen.add(name)
        if body != tables.get(name, "") + "\n":
            yield f"{path.name}: table {name} is not the one printed: run with --write"
    for name in tables.keys() - seen:
        yield f"{path.name}: table {name} is missing"
    known = set(FIGURE.findall("\n".join(tables.values())))
    for _name, body in MEASURED.findall(text):
        known |= set(FIGURE.findall(body))
    yield from check_prose(path.name, MEASURED.sub(" ", BLOCK.sub(" ", text)), known, performance)


def write_document(path, tables):
    text = path.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda match: match[1] + tables[match[2]] + "\n" + match[4], text)
    path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="the sizing model of docs/scale.md")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="another value of a parameter, to see what it changes")
    parser.add_argument("--check", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    model = Model({name: float(value) for name, _equals, value in
                   (one.partition("=") for one in arguments.set)})
    tables, outcome = make_tables(model)
    if arguments.write:
        write_document(arguments.write, tables)
    elif not arguments.check:
        print("\n\n".join(f"{name}\n\n{body}" for name, body in tables.items()))
    check_invariants(model, outcome)
    problems = list(check_document(arguments.check, tables)) if arguments.check else []
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
