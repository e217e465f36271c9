# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What the tests of imports share: a street with two communities, and its sheets."""

import csv
import io
import json
import unittest

from lovebank_testing import Server, card_of

STREET, EAST, WEST = 310101001000, 310101001001, 310101001002
ZHANG, QIANG_EAST, QIANG_WEST, WANG = 1, 2, 3, 4
SINCE = ["--from", "2016-01-01"]
HEAD = "编号,姓名,服务类别,日期,分钟\n"


class Imports(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())
        run = self.server.cli
        run("org", "open", STREET, "春晖街道", "--kind", "street", *SINCE)
        for org, name in ((EAST, "东湖社区"), (WEST, "西湖社区")):
            run("org", "open", org, name, "--kind", "community", "--parent", STREET, *SINCE)
        run("category", "set", 1, "家政", 10, *SINCE)
        run("category", "set", 2, "培训", 12, *SINCE)
        run("counter", "open", 1, STREET, "爱心超市")
        run("item", "set", 101, "大米", 60, "--barcode", "6901234567892", *SINCE)
        run("item", "set", 102, "食盐", 5, *SINCE)
        for number, name, org in ((ZHANG, "张小明", EAST), (QIANG_EAST, "李强", EAST),
                                  (QIANG_WEST, "李强", WEST), (WANG, "王芳", WEST)):
            run("member", "add", name, org, "--member", number, "--joined", "2016-01-01", "--card",
                f"{card_of(675000000 + number):010}")

    def write(self, name, text, encoding="utf-8"):
        path = self.server.dir / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    def bring_in(self, kind, *arguments, code=0):
        """The objects of the rows, and the sum."""
        done = self.server.cli("--lang", "zh", "--json", "import", kind, *arguments, "--yes",
                               check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return rows[:-1], rows[-1]

    def sums(self, kind, *arguments, code=0):
        """(done, already there, refused)"""
        summary = self.bring_in(kind, *arguments, code=code)[1]
        self.assertEqual(summary["done"] + summary["already_there"] + summary["refused"],
                         summary["rows"])
        return summary["done"], summary["already_there"], summary["refused"]

    def root(self):
        with self.server.connect() as connection:
            return connection.status_hashed().bytes(4)

    def assert_unchanged(self, kind, *arguments, code=0):
        before = self.root()
        done, _, refused = self.sums(kind, *arguments, code=code)
        self.assertEqual((done, self.root()), (0, before))
        return refused

    def minutes(self, member):
        lines = self.server.cli("--json", "balance", member).splitlines()
        return json.loads(lines[0])["balances"]["minutes"]

    def rejects(self, name):
        text = (self.server.dir / name).read_bytes()
        self.assertTrue(text.startswith(b"\xef\xbb\xbf") and text.endswith(b"\r\n"))
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
