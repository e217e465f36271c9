#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A member is erased and the keys are rotated on one of two servers: with the key that is left, no byte
of the tables opens for the erased, as none of the caches does; the other server goes on when it is
given the new key, and writes no personal data before.
"""

import shutil
import unittest

from postgres_testing import Database, Shared

from bad_input_book import registry
from erasure import (ERASED, ERASED_NUMBER, KEY_ROTATE, LIVING, LIVING_NUMBER, MEMBER_CLOSE,
                     MEMBER_ERASE, MEMO, MEMO_KIND, PERSON, count_number, count_rows, keys_of,
                     register, sodium)
from lovebank_testing import MEMBER_FIND, RESULTS, STATUS, command, message
from servers import wait_for

REVERSE, SERVICE = 36, 31


class Erased(unittest.TestCase):
    def setUp(self):
        sodium.sodium_init()
        self.database = Database()
        self.database.__enter__()
        self.addCleanup(self.database.__exit__)
        self.assertEqual(self.database.migrate().returncode, 0)
        self.one = self.start()
        self.first = self.connect(self.one)
        self.first.do(*registry())
        self.first.do(register(ERASED, "欧阳慕容", ERASED_NUMBER),
                      register(LIVING, "司马相如", LIVING_NUMBER))
        self.memo = self.first.do(command(SERVICE, (1, message((1, ERASED))), (2, 1), (3, 60),
                                          on="2016-03-01", memo=MEMO))[0].number(2)
        self.two = self.start(key_of=self.one)
        self.second = self.connect(self.two)

    def start(self, **options):
        server = Shared(self.database, **options)
        self.addCleanup(server.__exit__)
        return server.__enter__()

    def connect(self, server):
        connection = server.connect()
        self.addCleanup(connection.socket.close)
        return connection

    def dump(self, name):
        """All bytes of the tables, as a file of a directory."""
        place = self.one.dir / name
        place.mkdir()
        (place / "journal-tables").write_bytes(b"".join(self.database.groups().values()))
        return place

    def test_nothing_opens_for_the_erased_and_the_other_server_follows(self):
        old_keys = keys_of(self.one.key_file)
        self.first.do(command(REVERSE, (1, message((1, self.memo))), memo=MEMO))
        memos = [self.memo, self.memo + 1]
        self.first.do(command(MEMBER_CLOSE, (1, ERASED)),
                      command(MEMBER_ERASE, (1, ERASED), memo="本人来信要求"))
        self.first.do(command(KEY_ROTATE))
        wait_for(lambda: self.first.ask(STATUS) and len(keys_of(self.one.key_file)) == 1)
        keys = keys_of(self.one.key_file)
        self.assertEqual(list(keys), [2])
        tables = self.dump("tables")
        for place in (tables, self.one.data_dir):
            self.assertEqual(count_rows(place, keys, PERSON, [ERASED]), 0, place)
            self.assertEqual(count_rows(place, keys, MEMO_KIND, memos), 0, place)
            self.assertEqual(count_number(place, keys, ERASED_NUMBER), 0, place)
        self.assertGreater(count_rows(tables, old_keys, PERSON, [ERASED]), 0)  # the search finds
        self.assertGreater(count_rows(tables, keys, PERSON, [LIVING]), 0)
        self.assertGreater(count_number(tables, keys, LIVING_NUMBER), 0)
        self.check_the_other()

    def check_the_other(self):
        """With the old key it records hours, but no person; with the new one everything."""
        self.second.do(command(SERVICE, (1, message((1, LIVING))), (2, 1), (3, 60),
                               on="2016-03-02"))
        reply = self.second.call(2, (1, register(79, "上官婉儿"))).message()
        codes = [reply.number(1), *(result.number(1) for result in reply.messages(6))]
        self.assertIn(RESULTS["key_outdated"], codes)
        shutil.copy(self.one.key_file, self.two.key_file)
        wait_for(lambda: not self.second.write(register(79, "上官婉儿"))[0].number(1))
        for connection in (self.first, self.second):
            wait_for(lambda: len(connection.ask(MEMBER_FIND, (1, "婉儿")).messages(1)) == 1)
            self.assertEqual(connection.ask(MEMBER_FIND, (6, ERASED_NUMBER)).messages(1), [])
            self.assertEqual(connection.ask(MEMBER_FIND, (1, "慕容")).messages(1), [])
            self.assertTrue(connection.verify().number(5))

    def test_a_server_that_starts_with_an_old_key_file_says_what_to_do(self):
        """Also where its cache saw nothing of the rotation."""
        for loses_cache in (False, True):
            self.second.socket.close()
            self.assertEqual(self.two.stop(), 0)
            epoch, = keys_of(self.one.key_file)
            self.first.do(command(KEY_ROTATE))
            wait_for(lambda: list(keys_of(self.one.key_file)) == [epoch + 1])
            if loses_cache:
                self.two.lose_cache()
            done = self.two.run(*self.two.arguments())
            self.assertNotEqual(done.returncode, 0)
            for text in (str(self.two.key_file), "请把那台机器的密钥文件复制",
                         "copy the key file of that machine"):
                self.assertIn(text, done.stderr)
            shutil.copy(self.one.key_file, self.two.key_file)
            self.second = self.connect(self.two.start())
            wait_for(lambda: len(self.second.ask(MEMBER_FIND, (1, "相如")).messages(1)) == 1)

    def test_a_server_that_works_says_in_its_log_what_to_do(self):
        self.first.do(command(KEY_ROTATE))
        wait_for(lambda: any("key_outdated" in line and "copy the key file" in line
                             for line in self.two.log))
        shutil.copy(self.one.key_file, self.two.key_file)
        wait_for(lambda: any("key_reloaded" in line for line in self.two.log))


if __name__ == "__main__":
    unittest.main()
