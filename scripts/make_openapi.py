#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Writes the OpenAPI 3.1 description of LoveBank's HTTP from proto/lovebank/v1: every method, every
message with its JSON mapping and its comments. The same sources give the same bytes. Needs Debian's
protobuf-compiler and python3-protobuf, which building the server does not.

usage: scripts/make_openapi.py FILE
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field
from google.protobuf.descriptor_pb2 import FileDescriptorSet

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "lovebank.v1"

# What may be asked without a log-in; tests/integration/http_docs.py asks the server.
OPEN = {"Hello", "Status", "Login", "Logout", "Whoami", "PublicBoard"}

# Where descriptor.proto keeps what a source location's path is made of.
FILE_SYNTAX, FILE_MESSAGES, FILE_ENUMS, FILE_SERVICES = 12, 4, 5, 6
MESSAGE_FIELDS, ENUM_VALUES, SERVICE_METHODS = 2, 2, 2

SCALARS = {
    Field.TYPE_INT32: {"type": "integer", "format": "int32"},
    Field.TYPE_UINT32: {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    Field.TYPE_INT64: {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"},
    Field.TYPE_UINT64: {"type": "string", "format": "uint64", "pattern": "^[0-9]+$"},
    Field.TYPE_BOOL: {"type": "boolean"},
    Field.TYPE_STRING: {"type": "string"},
    Field.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}
SCALARS[Field.TYPE_SINT32] = SCALARS[Field.TYPE_INT32]
SCALARS[Field.TYPE_SINT64] = SCALARS[Field.TYPE_INT64]

# The codes of the Connect protocol and the HTTP statuses that it gives them.
CONNECT_CODES = {
    "canceled": 499, "unknown": 500, "invalid_argument": 400, "deadline_exceeded": 504,
    "not_found": 404, "already_exists": 409, "permission_denied": 403, "resource_exhausted": 429,
    "failed_precondition": 400, "aborted": 409, "out_of_range": 400, "unimplemented": 501,
    "internal": 500, "unavailable": 503, "data_loss": 500, "unauthenticated": 401,
}

ABOUT = """\
The Connect protocol, unary, over HTTP/1.1; docs/http.md tells how to use it. Generated from
proto/lovebank/v1.

JSON is proto3's: 64-bit numbers are strings (numbers are taken, too), bytes are base64, enums go by
name. What has its default value, 0, "" or false, is left out of answers and may be left out of
requests. A field that a message does not have is refused in a request; answers may have new ones.

Texts in both languages are "zh / en"."""


def descriptors():
    protos = sorted((ROOT / "proto/lovebank/v1").glob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}", "--include_source_info",
                        f"--descriptor_set_out={out.name}", *map(str, protos)], check=True)
        return FileDescriptorSet.FromString(Path(out.name).read_bytes()).file


class Comments:
    """Of a file, by the path of what they are about."""

    def __init__(self, file):
        self.locations = {tuple(location.path): location
                          for location in file.source_code_info.location}

    def of(self, *path):
        location = self.locations.get(path)
        parts = [] if location is None else [location.leading_comments, location.trailing_comments]
        return tidy("\n".join(part for part in parts if part.strip()))

    def of_file(self):
        """Its head, without licence and holder."""
        location = self.locations[(FILE_SYNTAX,)]
        head = location.leading_comments or "".join(location.leading_detached_comments)
        return tidy("\n".join(line for line in head.splitlines() if "SPDX-" not in line))


def tidy(comment):
    lines = [re.sub("^ ", "", line).rstrip() for line in comment.splitlines()]
    return "\n".join(lines).strip()


def with_description(schema, *texts):
    text = "\n\n".join(text for text in texts if text)
    return {**schema, "description": text} if text else dict(schema)


def reference(type_name):
    return {"$ref": "#/components/schemas/" + type_name.removeprefix(f".{PACKAGE}.")}


def field_schema(field, comment):
    schema = reference(field.type_name) if field.type_name else SCALARS[field.type]
    if field.label == Field.LABEL_REPEATED:
        schema = {"type": "array", "items": schema}
    return with_description(schema, comment)


def message_schema(message, comments, path, is_closed):
    properties = {field.json_name: field_schema(field, comments.of(*path, MESSAGE_FIELDS, at))
                  for at, field in enumerate(message.field)}
    choices = []
    for at, choice in enumerate(message.oneof_decl):
        names = [field.json_name for field in message.field
                 if field.HasField("oneof_index") and field.oneof_index == at]
        choices.append(f"At most one of these, `{choice.name}`: {', '.join(names)}.")
    schema = {"type": "object", "properties": properties}
    if is_closed:
        schema["additionalProperties"] = False
    return with_description(schema, comments.of(*path), *choices)


def enum_schema(enum, comments, path):
    values = []
    for at, value in enumerate(enum.value):
        comment = comments.of(*path, ENUM_VALUES, at)
        values.append(f"- `{value.name}` = {value.number}" + (f": {comment}" if comment else ""))
    return with_description({"type": "string", "enum": [value.name for value in enum.value]},
                            comments.of(*path), "\n".join(values))


def reachable(messages, names):
    """The names of these messages and of all in them."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in messages and name not in found:
            found.add(name)
            waiting += [field.type_name for field in messages[name].field]
    return found


def full_name(message):
    return f".{PACKAGE}.{message.name}"


def schemas(files):
    messages = {full_name(message): message for file in files for message in file.message_type}
    methods = [method for file in files for service in file.service for method in service.method]
    told = reachable(messages, [method.output_type for method in methods] +
                     [f".{PACKAGE}.ErrorDetail", f".{PACKAGE}.Entry"])
    closed = reachable(messages, [method.input_type for method in methods]) - told
    found = {}
    for file in files:
        comments = Comments(file)
        for at, message in enumerate(file.message_type):
            found[message.name] = message_schema(message, comments, (FILE_MESSAGES, at),
                                                 full_name(message) in closed)
        for at, enum in enumerate(file.enum_type):
            found[enum.name] = enum_schema(enum, comments, (FILE_ENUMS, at))
    return found


def error_schema():
    codes = "\n".join(f"- `{code}`: HTTP {status}" for code, status in CONNECT_CODES.items())
    return {
        "type": "object",
        "description": "An error of the Connect protocol.",
        "required": ["code"],
        "properties": {
            "code": {"type": "string", "enum": list(CONNECT_CODES), "description": codes},
            "message": {"type": "string", "description": "zh / en"},
            "details": {"type": "array", "items": {
                "type": "object",
                "required": ["type", "value"],
                "properties": {
                    "type": {"type": "string", "const": f"{PACKAGE}.ErrorDetail"},
                    "value": {"type": "string", "contentEncoding": "base64",
                              "description": "An ErrorDetail, packed; base64 without padding."},
                    "debug": reference("ErrorDetail"),
                },
            }},
        },
    }


def operation(service, method, descriptions):
    request, response = (name.removeprefix(f".{PACKAGE}.")
                         for name in (method.input_type, method.output_type))
    described = with_description({"operationId": f"{service.name}_{method.name}",
                                  "summary": f"{service.name}.{method.name}",
                                  "tags": [service.name]},
                                 descriptions.get(request), descriptions.get(response))
    if method.name in OPEN:
        described["security"] = [{}, {"token": []}, {"session": []}]
    binary = {"description": f"{PACKAGE}.{{}}, packed"}
    return {"post": {
        **described,
        "parameters": [{"$ref": f"#/components/parameters/{name}"}
                       for name in ("version", "timeout", "cookies")],
        "requestBody": {"required": True, "content": {
            "application/json": {"schema": reference(request)},
            "application/proto": {"schema": with_description(
                {}, binary["description"].format(request))},
        }},
        "responses": {
            "200": {"description": "The answer.", "content": {
                "application/json": {"schema": reference(response)},
                "application/proto": {"schema": with_description(
                    {}, binary["description"].format(response))},
            }},
            "default": {"$ref": "#/components/responses/error"},
        },
    }}


def method_paths(files, descriptions):
    return {f"/{PACKAGE}.{service.name}/{method.name}": operation(service, method, descriptions)
            for file in files for service in file.service for method in service.method}


def answer(description, media_type):
    return {"description": description, "content": {media_type: {"schema": {"type": "string"}}}}


def other_paths():
    return {
        "/events": {"get": {
            "operationId": "events",
            "summary": "New entries, as they become durable",
            "description": "Server-Sent Events: `id` is the entry's number, `data` {\"entry\": Entry} "
                           "and what else a StoredEntry has. The last one, `event: end`, has a "
                           "ConnectError. See docs/http.md.",
            "tags": ["Streams"],
            "parameters": [
                {"name": "from", "in": "query", "schema": SCALARS[Field.TYPE_UINT64],
                 "description": "The first entry wanted; left out: the next there will be."},
                {"name": "Last-Event-ID", "in": "header", "schema": SCALARS[Field.TYPE_UINT64],
                 "description": "The last entry had; goes before `from`."},
            ],
            "responses": {"200": answer("A stream without an end.", "text/event-stream"),
                          "default": {"$ref": "#/components/responses/error"}},
        }},
        "/health": {"get": {
            "operationId": "health", "summary": "Whether requests are answered",
            "tags": ["Operation"], "security": [],
            "responses": {"200": answer("They are.", "text/plain"),
                          "503": answer("They are not.", "text/plain")},
        }},
        "/metrics": {"get": {
            "operationId": "metrics", "summary": "Numbers for Prometheus",
            "tags": ["Operation"], "security": [{}, {"token": []}],
            "responses": {"200": answer("Text format 0.0.4.", "text/plain"),
                          "default": {"$ref": "#/components/responses/error"}},
        }},
    }


def header(name, description, schema):
    return {"name": name, "in": "header", "description": description, "schema": schema}


def components(found):
    return {
        "schemas": {**dict(sorted(found.items())), "ConnectError": error_schema()},
        "responses": {"error": {
            "description": "The request failed as a whole.",
            "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/ConnectError"}}},
        }},
        "parameters": {
            "version": header("Connect-Protocol-Version", "Must be sent with cookies.",
                              {"type": "string", "const": "1"}),
            "timeout": header("Connect-Timeout-Ms", "How long the caller waits.",
                              {"type": "integer", "minimum": 0, "maximum": 9999999999}),
            "cookies": header("Lovebank-Cookies", "1: tokens come as cookies, for browsers.",
                              {"type": "string", "const": "1"}),
        },
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer",
                      "description": "Of a session or a device: 64 hexadecimal digits."},
            "session": {"type": "apiKey", "in": "cookie", "name": "__Host-lovebank-session"},
            "device": {"type": "apiKey", "in": "cookie", "name": "__Host-lovebank-device"},
        },
    }


def project_version():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(LoveBank VERSION ([0-9.]+)", text).group(1)


def describe(files):
    found = schemas(files)
    descriptions = {name: schema.get("description") for name, schema in found.items()}
    heads = {Path(file.name).stem: Comments(file).of_file() for file in files}
    services = [service.name for file in files for service in file.service]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LoveBank",
            "version": project_version(),
            "description": f"{ABOUT}\n\n{heads['commands']}\n\n{heads['queries']}",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}, {"device": []}],
        "tags": [{"name": name} for name in [*services, "Streams", "Operation"]],
        "paths": {**method_paths(files, descriptions), **other_paths()},
        "components": components(found),
    }


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print("usage: scripts/make_openapi.py FILE", file=sys.stderr)
        return 2
    files = [file for file in descriptors() if file.package == PACKAGE]
    text = json.dumps(describe(files), ensure_ascii=False, indent=1)
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
