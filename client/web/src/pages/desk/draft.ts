/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the next record will say but for the person: it stays from one to the next. Category and
 * time are remembered by this browser; day and activity only by the page.
 */
import { computed, signal } from "@preact/signals";
import { catalogue } from "../../lib/registry";
import { today } from "../../lib/session";
import type { Record } from "./lines";
import type { What } from "./what";

const storageKey = "lovebank.desk";

interface Draft {
  category: number;
  minutes: number;
  start: number | null;
  /** null: today, whichever day that is. */
  day: number | null;
  activity: bigint;
}

function remembered(): { category: number; minutes: number } {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    const [category, minutes] = Array.isArray(found) ? (found as unknown[]) : [];
    return { category: Number(category) || 0, minutes: Number(minutes) || 0 };
  } catch {
    return { category: 0, minutes: 0 };
  }
}

export const draft = signal<Draft>({ ...remembered(), start: null, day: null, activity: 0n });

export function changeDraft(what: What): void {
  const { span, day, category, activity } = what;
  draft.value = {
    ...draft.value,
    ...(span !== undefined && { minutes: span.minutes, start: span.start }),
    ...(day !== undefined && { day: day === today() ? null : day }),
    ...(category !== undefined && { category }),
    ...(activity !== undefined && { activity }),
  };
  try {
    localStorage.setItem(storageKey, JSON.stringify([draft.value.category, draft.value.minutes]));
  } catch {
    // forbidden: remembered as long as the page
  }
}

/** Whoever comes next does not go on with the day and the activity of the one before. */
export function forgetDay(): void {
  draft.value = { ...draft.value, day: null, activity: 0n };
}

export const categories = computed(() => (catalogue.value?.categories ?? [])
  .filter((row) => row.tariff !== undefined)
  .map((row) => ({ number: row.category, name: row.tariff!.name })));

/** The remembered category may not be this book's. */
export const categoryIsKnown = computed(() =>
  categories.value.some((row) => row.number === draft.value.category));

export function recordOfDraft(): Record {
  const { day, ...rest } = draft.value;
  return { ...rest, day: day ?? today() };
}
