/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The outbox: each act happens once, whatever happens to the network, the page and the log-in.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { CommandSchema } from "../src/gen/lovebank/v1/commands_pb.ts";
import { WriteResponseSchema } from "../src/gen/lovebank/v1/services_pb.ts";
import { memoryStore } from "../src/lib/acts_store.ts";
import { newId, toHex } from "../src/lib/ids.ts";
import { mayStay, Outbox } from "../src/lib/outbox.ts";
import { Code } from "../src/lib/result.ts";

const ok = Code.OK;

function record(minutes = 60, memo = "") {
  const value = { member: { card: 19n }, category: 1, minutes };
  return create(CommandSchema, { id: newId(), memo, act: { case: "serviceRecord", value } });
}

/** A server that keeps ids, as the real one does; `mood` is what its network does. */
function world() {
  const server = { entries: new Map(), mood: "well", sender: 7, code: () => ok, writes: 0 };
  const timers = [];
  const store = memoryStore();
  const ports = {
    store,
    sender: async () => server.sender,
    lastingCode: (thrown) => (thrown.code === undefined ? undefined : thrown.code),
    later: (call) => timers.push(call),
    write: async (commands) => {
      server.writes++;
      if (server.mood === "down") {
        throw new TypeError("down");
      }
      if (server.mood === "refuses" || commands.some((command) => command.memo === "bad")) {
        throw Object.assign(new Error(), { code: Code.MALFORMED });
      }
      const results = commands.map((command) => {
        const code = server.code(command);
        if (code === ok && !server.entries.has(toHex(command.id))) {
          server.entries.set(toHex(command.id), server.entries.size + 1);
        }
        return { code, entry: BigInt(server.entries.get(toHex(command.id)) ?? 0) };
      });
      if (server.mood === "answer lost") {
        throw new TypeError("reset");
      }
      return create(WriteResponseSchema, { code: ok, results });
    },
  };
  /** Another page: the one before is gone, its timers and requests with it. */
  const open = async (...principal) => {
    timers.length = 0;
    const outbox = new Outbox({ ...ports });
    await outbox.open(principal.length === 0 ? 7 : principal[0]);
    return outbox;
  };
  const turn = async () => {
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
    }
  };
  const tick = async () => {
    await turn();
    timers.splice(0).forEach((call) => call());
    await turn();
  };
  return { server, store, ports, tick, open };
}

test("an act is on disk before it is sent, and gone when it is answered", async () => {
  const { server, store, ports, open } = world();
  const write = ports.write;
  let keptWhenSent = 0;
  ports.write = async (commands) => {
    keptWhenSent = (await store.all()).length;
    return write(commands);
  };
  const outbox = await open();
  const result = await outbox.send(record());
  assert.equal(result.code, ok);
  assert.equal(keptWhenSent, 1);
  assert.equal((await store.all()).length, 0);
  assert.equal(server.entries.size, 1);
  assert.equal(outbox.waiting.value.length, 0);
});

test("a lost answer is asked for again under the same id: one entry", async () => {
  const { server, tick, open } = world();
  const outbox = await open();
  server.mood = "answer lost";
  const answer = outbox.send(record());
  await tick();
  assert.equal(outbox.waiting.value[0].isSlow, true);
  server.mood = "well";
  await tick();
  assert.equal((await answer).entry, 1n);
  assert.equal(server.entries.size, 1);
});

test("acts made without a network arrive after a reload, once, in their order", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  const first = await open();
  const commands = [record(1), record(2), record(3)];
  commands.forEach((command, i) => void first.send(command, 1000 + i));
  await tick();
  assert.equal((await store.all()).length, 3);
  server.mood = "well";
  const second = await open();
  await tick();
  assert.deepEqual([...server.entries.keys()], commands.map((command) => toHex(command.id)));
  assert.equal((await store.all()).length, 0);
  assert.equal(second.waiting.value.length, 0);
});

test("another log-in never sends them, and is told how many there are", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  const mine = await open(7);
  void mine.send(record());
  await tick();
  server.mood = "well";
  const theirs = await open(8);
  await tick();
  assert.deepEqual([...theirs.othersWaiting.value], [[7, 1]]);
  assert.equal(server.entries.size, 0);
  assert.equal((await store.all()).length, 1);
});

test("a page whose cookie has become another's sends nothing that was kept", async () => {
  const { server, tick, open } = world();
  server.mood = "down";
  const outbox = await open(7);
  void outbox.send(record());
  await tick();
  server.mood = "well";
  server.sender = 8;
  await tick();
  assert.equal(server.entries.size, 0);
  server.sender = 7;
  await tick();
  assert.equal(server.entries.size, 1);
});

test("a log-in that ends keeps its acts, also what names a person, until it is back", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  const outbox = await open(7);
  const answers = [outbox.send(record(60, "给王奶奶")), outbox.send(record())];
  await tick();
  await outbox.open(undefined);
  server.mood = "well";
  server.sender = 8;
  await outbox.open(8);
  await tick();
  assert.equal(server.entries.size, 0);
  assert.equal(outbox.othersWaiting.value.get(7), 2);
  server.sender = 7;
  await outbox.open(7);
  await tick();
  assert.deepEqual((await Promise.all(answers)).map((result) => result.code), [ok, ok]);
  assert.equal(server.entries.size, 2);
  assert.equal((await store.all()).length, 0);
});

test("a disk that takes nothing does not keep an act from being sent", async () => {
  const { server, ports, open } = world();
  ports.store = { ...ports.store, put: () => Promise.reject(new Error("full")) };
  assert.equal((await (await open()).send(record())).code, ok);
  assert.equal(server.entries.size, 1);
});

test("nothing that may name a person stays on disk, and is sent again all the same", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  const outbox = await open();
  const named = create(CommandSchema, { id: newId(),
    act: { case: "memberRegister", value: { person: { name: "张晓明" } } } });
  void outbox.send(named);
  void outbox.send(record(60, "给王奶奶"));
  await tick();
  assert.equal((await store.all()).length, 0);
  assert.ok(!mayStay(named));
  server.mood = "well";
  await tick();
  assert.equal(server.entries.size, 2);
});

test("what is kept has the card's number and no more than the command", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  const outbox = await open();
  const command = record();
  void outbox.send(command, 5);
  await tick();
  assert.deepEqual(await store.all(), [
    { key: toHex(command.id), principal: 7, madeMs: 5, command: toBinary(CommandSchema, command) }]);
});

test("a refusal after a reload stays until somebody has settled it", async () => {
  const { server, store, tick, open } = world();
  server.mood = "down";
  void (await open()).send(record());
  await tick();
  server.mood = "well";
  server.code = () => Code.CARD_BLOCKED;
  const outbox = await open();
  await tick();
  assert.equal(outbox.refused.value[0].result.code, Code.CARD_BLOCKED);
  const again = await open();
  assert.equal(again.refused.value.length, 1);
  await again.dismiss(again.refused.value[0].key);
  assert.equal((await store.all()).length, 0);
});

test("a busy server is asked again; a late refusal is the answer, and stays until settled", async () => {
  const { server, store, tick, open } = world();
  let asked = 0;
  server.code = () => (asked++ === 0 ? Code.TRY_LATER : Code.OVER_DAY);
  const outbox = await open();
  const answer = outbox.send(record());
  await tick();
  await tick();
  assert.equal((await answer).code, Code.OVER_DAY);
  assert.equal(outbox.refused.value.length, 1);
  await outbox.dismiss(outbox.refused.value[0].key);
  assert.equal((await store.all()).length, 0);
});

test("one act that the server cannot read does not take others with it", async () => {
  const { server, tick, open } = world();
  server.mood = "down";
  const outbox = await open();
  const answers = [record(1), record(2, "bad"), record(3)].map((command) => outbox.send(command));
  await tick();
  server.mood = "well";
  await tick();
  const codes = (await Promise.all(answers)).map((result) => result.code);
  assert.deepEqual(codes, [ok, Code.MALFORMED, ok]);
});

test("without a log-in nothing is taken", async () => {
  const { server, open } = world();
  const outbox = await open(undefined);
  assert.equal((await outbox.send(record())).code, Code.LOGIN_REQUIRED);
  assert.equal(server.writes, 0);
});

test("random cuts of the network: every act happens exactly once", async () => {
  const seed = Number(process.env.LOVEBANK_TEST_SEED ?? Date.now() % 100000);
  console.log(`seed ${seed}`);
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const { server, tick, open } = world();
  const moods = ["well", "down", "answer lost"];
  let outbox = await open();
  const sent = [];
  for (let step = 0; step < 300; step++) {
    server.mood = moods[random(3)];
    if (random(2) === 0) {
      const command = record(step);
      sent.push(toHex(command.id));
      void outbox.send(command, step);
    }
    if (random(10) === 0) {
      await tick();
      outbox = await open();
    }
    await tick();
  }
  server.mood = "well";
  for (let i = 0; i < 5; i++) {
    await tick();
  }
  assert.deepEqual([...server.entries.keys()].sort(), sent.sort());
  assert.equal(outbox.waiting.value.length, 0);
});
