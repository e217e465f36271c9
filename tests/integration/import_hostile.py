#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Imports that meet what they should not: pipes, each other, more refusals than are recorded."""

import os
import pty
import subprocess
import unittest
from collections import Counter

from import_book import HEAD, WANG, ZHANG, Imports
from lovebank_testing import CLIENT, PATIENCE_S

REFUSALS_RECORDED = 1000  # at once; more of them by the second


class Files(Imports):
    def test_a_pipe_is_refused_at_once(self):
        os.mkfifo(self.server.dir / "pipe")
        for path in (self.server.dir / "pipe", "/dev/zero"):
            done = self.server.cli("--lang", "en", "import", "sheet", path, "--yes", check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("is a pipe or a device", done.stderr)

    def test_a_map_of_a_heading_that_no_file_has_is_refused(self):
        first = self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n")
        done = self.server.cli("--lang", "en", "import", "sheet", first, "--map", "工时=hours",
                               "--yes", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn('no file has a heading "工时"', done.stderr)
        second = self.write("b.csv", "编号,服务类别,日期,工时\n4,1,2016-05-01,2\n")
        self.assertEqual(self.sums("sheet", first, second, "--map", "工 时=hours,备注=-"),
                         (2, 0, 0))
        self.assertEqual((self.minutes(ZHANG), self.minutes(WANG)), (60, 120))


class Refusals(Imports):
    def test_more_than_are_recorded_are_all_told_with_their_reason(self):
        count = 2 * REFUSALS_RECORDED
        path = self.write("a.csv", HEAD + "1,,1,2016-05-01,1000\n" * (count + 1))
        for options, entered in ((["--dry-run"], 1), ([], 1), ([], 0)):
            rows, summary = self.bring_in("sheet", path, *options, code=1)
            found = Counter(row["result"] for row in rows)
            self.assertEqual(found, {"ok": 1, "over_day": count})
            self.assertEqual((summary["done"], summary["refused"]), (entered, count))
        self.assertEqual(len(self.rejects("a.rejects.csv")), count + 1)
        self.assertEqual(self.minutes(ZHANG), 1000)

    def test_members_closed_by_an_undo_are_said_to_be_closed(self):
        path = self.write("a.csv", "姓名,所属组织,加入日期\n赵一,东湖社区,2016-05-01\n")
        self.assertEqual(self.sums("members", path), (1, 0, 0))
        self.server.cli("import", "undo", 1, "--reason", "导错了", "--yes")
        rows, _ = self.bring_in("members", path, code=1)
        self.assertIn("已经注销", rows[0]["sentence"])


class Rejects(Imports):
    def test_two_equal_rows_corrected_into_two_others_are_those_of_the_corrected_file(self):
        row = "1,,1,{},60\n"
        path = self.write("a.csv", HEAD + 2 * row.format("2015-05-01"))  # before they joined
        self.assertEqual(self.sums("sheet", path, code=1), (0, 0, 2))
        days = ["2016-05-01", "2016-05-08"]
        rows = self.rejects("a.rejects.csv")
        for cells, day in zip(rows[1:], days):
            cells[3] = day
        corrected = self.write("b.csv", "".join(",".join(cells) + "\n" for cells in rows))
        self.assertEqual(self.sums("sheet", corrected), (2, 0, 0))
        path = self.write("a.csv", HEAD + "".join(row.format(day) for day in days))
        self.assertEqual(self.sums("sheet", path), (0, 2, 0))
        self.assertEqual(self.minutes(ZHANG), 120)

    def test_a_column_of_numbers_called_occurrence_keeps_no_copies_apart(self):
        head = "第几次," + HEAD
        first = self.write("a.csv", head + "1,1,,1,2016-05-01,60\n")
        second = self.write("b.csv", head + "2,1,,1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", first, second), (1, 1, 0))


class Undo(Imports):
    def undo_on_terminal(self, meanwhile):
        """Its output; `meanwhile` runs when it has asked, and then it is told to go on."""
        near, far = pty.openpty()
        client = subprocess.Popen([str(CLIENT), "--lang", "en", "--socket",
                                   str(self.server.socket), "import", "undo", "1", "--reason",
                                   "first"], stdin=far, stdout=far, stderr=far,
                                  env=self.server.environment())
        os.close(far)
        text = b""
        try:
            while part := os.read(near, 65536):
                text += part
                if text.endswith(b"[y/N] "):
                    meanwhile()
                    os.write(near, b"y\n")
        except OSError:
            pass  # a terminal ends so
        os.close(near)
        return client.wait(PATIENCE_S), text.decode()

    def test_what_another_undo_took_back_meanwhile_is_undone(self):
        self.sums("sheet", self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n4,,1,2016-05-01,30\n"))
        status, told = self.undo_on_terminal(lambda: self.server.cli(
            "import", "undo", 1, "--reason", "second", "--yes"))
        self.assertEqual(status, 0, told)
        self.assertIn("0 undone, 2 undone before", told)
        self.assertEqual((self.minutes(ZHANG), self.minutes(WANG)), (0, 0))


class Scripts(Imports):
    def test_a_line_with_a_nul_is_not_run_in_part(self):
        line = "record 1 1 60 --date 2016-05-01{} --dry-run\n"
        done = self.server.cli("--lang", "en", "shell", stdin=line.format("\0"), check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("holds a NUL", done.stderr)
        self.assertEqual(self.minutes(ZHANG), 0)


if __name__ == "__main__":
    unittest.main()
