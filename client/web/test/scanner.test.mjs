/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A scanner is told from a typist by its speed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ScanReader } from "../src/lib/scanner.ts";

function type(reader, text, gapMs, enterGapMs = gapMs) {
  let ms = 1000;
  for (const character of text) {
    const code = /\d/.test(character) ? `Digit${character}` : `Key${character.toUpperCase()}`;
    assert.equal(reader.feed(code, (ms += gapMs)), null);
  }
  return reader.feed("Enter", ms + enterGapMs);
}

test("fast keys that end with Enter are a scan", () => {
  assert.equal(type(new ScanReader(), "0000000019", 8), "0000000019");
  assert.equal(type(new ScanReader(), "6901234567892", 40), "6901234567892");
});

test("typing is none, however it ends", () => {
  assert.equal(type(new ScanReader(), "0000000019", 120), null);
  assert.equal(type(new ScanReader(), "0000000019", 8, 400), null);
  assert.equal(type(new ScanReader(), "123", 8), null);
});

test("a key that a busy machine holds up does not break the scan", () => {
  const reader = new ScanReader();
  reader.feed("Digit6", 1000);
  reader.feed("Digit9", 1120);
  for (const [i, digit] of [..."01234567892"].entries()) {
    reader.feed(`Digit${digit}`, 1130 + 8 * i);
  }
  assert.equal(reader.feed("Enter", 1300), "6901234567892");
});

test("what was typed before a scan is not part of it", () => {
  const reader = new ScanReader();
  reader.feed("KeyZ", 100);
  reader.feed("KeyX", 300);
  assert.equal(type(reader, "0000000019", 8), "0000000019");
});

test("a scan is read once", () => {
  const reader = new ScanReader();
  assert.equal(type(reader, "0000000019", 8), "0000000019");
  assert.equal(reader.feed("Enter", 1100), null);
});

test("other keys break a scan off", () => {
  const reader = new ScanReader();
  for (const [i, code] of ["Digit1", "Digit2", "ArrowLeft", "Digit3", "Digit4"].entries()) {
    reader.feed(code, 1000 + i);
  }
  assert.equal(reader.feed("Enter", 1006), null);
});
