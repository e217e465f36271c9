/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a person chose for this browser: language and elder mode, kept in localStorage. Not the
 * server's business.
 */
import { signal } from "@preact/signals";

export type Lang = "zh" | "en";

const langKey = "lovebank.lang";
const elderKey = "lovebank.elder";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // none here, or forbidden: choices last as long as the page
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
}

export const lang = signal<Lang>(stored(langKey) === "en" ? "en" : "zh");
export const elder = signal<boolean>(stored(elderKey) === "yes");

export function setLang(value: Lang): void {
  lang.value = value;
  store(langKey, value);
}

export function setElder(value: boolean): void {
  elder.value = value;
  store(elderKey, value ? "yes" : "no");
}
