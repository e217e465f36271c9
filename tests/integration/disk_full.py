#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A disk without space, real and by a limit: writing is answered with storage_full, reading goes on,
and when there is space again so does writing, without a restart. What was acknowledged stays.
A directory written by a newer version is refused and left as it is.
"""

import contextlib
import json
import os
import resource
import time
import unittest

from bad_input_book import ANNA, HOUSEWORK, MEMBERS, SOAP, STREET, member, receive, registry, serve
from lovebank_testing import (MEMBER_GET, PATIENCE_S, RESULTS, STATUS, WRITE, Server, message,
                              mount_disk)

FREE_BYTES_MIN = 4 << 20
DISK_BYTES = 96 << 20
BATCH = 200
BATCHES_MAX = 2000
MEMO = "很长的说明" * 60


class Full(unittest.TestCase):
    has_stopped = False

    def open_book(self, *flags):
        self.server = Server("--journal-segment-size", "256KiB", *flags)
        self.addCleanup(self.server.__exit__)
        return self.server

    def connect(self):
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)

    def fill(self):
        """Writes ever smaller batches until there is no space for a single act: pairs of what was
        sent and acknowledged, and the batches that were not."""
        done, size, refused = [], BATCH, []
        for _ in range(BATCHES_MAX):
            batch = [receive(SOAP, 1, memo=MEMO) for _ in range(size)]
            try:
                answer = self.connection.ask(WRITE, *((1, one) for one in batch))
            except (EOFError, ConnectionError):
                self.has_stopped = True
                return done, refused + batch
            codes = {answer.number(1)} | {one.number(1) for one in answer.messages(6)}
            if RESULTS["storage_full"] not in codes:
                self.assertEqual(codes, {0})
                done += zip(batch, answer.messages(6))
                continue
            self.assertEqual(codes - {0}, {RESULTS["storage_full"]})
            refused += batch
            if size == 1:
                return done, refused
            size = size // 6 or 1
        self.fail("the disk did not fill")

    def check_reading(self, read_only=1):
        status = self.connection.ask(STATUS)
        self.assertEqual((status.number(5), status.number(9)), (MEMBERS, read_only))
        self.assertEqual(self.connection.ask(MEMBER_GET, (1, member(ANNA))).number(1), 0)
        for act in (["status"], ["balance", ANNA], ["stars", "--year", 2016, "--org", STREET]):
            self.server.cli(*act)

    def check_client(self):
        """Exit code 3, the stable name, the remedy, and the id to send it again with."""
        act = ["record", ANNA, HOUSEWORK, 1, "--date", "2016-03-09"]
        done = self.server.cli("--json", *act, check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["result"]), (3, "storage_full"))
        for language, words in (("zh", ("磁盘已满", "没有丢失", "请清理磁盘")),
                                ("en", ("disk is full", "nothing was lost", "free some space"))):
            done = self.server.cli("--lang", language, *act, check=False)
            self.assertEqual((done.returncode, done.stdout), (3, ""))
            for word in words:
                self.assertIn(word, done.stderr)

    def check_nothing_lost(self, done, refused):
        """With space again: what was acknowledged is answered as it was, the rest is done once. A
        checkpoint that failed before there was space may still refuse what is sent first."""
        end = time.monotonic() + PATIENCE_S
        answer = None
        while answer is None or (answer.number(1) == RESULTS["storage_full"] and
                                 time.monotonic() < end):
            answer = self.connection.ask(WRITE, *((1, one) for one in refused))
        self.assertEqual({answer.number(1)} | {one.number(1) for one in answer.messages(6)}, {0})
        for at in range(0, len(done), BATCH):
            part = done[at:at + BATCH]
            again = self.connection.write(*(one for one, _ in part))
            for (_, first), second in zip(part, again):
                self.assertEqual((second.number(1), second.number(2)), (0, first.number(2)))
                self.assertEqual(second.number(12), 1)
        self.assertEqual(self.connection.ask(STATUS).number(9), 0)
        self.assertTrue(self.connection.verify().number(5))
        self.connection.socket.close()
        self.assertEqual(self.server.stop(), 0)
        offline = self.server.verify_offline()
        self.assertEqual(offline.returncode, 0, offline.stdout + offline.stderr)

    def stays_up(self, make_space):
        self.connect()
        self.connection.do(*registry())
        done, refused = self.fill()
        self.check_reading()
        self.check_client()
        make_space()
        self.check_nothing_lost(done, refused)

    def loses_nothing(self, make_space):
        """A write that the disk took only in part may stop the server. Then it says so, and goes on
        when it is started again."""
        self.connect()
        self.connection.do(*registry())
        done, refused = self.fill()
        make_space()
        if self.has_stopped:
            self.connection.socket.close()
            self.assertEqual(self.server.process.wait(PATIENCE_S), 4)
            self.assertEqual(self.server.verify_offline().returncode, 0)
            self.server.process.stderr.close()
            self.server.start()
            self.connect()
        self.check_nothing_lost(done, refused)


class DiskFull(Full):
    def test_a_limit_on_the_size_of_files(self):
        server = self.open_book()
        server.__enter__()
        pid = server.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        size = (server.data_dir / "data.mdb").stat().st_size
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + (2 << 20), hard))

        def lift():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        self.loses_nothing(lift)

    def mount(self):
        disk = mount_disk(self, self.server, DISK_BYTES)
        self.server.data_dir = disk / "data"
        return disk

    def start_on_disk(self, *flags, ballast_bytes):
        """On a disk of its own, with a file on it. Returns what takes that away."""
        server = self.open_book(*flags)
        disk = self.mount()
        ballast = disk / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, ballast_bytes)
        server.start()
        return ballast.unlink

    def test_a_disk_of_its_own_keeps_the_space_it_was_told_to_keep(self):
        # A checkpoint would make some space, and on a slow machine while we look at its lack.
        self.stays_up(self.start_on_disk("--free-space-min", str(FREE_BYTES_MIN),
                                         "--checkpoint-interval", "1h",
                                         ballast_bytes=84 << 20))

    def test_a_disk_of_its_own_down_to_the_last_byte(self):
        self.loses_nothing(self.start_on_disk("--free-space-min", "0", ballast_bytes=84 << 20))

    def test_starting_on_a_full_disk_is_told_and_leaves_the_book_alone(self):
        server = self.open_book("--free-space-min", "0")
        disk = self.mount()
        with (disk / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, DISK_BYTES)
        done = server.run(*server.arguments())
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(str(server.data_dir), done.stderr)
        (disk / "ballast").unlink()
        server.start()
        with server.connect() as connection:
            connection.do(*registry())
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.verify_offline().returncode, 0)

    def test_a_check_without_space_fails_and_the_server_goes_on(self):
        server = self.open_book("--free-space-min", "0")
        disk = self.mount()
        server.start()
        self.connect()
        self.connection.do(*registry())
        with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        done = server.cli("--json", "verify", check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["result"]), (3, "storage_full"))
        self.check_reading(read_only=0)
        (disk / "ballast").unlink()
        self.connection.do(serve(ANNA, 60, "2016-03-01"))
        self.check_nothing_lost([], [receive(SOAP, 1)])


class Directories(Full):
    def test_a_directory_of_a_newer_version_is_refused_and_left_alone(self):
        server = self.open_book()
        server.__enter__()
        with server.connect() as connection:
            connection.do(*registry())
        server.stop()
        path = server.data_dir / "data.mdb"
        sound = path.read_bytes()
        header = b"header" + (1).to_bytes(4, "big")
        self.assertIn(header, sound)
        newer = sound.replace(header, b"header" + (2).to_bytes(4, "big"))
        path.write_bytes(newer)
        for done in (server.run(*server.arguments()), server.verify_offline()):
            self.assertEqual(done.returncode, 4, done.stderr)
            for words in (str(server.data_dir), "请用较新的程序", "use a newer program"):
                self.assertIn(words, done.stderr)
        self.assertEqual(path.read_bytes(), newer)
        path.write_bytes(sound)
        server.start()
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.verify_offline().returncode, 0)

    def test_a_second_server_leaves_the_first_one_writing(self):
        server = self.open_book()
        server.__enter__()
        with server.connect() as connection:
            connection.do(*registry())
            other = [word.replace(str(server.socket), str(server.dir / "other"))
                     for word in server.arguments()]
            second = server.run(*other)
            self.assertEqual(second.returncode, 4)
            for words in (str(server.data_dir), "请先停掉", "stop that one first"):
                self.assertIn(words, second.stderr)
            connection.do(serve(ANNA, 60, "2016-03-01"))
            self.assertTrue(connection.verify().number(5))
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.verify_offline().returncode, 0)


if __name__ == "__main__":
    unittest.main()
