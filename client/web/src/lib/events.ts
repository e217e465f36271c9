/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * New entries as they come: the server's stream (GET /events, docs/http.md). Whatever ends it
 * (the network, a server that stops, a session that ends), it goes on behind the last one it had,
 * after a pause that grows and is not the same for all pages.
 */
import { fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { effect } from "@preact/signals";
import { EntrySchema, type Entry } from "../gen/lovebank/v1/entries_pb";
import { StoredEntrySchema, type StoredEntry } from "../gen/lovebank/v1/queries_pb";
import { ledger, noteEntry, online } from "./rpc";
import { loadSession } from "./session";

const pauseMsFirst = 1000;
const pauseMsMost = 60_000;
/** A stream that lived so long was a good one: the next pause is short again. */
const goodMs = 30_000;
const lenient = { ignoreUnknownFields: true };

/** An entry and what stands beside it; `beside.packed` is left out. */
export interface LiveEntry {
  entry: Entry;
  beside: StoredEntry;
}

/** What a message of the stream says; undefined: it is of another form. */
export function readLiveEntry(data: string): LiveEntry | undefined {
  try {
    const { entry, ...beside } = JSON.parse(data) as JsonObject & { entry: JsonValue };
    return { entry: fromJson(EntrySchema, entry, lenient),
      beside: fromJson(StoredEntrySchema, beside, lenient) };
  } catch {
    return undefined;
  }
}

/** The Connect code of an `end`; "": it says none. */
export function readEnd(data: string): string {
  try {
    const { code } = JSON.parse(data) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}

/** What a stream needs of the browser and of the other parts. */
export interface StreamPorts {
  open(url: string): Pick<EventSource, "addEventListener" | "close">;
  /** Calls later; what it gives takes that back. */
  later(call: () => void, ms: number): () => void;
  /** Calls whenever the server answers again. Gives the end. */
  whenOnline(call: () => void): () => void;
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Nobody is logged in any more, says the server. */
  sessionEnded(): void;
}

const browserPorts: StreamPorts = {
  open: (url) => new EventSource(url),
  later: (call, ms) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  whenOnline: (call) => effect(() => {
    if (online.value) {
      call();
    }
  }),
  now: () => Date.now(),
  random: () => Math.random(),
  sessionEnded: () => void loadSession().catch(() => undefined), // the page shows it
};

/** The newest entry there is. What is asked for from then on is as of that one or a later one,
 * whichever of several servers answers: a stream that begins behind it misses nothing. */
export async function newestEntry(): Promise<bigint> {
  const { durableEntry } = await ledger.status({});
  noteEntry(durableEntry);
  return durableEntry;
}

class Stream {
  private last: bigint | undefined;
  private source: ReturnType<StreamPorts["open"]> | undefined;
  private forgetPause: (() => void) | undefined;
  private openedMs = 0;
  private failures = 0;
  private isOver = false;

  constructor(
    private readonly ports: StreamPorts,
    private readonly onEntry: (live: LiveEntry) => void,
    private readonly begin: () => Promise<bigint>,
  ) {}

  /** Where it begins must be known first: what comes while it is cut off would be missed. */
  async open(): Promise<void> {
    try {
      this.last ??= await this.begin();
    } catch {
      this.pause();
      return;
    }
    if (this.isOver) {
      return;
    }
    this.openedMs = this.ports.now();
    const source = this.ports.open(`/events?from=${this.last + 1n}`);
    this.source = source;
    source.addEventListener("entry", (event) => this.take(event as MessageEvent<string>));
    source.addEventListener("end", (event) => this.end(event as MessageEvent<string>));
    source.addEventListener("error", () => this.pause());
  }

  /** The pause is over before its time, if there is one. */
  nudge(): void {
    if (this.forgetPause !== undefined) {
      this.forgetPause();
      this.forgetPause = undefined;
      void this.open();
    }
  }

  close(): void {
    this.isOver = true;
    this.source?.close();
    this.forgetPause?.();
    this.forgetPause = undefined;
  }

  private take(event: MessageEvent<string>): void {
    const live = readLiveEntry(event.data);
    if (live !== undefined) {
      this.last = live.entry.number;
      noteEntry(this.last);
      this.failures = 0;
      this.onEntry(live);
    }
  }

  private end(event: MessageEvent<string>): void {
    const code = readEnd(event.data);
    if (code === "permission_denied") {
      this.close(); // not for this log-in, however often it is asked
      return;
    }
    if (code === "unauthenticated") {
      this.ports.sessionEnded();
    }
    this.pause();
  }

  /** The browser's own trying again has no growing pause: it is ended, and ours begins. */
  private pause(): void {
    this.source?.close();
    this.source = undefined;
    if (this.isOver || this.forgetPause !== undefined) {
      return;
    }
    const isGood = this.openedMs !== 0 && this.ports.now() - this.openedMs >= goodMs;
    this.failures = isGood ? 0 : this.failures;
    this.openedMs = 0;
    const ms = Math.min(pauseMsFirst * 2 ** this.failures++, pauseMsMost);
    this.forgetPause = this.ports.later(() => this.nudge(), ms * (0.5 + this.ports.random()));
  }
}

/** Calls back for each entry that the log-in may read, in their order: those behind what `begin`
 * says, which is asked until it says it. Whoever shows a list begins where that was made, or asks
 * for the list when the beginning is known: else what comes between them is missed. Returns the
 * end. */
export function followEntries(
  onEntry: (live: LiveEntry) => void, begin: () => Promise<bigint>,
  ports: StreamPorts = browserPorts,
): () => void {
  const stream = new Stream(ports, onEntry, begin);
  void stream.open();
  const endOnline = ports.whenOnline(() => stream.nudge());
  return () => {
    endOnline();
    stream.close();
  };
}
