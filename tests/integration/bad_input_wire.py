#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Bad bytes through the real programs: texts and ids from the command line, what only a program can
send as raw frames, clients that vanish, and what the command line says when a server answers so.
server_frames.py tests the frames themselves.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import threading
import unittest
import uuid
from pathlib import Path

from bad_input_book import ANNA, COUNTER, HOUSEWORK, ORG_OPEN, SOAP, BadInput, redeem, serve
from lovebank_testing import (CLIENT, ERROR, HELLO, PATIENCE_S, RESPONSE, RESULTS, WRITE,
                              Connection, command, day, frame, message)


class BadTexts(BadInput):
    def open_org(self, name, text, **options):
        self.assert_refused(name, "org", "open", 310101001099, "--kind", "street", "--name", text,
                            **options)

    def test_a_text_that_is_too_long(self):
        self.open_org("text_too_long", "长" * 65, values=["195", "192"], zh=["名称", "缩短"],
                      en=["name", "shorten"])
        self.server.cli("org", "open", 310101001099, "--kind", "street", "--name", "长" * 64)

    def test_a_text_that_is_not_utf8(self):
        for text in (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe5\xbc"):
            self.open_org("text_invalid", os.fsdecode(text), zh=["名称", "认不出", "重新输入"],
                          en=["name", "UTF-8", "enter it again"])

    def test_a_text_with_control_characters(self):
        for text in ("a\nb", "a\tb", "\x1b[31mred", "a\x7f"):
            self.open_org("text_invalid", text, zh=["控制字符"], en=["control characters"])

    def test_a_sheet_that_is_not_utf8_names_the_line_and_does_the_others(self):
        sheet = self.server.dir / "sheet.csv"
        row = f"{ANNA},{HOUSEWORK},60,2016-04-0"
        sheet.write_bytes(b"member,category,minutes,date,activity\n" +
                          f"{row}1,\n".encode() + f"{ANNA},".encode() + b"\xff,60,2016-04-02,\n" +
                          f"{row}3,\n".encode())
        done = self.server.cli("--json", "import", "sheet", sheet, "--yes", "--encoding", "utf-8",
                               check=False)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        bad = [row["line"] for row in rows if row.get("code")]
        self.assertEqual((done.returncode, bad, rows[-1]["refused"]), (1, [3], 1), done.stderr)

    def test_invalid_text_in_a_raw_frame(self):
        for name, expected in ((b"\xff", "text_invalid"), (b"x" * 193, "text_too_long")):
            found = self.connection.write(command(ORG_OPEN, (1, 1), (3, 2), (4, name)))
            self.assertEqual(found[0].number(1), RESULTS[expected])


class BadIds(BadInput):
    def test_the_same_id_is_done_once_and_other_content_is_refused(self):
        identity = str(uuid.UUID(int=77))
        act = ["record", ANNA, HOUSEWORK, 60, "--date", "2016-04-01", "--id", identity]
        first = self.json_of(*act, code=0)
        again = self.json_of(*act, code=0)
        self.assertEqual((first["entry"], again["entry"], again["replayed"]),
                         (first["entry"], first["entry"], True))
        act[3] = 61
        self.assert_refused("id_reused", *act, values=[first["entry"]], zh=["请换新的请求号"],
                            en=["use a new id"])

    def test_the_same_receipt_is_entered_once_and_other_goods_are_refused(self):
        act = ["redeem", ANNA, f"{SOAP}=1", "--counter", COUNTER, "--date", "2016-05-01",
               "--receipt", "R-1"]
        first = self.json_of(*act, code=0)
        self.assertEqual(self.json_of(*act, code=0)["entry"], first["entry"])
        act[2] = f"{SOAP}=2"
        self.assert_refused("id_reused", *act, values=[first["entry"]])

    def test_an_id_that_is_none_is_wrong_usage(self):
        for identity in ("12", "00000000-0000-0000-0000-000000000000", "x" * 36):
            self.assert_usage("record", "1", "1", "60", "--id", identity, words=["--id", identity])


class BadFrames(BadInput):
    def farewell(self, connection, name):
        self.assertEqual(connection.receive().error()[0], name)
        self.assertTrue(connection.is_at_end())

    def test_a_batch_too_large_does_nothing(self):
        before = self.entries()
        answer = self.connection.ask(WRITE, *((1, b""),) * 8191)
        self.assertEqual(answer.number(1), RESULTS["batch_too_large"])
        self.assertEqual(self.entries(), before)

    def test_unknown_method_version_and_sizes(self):
        before, state = self.entries(), self.state()
        self.assertEqual(self.connection.call(4711).error(), ("method_unknown", (4711,)))
        with self.server.connect(greet=False) as other:
            self.assertEqual(other.hello(version=99).message().number(1),
                             RESULTS["version_mismatch"])
            self.assertTrue(other.is_at_end())
        with self.server.connect() as other:
            other.send(b"\xff" * 16)
            self.farewell(other, "malformed")
        with self.server.connect() as other:
            other.send((5 << 20).to_bytes(4, "big") + frame(WRITE)[4:])
            self.farewell(other, "frame_too_large")
        with self.server.connect(greet=False) as other:
            other.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(other.receive().error()[0], ("malformed", "frame_too_large"))
        self.assertEqual((self.entries(), self.state()), (before, state))

    def test_a_frame_cut_anywhere_does_nothing(self):
        before, whole = self.entries(), frame(WRITE, message((1, serve(ANNA, 1, "2016-04-01"))))
        for size in range(1, len(whole)):
            with self.server.connect() as other:
                other.send(whole[:size])
                other.socket.shutdown(socket.SHUT_WR)
                self.farewell(other, "malformed")
        self.assertEqual(self.entries(), before)

    def test_clients_that_vanish_leave_whole_acts_or_none(self):
        acts = [serve(ANNA, 1, "2016-04-01") for _ in range(20)]
        acts += [redeem(ANNA, SOAP, 1) for _ in range(20)]
        before, stream = self.entries(), b"".join(frame(WRITE, message((1, act))) for act in acts)
        hello = frame(HELLO, message((1, 1), (2, "gone")))
        for size in range(0, len(stream), 97):
            other = self.server.connect(greet=False)
            other.send(hello + stream[:size])
            other.socket.close()
        found = self.connection.do(*acts)
        self.assertEqual(self.entries(), before + len(acts))
        self.assertEqual(len({result.number(2) for result in found}), len(acts))

    def test_a_client_killed_in_the_middle_of_a_sheet_does_not_double_it(self):
        sheet, count = self.server.dir / "sheet.csv", 6000
        rows = [f"{ANNA},{HOUSEWORK},1,2016-04-{number % 30 + 1:02}" for number in range(count)]
        sheet.write_text("\n".join(["member,category,minutes,date", *rows]) + "\n", "utf-8")
        before = self.entries()
        process = subprocess.Popen([str(CLIENT), "--socket", str(self.server.socket), "import",
                                    "sheet", "--yes", str(sheet)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=self.server.environment())
        while self.entries() - before < 2 and process.poll() is None:
            pass
        process.kill()
        process.wait(PATIENCE_S)
        count += 1  # the act that begins the import
        self.assertLessEqual(self.entries() - before, count)
        for _ in range(2):
            self.server.cli("import", "sheet", "--yes", sheet)
            self.assertEqual(self.entries() - before, count)


class FakeServer:
    """Answers hello with what it is given, and every other request with one error."""

    def __init__(self, error, numbers=(), version=1, code=0):
        self.error, self.numbers, self.version, self.code = error, numbers, version, code
        self.dir = tempfile.TemporaryDirectory(prefix="lovebank-test-")
        self.path = Path(self.dir.name) / "s"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError, EOFError):
            while True:
                connection = Connection.__new__(Connection)
                connection.socket = self.listener.accept()[0]
                with contextlib.suppress(OSError, EOFError), connection:
                    self.converse(connection)

    def converse(self, connection):
        while True:
            asked = connection.receive()
            if asked.method == HELLO:
                limits = ((4, 1 << 20), (5, 100), (6, 4), (7, day("2016-05-01")), (8, 28800))
                answer = message((1, self.code), (2, self.version), (3, "fake 1"), *limits)
                connection.send(frame(HELLO, answer, asked.request_id, RESPONSE))
            else:
                answer = b"".join([RESULTS[self.error].to_bytes(4, "big"),
                                   *(number.to_bytes(8, "big") for number in self.numbers)])
                connection.send(frame(asked.method, answer, asked.request_id, ERROR))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.dir.cleanup()

    def cli(self, *arguments):
        return subprocess.run([str(CLIENT), "--socket", str(self.path), *arguments],
                              capture_output=True, text=True, encoding="utf-8", check=False,
                              timeout=PATIENCE_S)


class BadAnswers(unittest.TestCase):
    def assert_told(self, server, code, name, words):
        done = server.cli("--json", "status")
        self.assertEqual((done.returncode, json.loads(done.stdout)["result"]), (code, name))
        for language, expected in zip(("zh", "en"), words):
            done = server.cli("--lang", language, "status")
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            for word in expected:
                self.assertIn(word, done.stderr)

    def test_each_class_of_error_has_its_exit_code_and_sentence(self):
        for name, numbers, code, zh, en in (
                ("frame_too_large", (9, 8), 1, ["9", "8", "分几次"], ["9", "8", "in parts"]),
                ("method_unknown", (3,), 4, ["3", "请更新"], ["3", "update"]),
                ("storage_full", (), 3, ["磁盘", "清理"], ["disk", "free some"]),
                ("storage_corrupt", (), 4, ["备份"], ["backup"]),
                ("memory", (), 4, ["内存"], ["memory"])):
            with self.subTest(name), FakeServer(name, numbers) as server:
                self.assert_told(server, code, name, (zh, en))

    def test_a_server_of_another_version(self):
        with FakeServer("malformed", version=2, code=RESULTS["version_mismatch"]) as server:
            self.assert_told(server, 1, "version_mismatch",
                             (["协议", "更新"], ["protocol", "update"]))

    def test_no_server_is_unreachable(self):
        with FakeServer("malformed") as server:
            server.path = Path(server.dir.name) / "nobody"
            self.assert_told(server, 3, "unreachable",
                             (["nobody", "是否在运行"], ["nobody", "running"]))


if __name__ == "__main__":
    unittest.main()
