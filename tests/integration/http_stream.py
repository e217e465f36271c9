#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""GET /events: entries as they come, from a number on, again after a break, for many at once."""

import json
import os
import unittest

from http_book import MEMBER, ORG, HttpServer
from http_testing import Events, HttpClient, b64_bytes
from lovebank_testing import Message, command, message

SERVICE_RECORD = 31


class Streaming(unittest.TestCase):
    flags = ()

    def setUp(self):
        self.server = HttpServer("--address-connections", "1000000", *self.flags)
        self.addCleanup(self.server.__exit__)
        self.server.start().fill()
        self.desk = self.server.connect()
        self.addCleanup(self.desk.__exit__)
        self.assertEqual(self.desk.log_in(HttpServer.OPERATOR, HttpServer.PASSWORD).number(1), 0)
        self.minutes = 0

    def record(self):
        """One entry more: its number."""
        self.minutes += 1
        return self.desk.do(command(SERVICE_RECORD, (1, message((1, MEMBER))), (2, 1),
                                    (3, self.minutes), on="2016-04-01"))[0].number(2)

    def stream(self, start=None, token=None, **headers):
        events = Events(self.server.port, start, token or self.server.token, **headers)
        self.addCleanup(events.__exit__)
        return events


class Stream(Streaming):
    def test_entries_from_a_number_on_then_each_as_it_comes(self):
        last = self.record()
        events = self.stream(last - 2)
        self.assertEqual(events.status, 200)
        self.assertTrue(events.response.headers["Content-Type"].startswith("text/event-stream"))
        self.assertEqual(events.entries(3), [last - 2, last - 1, last])
        for _ in range(3):
            made = self.record()
            self.assertEqual(events.entries(1), [made])

    def test_an_event_holds_the_entry_as_a_read_of_it_does(self):
        entry = self.record()
        event = self.stream(entry).next()
        self.assertEqual(int(event["id"]), entry)
        with HttpClient(self.server.port, self.server.token) as client:
            read = client.call("Ledger/EntryGet", {"target": {"entry": str(entry)}})["entry"]
        told = json.loads(event["data"])
        packed = Message(b64_bytes(read.pop("packed")))
        self.assertEqual(int(told["entry"]["number"]), packed.number(1))
        self.assertEqual(told, read | {"entry": told["entry"]})
        self.assertEqual(told["principalName"], HttpServer.OPERATOR)

    def test_a_stream_goes_on_where_it_broke_off(self):
        first = [self.record() for _ in range(3)]
        with Events(self.server.port, first[0], self.server.token) as events:
            self.assertEqual(events.entries(2), first[:2])
        later = self.record()
        events = self.stream(first[0], Last_Event_ID=str(first[1]))
        self.assertEqual(events.entries(2), [first[2], later])

    def test_a_number_that_is_not_there_yet_is_waited_for(self):
        last = self.record()
        streams = self.stream(last + 3), self.stream(Last_Event_ID=str(last + 2))
        made = [self.record() for _ in range(4)]
        for events in streams:
            self.assertEqual(events.entries(2), made[2:])

    def test_two_streams_get_all_entries_each(self):
        start = self.record()
        one, two = self.stream(start), self.stream(start)
        made = [start] + [self.record() for _ in range(20)]
        self.assertEqual(one.entries(21), made)
        self.assertEqual(two.entries(21), made)
        with HttpClient(self.server.port, self.server.token) as client:
            self.assertEqual(client.call("Ledger/Status")["httpStreams"], 2)

    def test_many_entries_at_once_come_in_order_and_whole(self):
        start = self.record()
        events = self.stream(start)
        made = [start] + [result.number(2) for result in self.desk.do(
            *(command(SERVICE_RECORD, (1, message((1, MEMBER))), (2, 1), (3, 1),
                      on=f"20{year}-03-{day:02}") for year in range(17, 26)
              for day in range(1, 29)))]
        self.assertEqual(events.entries(len(made)), made)

    def test_it_tells_what_the_caller_may_read_only(self):
        _, elsewhere = self.server.open_device("别处", "desk", ORG, stands_in=ORG)
        entry = self.record()
        self.assertEqual(self.stream(entry, elsewhere).entries(1), [entry])
        _, nothing = self.server.open_device("没有角色", stands_in=ORG)
        self.assertEqual(self.stream(entry, nothing).end(), "unauthorised")
        self.assertEqual(self.stream(entry, os.urandom(32)).end(), "session_expired")
        with Events(self.server.port, entry) as nobodys:
            self.assertEqual(nobodys.end(), "login_required")

    def test_it_ends_when_the_session_does(self):
        with HttpClient(self.server.port) as client:
            login = {"login": "admin", "password": HttpServer.PASSWORD}
            client.token = b64_bytes(client.call("Access/Login", login)["token"])
            events = self.stream(self.record(), client.token)
            events.entries(1)
            client.call("Access/Logout")
            self.record()
            self.assertEqual(events.end(), "session_expired")

    def test_it_ends_when_the_server_stops(self):
        events = self.stream(self.record())
        events.entries(1)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(events.end(), "shutting_down")


class FewStreams(Streaming):
    flags = ("--http-streams-max", "2")

    def test_over_their_number_one_is_told_to_try_later(self):
        held = [self.stream(1), self.stream(1)]
        self.assertEqual([events.status for events in held], [200, 200])
        self.assertIn(self.stream(1).status, (429, 503))
        with HttpClient(self.server.port, self.server.token) as client:
            self.assertIsNone(client.ask("Registry/OrgList").refusal())


if __name__ == "__main__":
    unittest.main()
