/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the list of entries was asked for, and how it stands in the address. Pure.
 */
export interface Filter {
  org: bigint;
  /** Field of Command; 0: all acts. */
  act: number;
  /** Recorded on this day; null: on any. */
  day: number | null;
  mine: boolean;
}

export const everything: Filter = { org: 0n, act: 0, day: null, mine: false };

export function filterOf(query: URLSearchParams): Filter {
  const number = (name: string) => {
    const text = query.get(name) ?? "";
    return /^-?\d{1,15}$/.test(text) ? text : null;
  };
  const day = number("day");
  return {
    org: BigInt(number("org")?.replace("-", "") ?? 0),
    act: Math.abs(Number(number("act") ?? 0)),
    day: day === null ? null : Number(day),
    mine: query.get("mine") === "1",
  };
}

export function addressOf(filter: Filter): string {
  const query = new URLSearchParams();
  if (filter.org !== 0n) {
    query.set("org", String(filter.org));
  }
  if (filter.act !== 0) {
    query.set("act", String(filter.act));
  }
  if (filter.day !== null) {
    query.set("day", String(filter.day));
  }
  if (filter.mine) {
    query.set("mine", "1");
  }
  const text = query.toString();
  return text === "" ? "/ledger" : `/ledger?${text}`;
}
