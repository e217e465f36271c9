# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A database of a test's own, and servers with their book in it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from lovebank_testing import PATIENCE_S, SERVER, Server  # noqa: E402

HERE = Path(__file__).resolve().parent
SECONDS_MAX = 600


class Database:
    """A with-block starts and ends it."""

    def __init__(self, *settings):
        self.settings = settings

    def __enter__(self):
        self.process = subprocess.Popen(
            [str(HERE / "cluster.sh"), "--seconds", str(SECONDS_MAX), *self.settings],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the database did not start"
        self.socket_dir = Path(self.url.split("host=")[1].replace("%2F", "/"))
        return self

    def __exit__(self, *_):
        self.pause(False)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE_S)

    def migrate(self):
        return subprocess.run([str(SERVER), "migrate", "--config", "", "--store", self.url],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def sql(self, statement):
        """The rows as psql prints them, without decoration."""
        done = subprocess.run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                               "--dbname", self.url, "--command", statement],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def processes(self):
        """The postmaster, then all that it started."""
        first = int((self.socket_dir / "data/postmaster.pid").read_text().split("\n")[0])
        found = [first]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except (OSError, IndexError, ValueError):
                    continue
                if parent == first:
                    found.append(int(entry.name))
        return found

    def pause(self, is_paused=True):
        """As if its machine had gone: connections stay, and nothing answers."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGSTOP if is_paused else signal.SIGCONT)
            except ProcessLookupError:
                pass


class Shared(Server):
    """lovebankd with its book in that database; further ones take the first one's key."""

    def __init__(self, database, *flags, key_of=None, book="main", start=True, url=None):
        super().__init__("--store", url or database.url, "--store-book", book, *flags, start=start)
        if key_of:
            shutil.copy(key_of.key_file, self.key_file)

    def lose_cache(self):
        shutil.rmtree(self.data_dir)
