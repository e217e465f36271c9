#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Where the client's output goes: a reader that leaves, a full disk, closed files, -o, a terminal."""

import json
import os
import pty
import subprocess
import unittest

from lovebank_testing import CLIENT, PATIENCE_S, Server

ROWS = 400


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
        client = self.start("--json", "record", "--sheet", self.sheet, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
        client.stdout.close()
        self.assertEqual(client.stderr.read(), "")
        client.stderr.close()
        self.assertEqual(client.wait(PATIENCE_S), 0)
        self.assertEqual(self.count(), ROWS)

    def test_output_that_cannot_be_written_is_a_fault(self):
        for target in (">/dev/full", ">&-"):
            done = self.shell(f'"$@" --lang en status {target}')
            self.assertEqual((done.returncode, done.stderr),
                             (4, "The output could not be written.\n"))

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

    def terminal(self, *arguments):
        """What a terminal is sent, as standard error of the client."""
        near, far = pty.openpty()
        client = self.start(*arguments, stdout=subprocess.DEVNULL, stderr=far)
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

    def test_a_bar_is_shown_on_a_terminal_only_and_wiped_in_the_end(self):
        stock = self.server.dir / "stock.csv"
        stock.write_text("item,quantity,counter\n" + "101,1,1\n" * ROWS + "999,1,1\n",
                         encoding="utf-8")
        act = ["--dry-run", "--lang", "en", "stock", "receive", "--sheet", stock]
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
