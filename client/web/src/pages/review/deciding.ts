/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which proposal is on the screen, and the word on it. The one that was being read stays, whatever
 * comes or goes in the list: a key that is pressed is about what was read.
 */
import { computed, signal } from "@preact/signals";
import { answerSentence, Code } from "../../lib/result";
import { toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { send } from "../../lib/send";
import { t } from "../../lib/words";
import type { Tone } from "../../ui/parts";
import { whatText } from "../ledger/entry_words";
import { decision, load, waiting, type Proposal } from "./proposals";

/** Of the proposal; undefined: the first that there is. */
const wanted = signal<bigint | undefined>(undefined);
/** On their way to be decided: not to be decided again. */
const sent = signal<ReadonlySet<bigint>>(new Set());
/** What was written about each: one's remark is not another's. */
const reasons = signal<ReadonlyMap<bigint, string>>(new Map());
/** Of which a reason is missing. */
const lacking = signal<bigint | undefined>(undefined);

export interface Line {
  key: string;
  tone: Tone;
  /** Said anew when the language changes. */
  text: () => string;
}

export const lines = signal<readonly Line[]>([]);

export const rows = computed<readonly Proposal[]>(() =>
  (waiting.value?.rows ?? []).filter((row) => !sent.value.has(row.entry.number)));
export const chosen = computed(() =>
  rows.value.find((row) => row.entry.number === wanted.value));
/** What was on the screen is decided, by another or elsewhere: its number. */
export const gone = computed(() => (waiting.value !== undefined && chosen.value === undefined
  ? wanted.value : undefined));
export const reason = computed(() => reasons.value.get(wanted.value ?? 0n) ?? "");
export const lacksReason = computed(() => wanted.value !== undefined &&
  lacking.value === wanted.value);

export function choose(number: bigint | undefined): void {
  wanted.value = number;
  lacking.value = undefined;
}

/** Once there are some, one of them is on the screen. */
export function chooseFirst(): void {
  if (wanted.value === undefined && rows.value.length > 0) {
    choose(rows.value[0]!.entry.number);
  }
}

const place = () => (chosen.value === undefined ? -1 : rows.value.indexOf(chosen.value));

export function neighbour(by: 1 | -1): Proposal | undefined {
  return rows.value[place() + by];
}

export function move(by: 1 | -1): void {
  const next = neighbour(by);
  if (next !== undefined) {
    choose(next.entry.number);
    announce(`${next.entry.number} ${whatText(next.entry)}`);
  }
}

export function setReason(text: string): void {
  if (wanted.value !== undefined) {
    reasons.value = new Map(reasons.value).set(wanted.value, text);
    lacking.value = undefined;
  }
}

function say(number: bigint, tone: Tone, text: () => string): void {
  const key = String(number);
  lines.value = [{ key, tone, text }, ...lines.value.filter((line) => line.key !== key)];
  announce(text());
}

const nameText = ({ entry }: Proposal) => t(
  `第 ${entry.number} 号事项（${whatText(entry)}）`, `proposal ${entry.number} (${whatText(entry)})`);

function setSent(number: bigint, isSent: boolean): void {
  const numbers = new Set(sent.value);
  if (isSent) {
    numbers.add(number);
  } else {
    numbers.delete(number);
  }
  sent.value = numbers;
}

/** Is it decided now? */
async function sendDecision(
  proposal: Proposal, confirm: boolean, memo: string,
): Promise<boolean> {
  const { number } = proposal.entry;
  const name = () => nameText(proposal);
  try {
    const result = await send(decision(number, confirm), { memo });
    const isDone = result.code === Code.OK || result.code === Code.PROPOSAL_REFUSED;
    say(number, isDone ? "done" : "refused", () => (!isDone
      ? `${name()}${t("：", ": ")}${answerSentence(result)}`
      : confirm
        ? t(`已确认${name()}，记为第 ${result.entry} 号账。`,
          `Confirmed ${name()}: entry ${result.entry}.`)
        : t(`已拒绝${name()}，没有记账。`, `Refused ${name()}: nothing was entered.`)));
    return isDone;
  } catch (thrown) {
    const failure = toFailure(thrown);
    say(number, "refused", () => `${name()}${t("：", ": ")}${failure.sentence}`);
    return false;
  }
}

/** The word on what is on the screen; the next takes its place. false: the reason is missing. */
export async function decide(proposal: Proposal, confirm: boolean): Promise<boolean> {
  const { number } = proposal.entry;
  const memo = (reasons.value.get(number) ?? "").trim();
  if (sent.value.has(number)) {
    return true;
  }
  if (!confirm && memo === "") {
    lacking.value = number;
    return false;
  }
  const next = neighbour(1) ?? neighbour(-1);
  setSent(number, true);
  choose(next?.entry.number);
  say(number, "pending", () => nameText(proposal));
  const isDone = await sendDecision(proposal, confirm, memo);
  await load();
  if (!isDone) {
    setSent(number, false); // it is in the list again, if it still waits
  }
  return true;
}

/** The page is left. */
export function forgetDeciding(): void {
  choose(undefined);
  sent.value = new Set();
  reasons.value = new Map();
  lines.value = [];
}
