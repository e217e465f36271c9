#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A bank moves from files into PostgreSQL and back: nothing is lost, and a copy is no book.
"""

import os
import shutil
import signal
import subprocess
import unittest

from migrating import NUMBERS, Case, Held, entries_of, known, root_of, wait_for
from postgres_testing import PATIENCE_S, SERVER, Shared

from bad_input_book import ANNA, BAO, RICE, redeem, registry, serve
from lovebank_testing import CLIENT, STATUS, WRITE, Server


class Moved(Case):
    def test_files_to_database_to_files_while_the_server_works(self):
        files = self.files()
        cache = ("--data-dir", files.dir / "cache")
        files.cli("backup", files.dir / "copy")
        _, entries, before, rows, _ = self.move(files, files.dir / "copy", self.database.url,
                                                *cache)
        self.assertEqual((entries, before), (entries_of(files), 0))
        with files.connect() as connection:  # it went on meanwhile
            connection.do(serve(ANNA, 15, "2016-08-01"), redeem(ANNA, RICE, 1))
        root = root_of(files)
        self.assertEqual(files.stop(), 0)
        moved, now, before, new_rows, _ = self.switch(files, files.data_dir, self.database.url,
                                                      *cache)
        self.assertEqual((moved, now, before), (root, entries + 2, entries))
        self.assertLess(new_rows, rows / 2)
        self.assertFalse((files.dir / "cache/proof").exists())
        self.assert_left(files)
        done = files.verify_offline()  # all of it is there
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(root.hex(), done.stdout)

        shared = self.server(Shared, self.database, key_of=files, start=False)
        shared.data_dir = files.dir / "cache"  # filled by the move
        shared.start()
        self.assertEqual(root_of(shared), root)
        self.assert_is_the_bank(shared, entries + 2)
        second = self.server(Shared, self.database, key_of=files).__enter__()  # an empty cache
        self.assert_is_the_bank(second, entries + 2)
        with second.connect() as connection:
            connection.do(serve(BAO, 20, "2016-09-01"))
        root = root_of(second)
        self.assertEqual(second.stop() + shared.stop(), 0)

        back = self.server(Server, start=False)
        shutil.copy(files.key_file, back.key_file)
        moved, now, before, *_ = self.switch(files, self.database.url, back.data_dir,
                                             "--data-dir", shared.data_dir)
        self.assertEqual((moved, now, before), (root, entries + 3, 0))
        self.assert_left(shared)
        done = back.verify_offline()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(root.hex(), done.stdout)
        back.start()
        self.assertEqual(root_of(back), root)
        self.assert_is_the_bank(back, entries + 3)

    def test_a_moved_bank_goes_on_in_the_old_directory_it_came_from(self):
        files = self.files()
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        _, entries, *_ = self.switch(files, files.data_dir, self.database.url, *cache)
        shared = self.server(Shared, self.database, key_of=files).__enter__()
        with shared.connect() as connection:
            connection.do(serve(BAO, 20, "2016-09-01"))
        self.assertEqual(shared.stop(), 0)
        _, now, before, *_ = self.switch(files, self.database.url, files.data_dir, *cache)
        self.assertEqual((now, before), (entries + 1, entries))
        files.start()
        self.assert_is_the_bank(files, entries + 1)

    def test_a_bank_keeps_its_id_unless_an_empty_book_is_there(self):
        files = self.files()
        self.assertEqual(files.stop(), 0)
        self.switch(files, files.data_dir, self.database.url, "--data-dir", files.dir / "cache")
        ids = self.database.sql("SELECT book FROM lovebank_book")
        self.switch(files, self.database.url, files.dir / "back", "--data-dir", files.dir / "cache")
        with self.server(Shared, self.database, book="empty") as empty:
            self.assertEqual(empty.stop(), 0)
        done = self.run_move(files, files.dir / "back", self.database.url,
                             "--data-dir", files.dir / "second", book="empty")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("keeps its own book id", done.stdout)
        self.assertEqual(len(set(self.database.sql("SELECT book FROM lovebank_book")) - set(ids)),
                         1)


class Command(Case):
    """`lovebank migrate-store`: the first run, while the server works."""

    def test_it_moves_from_a_running_server_and_says_what_is_left(self):
        files = self.files()
        cache, settings = files.dir / "cache", files.dir / "lovebankd.conf"
        settings.write_text("")
        flags = ["--cache", cache, "--book", "main", "--config", settings]
        said = files.cli("--lang", "zh", "migrate-store", files.data_dir, self.database.url, *flags)
        for words in ("账数和根两边相同", "systemctl stop lovebankd",
                      f"2. lovebankd migrate-store {files.data_dir} '{self.database.url}' --switch "
                      f"--data-dir {cache} --store-book main --config {settings}\n",
                      f"data-dir = {cache}"):
            self.assertIn(words, said)
        self.assertFalse((files.dir / "cache.copy").exists())
        with files.connect() as connection:
            connection.do(serve(ANNA, 15, "2016-08-01"))
        said = files.cli("--lang", "en", "migrate-store", files.data_dir, self.database.url, *flags)
        self.assertIn("For the switch:", said)
        _, before, *_ = map(int, NUMBERS.search(said).groups())
        self.assertEqual(before, entries_of(files) - 1)

    def test_out_of_a_database_all_servers_are_to_be_stopped_and_words_are_quoted(self):
        shared = self.server(Shared, self.database).__enter__()
        with shared.connect() as connection:
            connection.do(*registry())
        cache, target = shared.dir / "a cache", shared.dir / "it's new"
        said = shared.cli("--lang", "en", "migrate-store", self.database.url, target, "--cache",
                          cache, "--book", "main")
        self.assertIn("stop all servers of the book", said)
        typed = next(line for line in said.splitlines() if line.startswith("2. "))
        done = subprocess.run(["sh", "-c", f"{SERVER}{typed.removeprefix('2. lovebankd')}"],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("the switch is made", done.stdout)
        self.assertTrue((target / "data.mdb").exists())

    def test_a_server_with_another_book_is_noticed(self):
        files, other = self.files(), self.files()
        done = files.cli("--lang", "en", "migrate-store", other.data_dir, files.dir / "new",
                         check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("does not serve the book", done.stderr)
        self.assertFalse((files.dir / "new").exists() or (files.dir / "new.copy").exists())

    def test_the_copy_of_a_run_that_was_cut_off(self):
        """Interrupted while lovebankd moves, it takes the copy away; one that is there it names."""
        files = self.files()
        copy = files.dir / "new.copy"
        copy.mkdir()
        done = files.cli("--lang", "en", "migrate-store", files.data_dir, files.dir / "new",
                         check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"rm -r {copy}", done.stderr)
        copy.rmdir()
        self.assertEqual(self.database.sql("SELECT count(*) FROM lovebank_group"), ["0"])
        with Held(self.database, 1) as held:
            process = subprocess.Popen(
                [str(CLIENT), "--socket", str(files.socket), "--lang", "en", "migrate-store",
                 str(files.data_dir), self.database.url, "--cache", str(files.dir / "cache"),
                 "--config", ""], env=files.environment(), stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True, start_new_session=True)
            wait_for(held.is_met)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 4)
        self.assertFalse((files.dir / "cache.copy").exists())

    def test_what_it_refuses(self):
        files = self.files()
        for status, words, arguments in (
                (2, "--cache", [files.data_dir, self.database.url]),
                (2, "--dry-run", ["--dry-run", files.data_dir, files.dir / "new"]),
                (2, "cannot be opened", [files.dir / "nothing", files.dir / "new"]),
                (1, "exists already", [files.data_dir, files.dir / "new", "--copy", files.dir])):
            done = files.cli("--lang", "en", "migrate-store", *arguments, check=False)
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
            self.assertIn(words, done.stderr)
        self.assertFalse((files.dir / "new").exists())


class HalfMoved(Case):
    def test_it_is_no_book_until_a_later_run_comes_to_its_end(self):
        files = self.files()
        entries, root = entries_of(files), root_of(files)
        self.assertEqual(files.stop(), 0)
        cache = ("--data-dir", files.dir / "cache")
        self.database.sql("ALTER TABLE lovebank_group ADD CONSTRAINT stop CHECK (number < 2)")
        done = self.run_move(files, files.data_dir, self.database.url, *cache,
                             "--store-reach", "1s")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("它接着搬", done.stderr)
        self.assertIn("it goes on", done.stderr)
        shared = self.server(Shared, self.database, key_of=files, start=False)
        for data_dir in (shared.data_dir, files.dir / "cache"):
            shared.data_dir = data_dir
            self.assert_half(shared)
        said = shared.verify_offline()
        self.assertEqual(said.returncode, 4)
        self.assertIn("has not come to its end", said.stderr)
        self.refuse(1, ["来处自己还没有搬完", "finish that one first"], files, self.database.url,
                    files.dir / "back", *cache)
        self.database.sql("ALTER TABLE lovebank_group DROP CONSTRAINT stop")
        moved, now, *_ = self.move(files, files.data_dir, self.database.url, *cache)
        self.assertEqual((moved, now), (root, entries))
        self.assert_half(shared)  # there is all of it, and the old server may still go on
        moved, now, *_ = self.switch(files, files.data_dir, self.database.url, *cache)
        self.assertEqual((moved, now), (root, entries))
        shared.start()
        self.assert_is_the_bank(shared, entries)

    def test_a_server_that_serves_the_empty_book_waits_until_the_bank_is_there(self):
        files = self.files()
        entries = entries_of(files)
        self.assertEqual(files.stop(), 0)
        shared = self.server(Shared, self.database, key_of=files).__enter__()
        self.database.sql("ALTER TABLE lovebank_group ADD CONSTRAINT stop CHECK (number < 2)")
        cache = ("--data-dir", files.dir / "cache", "--store-reach", "1s")
        self.assertEqual(self.run_move(files, files.data_dir, self.database.url, *cache).returncode,
                         4)
        with shared.connect() as connection:
            reply = connection.call(WRITE, (1, known())).message()
            self.assertEqual(reply.number(1), 225)  # store_unreachable
            self.database.sql("ALTER TABLE lovebank_group DROP CONSTRAINT stop")
            self.move(files, files.data_dir, self.database.url, *cache)
            reply = connection.call(WRITE, (1, known())).message()
            self.assertEqual(reply.number(1), 225)
            self.switch(files, files.data_dir, self.database.url, *cache)
            connection.do(known())
            self.assertEqual(connection.ask(STATUS).number(2), entries)
        self.assert_is_the_bank(shared, entries)


class Refused(Case):
    def test_places_that_are_not_this_banks(self):
        one, other = self.files(), self.server(Server).__enter__()
        with other.connect() as connection:
            connection.do(*list(registry())[:3])
        self.refuse(4, ["正被另一个服务器使用", "in use by another server"], one, one.data_dir,
                    self.database.url, "--data-dir", one.dir / "cache")
        self.assertEqual(one.stop() + other.stop(), 0)
        cache = ("--data-dir", one.dir / "cache")
        self.move(one, one.data_dir, self.database.url, *cache)
        self.refuse(1, ["去处的账比来处多", "more entries than the source"], one, other.data_dir,
                    self.database.url, *cache)
        self.refuse(1, ["另一家银行", "another bank"], one, one.data_dir, other.data_dir)
        before = self.database.sql("SELECT count(*) FROM lovebank_group")
        self.move(one, one.data_dir, self.database.url, *cache)  # nothing new: nothing is written
        self.assertEqual(self.database.sql("SELECT count(*) FROM lovebank_group"), before)
        self.refuse(4, ["不能用", "under another name"], one, one.data_dir, self.database.url,
                    "--data-dir", one.dir / "second", book="second")

    def test_a_book_that_may_be_in_use_is_no_target(self):
        files = self.files()
        with self.server(Shared, self.database, key_of=files) as shared:
            with shared.connect() as connection:
                connection.do(*registry())
            self.assertEqual(shared.stop(), 0)
            self.assertEqual(files.stop(), 0)
            self.refuse(1, ["另一家银行", "another bank"], files, files.data_dir, self.database.url,
                        "--data-dir", files.dir / "cache")
            old = files.dir / "old"
            shutil.copytree(files.data_dir, old)
            self.refuse(1, ["在用的账", "servers may use"], files, files.data_dir, old)
            shared.start()

    def test_what_is_typed_wrong(self):
        files = self.files()
        done = files.run(str(SERVER), "migrate-store", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--undo-switch", done.stdout)
        self.refuse(2, ["--undo-switch"], files, files.data_dir, self.database.url, "--switch",
                    "--undo-switch")

    def test_places_that_make_no_sense(self):
        files = self.files()
        self.assertEqual(files.stop(), 0)
        url, data = self.database.url, files.data_dir
        self.refuse(2, ["同一个目录", "the same directory"], files, data, data / ".")
        self.refuse(2, ["两边都是数据库", "use the databases' own means"], files, url, url)
        self.refuse(2, ["缓存目录", "name another one with --data-dir"], files, data, url,
                    "--data-dir", data)
        self.refuse(2, ["PGPASSFILE"], files, data, "postgres://a:secret@/postgres")
        self.refuse(2, ["from where and to where"], files, data, "--data-dir")
        self.refuse(4, ["没有账本", "no book"], files, files.dir / "nothing", url, "--data-dir",
                    files.dir / "cache")
        self.move(files, data, url, "--data-dir", files.dir / "cache")
        for flags in ((), ("--switch",)):
            self.refuse(4, ["只是数据库里一本账的缓存", "only the cache"], files,
                        files.dir / "cache", files.dir / "back", *flags)
        self.refuse(4, ["without tables run lovebankd migrate"], files, data,
                    url.replace("/postgres?", "/template1?"), "--data-dir", files.dir / "third",
                    "--store-reach", "1s")


if __name__ == "__main__":
    unittest.main()
