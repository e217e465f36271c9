# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A bank in files, a database, and `lovebankd migrate-store` between them."""

import re
import time
import unittest

from postgres_testing import PATIENCE_S, SERVER, Database

from bad_input_book import (ANNA, BAO, HOUSEWORK, RICE, SERVICE_RECORD, member, receive, redeem,
                            registry, serve)
from lovebank_testing import MEMBER_FIND, STATUS, Server, command

ROOT = re.compile(r"(?:source|target) ([0-9a-f]{64})$", re.MULTILINE)
NUMBERS = re.compile(r"entries (\d+)（原有 before (\d+)）\n.*written (\d+).*deleted (\d+)")
KNOWN = b"known".rjust(16, b"\7")


def known():
    return command(SERVICE_RECORD, (1, member(BAO)), (2, HOUSEWORK), (3, 30), on="2016-07-01",
                   id=KNOWN)


def wait_for(condition):
    """The index of names is made after the start."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def root_of(server):
    with server.connect() as connection:
        return connection.status_hashed().bytes(4)


def entries_of(server):
    with server.connect() as connection:
        return connection.ask(STATUS).number(2)


class Case(unittest.TestCase):
    def setUp(self):
        self.database = Database()
        self.database.__enter__()
        self.addCleanup(self.database.__exit__)
        self.assertEqual(self.database.migrate().returncode, 0)

    def server(self, kind, *arguments, **options):
        server = kind(*arguments, **options)
        self.addCleanup(server.__exit__)
        return server

    def files(self):
        """A bank with members, hours, goods and names."""
        server = self.server(Server).__enter__()
        with server.connect() as connection:
            connection.do(*registry())
            connection.do(receive(RICE, 50), serve(ANNA, 600, "2016-03-01"), known(),
                          serve(BAO, 60, "2016-03-02"), redeem(ANNA, RICE, 1))
        return server

    def arguments(self, source, target, *flags, book="main"):
        return [str(SERVER), "migrate-store", str(source), str(target), "--config", "",
                "--store-book", book, *map(str, flags)]

    def run_move(self, server, source, target, *flags, book="main"):
        return server.run(*self.arguments(source, target, *flags, book=book))

    def move(self, server, source, target, *flags):
        """(root, entries, before, rows written, rows deleted)"""
        done = self.run_move(server, source, target, *flags)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        is_switch = "--switch" in flags
        for words in ("账数和根两边相同", "entries and roots are equal",
                      "切换完成" if is_switch else "还没有切换",
                      "the switch is made" if is_switch else "not switched"):
            self.assertIn(words, done.stdout)
        roots = ROOT.findall(done.stdout)
        self.assertEqual(len(roots), 2, done.stdout)
        self.assertEqual(roots[0], roots[1])
        return bytes.fromhex(roots[0]), *map(int, NUMBERS.search(done.stdout).groups())

    def switch(self, server, source, target, *flags):
        return self.move(server, source, target, "--switch", *flags)

    def assert_not_served(self, server, *said):
        """serve and init are refused, in words."""
        for subcommand in ("serve", "init"):
            done = server.run(str(SERVER), subcommand, *server.arguments()[1:])
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
            for words in said:
                self.assertIn(words, done.stderr)

    def assert_left(self, server):
        self.assert_not_served(server, "这里不再记账", "nothing is recorded here any more")

    def assert_half(self, server):
        self.assert_not_served(server, "账还没有搬完", "has not come to its end", "--switch")

    def refuse(self, status, said, server, source, target, *flags, **options):
        done = self.run_move(server, source, target, *flags, **options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        for words in said:
            self.assertIn(words, done.stderr)

    def assert_is_the_bank(self, server, entries):
        with server.connect() as connection:
            self.assertEqual(connection.ask(STATUS).number(2), entries)
            wait_for(lambda: len(connection.ask(MEMBER_FIND, (1, "张小2")).messages(1)) == 1)
            connection.do(known())  # the answer that it once had
            self.assertEqual(connection.ask(STATUS).number(2), entries)
            answer = connection.verify()
            self.assertTrue(answer.number(5), answer)


class Held:
    """With-block: the group of that number of any book waits in the database, before it is there."""

    def __init__(self, database, number):
        self.database, self.number = database, number

    def __enter__(self):
        self.database.sql(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_sleep({PATIENCE_S}); RETURN NEW; END $$; "
            "CREATE TRIGGER hold BEFORE INSERT ON lovebank_group FOR EACH ROW "
            f"WHEN (NEW.number = {self.number}) EXECUTE FUNCTION hold()")
        return self

    def is_met(self):
        return self.database.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = "
                                 "'PgSleep'") == ["1"]

    def __exit__(self, *_):
        self.database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                          "wait_event = 'PgSleep'")
        wait_for(lambda: not self.is_met())
        self.database.sql("DROP TRIGGER hold ON lovebank_group; DROP FUNCTION hold()")
