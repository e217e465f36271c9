/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the box takes next: the person, one of several of that name, or what was done. One Enter
 * goes one step on.
 */
import { signal } from "@preact/signals";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { announce } from "../../lib/said";
import { outbox } from "../../lib/send";
import { principal, today } from "../../lib/session";
import { catalogue, categoryName } from "../../lib/registry";
import { formatDay, formatMinutes, formatPoints, parsePerson } from "../../lib/values";
import { t } from "../../lib/words";
import { recordedBefore, type Before } from "./before";
import {
  categories, categoryIsKnown, changeDraft, draft, forgetDay, recordOfDraft,
} from "./draft";
import { lineOfCommand, record, type Line, type Record } from "./lines";
import { findPerson, personOf, personText, type Person } from "./person";
import { parseWhat, type WhatTyped } from "./what";

export type Step =
  | { kind: "person" }
  | { kind: "choose"; text: string; people: readonly MemberInfo[]; more: boolean }
  | { kind: "what"; person: Person; settles: string | undefined; warned: string | undefined };

/** Acts that wait for the network, at most. */
const waitingMax = 2000;

export const step = signal<Step>({ kind: "person" });
export const complaint = signal<string | undefined>(undefined);
export const chosen = signal(0);
let asked = 0; // answers of earlier questions are not wanted any more

function complain(text: string): false {
  complaint.value = text === "" ? undefined : text;
  if (text !== "") {
    announce(text);
  }
  return false;
}

function backToPerson(): void {
  asked++;
  complaint.value = undefined;
  step.value = { kind: "person" };
}

/** Rises when what was typed is dropped. */
export const resets = signal(0);

/** Escape: an empty box that asks for a person. */
export function startAnew(): void {
  backToPerson();
  resets.value++;
}

let stepOf: number | undefined;

/** When the desk is opened: somebody else begins anew. */
export function startSteps(): void {
  if (stepOf !== principal.value) {
    stepOf = principal.value;
    forgetDay();
    startAnew();
  }
}

export function choosePerson(person: Person, settles?: string): void {
  asked++;
  complaint.value = undefined;
  step.value = { kind: "what", person, settles, warned: undefined };
  const balance = person.info?.balances?.pointsCenti;
  announce(personText(person) + (balance === undefined ? ""
    : t(`，现有 ${formatPoints(balance)} 分`, `, ${formatPoints(balance)} points`)));
}

async function findAndGoOn(text: string): Promise<boolean> {
  const mine = ++asked;
  const before = step.value;
  const found = await findPerson(text);
  if (mine !== asked) {
    return true;
  }
  switch (found.kind) {
    case "none":
      return complain(found.why);
    case "several":
      complaint.value = undefined;
      chosen.value = 0;
      step.value = { kind: "choose", text, people: found.people, more: found.more };
      announce(t(`有 ${found.people.length} 个人，按数字键选`,
        `${found.people.length} persons; choose by a digit`));
      return true;
    case "one":
      choosePerson(found.person);
      if (before.kind === "what") {
        announce(t(`换成 ${personText(found.person)}；${personText(before.person)} 没有记`,
          `${personText(found.person)} instead; nothing was recorded for ` +
          personText(before.person)));
      }
      return true;
  }
}

function typedWrong(typed: Extract<WhatTyped, { ok: false }>): string {
  const { token } = typed;
  switch (typed.why) {
    case "time":
      return t(`时长“${token}”不对，应在 1 分钟到 24 小时之间。写成 2、90分 或 9:00-11:30`,
        `the time "${token}" must be from 1 minute to 24 hours; write 2, 90m or 9:00-11:30`);
    case "several":
      return t(`有几个类别含“${token}”。请写编号，如 #${categories.value[0]?.number ?? 1}`,
        `several categories match "${token}"; write the number, like ` +
        `#${categories.value[0]?.number ?? 1}`);
    case "unknown":
      return t(
        `不认识“${token}”。写时长（2、90分）、日期（5/1）或类别（编号 #1、名称、首字母）`,
        `"${token}" is not understood; write a time (2, 90m), a day (5/1) or a category ` +
        "(#1, name, initials)");
  }
}

const keyOfRecord = (what: Record) =>
  [what.category, what.day, what.minutes, what.start, what.activity].join("/");

function beforeText(person: Person, what: Record, before: Before): string {
  const number = before.entry === 0n ? t("还没发送", "not sent yet")
    : t(`第 ${before.entry} 号账`, `entry ${before.entry}`);
  const day = what.day === today() ? t("今天", "today") : formatDay(what.day);
  const name = categoryName(what.category);
  return t(`${personText(person)} ${day}已经记过 ${name} ${formatMinutes(before.minutes)}（${number}）。` +
    "再按一次 Enter 仍然记上，Esc 返回",
  `${personText(person)} has ${formatMinutes(before.minutes)} of ${name} ${day} already ` +
    `(${number}). ` + "Enter again records it all the same, Esc goes back");
}

/** What must be known before it can be recorded; "": all is. */
function missing(): string {
  if (outbox.waiting.value.length >= waitingMax) {
    return t(`这台电脑上有 ${waitingMax} 笔还没有发送，不能再多了。请等连上服务器`,
      `${waitingMax} acts wait on this computer, and no more can; wait for the server`);
  }
  if (catalogue.value === undefined) {
    return t("类别还没有取到。请等连上服务器，再按一次 Enter",
      "the categories have not arrived yet; wait for the server, then press Enter again");
  }
  const list = categories.value.slice(0, 12).map((row) => `#${row.number} ${row.name}`).join("、");
  if (!categoryIsKnown.value) {
    return t(`还没有选类别：${list}`, `no category is chosen: ${list}`);
  }
  return draft.value.minutes === 0
    ? t("还没有时长。写 2（小时）、90分 或 9:00-11:30",
      "no time yet; write 2 (hours), 90m or 9:00-11:30")
    : "";
}

async function enterWhat(text: string): Promise<boolean> {
  const typed = parseWhat(text, today(), categories.value);
  if (!typed.ok) {
    return complain(typedWrong(typed));
  }
  changeDraft(typed.what);
  const lacks = missing();
  if (lacks !== "") {
    return !complain(lacks); // what was typed is understood, and shown in its field
  }
  const now = step.value;
  if (now.kind !== "what") {
    return true;
  }
  const what = recordOfDraft();
  if (now.warned !== keyOfRecord(what)) {
    const mine = ++asked;
    const before = await recordedBefore(now.person, what);
    if (mine !== asked) {
      return true;
    }
    if (before !== undefined) {
      step.value = { ...now, warned: keyOfRecord(what) };
      return !complain(beforeText(now.person, what, before));
    }
  }
  backToPerson();
  void record(now.person, what);
  if (now.settles !== undefined) {
    void outbox.dismiss(now.settles);
  }
  return true;
}

/** "0000000014 2": person and what was done in one line. */
function splitLine(text: string): [string, string] {
  const found = /^\s*([\d-]{1,12})\s+(\S.*)$/.exec(text);
  return found === null ? [text, ""] : [found[1]!, found[2]!];
}

function isCard(text: string): boolean {
  const typed = parsePerson(text);
  return typed?.kind === "card" && typed.valid;
}

/** The box's Enter; false: the text stays. */
export async function enter(text: string, isScan: boolean): Promise<boolean> {
  const now = step.value;
  if (isScan || (now.kind !== "person" && isCard(text))) {
    return findAndGoOn(text);
  }
  if (now.kind === "what") {
    return enterWhat(text);
  }
  if (now.kind === "choose" && text.trim() === "") {
    choosePerson(personOf(now.people[chosen.value]!));
    return true;
  }
  const [who, what] = splitLine(text);
  const isFound = await findAndGoOn(who);
  return what !== "" && isFound && step.value.kind === "what" ? enterWhat(what) : isFound;
}

/** A refused record as it was, to be corrected. `key`: settled when it is recorded anew. */
export async function correct(line: Line): Promise<void> {
  changeDraft({ category: line.category, span: { minutes: line.minutes, start: line.start },
    day: line.day, activity: line.activity });
  const number = line.card !== 0n ? String(line.card).padStart(10, "0") : String(line.member);
  const found = await findPerson(number);
  if (found.kind === "one") {
    choosePerson(found.person, line.key);
  } else if (found.kind === "none") {
    backToPerson();
    complain(found.why);
  }
}

/** Of a refusal in the banner, by its key. */
export async function correctRefused(key: string): Promise<void> {
  const refused = outbox.refused.value.find((row) => row.key === key);
  const line = refused && lineOfCommand(refused.command, refused.madeMs);
  if (line !== undefined) {
    await correct(line);
  }
}
