#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Several servers on one book in PostgreSQL: one order, each request once, whoever dies."""

import signal
import subprocess
import threading
import time
import unittest
from pathlib import Path

from postgres_testing import PATIENCE_S, Database, Shared

from group_changes import entries_of
from lovebank_testing import (ENTRY_GET, MEMBER_FIND, MEMBER_GET, STATUS, Server, command, message)

MEMBERS = 8
REGISTRY = MEMBERS + 2
DAY = "2016-05-01"


def registry():
    start = {"on": "2016-01-01"}
    yield command(10, (1, 1), (3, 2), (4, "street"), **start)
    yield command(13, (1, 1), (2, "category"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **start)
    for number in range(1, MEMBERS + 1):
        yield command(20, (1, number), (2, 1), (5, message((1, f"member {number}"))), **start)


def minute(member, id=None, on=DAY):
    """One minute of service."""
    return command(31, (1, message((1, member))), (2, 1), (3, 1), on=on, id=id)


def wait_for(condition):
    """Another server's entries are there within some 200 ms."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def is_watching(process):
    """It starts, and has begun to look for signals meanwhile."""
    directory = Path(f"/proc/{process.pid}/fd")
    try:
        return any("signalfd" in str(file.readlink()) for file in directory.iterdir())
    except OSError:  # one was closed
        return False


def minutes_of(server, member):
    with server.connect() as connection:
        info = connection.ask(MEMBER_GET, (1, message((1, member)))).message(2)
        return info.message(8).number(5)


def entry_of(connection):
    return connection.ask(STATUS).number(2)


class Servers(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.database.__enter__()
        self.addCleanup(self.database.__exit__)
        self.assertEqual(self.database.migrate().returncode, 0)

    def start(self, **options):
        server = Shared(self.database, **options)
        self.addCleanup(server.__exit__)
        return server.__enter__()

    def start_two(self):
        one = self.start()
        with one.connect() as connection:
            connection.do(*registry())
        return one, self.start(key_of=one)

    def assert_same(self, one, two):
        """The same log, sound on both."""
        with one.connect() as first, two.connect() as second:
            wait_for(lambda: entry_of(first) == entry_of(second))
            root = first.status_hashed().bytes(4)
            self.assertEqual(root, second.status_hashed().bytes(4))
            for connection in (first, second):
                answer = connection.verify()
                self.assertTrue(answer.number(5), answer)

    def test_what_one_recorded_the_other_shows_and_goes_on_from(self):
        one, two = self.start_two()
        with one.connect() as first, two.connect() as second:
            self.assertEqual(entry_of(second), REGISTRY)
            first.do(minute(1))
            wait_for(lambda: entry_of(second) == REGISTRY + 1)
            self.assertEqual(minutes_of(two, 1), 1)
            second.do(minute(1, on="2016-05-02"))
            first.do(minute(1, on="2016-05-03"))  # upon the other's, without waiting
            self.assertEqual(minutes_of(one, 1), 3)
            wait_for(lambda: len(second.ask(MEMBER_FIND, (1, "member 3"), (3, True))
                                 .messages(1)) == 1)  # its index is made after the start
        self.assert_same(one, two)

    def test_a_name_given_on_one_is_found_on_the_other(self):
        one, two = self.start_two()
        with one.connect() as first, two.connect() as second:
            first.do(command(20, (1, 77), (2, 1), (5, message((1, "张雪梅"))), on=DAY))
            wait_for(lambda: len(second.ask(MEMBER_FIND, (1, "zxm")).messages(1)) == 1)

    def test_the_same_request_on_both_is_recorded_once(self):
        one, two = self.start_two()
        with one.connect() as first, two.connect() as second:
            request = minute(2, id=b"once".rjust(16, b"\1"))
            entry = first.do(request)[0].number(2)
            again = second.do(request)[0]
            self.assertEqual(again.number(2), entry)
            self.assertEqual(entry_of(second), REGISTRY + 1)

    def test_many_at_once_on_both_come_to_one_log(self):
        one, two = self.start_two()
        problems = []

        def desk(server, seed):
            try:
                with server.connect() as connection:
                    for turn in range(60):
                        day = f"2016-{turn % 12 + 1:02}-{seed * 5 + turn // 12 + 1:02}"
                        connection.do(minute(turn % MEMBERS + 1, on=day,
                                             id=bytes([seed + 1, turn + 1]).rjust(16, b"\2")))
            except BaseException as problem:
                problems.append(problem)
                raise

        desks = [threading.Thread(target=desk, args=(server, seed))
                 for seed, server in enumerate([one, two, one, two])]
        for thread in desks:
            thread.start()
        for thread in desks:
            thread.join(PATIENCE_S)
        self.assertEqual(problems, [])
        with one.connect() as connection:
            wait_for(lambda: entry_of(connection) == REGISTRY + 4 * 60)
        self.assertEqual(sum(minutes_of(one, member + 1) for member in range(MEMBERS)), 240)
        self.assert_same(one, two)
        found = [number for changes in self.database.groups().values()
                 for number in entries_of(changes)]
        self.assertEqual(sorted(found), list(range(1, REGISTRY + 241)))
        self.assertEqual(self.database.sql("SELECT entry_number FROM lovebank_book"),
                         [str(REGISTRY + 240)])

    def test_a_server_that_is_killed_loses_nothing_and_another_goes_on(self):
        one, two = self.start_two()
        ids = [bytes([turn + 1]).rjust(16, b"\3") for turn in range(200)]
        acknowledged = []

        def record(server, turns):
            with server.connect() as connection:
                for turn in turns:
                    connection.do(minute(turn % MEMBERS + 1, id=ids[turn],
                                         on=f"2016-{turn % 12 + 1:02}-{turn // 12 + 1:02}"))
                    acknowledged.append(turn)

        def until_killed():
            try:
                record(one, range(200))
            except (OSError, EOFError):
                pass

        desk = threading.Thread(target=until_killed)
        desk.start()
        wait_for(lambda: len(acknowledged) >= 20)
        one.stop(signal.SIGKILL)
        desk.join(PATIENCE_S)
        done = len(acknowledged)
        record(two, range(200))  # all once more: those that came through are known
        self.assertGreaterEqual(done, 20)
        with two.connect() as connection:
            self.assertEqual(entry_of(connection), REGISTRY + 200)
        one.start()
        self.assert_same(one, two)

    def test_a_lost_cache_is_filled_again(self):
        one, two = self.start_two()
        with one.connect() as connection:
            connection.do(*(minute(member + 1) for member in range(MEMBERS)))
        self.assertEqual(two.stop(), 0)
        two.lose_cache()
        two.start()
        self.assertEqual(minutes_of(two, 3), 1)
        self.assert_same(one, two)

    def test_a_server_that_stood_still_follows_much_and_goes_on(self):
        """More than comes with a turn: page by page, and its own write after all of it."""
        one, two = self.start_two()
        memo = "帮邻居买菜" * 30
        with one.connect() as first, two.connect() as second:
            two.process.send_signal(signal.SIGSTOP)
            try:
                for batch in range(14):
                    first.do(*(command(31, (1, message((1, place % MEMBERS + 1))), (2, 1), (3, 1),
                                       on=f"2016-03-{batch + 1:02}", memo=memo)
                               for place in range(1000)))
            finally:
                two.process.send_signal(signal.SIGCONT)
            bytes_, = self.database.sql("SELECT sum(size) FROM lovebank_group")
            self.assertGreater(int(bytes_), 9 << 20)
            self.assertEqual(second.do(minute(1))[0].number(2), REGISTRY + 14001)
        self.assert_same(one, two)

    def test_while_the_database_is_away_reads_go_on_and_writes_say_so(self):
        one = self.start()
        one.flags += ["--store-reach", "2s"]
        with one.connect() as connection:
            connection.do(*registry())
        one.restart()
        with one.connect() as connection:
            request = minute(1, id=b"away".rjust(16, b"\4"))
            self.database.pause()
            try:
                reply = connection.call(2, (1, request)).message()
                self.assertEqual(reply.number(1), 225)  # store_unreachable
                self.assertEqual(minutes_of(one, 1), 0)
            finally:
                self.database.pause(False)
            wait_for(lambda: connection.call(2, (1, request)).message().number(1) == 0)
            connection.do(request)
            self.assertEqual(minutes_of(one, 1), 1)
            self.assertEqual(entry_of(connection), REGISTRY + 1)

    def test_who_stops_a_server_that_waits_for_the_database_does_not_wait(self):
        """Otherwise it would take the ten minutes that the setting says."""
        one = self.start()
        self.assertEqual(one.stop(), 0)
        self.database.pause()
        try:
            process = subprocess.Popen(one.arguments("--store-reach", "10min"), text=True,
                                       stderr=subprocess.PIPE, env=one.environment())
            wait_for(lambda: is_watching(process))
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=PATIENCE_S)
        finally:
            self.database.pause(False)
        self.assertEqual(process.returncode, 0, said)
        self.assertIn("told to stop", said)
        one.start()
        with one.connect() as connection:
            self.assertEqual(entry_of(connection), 0)

    def test_a_backup_is_the_databases_business(self):
        one = self.start()
        done = one.cli("backup", one.dir / "copy", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("back it up by the database's own means", done.stderr)

    def test_two_books_in_one_database_know_nothing_of_each_other(self):
        one = self.start()
        other = self.start(book="other")
        with one.connect() as first, other.connect() as second:
            first.do(*registry())
            self.assertEqual(entry_of(second), 0)
            second.do(*registry())
            reply = first.ask(ENTRY_GET, (1, message((1, REGISTRY))))
            self.assertEqual(reply.number(1), 0)
        self.assertEqual(self.database.sql("SELECT count(*) FROM lovebank_book"), ["2"])


class Refused(unittest.TestCase):
    """What a server does not start with, and what it says."""

    def refuse(self, database, *flags, **options):
        with Shared(database, *flags, start=False, **options) as server:
            done = server.run(*server.arguments())
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.returncode, 0)
            return done.stderr

    def test_settings_that_could_lose_entries(self):
        with Database("synchronous_commit=off") as database:
            self.assertIn("synchronous_commit", database.migrate().stderr + self.refuse(database))
        with Database() as database:
            self.assertEqual(database.migrate().returncode, 0)
            said = self.refuse(database, "--store-ha")
            self.assertIn("synchronous_standby_names", said)
            self.assertIn("没有启动", said)

    def test_a_database_without_tables_a_password_in_the_url_another_key(self):
        with Database() as database:
            self.assertIn("lovebankd migrate", self.refuse(database))
            self.assertEqual(database.migrate().returncode, 0)
            self.assertEqual(database.migrate().returncode, 0)  # again: nothing to do
            said = self.refuse(database, url="postgres://lovebank:geheim@/postgres")
            self.assertIn("PGPASSFILE", said)
            self.assertNotIn("geheim", said)
            with Shared(database) as one, one.connect() as connection:
                connection.do(*registry())
                with Server() as stranger:
                    self.assertIn("密钥", self.refuse(database, key_of=stranger))
                self.assertIn("密钥", self.refuse(database))  # none at all

    def test_a_damaged_group(self):
        """It is the database that is damaged, and no cache to be thrown away."""
        with Database() as database:
            self.assertEqual(database.migrate().returncode, 0)
            with Shared(database) as one, one.connect() as connection:
                connection.do(*registry())
                database.sql("UPDATE lovebank_group SET changes = changes || '\\x00' "
                             "WHERE number = 1")
                said = self.refuse(database, key_of=one)
            self.assertIn("说的是数据库、日志（log）或某一组（group），请不要再记账", said)
            self.assertIn("group 1 in the database is damaged", said)

    def test_a_directory_with_a_book_of_its_own(self):
        with Database() as database:
            self.assertEqual(database.migrate().returncode, 0)
            with Server() as alone:
                with alone.connect() as connection:
                    connection.do(*registry())
                self.assertEqual(alone.stop(), 0)
                alone.flags += ["--store", database.url]
                done = alone.run(*alone.arguments())
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("另一本账", done.stderr)

    def test_a_cache_that_another_server_has_or_a_newer_program_made(self):
        with Database() as database:
            self.assertEqual(database.migrate().returncode, 0)
            with Shared(database) as one:
                other = [word.replace(str(one.socket), str(one.dir / "other"))
                         for word in one.arguments()]
                said = one.run(*other).stderr
                self.assertIn("the data directory, a cache of the database postgres://", said)
                self.assertIn(f"{one.data_dir} is in use", said)
                self.assertEqual(one.stop(), 0)
                data = one.data_dir / "data.mdb"
                header = b"header" + (1).to_bytes(4, "big")
                sound = data.read_bytes()
                self.assertIn(header, sound)
                data.write_bytes(sound.replace(header, b"header" + (2).to_bytes(4, "big")))
                done = one.run(*one.arguments())
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("or the data directory, its cache, were made by a newer program",
                              done.stderr)


if __name__ == "__main__":
    unittest.main()
