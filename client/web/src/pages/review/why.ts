/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Why something waits for a second person, told from the policy of the day on which it was proposed
 * (server/bank/src/decide_second_person.c decides), and each field of what was proposed. Pure.
 */
import { toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { CommandSchema, type Command, type PolicySet } from "../../gen/lovebank/v1/commands_pb";
import type { Entry } from "../../gen/lovebank/v1/entries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { valueWords } from "../../gen/words";
import { categoryName, counterName, itemName, orgName } from "../../lib/registry";
import { formatClock, formatDay, formatMinutes, formatPoints } from "../../lib/values";
import { fieldWord, t, valueWord } from "../../lib/words";

/** Points earned, brought along from paper, or taken for what is redeemed or asked for. */
function pointsMoved(entry: Entry, result: Result | undefined): bigint {
  const act = entry.command?.act;
  if (act?.case === "openingBalance") {
    return act.value.pointsCenti;
  }
  const isTaken = act?.case === "redeem" || act?.case === "serviceAsk";
  return (isTaken ? result?.lines ?? [] : []).reduce(
    (sum, line) => sum + line.quantity * line.priceCenti, result?.earning?.pointsCenti ?? 0n);
}

/** `result`: what confirming it would come to, from where its points are known. */
export function whyItWaits(
  entry: Entry, policy: PolicySet | undefined, recordedDay: number, result: Result | undefined,
): string[] {
  const act = entry.command?.act;
  const reasons: string[] = [];
  const over = (value: number | bigint, most: number | bigint, zh: string, en: string) => {
    if (Number(most) > 0 && value > most) {
      reasons.push(t(zh, en));
    }
  };
  if (policy !== undefined) {
    const minutes = act?.case === "serviceRecord" || act?.case === "serviceGive"
      ? act.value.minutes : 0;
    over(minutes, policy.serviceMinutes,
      `时长 ${formatMinutes(minutes, "zh")}，超过 ${formatMinutes(policy.serviceMinutes, "zh")}`,
      `${formatMinutes(minutes, "en")} is over ${formatMinutes(policy.serviceMinutes, "en")}`);
    const centi = pointsMoved(entry, result);
    over(centi, policy.pointsCenti,
      `积分 ${formatPoints(centi)}，超过 ${formatPoints(policy.pointsCenti)}`,
      `${formatPoints(centi)} points are over ${formatPoints(policy.pointsCenti)}`);
    const back = recordedDay - entry.day;
    over(back, policy.backDays, `补记 ${back} 天前的事，超过 ${policy.backDays} 天`,
      `entered ${back} days later, over ${policy.backDays}`);
    const rows = act?.case === "importOpen" ? act.value.rows : 0;
    over(rows, policy.importRows, `导入 ${rows} 行，超过 ${policy.importRows} 行`,
      `an import of ${rows} rows, over ${policy.importRows}`);
    if (act?.case === "reverse" && policy.reversals) {
      reasons.push(t("撤销已记的账", "it undoes an entry"));
    }
    if (act?.case === "openingBalance" && policy.openingBalances) {
      reasons.push(t("期初余额都要第二个人确认", "each opening balance needs a second person"));
    }
  }
  return reasons.length > 0 ? reasons
    : [t("可能关系到提交人自己的档案", "it may concern the proposer's own record")];
}

// ---- each field of what was proposed ----

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fieldText(name: string, value: JsonValue): string {
  switch (name) {
    case "org":
    case "parent":
      return orgName(BigInt(String(value)));
    case "category":
      return categoryName(Number(value));
    case "item":
      return itemName(Number(value));
    case "counter":
      return counterName(Number(value));
    case "minutes":
    case "service_minutes":
    case "day_minutes_max":
      return formatMinutes(Number(value));
    case "start_minute":
      return formatClock(Number(value));
    case "coefficient_permille":
      return String(Number(value) / 1000);
    default:
      return name.endsWith("_centi") ? formatPoints(BigInt(String(value)))
        : name.endsWith("_day") ? formatDay(Number(value)) : valueText(value);
  }
}

/** Whether a field was given shows by its being there. */
function isSaid([name]: readonly [string, JsonValue]): boolean {
  return !name.startsWith("has_");
}

function valueText(value: JsonValue): string {
  if (Array.isArray(value)) {
    return value.map(valueText).join(t("；", "; "));
  }
  if (isObject(value)) {
    return Object.entries(value).filter(isSaid).map(([name, part]) => (
      `${labelOf(name)} ${fieldText(name, part)}`)).join(t("、", ", "));
  }
  if (typeof value === "boolean") {
    return value ? t("是", "yes") : t("否", "no");
  }
  return typeof value === "string" && value in valueWords ? valueWord(value) : String(value);
}

/** Where the terminal's word names a unit that is written out here. */
const labels: Readonly<Record<string, readonly [string, string]>> = {
  points_per_hour_centi: ["每小时积分", "points per hour"],
  price_centi: ["价格（分）", "price (points)"],
  points_centi: ["积分", "points"],
  minutes: ["时长", "time"],
  service_minutes: ["记时", "time of service"],
  day_minutes_max: ["每日上限", "day limit"],
  coefficient_permille: ["系数", "coefficient"],
  last_day: ["最后可用日", "last day to spend"],
};

function labelOf(name: string): string {
  const own = labels[name];
  return own === undefined ? fieldWord(name) : t(own[0], own[1]);
}

/** Whoever decides sees all of it; members stand elsewhere. */
export function fieldsOf(command: Command): [string, string][] {
  const json = toJson(CommandSchema, command, { useProtoFieldName: true });
  const act = isObject(json) ? Object.values(json).find(isObject) : undefined;
  const { case: kind, value: opening } = command.act;
  const isEndless = kind === "openingBalance" && opening.pointsCenti !== 0n && !opening.hasLastDay;
  const rows = Object.entries(act ?? {})
    .filter((field) => isSaid(field) && !["member", "giver", "target"].includes(field[0]))
    .map(([name, value]): [string, string] => [labelOf(name), fieldText(name, value)]);
  return isEndless ? [...rows, [labelOf("last_day"), t("永久有效", "no end")]] : rows;
}
