/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Entries of a few acts, newest first, going back through the log. The server filters by one act at
 * a time, and its pages may be short, even empty, while there is more: each act is read on by its
 * own cursor, and what is shown ends where the first of them does. Knows no server.
 */
import type { Row } from "../ledger/entry_words";

/** `before` 0n: from the newest. `next` 0n: there is no more. */
export type List = (act: number, before: bigint) => Promise<{ rows: Row[]; next: bigint }>;

const newest = 0xffff_ffff_ffff_ffffn;
const roundsMax = 20; // then the reader is asked whether to go on

interface Cursor {
  act: number;
  /** Entries below it have not been looked at; 0n: all have. */
  before: bigint;
}

export class Lookback {
  private readonly cursors: readonly Cursor[];
  private found: readonly Row[] = [];
  private isReading = false;

  constructor(acts: readonly number[], private readonly list: List) {
    this.cursors = acts.map((act) => ({ act, before: newest }));
  }

  /** From this entry on nothing is missing; 0n: that was all. */
  get floor(): bigint {
    return this.cursors.reduce((most, { before }) => (before > most ? before : most), 0n);
  }

  get rows(): readonly Row[] {
    return this.found.filter(({ entry }) => entry.number >= this.floor);
  }

  /** Until there are so many rows, or no more, or it has looked long enough. Nothing while it is
   * being read on already. */
  async readOn(wanted: number): Promise<void> {
    if (this.isReading) {
      return;
    }
    this.isReading = true;
    try {
      for (let i = 0; i < roundsMax && this.floor > 0n && this.rows.length < wanted; i++) {
        const { floor } = this;
        await Promise.all(this.cursors.filter(({ before }) => before === floor)
          .map((cursor) => this.readPage(cursor)));
      }
    } finally {
      this.isReading = false;
    }
  }

  private async readPage(cursor: Cursor): Promise<void> {
    const { act, before } = cursor;
    const { rows, next } = await this.list(act, before === newest ? 0n : before);
    cursor.before = next;
    this.found = [...this.found, ...rows]
      .sort((a, b) => (a.entry.number > b.entry.number ? -1 : 1));
  }
}
