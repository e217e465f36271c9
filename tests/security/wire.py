#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Bytes that no client sends, at the handshake, the log-in and the framed port: made up, cut off,
turned, recorded and sent again, too large, too slow, at the wrong moment. After each the server is
there, nobody is let in, and a desk that was there is served.
"""

import contextlib
import os
import socket
import ssl
import struct
import threading
import unittest

from security_testing import (NORTH, PASSWORD, Fortress, code_of, outcome, seed_of_run, service)

from lovebank_testing import (BACKUP, ERROR, HELLO, LOGIN, LOGOUT, ORG_LIST, PASSWORD as CHANGE,
                              PATIENCE_S, PUBLIC_BOARD, RESPONSE, STATUS, WHOAMI, WRITE, frame,
                              message)

ROUNDS = int(os.environ.get("LOVEBANK_ROUNDS", "300"))


class Relay:
    """Between a client and the server: it passes bytes on and remembers those of the client."""

    def __init__(self, port):
        self.port, self.recorded = port, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def address(self):
        return self.listener.getsockname()[1]

    def run(self):
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)

        def back():
            with contextlib.suppress(OSError):
                while data := server.recv(65536):
                    client.sendall(data)

        backward = threading.Thread(target=back, daemon=True)
        backward.start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                self.recorded += data
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        backward.join(PATIENCE_S)
        client.close()
        server.close()

    def close(self):
        self.thread.join(PATIENCE_S)
        self.listener.close()


class Attack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Fortress(
            "--address-connections", "1000000", "--address-requests", "1000000",
            "--guest-requests", "1000000",
            "--handshake-timeout", "2s", "--frame-timeout", "2s")).furnish()
        _, cls.token = cls.server.open_device("服务台", "desk", NORTH, stands_in=NORTH)
        cls.days = iter(f"2017-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(300))
        cls.chance = seed_of_run("wire")

    def setUp(self):
        """A desk that was there before the attack is served during and after it."""
        self.desk = self.server.outpost(token=self.token)
        self.addCleanup(self.desk.socket.close)
        self.addCleanup(self.look_after)

    def look_after(self):
        self.desk.do(service(1, next(self.days)))
        with self.server.outpost() as stranger:
            self.assert_nobody(stranger)

    def assert_nobody(self, connection):
        self.assertEqual(connection.ask(WHOAMI).message(1).number(1), 0)
        self.assertEqual(outcome(connection.call(ORG_LIST)), "login_required")

    def throw(self, data, source="127.0.0.2"):
        """To the TLS port, without TLS; what comes back."""
        back = b""
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_S,
                                      (source, 0)) as thrown, contextlib.suppress(OSError):
            thrown.sendall(data)
            thrown.shutdown(socket.SHUT_WR)
            while part := thrown.recv(65536):
                back += part
        return back

    def client_hello(self):
        """One of Python's."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = self.server.context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        return outgoing.read()

    def mangled(self, data):
        """Cut, turned, doubled, with something put in."""
        data = bytearray(data)
        for _ in range(self.chance.randrange(1, 4)):
            at = self.chance.randrange(len(data) or 1)
            kind = self.chance.randrange(4)
            if kind == 0:
                del data[at:]
            elif kind == 1 and data:
                data[at] ^= 1 << self.chance.randrange(8)
            elif kind == 2:
                data[at:at] = self.chance.randbytes(self.chance.randrange(1, 40))
            else:
                data += data[at:]
        return bytes(data[:1 << 16])


class Handshake(Attack):
    def test_hellos_of_tls_that_are_cut_or_turned(self):
        hello = self.client_hello()
        for at in range(0, len(hello), 16):
            self.throw(hello[:at])
        for _ in range(ROUNDS):
            self.throw(self.mangled(hello))

    def test_recorded_bytes_of_a_desk_that_are_sent_again_do_nothing(self):
        relay = Relay(self.server.port)
        port = self.server.port
        self.server.port = relay.address()
        try:
            with self.server.outpost(token=self.token) as victim:
                victim.do(service(2, next(self.days)))
                before = victim.ask(STATUS).number(2)
        finally:
            self.server.port = port
        relay.close()
        self.assertGreater(len(relay.recorded), 500)
        back = self.throw(relay.recorded)
        self.assertEqual(back[:1], b"\x16")  # a handshake anew, to which the record has no answer
        self.assertEqual(self.desk.ask(STATUS).number(2), before)

    def test_there_is_no_early_data_that_could_be_sent_again(self):
        context = self.server.context()
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_S) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                secure.sendall(frame(HELLO, message((1, 1))))
                secure.recv(65536)  # the ticket comes with it
                session = secure.session
        self.assertIsNotNone(session)
        (self.server.dir / "session.pem").write_bytes(b"")
        done = self.server.run("openssl", "s_client", "-connect", f"127.0.0.1:{self.server.port}",
                               "-sess_out", str(self.server.dir / "session.pem"), "-tls1_3")
        self.assertNotIn("Max Early Data: 16384", done.stdout)
        self.assertNotIn("Early data was accepted", done.stdout)

    def test_old_versions_are_not_spoken(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2):
            context = self.server.context()
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = version
            with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_S) as plain:
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    context.wrap_socket(plain, server_hostname="localhost")

    def test_slow_handshakes_are_cut_when_their_time_is_over(self):
        hello = self.client_hello()
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_S,
                                      ("127.0.0.3", 0)) as slow:
            slow.settimeout(0.05)
            with contextlib.suppress(ConnectionError):
                for at in range(len(hello)):  # a byte at a time, as long as it is let
                    slow.sendall(hello[at:at + 1])
                    try:
                        self.assertEqual(slow.recv(1), b"")
                        break
                    except TimeoutError:
                        pass
                else:
                    self.fail("it was let finish")


class Frames(Attack):
    def test_frames_that_are_cut_or_turned(self):
        seeds = [frame(HELLO, message((1, 1), (2, "attack"), (3, os.urandom(32)))),
                 frame(LOGIN, message((1, "admin"), (2, "a password or so"))),
                 frame(WRITE, message((1, service(1, "2017-01-01")))),
                 frame(CHANGE, message((1, "old"), (2, "new"))), frame(LOGOUT)]
        entries = self.desk.ask(STATUS).number(2)
        for _ in range(ROUNDS):
            with self.server.connect(greet=self.chance.random() < 0.7) as connection:
                with contextlib.suppress(OSError):
                    connection.send(self.mangled(self.chance.choice(seeds)))
                    connection.socket.shutdown(socket.SHUT_WR)
                    while connection.socket.recv(65536):
                        pass
        self.assertEqual(self.desk.ask(STATUS).number(2), entries)  # nobody was let in to write

    def test_a_length_beyond_all_bounds_is_refused_at_its_header(self):
        for size in (4 * 1024 * 1024 + 1, 1 << 31, (1 << 32) - 1):
            with self.server.outpost() as connection:
                connection.send(struct.pack(">IIHBBI", size, 1, ORG_LIST, 1, 0, 0))
                self.assertEqual(connection.receive().error()[0], "frame_too_large")
                self.assertTrue(connection.is_at_end())

    def test_who_has_not_logged_in_has_nothing_large_to_say(self):
        with self.server.outpost() as connection:
            connection.send(frame(LOGIN, bytes(16385)))
            self.assertEqual(connection.receive().error(), ("login_required", ()))
        with self.server.outpost(token=self.token) as desk:
            desk.send(frame(ORG_LIST, message((99, bytes(1 << 20)))))
            self.assertEqual(desk.receive().kind, RESPONSE)

    def test_a_frame_of_one_byte_a_second_is_cut(self):
        with self.server.outpost() as connection:
            connection.send(frame(ORG_LIST)[:7])
            self.assertEqual(connection.receive().error()[0], "deadline")
            self.assertTrue(connection.is_at_end())

    def test_frames_of_another_connection_sent_again_do_nothing_here(self):
        """What a desk sent, recorded before it was encrypted, by one who has no token."""
        command = service(3, next(self.days))
        sent = [frame(WRITE, message((1, command)), number) for number in range(2, 6)]
        self.desk.do(command)
        entries = self.desk.ask(STATUS).number(2)
        with self.server.outpost() as thief:
            for one in sent:
                thief.send(one)
                self.assertEqual(thief.receive().error()[0], "login_required")
        self.assertEqual(self.desk.do(command)[0].number(12), 1)  # replayed: the first answer
        self.assertEqual(self.desk.ask(STATUS).number(2), entries)

    def test_replies_cannot_be_asked_for_and_requests_come_in_their_order(self):
        for data in (frame(ORG_LIST, kind=RESPONSE), frame(ORG_LIST, kind=ERROR),
                     frame(ORG_LIST, kind=9)):
            with self.server.outpost() as connection:
                connection.send(data)
                self.assertEqual(connection.receive().error()[0], "malformed")
        for method in (LOGIN, WRITE, STATUS, BACKUP, 0, 65535):
            with self.server.outpost(greet=False) as connection:
                connection.send(frame(method))
                self.assertEqual(connection.receive().error()[0], "malformed")
                self.assertTrue(connection.is_at_end())

    def test_methods_that_there_are_not_and_those_of_others(self):
        with self.server.outpost() as stranger:
            for method in list(range(0, 64)) + [255, 4096, 65535]:
                if method in (HELLO, STATUS, PUBLIC_BOARD, LOGIN, LOGOUT, WHOAMI):
                    continue
                found = stranger.call(method)
                self.assertEqual(found.kind, ERROR)
                self.assertIn(outcome(found), ("method_unknown", "login_required"))

    def test_what_comes_between_a_log_in_and_its_answer_is_nobodys(self):
        """Requests on the connection while the password is being checked."""
        with self.server.outpost() as connection:
            connection.submit(LOGIN, message((1, "somebody.new"), (2, PASSWORD)))
            connection.submit(ORG_LIST)
            connection.submit(WRITE, message((1, service(1, next(self.days)))))
            replies = sorted((connection.receive() for _ in range(3)),
                             key=lambda reply: reply.request_id)
        self.assertEqual(code_of(replies[0].message()), "login_wrong")
        self.assertEqual([outcome(reply) for reply in replies[1:]], ["login_required"] * 2)

    def test_a_connection_that_leaves_while_its_password_is_checked_takes_nothing_along(self):
        sessions = []
        for _ in range(10):
            connection = self.server.connect()
            connection.submit(LOGIN, message((1, self.server.LOGIN), (2, self.server.PASSWORD)))
            connection.socket.close()
            sessions.append(connection)
        with self.server.connect_as_admin() as admin:
            self.assertGreaterEqual(admin.ask(STATUS).number(2), 1)

    def test_nonsense_as_names_and_passwords_is_refused_alike(self):
        nonsense = [b"", b"\0", b"\xff\xfe", b"admin\0", b" admin", b"ADMIN ", b"x" * 4096,
                    "ａｄｍｉｎ".encode(), b"'; drop table", b"%s%n", b"../../etc/passwd", b"\r\nlogin"]
        with self.server.outpost(source="127.0.0.7") as connection:
            for name in nonsense:
                reply = connection.call(LOGIN, (1, name), (2, b"a password or so"))
                self.assertIn(outcome(reply), ("login_wrong", "malformed"))
            for password in nonsense[:6]:
                reply = connection.call(LOGIN, (1, "nobody.here"), (2, password))
                self.assertIn(outcome(reply), ("login_wrong", "malformed", "login_delayed"))
            self.assert_nobody(connection)


class Guests(Attack):
    """Connections by which nobody has logged in."""

    def test_those_who_only_greet_keep_nobody_out(self):
        """More than the server takes in all, from many addresses, greeted and then silent."""
        held = []
        try:
            for number in range(300):
                with contextlib.suppress(OSError, EOFError):
                    held.append(self.server.outpost(source=f"127.0.1.{1 + number % 200}"))
            with self.server.outpost(source="127.0.2.1", token=self.token) as late:
                late.do(service(4, next(self.days)))
        finally:
            for one in held:
                one.socket.close()

    def test_those_of_one_address_crowd_out_none_of_another(self):
        with self.server.outpost(source="127.0.2.2") as patient:  # still typing the password
            held = []
            try:
                for _ in range(100):
                    with contextlib.suppress(OSError, EOFError):
                        held.append(self.server.outpost(source="127.0.2.3"))
                self.assert_nobody(patient)
            finally:
                for one in held:
                    one.socket.close()


if __name__ == "__main__":
    unittest.main()
