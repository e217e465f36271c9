#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Years made from other seeds: other totals, and the same agreement with the independent script."""

import unittest

from lovebank_story import StoryCase, run
from lovebank_testing import Server

SEEDS = (1, 2, 3)


class OtherYears(StoryCase):
    def test_other_years_come_to_other_totals(self):
        totals = set()
        for seed in SEEDS:
            with self.subTest(seed=seed), Server(start=False) as server:
                directory = server.dir / "story"
                made = run("scripts/make_story.py", "--seed", seed, "--out", directory)
                self.assertEqual(made.returncode, 0, made.stderr)
                outcome = self.check(directory)
                totals.add((outcome["winners"], outcome["hardship"]["person_times"]))
        self.assertEqual(len(totals | {(45, 102)}), len(SEEDS) + 1)


if __name__ == "__main__":
    unittest.main()
