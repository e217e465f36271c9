/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The counter's lines and keys, one after another: what comes while the server still answers waits
 * its turn. The rules are those of client/cli/till/till.c.
 */
import { signal } from "@preact/signals";
import { formatResult, Code } from "../../lib/result";
import { loadRegistry, reloadRegistry } from "../../lib/registry";
import { toFailure } from "../../lib/rpc";
import { t } from "../../lib/words";
import { book, shortText, undo } from "./book";
import { addScan, findBarcode, findItem, findNamed, linesOf, shortOf, type Goods } from "./goods";
import { lines, mayUndo, type Line } from "./lines";
import { findByCard } from "./person";
import { counter } from "./place";
import { printLine } from "./printing";
import {
  basket, beginBasket, booked, clearBasket, goods, held, isOpen, isStopped, isSure, loadStock, mode,
  quantity, stillHere, stock, stop, tell, tellNext, toSell, total,
} from "./till";
import { isReason, readWord, type Word } from "./word";

const heldMax = 9;
const picksMax = 9;
const cut = (text: string) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

/** The box is emptied by being made anew. */
export const boxTurn = signal(0);

function tellStopped(): void {
  const name = basket.value.person?.name ?? "";
  tell("bad", t(`${name}还没有记账。请先按 Enter 兑换，或 F4 挂单，或按两次 Esc 清空。`,
    `${name} is not entered yet: Enter takes the points, F4 holds it, Esc twice clears it.`));
}

async function onCard(card: bigint): Promise<void> {
  beginBasket();
  const { person, scans } = basket.value;
  if (person !== null && person.card !== card && scans.length > 0) {
    stop();
    tellStopped();
    return;
  }
  isStopped.value = false;
  const isHere = stillHere();
  const found = await Promise.all([findByCard(card), loadStock()]).then(([answer]) => answer,
    (thrown: unknown) => ({ kind: "none" as const, why: toFailure(thrown).sentence }));
  if (!isHere()) {
    return;
  }
  if (found.kind === "none") {
    stop();
    tell("bad", `${found.why}${t("。", ".")}`);
    return;
  }
  basket.value = { ...basket.value, person: found.person };
  tellBasket();
}

/** The next step, or what is not enough before anything is sent. */
function tellBasket(): void {
  const { person, scans } = basket.value;
  const short = shortOf(scans.filter(({ item }) => findItem(goods.value, item)?.isService !== true),
    stock.value);
  if (person !== null && total.value > person.points) {
    tell("bad", shortText(person, total.value));
  } else if (short !== undefined) {
    const row = findItem(goods.value, short.item);
    const there = stock.value.get(short.item) ?? 0n;
    tell("bad", t(
      `${row?.name} 库存只有 ${there}，要 ${short.quantity}。请按 - 删行，或先进货。`,
      `Only ${there} of ${row?.name} in stock, ${short.quantity} wanted. ` +
      "- removes the line; or receive stock first."));
  } else {
    tellNext();
  }
}

/** A service is asked for by itself: it is another act than goods that are handed out. */
function mixes(row: Goods): boolean {
  return basket.value.scans.some(({ item }) =>
    item !== row.item && (row.isService || findItem(goods.value, item)?.isService === true));
}

function add(row: Goods): void {
  toSell();
  beginBasket();
  if (mixes(row)) {
    tell("bad", t(
      `“${row.name}”要单独一单：服务是预约，商品当场兑换。请先按 Enter。`,
      `"${row.name}" goes by itself: services are asked for, goods handed out. ` +
      "Press Enter first."));
    return;
  }
  const scans = addScan(basket.value.scans, { item: row.item, quantity: quantity.value || 1 });
  quantity.value = 0;
  if (scans === null) {
    tell("bad", t("一单放不下更多商品。请先按 Enter 兑换，再扫其余的。",
      "No more goods fit in one redemption: press Enter, then go on."));
    return;
  }
  basket.value = { ...basket.value, scans };
  tellBasket();
}

const justThat = (row: Goods | undefined): Goods[] => (row === undefined ? [] : [row]);

function candidates(word: Word): Goods[] {
  switch (word.kind) {
    case "barcode":
      return justThat(findBarcode(goods.value, word.barcode));
    case "number":
      return justThat(findItem(goods.value, word.number));
    case "text":
      return findNamed(goods.value, word.text);
    default:
      return [];
  }
}

async function onGoods(word: Word, line: string): Promise<void> {
  if (isStopped.value) {
    tellStopped();
    return;
  }
  quantity.value = word.quantity || quantity.value;
  let found = candidates(word);
  if (found.length === 0) {
    await reloadRegistry(); // the server may know it by now
    found = candidates(word);
  }
  if (found.length === 1) {
    add(found[0]!);
  } else if (found.length === 0) {
    tell("bad", t(`没有商品“${cut(line)}”。请核对，或写品名、拼音首字母；数量请写成 3*。`,
      `There are no goods "${cut(line)}": check it, or write a name or pinyin initials; ` +
      "a quantity is written 3*."));
  } else {
    mode.value = { kind: "pick", goods: found.slice(0, picksMax) };
    tell(found.length > picksMax ? "bad" : "quiet",
      t(`有 ${found.length} 种，请按序号选，或写得更全。`,
        `There are ${found.length}: choose one by its number, or write more of the name.`));
  }
}

function onMinus(): void {
  if (booked.value !== null || basket.value.scans.length === 0) {
    tell("bad", t("没有可删的。", "There is nothing to remove."));
    return;
  }
  basket.value = { ...basket.value, scans: basket.value.scans.slice(0, -1) };
  tellBasket();
}

/** Puts away what is at hand. */
function hold(): void {
  if (held.value.length === heldMax) {
    tell("bad", t("挂单已满 9 张，请先取一张。", "Nine are held already: recall one first."));
    return;
  }
  held.value = [...held.value, basket.value];
  clearBasket();
  toSell();
  tell("good", t(`已挂单，共 ${held.value.length} 张。`, `Held; ${held.value.length} in all.`));
}

/** The balance may have changed meanwhile: it is asked for again. */
async function recallAt(at: number): Promise<void> {
  const found = held.value[at]!;
  held.value = held.value.filter((_, i) => i !== at);
  booked.value = null;
  basket.value = found;
  toSell();
  if (found.person === null) {
    tellBasket();
  } else {
    await onCard(found.person.card);
  }
}

async function recall(): Promise<void> {
  if (held.value.length === 0) {
    tell("bad", t("没有挂单。", "Nothing is held."));
  } else if (held.value.length === 1) {
    await recallAt(0);
  } else {
    mode.value = { kind: "recall" };
    tell("quiet", t("取哪一张？请输入序号。", "Which one? Give its number."));
  }
}

/** One key for both: what is at hand is held, else what is held comes back. */
export async function holdOrRecall(): Promise<void> {
  if (isOpen.value) {
    hold();
  } else {
    await recall();
  }
}

/** The line that F8 is about: one whose undo was lost, else the newest that stands. */
export const nextToUndo = (): Line | undefined =>
  lines.value.find((line) => line.undo === "lost" && mayUndo(line)) ?? lines.value.find(mayUndo);

export function askWhyUndone(line: Line | undefined): void {
  if (line === undefined) {
    tell("bad", t("今天这里还没有可撤销的兑换。", "No redemption of today is left to undo here."));
    return;
  }
  mode.value = { kind: "reason", line };
  tell("quiet", t("撤销的原因？写完按 Enter；Esc 不撤销。",
    "Why is it undone? Enter when written; Esc leaves it."));
}

export async function reprint(line: Line | undefined, isPassbook = false): Promise<void> {
  if (line === undefined) {
    tell("bad", t("今天这里还没有可打印的兑换。", "There is no redemption of today to print."));
    return;
  }
  await printLine(line, isPassbook);
}

/** The newest with a receipt. */
export const nextToPrint = (): Line | undefined => lines.value.find(({ entry, state }) =>
  entry !== 0n && (state === "done" || state === "undone"));

async function onLetter(letter: string): Promise<void> {
  switch (letter) {
    case "u":
      askWhyUndone(nextToUndo());
      return;
    case "h":
    case "r":
      if ((letter === "h") === isOpen.value) {
        await holdOrRecall();
      } else {
        tell("bad", letter === "h" ? t("没有可挂的单。", "There is nothing to hold.")
          : t("手上还有一单。请先按 Enter 兑换，或 F4 挂单。",
            "There is one at hand: enter it, or hold it with F4."));
      }
      return;
    case "p":
      await reprint(nextToPrint());
      return;
    default:
      tell("bad", t(`没有命令 ${letter}。按首字母找商品请写两个以上。`,
        `There is no command ${letter}; initials of goods are two letters or more.`));
  }
}

async function sellLine(word: Word, line: string): Promise<void> {
  switch (word.kind) {
    case "empty":
      if (word.quantity !== 0) {
        quantity.value = word.quantity;
        tellNext();
      } else {
        isStopped.value = false;
        await book();
      }
      return;
    case "card":
      return onCard(word.card);
    case "badCard":
      stop();
      tell("bad", `${formatResult(Code.CARD_CHECK_DIGIT, word.card)}${t("。", ".")}`);
      return;
    case "badScan":
      tell("bad", t(`“${cut(word.text)}”既不是卡号也不是条码。请再扫一次。`,
        `${cut(word.text)} is neither a card nor a barcode. Scan it again.`));
      return;
    case "minus":
      return onMinus();
    case "letter":
      return onLetter(word.letter);
    case "barcode":
    case "number":
    case "text":
      return onGoods(word, line);
  }
}

/** A number from a list on the screen. A scan leaves the list. */
async function choose(word: Word, line: string): Promise<void> {
  const now = mode.value;
  const count = now.kind === "pick" ? now.goods.length : held.value.length;
  if (word.kind === "number" && word.number <= count) {
    if (now.kind === "pick") {
      quantity.value = word.quantity || quantity.value;
      add(now.goods[word.number - 1]!);
    } else {
      await recallAt(word.number - 1);
    }
  } else if (word.kind === "card" || word.kind === "badCard" || word.kind === "barcode" ||
      word.kind === "badScan" || (word.kind === "text" && now.kind === "pick")) {
    toSell();
    await sellLine(word, line);
  } else {
    tell("bad", t(`请按 1 到 ${count} 选；Esc 返回。`,
      `Give a number from 1 to ${count}; Esc goes back.`));
  }
}

async function takeLine(line: string): Promise<void> {
  const word = readWord(line);
  const now = mode.value;
  isSure.value = false;
  await loadRegistry();
  switch (now.kind) {
    case "sell":
      return sellLine(word, line);
    case "pick":
    case "recall":
      return choose(word, line);
    case "reason":
      if (isReason(line)) {
        await undo(now.line, line.trim());
      } else {
        tell("bad", t("请用文字写明撤销的原因；Esc 不撤销。",
          "Say in words why it is undone; Esc leaves it."));
      }
  }
}

let turn: Promise<void> = Promise.resolve();

/** After all that came before, unless somebody else is here by then; what fails is told. */
export function inTurn(act: () => Promise<void> | void): void {
  const isHere = stillHere();
  turn = turn.then(() => (isHere() ? act() : undefined)).catch((thrown: unknown) => {
    tell("bad", `${toFailure(thrown).sentence}${t("。", ".")}`);
  });
}

export function enterLine(line: string): void {
  if (counter.value !== 0) {
    inTurn(() => takeLine(line));
  }
}

/** Esc leaves what is open, one step at a time; a basket goes only with the second. */
export function escape(typed: string): void {
  if (typed !== "") {
    boxTurn.value++;
  } else if (mode.value.kind !== "sell") {
    toSell();
    tellBasket();
  } else if (isOpen.value && !isSure.value) {
    isSure.value = true;
    quantity.value = 0;
    tell("bad", t("再按一次 Esc 清空。", "Esc once more clears it all."));
  } else {
    clearBasket();
    tellNext();
  }
}

/** What it costs is more than there is: said in the total. */
export const missingPoints = (): bigint => {
  const { person, scans } = basket.value;
  return person === null || linesOf(scans).length === 0 || booked.value !== null ? 0n
    : total.value - person.points;
};
