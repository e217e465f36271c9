/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Stored entries as people read them, in the words of the terminal (client/cli/say/entry_view.c and
 * `lovebank explain`). Asks nobody.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { CommandSchema, type OpeningBalance } from "../../gen/lovebank/v1/commands_pb";
import {
  AccountKind, AssetKind, EntrySchema, type Balances, type Entry, type Posting,
} from "../../gen/lovebank/v1/entries_pb";
import type { StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, Code, formatResult } from "../../lib/result";
import { categoryName, counterName, itemName, orgName } from "../../lib/registry";
import { dayMax, formatDay, formatMember, formatMinutes, formatPoints } from "../../lib/values";
import { t, valueWord } from "../../lib/words";

/** An entry, and what stands beside it. */
export interface Row {
  entry: Entry;
  beside: StoredEntry;
}

export function readRow(beside: StoredEntry): Row {
  return { entry: fromBinary(EntrySchema, beside.packed), beside };
}

/** Acts by the field of Command that holds them, for filters. */
export const acts: readonly { number: number; name: string }[] =
  CommandSchema.oneofs[0]!.fields.map((field) => ({ number: field.number, name: field.localName }));

/** What it changed of a member's own points or minutes. */
export function changeOf(entry: Entry, member: bigint, asset: AssetKind): bigint {
  return entry.postings
    .filter((posting) => posting.account === AccountKind.MEMBER && posting.owner === member &&
      posting.asset === asset)
    .reduce((sum, posting) => sum + posting.amount, 0n);
}

export function balancesAfter(entry: Entry, member: bigint): Balances | undefined {
  return entry.balances.find((row) => row.member === member);
}

/** The first member it concerns; 0n: none. */
export function subjectOf(entry: Entry): bigint {
  return entry.links[0]?.member ?? 0n;
}

/** "大米×1、食盐×2". */
function linesText(lines: readonly { item: number; quantity: bigint }[]): string {
  return lines.map(({ item, quantity }) => `${itemName(item)}×${quantity}`).join(t("、", ", "));
}

type Opening = Pick<OpeningBalance, "pointsCenti" | "lastDay" | "hasLastDay" | "minutes" | "year">;

const endText = ({ hasLastDay, lastDay }: Opening) => (hasLastDay
  ? t(`用至 ${formatDay(lastDay)}`, `use by ${formatDay(lastDay)}`) : t("永久有效", "no end"));

const notFalse = (part: string | false): part is string => part !== false;

/** "120 分（用至 2027-12-31）、30 小时（2015 年）": what comes from a paper passbook. */
export function openingText(opening: Opening): string {
  const { pointsCenti, minutes, year } = opening;
  const [points, time] = [formatPoints(pointsCenti), formatMinutes(minutes)];
  return [
    pointsCenti !== 0n && t(`${points} 分（${endText(opening)}）`,
      `${points} ${pointsCenti === 100n ? "point" : "points"} (${endText(opening)})`),
    minutes !== 0 && t(`${time}（${year} 年）`, `${time} (${year})`),
  ].filter(notFalse).join(t("、", ", "));
}

/** What stands beside the amounts: "用至 2027-12-31、2015 年". */
function openingLots(opening: Opening): string {
  return [
    opening.pointsCenti !== 0n && endText(opening),
    opening.minutes !== 0 && t(`${opening.year} 年`, `year ${opening.year}`),
  ].filter(notFalse).join(t("、", ", "));
}

/** A refusal has nothing worked out: what was wanted stands in the command. */
function wantedText(entry: Entry, act: string): string {
  const wanted = entry.command?.act;
  switch (wanted?.case) {
    case "serviceRecord":
      return `${act} ${categoryName(wanted.value.category)} ${formatMinutes(wanted.value.minutes)}`;
    case "openingBalance":
      return `${act} ${openingText(wanted.value)}`;
    case "serviceAsk":
      return `${act} ${linesText([wanted.value])}`;
    case "redeem":
      return `${act} ${linesText(wanted.value.lines)}`;
    default:
      return act;
  }
}

/** "记时 家政", "兑换商品 食盐×2", "撤销 第 7 号", "转入期初余额 用至 2027-12-31、2015 年". */
export function whatText(entry: Entry): string {
  const act = valueWord(entry.command?.act.case);
  if (entry.lines.length > 0) {
    return `${act} ${linesText(entry.lines)}`;
  }
  if (entry.earning !== undefined && entry.earning.category !== 0) {
    return `${act} ${categoryName(entry.earning.category)}`;
  }
  if (entry.code === Code.OK && entry.command?.act.case === "openingBalance") {
    const lots = openingLots(entry.command.act.value);
    return t(`${act} ${lots}`, `${act}, ${lots}`);
  }
  if (entry.targetEntry !== 0n) {
    return t(`${act} 第 ${entry.targetEntry} 号`, `${act} ${entry.targetEntry}`);
  }
  return entry.code === Code.OK ? act : wantedText(entry, act);
}

/** Why it was refused, or that it waits; "" of what was done. */
export function refusalText(entry: Entry): string {
  const { code, a, b, c } = entry;
  return code === Code.OK ? "" : answerSentence({ code, a, b, c });
}

/** The first of its sentences: the remedy was for who acted then. */
function withoutRemedy(sentence: string): string {
  return sentence.split(t("。", "; "))[0]!;
}

/** What became of it; "": it stands. */
export function noteText({ entry, beside }: Row): string {
  if (entry.code === Code.WAITING) {
    return beside.settledBy === 0n
      ? t(`要第二个人确认，${formatDay(entry.a)} 前有效`,
        `needs a second person by ${formatDay(entry.a)}`)
      : t(`已由 ${beside.settledBy} 处理`, `decided by ${beside.settledBy}`);
  }
  if (entry.code !== Code.OK) {
    const why = withoutRemedy(refusalText(entry));
    return t(`被拒绝：${why}`, `refused: ${why}`);
  }
  if (beside.reversedBy !== 0n) {
    return t(`已由 ${beside.reversedBy} 撤销`, `undone by ${beside.reversedBy}`);
  }
  return beside.settledBy === 0n ? ""
    : t(`已由 ${beside.settledBy} 了结`, `settled by ${beside.settledBy}`);
}

/** "wangli @ 前台（liuqiang 确认）"; "": nobody had to log in. */
export function whoText({ entry, beside }: Row): string {
  const nameOf = (name: string, principal: number) =>
    (name !== "" ? name : t(`${principal} 号账户`, `account ${principal}`));
  let who = entry.principal === 0 ? "" : nameOf(beside.principalName, entry.principal);
  if (entry.device !== 0) {
    who += ` @ ${nameOf(beside.deviceName, entry.device)}`;
  }
  if (entry.approver !== 0) {
    const approver = nameOf(beside.approverName, entry.approver);
    who += t(`（${approver} 确认）`, ` (${approver} confirmed)`);
  }
  return who.trim();
}

/** Done, and not undone. */
export const stands = ({ entry, beside }: Row): boolean =>
  entry.code === Code.OK && beside.reversedBy === 0n;

// ---- postings ----

export function ownerText(posting: Posting): string {
  switch (posting.account) {
    case AccountKind.MEMBER:
    case AccountKind.HELD:
    case AccountKind.DEBT:
    case AccountKind.EXPIRED:
      return formatMember(posting.owner);
    case AccountKind.ISSUER:
    case AccountKind.POOL:
    case AccountKind.OPENING:
    case AccountKind.CLEARING:
      return orgName(posting.owner);
    case AccountKind.REDEEMED:
    case AccountKind.STOCK:
    case AccountKind.DONOR:
    case AccountKind.HANDED_OUT:
    case AccountKind.WRITTEN_OFF:
    case AccountKind.STOCK_DIFFERENCE:
      return counterName(Number(posting.owner));
    case AccountKind.UNSPECIFIED:
      return String(posting.owner);
  }
}

/** "+20 分", "-120 分钟", "+2 × 食盐". */
export function amountText(asset: AssetKind, item: number, amount: bigint): string {
  const sign = amount > 0n ? "+" : "";
  switch (asset) {
    case AssetKind.POINTS:
      return `${sign}${formatPoints(amount)} ${t("分", "points")}`;
    case AssetKind.MINUTES:
      return `${sign}${amount} ${t("分钟", "min")}`;
    case AssetKind.GOODS:
      return `${sign}${amount} × ${itemName(item)}`;
    case AssetKind.UNSPECIFIED:
      return `${sign}${amount}`;
  }
}

const lotDay = (day: bigint) =>
  (day > BigInt(dayMax) ? t("不限期", "no end") : formatDay(day));

export function lotText(posting: Posting): string {
  const { lot } = posting;
  switch (posting.asset) {
    case AssetKind.POINTS:
      return t(`用至 ${lotDay(lot)}`, `use by ${lotDay(lot)}`);
    case AssetKind.MINUTES:
      return t(`${lot} 年`, `year ${lot}`);
    case AssetKind.GOODS:
      return t(`第 ${lot & 0xffffffffn} 批 保质至 ${lotDay(lot >> 32n)}`,
        `delivery ${lot & 0xffffffffn}, ${lotDay(lot >> 32n)}`);
    case AssetKind.UNSPECIFIED:
      return "";
  }
}

/** Of an asset, over all accounts and lots: 0, or the ledger is wrong. */
export interface AssetSum {
  asset: AssetKind;
  item: number;
  amount: bigint;
}

export function sumsOf(postings: readonly Posting[]): AssetSum[] {
  const sums: AssetSum[] = [];
  for (const { asset, item, amount } of postings) {
    const sum = sums.find((row) => row.asset === asset && row.item === item);
    if (sum === undefined) {
      sums.push({ asset, item, amount });
    } else {
      sum.amount += amount;
    }
  }
  return sums;
}

/** Of an answer about one entry that has a code. */
export function entryRefusal(code: number, number: bigint): string {
  return formatResult(code, number);
}
