/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whose card it is, and what can be spent today. A card that cannot redeem is told of when it is
 * shown, not when the goods are on the table (as client/cli/till/till_server_read.c).
 */
import { fromBinary } from "@bufbuild/protobuf";
import { EntrySchema, type Entry } from "../../gen/lovebank/v1/entries_pb";
import type { MemberGetResponse, MemberInfo, StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import { itemName } from "../../lib/registry";
import { answerSentence, Code, type Answer } from "../../lib/result";
import { members } from "../../lib/rpc";
import { today } from "../../lib/session";
import { MemberStatus } from "../../gen/lovebank/v1/commands_pb";
import { formatMember, lotNever } from "../../lib/values";
import { t } from "../../lib/words";

const historyRows = 20;

/** A service that was asked for and not yet given. */
export interface Ask {
  entry: bigint;
  what: string;
  points: bigint;
}

export interface Person {
  member: bigint;
  card: bigint;
  name: string; // masked
  /** That can be spent today; `expired` ones are of the balance besides. */
  points: bigint;
  expired: bigint;
  held: bigint;
  debt: bigint;
  /** Those that expire next. */
  lot: { day: number; points: bigint } | null;
  asks: readonly Ask[];
  /** Redeemed earlier today, newest first. */
  earlier: readonly string[];
}

export type PersonFound = { kind: "person"; person: Person } | { kind: "none"; why: string };

/** "大米 2，食盐 1". */
export function goodsText(lines: readonly { item: number; quantity: bigint | number }[]): string {
  return lines.map(({ item, quantity }) => `${itemName(item)} ${quantity}`).join(t("，", ", "));
}

export function personOfInfo(info: MemberInfo, asks: readonly Ask[], earlier: readonly string[]):
  Person {
  const here = info.lots.filter((lot) => lot.lot !== lotNever && lot.pointsCenti > 0n);
  const expired = here.filter((lot) => Number(lot.lot) < today())
    .reduce((sum, lot) => sum + lot.pointsCenti, 0n);
  const next = here.find((lot) => Number(lot.lot) >= today());
  return {
    member: info.member, card: info.card, name: info.maskedName || formatMember(info.member),
    points: (info.balances?.pointsCenti ?? 0n) - expired, expired,
    held: info.balances?.heldCenti ?? 0n, debt: info.balances?.debtCenti ?? 0n,
    lot: next === undefined ? null : { day: Number(next.lot), points: next.pointsCenti },
    asks, earlier,
  };
}

/** Why this card takes nothing away; undefined: it may. */
export function refusalOf(answer: MemberGetResponse, card: bigint): Answer | undefined {
  const { info } = answer;
  if (answer.code !== Code.OK || info === undefined) {
    return { code: answer.code, a: card, text: answer.text };
  }
  switch (info.status) {
    case MemberStatus.ACTIVE:
      return info.card === card ? undefined : { code: Code.CARD_BLOCKED, a: card };
    case MemberStatus.BLOCKED:
      return { code: Code.MEMBER_BLOCKED, a: info.member };
    default: // closed, erased
      return { code: Code.MEMBER_CLOSED, a: info.member, b: BigInt(info.closedDay) };
  }
}

interface Read {
  row: StoredEntry;
  entry: Entry;
}

function askOf({ row, entry }: Read): Ask[] {
  const isOpen = entry.command?.act.case === "serviceAsk" && entry.code === Code.OK &&
    row.settledBy === 0n && row.reversedBy === 0n;
  return isOpen ? [{ entry: entry.number, what: goodsText(entry.lines),
    points: entry.lines.reduce((sum, line) => sum + line.quantity * line.priceCenti, 0n) }] : [];
}

function earlierOf({ row, entry }: Read): string[] {
  const isRedeemed = entry.command?.act.case === "redeem" && entry.code === Code.OK &&
    row.reversedBy === 0n && entry.day === today();
  return isRedeemed ? [goodsText(entry.lines)] : [];
}

/** Throws a Failure when the server cannot be asked. */
export async function findByCard(card: bigint): Promise<PersonFound> {
  const [answer, history] = await Promise.all([
    members.memberGet({ member: { card } }),
    members.history({ member: { card }, limit: historyRows }),
  ]);
  const refusal = refusalOf(answer, card);
  if (refusal !== undefined) {
    return { kind: "none", why: answerSentence(refusal) };
  }
  const read = history.entries.map((row) => ({ row, entry: fromBinary(EntrySchema, row.packed) }));
  return { kind: "person",
    person: personOfInfo(answer.info!, read.flatMap(askOf), read.flatMap(earlierOf).slice(0, 2)) };
}
