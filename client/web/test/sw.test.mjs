/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The service worker in a browser of its own making: what it gives when the server answers, does not,
 * or a proxy answers for it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const source = readFileSync(join(process.env.LOVEBANK_SOURCE_DIR, "client/web/src/sw.js"), "utf8")
  .replace("{{version}}", "1").replace("{{files}}", '["/", "/assets/main-1.js"]');
const origin = "https://bank.example";

/** `answer(url)`: the server's; throws where it cannot be reached. */
async function worker(answer) {
  const handlers = {};
  const kept = new Map();
  const pathOf = (request) => new URL(request.url ?? request, origin).pathname;
  const cache = {
    addAll: async (files) => files.forEach((file) => kept.set(file, { from: "kept", status: 200 })),
    put: async (request, response) => void kept.set(pathOf(request), response),
  };
  runInNewContext(source, {
    URL, AbortController, setTimeout, clearTimeout,
    caches: { open: async () => cache, keys: async () => ["lovebank-0", "lovebank-1"],
      delete: async (name) => assert.equal(name, "lovebank-0"),
      match: async (request) => kept.get(pathOf(request)) },
    fetch: async (request) => answer(pathOf(request)),
    self: { location: { origin }, clients: { claim: async () => undefined },
      addEventListener: (name, call) => (handlers[name] = call) },
  });
  const wait = async (name) => {
    let work;
    handlers[name]({ waitUntil: (promise) => (work = promise) });
    await work;
  };
  await wait("install");
  await wait("activate");
  return {
    kept,
    /** What it gives; undefined: it leaves it to the browser. */
    get: async (path, { mode = "navigate", method = "GET", from = origin } = {}) => {
      let given;
      handlers.fetch({ request: { method, mode, url: from + path },
        respondWith: (promise) => (given = promise) });
      return given;
    },
  };
}

const server = (status) => () => {
  const response = { from: "server", status, ok: status < 300, clone: () => response };
  return response;
};

test("a page comes from the server while it answers, be it with a refusal", async () => {
  for (const status of [200, 404, 500]) {
    const page = await (await worker(server(status))).get("/desk");
    assert.equal(page.from, "server", String(status));
  }
});

test("the kept page comes when nobody answers, or a proxy says that nobody is there", async () => {
  const cut = await worker(() => {
    throw new TypeError("cut");
  });
  assert.equal((await cut.get("/desk")).from, "kept");
  for (const status of [502, 503, 504]) {
    const page = await (await worker(server(status))).get("/desk");
    assert.equal(page.from, "kept", String(status));
  }
});

test("files by their names are fetched once, and only good ones are kept", async () => {
  const good = await worker(server(200));
  assert.equal((await good.get("/assets/main-1.js", { mode: "cors" })).from, "kept");
  assert.equal((await good.get("/assets/other-2.js", { mode: "cors" })).from, "server");
  assert.ok(good.kept.has("/assets/other-2.js"));
  const bad = await worker(server(500));
  await bad.get("/assets/other-2.js", { mode: "cors" });
  assert.ok(!bad.kept.has("/assets/other-2.js"));
});

test("what is no page and no file of ours is left alone", async () => {
  const { get } = await worker(server(200));
  assert.equal(await get("/lovebank.v1.Ledger/Write", { mode: "cors", method: "POST" }), undefined);
  assert.equal(await get("/events", { mode: "cors" }), undefined);
  assert.equal(await get("/openapi.json"), undefined);
  assert.equal(await get("/assets/x.js", { mode: "cors", from: "https://other.example" }), undefined);
});
