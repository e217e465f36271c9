#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A member is erased and the keys are rotated: with the key that is left, no byte of any copy that was
ever made of the book opens for the erased, who is in none of its indexes, while everybody else's
data opens and verify passes. Rotations that are killed in the middle go on at the next start.

The copies are searched without the server's code: every place of every file that could begin a
sealed row is tried with libsodium. That the search finds what there is to find is shown with the
key that was destroyed, of which the test, unlike a server, kept a copy.
"""

import contextlib
import ctypes
import ctypes.util
import re
import shutil
import signal
import struct
import time
import unittest

from bad_input_book import EAST, MEMBER_REGISTER, BadInput, serve
from lovebank_testing import (MEMBER_FIND, MEMBER_GET, PATIENCE_S, RESULTS, STATUS,
                              STORE_URL, command, message)

MEMBER_CLOSE, MEMBER_ERASE, KEY_ROTATE = 22, 48, 50
ERASED, LIVING, STATUS_ERASED = 77, 78, 4
ERASED_NUMBER, LIVING_NUMBER = "11010519491231002X", "110101196110151235"
MEMO = "与慕容大妈说好的"
PERSON, MEMO_KIND = 1, 2
MANY = 2000             # members, so that a rotation takes its time
BATCH = 500
KILLS = 6
KILL_ATTEMPTS_MAX = 60
ROW_HEAD = re.compile(rb"(?=\x01\x00\x00\x00[\x01-\xff])")  # algorithm, epoch
NONCE_AT, KEY_AT, KEY_BYTES, BODY_AT = 5, 29, 48, 77

sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")


def keys_of(path):
    """{epoch: key} of a key file."""
    lines = path.read_text().splitlines()
    if len(lines) == 1:
        return {1: bytes.fromhex(lines[0])}
    assert lines[0] == "lovebank-keys 2"
    return {int(epoch): bytes.fromhex(key)
            for epoch, key, _ in (line.split() for line in lines[1:])}


def opens(data, at, keys, kind, owner):
    """Whether a row key for that owner, wrapped by one of the keys, stands there."""
    epoch = struct.unpack_from(">I", data, at + 1)[0]
    if epoch not in keys or at + BODY_AT > len(data):
        return False
    bound = data[at:at + NONCE_AT] + struct.pack(">BQ", kind, owner)
    row_key, wrapped = ctypes.create_string_buffer(32), data[at + KEY_AT:at + BODY_AT]
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        row_key, None, None, wrapped, ctypes.c_ulonglong(KEY_BYTES), bound,
        ctypes.c_ulonglong(len(bound)), data[at + NONCE_AT:at + KEY_AT], keys[epoch]) == 0


def index_key(epoch, key, number):
    """The key of the index row of an ID number."""
    subkey, found = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    assert sodium.crypto_kdf_derive_from_key(subkey, ctypes.c_size_t(32), ctypes.c_uint64(1),
                                             b"id_index", key) == 0
    assert sodium.crypto_generichash(found, ctypes.c_size_t(32), number.encode(),
                                     ctypes.c_ulonglong(len(number)), subkey,
                                     ctypes.c_size_t(32)) == 0
    return struct.pack(">BI", 1, epoch) + found.raw


def files_of(directory):
    found = []
    for path in sorted(directory.rglob("*")):
        if path.name == "data.mdb" or path.name.startswith("journal-"):
            with contextlib.suppress(FileNotFoundError):  # a segment of the journal that is freed
                found.append(path.read_bytes())
    return found


def count_rows(directory, keys, kind, owners):
    """How many places of its files open for one of the owners."""
    return sum(opens(data, match.start(), keys, kind, owner)
               for data in files_of(directory) for match in ROW_HEAD.finditer(data)
               for owner in owners)


def count_number(directory, keys, number):
    return sum(data.count(index_key(epoch, key, number))
               for data in files_of(directory) for epoch, key in keys.items())


def register(number, name, id_number=None):
    return command(MEMBER_REGISTER, (1, number), (2, EAST),
                   (5, message((1, name), (5, id_number))), on="2016-01-01")


class Erasure(BadInput):
    def setUp(self):
        super().setUp()
        sodium.sodium_init()
        self.copies = []
        self.connection.do(register(ERASED, "欧阳慕容", ERASED_NUMBER),
                           register(LIVING, "司马相如", LIVING_NUMBER))
        self.memos = [self.entry_of(command(31, (1, message((1, ERASED))), (2, 1), (3, 60),
                                            on=f"2016-03-0{day}", memo=MEMO))
                      for day in range(1, 4)]

    def copy(self):
        """The files as they are at this moment, whatever the server does."""
        place = self.server.dir / f"copy-{len(self.copies)}"
        place.mkdir()
        for file in self.server.data_dir.iterdir():
            with contextlib.suppress(FileNotFoundError):  # a segment of the journal that is freed
                shutil.copy2(file, place)
        self.copies.append(place)

    def restart(self):
        self.connection.socket.close()
        self.server.restart()
        self.reconnect()

    def reconnect(self):
        self.connection = self.server.connect()
        self.addCleanup(self.connection.socket.close)

    def wait_rotated(self):
        """Until the key file holds one key. Asking is what paces it."""
        deadline = time.monotonic() + PATIENCE_S
        while len(keys_of(self.server.key_file)) > 1:
            self.assertLess(time.monotonic(), deadline, "".join(self.server.log[-5:]))
            self.connection.ask(STATUS)

    def rotate(self):
        self.connection.do(command(KEY_ROTATE))
        self.wait_rotated()

    def close_and_erase(self):
        self.connection.do(*(command(36, (1, message((1, entry))), memo=MEMO)
                             for entry in self.memos))
        self.memos += range(self.memos[-1] + 1, self.memos[-1] + 4)
        self.connection.do(command(MEMBER_CLOSE, (1, ERASED)),
                           command(MEMBER_ERASE, (1, ERASED), memo="本人来信要求"))

    @unittest.skipIf(STORE_URL, "tests/postgres/erased.py looks into the tables")
    def test_no_copy_opens_for_the_erased(self):
        old_keys = keys_of(self.server.key_file)
        self.copy()
        self.restart()
        self.copy()
        self.server.cli("backup", self.server.dir / "backup-1")
        self.copies.append(self.server.dir / "backup-1")
        self.close_and_erase()
        self.copy()
        self.rotate()
        self.copy()
        self.server.cli("backup", self.server.dir / "backup-2")
        self.copies.append(self.server.dir / "backup-2")
        keys = keys_of(self.server.key_file)
        self.assertEqual(list(keys), [2])
        for place in [*self.copies, self.server.data_dir]:
            self.assertEqual(count_rows(place, keys, PERSON, [ERASED]), 0, place)
            self.assertEqual(count_rows(place, keys, MEMO_KIND, self.memos), 0, place)
            self.assertEqual(count_number(place, keys, ERASED_NUMBER), 0, place)
        self.check_the_search(old_keys, keys)
        self.check_the_living()

    def check_the_search(self, old_keys, keys):
        """The destroyed key would open the early copies; the present one opens the living."""
        for place in self.copies[:3]:
            self.assertGreater(count_rows(place, old_keys, PERSON, [ERASED]), 0, place)
            self.assertGreater(count_rows(place, old_keys, MEMO_KIND, self.memos), 0, place)
            self.assertGreater(count_number(place, old_keys, ERASED_NUMBER), 0, place)
        self.assertGreater(count_rows(self.server.data_dir, keys, PERSON, [LIVING]), 0)
        self.assertGreater(count_number(self.server.data_dir, keys, LIVING_NUMBER), 0)
        backup = self.copies[-1]  # of the book after it: nothing of the old epoch lives in it
        self.assertGreater(count_rows(backup, keys, PERSON, [LIVING]), 0)

    def check_the_living(self):
        found = self.connection.ask(MEMBER_FIND, (6, LIVING_NUMBER)).messages(1)
        self.assertEqual([info.number(1) for info in found], [LIVING])
        self.assertEqual(self.connection.ask(MEMBER_FIND, (6, ERASED_NUMBER)).messages(1), [])
        self.assertEqual(self.connection.ask(MEMBER_FIND, (1, "慕容")).messages(1), [])
        info = self.connection.ask(MEMBER_GET, (1, message((1, ERASED)))).message(2)
        self.assertEqual((info.number(3), info.text(14)), (STATUS_ERASED, ""))
        self.connection.do(register(79, "欧阳慕容", ERASED_NUMBER))  # may come back

    def test_a_number_belongs_to_one(self):
        taken = self.connection.write(register(80, "欧阳慕容", "110105491231002"))[0]
        self.assertEqual((taken.number(1), taken.signed(3)),
                         (RESULTS["id_number_taken"], ERASED))
        wrong = self.connection.write(register(80, "欧阳慕容", "110105194912310021"))[0]
        self.assertEqual(wrong.number(1), RESULTS["id_number_invalid"])

    def test_rotations_that_are_killed_go_on(self):
        for first in range(1000, 1000 + MANY, BATCH):
            self.connection.do(*(register(number, f"王小{number}")
                                 for number in range(first, first + BATCH)))
        kills = 0
        for attempt in range(KILL_ATTEMPTS_MAX):
            self.connection.do(command(KEY_ROTATE))
            for _ in range(attempt % 8):
                self.connection.do(serve(LIVING, 1, f"2016-04-{attempt % 28 + 1:02}"))
            self.connection.socket.close()
            self.server.stop(signal.SIGKILL)
            kills += len(keys_of(self.server.key_file)) > 1
            done = self.server.verify_offline()
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.server.start()
            self.reconnect()
            if kills == KILLS:
                break
        self.assertEqual(kills, KILLS, "the kills came too late")
        self.wait_rotated()
        keys = keys_of(self.server.key_file)
        self.assertEqual(len(keys), 1)
        self.restart()
        self.assertTrue(self.connection.verify().number(5))
        self.assertGreater(count_rows(self.server.data_dir, keys, PERSON, [LIVING]), 0)

    def test_a_key_in_the_data_directory_is_refused(self):
        self.connection.socket.close()
        self.assertEqual(self.server.stop(), 0)
        outside, inside = self.server.key_file, self.server.data_dir / "epoch.key"
        shutil.copy(outside, inside)
        self.server.key_file = inside
        done = self.server.run(*self.server.arguments())
        self.assertEqual(done.returncode, 4)
        for word in (str(inside), "密钥文件", "move it elsewhere", "key-file"):
            self.assertIn(word, done.stderr)
        inside.unlink()
        self.server.key_file = outside
        self.server.start()
        self.reconnect()


if __name__ == "__main__":
    unittest.main()
