/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts on their way: each is on disk before it is sent, and stays there until it is answered, so
 * that after a dropped network or a reload it is sent again under the same id and happens once.
 * Acts are kept per principal; only their own log-in sends them. What could name a person (names,
 * reasons) stays in memory only. Knows no browser: storage, sending and timers are given to it.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { signal } from "@preact/signals";
import { CommandSchema, type Command } from "../gen/lovebank/v1/commands_pb";
import { ResultSchema, type Result } from "../gen/lovebank/v1/results_pb";
import type { WriteResponse } from "../gen/lovebank/v1/services_pb";
import { toHex } from "./ids";
import { Code, resultClass } from "./result";

export interface Kept {
  key: string; // the command's id in hex
  principal: number;
  madeMs: number;
  command: Uint8Array;
  /** Result of an act that was refused when it arrived late. */
  outcome?: Uint8Array;
}

export interface Store {
  all(): Promise<Kept[]>;
  put(kept: Kept): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface Ports {
  store: Store;
  /** Throws what `lastingCode` judges. */
  write(commands: Command[]): Promise<WriteResponse>;
  /** The failure's result code if sending again is no use; undefined: keep and try again. */
  lastingCode(thrown: unknown): number | undefined;
  /** Whose log-in would send now; undefined: nobody's, or nobody knows. */
  sender(): Promise<number | undefined>;
  later(call: () => void, ms: number): void;
}

/** An act without an answer. `isSlow`: its first try has failed. */
export interface Waiting {
  key: string;
  command: Command;
  madeMs: number;
  isSlow: boolean;
}

/** An act that was refused when it arrived late: somebody must see it and settle it. */
export interface Refused {
  key: string;
  command: Command;
  madeMs: number;
  result: Result;
}

const batchMax = 200;
const waitMsMax = 15_000;

interface Held extends Waiting {
  isStored: boolean;
  answer?: (result: Result) => void;
}

/** Nothing in it names a person, so it may stay on this machine's disk. */
export function mayStay(command: Command): boolean {
  const act = command.act;
  return command.memo === "" && act.case !== "memberRegister" && act.case !== "memberUpdate" &&
    act.case !== "operatorOpen" && act.case !== "credentialSet" && act.case !== "importOpen";
}

export class Outbox {
  /** Of the present principal, oldest first. */
  readonly waiting = signal<readonly Waiting[]>([]);
  readonly refused = signal<readonly Refused[]>([]);
  /** Stored acts of others, who must log in themselves to send them: how many, by principal. */
  readonly othersWaiting = signal<ReadonlyMap<number, number>>(new Map());

  private principal: number | undefined;
  /** Acts without an answer, by principal: a log-in that ends keeps its own until it is back. */
  private readonly lists = new Map<number, Held[]>();
  private isPumping = false;
  private isTimed = false;
  private failures = 0;
  private batch = batchMax;

  constructor(private readonly ports: Ports) {}

  /** Somebody else, or nobody, works here from now on. */
  async open(principal: number | undefined): Promise<void> {
    if (principal === this.principal) {
      this.nudge();
      return;
    }
    this.principal = principal;
    this.refused.value = [];
    this.show();
    const kept = await this.ports.store.all();
    if (this.principal !== principal) {
      return;
    }
    const mine = kept.filter((row) => row.principal === principal);
    if (principal !== undefined) {
      this.restore(principal, mine.filter((row) => row.outcome === undefined));
    }
    this.refused.value = mine.filter((row) => row.outcome !== undefined).map((row) => ({
      key: row.key, madeMs: row.madeMs, command: fromBinary(CommandSchema, row.command),
      result: fromBinary(ResultSchema, row.outcome!),
    }));
    this.countOthers(kept);
    this.show();
    this.nudge();
  }

  /** Resolves when the act is answered, however long that takes; at once with LOGIN_REQUIRED when
   * nobody is logged in. */
  async send(command: Command, nowMs: number = Date.now()): Promise<Result> {
    const principal = this.principal;
    if (principal === undefined) {
      return create(ResultSchema, { code: Code.LOGIN_REQUIRED });
    }
    const held: Held = {
      key: toHex(command.id), command, madeMs: nowMs, isSlow: false,
      isStored: mayStay(command) && await this.keep(principal, command, nowMs),
    };
    const answered = new Promise<Result>((resolve) => (held.answer = resolve));
    this.listOf(principal).push(held);
    this.show();
    void this.pump();
    return answered;
  }

  /** Tries at once: the network is back, or somebody pressed the button. */
  nudge(): void {
    this.failures = 0;
    void this.pump();
  }

  /** Somebody has seen the refusal and settled it. */
  async dismiss(key: string): Promise<void> {
    this.refused.value = this.refused.value.filter((row) => row.key !== key);
    await this.ports.store.remove(key);
  }

  private listOf(principal: number): Held[] {
    const list = this.lists.get(principal) ?? [];
    this.lists.set(principal, list);
    return list;
  }

  private get held(): Held[] {
    return this.principal === undefined ? [] : this.listOf(this.principal);
  }

  /** Onto the disk. false: it has no room, or may not be used; the act goes without. */
  private async keep(
    principal: number, command: Command, madeMs: number, outcome?: Result,
  ): Promise<boolean> {
    try {
      await this.ports.store.put({
        key: toHex(command.id), principal, madeMs, command: toBinary(CommandSchema, command),
        ...(outcome && { outcome: toBinary(ResultSchema, outcome) }),
      });
      return true;
    } catch {
      return false;
    }
  }

  /** From the disk, those that are not here already; all of them ask first who would send them. */
  private restore(principal: number, rows: Kept[]): void {
    const list = this.listOf(principal);
    const known = new Set(list.map((act) => act.key));
    for (const act of list) {
      act.isSlow = true;
    }
    const restored = rows.filter((row) => !known.has(row.key)).map((row): Held => ({
      key: row.key, madeMs: row.madeMs, command: fromBinary(CommandSchema, row.command),
      isSlow: true, isStored: true,
    }));
    list.unshift(...restored.sort((a, b) => a.madeMs - b.madeMs));
  }

  private countOthers(kept: Kept[]): void {
    const others = new Map<number, number>();
    const add = (principal: number, count: number) => {
      if (principal !== this.principal && count > 0) {
        others.set(principal, (others.get(principal) ?? 0) + count);
      }
    };
    for (const row of kept) {
      add(row.principal, row.outcome === undefined ? 1 : 0);
    }
    for (const [principal, list] of this.lists) {
      add(principal, list.filter((act) => !act.isStored).length);
    }
    this.othersWaiting.value = others;
  }

  private show(): void {
    this.waiting.value = this.held.map(({ key, command, madeMs, isSlow }) => (
      { key, command, madeMs, isSlow }));
  }

  private async pump(): Promise<void> {
    if (this.isPumping) {
      return;
    }
    this.isPumping = true;
    try {
      while (this.principal !== undefined && this.held.length > 0) {
        if (!(await this.sendSome(this.principal))) {
          this.waitAndTry();
          break;
        }
      }
    } finally {
      this.isPumping = false;
    }
  }

  private waitAndTry(): void {
    if (!this.isTimed) {
      this.isTimed = true;
      this.ports.later(() => {
        this.isTimed = false;
        void this.pump();
      }, Math.min(1000 * 2 ** this.failures++, waitMsMax));
    }
  }

  /** One request. false: it is no use to go on now. */
  private async sendSome(principal: number): Promise<boolean> {
    const some = this.listOf(principal).slice(0, this.batch);
    let response: WriteResponse;
    try {
      if (some.some((act) => act.isSlow) && (await this.ports.sender()) !== principal) {
        return false;
      }
      response = await this.ports.write(some.map((act) => act.command));
    } catch (thrown) {
      const code = this.ports.lastingCode(thrown);
      return code === undefined ? this.putOff(some)
        : this.settleWhole(principal, some, create(ResultSchema, { code }));
    }
    if (response.code !== Code.OK) {
      const { code, a, b, c, text } = response;
      return this.settleWhole(principal, some, create(ResultSchema, { code, a, b, c, text }));
    }
    this.failures = 0;
    this.batch = batchMax;
    let allDone = true;
    for (const [i, act] of some.entries()) {
      allDone = (await this.settle(principal, act, response.results[i]!)) && allDone;
    }
    return allDone;
  }

  private putOff(some: Held[]): boolean {
    for (const act of some) {
      act.isSlow = true;
    }
    this.show();
    return false;
  }

  /** Refused as a whole: one by one, lest a bad act take good ones with it. */
  private async settleWhole(principal: number, some: Held[], result: Result): Promise<boolean> {
    const kind = resultClass(result.code);
    if (kind === "RETRYABLE" || kind === "FAULT") {
      return this.putOff(some);
    }
    if (some.length > 1) {
      this.batch = 1;
      return true;
    }
    return this.settle(principal, some[0]!, result);
  }

  /** false: it stays, to be sent again. */
  private async settle(principal: number, act: Held, result: Result): Promise<boolean> {
    const kind = resultClass(result.code);
    if (kind === "RETRYABLE" || kind === "FAULT") {
      return this.putOff([act]);
    }
    const list = this.listOf(principal);
    list.splice(list.indexOf(act), 1);
    const isLate = act.answer === undefined || (act.isSlow && act.isStored);
    if (isLate && kind !== "DONE" && kind !== "WAITING") {
      await this.keep(principal, act.command, act.madeMs, result);
      if (principal === this.principal) {
        this.refused.value = [...this.refused.value, { ...act, result }];
      }
    } else if (act.isStored) {
      // Should it stay there after all, it is sent once more and gets the same answer.
      await this.ports.store.remove(act.key).catch(() => undefined);
    }
    this.show();
    act.answer?.(result);
    return true;
  }
}
