#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
usage: expect_caught.py PATCH SOUND PLANTED [TEST]

Proves that a crash test can fail: it must pass with the program SOUND and fail with PLANTED, for the
right reason. They are the test itself, or, with TEST, the lovebankd that this script drives. PATCH,
which is the bug in PLANTED, says with what environment ("Run with: NAME=VALUE …") and for what reason
("Caught by: …", a regular expression for what the test prints).
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TEST_S = 250


def read_patch(path):
    """The environment to run with, and what must be said."""
    text = Path(path).read_text(encoding="utf-8")
    settings = re.search(r"^Run with: (.*)$", text, re.MULTILINE)
    expected = re.search(r"^Caught by: (.*)$", text, re.MULTILINE)
    return dict(each.split("=", 1) for each in settings[1].split()), expected[1]


def run(program, test, settings):
    command = [sys.executable, test] if test else [program]
    found = {"LOVEBANK_BIN_DIR": str(Path(program).parent)} if test else {}
    return subprocess.run(command, text=True, encoding="utf-8", errors="replace", timeout=TEST_S,
                          env=os.environ | settings | found, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def main(patch, sound, planted, test=None):
    settings, expected = read_patch(patch)
    if test:
        settings["LOVEBANK_VERIFIER"] = sound
    with tempfile.TemporaryDirectory(prefix="lovebank-canary-") as settings["TMPDIR"]:
        return expect(settings, expected, sound, planted, test)


def expect(settings, expected, sound, planted, test):
    done = run(sound, test, settings)
    if done.returncode != 0:
        print(f"{done.stdout}\nFAILED: ends with {done.returncode} without the bug")
        return 1
    done = run(planted, test, settings)
    print(done.stdout)
    if done.returncode != 1 or not re.search(expected, done.stdout):
        print(f"FAILED: ends with {done.returncode}; expected 1 and a message like: {expected}")
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
