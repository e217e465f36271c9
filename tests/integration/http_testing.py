# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
What the tests of HTTP share: a client that keeps one connection, sends JSON or protobuf with a
token or with cookies, and shows what came as it came; and one that reads a stream of entries.
"""

import base64
import http.client
import json
import re
import socket
import ssl
import time

from lovebank_testing import PATIENCE_S, RESULTS, SOURCE_DIR, Message

JSON, PROTO = "application/json", "application/proto"
SESSION_COOKIE, DEVICE_COOKIE = "__Host-lovebank-session", "__Host-lovebank-device"
NAMES = {number: name for name, number in RESULTS.items()}


def methods():
    """{"Ledger/Write": 2} of services.proto."""
    text = (SOURCE_DIR / "proto/lovebank/v1/services.proto").read_text(encoding="utf-8")
    found = {}
    for service, body in re.findall(r"^service (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        for method, number in re.findall(r"rpc (\w+)\(.*?//\s*(\d+)", body):
            found[f"{service}/{method}"] = int(number)
    return found


METHODS = methods()


class Answer:
    """An answer: status, headers, body."""

    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def json(self):
        assert self.status == 200, (self.status, self.body)
        assert self.headers["Content-Type"].startswith(JSON), self.headers
        return json.loads(self.body)

    def message(self):
        assert self.status == 200, (self.status, self.body)
        assert self.headers["Content-Type"] == PROTO, self.headers
        return Message(self.body)

    def error(self):
        """Of a Connect error: (HTTP's status, its code, the name of the result, its numbers)."""
        error = json.loads(self.body)
        detail = error["details"][0]
        assert detail["type"] == "lovebank.v1.ErrorDetail", error
        value = detail["value"]
        packed = Message(base64.b64decode(value + "=" * (-len(value) % 4)))
        numbers = [number >> 1 ^ -(number & 1) for number in packed.numbers(3)]
        assert packed.text(2) == detail["debug"]["name"] == NAMES[packed.number(1)], error
        assert error["message"] == f"{packed.text(4)} / {packed.text(5)}", error
        return self.status, error["code"], packed.text(2), numbers

    def refusal(self):
        """The name of the result; None: it went well."""
        return None if self.status == 200 else self.error()[2]

    def cookies(self):
        """{name: (value, attributes)} of Set-Cookie."""
        found = {}
        for line in self.headers.get_all("Set-Cookie", []):
            pair, *attributes = line.split("; ")
            name, value = pair.split("=", 1)
            found[name] = value, attributes
        return found


class HttpClient:
    """One connection to a server of this machine. `token`: of a session or a device, as Bearer.
    Cookies are sent as they are in .cookies, and kept as the server says."""

    def __init__(self, port, token=None, source="127.0.0.1", context=None, host="127.0.0.1"):
        options = {"timeout": PATIENCE_S, "source_address": (source, 0)}
        if context is None:
            self.connection = http.client.HTTPConnection(host, port, **options)
        else:
            self.connection = http.client.HTTPSConnection(host, port, context=context, **options)
        self.token, self.cookies = token, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, verb, path, body=None, **headers):
        """Underscores in a header's name are hyphens; a value of None leaves it out."""
        given = {"Authorization": self.token and f"Bearer {self.token.hex()}",
                 "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(verb, path, body,
                                {name: value for name, value in given.items() if value})
        answer = Answer(self.connection.getresponse())
        for name, (value, attributes) in answer.cookies().items():
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def post(self, method, body, kind, **headers):
        path = f"/lovebank.v1.{method}"
        return self.send("POST", path, body, **{"Content_Type": kind,
                                                "Connect_Protocol_Version": "1", **headers})

    def send_only(self, method, fields=None, **headers):
        """In JSON, without cookies; .answer() is read later."""
        given = {"Content-Type": JSON, "Authorization": self.token and f"Bearer {self.token.hex()}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("POST", f"/lovebank.v1.{method}", json.dumps(fields or {}),
                                {name: value for name, value in given.items() if value})

    def answer(self):
        return Answer(self.connection.getresponse())

    def ask(self, method, fields=None, **headers):
        """In JSON: the answer as it came."""
        return self.post(method, json.dumps(fields or {}), JSON, **headers)

    def ask_packed(self, method, payload=b"", **headers):
        """In protobuf."""
        return self.post(method, payload, PROTO, **headers)

    def call(self, method, fields=None, **headers):
        """In JSON; what was answered, which must be 200."""
        return self.ask(method, fields, **headers).json()

    def as_browser(self, method, fields=None, **headers):
        """With cookies wanted, as the pages ask."""
        return self.ask(method, fields, Lovebank_Cookies="1", **headers)


def b64(data):
    return base64.b64encode(data).decode()


def b64_bytes(text):
    return base64.b64decode(text)


class Events:
    """GET /events, read as it comes: .next() is one event, {field: value}."""

    def __init__(self, port, start=None, token=None, context=None, **headers):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.socket.settimeout(PATIENCE_S)
        query = "" if start is None else f"?from={start}"
        given = {"Host": "127.0.0.1", "Authorization": token and f"Bearer {token.hex()}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in given.items() if value]
        self.socket.sendall("\r\n".join([f"GET /events{query} HTTP/1.1", *lines, "", ""]).encode())
        self.response = http.client.HTTPResponse(self.socket)
        self.response.begin()
        self.status = self.response.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()
        self.socket.close()

    def next(self):
        """None: the stream has ended. Comments, which only keep it alive, are passed over."""
        event = {}
        until = time.monotonic() + PATIENCE_S
        while True:
            line = self.response.readline()
            assert time.monotonic() < until, "nothing but comments"
            if not line:
                return None
            text = line.decode().rstrip("\r\n")
            if not text and event:
                return event
            if text and not text.startswith(":"):
                name, _, value = text.partition(":")
                event[name] = value.removeprefix(" ")

    def end(self):
        """The name of the result with which it ends."""
        event = self.next()
        while event["event"] == "entry":
            event = self.next()
        assert event["event"] == "end" and self.next() is None, event
        return json.loads(event["data"])["details"][0]["debug"]["name"]

    def entries(self, count):
        """The numbers of so many."""
        found = []
        while len(found) < count:
            event = self.next()
            assert event is not None, f"the stream ended after {found}"
            assert event["event"] == "entry", event
            found.append(int(event["id"]))
        return found


def tls_context(server):
    return ssl.create_default_context(cafile=str(server.tls / "ca.pem"))
