#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""`lovebank shell`, prompts, and names as they are typed: over a real terminal where one is needed."""

import select
import socket
import stat
import subprocess
import threading
import unittest

from lovebank_testing import CLIENT, PATIENCE_S, Server
from terminal_testing import CTRL_C, CTRL_D, TAB, UP, Terminal

DISTRICT, STREET, COMMUNITY = 310101000000, 310101001000, 310101001001
MEMBERS = {1: ("张小明", STREET), 2: ("曾小明", COMMUNITY), 3: ("李国华", COMMUNITY)}
PROMPT = "s.sock 服务台 3> "


def fill(cli):
    since = ["--from", "2016-01-01"]
    cli("org", "open", DISTRICT, "春江区", "--kind", "district", *since)
    cli("org", "open", STREET, "春晖街道", "--kind", "street", "--parent", DISTRICT, *since)
    cli("org", "open", COMMUNITY, "锦绣社区", "--kind", "community", "--parent", STREET, *since)
    for number, name in enumerate(["家政", "家电维修", "咨询"], 1):
        cli("category", "set", number, name, 10, *since)
    cli("item", "set", 101, "大米", 1, "--unit", "袋", *since)
    cli("counter", "open", 1, COMMUNITY, "春晖爱心超市")
    cli("stock", "receive", "大米", 50, "--counter", 1)
    for number, (name, org) in MEMBERS.items():
        cli("member", "add", name, org, "--member", number, "--joined", "2016-01-01")


class WithServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        fill(cls.server.cli)

    def environment(self, **more):
        return {**self.server.environment(), "LC_ALL": "C.UTF-8",
                "XDG_STATE_HOME": str(self.server.dir / "state"), **more}

    def terminal(self, *arguments, **more):
        return self.enterContext(Terminal(
            [CLIENT, "--socket", self.server.socket, "--lang", "zh", *arguments],
            self.environment(**more)))

    def zh(self, *arguments, **how):
        return self.server.cli("--lang", "zh", *arguments, **how)


class TypedNames(WithServer):
    def test_a_member_by_name_or_initials_and_a_category_by_its_beginning(self):
        said = self.zh("record", "lgh", "jz", "1.5小时", "--date", "2016/5/1")
        self.assertTrue(said.startswith("已为 李*华 记 2016-05-01 家政 1 小时 30 分钟，得 15 分"), said)
        said = self.zh("record", "李国华", "咨", "2h", "--date", "2016-05-02")
        self.assertTrue(said.startswith("已为 李*华 记 2016-05-02 咨询 2 小时"), said)
        self.assertIn("李*华", self.zh("balance", "LGH"))
        self.assertIn("2016-05-01", self.zh("history", "李国华"))
        self.assertIn("李*华", self.zh("member", "show", "lgh"))

    def test_what_was_left_out_is_said(self):
        self.assertRegex(self.zh("record", "lgh", "1", "5", "--dry-run"),
                         r"试算：已为 李\*华 记 \d{4}-\d\d-\d\d 家政 5 分钟")

    def test_several_members_are_listed_and_nothing_is_done(self):
        before = self.zh("status")
        done = self.zh("record", "zxm", "家政", "90", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("不止一个人：\n  00000001  张*明  春晖街道\n  00000002  曾*明  锦绣社区\n"
                      "请写编号或卡号", done.stderr)
        self.assertEqual(self.zh("status").splitlines()[1:2], before.splitlines()[1:2])

    def test_several_names_are_listed(self):
        done = self.zh("record", "1", "家", "90", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("不止一个：\n  1  家政\n  2  家电维修\n请写编号，或多写几个字", done.stderr)

    def test_names_of_nobody_and_numbers_that_a_spreadsheet_destroyed(self):
        for value, why in (("没有人", "没有这样的志愿者"), ("3.2E+17", "请写卡号（10 位）")):
            done = self.zh("balance", value, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(why, done.stderr)

    def test_files_need_the_whole_name(self):
        sheet = self.server.dir / "sheet.csv"
        sheet.write_text("编号,服务类别,分钟,日期\n3,jz,30,2016-05-03\n", encoding="utf-8")
        done = self.zh("import", "sheet", sheet, "--yes", check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)


class Prompts(WithServer):
    def test_what_is_missing_is_asked_for(self):
        terminal = self.terminal("record", "--date", "2016-06-01")
        terminal.wait("志愿者（编号、卡号、姓名或拼音首字母）：")
        terminal.keys("zxm", "\n")
        terminal.wait("00000002  曾*明  锦绣社区\n请写编号或卡号。")
        terminal.wait("）：")
        terminal.keys("lgh", TAB)
        terminal.wait("00000003")
        terminal.keys("\n")
        terminal.wait("服务类别，编号或名称：")
        terminal.keys("jz", TAB)
        terminal.wait("家政")
        terminal.keys("\n")
        terminal.wait("1.5 小时：")
        terminal.keys("90\n")
        terminal.wait("已为 李*华 记 2016-06-01 家政 1 小时 30 分钟")
        self.assertEqual(terminal.end(), 0)

    def test_no_answer_ends_it_and_nothing_is_done(self):
        for keys in ("\n", CTRL_C, CTRL_D):
            terminal = self.terminal("balance")
            terminal.wait("：")
            terminal.keys(keys)
            terminal.wait("没有填写，什么都没有做。")
            self.assertEqual(terminal.end(), 2)

    def test_nobody_is_asked_without_a_terminal(self):
        done = self.zh("record", check=False, stdin="1\n1\n90\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("缺少 --member", done.stderr)


class Session(WithServer):
    def session(self, *arguments):
        terminal = self.terminal("--desk", "3", "shell", *arguments)
        terminal.wait(PROMPT)
        return terminal

    def leave(self, terminal):
        terminal.keys("exit\n")
        self.assertEqual(terminal.end(), 0)

    def run_line(self, terminal, line):
        """What the command wrote."""
        terminal.keys(line, "\n")
        terminal.wait("\n")
        return terminal.wait(PROMPT)

    def test_tab_completes_commands_members_and_chinese_names(self):
        terminal = self.session()
        terminal.keys("bal", TAB)
        terminal.wait("balance ")
        terminal.keys("lgh", TAB)
        terminal.wait("00000003 ")
        terminal.keys("\n")
        terminal.wait("李*华（00000003）现有")
        terminal.wait(PROMPT)
        terminal.keys("record 3 jd", TAB)
        terminal.wait("家电维修 ")
        terminal.keys("2h --dat", TAB)
        terminal.wait("--date ")
        terminal.keys("昨", TAB)
        terminal.wait("昨天 ")
        terminal.keys("\n")
        terminal.wait("家电维修 2 小时")
        terminal.wait(PROMPT)
        self.leave(terminal)

    def test_tab_lists_several_with_who_they_are(self):
        terminal = self.session()
        terminal.keys("balance zxm", TAB)
        terminal.wait("\n  00000001  张*明 春晖街道\n  00000002  曾*明 锦绣社区\n")
        terminal.wait("balance zxm")
        terminal.keys(CTRL_C)
        terminal.wait(PROMPT)
        self.leave(terminal)

    def test_up_brings_a_line_back_and_ctrl_c_drops_one(self):
        terminal = self.session()
        self.assertIn("李*华", self.run_line(terminal, "balance 3"))
        terminal.keys("undo 1 --reason 误", CTRL_C)
        terminal.wait(PROMPT)
        terminal.keys(UP)
        terminal.wait("balance 3")
        terminal.keys("\n")
        terminal.wait("李*华")
        terminal.wait(PROMPT)
        terminal.keys(CTRL_D)
        self.assertEqual(terminal.end(), 0)

    def test_errors_do_not_end_it_and_nothing_of_a_line_reaches_the_next(self):
        terminal = self.session()
        self.assertIn("没有命令", self.run_line(terminal, "recrod 1"))
        self.assertIn("引号没有配对", self.run_line(terminal, "balance '3"))
        self.assertIn("试算", self.run_line(terminal, "--dry-run record 3 1 1"))
        self.assertIn("has", self.run_line(terminal, "balance 3 --lang en"))
        self.assertIn("会话只连一个服务器", self.run_line(terminal, "--socket /x status"))
        self.assertIn("已经在会话里", self.run_line(terminal, "shell"))
        self.assertIn("记服务时长", self.run_line(terminal, "help record"))
        said = self.run_line(terminal, "record 3 1 1 --date 2016-07-01")
        self.assertIn("已为 李*华 记 2016-07-01 家政 1 分钟", said)
        self.assertNotIn("试算", said)
        self.run_line(terminal, "category set 9 'Old Town' 10")
        self.assertIn("Old Town", self.run_line(terminal, "category list"))
        self.leave(terminal)

    def test_the_desk_of_the_session_is_on_its_entries(self):
        terminal = self.session()
        said = self.run_line(terminal, "record 3 1 2 --date 2016-07-02")
        entry = said.partition("（记账号 ")[2].partition("）")[0]
        self.assertIn('"desk":3', self.server.cli("--json", "explain", entry))
        self.leave(terminal)

    def test_a_server_that_was_restarted_is_found_again(self):
        terminal = self.session()
        self.run_line(terminal, "balance 3")
        self.server.restart()
        self.assertIn("李*华", self.run_line(terminal, "balance 3"))
        self.assertEqual(self.server.stop(), 0)
        self.assertIn("连不上服务器", self.run_line(terminal, "balance 3"))
        self.server.start()
        self.assertIn("李*华", self.run_line(terminal, "balance 3"))
        self.leave(terminal)

    def test_the_history_file_is_the_owners_and_names_nobody(self):
        terminal = self.session()
        for line in ("balance 3", "balance 李国华", "balance lgh", "member find 小明", "status",
                     "stock show 张小明"):
            self.run_line(terminal, line)
        self.leave(terminal)
        path = self.server.dir / "state/lovebank/history"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        kept = path.read_text(encoding="utf-8")
        self.assertIn("balance 3\nstatus\n", kept)
        for name in ("李国华", "lgh", "小明"):
            self.assertNotIn(name, kept)
        path.write_text("".join(f"explain {i}\n" for i in range(1, 700)), encoding="utf-8")
        terminal = self.session()
        terminal.keys(UP)
        terminal.wait("explain 699")
        terminal.keys(CTRL_C)
        terminal.wait(PROMPT)
        self.leave(terminal)
        self.assertEqual(len(path.read_text(encoding="utf-8").splitlines()), 500)

    def test_without_history_no_file_is_written(self):
        path = self.server.dir / "state/lovebank/history"
        path.unlink(missing_ok=True)
        terminal = self.session("--no-history")
        self.run_line(terminal, "status")
        self.leave(terminal)
        self.assertFalse(path.exists())


class Script(WithServer):
    def test_lines_are_run_up_to_the_first_that_fails(self):
        done = self.zh("shell", check=False, stdin="# 五月\nbalance 3\n\nbalance 99\nbalance 1\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("李*华", done.stdout)
        self.assertNotIn("张*明", done.stdout)
        self.assertIn("停在第 4 行，后面的没有执行。", done.stderr)

    def test_keep_going(self):
        done = self.zh("shell", "--keep-going", check=False, stdin="balance 99\nbalance 1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("以上是第 1 行的问题。", done.stderr)
        self.assertIn("张*明", done.stdout)
        self.assertEqual(self.zh("shell", check=False, stdin="").returncode, 0)

    def test_one_connection_serves_all_lines(self):
        address = self.server.dir / "counted.sock"
        lines = "record 3 1 1 --date 2016-08-01\n" * 20
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(address))
            door.listen()
            relay = threading.Thread(target=self.relay_one, args=(door,))
            relay.start()
            done = subprocess.run([CLIENT, "--socket", address, "--lang", "zh", "shell"],
                                  input=lines, capture_output=True, encoding="utf-8",
                                  timeout=PATIENCE_S, env=self.server.environment(), check=False)
            relay.join(PATIENCE_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("已为 李*华"), 20)

    def relay_one(self, door):
        """The first connection to the server and back; nobody answers a second one."""
        with door.accept()[0] as client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(self.server.socket))
            sides = {client: server, server: client}
            while True:
                for side in select.select(list(sides), [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    sides[side].sendall(data)


if __name__ == "__main__":
    unittest.main()
