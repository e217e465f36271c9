/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Orgs, categories, items and counters of the book, asked for once and kept for all pages.
 */
import { computed, signal } from "@preact/signals";
import type { CatalogueResponse, Org } from "../gen/lovebank/v1/queries_pb";
import { registry } from "./rpc";
import { t } from "./words";

export const catalogue = signal<CatalogueResponse | undefined>(undefined);
export const orgs = signal<readonly Org[]>([]);

let loading: Promise<void> | undefined;
let reader = 0; // grows when somebody else works here: what was asked for before is not theirs

/** Asks anew. Throws a Failure. */
export async function reloadRegistry(): Promise<void> {
  const mine = reader;
  const [orgList, found] = await Promise.all([registry.orgList({}), registry.catalogue({})]);
  if (mine === reader) {
    orgs.value = orgList.orgs;
    catalogue.value = found;
  }
}

/** Asks if nobody has yet. Throws a Failure; asks again the next time. */
export function loadRegistry(): Promise<void> {
  loading ??= reloadRegistry().catch((failure: unknown) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

/** Another person may see other parts. */
export function forgetRegistry(): void {
  reader++;
  loading = undefined;
  orgs.value = [];
  catalogue.value = undefined;
}

const orgNames = computed(() => new Map(orgs.value.map((org) => [org.org, org.name])));

/** Its name, or its number where the name is not known here. */
export function orgName(org: bigint): string {
  return org === 0n ? t("全部", "the whole book") : (orgNames.value.get(org) ?? String(org));
}

export function itemName(item: number): string {
  const found = catalogue.value?.items.find((row) => row.item === item)?.price?.name;
  return found ?? t(`商品 ${item}`, `item ${item}`);
}

export function categoryName(category: number): string {
  const found = catalogue.value?.categories.find((row) => row.category === category)?.tariff?.name;
  return found ?? t(`类别 ${category}`, `category ${category}`);
}

export function counterName(counter: number): string {
  const found = catalogue.value?.counters.find((row) => row.counter === counter)?.name;
  return found ?? t(`兑换点 ${counter}`, `counter ${counter}`);
}
