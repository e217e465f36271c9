// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// @connectrpc/connect-node over HTTP/1.1. usage: node connect_node.mjs json|proto
import { connect, place, registry, require, url } from "./packages.mjs";
import { story } from "./story.mjs";

const { createConnectTransport } = require("@connectrpc/connect-node");
const transport = createConnectTransport({
  baseUrl: url, httpVersion: "1.1", useBinaryFormat: process.argv[2] === "proto",
});
console.log(JSON.stringify(await story({ connect, registry, transport, place, cookies: false })));
