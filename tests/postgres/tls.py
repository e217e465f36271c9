#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A book in PostgreSQL over TLS: all that goes over a Unix socket, and who is not to be trusted."""

import os
import random
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import unittest.mock
from pathlib import Path
from urllib.parse import quote

from postgres_testing import PATIENCE_S, Database, Shared
from servers import MEMBERS, REGISTRY, entry_of, minute, minutes_of, registry, wait_for

from lovebank_testing import RESULTS, WRITE, command, message

HOST = "db.test"  # what the certificate names; nobody looks it up
BATCH = 3000
LARGE = 1 << 20
SSL_REQUEST = bytes.fromhex("0000000804d2162f")


def openssl(directory, *arguments):
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True,
                   timeout=PATIENCE_S)


def make_certificates(directory, name=HOST):
    """ca.crt, and server.crt with server.key, which it signed for that name."""
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    directory.mkdir()
    openssl(directory, *new, "-x509", "-subj", "/CN=authority", "-days", "2", "-keyout", "ca.key",
            "-out", "ca.crt")
    openssl(directory, *new, "-subj", f"/CN={name}", "-keyout", "server.key", "-out", "server.csr")
    (directory / "names").write_text(f"subjectAltName=DNS:{name}\n", encoding="utf-8")
    openssl(directory, "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.crt")
    directory.chmod(0o755)  # the database may run as another user
    return directory


def free_place(address=None):
    """A port, which PostgreSQL cannot choose by itself, at an address of this machine's that hardly
    anybody else has: after a stop nobody else will have taken it."""
    address = address or ".".join(["127", *(str(random.randint(1, 250)) for _ in range(3))])
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()


def url_of(place, authority, host=HOST, **options):
    said = {"hostaddr": place[0], "sslmode": "verify-full", "sslrootcert": authority} | options
    rest = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in said.items())
    return f"postgres://lovebank@{host}:{place[1]}/postgres?{rest}"


class Tls(unittest.TestCase):
    def setUp(self):
        self.dir = Path(tempfile.mkdtemp(prefix="lovebank-tls-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.dir.chmod(0o755)
        self.certificates = make_certificates(self.dir / "certificates")

    def start_database(self, *arguments, address=None):
        self.place = free_place(address)
        database = Database(*arguments, f"listen_addresses={self.place[0]}",
                            f"port={self.place[1]}")
        database.__enter__()
        self.addCleanup(database.__exit__)
        self.assertEqual(database.migrate().returncode, 0)
        return database

    def start_with_tls(self, address=None):
        self.database = self.start_database("--tls", str(self.certificates), address=address)
        self.url = url_of(self.place, self.certificates / "ca.crt")

    def start(self, **options):
        server = Shared(self.database, url=options.pop("url", self.url), **options)
        self.addCleanup(server.__exit__)
        return server.__enter__()


class Works(Tls):
    def setUp(self):
        super().setUp()
        self.start_with_tls()

    def assert_all_is_encrypted(self):
        rows = self.database.sql("SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity "
                                 "USING (pid) WHERE application_name = 'lovebankd'")
        self.assertNotEqual(rows, [])
        self.assertEqual(set(rows), {"t|TLSv1.3"})

    def assert_same(self, *servers):
        roots = set()
        for server in servers:
            with server.connect() as connection:
                wait_for(lambda: entry_of(connection) == self.entries)
                roots.add(connection.status_hashed().bytes(4))
                answer = connection.verify()
                self.assertTrue(answer.number(5), answer)
        self.assertEqual(len(roots), 1)

    def record_large(self, connection, day, count=BATCH):
        """A group of several MiB."""
        connection.do(*(command(31, (1, message((1, place % MEMBERS + 1))), (2, 1), (3, 1),
                                on=f"2016-03-{day:02}", memo=f"{place:04}" + "x" * 1000)
                        for place in range(count)))
        self.entries += count

    def test_two_servers_large_groups_an_empty_cache_and_a_database_that_comes_back(self):
        one = self.start()
        two = self.start(key_of=one)
        with one.connect() as first, two.connect() as second:
            first.do(*registry())
            self.entries = REGISTRY
            wait_for(lambda: entry_of(second) == self.entries)
            for day in range(1, 7):  # each upon the other's
                self.record_large(first if day % 2 else second, day)
            large, = self.database.sql("SELECT max(size) FROM lovebank_group")
            self.assertGreater(int(large), 3 * LARGE)
        self.assert_all_is_encrypted()
        self.assert_same(one, two)
        self.assertEqual(two.stop(), 0)
        two.lose_cache()
        two.start()
        self.assert_same(one, two)
        self.assertEqual([line for line in one.log + two.log if " level=warn " in line], [])
        self.database.tell("stop")
        self.assertEqual(minutes_of(two, 1), minutes_of(one, 1))
        self.database.tell("start")
        with one.connect() as first, two.connect() as second:
            first.do(minute(1))
            second.do(minute(1, on="2016-05-02"))
            self.entries += 2
        self.assert_all_is_encrypted()
        self.assert_same(one, two)

    def test_records_of_16_kib_as_poolers_and_later_servers_send_them(self):
        """libpq older than 15.19 may leave a part of one in memory, which no socket tells of."""
        one = self.start()
        with one.connect() as first:
            first.do(*registry())
        self.entries = REGISTRY
        with Pooler(self.database, self.place[1], self.certificates) as pooler:
            two = self.start(key_of=one, url=url_of(pooler.place, self.certificates / "ca.crt"))
            for turn in range(40):  # answers of all sizes, of several rows that a record ends within
                self.record_while_it_stands_still(one, two, turn)
            with two.connect() as second:
                second.do(minute(1))
            self.entries += 1
            self.assert_same(one, two)
            self.assertEqual(two.stop(), 0)
            self.assertEqual([line for line in two.log if " level=warn " in line], [])

    def record_while_it_stands_still(self, one, two, turn):
        with one.connect() as first, two.connect() as second:
            two.process.send_signal(signal.SIGSTOP)
            try:
                for group in range(6 + turn % 5):
                    first.do(*(command(31, (1, message((1, place + 1))), (2, 1), (3, 1),
                                       on=f"2016-{turn // 28 + 1:02}-{turn % 28 + 1:02}",
                                       memo=f"{group}" + "x" * (500 + 13 * turn))
                               for place in range(MEMBERS)))
                    self.entries += MEMBERS
            finally:
                two.process.send_signal(signal.SIGCONT)
            wait_for(lambda: entry_of(second) == self.entries)


class Pooler:
    """Ends TLS and goes on without it, as poolers do, and answers in records as large as TLS has."""

    def __init__(self, database, port, certificates):
        self.database_path = str(database.socket_dir / f".s.PGSQL.{port}")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates / "server.crt", certificates / "server.key")

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.place = self.listener.getsockname()
        self.open = [self.listener]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for each in self.open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            assert client.recv(len(SSL_REQUEST), socket.MSG_WAITALL) == SSL_REQUEST
            client.sendall(b"S")
            client = self.context.wrap_socket(client, server_side=True)
            with client, socket.socket(socket.AF_UNIX) as server:
                server.connect(self.database_path)
                self.open.append(server)
                self.pass_on(client, server)
        except (OSError, ValueError):
            pass

    @staticmethod
    def pass_on(client, server):
        answer = b""
        while True:
            ready, _, _ = select.select([client, server], [], [], 0.01 if answer else None)
            if client in ready:
                data = client.recv(65536)
                while client.pending() > 0:
                    data += client.recv(65536)
                server.sendall(data)
                if data == b"":
                    return
            if server in ready:
                data = server.recv(1 << 20)
                if data == b"":
                    return
                answer += data
            elif not ready:
                client.sendall(answer)  # in records of 16 KiB, but for the last
                answer = b""


class Refused(Tls):
    """A server that is told whom to trust does not go on with anybody else, and says why."""

    def refuse(self, url, *reasons):
        with Shared(None, "--store-reach", "3s", start=False, url=url) as server:
            done = server.run(*server.arguments())
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, "")
            for text in reasons:
                self.assertIn(text, done.stderr)
        self.assertEqual(self.database.sql("SELECT count(*) FROM lovebank_book"), ["0"])

    def refuse_certificate(self, url, reason):
        self.refuse(url, reason, "证书", "certificates")

    def test_a_certificate_that_nobody_trusted_signed(self):
        self.start_with_tls()
        stranger = make_certificates(self.dir / "stranger")
        self.refuse_certificate(url_of(self.place, stranger / "ca.crt"), "certificate verify failed")

    def test_a_certificate_that_names_another(self):
        self.start_with_tls()
        self.refuse_certificate(url_of(self.place, self.certificates / "ca.crt", host="other.test"),
                    f'certificate for "{HOST}" does not match host name "other.test"')

    def test_a_name_with_several_addresses(self):
        """What is told is what the one said that was reached, and not what others did not say."""
        self.start_with_tls("127.0.0.1")
        url = url_of(self.place, self.certificates / "ca.crt", host="localhost")
        self.refuse_certificate(url.replace(f"hostaddr={self.place[0]}&", ""),
                    f'certificate for "{HOST}" does not match host name "localhost"')

    def test_an_authority_whose_file_is_missing(self):
        self.start_with_tls()
        self.refuse_certificate(url_of(self.place, self.dir / "none.crt"), "none.crt\" does not exist")

    def test_a_database_without_tls(self):
        self.database = self.start_database()
        self.refuse_certificate(url_of(self.place, self.certificates / "ca.crt"),
                    "server does not support SSL, but SSL was required")

    def start_with_password(self, limit):
        """Only with TLS, only with the password, only so many connections."""
        self.start_with_tls()
        self.database.sql(f"CREATE ROLE keeper LOGIN PASSWORD 'sesame' CONNECTION LIMIT {limit}")
        (self.database.socket_dir / "data/pg_hba.conf").write_text(
            "local all all trust\nhostssl all all all scram-sha-256\n", encoding="utf-8")
        self.database.sql("SELECT pg_reload_conf()")
        host, port = self.place
        return f"postgres://keeper@{HOST}:{port}/postgres?hostaddr={host}"

    def refuse_with_password(self, url, password, *reasons):
        with unittest.mock.patch.dict(os.environ, PGPASSWORD=password):
            self.refuse(url, *reasons)

    def test_what_was_said_with_tls_is_told_and_not_what_was_said_without(self):
        url = self.start_with_password(5)
        self.refuse_with_password(url, "wrong", 'password authentication failed for user "keeper"')

    def test_a_database_that_is_full_for_now_is_asked_again(self):
        url = self.start_with_password(0)
        self.refuse_with_password(url, "sesame", 'too many connections for role "keeper"',
                                  "cannot be reached")

    def test_a_server_that_works_tells_it_in_its_log(self):
        """The authority is another one from now on: the connections that come next are refused."""
        self.start_with_tls()
        with Shared(self.database, url=self.url) as server:
            with server.connect() as connection:
                connection.do(*registry())
            self.assertEqual(server.stop(), 0)
            server.flags += ["--store-reach", "2s"]
            server.start()
            with server.connect() as connection:
                stranger = make_certificates(self.dir / "stranger")
                shutil.copy(stranger / "ca.crt", self.certificates / "ca.crt")
                self.database.tell("stop")
                self.database.tell("start")
                reply = connection.call(WRITE, (1, minute(1))).message()
                self.assertEqual(reply.number(1), RESULTS["store_unreachable"])
            wait_for(lambda: any("certificate verify failed" in line for line in server.log))


if __name__ == "__main__":
    unittest.main()
