/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whom a record is about: found on the server by card, number, name or initials. Without a network
 * a card or a member's number will do: the server finds the person when the record arrives.
 */
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, Code, formatResult } from "../../lib/result";
import { members, toFailure } from "../../lib/rpc";
import { cardTail, formatMember, parsePerson } from "../../lib/values";
import { t } from "../../lib/words";

/** A desk does not wait longer: it goes on without the name. */
const waitMs = 4000;
/** One for each digit. */
export const candidatesShown = 9;
export const candidatesMax = 10 * candidatesShown;

/** The first of those shown together with the one at `index`. */
export const pageOf = (index: number): number => index - (index % candidatesShown);

export type TurnKey = "PageDown" | "PageUp";

/** The first of the page that the key leads to from `first`. */
export function turnedTo(first: number, count: number, key: TurnKey): number {
  const to = first + (key === "PageDown" ? candidatesShown : -candidatesShown);
  return to >= 0 && to < count ? to : first;
}

export interface Person {
  /** 0n: not known. At least one of the two is. */
  member: bigint;
  card: bigint;
  /** Masked; "" when it was not found out. */
  name: string;
  info?: MemberInfo;
}

export type Found =
  | { kind: "one"; person: Person }
  | { kind: "several"; people: readonly MemberInfo[]; more: boolean }
  | { kind: "none"; why: string };

export function personOf(info: MemberInfo): Person {
  return { member: info.member, card: info.card, name: info.maskedName, info };
}

/** "张*明", or what tells the person apart where the name is not known. */
export function personText(person: { member: bigint; card: bigint; name: string }): string {
  if (person.name !== "") {
    return person.name;
  }
  return person.card !== 0n ? cardTail(person.card)
    : t(`编号 ${formatMember(person.member)}`, `member ${formatMember(person.member)}`);
}

async function findByNumber(
  ref: { card: bigint } | { member: bigint },
): Promise<Found> {
  try {
    const answer = await members.memberGet({ member: ref }, { timeoutMs: waitMs });
    return answer.code === Code.OK && answer.info !== undefined
      ? { kind: "one", person: personOf(answer.info) }
      : { kind: "none", why: answerSentence({
        ...answer, a: "card" in ref ? ref.card : ref.member }) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    return failure.isRetryable
      ? { kind: "one", person: { member: 0n, card: 0n, ...ref, name: "" } }
      : { kind: "none", why: failure.sentence };
  }
}

async function findByName(text: string): Promise<Found> {
  try {
    const answer = await members.memberFind({ text, limit: candidatesMax }, { timeoutMs: waitMs });
    if (answer.members.length === 0) {
      return { kind: "none", why: answer.indexReady
        ? t(`没有找到“${text}”。请换个写法，或扫卡`,
          `nobody is found by "${text}"; spell it otherwise, or scan the card`)
        : t("姓名索引还没建好。请扫卡或输入编号",
          "names cannot be found yet; scan the card or type the number") };
    }
    return answer.members.length === 1 && !answer.more
      ? { kind: "one", person: personOf(answer.members[0]!) }
      : { kind: "several", people: answer.members, more: answer.more };
  } catch (thrown) {
    const failure = toFailure(thrown);
    return { kind: "none", why: failure.isRetryable
      ? t("连不上服务器时不能按姓名找人。请扫卡，或输入卡号、志愿者编号",
        "names cannot be found without the server; scan the card, or type its or the member's " +
        "number")
      : failure.sentence };
  }
}

export async function findPerson(text: string): Promise<Found> {
  const typed = parsePerson(text);
  switch (typed?.kind) {
    case undefined:
      return { kind: "none", why: "" };
    case "card":
      return typed.valid ? findByNumber({ card: typed.card })
        : { kind: "none", why: formatResult(Code.CARD_CHECK_DIGIT, typed.card) };
    case "member":
      return findByNumber({ member: typed.member });
    case "name":
      return findByName(typed.text);
  }
}
