#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""`lovebankd init` of one new book on two machines at once: one makes it, the other says what to do."""

import re
import shutil
import subprocess
import unittest

from postgres_testing import PATIENCE_S, Database, Guarded

from lovebank_testing import MEMBER_FIND, PRINCIPAL_LIST, SERVER, Server, command, message
from servers import wait_for

ROUNDS = 8
CODE = re.compile(r"^    ((?:[0-9A-Z]{4}-){6}[0-9A-Z]{2})$", re.MULTILINE)


class Init(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.database.__enter__()
        self.addCleanup(self.database.__exit__)
        self.assertEqual(self.database.migrate().returncode, 0)

    def machine(self, book, login="admin"):
        server = Guarded(self.database, "--first-login", login, book=book, start=False)
        server.LOGIN = login
        self.addCleanup(server.__exit__)
        return server

    def init_both(self, machines):
        """[(exit status, output, errors)], of two that ran together."""
        running = [subprocess.Popen([str(SERVER), "init", *machine.arguments()[1:]], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    encoding="utf-8", env=machine.environment())
                   for machine in machines]
        return [(process.wait(PATIENCE_S), *output) for process in running
                for output in [process.communicate(timeout=PATIENCE_S)]]

    def check(self, machines):
        ends = self.init_both(machines)
        winners = [place for place, end in enumerate(ends) if CODE.search(end[1])]
        self.assertEqual(len(winners), 1, ends)
        won = machines[winners[0]]
        lost = machines[1 - winners[0]]
        status, said, complained = ends[1 - winners[0]]
        self.assertEqual(ends[winners[0]][0], 0, ends)
        self.assertNotEqual(status, 0, ends)
        self.assertEqual(said, "", ends)
        self.assertIn("请把那台机器的密钥文件复制", complained)
        self.assertIn("copy the key file of that machine", complained)
        self.assertIn(str(lost.key_file), complained)
        self.assertFalse(lost.key_file.exists(), complained)
        again = self.init_both([lost])[0]
        self.assertNotEqual(again[0], 0)
        self.assertIn("copy the key file of that machine", again[2])
        self.check_works(won, lost, CODE.search(ends[winners[0]][1])[1])

    def check_works(self, won, lost, code):
        """The key that there is opens the book, on both."""
        won.code = code
        won.starts = lost.starts = True
        with won, won.connect_as_admin() as first:
            first.do(command(10, (1, 1), (3, 2), (4, "street"), on="2016-01-01"),
                     command(20, (1, 1), (2, 1), (5, message((1, "张雪梅"))), on="2016-01-01"))
            self.assertEqual(len(first.ask(PRINCIPAL_LIST).messages(1)), 1)
            shutil.copy(won.key_file, lost.key_file)
            status, said, _ = self.init_both([lost])[0]
            self.assertEqual(status, 0)
            self.assertIn(f"administrator: {won.LOGIN}", said)
            lost.LOGIN = won.LOGIN
            with lost, lost.connect_as_admin() as second:
                wait_for(lambda: len(second.ask(MEMBER_FIND, (1, "zxm")).messages(1)) == 1)

    def test_one_of_two_makes_the_book(self):
        for turn in range(ROUNDS):
            with self.subTest(turn):
                book = f"book {turn}"
                self.check([self.machine(book), self.machine(book)])

    def test_of_two_with_different_names_one_is_the_first(self):
        for turn in range(ROUNDS):
            with self.subTest(turn):
                book = f"book {turn}"
                self.check([self.machine(book, "wang"), self.machine(book, "zhang")])

    def test_with_the_key_on_both_one_of_the_codes_is_good(self):
        """The second may complete what the first began, as after a run that was cut off: the code
        is the one that was printed last."""
        for turn in range(ROUNDS):
            with self.subTest(turn):
                machines = [self.machine(f"book {turn}") for _ in range(2)]
                for machine in machines:
                    machine.key_file.write_text(bytes(range(32)).hex() + "\n", encoding="ascii")
                    machine.key_file.chmod(0o600)
                ends = self.init_both(machines)
                codes = [found[1] for found in (CODE.search(end[1]) for end in ends) if found]
                self.assertNotEqual(codes, [], ends)
                for _, said, complained in ends:
                    self.assertTrue(CODE.search(said) or "there is an administrator: admin" in said
                                    or "请再运行一次 lovebankd init" in complained
                                    and "run lovebankd init again" in complained, ends)
                again = self.init_both(machines[:1])[0]
                self.assertIn("there is an administrator: admin", again[1])
                self.assertEqual(self.count_good(machines[0], codes), 1, ends)

    @staticmethod
    def count_good(server, codes):
        Server.start(server)
        with server.connect() as connection:
            return sum(connection.log_in("admin", code, server.PASSWORD).number(1) == 0
                       for code in codes)


if __name__ == "__main__":
    unittest.main()
