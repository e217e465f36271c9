/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What of the star board is asked for; it stands in the address, so that it can be sent on. Pure.
 */
export interface BoardFilter {
  year: number; // 0: this one
  org: bigint; // 0n: the whole book
  classId: number; // 0: everybody
  by: "points" | "hours";
  top: number;
}

export const tops = [10, 20, 50, 100, 500] as const;
const whole: BoardFilter = { year: 0, org: 0n, classId: 0, by: "points", top: 100 };

function numberOf(text: string | null, most: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Math.min(Number(text), most) : 0;
}

export function filterOf(query: URLSearchParams): BoardFilter {
  const org = query.get("org") ?? "";
  const top = numberOf(query.get("top"), 500);
  return {
    year: numberOf(query.get("year"), 2199),
    org: /^\d{1,12}$/.test(org) ? BigInt(org) : 0n,
    classId: numberOf(query.get("class"), 999_999_999),
    by: query.get("by") === "hours" ? "hours" : "points",
    top: top === 0 ? whole.top : top,
  };
}

/** What is as usual is left out. */
export function addressOf(filter: BoardFilter): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | bigint, usual: string | number | bigint) => {
    if (value !== usual) {
      query.set(name, String(value));
    }
  };
  put("year", filter.year, whole.year);
  put("org", filter.org, whole.org);
  put("class", filter.classId, whole.classId);
  put("by", filter.by, whole.by);
  put("top", filter.top, whole.top);
  const text = query.toString();
  return text === "" ? "/board" : `/board?${text}`;
}
