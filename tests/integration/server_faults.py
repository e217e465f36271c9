#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Disks and files that fail: what is told, what still works, and that nothing is lost."""

import os
import shutil
import unittest

from lovebank_testing import (MEMBER_GET, RESULTS, STATUS, WRITE, Server, card_of, command, message)

ORG_OPEN, MEMBER_REGISTER = 10, 20
NAME = "独一无二社区"


def org(number, name="org", **options):
    return command(ORG_OPEN, (1, number), (3, 3), (4, name), **options)


def member(number, name):
    return command(MEMBER_REGISTER, (1, number), (2, 1), (4, card_of(number)),
                   (5, message((1, name))))


class ServerFaults(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()
        with self.server.connect() as connection:
            connection.do(org(1, NAME), member(1, "张三"))

    def change_byte(self, text):
        """Damages the first place where the book holds that text."""
        path = self.server.data_dir / "data.mdb"
        data = bytearray(path.read_bytes())
        place = data.index(text.encode())
        data[place] ^= 1
        path.write_bytes(data)

    def test_without_space_it_answers_storage_full_and_goes_on_when_there_is_some(self):
        self.server.flags = ["--free-space-min", "16000GiB"]
        self.server.restart()
        identity = os.urandom(16)
        with self.server.connect() as connection:
            answer = connection.ask(WRITE, (1, org(2, id=identity)))
            codes = [answer.number(1)] + [result.number(1) for result in answer.messages(6)]
            self.assertIn(RESULTS["storage_full"], codes)
            status = connection.ask(STATUS)
            self.assertEqual((status.number(2), status.number(9)), (2, 1))
            self.assertEqual(connection.ask(MEMBER_GET, (1, message((1, 1)))).number(1), 0)
        self.server.flags = []
        self.server.restart()
        with self.server.connect() as connection:
            done = connection.do(org(2, id=identity))[0]
            self.assertEqual((done.number(2), done.number(12)), (3, 0))

    def test_a_copy_of_the_directory_can_be_verified(self):
        self.server.stop()
        copy = self.server.dir / "copy"
        copy.mkdir(mode=0o700)
        for path in [self.server.data_dir / "data.mdb", *self.server.data_dir.glob("journal-*")]:
            shutil.copy(path, copy)
        done = self.server.run(*[word.replace(str(self.server.data_dir), str(copy)) for word in
                                 self.server.verify_offline().args])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("entries 2\n", done.stdout)

    def test_a_changed_byte_is_found(self):
        self.server.stop()
        self.assertEqual(self.server.verify_offline().returncode, 0)
        self.change_byte(NAME)
        done = self.server.verify_offline()
        self.assertIn(done.returncode, (1, 4))
        self.assertNotIn("the ledger is sound", done.stdout)
        self.assertTrue(done.stdout + done.stderr)

    def test_another_key_is_found(self):
        self.server.stop()
        with Server() as other:
            other.stop()
            shutil.copy(other.key_file, self.server.key_file)
        done = self.server.verify_offline()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertNotIn("the ledger is sound", done.stdout)

    def test_without_a_key_verify_says_that_people_were_not_checked(self):
        self.server.stop()
        self.server.key_file.unlink()
        done = self.server.verify_offline()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("people not checked", done.stdout)

    def test_a_file_that_is_no_book_is_refused_and_left_alone(self):
        self.server.stop()
        path = self.server.data_dir / "data.mdb"
        path.write_bytes(b"not a book" * 1000)
        done = self.server.run(*self.server.arguments())
        self.assertEqual(done.returncode, 4)
        self.assertIn(str(self.server.data_dir), done.stderr)
        self.assertEqual(path.read_bytes(), b"not a book" * 1000)


if __name__ == "__main__":
    unittest.main()
