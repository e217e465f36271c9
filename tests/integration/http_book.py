# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""A server that speaks HTTP, over a small book: what tests of documents, clients and proxies share."""

import http.client
import json
import socket

from lovebank_testing import PATIENCE_S, GuardedServer, card_of, command, message

ORG_OPEN, TARIFF_SET, ITEM_SET, MEMBER_REGISTER = 10, 13, 14, 20
ORG, MEMBER = 310101001001, 10010001


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class HttpServer(GuardedServer):
    """With one org, one member, and an operator who may enter hours. Its ports are known when it
    has started: those that somebody looked for before might be taken meanwhile."""

    OPERATOR = "wangli"

    def __init__(self, *flags, **options):
        self.port = self.https_port = 0
        super().__init__("--http-listen", "127.0.0.1:0", *flags, **options)
        self.pages = self.dir / "pages"  # none, unless somebody puts them there
        self.flags += ["--web-dir", str(self.pages)]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        super().start()
        self.port, self.https_port = self.port_of("http"), self.port_of("https")
        # The same when it starts again.
        self.flags[self.flags.index("--http-listen") + 1] = f"127.0.0.1:{self.port}"
        return self

    def fill(self):
        with self.connect_as_admin() as admin:
            admin.do(command(ORG_OPEN, (1, ORG), (3, 3), (4, "春晖社区"), on="2016-01-01"),
                     command(TARIFF_SET, (1, 1), (2, "家政"), (3, 100), (4, 1000), (5, 1), (6, 1),
                             (8, 1440), on="2016-01-01"))
        self.open_operator_with_password(self.OPERATOR, self.PASSWORD, role="desk")
        with self.connect() as desk:
            assert desk.log_in(self.OPERATOR, self.PASSWORD).number(1) == 0
            desk.do(command(MEMBER_REGISTER, (1, MEMBER), (2, ORG), (4, card_of(1)),
                            (5, message((1, "张小明"))), on="2016-01-01"))
        return self

    def post(self, method, body=None, **headers):
        """A call with JSON: (status, answer). Underscores in a header's name are hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", f"/lovebank.v1.{method}", json.dumps(body or {}), {
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()}})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()
