# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A small book for the tests of bad input, and what every refusal must keep: its exit code, its stable
name, a sentence in both languages that names thing, value and remedy, a dry run that says the same,
nothing changed by either, a server that goes on, and a book that verifies in the end.
"""

import json
import unittest

from lovebank_testing import MEMBER_GET, STATUS, STOCK, Server, card_of, command, message

(ORG_OPEN, CLASS_SET, TARIFF_SET, ITEM_SET, COUNTER_OPEN) = (10, 12, 13, 14, 15)
(STAR_TABLE_SET, MEMBER_REGISTER, MEMBER_UPDATE, CARD_BLOCK) = (17, 20, 21, 24)
(STOCK_RECEIVE, SERVICE_RECORD, REDEEM, SERVICE_ASK) = (30, 31, 32, 33)
STREET, EAST, COUNTER = 310101001000, 310101001001, 9
HOUSEWORK, RICE, SOAP, HAIRCUT = 1, 101, 102, 201
ANNA, BAO, BLOCKED, CARDLESS, LATE = 1, 2, 3, 4, 5
MEMBERS = 5
JOINED, JOINED_LATE = "2016-01-01", "2016-06-01"


def registry():
    start = {"on": JOINED}
    yield command(ORG_OPEN, (1, STREET), (3, 2), (4, "街道"), **start)
    yield command(ORG_OPEN, (1, EAST), (2, STREET), (3, 3), (4, "东社区"), **start)
    yield command(CLASS_SET, (1, 1), (2, "党员"), (3, True), **start)
    yield command(TARIFF_SET, (1, HOUSEWORK), (2, "家政"), (3, 1000), (4, 1000), (5, 1), (6, 1),
                  (8, 1440), **start)
    yield command(ITEM_SET, (1, RICE), (2, 1), (3, "大米"), (4, "袋"), (6, 3000), **start)
    yield command(ITEM_SET, (1, SOAP), (2, 1), (3, "肥皂"), (4, "块"), (6, 100), **start)
    yield command(ITEM_SET, (1, HAIRCUT), (2, 2), (3, "理发"), (4, "次"), (6, 2000), **start)
    yield command(COUNTER_OPEN, (1, COUNTER), (2, STREET), (3, "爱心超市"), **start)
    yield command(STAR_TABLE_SET, (1, 10), (1, 20), **start)
    for number in range(1, MEMBERS + 1):
        yield command(MEMBER_REGISTER, (1, number), (2, EAST), (3, 1), (4, card_of(number)),
                      (5, message((1, f"张小{number}"))),
                      on=JOINED_LATE if number == LATE else JOINED)
    yield command(MEMBER_UPDATE, (1, BLOCKED), (5, 2))
    yield command(CARD_BLOCK, (1, card_of(CARDLESS)))


def member(number):
    return message((1, number))


def serve(number, minutes, on, start=None):
    has_start = () if start is None else ((4, start), (5, True))
    return command(SERVICE_RECORD, (1, member(number)), (2, HOUSEWORK), (3, minutes), *has_start,
                   on=on)


def receive(item, quantity, on="2016-02-01", memo=None):
    return command(STOCK_RECEIVE, (1, COUNTER), (2, "粮店"), (3, message((1, item), (2, quantity))),
                   on=on, memo=memo)


def redeem(number, item, quantity, on="2016-05-01"):
    line = message((1, item), (2, quantity))
    return command(REDEEM, (1, member(number)), (2, COUNTER), (3, line), on=on)


def ask(number, on="2016-04-01"):
    return command(SERVICE_ASK, (1, member(number)), (2, COUNTER), (3, HAIRCUT), (4, 1), on=on)


class BadInput(unittest.TestCase):
    """A server with the book above: Anna has 110 points, the counter 2 rice and 500 soap."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)
        self.connection.do(*registry())
        self.entry_of(serve(ANNA, 600, "2016-03-01"), receive(RICE, 2), receive(SOAP, 500))
        self.served = self.entry_of(serve(ANNA, 60, "2016-03-02", start=540))

    def tearDown(self):
        """Whatever was sent: the server answers, and the book verifies, online and offline."""
        self.assertTrue(self.connection.verify().number(5))
        self.connection.socket.close()
        self.assertEqual(self.server.stop(), 0)
        done = self.server.verify_offline()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def entry_of(self, *commands):
        """The entry of the last of them; all must be done."""
        return self.connection.do(*commands)[-1].number(2)

    def entries(self):
        return self.connection.ask(STATUS).number(2)

    def state(self):
        """What a refusal must leave as it was: members with their balances, and the stock."""
        infos = [self.connection.ask(MEMBER_GET, (1, member(number))).message(2)
                 for number in range(1, MEMBERS + 1)]
        balances = [(info.bytes(8), info.get(9), info.get(10), info.number(3), info.number(6))
                    for info in infos]
        return balances, self.connection.ask(STOCK).get(1)

    def json_of(self, *arguments, code):
        """The only line of --json, and nothing beside it."""
        done = self.server.cli("--json", *arguments, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 1, done.stdout)
        return json.loads(lines[0])

    def assert_sentence(self, arguments, code, language, words):
        done = self.server.cli("--lang", language, "--dry-run", *arguments, check=False)
        self.assertEqual((done.returncode, done.stdout), (code, ""))
        sentence = done.stderr.splitlines()[0]
        for word in words:
            self.assertIn(str(word), sentence)
        self.assertNotIn("{", sentence)

    def assert_refused(self, name, *arguments, values=(), zh=(), en=(), recorded=False):
        """Refused alike in a dry run and in earnest; both sentences hold all `values`."""
        entries, state = self.entries(), self.state()
        dry = self.json_of("--dry-run", *arguments, code=1)
        self.assertEqual((dry["result"], self.entries()), (name, entries))
        self.assert_sentence(arguments, 1, "zh", (*values, *zh))
        self.assert_sentence(arguments, 1, "en", (*values, *en))
        self.assertEqual(self.entries(), entries)
        real = self.json_of(*arguments, code=1)
        for key in ("result", "code", "a", "b", "c", "sentence"):
            self.assertEqual(real.get(key), dry.get(key), key)
        self.assertEqual(self.entries(), entries + recorded)
        self.assertEqual(self.state(), state)
        return real

    def assert_usage(self, *arguments, words=()):
        """Wrong usage: 2, told before anything is sent, with what to read next."""
        entries = self.entries()
        for language, hint in (("zh", "用法见"), ("en", "See: lovebank")):
            done = self.server.cli("--lang", language, *arguments, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            for word in (*words, hint):
                self.assertIn(word, done.stderr)
        self.assertEqual(self.entries(), entries)
