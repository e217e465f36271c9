# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What the attacks share: a server with accounts and TLS, a small book on it, and clients that come
from whatever loopback address they like. Everything stays on this machine.
"""

import hashlib
import os
import random
import socket
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from lovebank_testing import (ERROR, PATIENCE_S, RESULTS, ROLE_SET, ROLES, SERVER,  # noqa: E402
                              Connection, GuardedServer, command, message)

ORG_OPEN, TARIFF_SET, ITEM_SET, COUNTER_OPEN, IMPORT_OPEN, MEMBER_REGISTER = 10, 13, 14, 15, 18, 20
STOCK_RECEIVE, SERVICE_RECORD, REDEEM, REVERSE = 30, 31, 33, 36
POLICY_SET, PROPOSAL_DECIDE, REVEAL = 45, 46, 47

STREET, NORTH, SOUTH = 310101001000, 310101001001, 310101001002
TARIFF, SINCE = 1, "2016-01-01"
PASSWORD = "an 操作员 and a password"


def seed_of_run(name):
    """Printed, and taken from LOVEBANK_SEED where that is set."""
    seed = int(os.environ.get("LOVEBANK_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"{name}: seed {seed}", flush=True)
    return random.Random(seed)


def code_of(answer):
    """The name of the code in a response."""
    return {number: name for name, number in RESULTS.items()}[answer.number(1)]


def outcome(reply):
    """The name of what a reply says, whether it is an answer or an error. Lists have no code."""
    if reply.kind == ERROR:
        return reply.error()[0]
    answer = reply.message()
    return code_of(answer) if isinstance(answer.number(1), int) else "ok"


class Outpost(Connection):
    """A connection over TLS from the loopback address it is given; the certificate is checked."""

    def __init__(self, port, context, source="127.0.0.1", greet=True, token=None):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S, (source, 0))
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.next_id = 1
        if greet:
            self.greeting = self.hello(token=token).message()


class Fortress(GuardedServer):
    """Accounts, TLS on a loopback port, and a book of two orgs with members."""

    MEMBERS = 40  # the first half in the north, the others in the south

    def __init__(self, *flags, **options):
        self.port = 0  # until it has started
        super().__init__(*flags, **options)

    def start(self):
        self.tls = self.dir / "tls"
        if not self.tls.exists():
            done = self.run(str(SERVER), "tls-init", str(self.tls), "--host",
                            "localhost,127.0.0.1")
            assert done.returncode == 0, done.stderr
            self.flags += ["--tls-listen", "127.0.0.1:0",
                           "--tls-certificate", str(self.tls / "server.pem"),
                           "--tls-key", str(self.tls / "server.key")]
        super().start()
        self.port = self.port_of("tls")
        return self

    def context(self):
        return ssl.create_default_context(cafile=str(self.tls / "ca.pem"))

    def outpost(self, **options):
        return Outpost(self.port, self.context(), **options)

    def furnish(self):
        """Orgs, a tariff, members; returns the server."""
        with self.connect_as_admin() as admin:
            admin.do(
                command(ORG_OPEN, (1, STREET), (3, 2), (4, "街道"), on=SINCE),
                *(command(ORG_OPEN, (1, org), (2, STREET), (3, 3), (4, f"社区{org}"), on=SINCE)
                  for org in (NORTH, SOUTH)),
                command(TARIFF_SET, (1, TARIFF), (2, "助老"), (3, 100), (4, 1000), (5, 1), (6, 1),
                        (8, 600), on=SINCE),
                *(command(MEMBER_REGISTER, (1, number),
                          (2, NORTH if number <= self.MEMBERS // 2 else SOUTH),
                          (5, message((1, f"张小{number}"))), on=SINCE)
                  for number in range(1, self.MEMBERS + 1)))
        return self

    def operator(self, login, *roles, member=None):
        """Opens one, with a list of (role, org); a connection by which it has logged in."""
        number = self.open_operator_with_password(login, PASSWORD, member=member)
        if roles:
            with self.connect_as_admin() as admin:
                admin.do(roles_set(number, *roles))
        return number, self.log_in(login)

    def log_in(self, login, password=PASSWORD):
        """A connection; its session's token is in .token."""
        connection = self.connect()
        answer = connection.log_in(login, password)
        assert answer.number(1) == 0, answer
        connection.token = answer.bytes(4)
        return connection


def service(member, on, minutes=60, org=NORTH, **options):
    """A command: so many minutes of a member on a day."""
    return command(SERVICE_RECORD, (1, message((1, member))), (2, TARIFF), (3, minutes),
                   (7, org), on=on, **options)


def roles_set(principal, *roles):
    """A command: from today on it has these (role, org), and no others."""
    return command(ROLE_SET, (1, principal),
                   *((2, message((1, ROLES[role]), (2, org))) for role, org in roles))


def token_hash(token):
    return hashlib.sha256(token).digest()
