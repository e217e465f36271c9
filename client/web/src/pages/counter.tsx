/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Counter: scan the card, scan the goods, Enter. The box takes everything; the terminal's till
 * has the same words and the same rules (docs/counter.md).
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { lang } from "../lib/prefs";
import { catalogue, counterName } from "../lib/registry";
import { toFailure } from "../lib/rpc";
import { announce } from "../lib/said";
import { counterHere, principal } from "../lib/session";
import { t } from "../lib/words";
import { Box, focusBox } from "../ui/Box";
import { Select } from "../ui/Field";
import { Keys } from "../ui/Keys";
import { Notice } from "../ui/parts";
import {
  askWhyUndone, boxTurn, enterLine, escape, holdOrRecall, inTurn, nextToPrint, nextToUndo, reprint,
} from "./counter/commands";
import { openDay } from "./counter/book";
import { openMirror, startFace } from "./counter/face";
import { unsettledBefore } from "./counter/lines";
import { BasketPart, Message, ModePart, PersonPart, Today } from "./counter/parts";
import { Paper } from "./counter/Paper";
import {
  chooseCounter, choosePaper, choosePrints, counter, paper, printsItself, receiptPapers,
} from "./counter/place";
import { printTrouble } from "./counter/printing";
import {
  held, isOpen, mode, quantity, startAnew, tellNext,
} from "./counter/till";
import { readWord } from "./counter/word";

/** Asked once for each workplace. */
function ChooseCounter(): JSX.Element {
  const [error, setError] = useState<string | undefined>(undefined);
  const rows = catalogue.value?.counters ?? [];
  const choose = (text: string) => {
    const word = readWord(text);
    const number = word.kind === "number" ? word.number : 0;
    if (rows.some((row) => row.counter === number)) {
      chooseCounter(number);
      return;
    }
    setError(t(`没有“${text}”号兑换点。请输入下面的一个号码`,
      `there is no counter "${text}"; type one of the numbers below`));
  };
  return (
    <div class="narrow">
      <Box label={t("这台电脑是哪个兑换点？", "Which counter is this computer?")} onEnter={choose}
        hint={t("输入号码，按 Enter；以后不再问", "Type its number, then Enter; it is asked once")}
        error={error} inputMode="numeric" />
      <ol class="candidates">
        {rows.map((row) => (
          <li key={row.counter}>
            <button type="button" onClick={() => chooseCounter(row.counter)}>
              <kbd>{row.counter}</kbd> {row.name}
            </button>
          </li>
        ))}
      </ol>
      {catalogue.value !== undefined && rows.length === 0 && (
        <Notice tone="refused">
          {t("还没有兑换点。请管理员先设立一个。",
            "There is no counter yet. Ask an administrator to open one.")}
        </Notice>
      )}
    </div>
  );
}

function TillBox(props: { onInput: (text: string) => void }): JSX.Element {
  const now = mode.value.kind;
  const label = {
    sell: t("卡或商品", "Card or goods"), pick: t("哪一种？", "Which goods?"),
    recall: t("取哪一张？", "Which basket?"), reason: t("撤销的原因", "Why it is undone"),
  }[now];
  const hint = {
    sell: quantity.value > 0
      ? t(`下一样 × ${quantity.value}`, `the next × ${quantity.value}`)
      : t("扫卡、扫商品；也可写编号、品名、首字母；3* 数量，- 删行",
        "Scan card and goods; or number, name, initials; 3* quantity, - removes"),
    pick: t("输入序号，按 Enter；Esc 返回", "Its number, then Enter; Esc goes back"),
    recall: t("输入序号，按 Enter；Esc 返回", "Its number, then Enter; Esc goes back"),
    reason: t("写完按 Enter；Esc 不撤销", "Enter when written; Esc leaves it"),
  }[now];
  const shown = useRef("");
  const before = useRef(""); // "3*", with the scan that follows it
  const input = (typed: string) => {
    shown.current = typed;
    if (typed === "") { // by hand; or by a scan, whose turn comes before the timer's
      setTimeout(() => (before.current = shown.current));
    } else {
      before.current = typed;
    }
    props.onInput(typed);
  };
  useLayoutEffect(() => {
    before.current = "";
  }, [now, boxTurn.value]);
  const enter = (text: string, isScan: boolean) => {
    const quantityTyped = isScan ? /^\d{1,3} *[*＊×xX] */.exec(before.current) : null;
    before.current = "";
    props.onInput("");
    enterLine((quantityTyped?.[0] ?? "") + text);
  };
  return <Box key={`${now}${boxTurn.value}`} label={label} hint={hint} onEnter={enter}
    onInput={input} />;
}

function Settings(): JSX.Element {
  const names = { receipt58: "58 mm", receipt80: "80 mm", a4: "A4" };
  return (
    <details>
      <summary>{t("这台电脑的收据纸和兑换点", "Paper and counter of this computer")}</summary>
      <div class="fields">
        <Select label={t("收据纸", "Receipt paper")} value={paper.value}
          options={receiptPapers.map((value) => ({ value, text: names[value] }))}
          onInput={(value) => choosePaper(
            receiptPapers.find((row) => row === value) ?? "receipt58")} />
        <Select label={t("兑换后", "After each redemption")} value={printsItself.value ? "yes" : "no"}
          options={[{ value: "no", text: t("按 F9 才打印", "F9 prints") },
            { value: "yes", text: t("自动打印收据", "print by itself") }]}
          onInput={(value) => choosePrints(value === "yes")} />
        {counterHere.value === 0 && (
          <p><button type="button" onClick={() => chooseCounter(0)}>
            {t("换一个兑换点", "Another counter")}
          </button></p>
        )}
      </div>
    </details>
  );
}

/** By the button: what stands in the box is not left out. */
function enterTyped(typed: string): void {
  if (typed !== "") {
    boxTurn.value++; // it is emptied
  }
  enterLine(typed);
}

function TillKeys(props: { typed: string }): JSX.Element {
  const reset = (act: () => void) => () => {
    act();
    focusBox();
  };
  const count = held.value.length;
  return <Keys keys={[
    { key: "Enter", label: t("兑换", "Redeem"), main: true,
      act: reset(() => enterTyped(props.typed)) },
    { key: "F4", label: isOpen.value || count === 0 ? t("挂单", "Hold")
      : t(`取单（${count}）`, `Recall (${count})`), disabled: !isOpen.value && count === 0,
    act: reset(() => inTurn(holdOrRecall)) },
    { key: "F8", label: t("撤销", "Undo"), disabled: nextToUndo() === undefined,
      act: reset(() => inTurn(() => askWhyUndone(nextToUndo()))) },
    { key: "F9", label: t("补打", "Print"), disabled: nextToPrint() === undefined,
      act: reset(() => void reprint(nextToPrint())) },
    { key: "F10", label: t("存折", "Passbook"), disabled: nextToPrint() === undefined,
      act: reset(() => void reprint(nextToPrint(), true)) },
    { key: "F7", label: t("顾客屏", "Mirror"), act: openMirror },
    { key: "Escape", label: t("返回", "Back"),
      act: reset(() => inTurn(() => escape(props.typed))) },
  ]} />;
}

function Till(): JSX.Element {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const before = unsettledBefore.value.length;
  useEffect(() => {
    openDay().then(() => setProblem(""),
      (thrown: unknown) => setProblem(toFailure(thrown).sentence));
  }, [counter.value, principal.value, before]);
  useEffect(startFace, []);
  const saidIn = useRef(lang.value);
  useEffect(() => {
    if (saidIn.current !== lang.value) { // the sentence that stands there is in the other one
      saidIn.current = lang.value;
      tellNext();
    }
  }, [lang.value]);
  useLayoutEffect(() => setTyped(""), [mode.value.kind, boxTurn.value]); // before the next key
  useEffect(() => {
    if (before > 0) {
      announce(t("上次还有没有答复的。", "Something of before has no answer yet."));
    }
  }, [before]);
  return (
    <div class="till">
      <div>
        <TillBox onInput={setTyped} />
        <Message />
        <ModePart />
        {before > 0 && (
          <Notice tone="pending">
            {t(`上次打开时发出的 ${before} 笔还没有答复，正在再问，不会记两次。`,
              `${before} sent before this page was opened have no answer; they are asked again, ` +
              "never entered twice.")}
          </Notice>
        )}
        <PersonPart />
        <TillKeys typed={typed} />
        <BasketPart />
      </div>
      <div>
        {problem !== "" && <Notice tone="plain">{problem}</Notice>}
        {printTrouble.value !== "" && <Notice tone="refused">{printTrouble.value}</Notice>}
        <Today />
        <Settings />
      </div>
      <Paper />
    </div>
  );
}

let shownFor = "";

export default function Counter(): JSX.Element {
  const place = `${principal.value}/${counter.value}`;
  useLayoutEffect(() => {
    if (place !== shownFor) { // the basket outlives the page, but not whoever works here
      shownFor = place;
      startAnew();
    }
  }, [place]);
  return (
    <div class="counter">
      <h1>
        {t("兑换", "Redeem")}
        {counter.value !== 0 && <small>{counterName(counter.value)}</small>}
      </h1>
      {counter.value === 0 ? <ChooseCounter /> : <Till key={place} />}
    </div>
  );
}
