/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What was done, as it is typed behind the person: "2", "1.5", "90分", "9:00-11:30", "5/1", "#3",
 * "jz", "@12", in any order, one or several. Pure.
 */
import { namedBy } from "../../lib/initials";
import { fold, parseClock, parseDay, parseMinutes } from "../../lib/values";

/** A bare number up to this is hours, above it minutes: nobody serves longer in a day. */
const hoursMax = 24;

export interface Span {
  minutes: number;
  /** Minute of the day; null: not said. */
  start: number | null;
}

export interface What {
  span?: Span;
  day?: number;
  category?: number;
  activity?: bigint;
}

export interface Named {
  number: number;
  name: string;
}

export type WhatTyped =
  | { ok: true; what: What }
  | { ok: false; token: string; why: "unknown" | "several" | "time" };

/** "9:00-11:30", "9点到11点半". undefined: no range; null: one that ends before it begins. */
export function parseRange(text: string): Span | null | undefined {
  const parts = fold(text).replace(/\s+/g, "").split(/[-–—~～〜至到]+/);
  const start = parts.length === 2 ? parseClock(parts[0]!) : null;
  const end = parts.length === 2 ? parseClock(parts[1]!) : null;
  if (start === null || end === null) {
    return undefined;
  }
  return end > start ? { minutes: end - start, start } : null;
}

/** Minutes of "2", "90分", "1小时30分"; null: no time. */
export function parseTyped(text: string): number | null {
  const clean = fold(text);
  const bare = /^\d+(\.\d+)?$/.test(clean);
  return parseMinutes(clean, bare && Number(clean) > hoursMax ? "minutes" : "hours");
}

function categoryOf(token: string, categories: readonly Named[]): What | "unknown" | "several" {
  const number = /^(?:#|类别?)(\d+)$/.exec(token);
  const found = number !== null
    ? categories.filter((row) => row.number === Number(number[1]))
    : namedBy(categories, token, (row) => row.name);
  return found.length === 1 ? { category: found[0]!.number }
    : found.length === 0 ? "unknown" : "several";
}

function parseToken(
  token: string, today: number, categories: readonly Named[],
): What | "unknown" | "several" | "time" {
  const range = parseRange(token);
  if (range !== undefined) {
    return range === null ? "time" : { span: range };
  }
  const activity = /^(?:@|活动)(\d{1,18})$/.exec(token);
  if (activity !== null) {
    return { activity: BigInt(activity[1]!) };
  }
  const minutes = parseTyped(token);
  if (minutes !== null && !/^\d{8}$/.test(token)) {
    return minutes >= 1 && minutes <= 1440 ? { span: { minutes, start: null } } : "time";
  }
  const day = parseDay(token, today);
  return day !== null ? { day } : categoryOf(token, categories);
}

/** Spaces within "1 小时 30 分" and "9:00 - 11:30" are none. */
function tokensOf(text: string): string[] {
  return fold(text)
    .replace(/\s*([-–—~～〜至到])\s*/g, "$1")
    .replace(/(\d)\s+(?=个?(?:小时|分|钟头|hours?\b|hrs?\b|h\b|minutes?\b|mins?\b|m\b))/gi, "$1")
    .replace(/(小时|h)\s+(?=\d+\s*(?:分|m))/gi, "$1")
    .split(/[\s,，;；、]+/)
    .filter((token) => token !== "");
}

export function parseWhat(
  text: string, today: number, categories: readonly Named[],
): WhatTyped {
  const what: What = {};
  for (const token of tokensOf(text)) {
    const found = parseToken(token, today, categories);
    if (typeof found === "string") {
      return { ok: false, token, why: found };
    }
    Object.assign(what, found);
  }
  return { ok: true, what };
}
