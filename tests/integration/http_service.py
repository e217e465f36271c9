#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""HTTP of a server as it is run: settings, hosts, proxies, limits, TLS, metrics, the end."""

import itertools
import json
import select
import signal
import threading
import unittest

from http_book import ORG, HttpServer
from http_testing import HttpClient, tls_context
from lovebank_testing import PATIENCE_S, RESULTS, SERVER, STATUS, Server

PASSWORD = HttpServer.PASSWORD


class Serving(unittest.TestCase):
    def serve(self, *flags):
        server = HttpServer("--address-connections", "1000000", *flags)
        self.addCleanup(server.__exit__)
        return server.start()

    def client(self, server, token=None, **options):
        client = HttpClient(server.port, token, **options)
        self.addCleanup(client.__exit__)
        return client

    def refused_at_once(self, server, *forwarded, token=None, count=30):
        """How many of so many requests are told to try later: all are sent before an answer is
        awaited, so however slow the machine is, they come faster than the limits of these tests."""
        clients = [self.client(server, token) for _ in range(count)]
        for client, place in zip(clients, itertools.cycle(forwarded or (None,))):
            client.send_only("Access/Whoami" if token else "Ledger/Status", X_Forwarded_For=place)
        return sum(client.answer().refusal() == "try_later" for client in clients)


class Settings(Serving):
    def assert_refused(self, name, *flags):
        with Server(*flags, start=False) as server:
            done = server.run(*server.arguments())
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(name, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 2)  # Chinese and English

    def test_wrong_ones_are_named(self):
        self.assert_refused("http-listen", "--http-listen", "0.0.0.0:0")
        self.assert_refused("http-listen", "--http-listen", "here")
        self.assert_refused("https-listen", "--https-listen", "1.2.3.4")
        self.assert_refused("tls-certificate", "--https-listen", "127.0.0.1:0",
                            "--tls-certificate", "")
        self.assert_refused("https-listen", "--https-listen", "0.0.0.0:0")  # without a log-in
        self.assert_refused("http-hosts", "--http-hosts", "https://bank.example")
        self.assert_refused("http-hosts", "--http-hosts", "bank.example,")
        self.assert_refused("http-proxies", "--http-proxies", "proxy.example")
        self.assert_refused("http-proxies", "--http-proxies", "10.0.0.1")  # without a log-in
        self.assert_refused("http-body-max", "--http-body-max", "1GiB")

    def test_a_port_that_is_taken_is_named(self):
        server = self.serve()
        with Server("--http-listen", f"127.0.0.1:{server.port}", start=False) as second:
            done = second.run(*second.arguments())
            self.assertEqual(done.returncode, 4)
            self.assertIn(str(server.port), done.stderr)

    def test_the_log_says_where_it_listens(self):
        server = self.serve()
        line = next(line for line in server.log if " listening " in line)
        self.assertIn(f"http_port={server.port} https_port=0 ", line)

    def test_in_a_trial_this_machine_may_do_everything(self):
        with Server("--http-listen", "127.0.0.1:0", "--web-dir", "", "--address-requests", "1",
                    "--connections-address-max", "1") as server:
            for _ in range(3):
                with HttpClient(server.port_of("http")) as client:
                    self.assertTrue(client.call("Access/Whoami")["isTrusted"])
                    self.assertIsNone(client.ask("Registry/OrgList").refusal())


class PublicBoard(Serving):
    def test_it_is_for_everybody_unless_the_setting_says_no(self):
        for flags, code in (((), 0), (("--public-board=no",), RESULTS["unauthorised"])):
            server = self.serve(*flags).fill()
            with self.subTest(flags=flags):
                board = self.client(server).call("Reports/PublicBoard", {"year": 2016})
                self.assertEqual(board.get("code", 0), code)
                self.assertIsNone(self.client(server, server.token).ask(
                    "Reports/PublicBoard").refusal())


class Hosts(Serving):
    def status(self, server, host):
        return self.client(server).ask("Ledger/Status", Host=host).status

    def test_addresses_and_localhost_are_served_and_other_names_are_not(self):
        server = self.serve()
        for host in ("127.0.0.1", "localhost", "192.168.1.9:80", "[::1]:1", "LOCALHOST"):
            self.assertEqual(self.status(server, host), 200, host)
        for host in ("bank.example", "localhost.evil.example", "127.0.0.1.evil.example", "1.2.3"):
            self.assertIn(self.status(server, host), (403, 421), host)

    def test_the_names_of_the_setting_are_served(self):
        server = self.serve("--http-hosts", "bank.example,b2")
        for host in ("bank.example", "BANK.example:443", "b2:7"):
            self.assertEqual(self.status(server, host), 200, host)
        for host in ("evil.bank.example", "bank.example.evil", "b", "b23"):
            self.assertIn(self.status(server, host), (403, 421), host)


class Proxies(Serving):
    flags = ("--guest-requests", "2")

    def test_limits_count_for_whom_the_proxy_forwards(self):
        server = self.serve("--http-proxies", "127.0.0.1,10.9.9.9", *self.flags)
        client = self.client(server)
        self.assertGreater(self.refused_at_once(server, "192.0.2.1"), 3)
        self.assertIsNone(client.ask("Ledger/Status", X_Forwarded_For="192.0.2.2").refusal())
        self.assertIsNone(client.ask("Ledger/Status", X_Forwarded_For="2001:db8::1").refusal())
        # the last one that is no proxy, whatever the client put before it
        self.assertGreater(self.refused_at_once(server, "8.8.8.8, 192.0.2.1, 10.9.9.9",
                                                "9.9.9.9, 192.0.2.1"), 3)

    def test_of_one_ip6_network_all_count_together(self):
        server = self.serve("--http-proxies", "127.0.0.1", *self.flags)
        self.assertGreater(self.refused_at_once(
            server, *(f"2001:db8:1:2::{number:x}" for number in range(30))), 3)

    def test_who_is_no_proxy_is_not_believed(self):
        server = self.serve("--http-proxies", "127.0.0.9", *self.flags)
        self.assertGreater(self.refused_at_once(
            server, *(f"192.0.2.{number}" for number in range(30))), 3)

    def test_a_proxys_own_connections_are_not_limited(self):
        server = self.serve("--http-proxies", "127.0.0.1", "--connections-address-max", "2")
        clients = [self.client(server) for _ in range(6)]
        self.assertEqual([client.ask("Ledger/Status").status for client in clients], [200] * 6)


class Limits(Serving):
    def test_an_account_that_asks_too_much_is_told_to_try_later_and_others_are_not(self):
        server = self.serve("--account-requests", "10").fill()
        _, token = server.open_device("忙", "viewer", ORG, stands_in=ORG)
        busy, admin = self.client(server, token), self.client(server, server.token)
        self.assertGreater(self.refused_at_once(server, token=token, count=60), 3)
        self.assertIsNone(admin.ask("Access/Whoami").refusal())
        limited = [answer for answer in (busy.ask("Access/Whoami") for _ in range(100))
                   if answer.status != 200]
        self.assertLess(len(limited), 60)  # each waits for its answer: it cannot ask on and on
        for answer in limited:
            self.assertEqual(answer.error()[:3], (503, "unavailable", "try_later"))

    def test_connections_of_one_place_are_capped(self):
        server = self.serve("--connections-address-max", "2")
        held = [self.client(server), self.client(server)]
        self.assertEqual([client.ask("Ledger/Status").status for client in held], [200, 200])
        with self.assertRaises(OSError):
            self.client(server).ask("Ledger/Status")
        self.assertEqual(self.client(server, source="127.0.0.2").ask("Ledger/Status").status, 200)
        held.pop().connection.close()
        while True:  # until the server has seen that it is gone
            try:
                self.assertEqual(self.client(server).ask("Ledger/Status").status, 200)
                break
            except OSError:
                continue
        server.stop()
        self.assertTrue(any(" limited " in line and "transport=http" in line
                            for line in server.log))

    def test_requests_beyond_those_in_flight_are_told_to_try_later(self):
        server = self.serve("--http-inflight-max", "1", "--guest-requests", "100000")
        slow, quick = self.client(server), self.client(server)
        answers = []
        while not any(answer.status != 200 for answer in answers):  # should a log-in be quicker
            slow.send_only("Access/Login", {"login": "admin", "password": PASSWORD})
            while not select.select([slow.connection.sock], [], [], 0)[0]:
                answers.append(quick.ask("Ledger/Status"))
            self.assertIn(slow.answer().refusal(), (None, "try_later"))
        refused = next(answer for answer in answers if answer.status != 200)
        self.assertEqual(refused.error()[:3], (503, "unavailable", "try_later"))
        self.assertIsNone(quick.ask("Ledger/Status").refusal())


class Observed(Serving):
    def test_health_needs_no_log_in(self):
        health = self.client(self.serve()).send("GET", "/health")
        self.assertEqual(health.status, 200)

    def test_metrics_tell_nobody_more_than_that_it_runs_and_more_to_who_may_ask(self):
        server = self.serve().fill()
        told = []
        for token in (None, server.token):
            answer = self.client(server, token).send("GET", "/metrics")
            self.assertEqual(answer.status, 200)
            self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
            lines = answer.body.decode().splitlines()
            for line in lines:
                self.assertRegex(line, r"^(# (HELP|TYPE) .*|lovebank_\w+ -?[0-9]+)$")
            told.append(dict(line.split(" ") for line in lines if not line.startswith("#")))
        self.assertGreater(int(told[0]["lovebank_durable_entry"]), 1)
        self.assertEqual(int(told[0].get("lovebank_members", 0)), 0)
        self.assertEqual(int(told[1]["lovebank_members"]), 1)


    def test_http_requests_are_those_for_methods_and_no_files(self):
        server = self.serve().fill()
        client = self.client(server, server.token)
        before = client.call("Ledger/Status")
        for path in ("/", "/assets/none.js", "/nowhere", "/openapi.json"):
            client.send("GET", path)
        after = client.call("Ledger/Status")
        for name in ("requests", "httpRequests"):
            self.assertEqual(int(after[name]) - int(before[name]), 1, name)
        with server.connect() as connection:
            connection.ask(STATUS)
        last = client.call("Ledger/Status")
        self.assertEqual(int(last["httpRequests"]) - int(after["httpRequests"]), 1)
        self.assertGreater(int(last["requests"]) - int(after["requests"]), 1)

    def test_connections_that_http_turns_away_are_counted(self):
        server = self.serve("--connections-address-max", "2").fill()
        held = [self.client(server, server.token), self.client(server, server.token)]
        for client in held:
            self.assertEqual(client.call("Ledger/Status").get("connectionsLimited", "0"), "0")
        for _ in range(3):
            with self.assertRaises(OSError):
                self.client(server).ask("Ledger/Status")
        self.assertEqual(held[0].call("Ledger/Status")["connectionsLimited"], "3")
        metrics = held[1].send("GET", "/metrics").body.decode().splitlines()
        self.assertIn("lovebank_connections_limited 3", metrics)


class Tls(Serving):
    def serve(self, *flags):
        server = HttpServer(*flags, start=False)
        self.addCleanup(server.__exit__)
        server.tls = server.dir / "tls"
        self.make_certificate(server)
        server.flags += ["--https-listen", "127.0.0.1:0", "--tls-certificate",
                         str(server.tls / "server.pem"), "--tls-key",
                         str(server.tls / "server.key")]
        return server.start()

    def make_certificate(self, server):
        done = server.run(str(SERVER), "tls-init", str(server.tls), "--host",
                          "localhost,127.0.0.1")
        self.assertEqual(done.returncode, 0, done.stderr)

    def secure(self, server):
        client = HttpClient(server.https_port, context=tls_context(server))
        self.addCleanup(client.__exit__)
        return client

    def test_https_serves_the_same(self):
        server = self.serve()
        client = self.secure(server)
        client.as_browser("Access/Login", {"login": "admin", "password": PASSWORD})
        self.assertEqual(client.call("Access/Whoami")["principal"]["name"], "admin")
        self.assertEqual(client.connection.sock.version(), "TLSv1.3")
        line = next(line for line in server.log if " listening " in line)
        self.assertIn(f"https_port={server.https_port} ", line)

    def test_sighup_reads_the_certificate_anew_and_keeps_the_old_one_if_it_cannot(self):
        server = self.serve()
        first = self.certificate(server)
        for name in ("server.pem", "server.key"):
            (server.tls / name).unlink()
        self.assertIn(" tls_not_reloaded ", self.reload(server))
        self.assertEqual(self.certificate(server), first)
        self.make_certificate(server)
        self.assertIn(" tls_reloaded ", self.reload(server))
        self.assertNotEqual(self.certificate(server), first)

    def certificate(self, server):
        client = self.secure(server)
        self.assertEqual(client.ask("Ledger/Status").status, 200)
        return client.connection.sock.getpeercert()["serialNumber"]

    def reload(self, server):
        seen = len(server.log)
        server.process.send_signal(signal.SIGHUP)
        with server.connect_as_admin() as connection:  # who has no log-in may not ask that often
            while True:
                for line in server.log[seen:]:
                    if " tls_reloaded " in line or " tls_not_reloaded " in line:
                        return line
                connection.ask(STATUS)  # a turn of the loop, no sleep


class Ending(Serving):
    def test_a_stop_finishes_what_is_under_way(self):
        server = self.serve()
        client = self.client(server)
        probe = self.client(server, server.token)
        before = int(probe.call("Ledger/Status")["httpRequests"])
        client.send_only("Access/Login", {"login": "admin", "password": PASSWORD})
        for asked in itertools.count(before + 1):  # until one is there that is not ours
            if int(probe.call("Ledger/Status")["httpRequests"]) > asked:
                break
        stopped = threading.Thread(target=server.stop)
        stopped.start()
        answer = client.answer()
        self.assertIn(answer.status, (200, 503))
        self.assertTrue(json.loads(answer.body))
        stopped.join(PATIENCE_S)
        with self.assertRaises(OSError):
            self.client(server).ask("Ledger/Status")

    def test_it_stops_at_once_with_idle_connections_and_starts_again(self):
        server = self.serve()
        idle = [self.client(server) for _ in range(5)]
        for client in idle:
            client.ask("Ledger/Status")
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(self.client(server).ask("Ledger/Status").status, 200)

    def test_a_second_signal_does_not_wait(self):
        server = self.serve()
        client = self.client(server, server.token)
        self.assertEqual(client.ask("Ledger/Status").status, 200)
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
