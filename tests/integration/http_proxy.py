#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
packaging/nginx and packaging/haproxy as they are, but for ports and paths, in front of a server.
The proxies are ordinary processes in the foreground, on loopback ports, ended by their ids.
"""

import base64
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import unittest

from http_book import MEMBER, HttpServer, free_port
from lovebank_testing import (PATIENCE_S, RESULTS, SERVER, SOURCE_DIR, STATUS, command,
                              message)

SERVICE_RECORD = 31
HTTP_REQUESTS, HTTP_CONNECTIONS = 27, 28  # of the status
BODY_BYTES_MAX = 4 << 20


class Proxy:
    """One in front of the server. `place` is the client's address."""

    def __init__(self, server):
        self.server, self.dir = server, server.dir / self.name
        self.port = free_port()
        self.dir.mkdir()
        self.process = None
        self.trusted = ssl.create_default_context(cafile=str(server.dir / "tls/ca.pem"))

    def configuration(self, path, *changes):
        text = (SOURCE_DIR / path).read_text(encoding="utf-8")
        for old, new in (*changes, ("127.0.0.1:7702", f"127.0.0.1:{self.server.port}")):
            assert old in text, old
            text = text.replace(old, new)
        return text

    def start(self):
        self.prepare()
        with open(self.dir / "log", "wb") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.dir / "log").read_text(encoding="utf-8")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
        self.stop()
        raise AssertionError(f"{self.name} does not listen")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def connect(self, place="127.0.0.1"):
        """A connection with TLS, from that address of the loopback."""
        raw = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S, (place, 0))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        return self.trusted.wrap_socket(raw, server_hostname="localhost")

    def connection(self, place="127.0.0.1"):
        """The same for HTTP."""
        found = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE_S)
        found.sock = self.connect(place)
        return found

    def request(self, method, path, body=None, place="127.0.0.1", **headers):
        """(status, body)"""
        connection = self.connection(place)
        try:
            connection.request(method, path, body, {
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()}})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def post(self, method, body=None, **headers):
        return self.request("POST", f"/lovebank.v1.{method}", json.dumps(body or {}), **headers)


class Nginx(Proxy):
    name = "nginx"

    def prepare(self):
        site = self.configuration(
            "packaging/nginx/lovebank.conf", ("listen 443", f"listen 127.0.0.1:{self.port}"),
            ("listen [::]:443 ssl http2;", ""),
            ("/etc/lovebank/tls/", f"{self.server.dir}/tls/"))
        (self.dir / "site.conf").write_text(site, encoding="utf-8")
        # What Debian's /etc/nginx/nginx.conf would be around it.
        temporary = "".join(f"{name}_temp_path {self.dir}/{name};\n"
                            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.dir / "nginx.conf").write_text(
            f"daemon off; pid {self.dir}/pid; worker_processes 1;\nerror_log stderr;\n"
            + ("user root;\n" if os.geteuid() == 0 else "") +
            f"events {{}}\nhttp {{ access_log off;\n{temporary}include site.conf; }}\n",
            encoding="utf-8")

    def command(self):
        return ["nginx", "-e", "stderr", "-p", str(self.dir), "-c", "nginx.conf"]


class HaProxy(Proxy):
    name = "haproxy"

    def prepare(self):
        pem = "".join((self.server.dir / "tls" / name).read_text(encoding="utf-8")
                      for name in ("server.pem", "server.key"))
        (self.dir / "lovebank.pem").write_text(pem, encoding="utf-8")
        (self.dir / "haproxy.cfg").write_text(self.configuration(
            "packaging/haproxy/lovebank.cfg", (":::443 v4v6", f"127.0.0.1:{self.port}"),
            ("crt /etc/haproxy/lovebank.pem", f"crt {self.dir}/lovebank.pem")), encoding="utf-8")

    def command(self):
        return ["haproxy", "-db", "-f", str(self.dir / "haproxy.cfg")]


class BehindAProxy:
    """What each of them must do; a mixin of the test cases below."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which(cls.proxy_class.name, path=os.environ["PATH"] + ":/usr/sbin"):
            raise unittest.SkipTest(f"{cls.proxy_class.name} is missing: scripts/setup.sh test")
        cls.server = HttpServer("--http-proxies", "127.0.0.1", "--guest-requests", "10")
        cls.addClassCleanup(cls.server.__exit__)
        made = cls.server.run(str(SERVER), "tls-init", str(cls.server.dir / "tls"), "--host",
                              "localhost,127.0.0.1")
        assert made.returncode == 0, made.stderr
        cls.server.__enter__()
        cls.server.fill()
        cls.proxy = cls.proxy_class(cls.server)
        cls.proxy.start()
        cls.addClassCleanup(cls.proxy.stop)

    def log_in(self):
        """The header that says who asks."""
        status, answer = self.proxy.post("Access/Login", {"login": self.server.OPERATOR,
                                                          "password": self.server.PASSWORD})
        self.assertEqual(status, 200, answer)
        token = base64.b64decode(json.loads(answer)["token"])
        return {"Authorization": f"Bearer {token.hex()}"}

    def record(self):
        with self.server.connect() as desk:
            self.assertEqual(desk.log_in(self.server.OPERATOR, self.server.PASSWORD).number(1), 0)
            return desk.do(command(SERVICE_RECORD, (1, message((1, MEMBER))), (2, 1),
                                   (3, 1)))[0].number(2)

    def test_a_request_with_json(self):
        me = self.log_in()
        status, answer = self.proxy.post("Members/MemberGet", {"member": {"member": MEMBER}}, **me)
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(answer)["info"]["member"], str(MEMBER))
        status, answer = self.proxy.post("Members/MemberGet", {"member": {"member": MEMBER}})
        self.assertEqual((status, json.loads(answer)["code"]), (401, "unauthenticated"))

    def test_connections_to_the_server_are_kept(self):
        for _ in range(10):
            self.assertEqual(self.proxy.post("Ledger/Status")[0], 200)
        self.assertIn(self.status(HTTP_CONNECTIONS), range(1, 6))

    def test_clients_may_speak_http_2(self):
        done = self.server.run(
            "curl", "--silent", "--show-error", "--http2", "--json", "{}", "--cacert",
            str(self.server.dir / "tls/ca.pem"), "--write-out", " %{http_version} %{http_code}",
            f"https://localhost:{self.proxy.port}/lovebank.v1.Ledger/Status")
        self.assertTrue(done.stdout.endswith(" 2 200"), done.stdout + done.stderr)

    def test_entries_come_through_one_by_one(self):
        first, me = self.record(), self.log_in()
        connection = self.proxy.connection()  # not before: one that says nothing is closed
        self.addCleanup(connection.close)
        connection.request("GET", f"/events?from={first}", headers=me)
        reply = connection.getresponse()
        self.assertEqual(reply.status, 200)
        # Each is read before the next is made: what is held back would never come.
        for number in (first, first + 1, first + 2):
            while (line := reply.readline().decode().strip()) != f"id: {number}":
                self.assertFalse(line.startswith("id:"), line)
            if number < first + 2:
                self.assertEqual(self.record(), number + 1)

    def test_limits_are_those_of_the_clients_own_address(self):
        def is_limited(place, **headers):
            """One of 500 requests from there, on one connection."""
            connection = self.proxy.connection(place)
            try:
                for _ in range(500):
                    connection.request("POST", "/lovebank.v1.Ledger/Status", "{}", {
                        "Content-Type": "application/json", **headers})
                    reply = connection.getresponse()
                    answer = json.loads(reply.read())
                    if reply.status != 200:
                        return answer["details"][0]["debug"]["name"] == "try_later"
                return False
            finally:
                connection.close()

        def is_served(place):
            return self.proxy.post("Ledger/Status", place=place)[0] == 200
        self.assertTrue(is_limited("127.0.0.2"))
        self.assertTrue(is_served("127.0.0.3"))
        # Whoever says to be another is not believed.
        self.assertTrue(is_limited("127.0.0.5", **{"X-Forwarded-For": "127.0.0.4"}))
        self.assertTrue(is_served("127.0.0.4"))

    def test_a_slow_client_is_cut_by_the_proxy(self):
        host = f"Host: localhost:{self.proxy.port}\r\n"
        path = "POST /lovebank.v1.Ledger/Status HTTP/1.1\r\n"
        slow = [path + host, path + host + "Content-Type: application/json\r\n"
                "Content-Length: 2\r\n\r\n{"]
        before = self.status(HTTP_REQUESTS)
        connections = [self.proxy.connect() for _ in slow]
        for connection, text in zip(connections, slow):
            self.addCleanup(connection.close)
            connection.sendall(text.encode())
        for connection in connections:
            told = b"".join(iter(lambda: self.receive(connection), b""))
            self.assertTrue(not told or told.startswith(b"HTTP/1.1 408"), told)
        # The server has heard nothing of them.
        self.assertEqual(self.status(HTTP_REQUESTS), before)

    @staticmethod
    def receive(connection):
        with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
            return connection.recv(4096)
        return b""

    def status(self, field):
        with self.server.connect_as_admin() as admin:
            return admin.ask(STATUS).number(field)

    def test_a_body_that_is_too_large_is_refused(self):
        connection = self.proxy.connection()
        self.addCleanup(connection.close)
        # Its size alone says so.
        connection.putrequest("POST", "/lovebank.v1.Ledger/Write")
        connection.putheader("Content-Length", str(BODY_BYTES_MAX + 1))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)

    def test_a_large_body_comes_through(self):
        body = json.dumps({"login": "nobody", "password": "x"}).encode()
        status, answer = self.proxy.request("POST", "/lovebank.v1.Access/Login",
                                            body + b" " * (BODY_BYTES_MAX - len(body)))
        self.assertEqual((status, json.loads(answer)["code"]), (200, RESULTS["login_wrong"]))

    def test_a_name_that_is_not_ours_is_refused(self):
        status, _ = self.proxy.post("Ledger/Status", Host="attacker.example")
        self.assertGreaterEqual(status, 400)
        status, _ = self.proxy.post("Ledger/Status", Origin=f"https://localhost:{self.proxy.port}")
        self.assertEqual(status, 200)
        status, _ = self.proxy.post("Ledger/Status", Origin="https://attacker.example")
        self.assertEqual(status, 403)

    def test_metrics_are_not_for_everybody(self):
        self.assertEqual(self.proxy.request("GET", "/metrics")[0], 404)
        self.assertEqual(self.proxy.request("GET", "/health")[0], 200)

    def test_the_server_may_be_restarted_behind_it(self):
        self.assertEqual(self.proxy.post("Ledger/Status")[0], 200)
        self.server.restart()
        self.assertEqual(self.proxy.post("Ledger/Status")[0], 200)


class BehindNginx(BehindAProxy, unittest.TestCase):
    proxy_class = Nginx


class BehindHaProxy(BehindAProxy, unittest.TestCase):
    proxy_class = HaProxy


if __name__ == "__main__":
    unittest.main()
