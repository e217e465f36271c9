// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// @connectrpc/connect-web in Debian's Chromium, from a page that LoveBank serves, with its cookies.
// usage: node connect_browser.mjs page DIRECTORY | json | proto     page: makes what is served
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { place, require, url } from "./packages.mjs";

async function makePage(directory) {
  mkdirSync(join(directory, "assets"), { recursive: true });
  await require("esbuild").build({
    entryPoints: [fileURLToPath(new URL("browser_page.mjs", import.meta.url))],
    outfile: join(directory, "assets/story.js"),
    bundle: true, format: "esm", target: "es2020",
    nodePaths: [fileURLToPath(new URL("../../../client/web/node_modules", import.meta.url))],
    alias: { descriptors: process.env.LOVEBANK_TEST_DESCRIPTORS },
    loader: { ".binpb": "binary" },
  });
  writeFileSync(join(directory, "index.html"), "<!doctype html><title>story</title>" +
    '<script type="module" src="/assets/story.js"></script>');
}

async function runStory(useBinaryFormat) {
  const browser = await require("playwright-core").chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url.replace("127.0.0.1", "localhost"));
    await page.waitForFunction("globalThis.runStory !== undefined");
    const steps = await page.evaluate(
      ([where, binary]) => globalThis.runStory(where, binary),
      [{ ...place, member: String(place.member) }, useBinaryFormat]);
    // The tokens were cookies, which no script saw.
    const cookies = await page.context().cookies();
    const isSafe = ({ httpOnly, secure, sameSite }) => httpOnly && secure && sameSite === "Strict";
    if (!cookies.every(isSafe)) {
      throw new Error(JSON.stringify(cookies));
    }
    return steps;
  } finally {
    await browser.close();
  }
}

if (process.argv[2] === "page") {
  await makePage(process.argv[3]);
} else {
  console.log(JSON.stringify(await runStory(process.argv[2] === "proto")));
}
