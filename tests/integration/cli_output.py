#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Where the client's output goes: a reader that leaves, a full disk, closed files, -o, a terminal."""

import json
import os
import pty
import subprocess
import termios
import unicodedata
import unittest
from datetime import datetime, timezone

from lovebank_testing import CLIENT, PATIENCE_S, Server

ROWS = 400
COLUMNS = 80


def width(line):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


class Output(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        cls.server.cli("org", "open", 310101001000, "春晖街道", "--kind", "street", "--from",
                       "2016-01-01")
        cls.server.cli("category", "set", 1, "家政", "12.50", "--from", "2016-01-01")
        cls.server.cli("class", "set", 1, "困难", "--public", "no")
        cls.server.cli("counter", "open", 1, 310101001000, "爱心超市")
        cls.server.cli("item", "set", 101, "大米", 60, "--from", "2016-01-01")
        cls.server.cli("member", "add", "张小明", 310101001000, "--member", 42, "--joined",
                       "2016-01-01")
        cls.sheet = cls.server.dir / "services.csv"
        days = [f"2016-{1 + i // 28 % 12:02}-{1 + i % 28:02}" for i in range(ROWS)]
        cls.sheet.write_text("member,category,minutes,date\n" +
                             "".join(f"42,1,1,{day}\n" for day in days), encoding="utf-8")

    def start(self, *arguments, **options):
        return subprocess.Popen([str(CLIENT), "--socket", str(self.server.socket),
                                 *map(str, arguments)], env=self.server.environment(), text=True,
                                encoding="utf-8", **options)

    def shell(self, command):
        return subprocess.run(["sh", "-c", command, "sh", str(CLIENT), "--socket",
                               str(self.server.socket)], env=self.server.environment(), text=True,
                              encoding="utf-8", capture_output=True, timeout=PATIENCE_S,
                              check=False)

    def count(self):
        entries = self.server.cli("--json", "history", 42, "--all").splitlines()
        return sum("service_record" in json.loads(line)["command"] for line in entries)

    def test_a_reader_that_leaves_is_no_failure_and_stops_no_sheet(self):
        client = self.start("--json", "import", "sheet", "--yes", self.sheet,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        client.stdout.close()
        self.assertEqual(client.stderr.read(), "")
        client.stderr.close()
        self.assertEqual(client.wait(PATIENCE_S), 0)
        self.assertEqual(self.count(), ROWS)

    def test_output_that_cannot_be_written_is_a_fault(self):
        for target in (">/dev/full", ">&-"):
            done = self.shell(f'"$@" --lang en status {target}')
            self.assertEqual((done.returncode, done.stderr),
                             (4, "The output could not be written; make room, or send it "
                                 "elsewhere.\n"))

    def test_a_closed_output_is_not_taken_for_the_connection(self):
        self.shell('"$@" class set 2 党员 <&- >&- 2>&-')
        self.assertIn("党员", self.server.cli("class", "list"))

    def board(self, *options):
        return self.server.cli("--lang", "en", "stars", "--year", 2016, "--org", 310101001000,
                               "--format", "csv", *options, check=False)

    def test_a_board_goes_to_its_file_whole_or_not_at_all(self):
        path = self.server.dir / "board.csv"
        self.assertEqual(self.board("-o", path).returncode, 0)
        board = path.read_text(encoding="utf-8")
        self.assertEqual(board, self.board().stdout)
        refused = self.board("--class", 1, "-o", path)
        self.assertEqual((refused.returncode, refused.stderr),
                         (1, "not allowed: class; ask an administrator.\n"))
        self.assertEqual(path.read_text(encoding="utf-8"), board)

    def test_a_file_that_cannot_be_written_is_a_fault_with_its_reason(self):
        for path, reason in (("/nowhere/board.csv", "No such file or directory"),
                             ("/dev/full", "No space left on device")):
            done = self.board("-o", path)
            self.assertEqual(done.returncode, 4)
            self.assertIn(f"Cannot write {path}: {reason}.", done.stderr)

    def terminal(self, *arguments, stream="stderr"):
        """What a terminal is sent, as standard error of the client or as its output."""
        near, far = pty.openpty()
        termios.tcsetwinsize(far, (24, COLUMNS))
        other = "stdout" if stream == "stderr" else "stderr"
        client = self.start(*arguments, **{stream: far, other: subprocess.DEVNULL})
        os.close(far)
        text = b""
        try:
            while part := os.read(near, 65536):
                text += part
        except OSError:
            pass  # a terminal ends so
        os.close(near)
        client.wait(PATIENCE_S)
        return text.decode()

    def test_a_table_fits_its_terminal(self):
        self.server.cli("category", "set", 2, "助老", "12.50", "--day-minutes-max", 30, "--from",
                        "2016-01-01")
        self.server.cli("record", 42, 2, 60, "--date", "2016-12-31", check=False)
        for lang in ("en", "zh"):
            lines = self.terminal("--lang", lang, "history", 42, "--limit", 3,
                                  stream="stdout").splitlines()
            self.assertGreaterEqual(len(lines), 2)
            self.assertIn({"en": "service 助老 1 h ", "zh": "记时 助老 1 小时 "}[lang], lines[1])
            self.assertIn({"en": "refused: ", "zh": "被拒绝："}[lang], lines[1])
            for line in lines:
                self.assertLessEqual(width(line), COLUMNS, line)

    def test_lines_of_help_end_with_a_word(self):
        for lang in ("en", "zh"):
            for words in ([], ["import", "sheet"], ["category", "set"], ["member", "add"], ["stars"]):
                shown = self.server.cli("--lang", lang, *words, "--help")
                self.assertEqual([line for line in shown.splitlines() if line.endswith(" ")], [])

    def test_help_of_an_import_names_its_options_and_its_columns(self):
        shown = self.server.cli("--lang", "en", "import", "sheet", "--help")
        self.assertIn("Usage: lovebank import sheet FILE … [options]\n", shown)
        self.assertIn("\n  --atomic ", shown)
        self.assertIn("\n  duration ", shown)
        self.assertIn("duration（时长）", self.server.cli("--lang", "zh", "import", "sheet",
                                                        "--help"))

    def test_one_person_is_one(self):
        year = ["--lang", "en", "stars", "--year", 2017, "--org", 310101001000]
        self.server.cli("member", "add", "李四", 310101001000, "--member", 43, "--joined",
                        "2017-01-01")
        self.server.cli("category", "set", 3, "助残", 1, "--from", "2017-01-01")
        self.server.cli("record", 43, 3, 60, "--date", "2017-05-01")
        self.assertIn("1 person, 1 person-time. As of", self.server.cli(*year))
        self.server.cli("record", 43, 3, 60, "--date", "2017-05-02")
        self.assertIn("1 person, 2 person-times. As of", self.server.cli(*year))

    def test_a_huge_cell_is_not_repeated(self):
        sheet = self.server.dir / "huge.csv"
        sheet.write_text("member,category,minutes\n42,1," + "长" * 1000 + "\n", encoding="utf-8")
        done = self.server.cli("--lang", "en", "import", "sheet", sheet, "--date", "2016-05-01",
                               "--yes", check=False)
        self.assertIn('minutes "' + "长" * 60 + '…": ', done.stderr)
        self.assertLess(len(done.stderr), 300)

    def test_the_time_of_an_entry_is_in_the_zone_of_the_book(self):
        for east in ("-43200", "50400"):
            with Server("--zone-east", east) as server:
                server.cli("class", "set", 1, "困难")
                recorded = json.loads(server.cli("--json", "explain", 1))["entry"]["recorded_ms"]
                when = datetime.fromtimestamp(int(recorded) // 1000 + int(east), timezone.utc)
                self.assertIn(f"recorded {when:%Y-%m-%d %H:%M:%S}",
                              server.cli("--lang", "en", "explain", 1))

    def test_a_bar_is_shown_on_a_terminal_only_and_wiped_in_the_end(self):
        stock = self.server.dir / "stock.csv"
        stock.write_text("item,quantity,counter\n" + "101,1,1\n" * ROWS + "999,1,1\n",
                         encoding="utf-8")
        act = ["--dry-run", "--lang", "en", "import", "stock", stock, "--date", "2016-05-01"]
        shown = self.terminal(*act)
        self.assertIn(f"/{ROWS + 1}", shown)
        lines = shown.replace("\r\n", "\n").split("\n")
        self.assertTrue(lines[-1].endswith("\r\x1b[K"), shown)
        bars = [part for line in lines for part in line.split("\r") if part.startswith("[")]
        self.assertTrue(all(len(bar) < 80 for bar in bars), shown)
        self.assertEqual(self.terminal("--json", *act), "")
        self.assertNotIn("\r", self.server.cli(*act, check=False).stderr)


if __name__ == "__main__":
    unittest.main()
