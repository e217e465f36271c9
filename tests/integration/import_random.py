#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Random dirty files: every row ends as entered, already there, refused or no record, and importing
again, or correcting what was refused, never doubles anything. The seed is printed; LOVEBANK_SEED repeats
one.
"""

import os
import random
import unittest

from import_book import HEAD, Imports

FILES = 12
ROWS = 60
NUMBERS = ["1", "２", "3.0", "4", "00000001", "9", "", "6.7E+09", "##", "同上", "x"]
NAMES = ["", "", "张小明", "张 小明", "李强", "王芳(fāng)", "張小明", "无名", "张*明", "同上"]
CATEGORIES = ["1", "家政", "家政", "培訓", "天文", "", "〃"]
DAYS = ["2016-05-01", "2016/5/2", "5月3日", "20160504", "2016.5.5", "1/2/2016", "明天", "", "同上"]
MINUTES = ["30", "６０", "1小时", "0", "900", "-5", "两小时", "x", ""]
OTHERS = ["合计,,,,100\n", HEAD, "填表人：老李,,,,\n", "\n", ",,,,\n", "第 2 页\n",
          '1,"张,家政,2016-05-01,60\n', '1,a"b,1,2016-05-01,60\n', "1,1,1\n"]


def row(chance):
    return ",".join(chance.choice(cells) for cells in (NUMBERS, NAMES, CATEGORIES, DAYS,
                                                       MINUTES)) + "\n"


def good_row(chance):
    return (f"{chance.choice('134')},,{chance.choice(['1', '家政', '培训'])},"
            f"2016-{chance.randint(1, 12):02}-{chance.randint(1, 28):02},{chance.randint(1, 90)}\n")


def sheet(chance):
    """A title perhaps, headings, and rows of every kind."""
    makers = (good_row, good_row, row, lambda chance: chance.choice(OTHERS))
    return chance.choice(["", "春晖街道签到表\n"]) + HEAD + "".join(
        chance.choice(makers)(chance) for _ in range(ROWS))


class RandomFiles(Imports):
    def total(self):
        return sum(self.minutes(member) for member in (1, 2, 3, 4))

    def test_no_row_is_lost_and_none_is_doubled(self):
        seed = int(os.environ.get("LOVEBANK_SEED") or random.SystemRandom().randrange(1 << 32))
        print(f"seed {seed}")
        chance = random.Random(seed)
        for number in range(FILES):
            text = sheet(chance)
            name = f"{number}.csv"
            path = self.write(name, text, chance.choice(["utf-8", "utf-8-sig", "gb18030"]))
            rows, summary = self.bring_in("sheet", path, "--year", 2016, code=1)
            with self.subTest(seed=seed, file=number):
                # One object for each row, and each row is one of three.
                self.assertEqual(len(rows), summary["rows"])
                self.assertEqual(len({row["line"] for row in rows}), len(rows))
                self.assertEqual(summary["done"] + summary["already_there"] + summary["refused"],
                                 summary["rows"])
                # The refused ones are in the file of rejects, each with its line.
                rejected = self.rejects(f"{number}.rejects.csv")
                place = rejected[0].index("行号")
                self.assertEqual(sorted(int(cells[place]) for cells in rejected[1:]),
                                 sorted(row["line"] for row in rows if row["code"]))
                self.check_again(path, number, summary)

    def check_again(self, path, number, summary):
        before = self.total()
        again = self.bring_in("sheet", path, "--year", 2016, code=1)[1]
        self.assertEqual((again["done"], again["refused"]), (0, summary["refused"]))
        rejects = self.server.dir / f"{number}.rejects.csv"
        retried = self.bring_in("sheet", rejects, "--year", 2016, "--rejects",
                                self.server.dir / "r.csv", code=1)[1]
        self.assertEqual((retried["rows"], retried["done"]), (summary["refused"], 0))
        self.assertEqual(self.total(), before)

    def tearDown(self):
        self.assertEqual(self.server.cli("verify", check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
