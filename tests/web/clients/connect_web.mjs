// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// @connectrpc/connect-web with Node's fetch. usage: node connect_web.mjs json|proto
import { connect, place, registry, require, url } from "./packages.mjs";
import { story } from "./story.mjs";

const { createConnectTransport } = require("@connectrpc/connect-web");
const transport = createConnectTransport({
  baseUrl: url, useBinaryFormat: process.argv[2] === "proto",
});
console.log(JSON.stringify(await story({ connect, registry, transport, place, cookies: false })));
