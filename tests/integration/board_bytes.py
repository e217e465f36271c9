#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The star board as of an entry: the same bytes for ever, ties, and names beside the bytes only."""

import json
import unittest

from bad_input_book import ANNA, BAO, CARDLESS, LATE, STREET, BadInput, serve

ORDERS = (["--by", "points"], ["--by", "hours"])


class BoardBytes(BadInput):
    def setUp(self):
        super().setUp()
        # Anna has 11 h already: Bao and Cardless share rank 2, so Late is 4.
        self.entry_of(serve(BAO, 300, "2016-07-01"), serve(CARDLESS, 300, "2016-07-02"),
                      serve(LATE, 60, "2016-07-03"))

    def board(self, *options):
        return self.server.cli("stars", "--year", 2016, "--org", STREET, *options)

    def file(self, name, *options):
        path = self.server.dir / name
        self.board(*options, "-o", path)
        return path.read_bytes()

    def test_the_board_as_of_an_entry_has_the_same_bytes_for_ever(self):
        at = self.entries()
        wanted = [(order, kind) for order in ORDERS for kind in ("csv", "json", "xlsx")]
        live = {}
        for order, kind in wanted:
            live[kind, order[1]] = self.file("live", *order, "--format", kind)
            self.assertEqual(self.file("first", *order, "--format", kind, "--at", at),
                             live[kind, order[1]])
        self.server.cli("undo", self.served, "--reason", "输错")
        self.server.cli("record", LATE, 1, 600, "--date", "2016-08-01")
        self.server.cli("member", "update", BAO, "--classes-remove", 1, "--name", "改名")
        self.server.cli("org", "update", STREET, "--name", "新名")
        for restarts in (False, True):
            if restarts:
                self.connection.socket.close()
                self.server.restart()
                self.connection = self.server.connect()
                self.addCleanup(self.connection.socket.close)
            for order, kind in wanted:
                found = self.file("again", *order, "--format", kind, "--at", at)
                self.assertEqual(found, live[kind, order[1]])
                self.assertNotEqual(self.file("now", *order, "--format", kind), found)

    def test_ties_share_a_rank_and_the_next_one_skips(self):
        rows = [json.loads(line) for line in self.board("--format", "json").splitlines()]
        self.assertEqual([(row["rank"], int(row["member"])) for row in rows if "rank" in row],
                         [(1, ANNA), (2, BAO), (2, CARDLESS), (4, LATE)])
        top = [json.loads(line) for line in self.board("--format", "json", "--top", 2).splitlines()]
        self.assertEqual([int(row["member"]) for row in top if "rank" in row], [ANNA, BAO, CARDLESS])

    def test_persons_and_person_times_are_told_apart_with_entry_and_root(self):
        last = json.loads(self.board("--format", "json").splitlines()[-1])
        self.assertEqual((last["persons"], last["person_times"], last["at_entry"]),
                         (4, 5, self.entries()))
        self.assertRegex(last["root"], "^[0-9a-f]{64}$")

    def test_names_are_masked_and_stand_in_the_table_only_unless_asked_for(self):
        self.assertIn("张*", self.board())
        for kind in ("csv", "json"):
            self.assertNotIn("张", self.board("--format", kind))
            self.assertIn("张*", self.board("--format", kind, "--names"))
        for options in ([], ["--names"], ["--format", "csv", "--names"]):
            self.assertNotIn("张小", self.board(*options))

    def test_a_file_that_cannot_be_written_is_told(self):
        done = self.server.cli("stars", "--year", 2016, "--org", STREET, "-o", "/nonexistent/f",
                               check=False)
        self.assertIn(done.returncode, (2, 4))
        self.assertIn("/nonexistent/f", done.stderr)


if __name__ == "__main__":
    unittest.main()
