/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The stream of entries: its messages, as server/http writes them, and how it is opened again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { followEntries, readEnd, readLiveEntry } from "../src/lib/events.ts";

test("an entry comes with what stands beside it; fields of a newer server are passed over", () => {
  const live = readLiveEntry('{"entry":{"number":"7","principal":3,"later":1},' +
    '"reversedBy":"9","principalName":"wangli","laterToo":{}}');
  assert.equal(live.entry.number, 7n);
  assert.equal(live.beside.reversedBy, 9n);
  assert.equal(live.beside.principalName, "wangli");
});

test("what is of another form is none", () => {
  for (const data of ["", "null", "{", '{"entry":7}', '{"entry":{"number":"x"}}']) {
    assert.equal(readLiveEntry(data), undefined, data);
  }
});

test("an end says why; what says nothing has no code", () => {
  assert.equal(readEnd('{"code":"unavailable","message":"x"}'), "unavailable");
  for (const data of ["", "null", "{}", '{"code":7}']) {
    assert.equal(readEnd(data), "", data);
  }
});

const tick = () => new Promise((done) => setImmediate(done));

/** A browser whose time stands still; `sources` are the streams that were opened, oldest first. */
async function world(after, down = false) {
  const world = { sources: [], pauses: [], got: [], ended: 0, nowMs: 1, newest: 41n, down };
  const ports = {
    open: (url) => {
      const source = { url, on: {}, isClosed: false, close: () => (source.isClosed = true),
        addEventListener: (name, call) => (source.on[name] = call) };
      world.sources.push(source);
      return source;
    },
    later: (call, ms) => {
      const pause = { call, ms, isForgotten: false };
      world.pauses.push(pause);
      return () => (pause.isForgotten = true);
    },
    whenOnline: (call) => {
      world.online = call;
      return () => (world.online = () => assert.fail("ended"));
    },
    now: () => world.nowMs,
    random: () => 0.5,
    sessionEnded: () => world.ended++,
  };
  const begin = async () => {
    if (world.down) {
      throw new TypeError("down");
    }
    return after ?? world.newest;
  };
  world.close = followEntries(({ entry }) => world.got.push(entry.number), begin, ports);
  world.source = () => world.sources.at(-1);
  world.goOn = async () => {
    world.pauses.at(-1).call();
    await tick();
  };
  world.entry = (number) => world.source().on.entry({ data: `{"entry":{"number":"${number}"}}` });
  world.end = (code) => world.source().on.end({ data: JSON.stringify({ code }) });
  await tick();
  return world;
}

test("it begins behind the newest, and after a cut behind the last it had", async () => {
  const stream = await world();
  assert.equal(stream.source().url, "/events?from=42");
  stream.newest = 50n; // came while it was cut off
  stream.source().on.error();
  assert.ok(stream.source().isClosed);
  await stream.goOn();
  assert.equal(stream.source().url, "/events?from=42");
  stream.entry(43);
  stream.source().on.error();
  await stream.goOn();
  assert.equal(stream.source().url, "/events?from=44");
  assert.deepEqual(stream.got, [43n]);
});

test("where the reader says so it begins there", async () => {
  const stream = await world(7n);
  assert.equal(stream.source().url, "/events?from=8");
});

test("pauses grow up to a minute, are spread, and are short again after a good stream", async () => {
  const stream = await world();
  for (let i = 0; i < 8; i++) {
    stream.source().on.error();
    await stream.goOn();
  }
  assert.deepEqual(stream.pauses.map(({ ms }) => ms),
    [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  stream.nowMs += 30_000;
  stream.source().on.error();
  assert.equal(stream.pauses.at(-1).ms, 1000);
});

test("one error after the other makes one pause", async () => {
  const stream = await world();
  stream.end("unavailable");
  stream.source().on.error();
  assert.equal(stream.pauses.length, 1);
  assert.equal(stream.ended, 0);
});

test("a session that has ended is told of once a try; what is not for one is not asked again", async () => {
  const stream = await world();
  stream.end("unauthenticated");
  assert.equal(stream.ended, 1);
  await stream.goOn();
  stream.end("permission_denied");
  assert.equal(stream.pauses.length, 1);
  assert.ok(stream.source().isClosed);
  assert.equal(stream.ended, 1);
});

test("a server that cannot be reached at the start is asked again; the network's return ends a pause",
  async () => {
    const stream = await world(undefined, true);
    assert.deepEqual([stream.sources.length, stream.pauses.length], [0, 1]);
    stream.down = false;
    stream.online();
    await tick();
    assert.equal(stream.source().url, "/events?from=42");
    assert.ok(stream.pauses[0].isForgotten);
    stream.online();
    assert.equal(stream.sources.length, 1);
  });

test("after its end nothing is opened, and no pause is left", async () => {
  const stream = await world();
  stream.source().on.error();
  stream.close();
  assert.ok(stream.pauses[0].isForgotten);
  await stream.goOn();
  assert.equal(stream.sources.length, 1);
  const late = await world();
  late.close();
  late.source().on.error();
  assert.equal(late.pauses.length, 0);
});
