#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Completion in the real shells: bash, zsh and fish ask `lovebank complete` and offer what it says."""

import os
import subprocess
import time
import unittest

from lovebank_testing import CLIENT, PATIENCE_S, SOURCE_DIR, Server
from terminal_testing import CTRL_C, CTRL_U, TAB, Terminal

SCRIPTS = SOURCE_DIR / "packaging/completion"
COMMUNITY = 310101001001


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        cli, since = cls.server.cli, ["--from", "2016-01-01"]
        cli("org", "open", COMMUNITY, "锦绣社区", "--kind", "community", *since)
        for number, name in enumerate(["家政", "家电维修", "咨询"], 1):
            cli("category", "set", number, name, 10, *since)
        hostile = ["宠物$(touch hit)甲", "宠物$(touch hit)乙", "鸟`touch hit`;'\""]
        for number, name in enumerate(hostile, 11):
            cli("category", "set", number, name, 10, *since)
        for number, name in enumerate(["张小明", "曾小明", "李国华"], 1):
            cli("member", "add", name, COMMUNITY, "--member", number, "--joined", "2016-01-01")
        cls.folder = cls.server.dir / "bin"
        cls.folder.mkdir()
        (cls.folder / "lovebank").symlink_to(CLIENT.resolve())

    def environment(self):
        return {**self.server.environment(), "LC_ALL": "C.UTF-8", "HOME": str(self.server.dir),
                "PATH": f"{self.folder}:{os.environ['PATH']}",
                "LOVEBANK_CONNECT": f"unix:{self.server.socket}"}

    def run_shell(self, *arguments):
        done = subprocess.run(arguments, capture_output=True, encoding="utf-8", timeout=PATIENCE_S,
                              env=self.environment(), cwd=self.server.dir, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        return done.stdout

    def complete(self, *words, **how):
        return self.server.cli("complete", "--", *words, **how)

    def test_scripts_come_out_of_the_program_as_they_are(self):
        for shell in ("bash", "zsh", "fish"):
            script = (SCRIPTS / f"lovebank.{shell}").read_text(encoding="utf-8")
            self.assertEqual(self.server.cli("completion", shell), script)
        self.assertEqual(self.server.cli("completion", "csh", check=False).returncode, 2)

    def test_lines_of_word_and_note(self):
        self.assertEqual(self.complete("record", "lgh"), "00000003\t李*华 锦绣社区\n")
        self.assertEqual(self.complete("record", "3", "jz"), "家政\t1\n")
        self.assertEqual(self.complete("import", "sheet", ""), ":files\n")
        self.assertEqual(self.server.cli("complete", "--line", "lovebank record 3 '家政"), "家政\t1\n")
        self.assertEqual(self.server.cli("complete", "--line", "lovebank bal"),
                         self.complete("bal"))

    def test_without_a_server_it_is_silent_and_quick(self):
        begun = time.monotonic()
        done = self.complete("--socket", "/nowhere/s.sock", "record", "lgh", check=False)
        self.assertLess(time.monotonic() - begun, 2)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        done = self.complete("--socket", "/nowhere/s.sock", "bal", check=False)
        self.assertTrue(done.stdout.startswith("balance\t"))

    def bash(self, line, kind=9, locale="C.UTF-8"):
        """COMPREPLY for the line with the cursor at its end; COMP_TYPE 63 lists."""
        script = ('LC_ALL=$4; source "$1"; COMP_LINE=$2; COMP_TYPE=$3; COMP_POINT=${#COMP_LINE}; '
                  'COMP_WORDS=(lovebank); compopt() { echo "compopt $*"; }; '
                  '_lovebank; printf "%s\\n" "${COMPREPLY[@]}"')
        return self.run_shell("bash", "--norc", "-c", script, "bash", SCRIPTS / "lovebank.bash", line,
                              str(kind), locale).splitlines()

    def test_bash(self):
        self.assertEqual(self.bash("lovebank bal"), ["balance"])
        self.assertEqual(self.bash("lovebank record 3 家"), ["家政", "家电维修"])
        self.assertEqual(self.bash("lovebank record 3 jz"), ["家政"])
        self.assertEqual(self.bash("lovebank record lgh"), ["00000003"])
        self.assertEqual(self.bash("lovebank record 3 1 5 --date 昨"), [""])
        self.assertEqual(self.bash("lovebank org list --date=y"), ["yesterday"])
        self.assertEqual(self.bash("lovebank record 3 家", kind=63), ["家政  (1)", "家电维修  (2)"])
        self.assertEqual(self.bash("lovebank record xm"),
                         ["00000001  (张*明 锦绣社区)", "00000002  (曾*明 锦绣社区)", " "])
        self.assertEqual(self.bash("lovebank import sheet 五"), ["compopt -o default", ""])

    def test_what_bash_puts_on_the_line_is_quoted(self):
        for locale in ("C.UTF-8", "C"):
            for typed in ("宠", "鸟"):
                found = self.bash(f"lovebank record 3 {typed}", locale=locale)
                self.assertEqual(len(found), 2 if typed == "宠" else 1)
                for word in found:
                    read = self.run_shell("bash", "-c", f"printf %s {word}")
                    self.assertTrue(read.startswith(typed))
        self.assertFalse((self.server.dir / "hit").exists())
        self.assertEqual(self.bash("lovebank record 3 jz", locale="C"), ["家政"])

    def test_bash_on_a_terminal(self):
        environment = {**self.environment(), "PS1": "$ "}
        with Terminal(["bash", "--norc", "--noprofile"], environment) as terminal:
            terminal.wait("$ ")
            terminal.keys(f"source {SCRIPTS}/lovebank.bash\n")
            terminal.wait("\n")
            terminal.wait("$ ")
            terminal.keys("lovebank --connect unix:/x:1 rec", TAB, TAB)
            terminal.wait("record  (")
            terminal.keys(CTRL_C)
            terminal.wait("^C")
            terminal.wait("$ ")
            for typed, shown in (("lovebank record lgh", "00000003 "), ("jz", "家政 "),
                                 ("90 --dry-run --da", "--date ")):
                terminal.keys(typed, TAB)
                terminal.wait(shown)
            terminal.keys("2016-05-01\n")
            terminal.wait("recorded for 李*华: 2016-05-01, 家政, 1 h 30 min")

    def test_zsh(self):
        environment = {**self.environment(), "PS1": "$ "}
        with Terminal(["zsh", "-f", "-i"], environment, columns=100) as terminal:
            terminal.wait("$ ")
            terminal.keys(f"autoload -Uz compinit; compinit -u -D; source {SCRIPTS}/lovebank.zsh; "
                          "print re''ady\n")
            terminal.wait("\nready")
            terminal.wait("$ ")
            terminal.keys("lovebank record zxm", TAB)
            terminal.wait("00000001  -- 张*明 锦绣社区")
            terminal.wait("00000002  -- 曾*明 锦绣社区")
            terminal.keys(CTRL_U)   # not Ctrl-C, which may only end the completion
            for typed, shown in (("lovebank record lgh", "00000003"), (" jz", "家政"),
                                 (" 90 --dry-run --da", "--date")):
                terminal.keys(typed, TAB)
                terminal.wait(shown)
            terminal.keys(" 2016-05-01\n")
            terminal.wait("recorded for 李*华: 2016-05-01, 家政, 1 h 30 min")

    def fish(self, line):
        return self.run_shell("fish", "--no-config", "--command",
                              f"source {SCRIPTS}/lovebank.fish; complete -C '{line}'").splitlines()

    def test_fish(self):
        self.assertEqual(self.fish("lovebank bal"), ["balance\tA member's points and hours"])
        self.assertEqual(self.fish("lovebank record 3 家"), ["家政\t1", "家电维修\t2"])
        self.assertEqual(self.fish("lovebank record 00000003"), ["00000003\t李*华 锦绣社区"])
        self.assertEqual(self.fish("lovebank org list --date y"), ["yesterday"])
        (self.server.dir / "五月.csv").touch()
        self.assertEqual(self.fish("lovebank import sheet 五"), ["五月.csv"])


if __name__ == "__main__":
    unittest.main()
