#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The year in examples/street-2016: board, all balances and lots, stock and refusals come to what the
independent script works out; without a winner's sheet there is one winner less.
"""

import unittest

from lovebank_story import STREET_2016, Story, StoryCase
from lovebank_testing import Server


class StreetYear(StoryCase):
    def test_the_year_of_the_street_ends_with_45_winners_and_102_person_times(self):
        outcome = self.check(STREET_2016)
        self.assertEqual((outcome["winners"], outcome["hardship"]["person_times"]), (45, 102))

    def test_without_one_winners_sheet_there_are_44(self):
        with Server(start=False) as server:
            sheet = Story(server, STREET_2016).facts["winner_sheet"]
        self.assertEqual(self.check(STREET_2016, without=sheet)["winners"], 44)

    def test_importing_every_file_twice_changes_nothing(self):
        with Server() as server:
            story = Story(server, STREET_2016, twice=True)
            story.load()
            self.assertGreater(len(story.refusals), 0)


if __name__ == "__main__":
    unittest.main()
