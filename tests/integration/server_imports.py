#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Imports through the server: their list, the chains of entries of imports and counters, and what
the answer to a known id tells of its first entry."""

import unittest

from lovebank_testing import HISTORY, IMPORT_LIST, RESULTS, Server, command, message

(ORG_OPEN, TARIFF_SET, ITEM_SET, COUNTER_OPEN, IMPORT_OPEN) = (10, 13, 14, 15, 18)
(MEMBER_REGISTER, STOCK_RECEIVE, SERVICE_RECORD, REDEEM, REVERSE) = (20, 30, 31, 32, 36)
START = {"on": "2016-01-01"}


def registry():
    yield command(ORG_OPEN, (1, 100), (3, 1), (4, "区"), **START)
    yield command(TARIFF_SET, (1, 1), (2, "家政"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **START)
    yield command(ITEM_SET, (1, 101), (2, 1), (3, "大米"), (4, "袋"), (6, 300), **START)
    for counter in (8, 9):
        yield command(COUNTER_OPEN, (1, counter), (2, 100), (3, "爱心超市"), **START)
    for number in (1, 2):
        yield command(MEMBER_REGISTER, (1, number), (2, 100), (5, message((1, "张三"))),
                      on="2016-02-01")


def serve(number, minutes, on, **options):
    return command(SERVICE_RECORD, (1, message((1, number))), (2, 1), (3, minutes), on=on,
                   **options)


def redeem(number, counter, on, **options):
    return command(REDEEM, (1, message((1, number))), (2, counter), (3, message((1, 101), (2, 1))),
                   on=on, **options)


def reverse(entry, **options):
    return command(REVERSE, (1, message((1, entry))), memo="记错了", **options)


class ServerImports(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)
        self.ask, self.do, self.write = (self.connection.ask, self.connection.do,
                                         self.connection.write)
        self.do(*registry())

    def open_import(self, kind="sheet", rows=2, files="签到表.csv", **options):
        result = self.do(command(IMPORT_OPEN, (1, kind), (2, rows), memo=files, **options))[0]
        return result.number(8), result.number(2)

    def history(self, *fields):
        """The numbers of the entries, read page by page, one entry each."""
        numbers, before = [], 0
        while True:
            page = self.ask(HISTORY, *fields, (2, before), (3, 1))
            self.assertEqual(page.number(1), 0)
            numbers += [entry.message(1).number(1) for entry in page.messages(3)]
            before = page.number(4)
            if before == 0:
                break
        whole = self.ask(HISTORY, *fields)
        self.assertEqual([entry.message(1).number(1) for entry in whole.messages(3)], numbers)
        return numbers

    def test_imports_are_listed_newest_first_page_by_page(self):
        self.assertEqual(self.ask(IMPORT_LIST).messages(1), [])
        opened = [self.open_import(kind, rows, files, desk=rows)
                  for kind, rows, files in (("members", 3, "名册.csv"), ("sheet", 2, "三月.csv"),
                                            ("stock", 1, None))]
        self.do(serve(1, 60, "2016-03-01", under=2), serve(2, 60, "2016-03-01", under=2))
        self.assertEqual(self.write(serve(1, 60, "2016-01-15", under=1))[0].number(1),
                         RESULTS["before_joined"])
        listed = self.ask(IMPORT_LIST)
        self.assertEqual([(one.number(1), one.number(2)) for one in listed.messages(1)],
                         opened[::-1])
        self.assertEqual([(one.text(3), one.number(4), one.text(5), one.number(7), one.number(9))
                          for one in listed.messages(1)],
                         [("stock", 1, "", 0, 1), ("sheet", 2, "三月.csv", 2, 2),
                          ("members", 3, "名册.csv", 1, 3)])
        self.assertTrue(all(one.number(6) and one.number(10) for one in listed.messages(1)))
        self.assertEqual(listed.number(2), 0)
        page = self.ask(IMPORT_LIST, (2, 2))
        self.assertEqual(([one.number(1) for one in page.messages(1)], page.number(2)), ([3, 2], 2))
        page = self.ask(IMPORT_LIST, (1, 2), (2, 2))
        self.assertEqual(([one.number(1) for one in page.messages(1)], page.number(2)), ([1], 0))
        self.assertEqual(self.ask(IMPORT_LIST, (1, 1)).messages(1), [])

    def test_an_imports_history_is_its_rows_refusals_included(self):
        number, _ = self.open_import()
        other, _ = self.open_import()
        first = self.do(serve(1, 60, "2016-03-01", under=number))[0].number(2)
        self.do(serve(1, 60, "2016-03-02", under=other), serve(1, 60, "2016-03-03"))
        refused = self.write(serve(2, 60, "2016-01-15", under=number))[0]
        self.assertEqual(refused.number(1), RESULTS["before_joined"])
        last = self.do(serve(2, 60, "2016-03-01", under=number))[0].number(2)
        self.assertEqual(self.history((5, number)), [last, refused.number(2), first])
        between = self.ask(HISTORY, (5, number), (2, last - 1))
        self.assertEqual([one.message(1).number(1) for one in between.messages(3)],
                         [first] if last - 1 == refused.number(2) else [refused.number(2), first])
        self.assertEqual(self.ask(HISTORY, (5, 3)).number(1), RESULTS["import_unknown"])
        self.assertEqual(self.write(serve(1, 1, "2016-03-05", under=3))[0].number(1),
                         RESULTS["import_unknown"])
        self.assertEqual(self.connection.verify().number(5), 1)

    def test_a_counters_history_is_what_happened_there(self):
        self.do(serve(1, 600, "2016-03-01"))
        received = self.do(command(STOCK_RECEIVE, (1, 9), (2, "粮店"),
                                   (3, message((1, 101), (2, 10))), on="2016-05-02"))[0].number(2)
        taken = self.do(redeem(1, 9, "2016-06-01"))[0].number(2)
        refused = self.write(redeem(2, 9, "2016-06-01"))[0]
        self.assertEqual(refused.number(1), RESULTS["points_insufficient"])
        undone = self.do(reverse(taken))[0].number(2)
        self.assertEqual(self.history((4, 9)), [undone, refused.number(2), taken, received])
        self.assertEqual(self.history((4, 8)), [])
        self.assertEqual(self.ask(HISTORY, (4, 7)).number(1), RESULTS["counter_unknown"])

    def test_history_is_of_exactly_one(self):
        member = message((1, 1))
        self.assertEqual(self.connection.call(HISTORY).error()[0], "field_missing")
        for fields in (((1, member), (4, 9)), ((4, 9), (5, 1)), ((1, member), (5, 1))):
            self.assertEqual(self.connection.call(HISTORY, *fields).error(),
                             ("field_invalid", (2, 1, 1)))

    def test_a_known_id_tells_what_its_first_command_came_to(self):
        number, _ = self.open_import()
        again, _ = self.open_import()
        row = {"id": b"row 1 of a sheet"}
        first = self.do(serve(1, 60, "2016-03-01", under=number, desk=1, **row))[0]
        same = self.do(serve(1, 60, "2016-03-01", under=again, desk=2, **row))[0]
        self.assertEqual((same.number(2), same.number(12), same.number(15)),
                         (first.number(2), 1, 0))
        self.assertEqual(self.history((5, again)), [])
        undone = self.do(reverse(first.number(2)))[0].number(2)
        same = self.do(serve(1, 60, "2016-03-01", under=again, **row))[0]
        self.assertEqual((same.number(12), same.number(15)), (1, undone))
        other = self.write(serve(1, 90, "2016-03-01", under=again, **row), dry_run=True)[0]
        self.assertEqual((other.number(1), other.number(15), other.number(16)),
                         (RESULTS["id_reused"], undone, 0))
        row = {"id": b"row 2 of a sheet"}
        self.write(serve(1, 60, "2016-01-15", under=number, **row))
        other = self.write(serve(1, 60, "2016-03-01", under=number, **row))[0]
        self.assertEqual((other.number(1), other.number(15), other.number(16)),
                         (RESULTS["id_reused"], 0, RESULTS["before_joined"]))


if __name__ == "__main__":
    unittest.main()
