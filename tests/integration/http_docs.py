#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
The examples of docs/http.md, run as they stand, but for the port: each ```sh block in one and the
same shell, in order. A ```text block after one is what it prints; "…" stands for anything there. A
```js block is a file, whose name is its first line.
"""

import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from http_book import HttpServer
from lovebank_testing import PATIENCE_S, SOURCE_DIR

DOCUMENT = SOURCE_DIR / "docs/http.md"
PLACE = "127.0.0.1:7702"
DEADLINE_S = 180
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(text):
    """[(commands, what they print or None)], {file: content}"""
    found, files = [], {}
    for kind, content in BLOCK.findall(text):
        if kind == "sh":
            found.append((content, None))
        elif kind == "js":
            files[content.splitlines()[0].removeprefix("// ")] = content
        elif kind == "text" and found:
            found[-1] = (found[-1][0], content)
    return found, files


def pattern(printed):
    found = ".*".join(re.escape(part) for part in printed.strip().split("…"))
    return re.compile(rf"\A{found}\Z", re.DOTALL)


class Examples(unittest.TestCase):
    def test_each_example_prints_what_the_document_says(self):
        commands, files = examples(DOCUMENT.read_text(encoding="utf-8"))
        self.assertGreater(len(commands), 10)
        with HttpServer() as server, tempfile.TemporaryDirectory() as directory:
            server.fill()
            here = Path(directory)
            (here / "proto").symlink_to(SOURCE_DIR / "proto")
            (here / "node_modules").symlink_to(SOURCE_DIR / "client/web/node_modules")
            for name, content in files.items():
                (here / name).write_text(content.replace(PLACE, f"127.0.0.1:{server.port}"),
                                         encoding="utf-8")
            script = ["set -eu"]
            for number, (text, _) in enumerate(commands):
                script += [f"exec >out.{number}", text.replace(PLACE, f"127.0.0.1:{server.port}")]
            done = subprocess.run(
                ["bash", "-c", "\n".join(script)], cwd=here, stderr=subprocess.PIPE, text=True,
                timeout=DEADLINE_S, check=False,
                env={**os.environ, "PATH": f"{here}/node_modules/.bin:{os.environ['PATH']}"})
            printed = [path.read_text(encoding="utf-8") if path.exists() else None
                       for path in (here / f"out.{at}" for at in range(len(commands)))]
            self.assertEqual(done.returncode, 0, f"{done.stderr}\n{printed}")
        for (text, expected), actual in zip(commands, printed):
            if expected is not None:
                with self.subTest(text):
                    self.assertRegex(actual.strip(), pattern(expected))

class Description(unittest.TestCase):
    """openapi.json and the server."""

    @classmethod
    def setUpClass(cls):
        cls.server = HttpServer(start=False)
        cls.addClassCleanup(cls.server.__exit__)
        made = cls.server.pages / "openapi.json"
        subprocess.run([str(SOURCE_DIR / "scripts/make_openapi.py"), str(made)], check=True)
        cls.described = json.loads(made.read_text(encoding="utf-8"))
        cls.server.start()
        cls.server.fill()

    def methods(self):
        return {path.removeprefix("/lovebank.v1."): operations["post"]
                for path, operations in self.described["paths"].items() if "post" in operations}

    def test_the_server_hands_it_out(self):
        with urllib.request.urlopen(self.server.url + "/openapi.json", timeout=PATIENCE_S) as reply:
            self.assertEqual(reply.headers["Content-Type"], "application/json")
            self.assertEqual(json.loads(reply.read()), self.described)

    def test_what_needs_a_log_in_says_so(self):
        self.assertGreater(len(self.methods()), 20)
        for name, method in self.methods().items():
            with self.subTest(name):
                status, answer = self.server.post(name)
                self.assertEqual(status == 401, {} not in method.get("security", [1]), answer)

    def test_answers_and_errors_have_the_fields_that_it_describes(self):
        schemas = self.described["components"]["schemas"]
        token = self.server.token.hex()
        methods = self.methods()
        methods["Access/Logout"] = methods.pop("Access/Logout")  # the last
        for name, method in methods.items():
            with self.subTest(name):
                status, answer = self.server.post(name, Authorization=f"Bearer {token}")
                content = method["responses"]["200"]["content"]["application/json"]
                schema = content["schema"]["$ref"].rsplit("/", 1)[1]
                fields = schemas["ConnectError" if status != 200 else schema]["properties"]
                self.assertLessEqual(set(answer), set(fields))
                if status != 200:
                    self.assertIn(answer["code"], fields["code"]["enum"])


if __name__ == "__main__":
    unittest.main()
