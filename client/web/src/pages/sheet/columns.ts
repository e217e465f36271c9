/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The columns of a sheet and the headings under which files have them (as
 * client/cli/form/columns.h); a file's table as rows of the grid. Pure.
 */
import { fold } from "../../lib/values";
import { t } from "../../lib/words";

export const columnNames = ["who", "start", "end", "time", "day", "category", "note"] as const;
export type ColumnName = (typeof columnNames)[number];
export type Fields = { [name in ColumnName]: string };

export const noFields: Fields = {
  who: "", start: "", end: "", time: "", day: "", category: "", note: "",
};

export function columnTitle(name: ColumnName): string {
  switch (name) {
    case "who":
      return t("卡号、编号或姓名", "Card, number or name");
    case "start":
      return t("开始", "From");
    case "end":
      return t("结束", "To");
    case "time":
      return t("时长", "Time");
    case "day":
      return t("日期", "Day");
    case "category":
      return t("类别", "Category");
    case "note":
      return t("备注", "Note");
  }
}

/** Where a file's column goes: one of the grid's, or a part or a form of one. */
type Heading = ColumnName | "card" | "member" | "name" | "minutes" | "hours" | "range" | "skip";

const headings: { [kind in Heading]: string } = {
  card: "卡号|积分卡号|积分卡|爱心卡号|志愿者卡号|card|card number|card no",
  member: "志愿者编号|编号|会员编号|会员号|志愿者号|注册号|志愿者注册号|人员编号|member|member number|" +
    "member no|member id|volunteer number|volunteer id",
  name: "姓名|志愿者|志愿者姓名|名字|参加人|签到人|name|full name|volunteer",
  who: "卡号、编号或姓名|card, number or name|身份证件号码|身份证号|身份证号码|身份证|证件号|证件号码|" +
    "id number|id card|id no",
  start: "开始|开始时间|起始时间|签到时间|from|start|start time|from time|time in",
  end: "结束|结束时间|终止时间|签退时间|to|end|end time|to time|time out",
  range: "服务时间|起止时间|服务时间段|时间段|时段|活动时间|time range|from to",
  minutes: "分钟|分钟数|服务分钟|服务分钟数|时长(分钟)|时长(分)|服务时长(分钟)|服务时长(分)|minutes|min|" +
    "mins|minutes of service|duration (min)|duration (minutes)",
  hours: "小时|小时数|服务小时|服务小时数|时长(小时)|时长(时)|服务时长(小时)|志愿时长(小时)|工时|hours|" +
    "hours (h)|service hours|duration (h)|duration (hours)",
  time: "时长|服务时长|志愿时长|服务时数|时数|用时|time|duration",
  day: "日期|服务日期|活动日期|记录日期|签到日期|day|date|service date|date of service",
  category: "服务类别|类别|服务类型|服务项目|项目|类型|类别编号|服务类别编号|category|service|" +
    "service category|kind of service",
  note: "备注|说明|note|notes|remark|remarks|memo",
  skip: "序号|号|电话|手机|手机号|联系电话|性别|签名|签字|no|no.|#|phone|sex|gender|signature",
};

const byHeading = new Map(Object.entries(headings).flatMap(([kind, spellings]) =>
  spellings.split("|").map((spelling) => [spelling, kind as Heading] as const)));

function headingOf(cell: string): Heading | undefined {
  const text = fold(cell).toLowerCase().replace(/\s+/g, " ").replace(/[:：*]$/, "");
  return byHeading.get(text) ?? byHeading.get(text.replace(/ /g, ""));
}

export interface Mapped {
  rows: Fields[];
  /** Headings that say nothing to us: their columns were left out. */
  unknown: string[];
}

const looked = 10; // lines above the headings: the title of the sheet and the like
const totals = /^(合计|总计|小计|共计|total$|sum$)/i;

/** A card that Excel took for a number has lost its zeros. */
function cardText(text: string): string {
  const digits = fold(text).replace(/[\s-]/g, "");
  return /^\d{2,9}$/.test(digits) ? digits.padStart(10, "0") : text;
}

const withUnit = (text: string, unit: string) =>
  (/^\d+(\.\d+)?$/.test(fold(text)) ? fold(text) + unit : text);

function take(fields: Fields, kind: Heading, text: string, name: string[]): void {
  switch (kind) {
    case "card":
      fields.who = text === "" ? fields.who : cardText(text);
      break;
    case "member":
      fields.who = fields.who === "" ? text : fields.who;
      break;
    case "name":
      name.push(text);
      break;
    case "minutes":
      fields.time = text === "" ? fields.time : withUnit(text, "分");
      break;
    case "hours":
      fields.time = text === "" ? fields.time : withUnit(text, "小时");
      break;
    case "range":
      fields.start = fields.start === "" ? text : fields.start;
      break;
    case "skip":
      break;
    default:
      fields[kind] = fields[kind] === "" ? text : fields[kind];
  }
}

/** By its headings. undefined: it has none that say who it is about. */
export function mapTable(table: readonly string[][]): Mapped | undefined {
  const isWho = (kind: Heading | undefined) =>
    kind === "card" || kind === "member" || kind === "name" || kind === "who";
  const at = table.slice(0, looked).findIndex((row) => row.some((cell) => isWho(headingOf(cell))) &&
    row.filter((cell) => headingOf(cell) !== undefined).length >= Math.min(2, row.length));
  if (at === -1) {
    return undefined;
  }
  const kinds = table[at]!.map(headingOf);
  const rows = table.slice(at + 1).map((cells) => {
    const fields = { ...noFields };
    const name: string[] = [];
    kinds.forEach((kind, c) => kind !== undefined && take(fields, kind, cells[c] ?? "", name));
    const known = name.filter((text) => text !== "").join("");
    // A number with a name: the one is checked by the other.
    fields.who = fields.who === "" ? known : known === "" ? fields.who : `${fields.who} ${known}`;
    return fields;
  });
  return {
    rows: rows.filter((row) => row.who !== "" && !totals.test(row.who)),
    unknown: table[at]!.filter((cell, c) => cell !== "" && kinds[c] === undefined),
  };
}
