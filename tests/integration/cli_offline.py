#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Records typed while the server cannot be reached: kept with their ids, sent later, entered once. The
real programs; between them a line that can be cut at any message.
"""

import json
import os
import random
import signal
import stat
import subprocess
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from line_testing import Line
from lovebank_testing import CLIENT, PATIENCE_S, GuardedServer, Server, today
from terminal_testing import Terminal

COMMUNITY = 310101001001
PASSWORDS = {"wangli": "wangli-password-2", "chenjie": "chenjie-password-3"}
SEED = int(os.environ.get("LOVEBANK_SEED", "0")) or random.randrange(1, 1 << 32)


def objects(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


class Desk:
    """What a desk does with the command line; `who` has a token file of his own."""

    def __init__(self, line, who=""):
        self.line, self.who = line, who

    def arguments(self, *words, lang="en"):
        token = ("--token-file", self.line.server.dir / f"token-{self.who}") if self.who else ()
        return [str(CLIENT), "--lang", lang, "--socket", str(self.line.path),
                *map(str, token), *map(str, words)]

    def environment(self, **more):
        return self.line.server.environment() | more

    def run(self, *words, lang="en", stdin="", **more):
        return subprocess.run(self.arguments(*words, lang=lang), capture_output=True, text=True,
                              encoding="utf-8", input=stdin, timeout=PATIENCE_S,
                              env=self.environment(**more), check=False)

    def log_in(self):
        done = self.run("login", self.who, stdin=PASSWORDS[self.who] + "\n")
        assert done.returncode == 0, done.stderr

    def keep(self, *words):
        """A record that is kept: its object."""
        done = self.run("--json", "record", *words)
        assert done.returncode == 3, (words, done)
        assert done.stderr == "", done.stderr
        kept = objects(done)[0]
        assert kept["result"] == "kept", kept
        return kept

    def sync(self):
        """(exit, the rows' objects)"""
        done = self.run("--json", "sync")
        return done.returncode, objects(done)

    def rows(self):
        return objects(self.run("--json", "sync", "--list"))

    def folder(self):
        return next((self.line.server.dir / "state/lovebank/spool").iterdir())

    def files(self):
        return sorted(self.folder().glob("*.row"))


class Book(unittest.TestCase):
    server_of = Server

    def setUp(self):
        self.server = self.enterContext(self.server_of())
        self.line = Line(self.server)
        self.addCleanup(self.line.cut)
        self.line.mend()
        self.set_up_book()

    def open_book(self, do):
        do("org", "open", COMMUNITY, "锦绣社区", "--kind", "community", "--from", "2016-01-01")
        do("category", "set", 1, "家政", "12", "--from", "2016-01-01")
        for member, name in ((42, "张小明"), (43, "李芳")):
            do("member", "add", name, COMMUNITY, "--member", member, "--joined", "2016-01-01")

    def assert_states(self, rows, *states):
        self.assertEqual([row["state"] for row in rows], list(states), rows)


class Offline(Book):
    def set_up_book(self):
        self.open_book(self.server.cli)
        self.desk = Desk(self.line)
        self.assertEqual(self.desk.run("whoami").returncode, 0)

    def recorded(self, member=42):
        """Minutes by day, of entries that stand."""
        found = [json.loads(line) for line in
                 self.server.cli("--json", "history", member).splitlines()]
        return sorted((entry["day"], entry["command"]["service_record"]["minutes"])
                      for entry in found if "service_record" in entry["command"]
                      and entry["code"] == 0 and not entry["reversed_by"])

    # accepts

    def test_what_is_typed_without_a_server_is_entered_once_when_it_is_back(self):
        self.line.cut()
        first = self.desk.keep(42, 1, 60, "--date", "2016-05-02", "--start", "8:30")
        self.assertEqual((first["row"], first["day"]), (1, "2016-05-02"))
        self.assertEqual(self.desk.keep(42, "jz", "1.5小时")["day"], today().isoformat())
        self.desk.keep(42, "家政", 30, "--date", "2016-05-01", "--org", "锦绣社区")
        self.assertEqual(self.recorded(), [])
        self.assertEqual(self.desk.sync()[0], 3)
        self.assertEqual(len(self.desk.rows()), 3)
        self.line.mend()
        code, rows = self.desk.sync()
        self.assertEqual(code, 0, rows)
        self.assert_states(rows, "done", "done", "done")
        self.assertEqual(rows[0]["id"].replace("-", ""), first["id"].replace("-", ""))
        self.assertEqual(self.recorded(), [("2016-05-01", 30), ("2016-05-02", 60),
                                           (today().isoformat(), 90)])
        self.assertEqual(self.desk.sync(), (0, []))
        self.assertEqual(self.desk.rows(), [])

    def test_the_sentence_says_kept_and_not_recorded_in_both_languages(self):
        self.line.cut()
        done = self.desk.run("record", 42, 1, 60)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("Not recorded yet", done.stderr)
        self.assertIn("lovebank sync", done.stderr)
        done = self.desk.run("record", 42, 1, 60, lang="zh")
        self.assertIn("还没有记账", done.stderr)
        self.assertIn("第 2 条", done.stderr)

    def test_offline_is_forced_while_the_server_is_there(self):
        self.desk.keep(42, 1, 60, "--offline")
        self.assertEqual(self.recorded(), [])
        self.assertEqual(self.desk.sync()[0], 0)
        self.assertEqual([minutes for _, minutes in self.recorded()], [60])

    def test_rows_name_nobody_and_only_the_owner_reads_them(self):
        self.line.cut()
        self.desk.keep(42, 1, 60)
        for file in self.desk.folder().iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file)
            for name in ("张", "小明", "李芳"):
                self.assertNotIn(name.encode(), file.read_bytes(), file)
        self.assertEqual(stat.S_IMODE(self.desk.folder().stat().st_mode), 0o700)

    def test_late_ones_are_marked_and_come_in_any_order(self):
        days = [today() - timedelta(days=back) for back in (40, 0, 14, 15, 22, 1)]
        shuffled = random.Random(SEED).sample(days, len(days))
        self.line.cut()
        for index, on in enumerate(shuffled):
            self.desk.keep(42 + index % 2, 1, 30, "--date", on)
        self.line.mend()
        code, rows = self.desk.sync()
        self.assertEqual(code, 0, f"seed {SEED}: {rows}")
        for row in rows:
            on = date.fromisoformat(row["day"])
            span = (on + timedelta(days=n) for n in range(1, (today() - on).days + 1))
            working = sum(day.weekday() < 5 for day in span)
            self.assertEqual(row["late_working_days"], working if working > 10 else 0,
                             f"seed {SEED}: {row}")
        self.assertEqual(len(self.recorded(42)) + len(self.recorded(43)), len(days))

    def test_many_at_once_are_kept_and_two_syncs_at_once_enter_each_once(self):
        self.line.cut()
        with ThreadPoolExecutor(8) as desks:
            kept = list(desks.map(lambda n: self.desk.keep(
                42, 1, n, "--date", f"2016-05-{n:02}"), range(1, 13)))
        self.assertEqual(sorted(row["row"] for row in kept), list(range(1, 13)))
        self.line.mend()
        with ThreadPoolExecutor(2) as desks:
            syncs = list(desks.map(lambda _: self.desk.sync(), range(2)))
        self.assertEqual([code for code, _ in syncs], [0, 0], syncs)
        self.assertEqual(self.recorded(), [(f"2016-05-{n:02}", n) for n in range(1, 13)])
        self.assertEqual(self.desk.rows(), [])

    def test_a_dry_run_enters_and_removes_nothing(self):
        self.desk.keep(42, 1, 60, "--offline")
        done = self.desk.run("sync", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("would be recorded", done.stdout)
        self.assertEqual(self.recorded(), [])
        self.assertEqual(len(self.desk.rows()), 1)

    def test_a_terminal_is_reminded_and_a_pipe_is_not(self):
        self.desk.keep(42, 1, 60, "--offline")
        self.assertEqual(self.desk.run("status").stderr, "")
        with Terminal(self.desk.arguments("status", lang="zh"), self.desk.environment()) as till:
            till.process.wait(PATIENCE_S)
            while till.read():
                pass
            self.assertIn("本机有 1 条离线记录还没有记账", till.shown)

    # rejects

    def test_nothing_is_kept_when_that_is_refused_or_the_server_refuses(self):
        self.assertEqual(self.desk.run("record", 99, 1, 60).returncode, 1)
        self.line.cut()
        for words, more in ((("--online",), {}), (("--dry-run",), {}),
                            ((), {"LOVEBANK_SPOOL": "no"})):
            done = self.desk.run("record", 42, 1, 60, *words, **more)
            self.assertEqual(done.returncode, 3)
            self.assertIn("cannot be reached", done.stderr)
        done = self.desk.run("record", 42, 1, 60, "--offline", "--online")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.desk.rows(), [])

    def test_what_needs_the_server_is_said_and_not_kept(self):
        self.line.cut()
        for words, said in (((42, "理发", 60), "none of that name"),
                            (("张小明", 1, 60), "give the member's number or card"),
                            ((4200000001, 1, 60), "check digit"), ((42, 1, 5000), "1440")):
            done = self.desk.run("record", *words)
            self.assertIn(done.returncode, (1, 2), done.stderr)
            self.assertIn(said, done.stderr)
        self.assertEqual(self.desk.rows(), [])

    def test_files_have_no_such_columns(self):
        for option in ("--offline", "--online"):
            done = self.desk.run("import", "sheet", "none.csv", option)
            self.assertEqual(done.returncode, 2)
            self.assertIn("no option", done.stderr)

    def test_a_server_that_was_never_seen_keeps_nothing(self):
        elsewhere = self.server.dir / "elsewhere"
        self.line.cut()
        done = self.desk.run("record", 42, 1, 60, XDG_STATE_HOME=str(elsewhere))
        self.assertEqual(done.returncode, 3)
        self.assertIn("not kept", done.stderr)
        self.assertIn("lovebank whoami", done.stderr)

    def test_redeeming_is_never_kept(self):
        self.line.cut()
        done = self.desk.run("redeem", 42, "1=1", "--counter", 1)
        self.assertEqual(done.returncode, 3)
        self.assertIn("it is not kept for later", done.stderr)
        self.assertEqual(self.desk.rows(), [])

    def test_what_is_refused_stays_until_it_goes_through_or_is_dropped(self):
        self.server.cli("member", "block", 43, "--reason", "lost")
        self.line.cut()
        for member in (44, 43, 99, 42):
            self.desk.keep(member, 1, 60, "--date", "2016-05-01")
        self.line.mend()
        code, rows = self.desk.sync()
        self.assertEqual(code, 1)
        self.assert_states(rows, "refused", "refused", "refused", "done")
        self.assertEqual(rows[0]["answer"]["result"], "member_unknown")
        before = json.loads(self.server.cli("--json", "status"))["durable_entry"]
        self.assertEqual(self.desk.sync()[0], 1)
        after = json.loads(self.server.cli("--json", "status"))["durable_entry"]
        self.assertEqual(after, before)  # the same refusals, which make no more entries
        self.server.cli("member", "unblock", 43, "--reason", "found")
        self.server.cli("member", "add", "赵强", COMMUNITY, "--member", 44, "--joined",
                        "2016-01-01")
        code, rows = self.desk.sync()
        self.assertEqual(code, 1)
        self.assert_states(sorted(rows, key=lambda row: row["row"]), "done", "done", "refused")
        done = self.desk.run("sync")
        self.assertIn("lovebank sync --drop", done.stderr)
        self.assertEqual(self.desk.run("sync", "--drop", 3).returncode, 2)
        self.assertEqual(self.desk.run("sync", "--drop", 9, "--yes").returncode, 1)
        self.assertEqual(self.desk.run("sync", "--drop", 3, "--yes").returncode, 0)
        self.assertEqual(self.desk.rows(), [])

    def test_the_same_id_is_one_row_and_not_two_different_ones(self):
        given = "01a20044-6022-77fa-9c97-b848ab9dbc42"
        self.line.cut()
        self.desk.keep(42, 1, 60, "--id", given)
        self.assertTrue(self.desk.keep(42, 1, 60, "--id", given)["replayed"])
        self.assertEqual(self.desk.run("record", 42, 1, 61, "--id", given).returncode, 1)
        self.assertEqual(len(self.desk.rows()), 1)

    # faults

    def test_a_record_whose_answer_was_lost_is_kept_and_entered_once(self):
        self.line.on_answer = self.line.cut
        self.desk.keep(42, 1, 60)
        self.assertEqual(len(self.recorded()), 1)
        self.line.mend()
        code, rows = self.desk.sync()
        self.assertEqual(code, 0)
        self.assert_states(rows, "there")
        self.assertEqual(len(self.recorded()), 1)

    def test_a_server_killed_in_mid_sync_enters_each_once(self):
        for n in range(1, 6):
            self.desk.keep(42, 1, n, "--offline", "--date", f"2016-05-{n:02}")

        def kill():
            self.server.stop(signal.SIGKILL)
            self.server.start()
        self.line.on_answer = kill
        code, rows = self.desk.sync()
        self.assertEqual(code, 0, rows)
        self.assert_states(rows, *["there"] * 5)
        self.assertEqual(self.recorded(), [(f"2016-05-{n:02}", n) for n in range(1, 6)])

    def test_a_sync_killed_before_it_heard_the_answer_sends_again(self):
        for n in range(1, 6):
            self.desk.keep(42, 1, n, "--offline", "--date", f"2016-05-{n:02}")
        killed = threading.Event()
        sync = None

        def kill():
            sync.kill()
            killed.set()
        self.line.on_answer = kill
        sync = subprocess.Popen(self.desk.arguments("sync"), stdout=subprocess.DEVNULL,
                                env=self.desk.environment())
        self.assertTrue(killed.wait(PATIENCE_S))
        sync.wait(PATIENCE_S)
        self.assertEqual(len(self.desk.rows()), 5)
        code, rows = self.desk.sync()
        self.assertEqual(code, 0)
        self.assert_states(rows, *["there"] * 5)
        self.assertEqual(len(self.recorded()), 5)

    def test_what_was_undone_since_is_not_done_again(self):
        self.desk.keep(42, 1, 60, "--offline")
        file = self.desk.files()[0]
        row = file.read_bytes()
        entry = self.desk.sync()[1][0]["answer"]["entry"]
        self.server.cli("undo", entry, "--reason", "typed wrong")
        file.write_bytes(row)  # as if it had not been removed
        code, rows = self.desk.sync()
        self.assertEqual(code, 0, rows)
        self.assert_states(rows, "there")
        self.assertEqual(self.recorded(), [])

    def test_a_damaged_row_is_told_and_spoils_no_other(self):
        self.desk.keep(42, 1, 60, "--offline")
        self.desk.keep(42, 1, 61, "--offline")
        file = self.desk.files()[0]
        file.write_bytes(file.read_bytes()[:-1])
        code, rows = self.desk.sync()
        self.assertEqual(code, 4)
        self.assert_states(rows, "done", "damaged")
        self.assertIn("is damaged", self.desk.run("sync").stderr)
        self.assertEqual(self.desk.run("sync", "--drop", 1, "--yes").returncode, 0)
        self.assertEqual(self.desk.rows(), [])

    def test_a_folder_that_cannot_be_written_is_told(self):
        self.line.cut()
        folder = self.desk.folder()
        folder.chmod(0o755)
        done = self.desk.run("record", 42, 1, 60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("chmod 700", done.stderr)
        self.assertIn("not kept", done.stderr)


class LoggedIn(Book):
    server_of = GuardedServer

    def set_up_book(self):
        (self.server.dir / "token-admin").write_text(self.server.token.hex() + "\n")
        (self.server.dir / "token-admin").chmod(0o600)
        self.admin = Desk(self.line, "admin")

        def do(*words):
            done = self.admin.run(*words)
            assert done.returncode == 0, (words, done.stderr)
        self.open_book(do)
        do("policy", "set", "--service-minutes", 300, "--from", "2016-01-01")
        self.desks = {}
        for login, password in PASSWORDS.items():
            self.server.open_operator_with_password(login, password, role="desk", org=COMMUNITY)
            self.desks[login] = Desk(self.line, login)
            self.desks[login].log_in()

    def test_nobody_sends_what_another_typed(self):
        wangli, chenjie = self.desks["wangli"], self.desks["chenjie"]
        self.line.cut()
        wangli.keep(42, 1, 60, "--date", "2016-05-01")
        chenjie.keep(43, 1, 60, "--date", "2016-05-01")
        wangli.keep(42, 1, 60, "--date", "2016-05-02")
        self.line.mend()
        code, rows = chenjie.sync()
        self.assertEqual(code, 0, rows)
        self.assert_states(rows, "done", "other", "other")
        self.assertEqual(rows[1]["login"], "wangli")
        told = chenjie.run("sync")
        self.assertIn("2 typed by wangli wait for that log-in", told.stderr)
        self.assertEqual(len(wangli.rows()), 2)
        code, rows = wangli.sync()
        self.assertEqual(code, 0)
        self.assert_states(rows, "done", "done")
        told = self.admin.run("explain", rows[0]["answer"]["entry"])
        self.assertIn("wangli", told.stdout)

    def test_without_a_log_in_nothing_is_kept_or_sent(self):
        self.desks["wangli"].keep(42, 1, 60, "--offline")
        nobody = Desk(self.line, "nobody")
        done = nobody.run("record", 42, 1, 60, "--offline")
        self.assertEqual(done.returncode, 3)
        self.assertIn("lovebank login", done.stderr)
        done = nobody.run("sync")
        self.assertEqual(done.returncode, 1)
        self.assertIn("log in", done.stderr)
        self.assertEqual(len(nobody.rows()), 1)

    def test_a_large_one_waits_for_a_second_person(self):
        wangli = self.desks["wangli"]
        wangli.keep(42, 1, 600, "--offline", "--date", "2016-05-01")
        code, rows = wangli.sync()
        self.assertEqual(code, 3, rows)
        self.assert_states(rows, "waiting")
        self.assertEqual(wangli.rows(), [])

    def test_a_device_types_and_sends_for_itself(self):
        device, token = self.server.open_device("春晖前台", role="desk", org=COMMUNITY,
                                                stands_in=COMMUNITY)
        path = self.server.dir / "device"
        path.write_text(token.hex() + "\n")
        path.chmod(0o600)
        desk = Desk(self.line, "nobody")
        flags = ("--device-token-file", path)
        self.assertEqual(desk.run(*flags, "whoami").returncode, 0)
        self.assertEqual(desk.keep(*flags, 42, 1, 60, "--offline")["principal"], device)
        done = desk.run(*flags, "--json", "sync")
        self.assertEqual(done.returncode, 0, done)
        self.assert_states(objects(done), "done")

    def test_another_session_of_the_same_person_sends_it(self):
        wangli = self.desks["wangli"]
        wangli.keep(42, 1, 60, "--offline")
        wangli.run("logout")
        wangli.log_in()
        code, rows = wangli.sync()
        self.assertEqual(code, 0)
        self.assert_states(rows, "done")


if __name__ == "__main__":
    unittest.main()
