#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
An import over a connection that breaks: every row happens once. Deliveries without receipts are what
would be doubled unseen, so the stock is counted.
"""

import contextlib
import json
import socket
import threading
import unittest

from lovebank_testing import CLIENT, PATIENCE_S, Server

ROWS = 1000


class Cutter:
    """
    Stands between client and server and cuts its n-th connection once so many bytes have passed one
    way; later connections are let through.
    """

    def __init__(self, server, cuts, answers):
        self.to, self.cuts, self.answers = server.socket, list(cuts), answers
        self.made = 0
        self.path = server.dir / "cutter.sock"
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.threads[0].join(PATIENCE_S)
        self.listener.close()

    def serve(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                break
            self.made += 1
            left = self.cuts.pop(0) if self.cuts else None
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(self.to))
            ways = [threading.Thread(target=self.pump, args=(far, near, self.answers and left)),
                    threading.Thread(target=self.pump,
                                     args=(near, far, None if self.answers else left))]
            for way in ways:
                way.start()
            for way in ways:
                way.join(PATIENCE_S)
            near.close()
            far.close()

    @staticmethod
    def pump(source, target, left):
        """Until an end, or until `left` bytes have passed; None or False: no limit."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if left and len(data) >= left:
                    target.sendall(data[:left - 1])
                    break
                target.sendall(data)
                left = left and left - len(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class BrokenConnections(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())
        self.server.cli("org", "open", 310101001001, "春晖社区", "--kind", "community",
                        "--from", "2016-01-01")
        self.server.cli("counter", "open", 1, 310101001001, "爱心超市")
        self.server.cli("item", "set", 101, "大米", 60, "--from", "2016-01-01")
        self.sheet = self.server.dir / "stock.csv"
        self.sheet.write_text("item,quantity,counter\n" + "101,1,1\n" * ROWS, encoding="utf-8")

    def load(self, path):
        done = self.server.run(str(CLIENT), "--socket", str(path), "--json", "import", "stock",
                               "--yes", "--date", "2016-05-01", str(self.sheet))
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), ROWS + 1)
        return lines[-1]

    def stock(self):
        lines = self.server.cli("--json", "stock", "show").splitlines()
        return sum(json.loads(line)["quantity"] for line in lines)

    def check(self, cuts, answers):
        with Cutter(self.server, cuts, answers) as cutter:
            summary = self.load(cutter.path)
            self.assertEqual(cutter.made, len(cuts) + 1)
        self.assertEqual(summary["done"] + summary["already_there"], ROWS)
        self.assertEqual(self.stock(), ROWS)
        self.assertEqual(self.load(self.server.socket)["already_there"], ROWS)
        self.assertEqual(self.stock(), ROWS)
        return summary

    def test_requests_that_are_cut_off_are_sent_again(self):
        self.check([5, 60, 9000, 17000], answers=False)

    def test_answers_that_are_lost_are_asked_for_again(self):
        summary = self.check([5, 60, 2000, 9000], answers=True)
        self.assertGreater(summary["already_there"], 0)

    def test_a_server_that_is_killed_in_the_middle_of_a_sheet(self):
        with Cutter(self.server, [12000], answers=True) as cutter:
            serve = cutter.pump

            def kill(source, target, left):
                serve(source, target, left)
                if left:
                    self.server.stop(9)
                    self.server.start()

            cutter.pump = kill
            summary = self.load(cutter.path)
        self.assertEqual(summary["done"] + summary["already_there"], ROWS)
        self.assertEqual(self.stock(), ROWS)


if __name__ == "__main__":
    unittest.main()
