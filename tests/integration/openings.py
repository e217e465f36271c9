#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Opening balances: what stood in paper passbooks, by command, from lists, and by two people."""

import json
import re
import unittest
from datetime import timedelta

from cli_access import COMMUNITY, PASSWORDS, Guarded
from cli_access import STREET as GUARDED_STREET
from import_book import EAST, QIANG_EAST, STREET, WANG, ZHANG, Imports
from lovebank_testing import SOURCE_DIR, card_of, today

YEAR = today().year
SOON = f"{YEAR + 1}-12-31"
HEAD = "志愿者编号,姓名,积分,有效期至,时长,年度,备注\n"


def card(number):
    return f"{card_of(675000000 + number):010}"


class Passbooks(Imports):
    def opening(self, *words, code=0, lang="zh", flags=()):
        """What it said: on standard output when done, else on standard error."""
        done = self.server.cli("--lang", lang, *flags, "opening", *words, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def balance(self, member):
        return json.loads(self.server.cli("--json", "balance", member).splitlines()[0])

    def tallies(self, member):
        """(points, minutes, {last day or None: points})"""
        info = self.balance(member)
        lots = {lot["lot"]: lot["points_centi"] for lot in info.get("lots", [])}
        return info["balances"]["points_centi"], info["balances"]["minutes"], lots


class Typed(Passbooks):
    # accepts

    def test_points_and_hours_are_taken_over_and_told_everywhere(self):
        told = self.opening(ZHANG, "--points", "120.5", "--until", SOON, "--hours", "30.5",
                            "--year", 2015, "--memo", "旧折第 3 页")
        entry = re.search(r"记账号 (\d+)", told)[1]
        self.assertEqual(told, f"已为 张*明 转入 120.5 分（用至 {SOON}）、30 小时 30 分钟（2015 年），"
                               f"现有 120.5 分（记账号 {entry}）。\n")
        points, minutes, lots = self.tallies(ZHANG)
        self.assertEqual((points, minutes, list(lots.values())), (12050, 1830, [12050]))
        for language, what, end in (("zh", "转入期初余额", f"用至 {SOON}、2015 年"),
                                    ("en", "opening balance", f"use by {SOON}, year 2015")):
            def say(*words, lang=language):
                return self.server.cli("--lang", lang, *words)
            for words in (["history", ZHANG], ["entries", "--act", what], ["explain", entry]):
                said = say(*words)
                self.assertIn(what, said)
                self.assertIn(end, said)
            self.assertIn(what, say("statement", ZHANG))
            self.assertIn(what, say("receipt", entry))
        self.assertIn("旧折第 3 页", self.server.cli("--lang", "zh", "explain", entry))
        self.assertIn(f"用至 {SOON}，2015 年时长",
                      self.server.cli("--lang", "zh", "receipt", entry, "--width", 80))
        stored = json.loads(self.server.cli("--json", "explain", entry))["entry"]["command"]
        self.assertEqual(stored["opening_balance"],
                         {"member": {"member": "00000001"}, "points_centi": 12050,
                          "last_day": SOON, "minutes": 1830, "year": 2015})

    def test_points_without_a_last_day_never_end(self):
        self.opening(ZHANG, "--points", 60)
        self.opening(ZHANG, "--points", 5, "--until", "永久")
        self.opening(ZHANG, "--points", 7, "--until", SOON)
        self.assertEqual(self.tallies(ZHANG)[0], 7200)
        self.assertEqual(len(self.tallies(ZHANG)[2]), 2)
        self.assertIn("60 points (no end)", self.opening(WANG, "--points", 60, lang="en"))

    def test_amounts_and_people_are_written_as_elsewhere(self):
        self.opening("zxm", "--minutes", "1.5小时", "--year", "2014年度")
        self.opening(card(ZHANG), "--hours", "两小时", "--year", 2015, "--date", "昨天")
        self.opening("张小明", "--points", "1,200 分")
        self.assertEqual(self.tallies(ZHANG)[:2], (120000, 210))

    def test_it_counts_for_a_life_and_not_as_earned_in_a_year(self):
        self.server.cli("star-table", "set", 100, 300, "--from", "2016-01-01")
        self.opening(ZHANG, "--points", 500, "--hours", 120, "--year", YEAR)
        year = ["--year", YEAR, "--org", STREET, "--format", "json"]
        self.assertEqual([row for row in map(json.loads, self.server.cli(
            "stars", *year).splitlines()) if row.get("member")], [])
        total = json.loads(self.server.cli("report", *year).splitlines()[-1])
        self.assertEqual([total.get(name, 0) for name in (
            "service_persons", "service_person_times", "minutes", "earned_centi")], [0, 0, 0, 0])
        self.server.cli("record", ZHANG, 1, 60)
        row = json.loads(self.server.cli("stars", *year).splitlines()[0])
        self.assertEqual((row["minutes"], row["points_centi"], row["lifetime_minutes"],
                          row["stars"]), (60, 1000, 7260, 1))

    def test_an_undo_takes_it_back(self):
        told = self.opening(ZHANG, "--points", 60, "--hours", 2, "--year", 2015)
        entry = re.search(r"记账号 (\d+)", told)[1]
        self.server.cli("undo", entry, "--reason", "记错了")
        self.assertEqual(self.tallies(ZHANG)[:2], (0, 0))
        history = self.server.cli("--lang", "zh", "history", ZHANG)
        self.assertIn(f"撤销 第 {entry} 号", history)

    def test_a_dry_run_enters_nothing_and_the_same_id_once(self):
        before = self.root()
        self.assertIn("试算：已为 张*明 转入 60 分", self.opening(ZHANG, "--points", 60,
                                                        flags=["--dry-run"]))
        self.assertEqual(self.root(), before)
        same = ["--id", "01a20044-6022-77fa-9c97-b848ab9dbc42"]
        self.opening(ZHANG, "--points", 60, flags=same)
        self.assertIn("以前已记过", self.opening(ZHANG, "--points", 60, flags=same))
        self.assertEqual(self.tallies(ZHANG)[0], 6000)

    # rejects

    def test_what_is_incomplete_is_told_before_anything_is_sent(self):
        cases = (([], "--points", "没有写积分，也没有写时长", "neither points nor time"),
                 (["--until", SOON], "--points", "没有写积分", "neither points nor time"),
                 (["--hours", 30], "--year", "30 小时是哪一年的", "of which year are the 30 h"),
                 (["--points", 60, "--minutes", 90], "--year", "1 小时 30 分钟是哪", "1 h 30 min"),
                 (["--points", 60, "--year", 2015], "--year “2015”", "却没有写时长", "hours"),
                 (["--hours", 30, "--year", 2015, "--until", SOON], f"--until “{SOON}”",
                  "却没有写积分", "no points are given"),
                 (["--points", 0], "--points “0”", "都是 0", "nothing to take over"),
                 (["--points", "-5"], "--points “-5”", "不是数额", "not an amount"),
                 (["--hours", 30, "--year", "2013-2015"], "--year “2013-2015”", "1900 到 2199",
                  "from 1900 to 2199"),
                 (["--hours", "许多", "--year", 2015], "--hours “许多”", "不是时长", "not a duration"))
        self.assertEqual(self.server.stop(), 0)  # or they would end with 3
        for words, thing, zh, en in cases:
            told = self.opening(ZHANG, *words, code=2)
            self.assertIn(thing, told)
            self.assertIn(zh, told)
            self.assertIn(en, self.opening(ZHANG, *words, code=2, lang="en"))

    def test_points_that_have_ended_and_years_to_come_are_refused(self):
        told = self.opening(ZHANG, "--points", 60, "--until", "2015-12-31", code=1)
        self.assertIn("2015-12-31", told)
        self.assertIn("有效期", told)
        told = self.opening(ZHANG, "--hours", 6, "--year", YEAR + 1, code=1, lang="en")
        self.assertIn(f"{YEAR + 1}-01-01 is in the future", told)
        self.opening(99, "--points", 60, code=1)
        self.assertEqual(self.tallies(ZHANG)[:2], (0, 0))

    def test_without_a_server_nothing_is_kept(self):
        self.assertEqual(self.server.stop(), 0)
        told = self.opening(ZHANG, "--points", 60, code=3)
        self.assertNotIn("lovebank sync", told)
        self.assertEqual(list((self.server.dir / "state").rglob("*.row")), [])
        self.server.start()
        self.assertEqual(self.tallies(ZHANG)[0], 0)


class Lists(Passbooks):
    def test_a_list_is_previewed_summed_and_entered_once(self):
        path = self.write("存折.csv", "东湖社区旧存折\n" + HEAD +
                          f"1,张小明,120,{SOON},30小时,2015,第 3 页\n1,张小明,,,12.5小时,2014年,\n"
                          f"4,王芳,60,永久,,,\n2,李强,0,{SOON},90分钟,2016,\n合计,,180,,44小时,,\n",
                          "gb18030")
        before = self.root()
        done = self.server.cli("--lang", "zh", "import", "openings", "--dry-run", path)
        self.assertIn("预览：可记入 4 行。\n  合计时长 44 小时，积分 180 分", done)
        self.assertEqual(self.root(), before)
        self.assertEqual(self.sums("openings", path), (4, 0, 0))
        self.assertEqual(self.tallies(ZHANG)[:2], (12000, 2550))
        self.assertEqual(self.tallies(WANG)[:2], (6000, 0))
        self.assertEqual(self.tallies(QIANG_EAST)[:2], (0, 90))
        self.assert_unchanged("openings", path)
        yesterday = (today() - timedelta(days=1)).isoformat()
        self.assert_unchanged("openings", path, "--date", yesterday)
        cards = self.write("卡.csv", f"卡号,积分余额,有效期\n{card(ZHANG)},120.00,{SOON}\n")
        self.sums("openings", cards)
        cards = self.write("again.csv", f"姓名,积分,用至\n张小明,120,{SOON.replace('-', '/')}\n")
        self.assert_unchanged("openings", cards)
        self.assertEqual(self.tallies(ZHANG)[0], 24000)

    def test_the_list_of_the_manual_is_one(self):
        text = (SOURCE_DIR / "docs/imports.md").read_text(encoding="utf-8")
        sample = re.search(r"```csv\n(志愿者编号.*?)```", text, re.DOTALL)[1]
        for number, name in ((10010042, "张小明"), (10010043, "李芳")):
            self.server.cli("member", "add", name, EAST, "--member", number, "--joined",
                            "2016-01-01")
        path = self.write("存折.csv", sample)
        self.assertEqual(self.sums("openings", path, "--date", "2026-01-02"), (3, 0, 0))
        self.assertEqual(self.tallies(10010042)[:2], (12000, 2550))
        self.assertEqual(self.tallies(10010043)[:2], (6000, 0))

    def test_options_give_what_rows_leave_out(self):
        path = self.write("2015.csv", "编号,小时\n1,30\n4,12.5\n")
        refused = self.bring_in("openings", path, code=1)[0]
        self.assertEqual([row["column"] for row in refused], ["year", "year"])
        self.assertEqual(self.sums("openings", path, "--service-year", 2015, "--date",
                                   f"{YEAR - 1}-01-02"), (2, 0, 0))
        history = self.server.cli("--lang", "zh", "history", WANG)
        self.assertIn("2015 年", history)
        self.assertIn(f"{YEAR - 1}-01-02", history)

    def test_a_refused_row_is_corrected_and_goes_in(self):
        rows = (f"1,李强,60,{SOON},,,", "1,,60,2015-12-31,,,", f"4,,,,30小时,{YEAR + 1},",
                "4,,,,30小时,,", "4,,,,30,2015,", "4,,,,,,", "4,,,,,2015,", f"4,,六十,{SOON},,,",
                "99,,60,,,,")
        columns = ("姓名", "有效期至", "年度", "年度", "时长", "积分", "积分", "积分", "志愿者编号")
        path = self.write("a.csv", HEAD + "4,,5,,,,\n" + "\n".join(rows) + "\n")
        summary = self.bring_in("openings", path, code=1)[1]
        self.assertEqual((summary["done"], summary["refused"]), (1, 9))
        rejected = self.rejects("a.rejects.csv")
        place = rejected[0].index("有问题的列")
        self.assertEqual(tuple(row[place] for row in rejected[1:]), columns)
        corrected = [rejected[0]] + [row for row in rejected[1:] if row[place] == "有效期至"]
        corrected[1][corrected[0].index("有效期至")] = SOON
        fixed = self.write("b.csv", "\n".join(",".join(row) for row in corrected) + "\n")
        self.assertEqual(self.sums("openings", fixed), (1, 0, 0))

    def test_a_total_that_does_not_add_up_is_told(self):
        path = self.write("a.csv", "编号,积分\n1,60\n4,30\n合计,100\n")
        done = self.server.cli("--lang", "zh", "import", "openings", path, "--yes", check=False)
        self.assertIn("表里写的合计是 100 分，各行相加是 90 分", done.stderr)

    def test_two_passbooks_that_say_the_same_have_numbers(self):
        head, row = "编号,积分,存折号\n", "1,60,{}\n"
        self.assertEqual(self.sums("openings", self.write("a.csv", head + row.format("A-1"))),
                         (1, 0, 0))
        self.assertEqual(self.sums("openings", self.write("b.csv", head + row.format("A-2"))),
                         (1, 0, 0))
        path = self.write("c.csv", head + row.format("A-1") + row.format("A-3"))
        told = self.server.cli("--lang", "zh", "import", "openings", path, "--yes")
        self.assertIn("请给它补上存折号", told)
        self.assertEqual(self.tallies(ZHANG)[0], 18000)

    def test_an_import_is_undone_and_goes_in_anew(self):
        path = self.write("a.csv", HEAD + f"1,,60,{SOON},30小时,2015,\n4,,5,,,,\n")
        number = self.bring_in("openings", path)[1]["import"]
        listed = json.loads(self.server.cli("--json", "import", "list").splitlines()[0])
        self.assertEqual((listed["kind"], listed["rows"]), ("openings", 2))
        done = self.server.cli("--json", "import", "undo", number, "--reason", "重来", "--yes")
        summary = json.loads(done.splitlines()[-1])
        self.assertEqual((summary["done"], summary["refused"], summary["kept"]), (2, 0, 0))
        self.assertEqual((self.tallies(ZHANG)[:2], self.tallies(WANG)[:2]), ((0, 0), (0, 0)))
        self.assertEqual(self.bring_in("openings", path)[1]["again"], 2)
        self.assertEqual(self.tallies(ZHANG)[:2], (6000, 1800))


class TwoPeople(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = server = cls.enterClassContext(Guarded())
        server.log_in("admin", server.code)
        since = ["--from", "2016-01-01"]
        server.do("admin", "org", "open", GUARDED_STREET, "春晖街道", "--kind", "street", *since)
        server.do("admin", "org", "open", COMMUNITY, "锦绣社区", "--kind", "community", "--parent",
                  GUARDED_STREET, *since)
        server.make_operator("wangli", "记录员@锦绣社区")
        server.make_operator("chenjie", f"reviewer@{GUARDED_STREET}",
                             f"administrator@{GUARDED_STREET}")
        for member, name in ((42, "张小明"), (43, "李芳"), (44, "王丽")):
            server.do("wangli", "member", "add", name, COMMUNITY, "--member", member, "--joined",
                      "2016-01-01")
        server.do("admin", "operator", "link", "wangli", "--member", 44)

    def points(self, member):
        told = self.server.do("chenjie", "--json", "balance", member).stdout
        return json.loads(told.splitlines()[0])["balances"]["points_centi"]

    def policy(self, *words):
        self.server.do("admin", "policy", "set", *words)
        self.addCleanup(self.server.do, "admin", "policy", "set", "--points", 0,
                        "--opening-balances", "no")

    def propose(self, *words):
        done = self.server.ask("wangli", "--json", "opening", *words)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        return json.loads(done.stdout)["entry"]

    def test_the_policy_is_set_and_shown_and_kept(self):
        self.policy("--opening-balances", "yes")
        shown = self.server.do("chenjie", "policy", "show", lang="zh").stdout
        self.assertIn("期初余额：都要确认", shown)
        self.server.do("admin", "policy", "set", "--points", 200)  # the rest stays
        self.assertTrue(json.loads(self.server.do("chenjie", "--json", "policy", "show").stdout)
                        ["opening_balances"])
        self.server.do("admin", "policy", "set", "--opening-balances", "no")
        shown = self.server.do("chenjie", "policy", "show").stdout
        self.assertIn("opening balances: over 200 points", shown)
        self.assertEqual(self.server.ask("admin", "policy", "set", "--opening-balances",
                                         "maybe").returncode, 2)

    def test_each_waits_and_is_entered_when_another_confirms(self):
        self.policy("--opening-balances", "yes")
        before = self.points(42)
        number = self.propose(42, "--points", 12, "--until", SOON, "--hours", 2, "--year", 2015)
        listed = self.server.do("chenjie", "proposal", "list", lang="zh").stdout
        self.assertIn(f"12 分（用至 {SOON}）、2 小时（2015 年）", listed)
        shown = self.server.do("chenjie", "proposal", "show", number).stdout
        self.assertIn(f"12 points (use by {SOON}), 2 h (2015)", shown)
        self.assertEqual(self.server.ask("wangli", "proposal", "confirm", number).returncode, 1)
        self.assertEqual(self.points(42), before)
        self.server.do("chenjie", "proposal", "confirm", number)
        self.assertEqual(self.points(42), before + 1200)
        self.assertIn("(chenjie confirmed)", self.server.do("chenjie", "history", 42).stdout)

    def test_more_points_than_the_policy_allows_wait_and_fewer_do_not(self):
        self.policy("--points", 100)
        self.server.do("wangli", "opening", 43, "--points", 100)
        number = self.propose(43, "--points", "100.01")
        self.server.do("chenjie", "proposal", "refuse", number, "--reason", "passbook missing")
        self.assertEqual(self.points(43), 10000)

    def test_of_ones_own_member_record_it_waits_whatever_the_policy(self):
        number = self.propose(44, "--points", 1)
        self.server.do("chenjie", "proposal", "confirm", number)
        self.assertEqual(self.points(44), 100)

    def test_rows_that_wait_are_counted_apart_and_found_when_confirmed(self):
        self.policy("--points", 100)
        before = self.points(42)
        path = self.server.dir / "存折.csv"
        path.write_text("编号,积分\n42,30\n42,300\n", encoding="utf-8")
        done = self.server.ask("wangli", "--json", "import", "openings", "--yes", path)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((done.returncode, rows[-1]["done"], rows[-1]["waiting"]), (3, 1, 1))
        number = next(row["entry"] for row in rows if row.get("result") == "waiting")
        path.write_text("编号,积分,备注\n42,30,旧折\n42,300,旧折\n", encoding="utf-8")
        other_words = self.server.ask("wangli", "--json", "import", "openings", "--yes", path,
                                      "--date", f"{YEAR - 1}-01-02")
        summary = json.loads(other_words.stdout.splitlines()[-1])
        self.assertEqual((summary["already_there"], summary["waiting"], summary["refused"]),
                         (1, 1, 0))
        self.server.do("chenjie", "proposal", "confirm", number)
        again = self.server.ask("wangli", "--json", "import", "openings", "--yes", path)
        self.assertEqual(json.loads(again.stdout.splitlines()[-1])["already_there"], 2)
        self.assertEqual(self.points(42), before + 33000)

    def test_who_only_looks_takes_nothing_over(self):
        PASSWORDS["viewer"] = "viewer-password-7"
        self.server.make_operator("viewer", f"viewer@{COMMUNITY}")
        refused = self.server.ask("viewer", "opening", 42, "--points", 1, lang="zh")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("没有权限做这件事：转入期初余额", refused.stderr)


if __name__ == "__main__":
    unittest.main()
