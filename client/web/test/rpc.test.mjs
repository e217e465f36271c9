/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a request came to when it failed as a whole.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../src/gen/lovebank/v1/results_pb.ts";
import { Code } from "../src/lib/result.ts";
import { asOfNewest, Failure, noteEntry, toFailure } from "../src/lib/rpc.ts";
import { MemberGetRequestSchema } from "../src/gen/lovebank/v1/queries_pb.ts";
import { Ledger, Members, WriteResponseSchema } from "../src/gen/lovebank/v1/services_pb.ts";

test("the server's own words are kept", () => {
  const value = { code: Code.SESSION_EXPIRED, name: "session_expired", zh: "请登录", en: "log in" };
  const thrown = new ConnectError("x", ConnectCode.Unauthenticated, undefined,
    [{ desc: ErrorDetailSchema, value: create(ErrorDetailSchema, value) }]);
  const failure = toFailure(thrown);
  assert.ok(failure instanceof Failure);
  assert.deepEqual([failure.result, failure.zh, failure.en], [Code.SESSION_EXPIRED, "请登录", "log in"]);
  assert.equal(toFailure(failure), failure);
  assert.equal(ConnectError.from(failure), failure, "Connect passes it on as it is");
  assert.ok(!(thrown instanceof Failure));
});

test("no connection, a late answer and a proxy without a server may be tried again", () => {
  const lost = [new TypeError("fetch"), new ConnectError("x", ConnectCode.DeadlineExceeded),
    new ConnectError("x", ConnectCode.Unavailable),
    new ConnectError("x", ConnectCode.Unknown, undefined, undefined, new TypeError("fetch"))];
  for (const thrown of lost) {
    assert.equal(toFailure(thrown).result, Code.UNREACHABLE, String(thrown));
    assert.ok(toFailure(thrown).isRetryable);
  }
});

test("a fault of our own is none of the network's", () => {
  for (const thrown of [new Error("x"), new ConnectError("x", ConnectCode.Internal), "x"]) {
    assert.equal(toFailure(thrown).result, Code.INTERNAL);
    assert.ok(!toFailure(thrown).isRetryable);
  }
});

/** As of which entry MemberGet is asked for; `next` answers. */
async function askedFor(next = async () => ({ stream: false, message: {} })) {
  const request = { stream: false, method: Members.method.memberGet,
    message: create(MemberGetRequestSchema) };
  await asOfNewest(next)(request);
  return request.message.atLeastEntry;
}

test("what is read is never older than what was written or seen, until a server knows less", async () => {
  assert.equal(await askedFor(), 0n);
  const written = create(WriteResponseSchema, { results: [{ entry: 8n }, { entry: 7n }, { entry: 0n }] });
  await asOfNewest(async () => ({ stream: false, message: written }))(
    { stream: false, method: Ledger.method.write, message: {} });
  assert.equal(await askedFor(), 8n);
  noteEntry(9n);
  noteEntry(3n);
  assert.equal(await askedFor(), 9n);
  const status = { stream: false, method: Ledger.method.status, message: {} };
  await asOfNewest(async () => ({ stream: false, message: {} }))(status);
  assert.deepEqual(status.message, {}, "it tells of the server itself");
  await assert.rejects(askedFor(() => Promise.reject(new ConnectError("x", ConnectCode.Unavailable))));
  assert.equal(await askedFor(), 9n, "no answer says nothing of the book");
  const behind = { code: Code.STATE_BEHIND, name: "state_behind", zh: "x", en: "x" };
  const thrown = new ConnectError("x", ConnectCode.Unavailable, undefined,
    [{ desc: ErrorDetailSchema, value: create(ErrorDetailSchema, behind) }]);
  await assert.rejects(askedFor(() => Promise.reject(thrown)));
  assert.equal(await askedFor(), 0n);
});
