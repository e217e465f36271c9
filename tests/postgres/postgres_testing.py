# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A database of a test's own, and servers with their book in it."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from group_changes import ENTRY, changes_of, entries_of, packed, unpacked  # noqa: E402
from lovebank_testing import PATIENCE_S, SERVER, GuardedServer, Server  # noqa: E402

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
        self.socket_dir = Path(re.search("host=([^&]*)", self.url)[1].replace("%2F", "/"))
        return self

    def tell(self, word):
        """"stop" or "start", and waits until that is done."""
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == word

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

    def groups(self):
        """{number: its changes} of the one book."""
        rows = self.sql("SELECT number || ':' || size || ':' || encode(changes, 'hex') "
                        "FROM lovebank_group")
        parts = (row.split(":") for row in rows)
        return {int(number): unpacked(bytes.fromhex(changes), int(size))
                for number, size, changes in parts}

    def forge(self, edit):
        """As one who knows how everything is made: edit(groups), and all chain values to match."""
        groups = self.groups()
        before = dict(groups)
        edit(groups)
        chain = 0
        statements = []
        for number, changes in sorted(groups.items()):
            chain = xxh3(changes, chain)
            set_changes = ("" if changes == before[number] else f", size = {len(changes)}, "
                           f"changes = decode('{packed(changes).hex()}', 'hex')")
            statements.append(f"UPDATE lovebank_group SET chain = {signed(chain)}{set_changes} "
                              f"WHERE number = {number}")
        statements.append(f"UPDATE lovebank_book SET chain = {signed(chain)}")
        self.sql("; ".join(statements))

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


def xxh3(data, seed):
    hash_of = ctypes.CDLL("libxxhash.so.0").XXH3_64bits_withSeed
    hash_of.restype = ctypes.c_uint64
    return hash_of(data, ctypes.c_size_t(len(data)), ctypes.c_uint64(seed))


def signed(number):
    """As a bigint."""
    return number - (number >> 63 << 64)


def group_of_entry(groups, entry):
    return next(number for number, changes in groups.items() if entry in entries_of(changes))


def edit_row(entry, edit):
    """For Database.forge: what edit(changes of the entry's group, where its key begins, where its
    value) makes of them."""
    def edit_groups(groups):
        number = group_of_entry(groups, entry)
        data = groups[number]
        for table, key, _, at in changes_of(data):
            if table == ENTRY and int.from_bytes(key, "big") == entry:
                groups[number] = edit(data, at - len(key), at)
    return edit_groups


def flip_entry(entry):
    """For Database.forge: a bit of what is stored of the entry is another one."""
    return edit_row(entry, lambda data, _, at: data[:at] + flip(data[at:at + 1]) + data[at + 1:])


def renumber_entry(entry, number):
    """For Database.forge: the entry under another number."""
    return edit_row(entry, lambda data, key_at, at:
                    data[:key_at] + number.to_bytes(at - key_at, "big") + data[at:])


def flip(data):
    """The last bit."""
    return data[:-1] + bytes([data[-1] ^ 1])


class InDatabase:
    """Mixed into a server: its book is in that database; further ones take the first one's key."""

    def __init__(self, database, *flags, key_of=None, book="main", start=True, url=None):
        super().__init__("--store", url or database.url, "--store-book", book, *flags, start=start)
        if key_of:
            shutil.copy(key_of.key_file, self.key_file)

    def lose_cache(self):
        shutil.rmtree(self.data_dir)


class Shared(InDatabase, Server):
    """Without accounts."""


class Guarded(InDatabase, GuardedServer):
    """With accounts: see there."""
