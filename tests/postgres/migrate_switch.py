#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The switch: whatever ends it, at most one of the two places is a book, and it has all that was ever
acknowledged.
"""

import shutil
import subprocess
import threading
import unittest

from migrating import Case, Held, entries_of, known, wait_for
from postgres_testing import PATIENCE_S, Shared, flip_entry

from bad_input_book import ANNA, BAO, registry, serve
from group_changes import packed
from erasure import ERASED, ERASED_NUMBER, MEMBER_CLOSE, MEMBER_ERASE, register
from lovebank_testing import MEMBER_FIND, RESULTS, STATUS, WRITE, Server, command


class Killed(Case):
    def kill_at(self, number, *arguments):
        """false: it came to its end before that group."""
        with Held(self.database, number) as held:
            process = subprocess.Popen(self.arguments(*arguments), stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT)
            wait_for(lambda: held.is_met() or process.poll() is not None)
            is_met = process.poll() is None
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        return is_met

    def test_a_switch_killed_at_any_group_is_gone_on_with(self):
        """At each point at most one of the two is a book; in the end the target is, with all."""
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        shared = self.server(Shared, self.database, key_of=files, start=False)
        move = (files.data_dir, self.database.url, "--switch", "--data-dir", files.dir / "cache")
        number = 1
        while self.kill_at(number, *move):
            self.assert_half(shared) if number > 1 else None
            self.assert_left(files) if number > 1 else None
            number += 1
        self.assertGreater(number, 3)  # the mark, what was moved, the end
        done = self.run_move(files, *move)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("nothing was changed now", done.stdout)
        self.assertFalse((files.dir / "cache/proof").exists())
        self.assert_left(files)
        shared.start()
        self.assert_is_the_bank(shared, entries)

    def test_a_switch_out_of_the_database_killed_before_the_source_says_so(self):
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        self.switch(files, files.data_dir, self.database.url, *cache)
        newest = int(self.database.sql("SELECT max(number) FROM lovebank_group")[0])
        back = self.server(Server, start=False)
        shutil.copy(files.key_file, back.key_file)
        move = (self.database.url, back.data_dir, "--switch", *cache)
        self.assertTrue(self.kill_at(newest + 1, *move))
        self.assert_half(back)
        with self.server(Shared, self.database, key_of=files) as shared:  # it is the book still
            with shared.connect() as connection:
                connection.do(serve(BAO, 20, "2016-09-01"))
            self.assertEqual(shared.stop(), 0)
            _, now, *_ = self.switch(files, *[part for part in move if part != "--switch"])
            self.assertEqual(now, entries + 1)
            self.assert_left(shared)
        back.start()
        self.assert_is_the_bank(back, entries + 1)

    def test_two_at_once_spoil_nothing(self):
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        for flags in ((), ("--switch",)):
            both = [subprocess.Popen(
                self.arguments(files.data_dir, self.database.url, *flags, "--data-dir",
                               files.dir / cache), stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT) for cache in ("one", "two")]
            codes = [process.communicate(timeout=PATIENCE_S) and process.returncode
                     for process in both]
            self.assertLessEqual(set(codes), {0, 1, 4})
        done = self.run_move(files, files.data_dir, self.database.url, "--switch", "--data-dir",
                             files.dir / "one")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_left(files)
        shared = self.server(Shared, self.database, key_of=files).__enter__()
        self.assert_is_the_bank(shared, entries)


class Live(Case):
    """The source is a book in PostgreSQL, and a server goes on writing it."""

    def test_what_is_acknowledged_during_the_switch_is_where_the_bank_is(self):
        one = self.server(Shared, self.database).__enter__()
        with one.connect() as connection:
            connection.do(*registry())
        two = self.server(Shared, self.database, key_of=one).__enter__()
        back = self.server(Server, start=False)
        shutil.copy(one.key_file, back.key_file)
        acknowledged, last = [], []
        has_begun = threading.Event()

        def go_on():
            with two.connect() as connection:
                while not last:
                    reply = connection.call(
                        WRITE, (1, serve(ANNA, 1, "2016-03-01"))).message()
                    if reply.number(1) != 0:
                        last.append(reply.number(1))
                        break
                    acknowledged.append(reply.messages(6)[0].number(2))
                    has_begun.set()

        writer = threading.Thread(target=go_on)
        writer.start()
        self.assertTrue(has_begun.wait(PATIENCE_S))
        cache = ("--data-dir", one.dir / "cache")
        self.move(one, self.database.url, back.data_dir, *cache)
        _, entries, *_ = self.switch(one, self.database.url, back.data_dir, *cache)
        writer.join(PATIENCE_S)
        self.assertEqual(last, [RESULTS["shutting_down"]])
        self.assertEqual(acknowledged[-1], entries)
        with one.connect() as connection:  # the same answer, and reads go on
            reply = connection.call(WRITE, (1, known())).message()
            self.assertEqual(reply.number(1), RESULTS["shutting_down"])
            wait_for(lambda: connection.ask(STATUS).number(2) == entries)
            self.assertTrue(connection.verify().number(5))
        wait_for(lambda: any("book_moved" in line for line in one.log))
        for server in (one, two):
            self.assertEqual(server.stop(), 0)
            self.assert_left(server)
        back.start()
        self.assertEqual(entries_of(back), entries)
        with back.connect() as connection:
            self.assertTrue(connection.verify().number(5))

    def test_the_source_of_a_copy_is_only_read(self):
        files = self.files()
        self.assertEqual(files.stop(), 0)
        before = {path.name: path.read_bytes() for path in sorted(files.data_dir.iterdir())
                  if path.name != "lock.mdb"}
        self.move(files, files.data_dir, self.database.url, "--data-dir", files.dir / "cache")
        self.assertEqual({path.name: path.read_bytes() for path in sorted(files.data_dir.iterdir())
                          if path.name != "lock.mdb"}, before)

    def test_who_was_erased_between_two_runs_is_erased_in_the_target(self):
        files = self.files()
        cache = ("--data-dir", files.dir / "cache")
        with files.connect() as connection:
            connection.do(register(ERASED, "欧阳慕容", ERASED_NUMBER))
        files.cli("backup", files.dir / "copy")
        self.move(files, files.dir / "copy", self.database.url, *cache)
        with files.connect() as connection:
            connection.do(command(MEMBER_CLOSE, (1, ERASED)),
                          command(MEMBER_ERASE, (1, ERASED), memo="本人来信要求"))
        self.assertEqual(files.stop(), 0)
        *_, deleted = self.switch(files, files.data_dir, self.database.url, *cache)
        self.assertGreater(deleted, 0)
        shared = self.server(Shared, self.database, key_of=files).__enter__()
        with shared.connect() as connection:
            wait_for(lambda: len(connection.ask(MEMBER_FIND, (1, "张小2")).messages(1)) == 1)
            self.assertEqual(connection.ask(MEMBER_FIND, (1, "慕容")).messages(1), [])
            self.assertEqual(connection.ask(MEMBER_FIND, (6, ERASED_NUMBER)).messages(1), [])
            self.assertTrue(connection.verify().number(5))


class Proved(Case):
    """A database that spoils what it is given gets no book."""

    def test_a_group_that_cannot_be_unpacked(self):
        self.assert_spoiled("NEW.changes := set_byte(NEW.changes, 0, 0)", "group 2 in the database is damaged")

    def test_a_group_of_other_bytes(self):
        other = b"\0" * 50
        self.assert_spoiled(f"NEW.size := {len(other)}; "
                            f"NEW.changes := decode('{packed(other).hex()}', 'hex')",
                            "does not follow")

    def assert_spoiled(self, how, found):
        self.database.sql(
            f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; "
            "RETURN NEW; END $$; CREATE TRIGGER spoil BEFORE INSERT ON lovebank_group "
            "FOR EACH ROW WHEN (NEW.number = 2) EXECUTE FUNCTION spoil()")
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        done = self.run_move(files, files.data_dir, self.database.url, "--switch", *cache)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn(found, done.stderr)
        self.assertFalse((files.dir / "cache/proof").exists())
        self.assert_left(files)
        shared = self.server(Shared, self.database, key_of=files, start=False)
        shared.data_dir = files.dir / "cache"
        self.assert_half(shared)
        done = self.run_move(files, files.data_dir, self.database.url, "--undo-switch", *cache)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        files.start()
        self.assert_is_the_bank(files, entries)

    def test_an_entry_that_was_forged_with_all_chain_values(self):
        """Between the first copy, whose cache is lost, and the switch."""
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        self.move(files, files.data_dir, self.database.url, *cache)
        shutil.rmtree(files.dir / "cache")
        self.database.forge(flip_entry(3))
        done = self.run_move(files, files.data_dir, self.database.url, "--switch", *cache)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("the target holds another bank", done.stderr)
        files.start()
        self.assert_is_the_bank(files, entries)


class Undone(Case):
    def undo(self, files, *flags):
        return self.run_move(files, files.data_dir, self.database.url, "--undo-switch", "--data-dir",
                             files.dir / "cache", *flags)

    def test_a_switch_is_undone_until_the_target_goes_on(self):
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        done = self.undo(files)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("the source was not moved", done.stderr)
        self.switch(files, files.data_dir, self.database.url, *cache)
        done = self.undo(files)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("is the book again", done.stdout)
        shared = self.server(Shared, self.database, key_of=files, start=False)
        self.assert_half(shared)
        files.start()
        self.assert_is_the_bank(files, entries)
        self.assertEqual(files.stop(), 0)
        self.switch(files, files.data_dir, self.database.url, *cache)
        shared.start()
        with shared.connect() as connection:
            connection.do(serve(BAO, 20, "2016-09-01"))
        done = self.undo(files)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("exchange the two", done.stderr)
        self.assert_left(files)
        with shared.connect() as connection:
            connection.do(serve(BAO, 20, "2016-09-02"))


if __name__ == "__main__":
    unittest.main()
