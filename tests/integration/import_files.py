#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Files as desks hand them in, through the command line into the ledger and back out of it."""

import csv
import json
import os
import pty
import signal
import subprocess
import unittest

from import_book import EAST, HEAD, QIANG_EAST, QIANG_WEST, STREET, WANG, ZHANG, Imports
from lovebank_testing import CLIENT, PATIENCE_S, card_of

STYLES = ("2016-05-01", "2016/5/2", "2016.5.3", "2016年5月4日", "20160505", "2016/05/06 0:00")


class Reading(Imports):
    def test_encodings_marks_and_line_ends_say_the_same(self):
        text = HEAD + "1,张小明,家政,2016-05-01,60\n"
        self.assertEqual(self.sums("sheet", self.write("a.csv", text)), (1, 0, 0))
        for encoding in ("gb18030", "utf-8-sig", "utf-16"):
            path = self.write(f"{encoding}.csv", text.replace("\n", "\r\n"), encoding)
            self.assert_unchanged("sheet", path)
        told = self.server.cli("--lang", "zh", "import", "sheet", "--dry-run",
                               self.server.dir / "gb18030.csv")
        self.assertIn("GB18030", told)

    def test_dates_full_width_pinyin_and_spaces_mean_what_was_meant(self):
        rows = "".join(f"１,张 小明,家 政,{day},６０\n" for day in STYLES)
        path = self.write("a.csv", HEAD.replace("服务类别", "服务類別(bié)") + rows)
        self.assertEqual(self.sums("sheet", path, "--map", "服务類別(bié)=category"), (6, 0, 0))
        self.assertEqual(self.minutes(ZHANG), 360)
        found = [json.loads(line)["day"] for line in
                 self.server.cli("--json", "history", ZHANG).splitlines()]
        for day in range(1, 7):
            self.assertIn(f"2016-05-0{day}", found)

    def test_hours_times_and_ends_are_minutes(self):
        for name, head, cells, minutes in (
                ("a", "小时", "1.5", 90), ("b", "时长", "2小时", 120),
                ("c", "服务时间", "9:00-11:30", 150),
                ("d", "开始时间,结束时间", "13:00,14:10", 70), ("e", "服务时间,小时",
                                                                "14:30-18:00,3", 180)):
            before = self.minutes(ZHANG)
            path = self.write(f"{name}.csv", f"编号,服务类别,日期,{head}\n1,1,2016-05-02,{cells}\n")
            self.assertEqual(self.sums("sheet", path), (1, 0, 0), name)
            self.assertEqual(self.minutes(ZHANG) - before, minutes)

    def test_what_is_doubtful_is_refused_with_its_reason(self):
        cases = (("编号,服务类别,日期,时长\n1,1,2016-05-01,2\n", "duration", "小时还是分钟"),
                 (HEAD + "1,,1,5月1日,60\n", "date", "没有年份"),
                 (HEAD + "1,,1,1/5/2016,60\n", "date", "哪个是月"),
                 (HEAD + "6.75E+09,,1,2016-05-01,60\n", "member", "科学记数"),
                 (HEAD + "####,,1,2016-05-01,60\n", "member", "单元格太窄"),
                 (HEAD + ",张*明,1,2016-05-01,60\n", "name", "遮盖"),
                 (HEAD + ",张\ue000明,1,2016-05-01,60\n", "name", "无法辨认"),
                 (HEAD + "1,,1,,60\n", "date", "缺少"),
                 (HEAD + "同上,,1,2016-05-01,60\n", "member", "照抄"),
                 ("编号,服务类别,日期,服务时间,小时\n1,1,2016-05-01,9:00-10:00,2\n", "time",
                  "只有 60 分钟"))
        for number, (text, column, reason) in enumerate(cases):
            rows, summary = self.bring_in("sheet", self.write(f"{number}.csv", text), code=1)
            self.assertEqual((rows[0]["column"], summary["refused"]), (column, 1), text)
            self.assertIn(reason, rows[0]["sentence"])

    def test_a_total_that_does_not_add_up_is_told_and_the_rows_count(self):
        path = self.write("a.csv", "签到表\n" + HEAD + "1,,1,2016-05-01,60\n4,,1,同上,30\n"
                          "合计,,,,100\n填表人：老李\n")
        done = self.server.cli("--lang", "en", "import", "sheet", path, "--yes", check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{path}:5: the sheet's total says 1 h 40 min, its rows add up to 1 h 30 min",
                      done.stderr)
        self.assertIn("2 entered", done.stdout)


class Names(Imports):
    def test_a_name_finds_its_member_in_the_org_of_row_option_or_file(self):
        row = ",李强,1,2016-05-0{day},60\n"
        self.assertEqual(self.sums("sheet", self.write("a.csv", HEAD + row.format(day=1)),
                                   code=1), (0, 0, 1))
        path = self.write("b.csv", "社区" + HEAD + "东湖社區(qū)" + row.format(day=1))
        self.assertEqual(self.sums("sheet", path, "--map", "社区编号=org"), (1, 0, 0))
        path = self.write("c.csv", HEAD + row.format(day=2))
        self.assertEqual(self.sums("sheet", path, "--org", "西湖社区"), (1, 0, 0))
        path = self.write(f"{EAST}.csv", HEAD + row.format(day=3))
        self.assertEqual(self.sums("sheet", path), (1, 0, 0))
        self.assertEqual((self.minutes(QIANG_EAST), self.minutes(QIANG_WEST)), (120, 60))

    def test_an_ambiguous_name_lists_its_candidates(self):
        rows, _ = self.bring_in("sheet", self.write("a.csv", HEAD + ",李强,1,2016-05-01,60\n"),
                                code=1)
        for word in ("00000002", "东湖社区", "00000003", "西湖社区", "请写编号"):
            self.assertIn(word, rows[0]["sentence"])
        self.assertNotIn("李强", rows[0]["sentence"])

    def test_initials_do_not_name_a_member_in_a_file(self):
        rows, _ = self.bring_in("sheet", self.write("a.csv", HEAD + ",zxm,1,2016-05-01,60\n"),
                                code=1)
        self.assertIn("拼音缩写", rows[0]["sentence"])

    def test_a_wrong_name_for_a_number_or_card_is_refused(self):
        card = f"{card_of(675000000 + ZHANG):010}"
        text = HEAD + f"1,李强,1,2016-05-01,60\n{card},王芳,1,2016-05-01,60\n" \
                      f"{card},張小明,1,2016-05-01,60\n"
        rows, summary = self.bring_in("sheet", self.write("a.csv", text), code=1)
        self.assertEqual(rows[0]["sentence"], "编号 00000001 不是“李强”。请核对编号和姓名")
        self.assertIn("00000001 不是“王芳”", rows[1]["sentence"])
        self.assertEqual((summary["done"], summary["refused"]), (1, 2))

    def test_number_and_card_of_two_members_are_refused(self):
        card = f"{card_of(675000000 + WANG):010}"
        path = self.write("a.csv", f"编号,卡号,服务类别,日期,分钟\n1,{card},1,2016-05-01,60\n"
                          f"4,{card},1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", path, code=1), (1, 0, 1))

    def test_goods_by_name_barcode_and_list(self):
        self.sums("sheet", self.write("a.csv", HEAD + "1,,1,2016-05-01,1440\n"))
        self.server.cli("stock", "receive", "大米", 5, "--counter", 1, "--date", "2016-05-01")
        self.server.cli("stock", "receive", "食盐", 9, "--counter", 1, "--date", "2016-05-01")
        card = f"{card_of(675000000 + ZHANG):010}"
        path = self.write("b.csv", "卡号,姓名,日期,商品,数量\n"
                          f"{card},张小明,2016-05-02,6901234567892,2\n,张小明,2016-05-02,食盐,\n")
        self.assertEqual(self.sums("redemptions", path, "--counter", "爱心超市"), (2, 0, 0))
        path = self.write("c.csv", f"卡号,日期,兑换物品,单号\n{card},2016/5/3,大米1袋、食盐×2,R-1\n")
        self.assertEqual(self.sums("redemptions", path, "--counter", 1), (1, 0, 0))
        stock = [json.loads(line) for line in
                 self.server.cli("--json", "stock", "show").splitlines()]
        self.assertEqual({row["item"]: row["quantity"] for row in stock}, {101: 2, 102: 6})


class Again(Imports):
    TEXT = HEAD + "1,,家政,2016-05-01,60\n1,,家政,2016-05-01,60\n4,王芳,培训,2016-05-02,30\n"

    def test_twice_renamed_reordered_and_saved_anew_changes_nothing(self):
        path = self.write("a.csv", self.TEXT)
        self.assertEqual(self.sums("sheet", path), (3, 0, 0))
        self.assert_unchanged("sheet", path)
        self.assert_unchanged("sheet", path.rename(self.server.dir / "另存.csv"))
        rows = self.TEXT.splitlines()
        swapped = "\n".join(["日期;编号;服务类别;分钟"] + [
            f"2016/{int(day[5:7])}/{int(day[8:])};{number}.0;{kind};{minutes}"
            for number, _, kind, day, minutes in (row.split(",") for row in reversed(rows[1:]))])
        self.assert_unchanged("sheet", self.write("excel.csv", swapped, "gb18030"))

    def test_a_preview_writes_nothing_and_asks(self):
        path = self.write("a.csv", self.TEXT)
        before = self.root()
        for options, code in ((["--dry-run"], 0), ([], 2)):
            done = self.server.cli("--lang", "en", "import", "sheet", path, *options, check=False)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn("Preview: 3 to enter.", done.stdout)
            self.assertIn("2 h 30 min in all, 26 points", done.stdout)
        self.assertIn("--yes", done.stderr)
        self.assertEqual(self.root(), before)
        for answer, entered in (("n\n", False), ("y\n", True)):
            self.assertEqual("3 entered" in self.on_terminal(path, answer), entered)

    def on_terminal(self, path, answer):
        near, far = pty.openpty()
        client = subprocess.Popen([str(CLIENT), "--lang", "en", "--socket",
                                   str(self.server.socket), "import", "sheet", str(path)],
                                  stdin=far, stdout=far, stderr=far,
                                  env=self.server.environment())
        os.close(far)
        text = b""
        try:
            while part := os.read(near, 65536):
                text += part
                if text.endswith(b"[y/N] "):
                    os.write(near, answer.encode())
        except OSError:
            pass  # a terminal ends so
        os.close(near)
        client.wait(PATIENCE_S)
        return text.decode()

    def test_duplicates_across_two_files_are_told_with_their_entry(self):
        self.sums("sheet", self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n"))
        path = self.write("b.csv", HEAD + "1,,1,2016-05-01,60\n4,,1,2016-05-01,60\n")
        told = self.server.cli("--lang", "en", "import", "sheet", path, "--yes")
        self.assertIn("1 entered, 1 already there", told)
        self.assertRegex(told, r"b\.csv:2 \(entry \d+\)")
        self.assertIn("start time", told)
        path = self.write("c.csv", "表号," + HEAD + "B-7,1,,1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", path), (1, 0, 0))

    def test_what_a_second_sheet_says_too_is_a_copy_in_one_import_as_in_two(self):
        first = self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n1,,1,2016-05-01,60\n")
        copy = self.write("b.csv", HEAD + "1,,1,2016-05-01,60\n")
        other = self.write("c.csv", HEAD + "1,,1,2016-05-01,60\n4,,1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", first, copy, other), (3, 2, 0))
        self.assert_unchanged("sheet", other, first)

    def test_a_row_refused_by_the_rules_goes_in_once_they_allow_it(self):
        path = self.write("a.csv", HEAD + "1,,1,2016-05-01,1000\n1,,1,2016-05-01,600\n")
        self.assertEqual(self.sums("sheet", path, code=1), (1, 0, 1))
        self.assertEqual(self.assert_unchanged("sheet", path, code=1), 1)
        entry = json.loads(self.server.cli("--json", "history", ZHANG, "--limit", 2)
                           .splitlines()[1])["number"]
        self.server.cli("undo", entry, "--reason", "输错")
        rows, summary = self.bring_in("sheet", path, code=1)
        self.assertEqual((summary["done"], summary["again"], summary["refused"]), (1, 1, 1))
        self.assertEqual(self.server.cli("verify", check=False).returncode, 0)

    def test_a_client_killed_in_the_middle_and_the_same_file_again(self):
        count = 3000
        rows = "".join(f"{1 + number % 4},,1,2016-{1 + number % 12:02}-01,1\n"
                       for number in range(count))
        path = self.write("a.csv", HEAD + rows)
        client = subprocess.Popen([str(CLIENT), "--socket", str(self.server.socket), "--json",
                                   "import", "sheet", str(path), "--yes"], stdout=subprocess.PIPE,
                                  env=self.server.environment())
        client.stdout.readline()  # one batch at least was entered
        client.send_signal(signal.SIGKILL)
        client.stdout.close()
        client.wait(PATIENCE_S)
        done, there, refused = self.sums("sheet", path)
        self.assertEqual((done + there, refused), (count, 0))
        self.assertGreater(there, 0)
        self.assertEqual(sum(self.minutes(member) for member in (1, 2, 3, 4)), count)
        self.assertEqual(len(self.server.cli("--json", "import", "list").splitlines()), 1)


class Rejects(Imports):
    def test_what_the_row_above_said_is_written_out_among_the_rejects(self):
        path = self.write("a.csv", HEAD + "同上,张小明,1,2016-05-01,60\n1,,1,2016-05-02,60\n"
                          "〃,,1,2016-05-32,60\n3,,1,2016-05-03,0\n")
        self.assertEqual(self.sums("sheet", path, code=1), (1, 0, 3))
        self.assertEqual([row[0] for row in self.rejects("a.rejects.csv")[1:]],
                         ["同上？", "1", "3"])
        self.assertEqual(self.sums("sheet", self.server.dir / "a.rejects.csv", code=1), (0, 0, 3))

    def test_members_without_a_number_are_known_by_their_names(self):
        head = "姓名,所属组织,加入日期\n"
        path = self.write("a.csv", head + "赵一,东湖社区,2016-05-01\n钱二,东湖社区,2016-05-01\n"
                          "赵 一,東湖社區,2016-05-01\n")
        self.assertEqual(self.sums("members", path, code=1), (2, 0, 1))
        again = self.write("b.csv", head + "孙三,东湖社区,2016-05-01\n赵一,东湖社区,2016-05-01\n")
        rows, summary = self.bring_in("members", again, code=1)
        self.assertEqual((summary["done"], summary["refused"]), (1, 1))
        self.assertEqual([row["result"] for row in rows], ["ok", "already_exists"])

    def test_card_and_number_are_the_same_member(self):
        by_number = self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n")
        by_card = self.write("b.csv", HEAD + f"{card_of(675000001):010},,1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", by_number), (1, 0, 0))
        self.assertEqual(self.sums("sheet", by_card), (0, 1, 0))

    def test_a_part_of_what_was_imported_leaves_no_trace(self):
        first = self.write("a.csv", HEAD + "1,,1,2016-05-01,60\n")
        second = self.write("b.csv", HEAD + "4,,1,2016-05-01,60\n")
        self.assertEqual(self.sums("sheet", first, second), (2, 0, 0))
        self.assert_unchanged("sheet", second)

    def test_corrected_rows_go_in_and_nothing_twice(self):
        text = HEAD + '1,张小明,家政,2016-05-01,60\n1,张小明,家政,2016-05-01,60\n' \
                      '9,"无,名",家政,2016-05-02,60\n"4,王芳"x,家政,2016-05-03,60\n' \
                      "4,王芳,家政,2016-05-04,15000\n"
        path = self.write("签到.csv", text, "gb18030")
        self.assertEqual(self.sums("sheet", path, code=1), (2, 0, 3))
        rows = self.rejects("签到.rejects.csv")
        self.assertEqual(rows[0], ["编号", "姓名", "服务类别", "日期", "分钟", "行号", "第几次",
                                   "有问题的列", "拒绝原因"])
        self.assertEqual([row[5] for row in rows[1:]], ["4", "5", "6"])
        self.assertEqual(rows[1][:5], ["9", "无,名", "家政", "2016-05-02", "60"])
        self.assertEqual(rows[2][0], '"4,王芳"x,家政,2016-05-03,60')
        self.assertEqual(rows[3][7], "分钟")
        self.assertEqual(self.sums("sheet", self.server.dir / "签到.rejects.csv", code=1)[2], 3)
        self.assertTrue((self.server.dir / "签到.rejects-2.csv").exists())
        rows[1][:2] = ["1", "张小明"]
        rows[2][:5] = ["4", "王芳", "家政", "2016-05-03", "60"]
        rows[3][4] = "150"
        with (self.server.dir / "改.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        self.assertEqual(self.sums("sheet", self.server.dir / "改.csv"), (3, 0, 0))
        self.assert_unchanged("sheet", self.server.dir / "改.csv")

    def test_a_second_row_of_its_kind_stays_the_second_when_it_comes_back(self):
        path = self.write("a.csv", HEAD + "1,,1,2016-05-01,800\n1,,1,2016-05-01,800\n")
        self.assertEqual(self.sums("sheet", path, code=1), (1, 0, 1))
        self.assertTrue(self.rejects("a.rejects.csv")[1][6].startswith("2#"))
        self.server.cli("import", "undo", 1, "--reason", "试", "--yes")
        self.assertEqual(self.sums("sheet", self.server.dir / "a.rejects.csv"), (1, 0, 0))
        self.assertEqual(self.sums("sheet", path, code=1), (0, 1, 1))

    def test_a_place_for_the_rejects_is_named(self):
        path = self.write("a.csv", HEAD + "1,,1,2016-05-01,0\n")
        for name in ("r.csv", "r-2.csv"):
            summary = self.bring_in("sheet", path, "--rejects", self.server.dir / "r.csv",
                                    code=1)[1]
            self.assertEqual(summary["rejects"], [str(self.server.dir / name)])
        self.assertFalse((self.server.dir / "a.rejects.csv").exists())


class Whole(Imports):
    def test_atomic_writes_all_or_nothing(self):
        text = "活动," + HEAD + "义诊,1,,1,2016-05-01,60\n义诊,4,,1,2016-05-01,{minutes}\n"
        for minutes in ("1500", "x"):
            before = self.root()
            path = self.write(f"{EAST}.csv", text.format(minutes=minutes))
            done = self.server.cli("--lang", "zh", "import", "sheet", path, "--yes", "--atomic",
                                   check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("一行也没有记入", done.stderr)
            self.assertEqual(self.root(), before)
        path = self.write(f"{EAST}.csv", text.format(minutes=30))
        self.assertEqual(self.sums("sheet", path, "--atomic"), (2, 0, 0))
        self.assert_unchanged("sheet", path, "--atomic")

    def test_atomic_takes_as_many_as_fit_in_one_request(self):
        path = self.write("a.csv", HEAD + "1,,1,2016-05-01,1\n" * 8191)
        done = self.server.cli("--lang", "en", "import", "sheet", path, "--yes", "--atomic",
                               check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("8190", done.stderr)

    def test_an_import_is_undone_and_brought_in_again(self):
        path = self.write(f"{EAST}.csv", "活动," + HEAD + "义诊,1,,1,2016-05-01,60\n"
                          "义诊,4,,1,2016-05-01,30\n")
        self.sums("sheet", path)
        undo = ["import", "undo", 1, "--reason", "导错了"]
        preview = self.server.cli("--lang", "en", *undo, "--dry-run")
        self.assertIn("2 to undo; 1 of the registry", preview)
        self.assertEqual(self.server.cli(*undo, check=False).returncode, 2)
        self.assertEqual(self.minutes(ZHANG), 60)
        self.assertIn("2 undone", self.server.cli("--lang", "en", *undo, "--yes"))
        self.assertEqual((self.minutes(ZHANG), self.minutes(WANG)), (0, 0))
        self.assertIn("0 undone, 2 undone before",
                      self.server.cli("--lang", "en", *undo, "--yes"))
        self.assertEqual(self.sums("sheet", path), (2, 0, 0))
        self.assert_unchanged("sheet", path)
        self.server.cli(*undo, "--yes")
        self.assertEqual(self.sums("sheet", path), (2, 0, 0))
        self.assertEqual(self.minutes(ZHANG), 60)
        self.assertEqual(self.server.cli("verify", check=False).returncode, 0)

    def test_members_of_an_import_are_closed_unless_they_have_points(self):
        path = self.write("m.csv", "编号,姓名,社区,加入日期\n11,赵一,东湖社区,2016-01-01\n"
                          "12,钱二,东湖社区,2016-01-01\n")
        self.assertEqual(self.sums("members", path), (2, 0, 0))
        self.server.cli("record", 12, 1, 60, "--date", "2016-05-01")
        done = self.server.cli("--lang", "en", "import", "undo", 1, "--reason", "x", "--yes",
                               check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be undone: member 00000012 still has 10 points", done.stderr)
        self.assertIn("1 undone, 1 cannot be undone", done.stdout)
        again = self.server.cli("--lang", "en", "import", "undo", 1, "--reason", "y", "--yes",
                                check=False)
        self.assertIn("0 undone, 1 undone before, 1 cannot be", again.stdout)

    def test_what_was_given_out_cannot_be_taken_back_and_is_told(self):
        path = self.write("s.csv", "商品,数量,日期\n食盐,3,2016-05-01\n大米,1,2016-05-01\n")
        self.assertEqual(self.sums("stock", path, "--counter", 1), (2, 0, 0))
        self.server.cli("record", 1, 1, 600, "--date", "2016-05-01")
        self.server.cli("redeem", 1, "食盐", "--counter", 1, "--date", "2016-05-02")
        done = self.server.cli("--lang", "en", "import", "undo", 1, "--reason", "x", "--yes",
                               check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 undone, 1 cannot be undone", done.stdout)
        self.assertRegex(done.stderr, r"Entry \d+ cannot be undone: item 102")

    def test_imports_are_listed(self):
        self.sums("sheet", self.write("一月.csv", HEAD + "1,,1,2016-05-01,60\n"))
        self.sums("sheet", self.write("二月.csv", HEAD + "1,,1,2016-05-02,60\n1,,1,,1\n"), code=1)
        found = [json.loads(line) for line in
                 self.server.cli("--json", "import", "list").splitlines()]
        self.assertEqual([(row["import"], row["kind"], row["rows"], row["entries"], row["files"])
                          for row in found],
                         [(2, "sheet", 2, 1, "二月.csv"), (1, "sheet", 1, 1, "一月.csv")])
        self.assertIn("一月.csv", self.server.cli("import", "list"))

    def test_orgs_of_another_street_do_not_help(self):
        self.assertEqual(self.sums("sheet", self.write("a.csv", HEAD + ",王芳,1,2016-05-01,60\n"),
                                   "--org", EAST, code=1), (0, 0, 1))
        self.assertEqual(self.sums("sheet", self.write("b.csv", HEAD + ",王芳,1,2016-05-01,60\n"),
                                   "--org", STREET), (1, 0, 0))
        self.assertEqual(self.minutes(WANG), 60)


if __name__ == "__main__":
    unittest.main()
