#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""TCP, which is for the loopback only and has to be asked for: end to end through the client."""

import json
import socket
import unittest

from lovebank_testing import CLIENT, Server


class Loopback(unittest.TestCase):
    def cli(self, server, address, *arguments):
        return server.run(str(CLIENT), "--connect", address, *map(str, arguments))

    def test_a_member_is_registered_and_served_over_tcp(self):
        with Server("--insecure-loopback", "127.0.0.1:0") as server:
            address = f"tcp:127.0.0.1:{server.port_of('tcp')}"
            for act in (["org", "open", 310101001001, "春晖社区", "--kind", "community"],
                        ["category", "set", 1, "家政", 10],
                        ["member", "add", "张小明", 310101001001, "--member", 42],
                        ["record", 42, 1, 90]):
                done = self.cli(server, address, *act)
                self.assertEqual(done.returncode, 0, done.stderr)
            member = json.loads(self.cli(server, address, "--json", "balance", 42).stdout)
            self.assertEqual(member["balances"]["points_centi"], 1500)
            self.assertEqual(json.loads(server.cli("--json", "balance", 42)), member)

    def test_tcp_has_no_peer_and_a_socket_has(self):
        with Server("--insecure-loopback", "127.0.0.1:0") as server:
            for address in (f"tcp:127.0.0.1:{server.port_of('tcp')}", f"unix:{server.socket}"):
                self.cli(server, address, "class", "set", 1 + ("unix" in address), "党员")
            entries = [json.loads(server.cli("--json", "explain", number))["entry"]
                       for number in (1, 2)]
            self.assertEqual(entries[0]["peer"], 0)
            self.assertGreater(entries[1]["peer"], 0)

    def test_no_port_is_open_unless_asked_for(self):
        with Server() as server, socket.socket() as held:
            self.assertEqual([server.port_of(kind) for kind in ("tcp", "tls", "http", "https")],
                             [0, 0, 0, 0])
            held.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can
            done = self.cli(server, f"tcp:127.0.0.1:{held.getsockname()[1]}", "status")
            self.assertEqual(done.returncode, 3)

    def test_another_address_than_the_loopback_is_refused(self):
        with Server(start=False) as server:
            for address, words in (("0.0.0.0:7941", "only localhost, 127.0.0.1 or ::1"),
                                   ("192.0.2.1:7941", "only localhost, 127.0.0.1 or ::1"),
                                   ("7941", "expected HOST:PORT")):
                done = server.run(*server.arguments("--insecure-loopback", address))
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
