#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What lovebankd(8) says of the settings' defaults is what `lovebankd help` says."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from lovebank_testing import PATIENCE_S, SERVER

SOURCE_DIR = Path(os.environ.get("LOVEBANK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
MANUAL = SOURCE_DIR / "docs/man/lovebankd.8"
SETTING = r"--([a-z][a-z-]*)"


def defaults_of_program():
    """{setting: its default, "" for none}, of the program's own help."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LOVEBANK", "LANG", "LC_"))}
    text = subprocess.run([str(SERVER), "help"], capture_output=True, text=True, encoding="utf-8",
                          timeout=PATIENCE_S, env=environment, check=True).stdout
    found = re.findall(rf"^  {SETTING}.*\n.*\n      default ([^,\n]*)", text, re.MULTILINE)
    return {name: value.strip('"') for name, value in found}


def plain(line):
    """A line of the manual as it is read."""
    if line.startswith("."):
        line = line.partition(" ")[2].replace('"', "")
    return re.sub(r"\\f.", "", line).replace("\\-", "-")


def settings_of_manual():
    """[(the settings that a paragraph is about, its text)]"""
    section = re.search(r"^\.SH SETTINGS$(.*?)^\.SH ", MANUAL.read_text(encoding="utf-8"),
                        re.MULTILINE | re.DOTALL)[1]
    paragraphs = [part.strip().split("\n") for part in re.split(r"^\.(?:TP|PP)$", section,
                                                               flags=re.MULTILINE)]
    return [(names, " ".join(map(plain, text))) for tag, *text in paragraphs
            for names in [re.findall(SETTING, plain(tag))] if text and names]


class Defaults(unittest.TestCase):
    def test_the_manual_gives_the_defaults_of_the_program(self):
        defaults = defaults_of_program()
        self.assertGreater(len(defaults), 50)
        told = settings_of_manual()
        self.assertGreater(len(told), 30)
        for names, text in told:
            self.assertLessEqual(set(names), set(defaults))
            at = 0
            for name in filter(defaults.get, names):  # without one there is nothing to say
                with self.subTest(setting=name):
                    default = rf"(?<![\w.]){re.escape(defaults[name])}(?!\w)"
                    found = re.compile(default).search(text, at)
                    self.assertTrue(found, f"its default is {defaults[name]!r}: {text!r}")
                    at = found.end()


if __name__ == "__main__":
    unittest.main()
