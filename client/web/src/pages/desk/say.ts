/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The sentences of the desk's list: what was recorded, what waits, what was refused. Said anew when
 * the language changes.
 */
import { answerSentence } from "../../lib/result";
import { categoryName } from "../../lib/registry";
import { today } from "../../lib/session";
import { dateOf, formatClock, formatDay, formatMinutes, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { online } from "../../lib/rpc";
import type { Line } from "./lines";
import { personText } from "./person";

/** "5月1日", with the year when it is another. */
export function dayText(day: number): string {
  const { year, month, day: date } = dateOf(day);
  return year === dateOf(today()).year ? t(`${month}月${date}日`, formatDay(day)) : formatDay(day);
}

export const ended = (sentence: string) =>
  /[。.！!？?]$/.test(sentence) ? sentence : sentence + t("。", ".");

/** "家政 · 5月1日 · 9:00 起": what stands small beside the sentence. */
export function detailText(line: Line): string {
  const parts = [categoryName(line.category)];
  if (line.day !== today()) {
    parts.push(dayText(line.day));
  }
  if (line.start !== null) {
    parts.push(t(`${formatClock(line.start)} 起`, `from ${formatClock(line.start)}`));
  }
  if (line.activity !== 0n) {
    parts.push(t(`活动 ${line.activity}`, `activity ${line.activity}`));
  }
  return parts.join(" · ");
}

function doneText(line: Line): string {
  const who = personText(line);
  const time = formatMinutes(line.minutes);
  if (line.points === null) {
    return t(`已为 ${who} 记 ${time}。`, `Recorded ${time} for ${who}.`);
  }
  const points = formatPoints(line.points);
  const balance = line.balance === null ? "" : formatPoints(line.balance);
  return balance === ""
    ? t(`已为 ${who} 记 ${time}，得 ${points} 分。`, `Recorded ${time} for ${who}: ${points} points.`)
    : t(`已为 ${who} 记 ${time}，得 ${points} 分，现有 ${balance} 分。`,
      `Recorded ${time} for ${who}: ${points} points earned, ${balance} in all.`);
}

export function lineText(line: Line): string {
  const who = personText(line);
  const time = formatMinutes(line.minutes);
  switch (line.state) {
    case "pending":
      return line.isSlow || !online.value
        ? t(`${who} 的 ${time} 记在这台电脑上，连上服务器就发送。`,
          `${time} of ${who} are kept on this computer, and sent when the server is back.`)
        : t(`正在为 ${who} 记 ${time}…`, `Recording ${time} for ${who}…`);
    case "done":
      return doneText(line);
    case "undone":
      return line.balance === null
        ? t(`${who} 的 ${time} 已撤销。`, `${time} of ${who} were undone.`)
        : t(`${who} 的 ${time} 已撤销，现有 ${formatPoints(line.balance)} 分。`,
          `${time} of ${who} were undone; ${formatPoints(line.balance)} points in all.`);
    case "waiting":
      return ended(`${who}，${time}${t("：", ": ")}${answerSentence(line.answer!)}`);
    case "refused":
      return ended(`${who}，${time}${t("：", ": ")}${answerSentence(line.answer!)}`);
  }
}

/** What became of an undo that is not done at once; "" when there is nothing to say. */
export function undoText(line: Line): string {
  return line.undoAnswer === null ? ""
    : ended(t("撤销：", "undo: ") + answerSentence(line.undoAnswer));
}

export function lateText(late: number): string {
  return t(`补录：服务后 ${late} 个工作日`, `late: ${late} working days after the service`);
}
