/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The member who is shown, what was done here, and personal data while it may be seen: in memory
 * only, for fifteen minutes at most, and not on another member's page.
 */
import { signal } from "@preact/signals";
import { Role } from "../../gen/lovebank/v1/commands_pb";
import type { Person } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { answerSentence, Code, resultClass } from "../../lib/result";
import { members, toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { send, type Act, type SendOptions } from "../../lib/send";
import { hasRole, principal } from "../../lib/session";
import { formatMember } from "../../lib/values";
import { t } from "../../lib/words";
import type { Tone } from "../../ui/parts";

export const revealMs = 15 * 60_000;

export const info = signal<MemberInfo | undefined>(undefined);
export const problem = signal("");
/** Of an export; stays when the member is asked for again. */
export const exportProblem = signal("");
/** Grows with each act that was done here: what hangs on it is asked for again. */
export const version = signal(0);

let asked = 0;
/** Whose acts the lines tell; those of a registration began before there was a member. */
let linesOf = 0n;

export function keepLinesFor(member: bigint): void {
  linesOf = member;
}

/** Asks for the member; what was shown of another goes at once. */
export async function load(member: bigint): Promise<void> {
  const mine = ++asked;
  if (info.value?.member !== member) {
    info.value = undefined;
    problem.value = "";
    exportProblem.value = "";
    hide();
  }
  if (linesOf !== member) {
    linesOf = member;
    lines.value = [];
  }
  try {
    const answer = await members.memberGet({ member: { member } });
    if (mine === asked) {
      info.value = answer.info;
      problem.value = answer.code === Code.OK ? "" : answerSentence({ ...answer, a: member });
    }
  } catch (thrown) {
    if (mine === asked) {
      problem.value = toFailure(thrown).sentence;
    }
  }
}

/** What these roles let one do; the server has the last word. */
export const may = {
  act: () => hasRole(Role.DESK, Role.ADMINISTRATOR),
  block: () => hasRole(Role.DESK, Role.COUNTER, Role.ADMINISTRATOR),
  reveal: () => hasRole(Role.DESK, Role.AUDITOR, Role.ADMINISTRATOR),
  erase: () => hasRole(Role.ADMINISTRATOR),
  read: () => hasRole(Role.DESK, Role.COUNTER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR,
    Role.DISTRICT),
};

// ---- what was done here ----

export interface DoneLine {
  key: string;
  tone: Tone;
  /** Said anew when the language changes. */
  text: () => string;
  entry: bigint;
}

export const lines = signal<readonly DoneLine[]>([]);
let serial = 0;

function settle(key: string, change: Omit<DoneLine, "key">): void {
  lines.value = lines.value.map((line) => (line.key === key ? { key, ...change } : line));
  announce(change.text());
}

function toneOf(result: Result): Tone {
  const kind = resultClass(result.code);
  return kind === "DONE" ? "done" : kind === "WAITING" ? "waiting" : "refused";
}

/** Acts on their way, as text: the same once more is a key that was pressed twice. */
const onTheWay = new Set<string>();

const textOf = (command: Act, { memo, day }: SendOptions) => JSON.stringify([command, memo, day],
  (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

/** Shown at once as pending, settled when it is durable. Its result, whatever that is; undefined:
 * it was not sent, or is on its way already. */
export async function tellAct(
  doing: () => string, command: Act, done: (result: Result) => string, options: SendOptions = {},
): Promise<Result | undefined> {
  const text = textOf(command, options);
  if (onTheWay.has(text)) {
    return undefined;
  }
  onTheWay.add(text);
  try {
    return await actOnce(doing, command, done, options);
  } finally {
    onTheWay.delete(text);
  }
}

/** The same; the result only when it was done. */
export async function act(
  doing: () => string, command: Act, done: (result: Result) => string, options: SendOptions = {},
): Promise<Result | undefined> {
  const result = await tellAct(doing, command, done, options);
  return result !== undefined && toneOf(result) === "done" ? result : undefined;
}

async function actOnce(
  doing: () => string, command: Act, done: (result: Result) => string, options: SendOptions,
): Promise<Result | undefined> {
  const key = String(++serial);
  lines.value = [{ key, tone: "pending", text: doing, entry: 0n }, ...lines.value];
  try {
    const result = await send(command, options);
    const tone = toneOf(result);
    settle(key, { tone, entry: result.entry, text: () => (tone === "done" ? done(result)
      : `${doing()}${t("：", ": ")}${answerSentence(result)}${t("。", ".")}`) });
    if (info.value !== undefined) {
      await load(info.value.member);
    }
    version.value += 1;
    return result;
  } catch (thrown) {
    const failure = toFailure(thrown);
    settle(key, { tone: "refused", entry: 0n, text: () =>
      `${doing()}${t("：", ": ")}${failure.sentence}` +
      t("。没有发送，可以再按一次。", "; nothing was sent, press again.") });
    return undefined;
  }
}

export function nameText(of: MemberInfo): string {
  return of.maskedName || t(`志愿者 ${formatMember(of.member)}`, `member ${formatMember(of.member)}`);
}

/** Entries made here that can be undone in the line that tells of them. */
export const undoable = signal<ReadonlySet<bigint>>(new Set());

export function offerUndo(entry: bigint): void {
  undoable.value = new Set(undoable.value).add(entry);
}

/** Once it is answered, be it that it waits, it is not offered again. */
export async function undo(entry: bigint): Promise<void> {
  const result = await tellAct(() => t(`撤销第 ${entry} 号账`, `undo entry ${entry}`),
    { case: "reverse", value: { target: { entry } } },
    () => t(`第 ${entry} 号账已撤销。`, `Entry ${entry} is undone.`),
    { memo: t("录入有误", "entered by mistake") });
  if (result !== undefined) {
    undoable.value = new Set([...undoable.value].filter((other) => other !== entry));
  }
}

// ---- personal data ----

export interface Revealed {
  member: bigint;
  person: Person;
  untilMs: number;
}

export const revealed = signal<Revealed | undefined>(undefined);
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Masked again. */
export function hide(): void {
  clearTimeout(hiding);
  revealed.value = undefined;
}

/** The person in full, for a reason that becomes an entry; undefined: the lines say why not. */
export async function reveal(member: bigint, reason: string): Promise<MemberInfo | undefined> {
  const begunMs = Date.now();
  const by = principal.value;
  const result = await act(() => t("查看完整个人信息", "see personal data in full"),
    { case: "reveal", value: { member } },
    () => t("查看已记在账上。", "That you looked is entered."), { memo: reason });
  if (result === undefined) {
    return undefined;
  }
  try {
    const answer = await members.memberGet({ member: { member }, withPerson: true,
      revealEntry: result.entry });
    if (by !== principal.value || info.value?.member !== member) {
      return undefined; // the page was left meanwhile
    }
    if (answer.code !== Code.OK || answer.info?.person === undefined) {
      problem.value = answer.code !== Code.OK ? answerSentence({ ...answer, a: member })
        : t("没有个人信息", "there is no personal data");
      return undefined;
    }
    const { person } = answer.info;
    hide();
    const untilMs = begunMs + revealMs;
    revealed.value = { member, person, untilMs };
    hiding = setTimeout(hide, untilMs - Date.now());
    return answer.info;
  } catch (thrown) {
    if (info.value?.member === member) {
      problem.value = toFailure(thrown).sentence;
    }
    return undefined;
  }
}

/** A card that was given out just now: shown large, to be written on the card or printed. */
export const freshCard = signal<{ member: bigint; card: bigint } | undefined>(undefined);

/** Another page, or another log-in: nothing of a person stays. */
export function forgetAll(): void {
  asked++;
  hide();
  info.value = undefined;
  problem.value = "";
  linesOf = 0n;
  lines.value = [];
  undoable.value = new Set();
  freshCard.value = undefined;
}
