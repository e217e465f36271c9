#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
scripts/make_openapi.py against the sources, read here in another way: by regular expressions.
"""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOS = sorted((ROOT / "proto/lovebank/v1").glob("*.proto"))


def make():
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "made/openapi.json"
        subprocess.run([str(ROOT / "scripts/make_openapi.py"), str(out)], check=True)
        return out.read_text(encoding="utf-8")


def check(text):
    """By the specification's schema: (exit status, why)."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(["node", str(ROOT / "tests/web/openapi_rules.mjs"), file.name],
                              capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stderr


def json_name(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def sources():
    return "\n".join(re.sub("//.*", "", path.read_text(encoding="utf-8")) for path in PROTOS)


def blocks(kind):
    """{name: what stands between its braces}, those of a oneof left out."""
    text = re.sub(r"oneof \w+ \{(.*?)\}", r"\1", sources(), flags=re.DOTALL)
    return dict(re.findall(kind + r" (\w+) \{(.*?)\}", text, re.DOTALL))


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = make()
        cls.described = json.loads(cls.text)
        cls.schemas = cls.described["components"]["schemas"]

    def test_the_same_sources_give_the_same_bytes(self):
        self.assertEqual(make(), self.text)

    def test_it_is_openapi_3_1_and_all_its_references_lead_somewhere(self):
        self.assertEqual(check(self.text), (0, ""))
        self.assertEqual(self.described["openapi"], "3.1.0")

    def test_the_rules_find_what_is_wrong(self):
        for right, wrong in (('"openapi": "3.1.0"', '"openapi": "3.1.0", "paths?": 1'),
                             ("#/components/schemas/HelloRequest", "#/components/schemas/Nobody")):
            self.assertIn(right, self.text)
            status, why = check(self.text.replace(right, wrong))
            self.assertEqual(status, 3, why)

    def test_each_method_of_the_services_is_there(self):
        wanted = {f"/lovebank.v1.{service}/{method}": (request, response)
                  for service, body in blocks("service").items()
                  for method, request, response in
                  re.findall(r"rpc (\w+)\((\w+)\) returns \((\w+)\)", body)}
        self.assertGreater(len(wanted), 20)
        found = {}
        for path, operations in self.described["paths"].items():
            if path.startswith("/lovebank."):
                (operation,) = operations.values()
                self.assertEqual(list(operations), ["post"])
                ends = (operation["requestBody"], operation["responses"]["200"])
                found[path] = tuple(
                    end["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
                    for end in ends)
        self.assertEqual(found, wanted)
        self.assertEqual(sorted(set(self.described["paths"]) - set(found)),
                         ["/events", "/health", "/metrics"])

    def test_each_field_of_each_message_is_there(self):
        messages = blocks("message")
        self.assertGreater(len(messages), 80)
        for name, body in messages.items():
            fields = re.findall(r"(?:repeated )?[\w.]+ (\w+) = \d+;", body)
            with self.subTest(name):
                self.assertEqual(list(self.schemas[name]["properties"]),
                                 [json_name(field) for field in fields])

    def test_each_value_of_each_enum_is_there(self):
        for name, body in blocks("enum").items():
            self.assertEqual(self.schemas[name]["enum"], re.findall(r"(\w+) = \d+;", body))

    def test_types_are_those_of_the_json_mapping(self):
        def of(message, field):
            return self.schemas[message]["properties"][field]
        self.assertEqual(of("Command", "id")["contentEncoding"], "base64")
        self.assertEqual(of("Command", "day")["type"], "integer")
        self.assertEqual((of("Result", "a")["type"], of("Result", "a")["format"]),
                         ("string", "int64"))
        self.assertEqual(of("WriteRequest", "dryRun")["type"], "boolean")
        self.assertEqual(of("WriteRequest", "commands")["items"]["$ref"],
                         "#/components/schemas/Command")
        self.assertEqual(of("OrgOpen", "kind")["$ref"], "#/components/schemas/OrgKind")

    def test_comments_are_descriptions(self):
        self.assertEqual(self.schemas["MemberRef"]["description"],
                         "A member, by number or by card: exactly one is set.")
        self.assertEqual(self.schemas["Command"]["properties"]["id"]["description"],
                         "16 bytes, not all zero; ideally UUIDv7")

    def test_a_field_that_is_unknown_is_refused_in_requests_and_not_in_answers(self):
        self.assertIs(self.schemas["WriteRequest"]["additionalProperties"], False)
        for told in ("WriteResponse", "Person", "ErrorDetail"):
            self.assertNotIn("additionalProperties", self.schemas[told])


if __name__ == "__main__":
    unittest.main()
