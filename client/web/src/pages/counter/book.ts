/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the counter sends: a redemption, services asked for and given up, an undo. First a dry
 * run, so that what cannot be is said before it is in the book; then under one id until it is
 * answered.
 */
import { answerSentence, Code, resultClass, type Answer } from "../../lib/result";
import { members, toFailure } from "../../lib/rpc";
import { preview, type Act } from "../../lib/send";
import { formatDay, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { findItem, fitting, linesOf, type Scan } from "./goods";
import { doneText, lineText, undoText } from "./line_words";
import {
  askUndosBefore, lineOfKey, lines, loadToday, take, undoLine, unsettled, type About, type Kind,
  type Line,
} from "./lines";
import { findByCard, personOfInfo, type Ask, type Person } from "./person";
import { counter, printsItself } from "./place";
import { printLine } from "./printing";
import {
  basket, booked, clearBasket, goods, loadStock, stillHere, stock, tell, toSell,
} from "./till";

const withUnit = ({ item, quantity }: Scan) => {
  const row = findItem(goods.value, item);
  return `${row?.name ?? item} ${quantity}${row?.unit ? ` ${row.unit}` : ""}`;
};

/** "可换 食盐 2 袋。"; "" when nothing fits. */
function fittingText(person: Person): string {
  const fits = fitting(person.points, basket.value.scans, goods.value, stock.value);
  return fits.length === 0 ? ""
    : t(`可换 ${fits.map(withUnit).join("，或 ")}。`,
      ` Enough for ${fits.map(withUnit).join(", or ")}.`);
}

/** Why not, with numbers, and what fits instead. */
export function shortText(person: Person, needed: bigint): string {
  const { lot } = person;
  const expires = lot === null ? ""
    : t(`（其中 ${formatPoints(lot.points)} 于 ${formatDay(lot.day)} 到期）`,
      ` (${formatPoints(lot.points)} of them until ${formatDay(lot.day)})`);
  const there = `${formatPoints(person.points)}${expires}`;
  return t(`积分不够：需 ${formatPoints(needed)}，现有 ${there}。`,
    `Not enough points: needs ${formatPoints(needed)}, has ${there}.`) + fittingText(person);
}

/** A refusal in the words of the counter: goods by name, and what fits. */
function whyNot(answer: Answer, person: Person): string {
  if (answer.code === Code.POINTS_INSUFFICIENT) {
    return shortText({ ...person, points: answer.a ?? person.points }, answer.b ?? 0n);
  }
  if (answer.code === Code.STOCK_INSUFFICIENT) {
    const row = findItem(goods.value, Number(answer.a));
    const name = row?.name ?? String(answer.a);
    const [there, wanted] = [answer.b ?? 0n, answer.c ?? 0n];
    return t(`${name} 库存不够：要 ${wanted}，现有 ${there}。请减少数量（按 - 删行），或先进货。`,
      `Not enough ${name} in stock: ${wanted} wanted, ${there} there. Take less ` +
      "(- removes a line), or receive stock first.");
  }
  return `${answerSentence(answer)}${t("。", ".")}`;
}

const offlineText = () => t(
  "现在连不上服务器，不能兑换，东西先不要给。这一单还在，网络恢复后再按 Enter。",
  "The server cannot be reached, so nothing can be redeemed; hand nothing out. The basket stays: " +
  "press Enter when the network is back.");

/** Tells what was thrown before anything was sent. */
function tellFailure(thrown: unknown): void {
  const failure = toFailure(thrown);
  tell("bad", failure.result === Code.UNREACHABLE ? offlineText()
    : `${failure.sentence}${t("。", ".")}`);
}

const ignore = () => undefined; // what is shown beside the act; the next one asks again

/** What stands on the screen, as the server has it now. */
async function refresh(card: bigint | undefined): Promise<void> {
  await Promise.all([loadStock(), card !== undefined && refreshPerson(card)]);
}

/** Balances and lots of whoever is shown. */
async function refreshPerson(card: bigint): Promise<void> {
  const found = await findByCard(card);
  const { person } = basket.peek();
  if (found.kind === "person" && person?.card === card) {
    basket.value = { ...basket.peek(), person: found.person };
  }
}

/** Answered: the list has it, the screen follows. */
function settled(line: Line, person: Person): void {
  const isShown = booked.value === line.key;
  if (line.state === "done") {
    if (isShown && line.left !== null) {
      basket.value = { ...basket.value,
        person: { ...person, points: line.left, lot: null } };
    }
    if (isShown) {
      tell("good", doneText(line));
    }
    if (printsItself.value) {
      void printLine(line);
    }
  } else if (line.state === "waiting" && isShown) {
    clearBasket(); // nothing is left to do here, and nothing may be handed out
    tell("bad", lineText(line));
  } else if (line.state === "refused" && isShown) {
    booked.value = null; // it stays as it is, to be changed
    tell("bad", whyNot(line.answer!, person));
  }
}

/** One act for a person: tried dry, then sent. */
async function act(command: Act, kind: Kind, person: Person, what: readonly Scan[]): Promise<void> {
  if (unsettled.value.length > 0) {
    tell("bad", t("前一笔还没有答复，请等它记好再按 Enter。",
      "The one before has no answer yet: wait for it, then press Enter."));
    return;
  }
  const isHere = stillHere();
  try {
    const [dry] = await preview([{ act: command }]);
    if (!isHere()) {
      return;
    }
    const outcome = resultClass(dry!.code);
    if (outcome !== "DONE" && outcome !== "WAITING") {
      await refresh(person.card).catch(ignore);
      tell("bad", whyNot(dry!, person));
      return;
    }
  } catch (thrown) {
    tellFailure(thrown);
    return;
  }
  const about: About = { kind, member: person.member, name: person.name,
    expired: person.expired, goods: what };
  const answered = take(command, about, (key) => {
    booked.value = key;
    tell("quiet", t("正在记账…", "Being entered…"));
  });
  // Not waited for: the next card may be shown meanwhile.
  answered.then(async (line) => {
    if (line.state === "refused") {
      await refresh(person.card).catch(ignore); // what fits is said of the stock as it is now
    }
    settled(line, person);
    await refresh(person.card);
  }).catch((thrown: unknown) => {
    if (booked.value !== null && lineOfKey(booked.value) === undefined) {
      booked.value = null; // it never went out
      tellFailure(thrown);
    }
  });
}

/** Enter: the basket. */
export async function book(): Promise<void> {
  const { person, scans } = basket.value;
  const missing = booked.value !== null
    ? t("这一单已经记账。请扫下一张卡。", "This one is entered. Scan the next card.")
    : person === null ? t("请先扫积分卡。", "Scan the card first.")
      : scans.length === 0 ? t("请先扫商品。", "Scan the goods first.") : "";
  if (missing !== "" || person === null) {
    tell("bad", missing);
    return;
  }
  const what = linesOf(scans);
  const member = { card: person.card };
  const service = what.find(({ item }) => findItem(goods.value, item)?.isService === true);
  if (service !== undefined) {
    await act({ case: "serviceAsk", value: { member, counter: counter.value, item: service.item,
      quantity: BigInt(service.quantity) } }, "serviceAsk", person, what);
  } else {
    await act({ case: "redeem", value: { member, counter: counter.value,
      lines: what.map(({ item, quantity }) => ({ item, quantity: BigInt(quantity) })) } },
    "redeem", person, what);
  }
}

/** A service that was asked for is given up, or was given. */
export async function endAsk(ask: Ask, kind: "serviceRelease" | "serviceGive"): Promise<void> {
  const { person, scans } = basket.value;
  if (person === null) {
    return;
  }
  if (scans.length > 0 && booked.value === null) {
    tell("bad", t("手上还有一单。请先按 Enter 兑换，或 F4 挂单。",
      "There is one at hand: enter it, or hold it with F4."));
    return;
  }
  await act({ case: kind, value: { ask: { entry: ask.entry } } }, kind, person, []);
}

/** What a page needs that is opened: the stock, the day, and what became of undos before it.
 * Throws a Failure. */
export async function openDay(): Promise<void> {
  await Promise.all([loadStock(), loadToday()]);
  const missing = await askUndosBefore();
  const lost = lines.value.find((line) => line.undo === "lost");
  if (missing.length > 0) {
    tell("bad", t(`撤销第 ${missing.join("、")} 号没有送到，那笔仍然有效；它不是今天的，请找审核员。`,
      `The undo of entry ${missing.join(", ")} did not arrive, so it stands; ` +
      "it is of another day: see a reviewer."));
  } else if (lost !== undefined) {
    tell("bad", t(`第 ${lost.entry} 号：${undoText(lost)}`, `Entry ${lost.entry}: ${undoText(lost)}`));
  }
}

/** Undone with a reason: at once, or by a second person; the server decides. */
export async function undo(line: Line, reason: string): Promise<void> {
  toSell();
  const isHere = stillHere();
  try {
    const result = await undoLine(line, reason);
    if (!isHere()) {
      return;
    }
    const after = lineOfKey(line.key) ?? line;
    if (after.state !== "undone") {
      tell("bad", undoText(after));
      return;
    }
    const info = (await members.memberGet({ member: { member: line.member } })).info;
    const person = info && personOfInfo(info, [], []);
    tell("good", t(`已撤销（第 ${result.entry} 号）。`, `Undone (entry ${result.entry}).`) +
      (person === undefined ? "" : t(`${person.name} 现有 ${formatPoints(person.points)} 分。`,
        ` ${person.name} has ${formatPoints(person.points)} points.`)));
    await refresh(basket.value.person?.card);
    await loadToday();
  } catch (thrown) {
    tellFailure(thrown);
  }
}
