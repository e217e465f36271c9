/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who is meant: by card, number, name, pinyin initials or ID number. An ID number goes to the
 * server in the request's body and is kept nowhere: not in an address, not in a message, not in
 * the box.
 */
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, Code, formatResult } from "../../lib/result";
import { members, toFailure } from "../../lib/rpc";
import { parsePerson } from "../../lib/values";
import { t } from "../../lib/words";
import { cleanIdNumber, idNumberFault, isMeantAsIdNumber } from "./person_rules";

const limit = 20;

export type Found =
  | { kind: "one"; member: bigint }
  | { kind: "several"; people: readonly MemberInfo[]; more: boolean }
  | { kind: "none"; why: string };

const none = (why: string): Found => ({ kind: "none", why });

async function byNumber(ref: { card: bigint } | { member: bigint }): Promise<Found> {
  const answer = await members.memberGet({ member: ref, balancesOnly: true });
  const number = "card" in ref ? ref.card : ref.member;
  return answer.code === Code.OK && answer.info !== undefined
    ? { kind: "one", member: answer.info.member }
    : none(answerSentence({ ...answer, a: number }));
}

async function byName(text: string): Promise<Found> {
  const answer = await members.memberFind({ text, limit });
  if (answer.members.length === 1 && !answer.more) {
    return { kind: "one", member: answer.members[0]!.member };
  }
  if (answer.members.length > 0) {
    return { kind: "several", people: answer.members, more: answer.more };
  }
  return none(answer.indexReady
    ? t(`没有找到“${text}”。换个写法，或按 F2 登记`,
      `nobody is found by "${text}"; spell it otherwise, or press F2 to register`)
    : t("姓名索引还没建好。请扫卡或输入编号", "names cannot be found yet; scan the card or type the number"));
}

async function byIdNumber(text: string): Promise<Found> {
  const fault = idNumberFault(text);
  if (fault !== "") {
    return none(fault);
  }
  const answer = await members.memberFind({ idNumber: cleanIdNumber(text) });
  return answer.members.length === 0
    ? none(t("没有人登记过这个身份证号码", "nobody is registered with this ID number"))
    : { kind: "one", member: answer.members[0]!.member };
}

export async function find(text: string): Promise<Found> {
  try {
    if (isMeantAsIdNumber(text)) {
      return await byIdNumber(text);
    }
    const typed = parsePerson(text);
    switch (typed?.kind) {
      case undefined:
        return none("");
      case "card":
        return typed.valid ? await byNumber({ card: typed.card })
          : none(formatResult(Code.CARD_CHECK_DIGIT, typed.card));
      case "member":
        return await byNumber({ member: typed.member });
      case "name":
        return await byName(typed.text);
    }
  } catch (thrown) {
    return none(toFailure(thrown).sentence);
  }
}

/** Those of the same name in the org, of whom one may be the same person. */
export async function namesakes(name: string, org: bigint): Promise<readonly MemberInfo[]> {
  const answer = await members.memberFind({ text: name, exact: true, namesOnly: true, org, limit });
  return answer.members;
}
