/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The activity of a sheet: one that is in the book, by number or by name, org and day; or one that
 * is opened with the sheet.
 */
import { fold } from "../../lib/values";
import { listActivities, type Activity } from "../desk/WhatFields";
import { defaults, sheet } from "./state";

let known: Promise<Activity[]> | undefined;

export function activities(): Promise<Activity[]> {
  known ??= listActivities().catch(() => {
    known = undefined;
    return [];
  });
  return known;
}

export function forgetActivities(): void {
  known = undefined;
}

/** Named in the header and in the book. undefined: none is named, or it must be opened. */
export async function knownActivity(): Promise<Activity | undefined> {
  const text = fold(sheet.value.activity);
  const number = /^@?(\d{1,18})$/.exec(text);
  if (number !== null) {
    return { number: BigInt(number[1]!), org: 0n, name: "", day: 0 };
  }
  return text === "" ? undefined : (await activities()).find((row) => row.name === text &&
    row.day === defaults.value.day && String(row.org) === sheet.value.org);
}
