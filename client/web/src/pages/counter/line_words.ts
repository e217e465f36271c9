/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The counter's lines as sentences: what was done for whom, what became of it, and of its undo.
 */
import { answerSentence } from "../../lib/result";
import { formatPoints } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import { slowKeys, type Kind, type Line } from "./lines";
import { goodsText } from "./person";

const ended = (sentence: string) =>
  /[。.！!？?]$/.test(sentence) ? sentence : sentence + t("。", ".");

const verbs: { readonly [kind in Kind]: readonly [string, string] } = {
  redeem: ["兑换", "redeemed"], serviceAsk: ["预约", "asked for"],
  serviceRelease: ["取消预约", "released"], serviceGive: ["完成服务", "given"],
};

/** "已兑换 大米 1，用 50 分，余 75 分。" */
export function doneText(line: Line): string {
  const [zh, en] = verbs[line.kind];
  const goods = goodsText(line.goods);
  const points = line.points === null || line.points === 0n ? ""
    : line.kind === "serviceAsk"
      ? t(`，预占 ${formatPoints(line.points)} 分`, `, ${formatPoints(line.points)} points held`)
      : t(`，用 ${formatPoints(line.points)} 分`, `, ${formatPoints(line.points)} points taken`);
  const left = line.left === null ? ""
    : t(`，余 ${formatPoints(line.left)} 分`, `, ${formatPoints(line.left)} left`);
  return t(`已${zh}${goods && ` ${goods}`}${points}${left}。`,
    `${goods || "Service"} ${en}${points}${left}.`);
}

/** The same with whom it was for, whatever became of it. */
export function lineText(line: Line): string {
  const who = line.name || String(line.member);
  const what = `${who} · ${goodsText(line.goods) || valueWord(line.kind)}`;
  switch (line.state) {
    case "pending":
      return slowKeys.value.has(line.key)
        ? t(`${what}：没有收到答复，不知道记上没有。会再问，同一笔不会记两次；东西先不要给。`,
          `${what}: no answer, it may or may not be entered. It is asked again and never entered ` +
          "twice; hand nothing out yet.")
        : t(`${what}：正在记账…`, `${what}: being entered…`);
    case "done":
      return `${who} · ${doneText(line)}`;
    case "undone":
      return t(`${what}：已撤销。`, `${what}: undone.`);
    case "waiting":
      return t(`${what}：没有记账，东西先不要给：${ended(answerSentence(line.answer!))}` +
          `（第 ${line.entry} 号事项）`,
        `${what}: not entered, hand nothing out: ${ended(answerSentence(line.answer!))} ` +
          `(proposal ${line.entry})`);
    case "refused":
      return `${what}${t("：", ": ")}${ended(answerSentence(line.answer!))}`;
  }
}

/** What became of an undo that was not done at once; "": nothing to say. */
export function undoText(line: Line): string {
  switch (line.undo) {
    case null:
      return "";
    case "pending":
      return t("正在撤销…", "being undone…");
    case "lost":
      return t("上次的撤销没有送到，这笔仍然有效。按 F8，再写一次原因。",
        "The undo of before did not arrive, so this stands: press F8 and give the reason again.");
    default:
      return ended(t("撤销：", "Undo: ") + answerSentence(line.undo));
  }
}
