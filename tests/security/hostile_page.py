#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
A page of another origin, opened by somebody who is logged in here: whatever a browser lets it send,
with that person's cookies, does nothing and reads nothing. And names that resolve to us.
"""

import itertools
import json
import unittest

from security_testing import NORTH, PASSWORD, Fortress

from http_testing import DEVICE_COOKIE, JSON, PROTO, SESSION_COOKIE, HttpClient, b64
from lovebank_testing import STATUS

EVIL = "https://evil.example"
# What a browser says of a page that is not ours; a site of the same machine is not ours either.
NOT_OURS = ("cross-site", "same-site")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
         None)


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Fortress("--http-listen", "127.0.0.1:0", "--web-dir", "",
                              "--http-hosts", "bank.example", "--guest-requests", "1000000",
                              "--address-connections", "1000000")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__().furnish()
        cls.server.http_port = cls.server.port_of("http")
        _, desk = cls.server.operator("schreiberin", ("desk", NORTH))
        desk.socket.close()

    def setUp(self):
        """A browser in which somebody has logged in, at a device."""
        self.client = HttpClient(self.server.http_port)
        self.addCleanup(lambda: self.client.__exit__())
        _, device = self.server.open_device("柜台", "desk", NORTH, stands_in=NORTH)
        self.client.as_browser("Ledger/Hello", {"protocolVersion": 1, "token": b64(device)})
        self.client.as_browser("Access/Login", {"login": "schreiberin", "password": PASSWORD})
        self.assertEqual(set(self.client.cookies), {SESSION_COOKIE, DEVICE_COOKIE})
        self.cookies = dict(self.client.cookies)

    def newest(self):
        with self.server.connect_as_admin() as admin:
            return admin.ask(STATUS).number(2)

    def act(self):
        """A write that its sender may make."""
        self.minutes = getattr(self, "minutes", 0) + 1
        return json.dumps({"commands": [{
            "id": b64(self.id().encode()[-14:].rjust(14) + self.minutes.to_bytes(2, "big")),
            "serviceRecord": {"member": {"member": "1"}, "category": 1, "minutes": self.minutes,
                              "org": str(NORTH)}}]})

    def send(self, verb="POST", body=None, content=JSON, **headers):
        """As a browser sends it for a page: with the cookies, and with what the page may set."""
        self.client.cookies = dict(self.cookies)
        self.client.connection.close()
        return self.client.send(verb, "/lovebank.v1.Ledger/Write", body or self.act(),
                                Content_Type=content, **headers)

    def assert_nothing(self, answer, before, *codes):
        self.assertIn(answer.status, codes)
        self.assertNotIn(b"results", answer.body)
        self.assertEqual([name for name in answer.headers if name.lower().startswith(
            "access-control-")], [])
        self.assertEqual(answer.cookies(), {})
        self.assertEqual(self.newest(), before)

    def assert_it_would_have_worked(self):
        before = self.newest()
        answer = self.send(Connect_Protocol_Version="1", Sec_Fetch_Site="same-origin")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertGreater(self.newest(), before)

    def test_our_own_page_may(self):
        self.assert_it_would_have_worked()
        for ours in ({"Sec_Fetch_Site": "none"}, {"Origin": "http://127.0.0.1"}):
            self.assertEqual(self.send(Connect_Protocol_Version="1", Host="127.0.0.1",
                                       **ours).status, 200)

    def test_a_request_of_another_site_does_nothing_in_whatever_shape(self):
        before = self.newest()
        origins = (EVIL, "null", "http://127.0.0.1:1", "http://bank.example.evil.example")
        for site, origin, content, version in itertools.product(
                (*NOT_OURS, None), (*origins, None), (JSON, PROTO, *FORMS), ("1", None)):
            if site is None and origin is None and content in (JSON, PROTO) and version:
                continue  # no browser sends neither; other programs do
            with self.subTest(site=site, origin=origin, content=content, version=version):
                answer = self.send(content=content, Sec_Fetch_Site=site, Origin=origin,
                                   Connect_Protocol_Version=version)
                self.assert_nothing(answer, before, 400, 403, 415)
        self.assert_it_would_have_worked()

    def test_what_a_page_can_send_without_asking_first_does_nothing(self):
        before = self.newest()
        for content in FORMS:
            with self.subTest(content=content):
                self.assert_nothing(self.send(content=content), before, 400, 403, 415)

    def test_a_preflight_is_given_no_leave(self):
        before = self.newest()
        answer = self.send("OPTIONS", Origin=EVIL, Access_Control_Request_Method="POST",
                           Access_Control_Request_Headers="content-type,connect-protocol-version")
        self.assert_nothing(answer, before, 403, 404, 405, 415, 501)

    def test_no_other_verb_acts(self):
        before = self.newest()
        for verb in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
            with self.subTest(verb=verb):
                answer = self.send(verb, Connect_Protocol_Version="1",
                                   Sec_Fetch_Site="same-origin")
                self.assert_nothing(answer, before, 400, 403, 404, 405, 415, 501)

    def test_our_cookies_without_the_protocols_header_do_nothing(self):
        self.assert_nothing(self.send(Sec_Fetch_Site="same-origin"), self.newest(), 400, 403)

    def test_a_name_of_somebody_else_that_resolves_to_us_does_nothing(self):
        before = self.newest()
        for host in ("evil.example", f"evil.example:{self.server.http_port}", "127.0.0.1.nip.io",
                     "localhost.evil.example"):
            with self.subTest(host=host):
                for site in ("same-origin", None):
                    answer = self.send(Host=host, Origin=f"http://{host}", Sec_Fetch_Site=site,
                                       Connect_Protocol_Version="1")
                    self.assert_nothing(answer, before, 400, 403, 421)
        answer = self.send(Host="bank.example", Origin="http://bank.example",
                           Connect_Protocol_Version="1")
        self.assertEqual(answer.status, 200)

    def test_another_site_cannot_log_anybody_in_or_out(self):
        for method, fields in (("Access/Logout", {}), ("Ledger/Hello", {"protocolVersion": 1}),
                               ("Access/Login", {"login": "admin",
                                                 "password": self.server.PASSWORD})):
            for site, origin in ((site, EVIL) for site in (*NOT_OURS, None)):
                with self.subTest(method=method, site=site):
                    self.client.cookies = dict(self.cookies)
                    answer = self.client.as_browser(method, fields, Sec_Fetch_Site=site,
                                                    Origin=origin)
                    self.assertIn(answer.status, (400, 403))
                    self.assertEqual(answer.cookies(), {})
        self.client.cookies = dict(self.cookies)
        self.assertEqual(self.client.call("Access/Whoami")["principal"]["name"], "schreiberin")

    def test_another_site_reads_no_stream_and_no_answer(self):
        self.client.cookies = dict(self.cookies)
        for path in ("/events?from=1", "/metrics", "/health"):
            answer = self.client.send("GET", path, Sec_Fetch_Site="cross-site", Origin=EVIL)
            self.assertEqual([name for name in answer.headers if name.lower().startswith(
                "access-control-")], [])
            if path.startswith("/events"):
                self.assertNotEqual(answer.status, 200)

    def test_cookies_of_a_browser_are_for_secure_connections_of_this_host_alone(self):
        client = HttpClient(self.server.http_port)
        answer = client.as_browser("Access/Login", {"login": "schreiberin", "password": PASSWORD})
        value, attributes = answer.cookies()[SESSION_COOKIE]
        self.assertEqual(len(value), 64)
        self.assertEqual({"Path=/", "HttpOnly", "Secure", "SameSite=Strict"} - set(attributes),
                         set())
        client.connection.close()


if __name__ == "__main__":
    unittest.main()
