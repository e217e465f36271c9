#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""verify with a book in PostgreSQL: rows changed, removed and added by hand are found."""

import unittest

from postgres_testing import (SERVER, Database, Shared, flip, flip_entry, group_of_entry,
                              renumber_entry)

from bad_input_book import ANNA, RICE, receive, redeem, registry, serve

BOOK = "(SELECT book FROM lovebank_book WHERE name = 'main')"


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.database.__enter__()
        cls.addClassCleanup(cls.database.__exit__)
        assert cls.database.migrate().returncode == 0
        cls.one = Shared(cls.database)
        cls.addClassCleanup(cls.one.__exit__)
        cls.one.__enter__()
        with cls.one.connect() as connection:
            connection.do(*registry())
            connection.do(receive(RICE, 50))
            connection.do(serve(ANNA, 600, "2016-03-01"))
        cls.two = Shared(cls.database, key_of=cls.one)
        cls.addClassCleanup(cls.two.__exit__)
        cls.two.__enter__()
        assert cls.one.stop() == 0
        with cls.two.connect() as connection:  # what the first one's cache has not
            connection.do(redeem(ANNA, RICE, 1))
            connection.do(serve(ANNA, 15, "2016-08-01"))
        assert cls.two.stop() == 0  # it would find what is done to the tables
        cls.groups = cls.number("SELECT group_number FROM lovebank_book")
        cls.entries = cls.number("SELECT entry_number FROM lovebank_book")
        assert cls.groups >= 5

    @classmethod
    def number(cls, query):
        return int(cls.database.sql(query)[0])

    def verify(self):
        return self.one.verify_offline()

    def assert_sound(self):
        done = self.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"tables groups {self.groups} entries {self.entries}\n", done.stdout)
        self.assertIn("the ledger is sound", done.stdout)

    def assert_found_after(self, words, harm, mend):
        """After harm() verify names it; after mend() all is as it was."""
        self.assert_sound()
        harm()
        try:
            done = self.verify()
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            for each in words:
                self.assertIn(each, done.stdout)
        finally:
            mend()
        self.assert_sound()

    def assert_found(self, words, harm, mend):
        """The same with SQL."""
        self.assert_found_after(words, lambda: self.database.sql(harm),
                                lambda: self.database.sql(mend))

    def test_a_group_that_was_changed(self):
        where = f"WHERE book = {BOOK} AND number = 3"
        self.assert_found(
            ["lovebank_group 第 3 组：内容解不开", "table lovebank_group, group 3: its bytes cannot be"],
            f"UPDATE lovebank_group SET changes = changes || 'x' {where}",
            "UPDATE lovebank_group SET changes = substr(changes, 1, octet_length(changes) - 1) "
            + where)
        skipped = r"'\x502a4d1801000000aa'::bytea"  # zstd unpacks as if it were not there
        self.assert_found(["group 3: its bytes cannot be unpacked to its size"],
                          f"UPDATE lovebank_group SET changes = changes || {skipped} {where}",
                          "UPDATE lovebank_group SET changes = substr(changes, 1, "
                          f"octet_length(changes) - octet_length({skipped})) {where}")
        self.assert_found(["group 3: its bytes cannot be unpacked to its size"],
                          f"UPDATE lovebank_group SET size = size + 1 {where}",
                          f"UPDATE lovebank_group SET size = size - 1 {where}")
        self.assert_found(["group 3:", "do not agree"],
                          f"UPDATE lovebank_group SET chain = chain + 1 {where}",
                          f"UPDATE lovebank_group SET chain = chain - 1 {where}")

    def test_a_group_that_was_removed(self):
        for number in (1, 3, self.groups):
            where = f"WHERE book = {BOOK} AND number = {number}"
            self.assert_found(
                [f"group {number}: there is no such row", f"第 {number} 组：没有这一行"],
                f"CREATE TABLE kept AS SELECT * FROM lovebank_group {where}; "
                f"DELETE FROM lovebank_group {where}",
                "INSERT INTO lovebank_group SELECT * FROM kept; DROP TABLE kept")

    def test_a_group_that_was_added(self):
        where = f"WHERE book = {BOOK} AND number = {self.groups + 1}"
        self.assert_found(
            [f"group {self.groups + 1}: it is beyond the book's head"],
            f"INSERT INTO lovebank_group SELECT book, number + 1, 5, 1, '' FROM lovebank_group "
            f"WHERE book = {BOOK} AND number = {self.groups}",
            f"DELETE FROM lovebank_group {where}")

    def assert_forgery_found(self, words, edit):
        before = self.database.groups()
        self.assert_found_after(words, lambda: self.database.forge(edit),
                                lambda: self.database.forge(lambda groups: groups.update(before)))

    def test_an_entry_that_was_forged_with_all_chain_values(self):
        group = group_of_entry(self.database.groups(), 2)
        self.assert_forgery_found([f"lovebank_group 第 {group} 组：第 2 号账",
                                   f"table lovebank_group, group {group}: its entry 2 is not the "
                                   "one of the cache"], flip_entry(2))

    def test_an_entry_number_that_was_forged_with_all_chain_values(self):
        for entry, number in ((2, 1), (2, 3), (self.entries, self.entries + 1)):
            group = group_of_entry(self.database.groups(), entry)
            self.assert_forgery_found([f"lovebank_group 第 {group} 组：里面的账号不连续",
                                       f"group {group}: the numbers of its entries do not go on"],
                                      renumber_entry(entry, number))

    def test_another_past_of_the_rows_that_are_no_entries(self):
        """The chain value that the cache has kept is another one."""
        def edit(groups):
            groups[1] = flip(groups[1])
        self.assert_forgery_found(["it is not the one that the cache has as durable"], edit)

    def test_a_head_that_was_changed(self):
        for words, column, change in (("is not that of the last group", "chain", 1),
                                      ("number of entries", "entry_number", 1),
                                      (f"group {self.groups}: it is beyond", "group_number", -1),
                                      (f"group {self.groups + 1}: there is no", "group_number", 1),
                                      ("it lacks groups", "group_number", 1 - self.groups)):
            self.assert_found(
                [words], f"UPDATE lovebank_book SET {column} = {column} + {change}",
                f"UPDATE lovebank_book SET {column} = {column} - {change}")

    def test_a_running_server_finds_it_too(self):
        where = f"WHERE book = {BOOK} AND number = 3"
        self.two.start()
        try:
            with self.two.connect() as connection:
                self.assertTrue(connection.verify().number(5))
                self.database.sql(f"UPDATE lovebank_group SET chain = chain + 1 {where}")
                answer = connection.verify()
                self.assertFalse(answer.number(5))
                self.assertIn("table lovebank_group, group 3: ", answer.bytes(6).decode())
        finally:
            self.database.sql(f"UPDATE lovebank_group SET chain = chain - 1 {where}")
            self.assertEqual(self.two.stop(), 0)

    def test_without_the_database_it_says_so_and_the_cache_alone_can_be_looked_at(self):
        run = self.one.run
        flags = ["--config", "", "--data-dir", str(self.one.data_dir), "--key-file",
                 str(self.one.key_file)]
        done = run(str(SERVER), "verify", *flags, "--store", "postgres://x@/y?host=/nothing/here",
                   "--store-reach", "200ms")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("cannot be reached", done.stderr)
        self.assertNotIn("sound", done.stdout)
        done = run(str(SERVER), "verify", *flags)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("tables", done.stdout)


if __name__ == "__main__":
    unittest.main()
