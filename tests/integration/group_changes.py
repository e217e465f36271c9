# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The changes of a group, as docs/storage-format.md has them, and as they are in lovebank_group."""

import ctypes
import struct

ENTRY = 2  # the table
DELETED = 0x80


zstd = ctypes.CDLL("libzstd.so.1")
for name in ("ZSTD_compress", "ZSTD_compressBound", "ZSTD_decompress"):
    getattr(zstd, name).restype = ctypes.c_size_t


def packed(data):
    """As they are in the row."""
    most = zstd.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    buffer = ctypes.create_string_buffer(most)
    size = zstd.ZSTD_compress(buffer, ctypes.c_size_t(most), data, ctypes.c_size_t(len(data)), 1)
    assert size <= most, "it is an error"
    return buffer.raw[:size]


def unpacked(row, size):
    buffer = ctypes.create_string_buffer(size + 1)
    found = zstd.ZSTD_decompress(buffer, ctypes.c_size_t(size), row, ctypes.c_size_t(len(row)))
    assert found == size, "these are not so many bytes packed"
    return buffer.raw[:size]


def changes_of(data):
    """(table, key, value, where the value begins), as they were put; no value: deleted."""
    at = 0
    while at < len(data):
        table, key_bytes, value_bytes = struct.unpack_from(">BBI", data, at)
        key_at = at + 6
        value_at = key_at + key_bytes
        at = value_at + value_bytes
        assert at <= len(data), "cut off"
        value = None if table & DELETED else data[value_at:at]
        yield table & ~DELETED, data[key_at:value_at], value, value_at


def entries_of(data):
    """{number: its packed bytes}"""
    return {int.from_bytes(key, "big"): value
            for table, key, value, _ in changes_of(data) if table == ENTRY}
