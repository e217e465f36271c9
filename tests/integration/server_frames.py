#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""What a client may do wrong on the wire: each gets its answer, and the server goes on."""

import os
import struct
import unittest

from lovebank_testing import (ENTRY_GET, HELLO, HISTORY, IMPORT_LIST, MEMBER_GET, RESULTS, STARS,
                              STATUS, STOCK, WRITE, Connection, Server, command, frame, message)

ORG_OPEN = 10
PAYLOAD_MAX = 4 << 20


def org(number, **options):
    return command(ORG_OPEN, (1, number), (3, 2), (4, "org"), **options)


class ServerFrames(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.__enter__()

    def tearDown(self):
        with self.server.connect() as connection:
            self.assertGreaterEqual(connection.ask(STATUS).number(14), 1)
        self.assertEqual(self.server.stop(), 0)

    def raw(self):
        return self.server.connect(greet=False)

    def assert_farewell(self, connection, name, numbers=None):
        reply = connection.receive()
        self.assertEqual((reply.method, reply.request_id), (0, 0))
        self.assertEqual(reply.error()[0], name)
        if numbers:
            self.assertEqual(reply.error()[1], numbers)
        self.assertTrue(connection.is_at_end())

    def test_hello_tells_versions_and_limits(self):
        with self.raw() as connection:
            answer = connection.hello().message()
            self.assertEqual([answer.number(field) for field in (1, 2, 4, 5, 6)],
                             [0, 1, PAYLOAD_MAX, 8190, 64])
            self.assertIn("lovebankd", answer.text(3))
            self.assertEqual(answer.number(8), 28800)

    def test_hello_of_another_version_is_answered_and_the_connection_closed(self):
        with self.raw() as connection:
            answer = connection.hello(version=2).message()
            self.assertEqual(answer.number(1), RESULTS["version_mismatch"])
            self.assertEqual(answer.number(2), 1)
            self.assertTrue(connection.is_at_end())

    def test_the_first_frame_must_be_hello(self):
        with self.raw() as connection:
            connection.submit(STATUS)
            self.assert_farewell(connection, "malformed")

    def test_an_unknown_method_is_an_error_and_the_connection_goes_on(self):
        with self.server.connect() as connection:
            for method in (9, 99, 65535):
                self.assertEqual(connection.call(method).error(), ("method_unknown", (method,)))
            self.assertEqual(connection.call(STATUS).kind, 2)

    def test_a_payload_that_is_no_message_is_malformed_and_the_connection_goes_on(self):
        with self.server.connect() as connection:
            for method in (STATUS, ENTRY_GET, IMPORT_LIST, MEMBER_GET, HISTORY, STARS, STOCK):
                connection.submit(method, b"\xff\xff\xff")
                self.assertEqual(connection.receive().error()[0], "malformed")
            connection.submit(WRITE, b"\xff\xff\xff")
            self.assertEqual(connection.receive().message().number(1), RESULTS["malformed"])
            self.assertEqual(connection.call(STATUS).kind, 2)

    def test_a_batch_beyond_the_cap_is_refused_with_the_cap_and_nothing_of_it_done(self):
        with self.server.connect() as connection:
            answer = connection.ask(WRITE, *((1, b"") for _ in range(8191)))
            self.assertEqual(answer.number(1), RESULTS["batch_too_large"])
            self.assertEqual((answer.signed(2), answer.signed(3)), (8191, 8190))
            self.assertEqual(connection.ask(STATUS).number(2), 0)

    def test_a_full_batch_is_done(self):
        with self.server.connect() as connection:
            connection.do(*(org(number) for number in range(1, 8191)))
            self.assertEqual(connection.ask(STATUS).number(2), 8190)

    def test_a_command_that_cannot_be_decoded_fails_alone(self):
        with self.server.connect() as connection:
            bad = message((1, b"short"), (ORG_OPEN, message((1, 2), (3, 2), (4, "org"))))
            found = connection.write(org(1), bad, org(3))
            self.assertEqual([result.number(1) for result in found], [0, RESULTS["malformed"], 0])
            self.assertEqual([result.number(2) for result in found], [1, 0, 2])

    def test_text_that_is_not_utf8_or_too_long_is_refused(self):
        with self.server.connect() as connection:
            for name, expected in ((b"\xff\xfe", "text_invalid"), (b"a\nb", "text_invalid"),
                                   (b"x" * 193, "text_too_long")):
                found = connection.write(command(ORG_OPEN, (1, 1), (3, 2), (4, name)))
                self.assertEqual(found[0].number(1), RESULTS[expected])

    def test_an_oversize_frame_is_told_from_its_header(self):
        with self.server.connect() as connection:
            connection.send(struct.pack(">IIHBBI", PAYLOAD_MAX + 1, 1, WRITE, 1, 0, 0))
            self.assert_farewell(connection, "frame_too_large", (PAYLOAD_MAX + 1, PAYLOAD_MAX))

    def test_a_frame_with_flags_or_of_another_kind_is_malformed(self):
        for bad in (struct.pack(">IIHBBI", 0, 1, STATUS, 1, 1, 0),
                    struct.pack(">IIHBBI", 0, 1, STATUS, 2, 0, 0),
                    struct.pack(">IIHBBI", 0, 1, STATUS, 9, 0, 0),
                    struct.pack(">IIHBBI", 0, 1, STATUS, 1, 0, 1)):
            with self.server.connect() as connection:
                connection.send(bad)
                self.assert_farewell(connection, "malformed")

    def test_a_truncated_frame_is_malformed_at_the_end_of_the_stream(self):
        with self.server.connect() as connection:
            connection.send(frame(WRITE, message((1, org(1))))[:-1])
            connection.socket.shutdown(1)
            self.assert_farewell(connection, "malformed")
        with self.server.connect() as connection:
            self.assertEqual(connection.ask(STATUS).number(2), 0)

    def test_pipelined_requests_are_all_answered(self):
        with self.server.connect() as connection:
            wanted = {connection.submit(WRITE, message((1, org(number))))
                      for number in range(1, 301)}
            got = set()
            for _ in range(300):
                reply = connection.receive()
                self.assertEqual(reply.message().messages(6)[0].number(1), 0)
                got.add(reply.request_id)
            self.assertEqual(got, wanted)

    def test_a_client_that_vanishes_loses_nothing_it_was_told_and_blocks_nobody(self):
        with self.server.connect() as watcher:
            kept = [org(number) for number in range(1, 101)]
            for round_number in range(20):
                connection = self.server.connect()
                connection.send(b"".join(frame(WRITE, message((1, one)))
                                         for one in kept[round_number * 5:round_number * 5 + 5]))
                connection.send(frame(WRITE, message((1, org(999))))[:20])
                connection.socket.close()
            found = watcher.do(*kept)
            self.assertEqual(sorted(result.number(2) for result in found), list(range(1, 101)))
            self.assertTrue(watcher.verify().number(5))

    def test_the_same_id_gives_the_same_answer_and_other_content_is_refused(self):
        with self.server.connect() as connection:
            identity = os.urandom(16)
            first = connection.do(org(5, id=identity))[0]
            again = connection.do(org(5, id=identity))[0]
            self.assertEqual((first.number(2), again.number(2)), (1, 1))
            self.assertEqual((first.number(12), again.number(12)), (0, 1))
            other = connection.write(org(6, id=identity))[0]
            self.assertEqual(other.number(1), RESULTS["id_reused"])


class ServerCaps(unittest.TestCase):
    def test_connections_beyond_the_cap_are_told_to_try_later(self):
        with Server("--connections-max", "2") as server:
            with server.connect(), server.connect():
                with Connection(server.socket, greet=False) as third:
                    self.assertEqual(third.receive().error()[0], "try_later")
                    self.assertTrue(third.is_at_end())
            self.assertEqual(server.stop(), 0)

    def test_a_client_without_hello_meets_its_deadline(self):
        with Server("--handshake-timeout", "300ms") as server:
            with server.connect(greet=False) as connection:
                self.assertEqual(connection.receive().error()[0], "deadline")
                self.assertTrue(connection.is_at_end())
            self.assertEqual(server.stop(), 0)

    def test_a_slow_frame_meets_its_deadline(self):
        with Server("--frame-timeout", "300ms") as server:
            with server.connect() as connection:
                connection.send(frame(HELLO, b"x")[:7])
                self.assertEqual(connection.receive().error()[0], "deadline")
            self.assertEqual(server.stop(), 0)

    def test_tcp_on_loopback_serves_without_a_principal(self):
        with Server("--insecure-loopback", "127.0.0.1:0") as server:
            line = next(line for line in server.log if " listening " in line)
            port = int(line.split("tcp_port=")[1].split()[0])
            with Connection.over_tcp(port) as connection:
                number = connection.do(org(1))[0].number(2)
                stored = connection.ask(ENTRY_GET, (1, message((1, number)))).message(2)
                entry = stored.message(1)
                self.assertEqual((entry.number(1), entry.number(4)), (1, 0))
            with server.connect() as connection:
                number = connection.do(org(2))[0].number(2)
                entry = connection.ask(ENTRY_GET, (1, message((1, number)))).message(2).message(1)
                self.assertEqual(entry.number(4), os.getuid() + 1)
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
