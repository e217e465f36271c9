#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Every query over one small book: what is read is what was written, also as of an earlier entry."""

import hashlib
import unittest

from lovebank_testing import (CATALOGUE, ENTRY_GET, HISTORY, MEMBER_FIND, MEMBER_GET, ORG_LIST,
                              REPORT, RESULTS, STARS, STATUS, STOCK, Server, card_of,
                              command, day, message)

(ORG_OPEN, ORG_UPDATE, CLASS_SET, TARIFF_SET, ITEM_SET, COUNTER_OPEN) = (10, 11, 12, 13, 14, 15)
(STAR_TABLE_SET, MEMBER_REGISTER, MEMBER_UPDATE) = (17, 20, 21)
(STOCK_RECEIVE, SERVICE_RECORD, REDEEM, SERVICE_ASK, SERVICE_GIVE, REVERSE) = (30, 31, 32, 33, 34, 36)
DISTRICT, STREET, EAST, WEST, ELSEWHERE = 100, 110, 112, 111, 200
PARTY, HARDSHIP = 1, 3
NAMES = ["张小明", "李雷", "欧阳娜娜", "张三", "Anna Smith"]


def registry():
    start = {"on": "2016-01-01"}
    yield command(ORG_OPEN, (1, DISTRICT), (3, 1), (4, "区"), **start)
    yield command(ORG_OPEN, (1, STREET), (2, DISTRICT), (3, 2), (4, "街道"), **start)
    yield command(ORG_OPEN, (1, EAST), (2, STREET), (3, 3), (4, "东社区"), **start)
    yield command(ORG_OPEN, (1, WEST), (2, STREET), (3, 3), (4, "西社区"), **start)
    yield command(ORG_OPEN, (1, ELSEWHERE), (3, 2), (4, "别处"), **start)
    yield command(CLASS_SET, (1, PARTY), (2, "党员"), (3, True), **start)
    yield command(CLASS_SET, (1, HARDSHIP), (2, "困难党员"), **start)
    yield command(TARIFF_SET, (1, 1), (2, "家政"), (3, 100), (4, 1000), (5, 1), (6, 1), (8, 1440),
                  **start)
    yield command(ITEM_SET, (1, 101), (2, 1), (3, "大米"), (4, "袋"), (6, 300), **start)
    yield command(ITEM_SET, (1, 201), (2, 2), (3, "理发"), (4, "次"), (6, 200), **start)
    yield command(COUNTER_OPEN, (1, 9), (2, STREET), (3, "爱心超市"), **start)
    yield command(STAR_TABLE_SET, (1, 10), (1, 20), **start)
    homes = [(EAST, [PARTY]), (EAST, [PARTY, HARDSHIP]), (WEST, [PARTY]), (WEST, []),
             (ELSEWHERE, [PARTY])]
    for number, (org, classes) in enumerate(homes, 1):
        person = message((1, NAMES[number - 1]), (7, f"1001234567{number}"))
        yield command(MEMBER_REGISTER, (1, number), (2, org), *((3, one) for one in classes),
                      (4, card_of(number)), (5, person), **start)


def member(number):
    return message((1, number))


def serve(number, minutes, on):
    return command(SERVICE_RECORD, (1, member(number)), (2, 1), (3, minutes), on=on)


class ServerMethods(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)
        self.ask, self.do = self.connection.ask, self.connection.do
        self.do(*registry())
        self.do(serve(1, 600, "2016-03-01"), serve(2, 600, "2016-03-02"),
                serve(3, 1200, "2016-04-01"), serve(4, 300, "2016-05-01"),
                serve(5, 1200, "2016-05-01"))
        self.do(command(STOCK_RECEIVE, (1, 9), (2, "粮店"), (3, message((1, 101), (2, 10))),
                        on="2016-05-02"))
        self.redeemed = self.do(
            command(REDEEM, (1, member(2)), (2, 9), (3, message((1, 101), (2, 2))),
                    on="2016-06-01", memo="自取"))[0].number(2)
        self.asked = self.do(
            command(SERVICE_ASK, (1, member(1)), (2, 9), (3, 201), (4, 1), on="2016-06-02"))[0] \
            .number(2)
        self.given = self.do(
            command(SERVICE_GIVE, (1, message((1, self.asked))), (2, member(4)), (3, 1), (4, 60),
                    on="2016-06-03"))[0].number(2)

    def stars(self, *fields, year=2016, org=STREET):
        return self.ask(STARS, (1, year), (2, org), *fields)

    def ranks(self, answer):
        return [(row.number(1), row.number(2)) for row in answer.messages(4)]

    def test_status_counts_members_and_cards_also_after_a_restart(self):
        self.connection.write(serve(1, 1, "2016-07-01"), dry_run=True)
        before = self.connection.status_hashed()
        self.assertEqual((before.number(2), before.number(5), before.number(6)), (26, 5, 5))
        self.server.restart()
        with self.server.connect() as connection:
            after = connection.ask(STATUS)
            self.assertEqual((after.number(2), after.number(5), after.number(6)), (26, 5, 5))
            self.assertEqual(after.bytes(4), before.bytes(4))

    def test_orgs_come_parent_first_and_siblings_by_number(self):
        found = self.ask(ORG_LIST)
        self.assertEqual([org.number(1) for org in found.messages(1)],
                         [DISTRICT, STREET, WEST, EAST, ELSEWHERE])
        found = self.ask(ORG_LIST, (1, STREET))
        self.assertEqual([(org.number(1), org.number(2), org.text(4)) for org in found.messages(1)],
                         [(STREET, DISTRICT, "街道"), (WEST, STREET, "西社区"),
                          (EAST, STREET, "东社区")])
        self.assertEqual(self.connection.call(ORG_LIST, (1, 999)).error()[0], "org_unknown")
        found = self.ask(ORG_LIST, (2, day("2015-12-31")), (3, True))
        self.assertEqual(found.messages(1), [])

    def test_the_catalogue_is_what_is_in_force_on_the_day(self):
        self.do(command(ITEM_SET, (1, 101), (2, 1), (3, "大米"), (4, "袋"), (6, 350),
                        on="2016-08-01"))
        for when, price in (("2016-07-31", 300), ("2016-08-01", 350)):
            found = self.ask(CATALOGUE, (1, day(when)), (2, True))
            self.assertEqual([item.message(2).number(6) for item in found.messages(3)],
                             [price, 200])
        self.assertEqual([(one.number(1), one.text(2), one.number(3)) for one in found.messages(1)],
                         [(PARTY, "党员", 1), (HARDSHIP, "困难党员", 0)])
        self.assertEqual([one.message(2).text(2) for one in found.messages(2)], ["家政"])
        self.assertEqual([one.text(3) for one in found.messages(4)], ["爱心超市"])
        self.assertEqual(found.numbers(5), [10, 20])

    def test_stock_is_told_by_lot_with_its_delivery(self):
        for request in ((), ((1, 9),)):
            rows = self.ask(STOCK, *request).messages(1)
            self.assertEqual([(row.number(1), row.number(2), row.number(4)) for row in rows],
                             [(9, 101, 8)])
            delivery = self.ask(ENTRY_GET, (1, message((1, rows[0].number(5)))))
            self.assertIn(30, delivery.message(2).message(1).message(5))
        self.assertEqual(self.connection.call(STOCK, (1, 8)).error(), ("counter_unknown", (8, 0, 0)))

    def test_a_member_is_found_by_number_and_by_card(self):
        for reference in (message((1, 1)), message((2, card_of(1)))):
            answer = self.ask(MEMBER_GET, (1, reference))
            info = answer.message(2)
            self.assertEqual((answer.number(1), info.number(1), info.number(2), info.number(6)),
                             (0, 1, EAST, card_of(1)))
            self.assertEqual(info.text(14), "张*明")
            self.assertNotIn(12, info)
            balances = info.message(8)
            self.assertEqual([balances.number(field) for field in (2, 3, 4, 5)], [800, 0, 0, 600])
            self.assertEqual([(lot.number(1), lot.number(2)) for lot in info.messages(9)],
                             [(0xFFFFFFFF, 800)])
            self.assertEqual(
                [[year.number(field) for field in range(1, 8)] for year in info.messages(10)],
                [[2016, 1000, 600, 1, 0, 200, 1]])
        person = self.ask(MEMBER_GET, (1, member(1)), (2, True)).message(2).message(12)
        self.assertEqual((person.text(1), person.text(7)), ("张小明", "10012345671"))
        self.assertEqual(self.ask(MEMBER_GET, (1, member(77))).number(1), RESULTS["member_unknown"])
        self.assertEqual(self.ask(MEMBER_GET, (1, message((2, card_of(6))))).number(1),
                         RESULTS["card_unknown"])

    def test_members_are_found_by_a_part_of_their_name(self):
        found = self.ask(MEMBER_FIND, (1, "张"))
        self.assertEqual([(one.number(1), one.text(14)) for one in found.messages(1)],
                         [(1, "张*明"), (4, "张*")])
        found = self.ask(MEMBER_FIND, (1, "张"), (2, 1))
        self.assertEqual(([one.number(1) for one in found.messages(1)], found.number(2)), ([1], 1))
        self.assertEqual(self.ask(MEMBER_FIND, (1, "王")).messages(1), [])
        self.assertEqual(self.connection.call(MEMBER_FIND).error()[0], "field_missing")

    def test_history_goes_back_along_the_members_entries_page_by_page(self):
        whole = self.ask(HISTORY, (1, member(1)))
        numbers = [entry.message(1).number(1) for entry in whole.messages(3)]
        self.assertEqual(numbers[:2], [self.given, self.asked])
        self.assertEqual((len(numbers), whole.number(4)), (4, 0))
        self.assertEqual(numbers, sorted(numbers, reverse=True))
        self.assertEqual(whole.messages(3)[1].number(4), self.given)
        paged, before = [], 0
        while True:
            page = self.ask(HISTORY, (1, member(1)), (2, before), (3, 1))
            paged += [entry.message(1).number(1) for entry in page.messages(3)]
            before = page.number(4)
            if before == 0:
                break
        self.assertEqual(paged, numbers)
        between = self.ask(HISTORY, (1, member(1)), (2, self.asked - 1))
        self.assertEqual([entry.message(1).number(1) for entry in between.messages(3)], numbers[2:])

    def test_an_entry_comes_with_memo_reversal_and_a_proof_that_holds(self):
        undone = self.do(command(REVERSE, (1, message((1, self.redeemed))), memo="拿错了"))[0]
        answer = self.ask(ENTRY_GET, (1, message((1, self.redeemed))), (2, True))
        stored = answer.message(2)
        self.assertEqual((stored.number(2), stored.text(3)), (undone.number(2), "自取"))
        entry = stored.message(1)
        self.assertNotIn("自取".encode(), stored.bytes(1))
        by_request = self.ask(ENTRY_GET, (1, message((2, entry.message(5).bytes(1)))))
        self.assertEqual(by_request.message(2).bytes(1), stored.bytes(1))
        self.assertEqual(root_of(self.redeemed - 1, answer.number(3), stored.bytes(1),
                                 answer.get(5, [])), answer.bytes(4))
        self.assertEqual(answer.bytes(4), self.connection.status_hashed().bytes(4))
        self.assertEqual(self.ask(ENTRY_GET, (1, message((1, 999)))).number(1),
                         RESULTS["entry_unknown"])
        self.assertEqual(self.ask(ENTRY_GET, (1, message((2, b"x" * 16)))).number(1),
                         RESULTS["request_unknown"])

    def test_the_board_ranks_with_ties_and_filters(self):
        answer = self.stars()
        self.assertEqual(self.ranks(answer), [(1, 3), (2, 1), (2, 2), (4, 4)])
        self.assertEqual((answer.number(8), answer.number(9)), (4, 5))
        self.assertEqual([row.number(8) for row in answer.messages(4)], [2, 1, 1, 0])
        self.assertEqual(self.ranks(self.stars((3, PARTY))), [(1, 3), (2, 1), (2, 2)])
        self.assertEqual(self.ranks(self.stars((5, 2))), [(1, 3), (2, 1), (2, 2)])
        self.assertEqual(self.ranks(self.stars((5, 1))), [(1, 3)])
        self.assertEqual(self.ranks(self.stars((6, 1001))), [(1, 3)])
        self.assertEqual(self.ranks(self.stars((6, 1000))), [(1, 3), (2, 1), (2, 2)])
        self.assertEqual(self.ranks(self.stars((4, 2), (6, 360))), [(1, 3), (2, 1), (2, 2), (4, 4)])
        self.assertEqual(self.ranks(self.stars((4, 2), (6, 361))), [(1, 3), (2, 1), (2, 2)])
        self.assertEqual(self.ranks(self.stars(org=DISTRICT)), self.ranks(answer))
        self.assertEqual(self.ranks(self.stars(org=EAST)), [(1, 1), (1, 2)])
        self.assertEqual(self.ranks(self.stars(year=2015)), [])
        self.assertEqual(self.ranks(self.stars((8, 3))), [(4, 4)])
        names = self.stars((9, True)).messages(4)
        self.assertEqual([row.text(9) for row in names], ["欧**娜", "张*明", "李*", "张*"])

    def test_the_board_refuses_what_it_cannot_or_may_not_show(self):
        self.assertEqual(self.stars((3, HARDSHIP)).number(1), RESULTS["unauthorised"])
        self.assertEqual(self.stars((3, 8)).number(1), RESULTS["class_unknown"])
        self.assertEqual(self.stars(org=8).number(1), RESULTS["org_unknown"])
        self.assertEqual(self.stars((7, 999)).number(1), RESULTS["entry_unknown"])
        self.assertEqual(self.connection.call(STARS, (1, 9999), (2, STREET)).error()[0],
                         "field_invalid")

    def test_the_board_goes_by_the_last_day_of_its_year(self):
        before = self.ranks(self.stars((3, PARTY)))
        self.do(command(MEMBER_UPDATE, (1, 3), (2, ELSEWHERE), on="2017-01-01"),
                command(MEMBER_UPDATE, (1, 1), (4, PARTY), on="2017-01-01"),
                command(STAR_TABLE_SET, (1, 1), on="2017-01-01"),
                serve(2, 1200, "2017-02-01"))
        answer = self.stars((3, PARTY))
        self.assertEqual(self.ranks(answer), before)
        self.assertEqual([row.number(8) for row in answer.messages(4)], [2, 1, 1])
        self.do(command(MEMBER_UPDATE, (1, 3), (2, ELSEWHERE), on="2016-12-31"))
        self.assertEqual(self.ranks(self.stars((3, PARTY))), [(1, 1), (1, 2)])

    def test_a_board_as_of_an_entry_stays_the_same_for_ever(self):
        then = self.stars()
        entry = then.number(6)
        self.assertEqual(entry, self.ask(STATUS).number(2))
        self.do(serve(4, 1300, "2016-08-01"),
                command(REVERSE, (1, message((1, self.given))), memo="未提供"),
                command(MEMBER_UPDATE, (1, 3), (2, ELSEWHERE), on="2016-02-01"))
        self.assertNotEqual(self.ranks(self.stars()), self.ranks(then))
        self.stars((7, 17))
        again = self.stars((7, entry))
        self.assertEqual(dict(again), dict(then))
        self.server.restart()
        with self.server.connect() as connection:
            again = connection.ask(STARS, (1, 2016), (2, STREET), (7, entry))
            self.assertEqual(dict(again), dict(then))

    def test_the_board_folded_to_the_newest_but_one_entry_is_that_of_the_views(self):
        then = self.stars()
        self.do(command(ORG_OPEN, (1, 300), (3, 2), (4, "新街道"), on="2016-01-01"))
        self.assertEqual(dict(self.stars((7, then.number(6)))), dict(then))

    def test_the_report_counts_persons_and_person_times_apart(self):
        fields = (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        whole = self.ask(REPORT, (1, 2016), (2, STREET))
        self.assertEqual([whole.number(field) for field in fields],
                         [0, 4, 4, 5, 2760, 4600, 1, 1, 1, 1, 800])
        poor = self.ask(REPORT, (1, 2016), (2, STREET), (3, HARDSHIP))
        self.assertEqual([poor.number(field) for field in fields],
                         [0, 1, 1, 1, 600, 1000, 1, 1, 0, 0, 600])
        self.assertEqual(self.ask(REPORT, (1, 2016), (2, 8)).number(1), RESULTS["org_unknown"])

    def test_verify_passes_and_tells_the_root(self):
        answer = self.connection.verify()
        self.assertEqual((answer.number(2), answer.number(5), answer.text(6)), (1, 1, ""))
        status = self.connection.status_hashed()
        self.assertEqual((answer.number(7), answer.bytes(8)), (status.number(2), status.bytes(4)))
        self.connection.socket.close()
        self.server.stop()
        self.assertEqual(self.server.verify_offline().returncode, 0)


def root_of(index, size, leaf, proof):
    """RFC 9162, 2.1.3.2: the root that an inclusion proof leads to."""
    node, last = hashlib.sha256(b"\0" + leaf).digest(), size - 1
    for part in proof:
        if index & 1 or index == last:
            node = hashlib.sha256(b"\1" + part + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + part).digest()
        index, last = index >> 1, last >> 1
    assert last == 0
    return node


if __name__ == "__main__":
    unittest.main()
