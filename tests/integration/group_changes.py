# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The changes of a group, as docs/storage-format.md has them: what is in a row of lovebank_group."""

import struct

ENTRY = 2  # the table
DELETED = 0x80


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
