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
import { Failure, toFailure } from "../src/lib/rpc.ts";

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
