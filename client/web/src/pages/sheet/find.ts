/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whom a row means: asked of the server, and remembered for a minute, lest each key asks for the
 * whole sheet again. Longer is not good: somebody may be registered, a card be replaced.
 */
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, Code } from "../../lib/result";
import { members } from "../../lib/rpc";
import { t } from "../../lib/words";
import { candidatesMax } from "../desk/person";
import type { Saying, Who } from "./cells";

/** More of one name than this are not told apart from more still. */
const namesakesMax = 1000;
const knownForMs = 60_000;

export type Found = { people: readonly MemberInfo[]; more: boolean } | { say: Saying };

const known = new Map<string, { found: Found; untilMs: number }>();

/** Somebody else works here, or all is to be asked anew. */
export function forgetFound(): void {
  known.clear();
}

async function byNumber(ref: { card: bigint } | { member: bigint }): Promise<Found> {
  const answer = await members.memberGet({ member: ref });
  const number = "card" in ref ? ref.card : ref.member;
  return answer.code === Code.OK && answer.info !== undefined
    ? { people: [answer.info], more: false }
    : { say: () => answerSentence({ ...answer, a: number }) };
}

async function byIdNumber(idNumber: string): Promise<Found> {
  const answer = await members.memberFind({ idNumber, limit: 2 });
  return answer.members.length > 0 ? { people: answer.members, more: answer.more }
    : { say: () => t("没有人登记这个身份证号。请核对", "nobody has this ID number; check it") };
}

async function byName(name: string, org: bigint): Promise<Found> {
  const answer = await members.memberFind({ text: name, exact: true, org, limit: candidatesMax });
  return answer.members.length > 0 ? { people: answer.members, more: answer.more }
    : { say: () => t(`没有叫“${name}”的志愿者。请核对姓名，或写卡号、编号`,
      `there is no volunteer "${name}"; check the name, or write the card's or member's number`) };
}

function lookUp(who: Who, org: bigint): Promise<Found> {
  switch (who.kind) {
    case "card":
      return byNumber({ card: who.card });
    case "member":
      return byNumber({ member: who.member });
    case "id":
      return byIdNumber(who.idNumber);
    case "name":
      return byName(who.name, org);
  }
}

/** Is the number's person of that name? */
async function checkName(found: Found, name: string): Promise<Found> {
  if (!("people" in found)) {
    return found;
  }
  const one = found.people[0]!;
  const named = await members.memberFind({
    text: name, exact: true, namesOnly: true, limit: namesakesMax });
  const isSame = named.more || named.members.some((info) => info.member === one.member);
  return isSame ? found : { say: () =>
    t(`这个号码是 ${one.maskedName} 的，不是 ${name} 的。请核对`,
      `the number is that of ${one.maskedName}, not of ${name}; check it`) };
}

const keyOf = (who: Who, org: bigint) => JSON.stringify([who, String(org)],
  (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

/** Throws a Failure. */
export async function find(who: Who, org: bigint): Promise<Found> {
  const key = keyOf(who, org);
  const before = known.get(key);
  if (before !== undefined && Date.now() < before.untilMs) {
    return before.found;
  }
  const answer = await lookUp(who, org);
  const found = who.kind === "name" || who.name === "" ? answer
    : await checkName(answer, who.name);
  if ("people" in found) { // who is not found may be registered in a moment
    known.set(key, { found, untilMs: Date.now() + knownForMs });
  }
  return found;
}
