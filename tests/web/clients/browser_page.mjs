// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// The page of connect_browser.mjs: the story with connect-web, in the browser, by cookies.
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import * as connect from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import descriptors from "descriptors"; // by the bundler, from clients.py
import { story } from "./story.mjs";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));

globalThis.runStory = ({ login, password, member }, useBinaryFormat) => story({
  connect, registry, cookies: true,
  transport: createConnectTransport({ baseUrl: location.origin, useBinaryFormat }),
  place: { login, password, member: BigInt(member) },
});
