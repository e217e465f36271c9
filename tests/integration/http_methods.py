#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Every method over HTTP says what it says over frames, in protobuf and JSON; errors, deadlines."""

import json
import unittest

from http_book import MEMBER, ORG, HttpServer
from http_testing import JSON, METHODS, PROTO, HttpClient, b64, b64_bytes
from lovebank_testing import ERROR, Message, command, message

# What is asked: as protobuf for both transports, and as JSON. The others: nothing in particular.
ASKED = {
    "Ledger/EntryGet": (message((1, message((1, 3)))), {"target": {"entry": "3"}}),
    "Members/MemberGet": (message((1, message((1, MEMBER)))), {"member": {"member": str(MEMBER)}}),
    "Members/MemberFind": (message((1, "张")), {"text": "张"}),
    "Members/History": (message((1, message((1, MEMBER)))), {"member": {"member": str(MEMBER)}}),
    "Reports/Stars": (message((1, 2016), (2, ORG)), {"year": 2016, "org": str(ORG)}),
}
# They change who asks, or say something else each time.
SPECIAL = {"Ledger/Hello", "Ledger/Status", "Ledger/Verify", "Ledger/Backup", "Access/Login",
           "Access/Logout", "Access/Password", "Access/Whoami"}


def record(id_text, minutes=90):
    """Hours of the member, today, as JSON."""
    return {"id": b64(id_text.encode().ljust(16, b".")),
            "serviceRecord": {"member": {"member": str(MEMBER)}, "category": 1,
                              "minutes": minutes}}


def entry_number(packed):
    return Message(packed).number(1)


class Methods(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = HttpServer("--guest-requests", "1000000", "--address-connections", "1000000")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start().fill()

    def client(self, token=True, **options):
        client = HttpClient(self.server.port, self.server.token if token else None, **options)
        self.addCleanup(client.__exit__)
        return client

    def frames(self):
        connection = self.server.connect_as_admin()
        self.addCleanup(connection.__exit__)
        return connection

    def test_every_method_answers_over_http_as_over_frames(self):
        client, frames = self.client(), self.frames()
        for method, number in METHODS.items():
            if method in SPECIAL:
                continue
            with self.subTest(method=method):
                payload, fields = ASKED.get(method, (b"", {}))
                frames.submit(number, payload)
                framed = frames.receive()
                packed = client.ask_packed(method, payload)
                asked = client.ask(method, fields)
                if framed.kind == ERROR:
                    name, _ = framed.error()
                    self.assertEqual(packed.error()[2], name)
                    self.assertEqual(asked.error()[2], name)
                else:
                    self.assertEqual(packed.headers["Content-Type"], PROTO)
                    self.assertEqual(packed.body, framed.payload)
                    self.assertIsInstance(asked.json(), dict)

    def test_the_special_ones_answer_too(self):
        client = self.client()
        self.assertEqual(client.call("Ledger/Hello", {"protocolVersion": 1})["principal"], 1)
        status = client.call("Ledger/Status")
        self.assertEqual((status["members"], status["httpConnections"]), ("1", 1))
        self.assertGreater(int(status["httpRequests"]), 1)
        verified = client.call("Ledger/Verify", {"start": True})
        while not verified.get("done"):
            verified = client.call("Ledger/Verify")
        self.assertTrue(verified["passed"])
        self.assertEqual(client.call("Access/Whoami")["principal"]["name"], "admin")
        self.assertEqual(client.ask("Ledger/Backup", {"directory": "not/absolute"}).status, 200)

    def test_what_is_written_over_http_is_read_over_frames_and_is_entered_once(self):
        desk = self.client(token=False)
        login = desk.call("Access/Login", {"login": HttpServer.OPERATOR,
                                           "password": HttpServer.PASSWORD})
        desk.token = b64_bytes(login["token"])
        write = {"commands": [record("once")]}
        first = desk.call("Ledger/Write", write)["results"][0]
        again = desk.call("Ledger/Write", write)["results"][0]
        self.assertEqual(again, first | {"replayed": True})
        target = message((1, int(first["entry"])))
        found = self.frames().ask(METHODS["Ledger/EntryGet"], (1, target))
        self.assertEqual(entry_number(found.message(2).bytes(1)), int(first["entry"]))

    def test_a_refused_command_is_an_answer_with_its_code_and_numbers(self):
        result = self.client().call("Ledger/Write", {"commands": [record("admin may not")]})
        self.assertNotEqual(result["results"][0]["code"], 0)

    def test_what_fails_as_a_whole_is_an_error_with_its_result_and_both_languages(self):
        nobody = self.client(token=False)
        for answer in (nobody.ask("Registry/OrgList"), nobody.ask_packed("Registry/OrgList")):
            self.assertTrue(answer.headers["Content-Type"].startswith(JSON))
            self.assertEqual(answer.error()[:3], (401, "unauthenticated", "login_required"))

    def test_an_unknown_field_is_refused_by_its_name(self):
        answer = self.client().ask("Members/MemberGet", {"member": {"membr": "1"}})
        self.assertEqual((answer.status, json.loads(answer.body)["code"]),
                         (400, "invalid_argument"))
        self.assertIn("membr", json.loads(answer.body)["message"])

    def test_bytes_that_are_no_message_are_refused(self):
        client = self.client()
        for kind, body in ((PROTO, b"\xff\xff\xff"), (JSON, b"{"), (JSON, b"[]"), (JSON, b"")):
            with self.subTest(kind=kind, body=body):
                answer = client.post("Members/MemberGet", body, kind)
                self.assertEqual(answer.status, 400)
                self.assertEqual(json.loads(answer.body)["code"], "invalid_argument")

    def test_a_method_that_there_is_not_is_unimplemented(self):
        answer = self.client().ask("Ledger/Nothing")
        self.assertIn(answer.status, (404, 501))

    def test_an_answer_that_takes_longer_than_the_caller_waits_is_a_deadline(self):
        ahead = [self.client(token=False) for _ in range(4)]  # one password is checked at a time
        for number, client in enumerate(ahead):
            client.send_only("Access/Login", {"login": f"nobody{number}", "password": "x" * 12})
        answer = self.client(token=False).ask(
            "Access/Login", {"login": "admin", "password": "x" * 12}, Connect_Timeout_Ms="1")
        self.assertEqual((answer.status, json.loads(answer.body)["code"]),
                         (504, "deadline_exceeded"))
        for client in ahead:
            self.assertEqual(client.answer().status, 200)

    def test_many_requests_of_many_connections_each_get_their_own_answer(self):
        clients = [self.client() for _ in range(20)]
        for _ in range(10):
            for number, client in enumerate(clients, 1):
                client.connection.request(
                    "POST", "/lovebank.v1.Ledger/EntryGet",
                    json.dumps({"target": {"entry": str(number % 4 + 1)}}),
                    {"Content-Type": JSON, "Authorization": f"Bearer {client.token.hex()}"})
            for number, client in enumerate(clients, 1):
                answer = json.loads(client.connection.getresponse().read())
                self.assertEqual(entry_number(b64_bytes(answer["entry"]["packed"])),
                                 number % 4 + 1)

    def test_a_batch_as_large_as_allowed_crosses_and_a_larger_body_does_not(self):
        client = self.client()
        payload = message(*((1, command(31, (1, message((1, MEMBER))), (2, 1), (3, 1),
                                        memo="字" * 100, on="2016-05-01")) for _ in range(5000)),
                          (2, True))
        answer = client.ask_packed("Ledger/Write", payload).message()
        self.assertEqual(len(answer.messages(6)), 5000)
        over = self.client()
        answer = over.ask_packed("Ledger/Write", b"\x00" * ((4 << 20) + 1))
        self.assertIn(answer.status, (413, 429))


if __name__ == "__main__":
    unittest.main()
