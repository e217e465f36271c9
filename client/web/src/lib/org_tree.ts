/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Orgs in the order of their tree, for lists to choose from. Pure.
 */
import type { Org } from "../gen/lovebank/v1/queries_pb";

export interface TreeRow {
  org: Org;
  depth: number;
}

/** Each below its parent, siblings by number; an org whose parent is not here stands as a root. */
export function treeOf(orgs: readonly Org[]): TreeRow[] {
  const known = new Set(orgs.map((org) => org.org));
  const below = new Map<bigint, Org[]>();
  for (const org of [...orgs].sort((a, b) => (a.org < b.org ? -1 : a.org > b.org ? 1 : 0))) {
    const parent = known.has(org.parent) && org.parent !== org.org ? org.parent : 0n;
    below.set(parent, [...(below.get(parent) ?? []), org]);
  }
  const rows: TreeRow[] = [];
  const walk = (parent: bigint, depth: number) => {
    for (const org of below.get(parent) ?? []) {
      rows.push({ org, depth });
      walk(org.org, depth + 1);
    }
  };
  walk(0n, 0);
  return rows;
}

/** For a Select: indented by depth. */
export function orgOptions(orgs: readonly Org[]): { value: string; text: string }[] {
  return treeOf(orgs).map(({ org, depth }) => (
    { value: String(org.org), text: "\u3000".repeat(depth) + org.name }));
}
