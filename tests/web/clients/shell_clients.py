# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The story of story.mjs with the two clients that people type: curl and buf curl."""

import base64
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from lovebank_testing import SOURCE_DIR, Message

PATIENCE_S = 60


class Refused(Exception):
    """A Connect error, as the client shows it."""

    def __init__(self, error):
        super().__init__(error)
        self.code, self.message = error["code"], error["message"]
        (detail,) = error["details"]
        self.detail = detail.get("debug") or detail["value"]
        self.packed = detail["value"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8",
                          timeout=PATIENCE_S, check=False)


class Curl:
    """Debian's curl, with JSON."""

    late = ("Connect-Timeout-Ms: 1",)

    def __init__(self, url):
        self.url = url

    def command(self, method, body, headers):
        options = [option for header in headers for option in ("--header", header)]
        return ["curl", "--silent", "--show-error", "--json", body, "--write-out",
                "\n%{http_code}", *options, f"{self.url}/lovebank.v1.{method}"]

    def call(self, method, body, *headers):
        done = run(*self.command(method, json.dumps(body), headers))
        assert done.returncode == 0, done.stderr
        answer, status = done.stdout.rsplit("\n", 1)
        if status != "200":
            raise Refused(json.loads(answer))
        return json.loads(answer)


class BufCurl:
    """buf curl, which sends protobuf and shows JSON. Its deadline counts from its own start, so none
    can be short and still reach the server: each call has a long one."""

    late = ()
    program = SOURCE_DIR / "client/web/node_modules/.bin/buf"

    def __init__(self, url):
        self.url = url

    def call(self, method, body, *headers):
        options = [option for header in headers for option in ("--header", header)]
        done = run(str(self.program), "curl", "--schema", str(SOURCE_DIR / "proto"), "--data",
                   json.dumps(body), "--timeout", "30s", *options,
                   f"{self.url}/lovebank.v1.{method}")
        if done.returncode:
            assert done.stderr.startswith("{"), done.stderr
            raise Refused(json.loads(done.stderr))
        return json.loads(done.stdout)


def failure(client, *call):
    try:
        answer = client.call(*call)
    except Refused as refused:
        return refused
    raise AssertionError(f"it was answered, but should have failed: {answer}")


def story(client, login, password, member):
    """As story.mjs; returns what it did."""
    ask = {"member": {"member": str(member)}}
    hello = client.call("Ledger/Hello", {"protocolVersion": 1, "client": "story 1"})
    assert hello.get("code", 0) == 0 and hello["protocolVersion"] == 1, hello
    steps = ["greeted"]

    refused = failure(client, "Members/MemberGet", ask)
    assert refused.code == "unauthenticated", refused
    detail = Message(base64.b64decode(refused.packed + "=" * (-len(refused.packed) % 4)))
    assert (detail.number(1), detail.text(2)) == (21, "login_required"), detail
    assert refused.message == f"{detail.text(4)} / {detail.text(5)}", refused
    assert refused.detail["name"] == "login_required", refused
    steps.append("refused with details")

    answer = client.call("Access/Login", {"login": login, "password": password})
    token = base64.b64decode(answer["token"])
    assert answer.get("code", 0) == 0 and len(token) == 32, answer
    me = f"Authorization: Bearer {token.hex()}"
    steps.append("logged in")

    before = client.call("Members/MemberGet", ask, me)
    record = {"id": base64.b64encode(os.urandom(16)).decode(),
              "serviceRecord": {**ask, "category": 1, "minutes": 5}}
    (first,) = client.call("Ledger/Write", {"commands": [record]}, me)["results"]
    assert first.get("code", 0) == 0 and not first.get("replayed"), first
    (again,) = client.call("Ledger/Write", {"commands": [record]}, me)["results"]
    assert again["entry"] == first["entry"] and again["replayed"], again
    steps.append("recorded once")

    after = client.call("Members/MemberGet", ask, me)
    minutes = [int(seen["info"]["balances"].get("minutes", 0)) for seen in (before, after)]
    assert minutes[1] == minutes[0] + 5, minutes
    assert after["info"]["maskedName"] == "张*明", after
    steps.append("read")

    nobody = client.call("Members/MemberGet", {"member": {"member": "99999999"}}, me)
    assert nobody["code"] == 51 and "info" not in nobody, nobody
    steps.append("not found")

    if client.late:
        # A password takes longer to check than that.
        late = failure(client, "Access/Login", {"login": login, "password": password}, me,
                       *client.late)
        assert late.code == "deadline_exceeded" and late.detail["name"] == "deadline", late
        steps.append("out of time")

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: client.call("Members/MemberGet", ask, me), range(10)))
    assert all(answer["info"]["member"] == str(member) for answer in answers), answers
    steps.append("ten at once")

    client.call("Access/Logout", {}, me)
    ended = failure(client, "Members/MemberGet", ask, me)
    assert ended.code == "unauthenticated", ended
    return [*steps, "logged out"]
