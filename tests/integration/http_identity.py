#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Whom a request over HTTP acts for: sessions and devices, as Bearer and as cookies; their ends."""

import os
import unittest

from http_book import ORG, HttpServer
from http_testing import DEVICE_COOKIE, SESSION_COOKIE, HttpClient, b64, b64_bytes
from lovebank_testing import LOCKED, LOGOUT, PRINCIPAL_SET, command

OPERATOR, PASSWORD = HttpServer.OPERATOR, HttpServer.PASSWORD
NEW_PASSWORD = "another 很长的 password"


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = HttpServer("--guest-requests", "1000000", "--address-connections", "1000000")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start().fill()

    def client(self, token=None):
        client = HttpClient(self.server.port, token)
        self.addCleanup(client.__exit__)
        return client

    def who(self, client):
        """(the operator's or device's name, the device's, whether there is a session)"""
        answer = client.call("Access/Whoami")
        return (answer.get("principal", {}).get("name"), answer.get("device", {}).get("name"),
                "sessionExpiresMs" in answer)

    def log_in(self, client, login=OPERATOR):
        answer = client.as_browser("Access/Login", {"login": login, "password": PASSWORD})
        self.assertNotIn("code", answer.json())
        return answer

    def device(self):
        return self.server.open_device("台式机", "desk", ORG, stands_in=ORG)

    def end_session(self, client):
        """From elsewhere."""
        with self.server.connect(token=bytes.fromhex(client.cookies[SESSION_COOKIE])) as framed:
            framed.ask(LOGOUT)

    def assert_attributes(self, answer, name, cleared=False):
        value, attributes = answer.cookies()[name]
        for wanted in ("Path=/", "HttpOnly", "Secure", "SameSite=Strict"):
            self.assertIn(wanted, attributes)
        self.assertFalse(any(one.startswith("Domain") for one in attributes))
        self.assertEqual("Max-Age=0" in attributes, cleared)
        if not cleared:
            self.assertRegex(value, "^[0-9a-f]{64}$")
        return value


class Bearer(Identity):
    def test_a_session_acts_for_its_operator_on_any_connection(self):
        login = self.client().call("Access/Login", {"login": "admin", "password": PASSWORD})
        token = b64_bytes(login["token"])
        self.assertEqual(len(token), 32)
        self.assertEqual(self.who(self.client(token)), ("admin", None, True))
        with self.server.connect(token=token) as framed:
            self.assertEqual(framed.greeting.number(10), 1)
        self.assertEqual(self.who(self.client(self.server.token)), ("admin", None, True))

    def test_nothing_is_kept_between_the_requests_of_a_connection(self):
        client = self.client()
        client.call("Access/Login", {"login": "admin", "password": PASSWORD})
        client.call("Ledger/Hello", {"protocolVersion": 1, "token": b64(self.server.token)})
        self.assertEqual(self.who(client), (None, None, False))
        self.assertEqual(client.ask("Registry/OrgList").refusal(), "login_required")

    def test_a_device_acts_as_itself(self):
        _, token = self.device()
        client = self.client(token)
        self.assertEqual(self.who(client)[0], "台式机")
        self.assertIsNone(client.ask("Registry/OrgList").refusal())
        self.assertEqual(client.ask("Access/PrincipalList").refusal(), "unauthorised")

    def test_after_the_log_out_the_session_is_over_and_what_needs_none_goes_on(self):
        token = b64_bytes(self.client().call(
            "Access/Login", {"login": "admin", "password": PASSWORD})["token"])
        client = self.client(token)
        self.assertEqual(client.call("Access/Logout"), {"ended": 1})
        answer = client.ask("Registry/OrgList")
        self.assertEqual(answer.error()[:3], (401, "unauthenticated", "session_expired"))
        self.assertEqual(self.who(client), (None, None, False))
        self.assertEqual(client.call("Access/Logout"), {})

    def test_a_token_that_nobody_has_is_a_session_that_is_over(self):
        for token in (os.urandom(32), bytes(32), b"\xff" * 32):
            client = self.client(token)
            self.assertEqual(client.ask("Registry/OrgList").refusal(), "session_expired")
            self.assertIsNone(client.ask("Ledger/Status").refusal())

    def test_a_locked_device_is_told_so(self):
        number, token = self.device()
        with self.server.connect_as_admin() as admin:
            admin.do(command(PRINCIPAL_SET, (1, number), (2, LOCKED)))
        self.assertEqual(self.client(token).ask("Registry/OrgList").refusal(), "principal_locked")

    def test_a_change_of_password_ends_all_sessions_but_the_one_that_changed_it(self):
        self.server.open_operator_with_password("zhaoyun", PASSWORD, role="viewer")
        other, mine = self.client(), self.client()
        for client in (other, mine):
            client.token = b64_bytes(client.call(
                "Access/Login", {"login": "zhaoyun", "password": PASSWORD})["token"])
        changed = mine.call("Access/Password",
                            {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD})
        self.assertNotIn("code", changed)
        self.assertEqual(self.who(mine), ("zhaoyun", None, True))
        self.assertEqual(other.ask("Registry/OrgList").refusal(), "session_expired")


class Cookies(Identity):
    def test_a_log_in_for_a_browser_gives_a_cookie_and_no_token(self):
        client = self.client()
        answer = self.log_in(client)
        value = self.assert_attributes(answer, SESSION_COOKIE)
        self.assertNotIn("token", answer.json())
        self.assertNotIn(b64(bytes.fromhex(value)).encode(), answer.body)
        self.assertEqual(set(answer.cookies()), {SESSION_COOKIE})
        self.assertEqual(self.who(client), (OPERATOR, None, True))
        self.assertEqual(self.who(self.client(bytes.fromhex(value))), (OPERATOR, None, True))

    def test_in_protobuf_too(self):
        packed = self.client().ask_packed("Access/Login", b"\x0a\x05admin\x12" +
                                          bytes([len(PASSWORD.encode())]) + PASSWORD.encode(),
                                          Lovebank_Cookies="1")
        self.assertEqual(packed.message().bytes(4), b"")
        self.assertEqual(packed.message().number(5), 1)
        self.assert_attributes(packed, SESSION_COOKIE)

    def test_without_that_header_there_are_no_cookies(self):
        client = self.client()
        answer = client.ask("Access/Login", {"login": "admin", "password": PASSWORD})
        self.assertIn("token", answer.json())
        self.assertEqual(answer.cookies(), {})
        _, token = self.device()
        answer = client.ask("Ledger/Hello", {"protocolVersion": 1, "token": b64(token)})
        self.assertEqual(answer.cookies(), {})

    def test_a_wrong_password_gives_no_cookie(self):
        answer = self.client().as_browser("Access/Login", {"login": "admin", "password": "wrong"})
        self.assertNotEqual(answer.json().get("code", 0), 0)
        self.assertEqual(answer.cookies(), {})

    def test_a_log_out_takes_the_cookie_away_and_ends_the_session(self):
        client = self.client()
        self.log_in(client)
        kept = dict(client.cookies)
        answer = client.as_browser("Access/Logout")
        self.assert_attributes(answer, SESSION_COOKIE, cleared=True)
        self.assertEqual((answer.json(), client.cookies), ({"ended": 1}, {}))
        client.cookies = kept
        self.assertEqual(client.ask("Registry/OrgList").refusal(), "session_expired")
        self.assertEqual(client.as_browser("Access/Logout").json(), {})

    def test_a_log_in_again_replaces_the_cookie(self):
        client = self.client()
        self.log_in(client)
        first = dict(client.cookies)
        self.log_in(client, "admin")
        self.assertNotEqual(client.cookies, first)
        self.assertEqual(self.who(client)[0], "admin")

    def test_a_log_in_after_the_session_ended_works_with_the_old_cookie_there(self):
        client = self.client()
        self.log_in(client)
        self.end_session(client)
        self.assertEqual(client.ask("Registry/OrgList").refusal(), "session_expired")
        self.log_in(client)
        self.assertIsNone(client.ask("Registry/OrgList").refusal())


class DeviceCookies(Identity):
    def greet(self, client, token):
        return client.as_browser("Ledger/Hello", {"protocolVersion": 1, "token": b64(token)})

    def test_a_devices_token_becomes_a_cookie_and_the_browser_acts_as_the_device(self):
        number, token = self.device()
        client = self.client()
        answer = self.greet(client, token)
        self.assertEqual(self.assert_attributes(answer, DEVICE_COOKIE), token.hex())
        self.assertEqual(answer.json()["principal"], number)
        self.assertEqual(self.who(client)[0], "台式机")
        self.assertIsNone(client.ask("Registry/OrgList").refusal())

    def test_an_operator_who_logs_in_there_is_at_that_device(self):
        _, token = self.device()
        client = self.client()
        self.greet(client, token)
        self.log_in(client)
        self.assertEqual(set(client.cookies), {SESSION_COOKIE, DEVICE_COOKIE})
        self.assertEqual(self.who(client), (OPERATOR, "台式机", True))
        del client.cookies[DEVICE_COOKIE]  # it is the log-in's that counts
        self.assertEqual(self.who(client), (OPERATOR, "台式机", True))

    def test_a_session_that_has_ended_does_not_fall_back_to_the_device(self):
        _, token = self.device()
        client = self.client()
        self.greet(client, token)
        self.log_in(client)
        self.end_session(client)
        self.assertEqual(client.ask("Registry/OrgList").refusal(), "session_expired")
        client.as_browser("Access/Logout")
        self.assertEqual(self.who(client)[0], "台式机")
        self.assertIsNone(client.ask("Registry/OrgList").refusal())

    def test_the_device_of_a_later_cookie_does_not_change_the_session(self):
        client = self.client()
        self.log_in(client)
        _, token = self.device()
        self.greet(client, token)
        self.assertEqual(self.who(client), (OPERATOR, None, True))

    def test_an_empty_token_takes_the_cookie_away(self):
        _, token = self.device()
        client = self.client()
        self.greet(client, token)
        answer = self.greet(client, b"")
        self.assert_attributes(answer, DEVICE_COOKIE, cleared=True)
        self.assertEqual(self.who(client), (None, None, False))

    def test_only_a_devices_good_token_becomes_one(self):
        number, token = self.device()
        with self.server.connect_as_admin() as admin:
            admin.do(command(PRINCIPAL_SET, (1, number), (2, LOCKED)))
        for refused in (token, os.urandom(32), self.server.token, b"short"):
            answer = self.greet(self.client(), refused)
            self.assertEqual(answer.cookies(), {})

    def test_a_sessions_token_as_the_devices_cookie_is_nobodys(self):
        client = self.client()
        client.cookies[DEVICE_COOKIE] = self.server.token.hex()
        self.assertEqual(self.who(client), (None, None, False))
        self.assertEqual(client.ask("Registry/OrgList").refusal(), "login_required")

    def test_a_devices_token_as_the_sessions_cookie_is_the_devices(self):
        _, token = self.device()
        client = self.client()
        client.cookies[SESSION_COOKIE] = token.hex()
        self.assertEqual(self.who(client)[0], "台式机")

    def test_of_a_bearer_and_cookies_the_bearer_counts(self):
        _, token = self.device()
        client = self.client()
        self.log_in(client)
        client.token = token
        self.assertEqual(self.who(client)[0], "台式机")


if __name__ == "__main__":
    unittest.main()
