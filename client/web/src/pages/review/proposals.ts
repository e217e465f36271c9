/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What waits, what was decided, and all that is asked of the server about one proposal.
 */
import { batch, signal } from "@preact/signals";
import type { PolicySet } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo, ProposalInfo } from "../../gen/lovebank/v1/queries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { followEntries, newestEntry } from "../../lib/events";
import { Code } from "../../lib/result";
import { access, ledger, members, registry, toFailure } from "../../lib/rpc";
import { preview, type Act } from "../../lib/send";
import { dayOfTime, today } from "../../lib/session";
import { readRow, type Row } from "../ledger/entry_words";

export interface Proposal extends Row {
  info: ProposalInfo;
}

/** Newest first; `hasOlder`: there are more than are listed. */
export interface List {
  rows: readonly Proposal[];
  hasOlder: boolean;
}

/** undefined: not known yet. */
export const waiting = signal<List | undefined>(undefined);
export const decided = signal<List>({ rows: [], hasOlder: false });
export const problem = signal("");

const step = { waiting: 100, decided: 30 };
const wanted = { ...step };
const pageRows = 100;
const pagesMax = 20;
const recentMax = 6;

function proposalsOf(infos: readonly ProposalInfo[]): Proposal[] {
  return infos.flatMap((info) => (
    info.entry === undefined ? [] : [{ ...readRow(info.entry), info }]));
}

const isDecided = ({ info }: Proposal) => info.decidedBy !== 0n || info.expiresDay < today();

/** So many at least, if there are so many; a page of the server's may be short. */
async function listOf(count: number, withDecided: boolean): Promise<List> {
  const rows: Proposal[] = [];
  let before = 0n;
  let pages = 0;
  do {
    const page = await access.proposalList({ limit: pageRows, beforeEntry: before, withDecided });
    rows.push(...proposalsOf(page.proposals).filter((row) => !withDecided || isDecided(row)));
    before = page.next;
    pages++;
  } while (before !== 0n && rows.length < count && pages < pagesMax);
  return { rows, hasOlder: before !== 0n };
}

let asked = 0;
let visit = 0;
let loading: Promise<void> | undefined;

async function loadOnce(): Promise<void> {
  const mine = visit;
  try {
    const [now, all] = await Promise.all([
      listOf(wanted.waiting, false), listOf(wanted.decided, true)]);
    if (mine === visit) {
      batch(() => {
        waiting.value = now;
        decided.value = all;
        problem.value = "";
      });
    }
  } catch (thrown) {
    if (mine === visit) {
      problem.value = toFailure(thrown).sentence;
    }
  }
}

async function loadAll(): Promise<void> {
  for (let answered = -1; answered !== asked;) {
    answered = asked;
    await loadOnce();
  }
}

/** Asks for both lists; once more if it is called meanwhile. Resolves when they are shown. */
export function load(): Promise<void> {
  asked++;
  loading ??= loadAll().finally(() => (loading = undefined));
  return loading;
}

/** The list goes further back from now on. */
export function loadOlder(list: keyof typeof wanted): Promise<void> {
  wanted[list] += step[list];
  return load();
}

/** The page is left: what comes still is not wanted, and nothing of it stays. */
export function forget(): void {
  visit++;
  Object.assign(wanted, step);
  waiting.value = undefined;
  decided.value = { rows: [], hasOlder: false };
  problem.value = "";
}

/** Asks for both lists once it is known from where on the stream tells what comes, or that nobody
 * says it; anew when something comes to wait or is decided. Returns the end. */
export function follow(): () => void {
  const mine = visit;
  const loadMine = () => {
    if (mine === visit) {
      void load();
    }
  };
  return followEntries(({ entry }) => {
    if (entry.code === Code.WAITING || entry.proposal !== 0n ||
        entry.command?.act.case === "proposalDecide") {
      void load();
    }
  }, () => newestEntry().finally(loadMine));
}

export function decision(number: bigint, confirm: boolean): Act {
  return { case: "proposalDecide",
    value: { proposal: { entry: number }, confirm } };
}

/** A member it concerns, with what it last did. */
export interface Concerned {
  info: MemberInfo;
  recent: readonly Row[];
}

export interface Detail {
  number: bigint;
  concerned: readonly Concerned[];
  /** What confirming it would come to now. */
  outcome: Result;
  policy: PolicySet | undefined;
  /** The entry that it is about: to be undone, asked for. */
  target: Row | undefined;
}

async function concernedOf(member: bigint): Promise<Concerned[]> {
  const [got, history] = await Promise.all([
    members.memberGet({ member: { member } }),
    members.history({ member: { member }, limit: recentMax }),
  ]);
  return got.info === undefined ? [] : [{ info: got.info, recent: history.entries.map(readRow) }];
}

async function entryAt(number: bigint): Promise<Row | undefined> {
  if (number === 0n) {
    return undefined;
  }
  const answer = await ledger.entryGet({ target: { entry: number } });
  return answer.entry === undefined ? undefined : readRow(answer.entry);
}

/** Throws a Failure. */
export async function detailOf({ entry }: Proposal): Promise<Detail> {
  const day = dayOfTime(entry.recordedMs);
  const [outcomes, catalogue, target, ...concerned] = await Promise.all([
    preview([{ act: decision(entry.number, true) }]),
    registry.catalogue({ day, hasDay: true }),
    entryAt(entry.targetEntry),
    ...entry.links.map(({ member }) => concernedOf(member)),
  ]);
  return { number: entry.number, concerned: concerned.flat(), outcome: outcomes[0]!,
    policy: catalogue.policy, target };
}
