#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
`lovebank backup`: copies made while the book is written at full load are prefixes of its log, with
all that was acknowledged before; restored as the manual says they serve, and known ids give their
first answers. Places that are refused, disks that are full, copies that are damaged, servers that
are killed meanwhile: told, and the book goes on.
"""

import contextlib
import itertools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import threading
import unittest

from bad_input_book import ANNA, SOAP, receive, registry, serve
from lovebank_testing import (BACKUP, CLIENT, ENTRY_GET, PATIENCE_S, RESULTS, STATUS, WRITE,
                              Connection, Server, frame, message, mount_disk)

WRITERS = 3
BATCH = 100
ROUNDS_LEAST = 6        # of each writer before the first backup
RETURNED = 300          # known ids that are sent again
KILLS = 6
KILL_ATTEMPTS_MAX = 60
DISK_BYTES = 48 << 20
CODE, RUNNING, DONE, VERIFIED, LEAST, TREE_SIZE, TREE_ROOT = 1, 5, 6, 10, 12, 13, 14


class Writers:
    """Full load: connections that each send the next batch when the last is answered."""

    def __init__(self, server):
        self.server = server
        self.is_over = threading.Event()
        self.lock = threading.Condition()
        self.acknowledged = []  # (command, entry)
        self.failure = None
        self.threads = [threading.Thread(target=self.run) for _ in range(WRITERS)]

    def run(self):
        try:
            with self.server.connect() as connection:
                while not self.is_over.is_set():
                    batch = [receive(SOAP, 1) for _ in range(BATCH)]
                    answer = connection.ask(WRITE, *((1, one) for one in batch))
                    results = answer.messages(6)
                    assert all(one.number(1) == 0 for one in results), answer
                    with self.lock:
                        self.acknowledged += zip(batch, (one.number(2) for one in results))
                        self.lock.notify_all()
        except (EOFError, ConnectionError) as failure:  # the server was killed, or fell
            with self.lock:
                self.failure = failure
                self.lock.notify_all()

    def wait_for(self, count):
        with self.lock:
            self.lock.wait_for(lambda: len(self.acknowledged) >= count or self.failure, PATIENCE_S)
            assert len(self.acknowledged) >= count, self.failure

    def newest(self):
        with self.lock:
            return max(entry for _, entry in self.acknowledged)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)


def log_of(connection, last):
    """The stored bytes of entries 1 to last."""
    packed = []
    for first in range(1, last + 1, 50):
        numbers = range(first, min(first + 50, last + 1))
        for number in numbers:
            connection.submit(ENTRY_GET, message((1, message((1, number)))))
        packed += [connection.receive().message().message(2).bytes(1) for _ in numbers]
    assert all(packed)
    return packed


class Backup(unittest.TestCase):
    def open_book(self, *flags, start=True):
        self.server = Server("--journal-segment-size", "256KiB", *flags)
        self.addCleanup(self.server.__exit__)
        if start:
            self.start()
        return self.server

    def start(self):
        self.server.start()
        with self.server.connect() as connection:
            connection.do(*registry())

    def backup(self, path, *flags):
        """The answer of a backup that goes well."""
        return json.loads(self.server.cli("--json", "backup", path, *flags))

    def refused(self, path, name, code, server=None):
        """The sentence of one that does not, in both languages, and its stable name."""
        server = server or self.server
        done = server.cli("--json", "backup", path, check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["result"]), (code, name))
        said = [server.cli("--lang", language, "backup", path, check=False)
                for language in ("zh", "en")]
        for one in said:
            self.assertEqual((one.returncode, one.stdout), (code, ""))
        return "".join(one.stderr for one in said)

    def restore(self, copy):
        """As lovebankd(8) says: the copy in the place of the book, and the key beside."""
        other = Server("--journal-segment-size", "256KiB")
        self.addCleanup(other.__exit__)
        shutil.copy(self.server.key_file, other.key_file)
        os.rename(copy, other.data_dir)
        return other

    def check_goes_on(self):
        with self.server.connect() as connection:
            connection.do(serve(ANNA, 1, "2016-03-01"))
            self.assertTrue(connection.verify().number(5))
        self.assertEqual(self.server.stop(), 0)
        done = self.server.verify_offline()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Copies(Backup):
    def test_a_copy_under_full_load_is_a_prefix_with_all_that_was_acknowledged(self):
        server = self.open_book()
        made = []
        with Writers(server) as writers:
            for turn in range(3):
                writers.wait_for((turn + 1) * ROUNDS_LEAST * WRITERS * BATCH)
                before = writers.newest()
                answer = self.backup(server.dir / f"copy-{turn}")
                made.append((server.dir / f"copy-{turn}", before, answer))
        self.assertIsNone(writers.failure)
        self.assertTrue(all(before <= answer["least_entry"] <= answer["tree_size"]
                            and answer["verified"] for _, before, answer in made))
        with server.connect() as connection:
            log = log_of(connection, made[-1][2]["tree_size"])
        for copy, _, answer in made:
            self.assertEqual(oct(copy.stat().st_mode & 0o777), "0o700")
            self.check_restored(copy, answer, log, writers.acknowledged)
        self.check_goes_on()

    def check_restored(self, copy, answer, log, acknowledged):
        size = answer["tree_size"]
        other = self.restore(copy)
        offline = other.verify_offline()
        self.assertEqual(offline.returncode, 0, offline.stdout + offline.stderr)
        self.assertIn(f"entries {size}\nroot {answer['tree_root']}\npeople checked",
                      offline.stdout)
        with other, other.connect() as connection:
            self.assertEqual(connection.ask(STATUS).number(2), size)
            self.assertEqual(log_of(connection, size), log[:size])
            self.check_known(connection, acknowledged, size)
            connection.do(serve(ANNA, 1, "2016-03-01"))
            self.assertTrue(connection.verify().number(5))
            self.assertEqual(other.stop(), 0)

    def check_known(self, connection, acknowledged, size):
        """Ids in the copy give their first answers; those that came later are new there."""
        known = [pair for pair in acknowledged if pair[1] <= size][-RETURNED:]
        for result, (_, entry) in zip(connection.write(*(one for one, _ in known)), known):
            self.assertEqual((result.number(1), result.number(2), result.number(12)),
                             (0, entry, 1))
        later = [one for one, entry in acknowledged if entry > size][:10]
        for place, result in enumerate(connection.write(*later) if later else []):
            self.assertEqual((result.number(1), result.number(2), result.number(12)),
                             (0, size + 1 + place, 0))

    def test_one_that_is_not_verified_says_so_and_where_the_key_is_not(self):
        server = self.open_book()
        for language, words in (("zh", ("没有核对", "备份里没有密钥文件", "另外备份")),
                                ("en", ("was not verified", "key file is not in the backup",
                                        "back it up apart"))):
            copy = server.dir / f"copy-{language}"
            said = server.cli("--lang", language, "backup", copy, "--no-verify")
            for word in (str(copy), *words):
                self.assertIn(word, said)
            self.assertEqual(sorted(path.name for path in copy.iterdir())[:2],
                             ["LOCK", "data.mdb"])
            said = server.cli("--lang", language, "backup", f"{copy}-verified")
            self.assertIn({"zh": "已核对", "en": "was verified"}[language], said)
            self.assertIn(words[1], said)
        answer = self.backup(server.dir / "copy", "--no-verify")
        with server.connect() as connection:
            self.assertEqual((answer["verified"], answer["least_entry"]),
                             (False, connection.ask(STATUS).number(2)))
        self.check_goes_on()

    def test_a_relative_directory_is_the_client_s(self):
        server = self.open_book()
        done = subprocess.run([str(CLIENT.resolve()), "--socket", str(server.socket), "--json",
                               "backup", "here/"], cwd=server.dir, env=server.environment(),
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["text"], str((server.dir / "here").resolve()))
        self.assertTrue((server.dir / "here/data.mdb").exists())


class Refusals(Backup):
    def test_places_that_are_not_to_be_had(self):
        server = self.open_book()
        (server.dir / "file").write_text("x")
        (server.dir / "link").symlink_to(server.data_dir)
        for path in (server.data_dir / "copy", server.dir / "link/copy", server.dir / "no/copy",
                     server.dir / "file/copy", "/", server.dir / ("x" * 250),
                     f"{server.dir}/..", f"{server.dir}/."):
            said = self.refused(path, "directory_unusable", 1)
            for words in (str(path)[:20], "上级目录", "absolute path"):
                self.assertIn(words, said)
        for path in (server.data_dir, server.dir / "file", server.dir / "link"):
            said = self.refused(path, "directory_exists", 1)
            for words in (str(path), "换一个名字", "choose another name"):
                self.assertIn(words, said)
        self.check_goes_on()

    def test_what_somebody_put_beside_is_not_touched(self):
        server = self.open_book()
        partial = server.dir / "copy.partial"
        partial.mkdir()
        (partial / "letter").write_text("dear bank")
        self.assertIn(str(partial), self.refused(server.dir / "copy", "directory_exists", 1))
        self.assertEqual((partial / "letter").read_text(), "dear bank")
        self.assertFalse((server.dir / "copy").exists())

    def test_a_dry_run_does_nothing(self):
        server = self.open_book()
        done = server.cli("--dry-run", "backup", server.dir / "copy", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--dry-run", done.stderr)
        self.assertFalse((server.dir / "copy").exists())

    def test_a_relative_path_on_the_wire(self):
        server = self.open_book()
        with server.connect() as connection:
            for path in ("copy", "", "./copy", "x" * 5000):
                answer = connection.ask(BACKUP, (1, True), (2, path))
                while answer.number(RUNNING):
                    answer = connection.ask(BACKUP)
                self.assertEqual(answer.number(CODE), RESULTS["directory_unusable"])

    def test_nobody_but_the_socket_s_peers(self):
        server = self.open_book("--insecure-loopback", "127.0.0.1:0")
        port = server.port_of("tcp")
        with Connection.over_tcp(port) as connection:
            for start in (True, False):
                answer = connection.ask(BACKUP, (1, start), (2, str(server.dir / "copy")))
                self.assertEqual(answer.number(CODE), RESULTS["unauthorised"])
                self.assertEqual((answer.number(RUNNING), answer.text(7)), (0, ""))
        for language, words in (("zh", "本机的 Unix 套接字"), ("en", "this machine's Unix socket")):
            done = server.run(str(CLIENT), "--connect", f"tcp:127.0.0.1:{port}", "--lang",
                              language, "backup", str(server.dir / "copy"))
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
        self.assertFalse((server.dir / "copy").exists())

    def test_two_at_once(self):
        server = self.open_book()
        first, second = server.dir / "first", server.dir / "second"
        with server.connect() as connection:
            connection.send(b"".join(frame(BACKUP, message((1, True), (2, str(path))))
                                     for path in (first, second)))
            answers = [connection.receive().message() for _ in range(2)]
            self.assertEqual([answer.number(CODE) for answer in answers],
                             [0, RESULTS["backup_running"]])
            self.assertEqual((answers[1].text(4), answers[1].text(7)), (str(first), str(first)))
            answer = connection.ask(BACKUP)
            while answer.number(RUNNING):
                answer = connection.ask(BACKUP)
            self.assertEqual((answer.number(CODE), answer.number(VERIFIED)), (0, 1))
        self.assertFalse(second.exists())
        self.assertTrue(self.backup(second)["verified"])


class Faults(Backup):
    def test_a_disk_without_space(self):
        server = self.open_book("--free-space-min", "0")
        disk = mount_disk(self, self.server, DISK_BYTES)
        with (disk / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, DISK_BYTES)
        said = self.refused(disk / "copy", "backup_no_space", 3)
        for words in (str(disk / "copy"), "放不下备份", "no space for a backup", "MiB"):
            self.assertIn(words, said)
        self.assertEqual([path.name for path in disk.iterdir()], ["ballast"])
        (disk / "ballast").unlink()
        self.assertTrue(self.backup(disk / "copy")["verified"])
        self.check_goes_on()

    def test_space_that_ends_halfway(self):
        """A limit on the size of files: the copy of data.mdb does not get as large as it must."""
        server = self.open_book()
        with server.connect() as connection:
            for _ in range(10):
                connection.do(*(receive(SOAP, 1) for _ in range(BATCH)))
        self.backup(server.dir / "first")  # brings all of it to data.mdb: nothing is left to write
        pid = server.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 << 10, hard))
        self.refused(server.dir / "copy", "storage_full", 3)
        self.assertFalse((server.dir / "copy.partial").exists())
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        self.assertTrue(self.backup(server.dir / "copy")["verified"])
        self.check_goes_on()

    def test_a_disk_that_is_full_and_the_book_s_own(self):
        server = self.open_book("--free-space-min", "0", start=False)
        disk = mount_disk(self, self.server, DISK_BYTES)
        server.data_dir = disk / "data"
        self.start()
        with Writers(server) as writers:
            writers.wait_for(ROUNDS_LEAST * WRITERS * BATCH)
        with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
        done = server.cli("--json", "backup", disk / "copy", check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["result"]),
                         (3, "backup_no_space"))
        self.assertEqual(sorted(path.name for path in disk.iterdir()), ["ballast", "data"])
        (disk / "ballast").unlink()
        self.check_goes_on()

    def test_a_damaged_book_gives_no_backup(self):
        server = self.open_book()
        with server.connect() as connection:
            for _ in range(20):
                connection.do(*(receive(SOAP, 1) for _ in range(BATCH)))
        self.backup(server.dir / "sound")  # brings all of it to data.mdb
        with (server.data_dir / "data.mdb").open("r+b") as file:
            whole = file.read()
            for found in re.finditer("粮店".encode(), whole):  # in pages no longer in use too
                file.seek(found.start())
                file.write("糧".encode())
        said = self.refused(server.dir / "copy", "backup_damaged", 4)
        for words in (str(server.dir / "copy.damaged"), "没有通过核对", "failed its check"):
            self.assertIn(words, said)
        self.assertFalse((server.dir / "copy").exists())
        self.assertFalse((server.dir / "copy.partial").exists())
        self.assertTrue((server.dir / "copy.damaged/data.mdb").exists())

    def kill_while_copying(self, path):
        """false: it was over before it was seen."""
        partial = path.with_name(path.name + ".partial")
        with self.server.connect() as connection:
            connection.ask(BACKUP, (1, True), (2, str(path)))
            while not (partial.exists() or path.exists()):
                pass
            self.server.stop(signal.SIGKILL)
        return partial.exists()

    def test_a_server_killed_meanwhile_and_the_next_backup_to_the_same_place(self):
        self.open_book()
        kills = 0
        for attempt in itertools.count():
            self.assertLess(attempt, KILL_ATTEMPTS_MAX, "the kills came too late")
            path = self.server.dir / f"copy-{attempt}"
            with Writers(self.server) as writers:
                writers.wait_for(WRITERS * BATCH)
                was_seen = self.kill_while_copying(path)
            self.server.start()
            with self.server.connect() as connection:
                known = writers.acknowledged[-RETURNED:]
                for result, (_, entry) in zip(connection.do(*(one for one, _ in known)), known):
                    self.assertEqual((result.number(2), result.number(12)), (entry, 1))
                self.assertEqual(connection.ask(BACKUP).number(DONE), 0)
            if was_seen:
                kills += 1
                self.assertTrue(self.backup(path)["verified"])
                self.assertFalse(path.with_name(path.name + ".partial").exists())
            if kills == KILLS:
                break
        self.check_goes_on()

    def test_stops_cleanly_in_the_middle(self):
        server = self.open_book()
        with Writers(server) as writers:
            writers.wait_for(ROUNDS_LEAST * WRITERS * BATCH)
        path = server.dir / "copy"
        with server.connect() as connection:
            connection.ask(BACKUP, (1, True), (2, str(path)))
        self.assertEqual(server.stop(), 0)
        self.assertFalse(path.with_name("copy.partial").exists())
        server.start()
        self.check_goes_on()


if __name__ == "__main__":
    unittest.main()
