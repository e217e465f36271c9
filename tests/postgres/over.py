#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Runs a test of the real programs with its books in PostgreSQL: over.py tests/integration/story.py,
or of the pages: over.py tests/web/page_desk.mjs. The test is as it is; lovebank_testing.py and
bank.mjs give each server a book of its own in one database, which lives as long as this.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECONDS_MAX = 900


def main():
    if len(sys.argv) < 2:
        print("usage: over.py TEST [ARGUMENT]...", file=sys.stderr)
        return 2
    server = Path(os.environ.get("LOVEBANK_BIN_DIR", "build/debug/bin")) / "lovebankd"
    cluster = subprocess.Popen([str(HERE / "cluster.sh"), "--seconds", str(SECONDS_MAX)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = cluster.stdout.readline().strip()
        if not url:
            print("over: the database did not start", file=sys.stderr)
            return 1
        subprocess.run([str(server), "migrate", "--config", "", "--store", url], check=True,
                       timeout=60)
        runner = ["node", "--test"] if sys.argv[1].endswith(".mjs") else [sys.executable]
        return subprocess.run([*runner, *sys.argv[1:]], check=False, timeout=SECONDS_MAX,
                              env=os.environ | {"LOVEBANK_TEST_STORE": url}).returncode
    finally:
        cluster.stdin.close()
        cluster.wait(60)


if __name__ == "__main__":
    sys.exit(main())
