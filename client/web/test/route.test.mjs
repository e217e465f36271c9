/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";

globalThis.location = { pathname: "/", search: "", origin: "http://localhost" };
const { safePath } = await import("../src/lib/route");

test("accepts: a path of these pages, with its query", () => {
  for (const path of ["/", "/desk", "/members/10010001", "/board?year=2016", "/loginname"]) {
    assert.equal(safePath(path), path);
  }
});

test("rejects: other hosts, also by signs that browsers leave out, and the log-in itself", () => {
  for (const address of [null, "", "desk", "//other.example", "/\\other.example",
    "https://other.example", "/\t/other.example", "/\n/other.example", "javascript:alert(1)",
    "/login", "/login?back=%2Fdesk", "/login/"]) {
    assert.equal(safePath(address), "/", JSON.stringify(address));
  }
});
