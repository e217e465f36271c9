/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What happened, in sentences: newest on top, and read out by screen readers.
 */
import { signal } from "@preact/signals";

export const announced = signal("");

/** Read out, politely; said again if it is the same. */
export function announce(text: string): void {
  announced.value = announced.value === text ? `${text}\u00a0` : text;
}
