// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// The npm packages of client/web for programs that stand elsewhere, and what the tests of clients
// are told by their environment (clients.py).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Node 18 has it under another name.
globalThis.crypto ??= (await import("node:crypto")).webcrypto;

export const require = createRequire(new URL("../../../client/web/package.json", import.meta.url));
export const connect = require("@connectrpc/connect");

const { createFileRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");

export const url = process.env.LOVEBANK_TEST_URL;
export const place = {
  login: process.env.LOVEBANK_TEST_LOGIN,
  password: process.env.LOVEBANK_TEST_PASSWORD,
  member: BigInt(process.env.LOVEBANK_TEST_MEMBER),
};
export const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(process.env.LOVEBANK_TEST_DESCRIPTORS)));
