#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Clients that others wrote, unchanged, against a real server: connect-node, connect-web in Node and
in a browser, buf curl, curl. Each goes through the same story; the programs are beside this one.
"""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "integration"))

from http_book import MEMBER, HttpServer
from lovebank_testing import SOURCE_DIR
from shell_clients import BufCurl, Curl, story

DEADLINE_S = 120
STEPS = ["greeted", "refused with details", "logged in", "recorded once", "read", "not found",
         "out of time", "ten at once", "logged out"]


def descriptors(out):
    """The compiled proto/lovebank/v1, for clients without generated code."""
    protos = sorted((SOURCE_DIR / "proto/lovebank/v1").glob("*.proto"))
    subprocess.run(["protoc", f"--proto_path={SOURCE_DIR / 'proto'}",
                    f"--descriptor_set_out={out}", *map(str, protos)], check=True)


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = HttpServer(start=False)
        cls.addClassCleanup(cls.server.__exit__)
        descriptors(cls.server.dir / "lovebank.binpb")
        cls.run_program("node", HERE / "connect_browser.mjs", "page", cls.server.pages)
        cls.server.start()
        cls.server.fill()

    @classmethod
    def run_program(cls, *arguments):
        """What it prints."""
        done = subprocess.run(
            [str(argument) for argument in arguments], cwd=cls.server.dir, capture_output=True,
            text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
            env={**os.environ,
                 "LOVEBANK_TEST_URL": cls.server.url,
                 "LOVEBANK_TEST_LOGIN": cls.server.OPERATOR,
                 "LOVEBANK_TEST_PASSWORD": cls.server.PASSWORD,
                 "LOVEBANK_TEST_MEMBER": str(MEMBER),
                 "LOVEBANK_TEST_DESCRIPTORS": str(cls.server.dir / "lovebank.binpb")})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run_client(self, *arguments):
        """It went through the whole story."""
        self.assertEqual(json.loads(self.run_program("node", *arguments)), STEPS)

    def run_shell_client(self, client):
        return story(client(self.server.url), self.server.OPERATOR, self.server.PASSWORD, MEMBER)

    def test_connect_node_with_json(self):
        self.run_client(HERE / "connect_node.mjs", "json")

    def test_connect_node_with_protobuf(self):
        self.run_client(HERE / "connect_node.mjs", "proto")

    def test_connect_web_by_fetch_with_json(self):
        self.run_client(HERE / "connect_web.mjs", "json")

    def test_connect_web_by_fetch_with_protobuf(self):
        self.run_client(HERE / "connect_web.mjs", "proto")

    def test_connect_web_in_a_browser_with_json(self):
        self.run_client(HERE / "connect_browser.mjs", "json")

    def test_connect_web_in_a_browser_with_protobuf(self):
        self.run_client(HERE / "connect_browser.mjs", "proto")

    def test_buf_curl(self):
        self.assertEqual(self.run_shell_client(BufCurl),
                         [step for step in STEPS if step != "out of time"])

    def test_plain_curl(self):
        self.assertEqual(self.run_shell_client(Curl), STEPS)


if __name__ == "__main__":
    unittest.main()
