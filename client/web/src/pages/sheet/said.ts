/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the last act on the sheet came to: one sentence above the grid.
 */
import { signal } from "@preact/signals";
import { announce } from "../../lib/said";

export type SaidTone = "done" | "refused" | "waiting";

export const said = signal<{ tone: SaidTone; text: string } | undefined>(undefined);

export function say(tone: SaidTone, text: string): void {
  said.value = { tone, text };
  announce(text);
}
