#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What people take away, in every format: what LibreOffice sees in the files, cell by cell, is what
the JSON says; workbooks have the types, sheets and headings that docs/exports.md promises.
"""

import json
import re
import shutil
import subprocess
import unittest
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

from lovebank_testing import Server

STREET, EAST, WEST, GRID = 310101001000, 310101001001, 310101001002, 310101001003
ANNA, BAO, CHEN, DAI = 42, 43, 12345678, 7
YEAR = ["--year", 2016, "--org", STREET]
REPORT = ["report", *YEAR, "--by", "month,org"]
SINCE = ["--from", "2016-01-01"]
JOINED = ["--joined", "2016-01-01"]
CALC_S = 240

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def fill(server):
    """Anna in a community, Bao in one with a name that Excel takes for no sheet, Chen in a grid
    below it with a name that looks like a formula, Dai in the street itself."""
    cli = server.cli
    cli("org", "open", STREET, "春晖街道", "--kind", "street", *SINCE)
    cli("org", "open", EAST, "东风社区", "--kind", "community", "--parent", STREET, *SINCE)
    cli("org", "open", WEST, "西[1/2]社区", "--kind", "community", "--parent", STREET, *SINCE)
    cli("org", "open", GRID, "西一网格", "--kind", "grid", "--parent", WEST, *SINCE)
    cli("category", "set", 1, "家政", "10", "--expires", "year-end+1", *SINCE)
    cli("item", "set", 101, "大米, 5 kg", "30", *SINCE)
    cli("item", "set", 201, "理发", "20", "--kind", "service", *SINCE)
    cli("counter", "open", 9, STREET, "爱心超市")
    cli("stock", "receive", 101, 5, "--counter", 9, "--date", "2016-02-01")
    for member, name, org in ((ANNA, "张小明", EAST), (BAO, "欧阳春", WEST), (CHEN, "=王1", GRID),
                              (DAI, "戴玉", STREET)):
        cli("member", "add", name, org, "--member", member, *JOINED)
    cli("record", ANNA, 1, 600, "--date", "2016-03-01")
    cli("record", ANNA, 1, 100, "--date", "2016-03-02")
    cli("redeem", ANNA, "101", "--counter", 9, "--date", "2016-04-01")
    cli("record", BAO, 1, 301, "--date", "2016-04-02")
    cli("record", CHEN, 1, 61, "--date", "2016-04-03")
    cli("record", DAI, 1, 60, "--date", "2016-04-04")
    cli("service", "ask", ANNA, "201", 1, "--counter", 9, "--date", "2016-05-01")
    cli("redeem", ANNA, "101=4", "--counter", 9, "--date", "2016-05-02", check=False)
    cli("record", ANNA, 1, 30, "--date", "2016-02-29")
    cli("undo", entries(server, ANNA)[-4]["number"], "--reason", "输错")


def entries(server, member):
    """Oldest first."""
    lines = server.cli("--json", "history", member, "--all").splitlines()
    return [json.loads(line) for line in reversed(lines)]


def posted(entry, member, asset):
    """What it changes for a member."""
    return sum(posting["amount"] for posting in entry.get("postings", [])
               if (posting["account"], posting["owner"], posting["asset"]) ==
               ("ACCOUNT_KIND_MEMBER", member, f"ASSET_KIND_{asset}"))


def cells_of(row):
    for cell in row.iter(f"{{{TABLE}}}table-cell"):
        kind = cell.get(f"{{{OFFICE}}}value-type")
        text = "\n".join("".join(part.itertext()) for part in cell.findall(f"{{{TEXT}}}p"))
        value = {None: None, "string": text, "date": cell.get(f"{{{OFFICE}}}date-value"),
                 "float": float(cell.get(f"{{{OFFICE}}}value", "nan"))}[kind]
        yield from [value] * min(int(cell.get(f"{{{TABLE}}}number-columns-repeated", 1)), 32)


def sheets_of(path):
    """{sheet: rows of texts, floats, days and None} of LibreOffice's flat XML."""
    found = {}
    for sheet in ElementTree.parse(path).iter(f"{{{TABLE}}}table"):
        rows = [list(cells_of(row)) for row in sheet.iter(f"{{{TABLE}}}table-row")]
        for row in rows:
            while row and row[-1] is None:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        found[sheet.get(f"{{{TABLE}}}name")] = rows
    return found


def trimmed(row):
    row = list(row)
    while row and row[-1] is None:
        row.pop()
    return row


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        fill(cls.server)

    def export(self, kind, *command, lang="en", check=True):
        """The file's path."""
        path = self.server.dir / f"{command[0]}.{kind}"
        done = self.server.cli("--lang", lang, *command, "--format", kind, "-o", path, check=check)
        return path if check else (path, done)

    def objects(self, *command, lang="en"):
        out = self.server.cli("--lang", lang, *command, "--format", "json")
        return [json.loads(line) for line in out.splitlines()]


def expected_stars(rows):
    return [trimmed([row["rank"], row["member"], row["masked_name"], f"{row['org']:012}",
                     {STREET: "春晖街道", EAST: "东风社区", WEST: "西[1/2]社区",
                      GRID: "西一网格"}[row["org"]], row["points_centi"] / 100, row["minutes"],
                     row["services"], row["lifetime_minutes"], row["stars"]]) for row in rows]


def counts_of(row):
    """Of a report."""
    return [row["service_persons"], row["service_person_times"], row["minutes"],
            row["earned_centi"] / 100, row["redemption_persons"], row["redemption_person_times"],
            row["received_persons"], row["received_person_times"], row["redeemed_centi"] / 100]


def expected_history(found, notes):
    def row(entry):
        minutes, points = (posted(entry, ANNA, asset) for asset in ("MINUTES", "POINTS"))
        balance = next((balance["points_centi"] / 100 for balance in entry.get("balances", [])
                        if balance["member"] == f"{ANNA:08}"), None)
        return trimmed([entry["day"], notes[entry["number"]][0], minutes or None,
                        points / 100 or None, balance, entry["number"],
                        notes[entry["number"]][1] or None])
    return [row(entry) for entry in found]


def expected_statement(rows, last):
    ends = [[None, what, None, None, last[f"{end}_centi"] / 100, last[f"{end}_minutes"]]
            for end, what in (("opening", "opening balance"), ("closing", "closing balance"))]
    between = [trimmed([row["day"], row["what"], row.get("minutes"),
                        row["points_centi"] / 100 if "points_centi" in row else None,
                        row["balance_centi"] / 100, row["lifetime_minutes"], row["number"],
                        row.get("note")]) for row in rows]
    return [ends[0], *between, ends[1]]


@unittest.skipUnless(shutil.which("soffice"), "needs LibreOffice: scripts/setup.sh test")
class SeenByLibreOffice(Exports):
    # As its dialog offers for a file with this mark: commas, UTF-8, dates and numbers detected.
    READ_AS = {"csv": ["--infilter=CSV:44,34,76,1,,0,false,true"], "xlsx": []}

    @classmethod
    def setUpClass(cls):
        """All files of a kind are opened at once: LibreOffice takes long to start."""
        super().setUpClass()
        cls.seen = cls.server.dir / "seen"
        for kind in ("csv", "xlsx"):
            folder = cls.server.dir / kind
            folder.mkdir()
            for name, command in (("stars", ["stars", *YEAR, "--names"]),
                                  ("history", ["history", ANNA]),
                                  ("statement", ["statement", ANNA]), ("report", REPORT)):
                cls.server.cli("--lang", "en", *command, "--format", kind, "-o",
                               folder / f"{name}-{kind}.{kind}")
            subprocess.run(["soffice", f"-env:UserInstallation=file://{cls.server.dir}/profile",
                            "--headless", *cls.READ_AS[kind], "--convert-to", "fods", "--outdir",
                            cls.seen, *sorted(folder.iterdir())],
                           check=True, capture_output=True, timeout=CALC_S)

    def rows(self, name, kind, sheet=None):
        """Those below the headings."""
        found = sheets_of(self.seen / f"{name}-{kind}.fods")
        rows = next(iter(found.values())) if sheet is None else found[sheet]
        return rows[1:] if kind == "csv" else rows[2:]

    def assert_seen(self, name, wanted):
        self.assertEqual(self.rows(name, "xlsx"), wanted)
        # Of the texts here only the name =王1 could be a formula.
        neutral = [["'" + cell if str(cell).startswith("=") else cell for cell in row]
                   for row in wanted]
        self.assertEqual(self.rows(name, "csv"), neutral)

    def test_stars(self):
        *rows, _ = self.objects("stars", *YEAR, "--names")
        self.assertEqual([row["member"] for row in rows],
                         ["00000042", "00000043", "12345678", "00000007"])
        self.assertTrue(rows[2]["masked_name"].startswith("="))
        self.assert_seen("stars", expected_stars(rows))

    def test_report(self):
        *rows, total = self.objects(*REPORT)
        self.assertEqual(sum(row["minutes"] for row in rows), total["minutes"])
        wanted = [[row["month"], f"{row['org']:012}", row["org_name"], *counts_of(row)]
                  for row in rows]
        self.assertEqual(self.rows("report", "csv"), wanted)
        self.assertEqual(self.rows("report", "xlsx", "All"),
                         [*wanted, [None, None, "year", *counts_of(total)]])
        self.assertEqual(self.rows("report", "xlsx", "西_1_2_社区"),
                         [row for row in wanted if row[1] in (str(WEST), str(GRID))])

    def test_history(self):
        found = self.objects("history", ANNA, "--all")
        notes = {row[5]: (row[1], row[6] if len(row) > 6 else None)
                 for row in self.rows("history", "xlsx")}
        self.assertEqual(len(notes), len(found))
        for row in self.objects("statement", ANNA)[:-1]:
            self.assertEqual(notes[row["number"]], (row["what"], row.get("note")))
        self.assert_seen("history", expected_history(found, notes))

    def test_statement(self):
        *rows, last = self.objects("statement", ANNA)
        self.assertEqual(len(rows), 6)
        self.assert_seen("statement", expected_statement(rows, last))
        lots = [[lot["use_by_day"], lot["points_centi"] / 100] for lot in last["lots"]]
        self.assertEqual(self.rows("statement", "xlsx", "Use by"),
                         [*lots, ["total", last["closing_centi"] / 100]])


class Workbooks(Exports):
    def parts(self, path):
        with zipfile.ZipFile(path) as book:
            self.assertIsNone(book.testzip())
            return {name: book.read(name).decode() for name in book.namelist()}

    def sheet(self, path, number=1):
        return ElementTree.fromstring(self.parts(path)[f"xl/worksheets/sheet{number}.xml"])

    def texts(self, path, column, number=1):
        """Of a column of a sheet, its heading first."""
        cells = self.sheet(path, number).iter(f"{SHEET}c")
        return [cell.find(f".//{SHEET}t").text for cell in cells
                if cell.get("r")[0] == column and cell.get("t") == "inlineStr"]

    def names(self, path):
        return re.findall(r'<sheet name="([^"]*)"', self.parts(path)["xl/workbook.xml"])

    def formats(self, path):
        """By style: the number format."""
        styles = ElementTree.fromstring(self.parts(path)["xl/styles.xml"])
        codes = {"0": "General", "1": "0", "2": "0.00", "49": "@"}
        for form in styles.iter(f"{SHEET}numFmt"):
            codes[form.get("numFmtId")] = form.get("formatCode")
        return [codes[style.get("numFmtId")] for style in styles.find(f"{SHEET}cellXfs")]

    def test_headings_stay_in_sight_and_filter(self):
        for command, last_column in ((["stars", *YEAR], "H"), (["history", ANNA], "G"),
                                     (["statement", ANNA], "H")):
            sheet = self.sheet(self.export("xlsx", *command))
            pane = sheet.find(f".//{SHEET}pane")
            self.assertEqual((pane.get("state"), pane.get("ySplit")), ("frozen", "2"))
            rows = len(sheet.findall(f".//{SHEET}row"))
            self.assertEqual(sheet.find(f"{SHEET}autoFilter").get("ref"), f"A2:{last_column}{rows}")

    def test_cells_have_types_and_identifiers_are_texts(self):
        path = self.export("xlsx", "stars", *YEAR)
        formats = self.formats(path)
        first = self.sheet(path).findall(f".//{SHEET}row")[2]
        found = [(cell.get("t"), formats[int(cell.get("s", 0))]) for cell in first]
        text, count, points = ("inlineStr", "@"), (None, "0"), (None, "0.00")
        self.assertEqual(found, [count, text, text, points, count, count, count, count])
        path = self.export("xlsx", "statement", ANNA)
        days = [cell for cell in self.sheet(path).iter(f"{SHEET}c")
                if self.formats(path)[int(cell.get("s", 0))] == "yyyy-mm-dd"]
        first_day = date(1899, 12, 30) + timedelta(int(days[0].find(f"{SHEET}v").text))
        self.assertEqual(first_day, date(2016, 2, 29))

    def test_nothing_is_a_formula(self):
        for command in (["stars", *YEAR, "--names"], ["history", ANNA], ["statement", CHEN]):
            for name, part in self.parts(self.export("xlsx", *command)).items():
                if name.startswith("xl/worksheets/"):
                    self.assertNotRegex(part, "<f[ >]")

    def test_a_sheet_for_each_community_after_one_of_all(self):
        path = self.export("xlsx", "stars", *YEAR, lang="zh")
        self.assertEqual(self.names(path), ["全部", "东风社区", "西_1_2_社区", "说明"])
        members = [self.texts(path, "B", number)[1:] for number in (1, 2, 3)]
        self.assertEqual(members, [["00000042", "00000043", "12345678", "00000007"],
                                   ["00000042"], ["00000043", "12345678"]])
        self.assertIn("春晖街道 2016 年明星榜", self.parts(path)["xl/worksheets/sheet1.xml"])

    def test_columns_are_wide_enough_for_chinese(self):
        path = self.export("xlsx", "statement", ANNA, lang="zh")
        widths = [float(column.get("width")) for column in self.sheet(path).iter(f"{SHEET}col")]
        texts = self.texts(path, "B")
        longest = max(sum(1 if ord(c) < 0x1100 else 2 for c in text) for text in texts)
        self.assertIn("兑换商品 大米, 5 kg×1", texts)
        self.assertGreater(widths[1], longest)

    def test_the_last_sheet_tells_the_entry_and_the_root(self):
        path = self.export("xlsx", "stars", *YEAR)
        last = self.objects("stars", *YEAR)[-1]
        notes = self.parts(path)["xl/worksheets/sheet4.xml"]
        self.assertIn(last["root"], notes)
        self.assertIn(f"As of entry {last['at_entry']}", notes)
        self.assertIn("2016-12-31T00:00:00Z", self.parts(path)["docProps/core.xml"])


class Files(Exports):
    COMMANDS = (["stars", *YEAR], ["history", ANNA], ["history", "--counter", 9],
                ["statement", ANNA], ["report", *YEAR], REPORT)

    def test_every_command_writes_every_format(self):
        for command in self.COMMANDS:
            for kind, begins in (("table", b""), ("csv", b"\xef\xbb\xbf"), ("json", b"{"),
                                 ("xlsx", b"PK")):
                with self.subTest(command=command, kind=kind):
                    content = self.export(kind, *command).read_bytes()
                    self.assertTrue(content.startswith(begins) and len(content) > 80)
                    if kind in ("table", "json"):
                        shown = self.server.cli("--lang", "en", *command, "--format", kind)
                        self.assertEqual(content.decode(), shown)

    def test_a_year_before_the_org_is_empty_in_every_format(self):
        """The fixture's org opens in a later year: no rows, and no refusal."""
        for command in (["stars", "--org", STREET, "--year", 2001], ["report", "--org", STREET,
                        "--year", 2001, "--by", "month,org"]):
            for kind in ("table", "csv", "json", "xlsx"):
                with self.subTest(command=command, kind=kind):
                    self.assertGreater(len(self.export(kind, *command).read_bytes()), 60)

    def test_hours_asked_for_are_not_rounded_down(self):
        board = ["stars", *YEAR, "--by", "hours"]
        minutes = max(row.get("minutes", 0) for row in self.objects(*board))
        hundredths = minutes * 100 // 60 + 1  # of an hour: a little more than anybody has
        rows = self.objects(*board, "--at_least", f"{hundredths // 100}.{hundredths % 100:02}")
        self.assertEqual([row for row in rows if "rank" in row], [])

    def test_a_full_disk_is_told_as_such(self):
        for kind in ("table", "csv", "json"):
            done = self.server.cli("--lang", "zh", "report", *YEAR, "--by", "month", "--format",
                                   kind, "-o", "/dev/full", check=False)
            self.assertEqual((done.returncode, "写不了 /dev/full：磁盘满了。" in done.stderr),
                             (4, True), done.stderr)
        done = self.server.cli("--lang", "zh", "stars", *YEAR, "--format", "xlsx", "-o",
                               "/dev/full", check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn("这种格式只能写到普通文件", done.stderr)

    def test_csv_has_line_ends_and_headings_in_the_language(self):
        content = self.export("csv", "history", ANNA, lang="zh").read_bytes().decode("utf-8-sig")
        lines = content.split("\r\n")
        self.assertEqual((lines[0], lines[-1]), ("日期,事项,分钟,积分,余额,记账号,备注", ""))
        self.assertNotIn("\n", "".join(lines))

    def test_a_refusal_leaves_no_file_and_an_old_one_alone(self):
        old = self.server.dir / "stars.xlsx"
        old.write_text("before")
        for kind in ("csv", "xlsx"):
            path, done = self.export(kind, "stars", "--year", 2016, "--org", 5, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(path.exists() and path.read_text() != "before", False)
        self.assertEqual(old.read_text(), "before")
        old.unlink()
        self.assertEqual(list(self.server.dir.glob("*.part")), [])

    def test_a_workbook_needs_a_file_name(self):
        done = self.server.cli("stars", *YEAR, "--format", "xlsx", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--output", done.stderr)


class Statements(Exports):
    def ends(self, *period):
        *rows, last = self.objects("statement", ANNA, *period)
        return rows, last

    def test_a_period_ends_where_the_next_begins(self):
        days = ["2016-02-28", "2016-03-01", "2016-03-31", "2016-04-30", "2016-12-31"]
        whole, total = self.ends()
        closing, seen = (0, 0), []
        for before, to in zip([None, *days], [*days, "2199-12-31"]):
            after = [] if before is None else [
                "--from", date.fromisoformat(before) + timedelta(1)]
            rows, last = self.ends(*after, "--to", to)
            self.assertEqual((last["opening_centi"], last["opening_minutes"]), closing)
            self.assertEqual(sum(row.get("points_centi", 0) for row in rows),
                             last["closing_centi"] - last["opening_centi"])
            self.assertEqual(sum(row.get("minutes", 0) for row in rows),
                             last["closing_minutes"] - last["opening_minutes"])
            self.assertEqual(sum(lot["points_centi"] for lot in last["lots"]),
                             last["closing_centi"])
            closing = last["closing_centi"], last["closing_minutes"]
            seen += rows
        self.assertEqual(seen, whole)
        self.assertEqual(closing, (total["closing_centi"], total["closing_minutes"]))

    def test_the_closing_is_the_balance(self):
        _, last = self.ends()
        balances = json.loads(self.server.cli("--json", "balance", ANNA))["balances"]
        self.assertEqual((last["closing_centi"], last["closing_minutes"], last["held_centi"]),
                         (balances["points_centi"], balances["minutes"], balances["held_centi"]))
        self.assertEqual(last["held_centi"], 2000)

    def test_entries_stand_by_business_day_reversed_ones_marked_refusals_left_out(self):
        rows, _ = self.ends()
        self.assertEqual([row["day"] for row in rows], sorted(row["day"] for row in rows))
        self.assertEqual(rows[0]["day"], "2016-02-29")
        undone = [row for row in rows if "undone by" in row.get("note", "")]
        self.assertEqual([row["day"] for row in undone], ["2016-04-01"])
        refused = [entry["number"] for entry in entries(self.server, ANNA) if entry["code"] != 0]
        self.assertEqual(len(refused), 1)
        self.assertNotIn(refused[0], [row["number"] for row in rows])

    def test_a_period_the_wrong_way_round_is_refused(self):
        done = self.server.cli("--lang", "zh", "statement", ANNA, "--from", "2016-05-01", "--to",
                               "2016-04-01", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("2016-04-01", done.stderr)
        self.assertIn("--from", done.stderr)


class Histories(Exports):
    def test_a_counter_shows_whose_entries_they_are(self):
        table = self.server.cli("--lang", "en", "history", "--counter", "爱心超市")
        self.assertIn("00000042", table)
        numbers = [entry["number"] for entry in self.objects("history", "--counter", 9)]
        self.assertEqual(numbers, sorted(numbers, reverse=True))
        self.assertEqual(len(numbers), 5)

    def test_it_is_about_one_thing(self):
        for words in ([], [ANNA, "--counter", 9], ["--counter", 9, "--import", 1]):
            done = self.server.cli("--lang", "en", "history", *words, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--counter", done.stderr)

    def test_what_does_not_exist_is_named(self):
        for words, name in ((["--counter", 8], "counter 8"), (["--import", 77], "import 77")):
            done = self.server.cli("--lang", "en", "history", *words, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(name, done.stderr)


if __name__ == "__main__":
    unittest.main()
