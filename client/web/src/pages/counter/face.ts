/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the window turned to the volunteer shows, and how it gets there: by a BroadcastChannel of
 * this browser, from one counter's window to its mirror. Kept nowhere; a mirror that is opened or
 * reloaded asks for it.
 */
import { computed, effect, signal } from "@preact/signals";
import { lang, type Lang } from "../../lib/prefs";
import { counterName } from "../../lib/registry";
import { toHex } from "../../lib/ids";
import { findItem } from "./goods";
import { lineOfKey } from "./lines";
import { counter } from "./place";
import { basket, booked, goods, total } from "./till";

/** A face that nobody has touched for so long is no longer anybody's. */
export const faceMs = 60_000;

export interface FaceLine {
  text: string;
  cost: bigint;
}

export interface Face {
  kind: "blank" | "open" | "done";
  place: string;
  /** Masked; "" when no card was shown yet. */
  name: string;
  points: bigint;
  /** Last scanned first. */
  lines: readonly FaceLine[];
  sum: bigint;
  lang: Lang;
  atMs: number;
}

export const blankFace = (place = ""): Face => (
  { kind: "blank", place, name: "", points: 0n, lines: [], sum: 0n, lang: lang.value, atMs: 0 });

const face = computed<Face>(() => {
  const { person, scans } = basket.value;
  const place = counterName(counter.value);
  if (person === null && scans.length === 0) {
    return blankFace(place);
  }
  const isDone = booked.value !== null && lineOfKey(booked.value)?.state === "done";
  return {
    kind: isDone ? "done" : "open", place, name: person?.name ?? "", points: person?.points ?? 0n,
    lines: scans.map(({ item, quantity }) => {
      const row = findItem(goods.value, item);
      return { text: `${row?.name ?? item} × ${quantity}`,
        cost: (row?.price ?? 0n) * BigInt(quantity) };
    }).reverse(),
    sum: total.value, lang: lang.value, atMs: Date.now(),
  };
});

const idKey = "lovebank.counter.window";

/** This window's own, the same after a reload. */
function windowId(): string {
  try {
    const kept = sessionStorage.getItem(idKey) ?? toHex(crypto.getRandomValues(new Uint8Array(8)));
    sessionStorage.setItem(idKey, kept);
    return kept;
  } catch {
    return "one"; // forbidden here: one counter a browser
  }
}

const channelOf = (id: string) => new BroadcastChannel(`lovebank.counter.${id}`);

/** Tells the mirror, until the end that it returns. */
export function startFace(): () => void {
  const channel = channelOf(windowId());
  const leave = () => channel.postMessage(blankFace());
  channel.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.data === "ask") {
      channel.postMessage(face.peek());
    }
  });
  const end = effect(() => channel.postMessage(face.value));
  window.addEventListener("pagehide", leave);
  return () => {
    end();
    leave();
    window.removeEventListener("pagehide", leave);
    channel.close();
  };
}

/** By its name it is the same window again; `noopener` is not wanted for that reason. */
export function openMirror(): void {
  const id = windowId();
  window.open(`/mirror?of=${id}`, `lovebank-mirror-${id}`, "popup,width=1024,height=768");
}

/** What the mirror shows now. */
export const seen = signal<Face>(blankFace());

/** Listens to a counter's window, until the end that it returns. */
export function followFace(id: string): () => void {
  const channel = channelOf(id);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blank = () => (seen.value = blankFace(seen.value.place));
  channel.addEventListener("message", (event: MessageEvent<Face | "ask">) => {
    clearTimeout(timer);
    if (event.data === "ask") {
      return; // another mirror of the same counter
    }
    const leftMs = event.data.atMs + faceMs - Date.now();
    lang.value = event.data.lang;
    seen.value = leftMs > 0 ? event.data : blankFace(event.data.place);
    timer = setTimeout(blank, Math.max(leftMs, 0));
  });
  channel.postMessage("ask");
  return () => {
    clearTimeout(timer);
    channel.close();
  };
}
