#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
usage: expect_caught.py PATCH BIN_DIR PLANTED_BIN_DIR TEST

Proves that a crash test can fail: TEST must pass with the lovebankd of BIN_DIR and fail with that of
PLANTED_BIN_DIR, for the right reason. PATCH, which is the bug, says in what surroundings ("Run with:
NAME=VALUE …") and for what reason ("Caught by: …", a regular expression for what TEST prints).
"""

import os
import re
import subprocess
import sys
from pathlib import Path

TEST_S = 250


def read_patch(path):
    """The environment to run with, and what must be said."""
    text = Path(path).read_text(encoding="utf-8")
    settings = re.search(r"^Run with: (.*)$", text, re.MULTILINE)
    expected = re.search(r"^Caught by: (.*)$", text, re.MULTILINE)
    return dict(each.split("=", 1) for each in settings[1].split()), expected[1]


def run(test, bin_dir, settings):
    return subprocess.run([sys.executable, test], text=True, encoding="utf-8", timeout=TEST_S,
                          env=os.environ | settings | {"LOVEBANK_BIN_DIR": bin_dir}, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def main(patch, bin_dir, planted_bin_dir, test):
    settings, expected = read_patch(patch)
    settings["LOVEBANK_VERIFIER"] = f"{bin_dir}/lovebankd"
    sound = run(test, bin_dir, settings)
    if sound.returncode != 0:
        print(f"{sound.stdout}\nFAILED: ends with {sound.returncode} without the bug")
        return 1
    planted = run(test, planted_bin_dir, settings)
    print(planted.stdout)
    if planted.returncode != 1 or not re.search(expected, planted.stdout):
        print(f"FAILED: ends with {planted.returncode}; expected 1 and a message like: {expected}")
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
