#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The command line of people who log in: accounts, roles, two people, personal data, and that no
secret comes out where it does not belong. The programs as they are installed, no log-in skipped.
"""

import json
import os
import re
import stat
import subprocess
import unittest

from lovebank_testing import CLIENT, PATIENCE_S, Server

STREET, COMMUNITY = 310101001000, 310101001001
PASSWORDS = {"admin": "admin-password-1", "wangli": "wangli-password-2",
             "chenjie": "chenjie-password-3"}
CODE = re.compile(r"([0-9A-Z]{4}(?:-[0-9A-Z]{2,4}){6})")
ID_NUMBER = "31010119900307002X"


def check_digit(body):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


ID_NUMBER = check_digit(ID_NUMBER[:17])


class Guarded(Server):
    """A server that asks for a log-in, with its first administrator's code."""

    access = ()

    def __enter__(self):
        made = self.run(str(self.arguments()[0]), "init", *self.arguments()[1:])
        assert made.returncode == 0, made.stderr
        self.code = CODE.search(made.stdout + made.stderr).group(1)
        return super().__enter__()

    def ask(self, who, *words, stdin=None, lang="en", flags=()):
        """The finished client, for that operator; "" is nobody."""
        return subprocess.run(
            [str(CLIENT), "--lang", lang, "--socket", str(self.socket), "--token-file",
             str(self.dir / f"token-{who}"), *flags, *map(str, words)], capture_output=True,
            text=True, encoding="utf-8", input=stdin or "", timeout=PATIENCE_S,
            env=self.environment(), check=False)

    def do(self, who, *words, stdin=None, lang="en"):
        done = self.ask(who, *words, stdin=stdin, lang=lang)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done

    def log_in(self, who, code):
        return self.do(who, "login", who, stdin=f"{code}\n{PASSWORDS[who]}\n{PASSWORDS[who]}\n")

    def make_operator(self, login, *roles):
        opened = self.do("admin", "operator", "open", login, "--memo", "somebody")
        self.do("admin", "role", "set", login, *roles)
        self.log_in(login, CODE.search(opened.stderr).group(1))
        return opened


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Guarded())
        cls.server.log_in("admin", cls.server.code)
        admin = "admin"
        cls.server.do(admin, "org", "open", STREET, "春晖街道", "--kind", "street", "--from",
                      "2016-01-01")
        cls.server.do(admin, "org", "open", COMMUNITY, "锦绣社区", "--kind", "community",
                      "--parent", STREET, "--from", "2016-01-01")
        cls.server.do(admin, "category", "set", 1, "家政", "12", "--from", "2016-01-01")
        cls.server.do(admin, "policy", "set", "--service-minutes", 300, "--reversals", "no",
                      "--from", "2016-01-01")
        cls.opened = cls.server.make_operator("wangli", "记录员@锦绣社区")
        cls.server.make_operator("chenjie", f"reviewer@{STREET}", f"administrator@{STREET}")
        for member, name in ((42, "张小明"), (43, "李芳")):
            cls.server.do("wangli", "member", "add", name, COMMUNITY, "--member", member,
                          "--joined", "2016-01-01")

    def propose(self, minutes=600):
        done = self.server.ask("wangli", "--json", "record", 42, 1, minutes, "--date", "2016-05-01")
        self.assertEqual(done.returncode, 3, done.stderr)
        return json.loads(done.stdout)

    # accepts

    def test_whoever_is_logged_in_is_told_with_roles_and_end(self):
        told = self.server.do("wangli", "whoami", lang="zh").stdout
        self.assertIn("操作员 wangli（2 号）", told)
        self.assertIn("记录员@锦绣社区", told)
        seen = json.loads(self.server.do("wangli", "--json", "whoami").stdout)
        self.assertEqual(seen["principal"]["name"], "wangli")
        self.assertGreater(seen["session_expires_ms"], 0)

    def test_the_token_is_kept_where_nobody_else_reads_it_and_in_no_output(self):
        path = self.server.dir / "token-wangli"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        token = path.read_text().strip()
        self.assertEqual(len(token), 64)
        again = self.server.ask("other", "--json", "login", "wangli",
                                stdin=PASSWORDS["wangli"] + "\n")
        fresh = (self.server.dir / "token-other").read_text().strip()
        for secret in (token, fresh, PASSWORDS["wangli"]):
            self.assertNotIn(secret, again.stdout + again.stderr)
            self.assertNotIn(secret, "".join(self.server.log))

    def test_by_default_the_token_is_below_the_users_configuration(self):
        home = self.server.dir / "home"
        home.mkdir()
        environment = {**self.server.environment(), "HOME": str(home)}
        environment.pop("XDG_CONFIG_HOME", None)
        done = subprocess.run([str(CLIENT), "--socket", str(self.server.socket), "login", "wangli"],
                              input=PASSWORDS["wangli"] + "\n", capture_output=True, text=True,
                              timeout=PATIENCE_S, env=environment, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = home / ".config" / "lovebank"
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual([stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()], [0o600])

    def test_a_password_is_changed_and_log_out_ends_the_session(self):
        opened = self.server.make_operator
        PASSWORDS["liuyang"] = "liuyang-password-4"
        opened("liuyang", f"viewer@{COMMUNITY}")
        self.server.do("liuyang", "password",
                       stdin="liuyang-password-4\nliuyang-password-5\nliuyang-password-5\n")
        token = (self.server.dir / "token-liuyang").read_text()
        self.server.do("liuyang", "logout")
        self.assertFalse((self.server.dir / "token-liuyang").exists())
        (self.server.dir / "token-thief").write_text(token)
        (self.server.dir / "token-thief").chmod(0o600)
        stolen = self.server.ask("thief", "balance", 42)
        self.assertEqual(stolen.returncode, 1)
        self.assertIn("lovebank login", stolen.stderr)
        old = self.server.ask("liuyang", "login", "liuyang", stdin="liuyang-password-4\n")
        self.assertEqual(old.returncode, 1)
        self.server.do("liuyang", "login", "liuyang", stdin="liuyang-password-5\n")

    def test_a_device_opens_with_a_token_of_its_own_and_acts_by_it(self):
        path = self.server.dir / "desk.token"
        opened = self.server.do("admin", "device", "open", "锦绣服务台", "--org", COMMUNITY,
                                "--token-file", path)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertNotIn(path.read_text().strip(), opened.stdout + opened.stderr)
        self.server.do("admin", "role", "set", "锦绣服务台", f"desk@{COMMUNITY}")
        flags = ("--device-token-file", path)
        self.assertIn("Device 锦绣服务台", self.server.ask("", "whoami", flags=flags).stdout)
        logged_in = self.server.ask("at-desk", "login", "wangli", flags=flags,
                                    stdin=PASSWORDS["wangli"] + "\n")
        self.assertEqual(logged_in.returncode, 0, logged_in.stderr)
        self.assertIn("At device: 锦绣服务台", self.server.ask("at-desk", "whoami").stdout)
        self.server.do("at-desk", "record", 42, 1, 60, "--date", "2016-04-03")
        listed = self.server.do("at-desk", "entries", "--limit", "1").stdout
        self.assertIn("wangli @ 锦绣服务台", listed)
        again = self.server.ask("admin", "device", "open", "另一个", "--org", COMMUNITY,
                                "--token-file", path)
        self.assertEqual(again.returncode, 4)
        self.server.do("admin", "device", "lock", "锦绣服务台")
        locked = self.server.ask("", "balance", 42, flags=flags)
        self.assertEqual(locked.returncode, 1)
        self.assertNotIn("account 0", locked.stderr)

    def test_roles_are_added_to_and_removed_from_what_is_there(self):
        self.server.do("admin", "operator", "open", "zhaolei")
        self.server.do("admin", "role", "add", "zhaolei", "desk@锦绣社区", "查看@全部")
        self.server.do("admin", "role", "remove", "zhaolei", "viewer@0")
        listed = self.server.do("admin", "--json", "role", "list", "zhaolei").stdout.splitlines()
        self.assertEqual([json.loads(line) for line in listed],
                         [{"role": "ROLE_DESK", "org": COMMUNITY}])
        for bad in ("desk", "desk@", "boss@all", "desk@nowhere"):
            self.assertIn(self.server.ask("admin", "role", "add", "zhaolei", bad).returncode, (1, 2))

    def test_what_is_over_the_policy_waits_and_is_entered_when_another_confirms(self):
        waiting = self.propose()
        self.assertEqual((waiting["result"], waiting["class"]), ("waiting", "waiting"))
        number = waiting["entry"]
        own = self.server.ask("wangli", "proposal", "confirm", number)
        self.assertEqual(own.returncode, 1)
        shown = self.server.do("chenjie", "proposal", "show", number, lang="zh").stdout
        self.assertIn("wangli", shown)
        self.assertIn("600", shown)
        self.assertIn(str(number), self.server.do("chenjie", "proposal", "list").stdout)
        self.server.do("chenjie", "proposal", "confirm", number)
        history = self.server.do("chenjie", "history", 42).stdout
        self.assertIn("wangli (chenjie confirmed)", history)
        late = self.server.ask("chenjie", "proposal", "confirm", number)
        self.assertEqual(late.returncode, 1)

    def test_what_is_proposed_is_shown_in_words(self):
        self.server.do("admin", "policy", "set", "--back-days", 30)
        self.addCleanup(self.server.do, "admin", "policy", "set", "--back-days", 0)
        PASSWORDS["sunwei"] = "sunwei-password-6"
        self.server.make_operator("sunwei", "reviewer@全部")
        numbers = []
        for words in (["category", "set", 7, "绿化", 10, "--expires", "year-end+1"],
                      ["org", "open", 310101009, "虹桥街道", "--kind", "street"],
                      ["role", "set", "wangli", f"desk@{COMMUNITY}"]):
            waiting = self.server.ask("admin", "--json", *words, "--from", "2016-01-02")
            self.assertEqual(waiting.returncode, 3, waiting.stdout + waiting.stderr)
            numbers.append(json.loads(waiting.stdout)["entry"])
        zh = [self.server.do("sunwei", "proposal", "show", number, lang="zh").stdout
              for number in numbers]
        en = [self.server.do("sunwei", "proposal", "show", number).stdout for number in numbers]
        self.assertIn("有效期：到年底\n", zh[0])
        self.assertIn("expiry: end of the year\n", en[0])
        self.assertIn("种类：街道\n", zh[1])
        self.assertIn(f"角色：角色 记录员、组织 {COMMUNITY}\n", zh[2])
        self.assertIn(f"roles: role desk, org {COMMUNITY}\n", en[2])
        for shown in zh + en:
            self.assertNotRegex(shown, r"[A-Z]{3,}_|[a-z]_[a-z]|[{}]")
        for number in numbers:
            self.server.do("sunwei", "proposal", "refuse", number, "--reason", "only a test")

    def test_what_is_refused_leaves_no_hours_and_keeps_the_reason(self):
        number = self.propose(610)["entry"]
        before = self.server.do("chenjie", "balance", 42).stdout
        self.server.do("chenjie", "proposal", "refuse", number, "--reason", "sheet not signed")
        self.assertEqual(self.server.do("chenjie", "balance", 42).stdout, before)
        decided = self.server.do("chenjie", "--json", "proposal", "show", number).stdout
        self.assertIn("decided_by", json.loads(decided))

    def test_people_are_told_that_it_waits_and_for_whom(self):
        told = self.server.ask("wangli", "record", 43, "家政", 700, "--date", "2016-05-02",
                               lang="zh")
        self.assertEqual((told.returncode, told.stdout), (3, ""))
        self.assertIn("第二个人", told.stderr)
        self.assertRegex(told.stderr, r"lovebank proposal show \d+")

    def test_rows_that_wait_are_counted_apart_and_are_not_rejected(self):
        sheet = self.server.dir / "sheet.csv"
        sheet.write_text("member,category,minutes,date\n43,1,60,2016-06-01\n43,1,400,2016-06-02\n",
                         encoding="utf-8")
        done = self.server.ask("wangli", "--json", "import", "sheet", "--yes", sheet)
        self.assertEqual(done.returncode, 3, done.stderr)
        total = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((total["done"], total["waiting"], total["refused"], total["rejects"]),
                         (1, 1, 0, []))
        again = self.server.ask("wangli", "--json", "import", "sheet", "--yes", sheet)
        total = json.loads(again.stdout.splitlines()[-1])
        self.assertEqual((total["done"], total["already_there"], total["waiting"]), (0, 1, 1))

    def test_personal_data_is_corrected_found_exported_and_erased(self):
        server = self.server
        server.do("wangli", "member", "add", "孙悦", COMMUNITY, "--member", 50, "--joined",
                  "2016-01-01", "--id-number", ID_NUMBER, "--phone", "13900000050")
        found = server.do("chenjie", "member", "find", "--id-number", stdin=ID_NUMBER + "\n")
        self.assertIn("00000050", found.stdout)
        self.assertNotIn(ID_NUMBER, found.stdout)
        server.do("chenjie", "member", "update", 50, "--phone", "13900000051", "--reason", "moved")
        shown = server.do("chenjie", "member", "reveal", 50, "--reason", "asked at the desk").stdout
        self.assertIn("13900000051", shown)
        self.assertIn("孙悦", shown)  # what was not named stayed
        server.do("chenjie", "member", "consent", 50, "--contact", "yes")
        output = server.dir / "sunyue"
        server.do("chenjie", "member", "export", 50, "--reason", "own request", "--output", output)
        for name in ("sunyue.txt", "sunyue.json"):
            path = server.dir / name
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertIn("13900000051", path.read_text(encoding="utf-8"))
        held = json.loads((server.dir / "sunyue.json").read_text(encoding="utf-8"))
        self.assertTrue(held["member"]["contact"])
        self.assertGreaterEqual(len(held["entries"]), 4)
        server.do("chenjie", "member", "close", 50)
        unsure = server.ask("chenjie", "member", "erase", 50, "--reason", "own request")
        self.assertEqual(unsure.returncode, 2)
        erased = server.do("admin", "member", "erase", 50, "--reason", "own request", "--yes")
        self.assertIn("keys rotate", erased.stdout)
        server.do("admin", "keys", "rotate")

    # rejects

    def test_nobody_is_told_to_log_in_and_gets_nothing(self):
        for words in (["balance", 42], ["org", "list"], ["record", "张小明", 1, 60],
                      ["operator", "list"], ["logout"], ["password"]):
            done = self.server.ask("nobody", *words)
            self.assertEqual((done.returncode, done.stdout), (2 if words == ["password"] else 1, ""),
                             (words, done.stderr))
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("lovebank login", self.server.ask("nobody", "balance", 42).stderr)

    def test_a_token_file_that_others_read_or_that_holds_none_is_not_used(self):
        path = self.server.dir / "token-open"
        path.write_bytes((self.server.dir / "token-wangli").read_bytes())
        path.chmod(0o644)
        done = self.server.ask("open", "balance", 42)
        self.assertEqual(done.returncode, 2)
        self.assertIn(str(path), done.stderr)
        path.chmod(0o600)
        self.assertEqual(self.server.ask("open", "balance", 42).returncode, 0)
        path.write_text("not a token\n")
        self.assertEqual(self.server.ask("open", "balance", 42).returncode, 2)

    def test_a_missing_device_token_is_said(self):
        done = self.server.ask("nobody", "balance", 42, flags=("--device-token-file", "/nowhere"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nowhere", done.stderr)

    def test_a_wrong_password_and_no_password_keep_nobody_logged_in(self):
        wrong = self.server.ask("wrong", "login", "chenjie", stdin="wrong-password\n")
        self.assertEqual(wrong.returncode, 1)
        self.assertNotIn("wrong-password", wrong.stdout + wrong.stderr)
        self.assertEqual(self.server.ask("wrong", "login", "chenjie").returncode, 2)
        self.assertFalse((self.server.dir / "token-wrong").exists())

    def test_a_code_is_shown_once_to_people_and_never_in_json(self):
        self.assertRegex(self.opened.stderr, CODE)
        self.assertNotRegex(self.opened.stdout, CODE)
        done = self.server.do("admin", "--json", "operator", "code", "wangli")
        code = CODE.search(done.stderr).group(1)
        self.assertNotIn(code, done.stdout)
        weak = self.server.ask("wangli", "login", "wangli", stdin=f"{code}\nshort\nshort\n")
        self.assertEqual(weak.returncode, 1)
        differ = self.server.ask("wangli", "login", "wangli",
                                 stdin=f"{code}\nwangli-password-8\nwangli-password-9\n")
        self.assertEqual(differ.returncode, 2)
        PASSWORDS["wangli"] = "wangli-password-6"
        self.server.log_in("wangli", code.lower().replace("-", ""))

    def test_outside_of_ones_role_nothing_is_done(self):
        self.assertEqual(self.server.ask("wangli", "operator", "open", "friend").returncode, 1)
        self.assertEqual(self.server.ask("wangli", "role", "set", "wangli",
                                         "administrator@all").returncode, 1)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main()
