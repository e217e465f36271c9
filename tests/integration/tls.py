#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""TLS with the real programs: who is trusted, certificates anew, slow and hostile clients, a scanner."""

import json
import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import threading
import unittest
from datetime import datetime, timedelta, timezone

from lovebank_testing import CLIENT, HELLO, PATIENCE_S, SERVER, Connection, Server, frame, message


class TlsServer(Server):
    """A server on a loopback address with TLS, and the certificates of `tls-init` in self.tls. Its
    port is known when it has started."""

    def __init__(self, *flags, hosts="localhost,127.0.0.1", start=True):
        super().__init__(*flags, start=False)
        self.port = 0
        self.tls = self.dir / "tls"
        done = self.init("--host", hosts, "--device", "desk1")
        assert done.returncode == 0, done.stderr
        self.flags += ["--tls-listen", "127.0.0.1:0",
                       "--tls-certificate", str(self.tls / "server.pem"),
                       "--tls-key", str(self.tls / "server.key")]
        self.starts = start

    def start(self):
        super().start()
        self.port = self.port_of("tls")
        return self

    def init(self, *arguments):
        return self.run(str(SERVER), "tls-init", str(self.tls), *arguments)

    def renew(self, hosts):
        """Another server certificate by the same authority."""
        for name in ("server.pem", "server.key"):
            (self.tls / name).unlink()
        done = self.init("--host", hosts)
        assert done.returncode == 0, done.stderr

    def reload(self):
        """SIGHUP; the log line that answers it."""
        seen = len(self.log)
        self.process.send_signal(signal.SIGHUP)
        while True:
            for line in self.log[seen:]:
                if " tls_reloaded " in line or " tls_not_reloaded " in line:
                    return line
            with self.connect() as connection:  # a turn of the loop, no sleep
                connection.ask(3)

    def ask(self, *arguments, host="localhost", ca="ca.pem", language="C.UTF-8"):
        """The client over TLS, to its end."""
        trust = () if ca is None else ("--ca", str(self.tls / ca))
        environment = self.environment() | {"LC_ALL": language}
        return subprocess.run([str(CLIENT), "--connect", f"tls:{host}:{self.port}", *trust,
                               *map(str, arguments)], capture_output=True, text=True,
                              encoding="utf-8", env=environment, timeout=PATIENCE_S, check=False)

    def context(self):
        return ssl.create_default_context(cafile=str(self.tls / "ca.pem"))

    def secure(self, greet=True):
        """A Connection whose bytes go through Python's TLS."""
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
        connection = Connection.__new__(Connection)
        connection.socket = self.context().wrap_socket(plain, server_hostname="localhost")
        connection.next_id = 1
        if greet:
            assert connection.hello().message().number(1) == 0
        return connection

    def s_client(self, *arguments):
        return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}",
                               *arguments], capture_output=True, text=True, input="",
                              timeout=PATIENCE_S, check=False)


def expire(server):
    """Gives the server a certificate of its authority that ended yesterday."""
    tls = server.tls
    day = datetime.now(timezone.utc) - timedelta(days=1)
    for old in ("index.txt", "serial"):
        (tls / old).write_text("" if old == "index.txt" else "01\n")
    (tls / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={tls}/index.txt\nserial={tls}/serial\n"
        f"new_certs_dir={tls}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n"
        "[e]\nsubjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")

    def run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True,
                       timeout=PATIENCE_S)

    run("req", "-new", "-key", str(tls / "server.key"), "-subj", "/CN=localhost",
        "-out", str(tls / "server.csr"))
    run("ca", "-batch", "-notext", "-config", str(tls / "ca.cnf"), "-extensions", "e",
        "-startdate", (day - timedelta(days=9)).strftime("%Y%m%d%H%M%SZ"),
        "-enddate", day.strftime("%Y%m%d%H%M%SZ"), "-cert", str(tls / "ca.pem"),
        "-keyfile", str(tls / "ca.key"), "-in", str(tls / "server.csr"),
        "-out", str(tls / "server.pem"))
    return day.strftime("%Y-%m-%d")


class Init(unittest.TestCase):
    def test_keys_are_private_and_certificates_are_not(self):
        with TlsServer(start=False) as server:
            for name in ("ca", "server", "device-desk1"):
                for kind, mode in (("key", 0o600), ("pem", 0o644)):
                    path = server.tls / f"{name}.{kind}"
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode, path)

    def test_nothing_is_replaced_and_nothing_is_left_half_done(self):
        with TlsServer(start=False) as server:
            before = {path: path.read_bytes() for path in server.tls.iterdir()}
            for arguments in (("--host", "other.example"), ("--device", "desk1"),
                              ("--device", "desk2", "--host", "other.example")):
                done = server.init(*arguments)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("不覆盖", done.stderr)
                self.assertIn("is not replaced", done.stderr)
            self.assertEqual(before, {path: path.read_bytes() for path in server.tls.iterdir()})

    def test_more_devices_come_from_the_same_authority(self):
        with TlsServer(start=False) as server:
            self.assertEqual(server.init("--device", "desk2").returncode, 0)
            done = subprocess.run(["openssl", "verify", "-purpose", "sslclient", "-CAfile",
                                   str(server.tls / "ca.pem"),
                                   str(server.tls / "device-desk2.pem")],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            (server.tls / "ca.key").unlink()
            self.assertEqual(server.init("--device", "desk3").returncode, 1)
            self.assertFalse((server.tls / "device-desk3.pem").exists())

    def test_wrong_arguments_are_told(self):
        with TlsServer(start=False) as server:
            for arguments in ((), ("--host",), ("--host", "a b"), ("--device", "../x"),
                              ("--frobnicate",)):
                done = server.init(*arguments)
                self.assertEqual(done.returncode, 2, arguments)
                self.assertIn("lovebankd: ", done.stderr)


class Trust(unittest.TestCase):
    def test_requests_are_answered_over_tls(self):
        with TlsServer() as server:
            for act in (["org", "open", 310101001001, "春晖社区", "--kind", "community"],
                        ["category", "set", 1, "家政", 10],
                        ["member", "add", "张小明", 310101001001, "--member", 42],
                        ["record", 42, 1, 90]):
                done = server.ask(*act)
                self.assertEqual(done.returncode, 0, done.stderr)
            for host in ("localhost", "127.0.0.1"):
                member = json.loads(server.ask("--json", "balance", 42, host=host).stdout)
                self.assertEqual(member["balances"]["points_centi"], 1500)

    def expect_refusal(self, done, english):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("nothing was sent", done.stderr)
        self.assertIn(english, done.stderr)

    def test_an_authority_that_is_not_named_is_not_trusted(self):
        with TlsServer() as server:
            self.expect_refusal(server.ask("status", ca=None), "who is not trusted")
            chinese = server.ask("status", ca=None, language="zh_CN.UTF-8")
            self.assertIn("不在信任之列", chinese.stderr)
            shutil.move(server.tls, server.dir / "old")
            server.tls.mkdir()
            self.assertEqual(server.init("--host", "localhost").returncode, 0)
            self.expect_refusal(server.ask("status"), "who is not trusted")

    def test_another_name_is_refused_and_told(self):
        with TlsServer(hosts="bank.example") as server:
            self.expect_refusal(server.ask("status"),
                                "not made out to localhost, but to bank.example")

    def test_an_expired_certificate_is_refused_with_its_date(self):
        with TlsServer(start=False) as server:
            day = expire(server)
            server.start()
            self.expect_refusal(server.ask("status"), f"expired on {day}")

    def test_a_plain_port_is_told_from_a_tls_port(self):
        with Server("--insecure-loopback", "127.0.0.1:0") as server:
            done = server.run(str(CLIENT), "--connect", f"tls:127.0.0.1:{server.port_of('tcp')}",
                              "status")
            self.assertEqual(done.returncode, 1)
            self.assertIn("TLS", done.stderr)

    def test_a_ca_file_that_is_not_there_is_named(self):
        with TlsServer() as server:
            self.expect_refusal(server.ask("status", ca="nowhere.pem"), "nowhere.pem")

    def test_with_a_client_authority_only_devices_with_its_certificate_come_in(self):
        with TlsServer(start=False) as server:
            server.flags += ["--tls-client-ca", str(server.tls / "ca.pem")]
            server.start()
            self.expect_refusal(server.ask("status"), "device certificate")
            context = server.context()
            context.load_cert_chain(server.tls / "device-desk1.pem",
                                    server.tls / "device-desk1.key")
            server.context = lambda: context
            with server.secure() as connection:
                self.assertEqual(connection.ask(3).number(2), 0)
            own = ["--certificate", str(server.tls / "device-desk1.pem"),
                   "--certificate-key", str(server.tls / "device-desk1.key")]
            self.assertEqual(server.ask("status", *own).returncode, 0)


class Protocol(unittest.TestCase):
    def test_only_tls_1_3_is_spoken(self):
        with TlsServer() as server:
            done = server.s_client("-tls1_2")
            self.assertIn("alert protocol version", done.stderr)
            done = server.s_client("-tls1_3", "-CAfile", str(server.tls / "ca.pem"), "-brief")
            self.assertIn("Protocol version: TLSv1.3", done.stderr)
            self.assertIn("Verification: OK", done.stderr)

    def test_a_scanner_finds_nothing_old(self):
        if shutil.which("sslscan") is None:
            self.skipTest("sslscan is not installed; scripts/setup.sh test installs it")
        with TlsServer() as server:
            found = subprocess.run(["sslscan", "--no-colour", f"127.0.0.1:{server.port}"],
                                   capture_output=True, text=True, timeout=PATIENCE_S,
                                   check=True).stdout
            for version in ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"):
                self.assertRegex(found, rf"{version} +disabled")
            self.assertRegex(found, r"TLSv1\.3 +enabled")
            self.assertIn("Session renegotiation not supported", found)
            self.assertNotIn("DHE 2", found.replace("DHE 253", ""))
            self.assertNotIn("ffdhe", found)

    def test_requests_in_records_of_one_byte_are_answered(self):
        with TlsServer() as server, server.secure(greet=False) as connection:
            for byte in frame(HELLO, message((1, 1), (2, "slow"))):
                connection.send(bytes([byte]))
            self.assertEqual(connection.receive().message().number(1), 0)

    def test_garbage_before_the_handshake_hurts_nobody(self):
        with TlsServer() as server, server.secure() as connection:
            for garbage in (b"\0" * 64, b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096),
                            b"\x16\x03\x01\xff\xff" + b"x" * 70000, frame(HELLO)):
                with socket.create_connection(("127.0.0.1", server.port), PATIENCE_S) as other:
                    try:
                        other.sendall(garbage)
                        other.shutdown(socket.SHUT_WR)
                        while other.recv(4096):
                            pass
                    except OSError:
                        pass  # it was cut: as good
            self.assertEqual(connection.ask(3).number(2), 0)

    def test_slow_handshakes_at_the_cap_keep_nobody_out(self):
        with TlsServer("--handshakes-max", "8", "--connections-max", "16") as server:
            slow = [socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
                    for _ in range(8)]
            try:
                for one in slow:
                    one.sendall(b"\x16")
                for _ in range(3):
                    self.assertEqual(server.ask("status").returncode, 0)
                try:
                    self.assertEqual(slow[0].recv(1), b"")  # the oldest gave way
                except ConnectionResetError:
                    pass  # with its byte unread
            finally:
                for one in slow:
                    one.close()


class Reload(unittest.TestCase):
    def test_a_new_certificate_is_taken_under_load_and_a_broken_one_is_not(self):
        with TlsServer() as server, server.secure() as early:
            stop = threading.Event()
            answers, errors = [], []

            def load():
                try:
                    with server.secure() as connection:
                        while not stop.is_set():
                            answers.append(connection.ask(3))
                except Exception as error:  # told below, on the test's thread
                    errors.append(error)

            threads = [threading.Thread(target=load) for _ in range(4)]
            for thread in threads:
                thread.start()
            server.renew("localhost,127.0.0.1")
            first = server.reload()
            serial = self.serial(server)
            (server.tls / "server.pem").write_text("nonsense")
            second = server.reload()
            self.assertEqual(self.serial(server), serial)
            stop.set()
            for thread in threads:
                thread.join(PATIENCE_S)
            self.assertEqual(errors, [])
            self.assertGreater(len(answers), 0)
            self.assertIn(" tls_reloaded ", first)
            self.assertIn(" tls_not_reloaded ", second)
            self.assertIn("server.pem", second)
            self.assertEqual(early.ask(3).number(2), 0)

    def serial(self, server):
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE_S) as plain:
            with server.context().wrap_socket(plain, server_hostname="localhost") as secure:
                return secure.getpeercert()["serialNumber"]

    def test_sighup_without_tls_is_told_and_survived(self):
        with Server() as server:
            server.process.send_signal(signal.SIGHUP)
            while not any(" tls_not_reloaded " in line for line in server.log):
                with server.connect() as connection:
                    connection.ask(3)


class Start(unittest.TestCase):
    def start_with(self, server, name, value):
        flags = list(server.flags)
        flags[flags.index(name) + 1] = value
        server.flags, flags = flags, server.flags
        done = server.run(*server.arguments())
        server.flags = flags
        return done

    def test_a_wrong_setting_is_told_and_nothing_starts(self):
        with TlsServer(start=False) as server:
            for name, value, words in (("--tls-key", "/nonexistent", "/nonexistent"),
                                       ("--tls-listen", "7701", "ADDRESS:PORT")):
                done = self.start_with(server, name, value)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(words, done.stderr)

    def test_without_log_in_tls_stays_on_this_machine(self):
        with TlsServer(start=False) as server:
            done = self.start_with(server, "--tls-listen", "0.0.0.0:0")
            self.assertEqual(done.returncode, 2)
            self.assertIn("insecure-no-login", done.stderr)


if __name__ == "__main__":
    unittest.main()
