/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Desk: one box for card, number, name or initials, then what was done; today's records of this
 * desk below, with undo. Goes on without a network (docs/desk.md).
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { MemberInfo } from "../gen/lovebank/v1/queries_pb";
import { catalogue } from "../lib/registry";
import { go, route } from "../lib/route";
import { toFailure } from "../lib/rpc";
import { announce } from "../lib/said";
import { outbox } from "../lib/send";
import { principal } from "../lib/session";
import { formatMinutes } from "../lib/values";
import { t } from "../lib/words";
import { Box, enterBox, focusBox } from "../ui/Box";
import { Keys } from "../ui/Keys";
import { Notice, Said, type SaidLine, type Tone } from "../ui/parts";
import { draft } from "./desk/draft";
import {
  lines, loadToday, moreBefore, restoredCount, startLines, undo, undoWay, type Line,
} from "./desk/lines";
import { pageOf, personOf, turnedTo } from "./desk/person";
import { PersonPart } from "./desk/PersonPart";
import { detailText, lateText, lineText, undoText } from "./desk/say";
import {
  chosen, choosePerson, complaint, correct, correctRefused, enter, resets, startAnew, startSteps,
  step,
} from "./desk/steps";
import { WhatFields } from "./desk/WhatFields";

const tones: { [state in Line["state"]]: Tone } = {
  pending: "pending", done: "done", refused: "refused", waiting: "waiting", undone: "plain",
};

/** false: the key is none that chooses. */
function chooseByKey(key: string, people: readonly MemberInfo[], isBoxEmpty: boolean): boolean {
  const count = people.length;
  const first = pageOf(chosen.value);
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      chosen.value = (chosen.value + (key === "ArrowDown" ? 1 : count - 1)) % count;
      return true;
    case "PageDown":
    case "PageUp":
      chosen.value = turnedTo(first, count, key);
      return true;
  }
  const info = /^[1-9]$/.test(key) && isBoxEmpty ? people[first + Number(key) - 1] : undefined;
  if (info !== undefined) {
    choosePerson(personOf(info));
  }
  return info !== undefined;
}

function DeskBox(): JSX.Element {
  const now = step.value;
  const [typed, setTyped] = useState("");
  const onKey = (event: KeyboardEvent) => {
    if (now.kind === "choose" && chooseByKey(event.key, now.people, typed === "")) {
      event.preventDefault();
    }
  };
  const onEnter = (text: string, isScan: boolean) => {
    setTyped("");
    return enter(text, isScan);
  };
  const shared = { onEnter, onInput: setTyped, onKey, error: complaint.value,
    resets: resets.value };
  const { minutes } = draft.value;
  switch (now.kind) {
    case "person":
      return <Box {...shared} label={t("志愿者", "Volunteer")}
        hint={t("扫卡，或输入卡号、编号、姓名、姓名首字母；也可写 编号 空格 时长",
          "Scan the card, or type its number, the member's, the name or its initials; " +
          "or number, space, time")} />;
    case "choose":
      return <Box {...shared} label={t(`“${now.text}”是哪一位？`, `Which "${now.text}"?`)}
        hint={t("按数字键，或 ↑ ↓ 和 Enter；Esc 返回", "A digit, or ↑ ↓ and Enter; Esc goes back")} />;
    case "what":
      return <Box {...shared} label={t("做了多久", "How long")}
        hint={minutes === 0
          ? t("写 2（小时）、90分 或 9:00-11:30，再按 Enter",
            "Write 2 (hours), 90m or 9:00-11:30, then Enter")
          : t(`直接按 Enter 记 ${formatMinutes(minutes)}；或写 2、90分、9:00-11:30、5/1、#类别`,
            `Enter records ${formatMinutes(minutes)}; or write 2, 90m, 9:00-11:30, 5/1, ` +
            "#category")} />;
  }
}

async function undoLine(line: Line): Promise<void> {
  try {
    await undo(line);
  } catch (thrown) {
    announce(toFailure(thrown).sentence);
    complaint.value = toFailure(thrown).sentence;
  }
  focusBox();
}

function Actions(props: { line: Line; isNext: boolean }): JSX.Element | null {
  const { line } = props;
  if (line.state === "refused") {
    return (
      <button type="button" onClick={() => void correct(line).then(focusBox)}>
        {t("改正后重记", "Correct and record anew")}
      </button>
    );
  }
  const way = undoWay(line, catalogue.value?.policy);
  if (way === "never") {
    return null;
  }
  return (
    <button type="button" onClick={() => void undoLine(line)}>
      {props.isNext && <kbd>F8</kbd>}{" "}
      {way === "now" ? t("撤销", "Undo")
        : t("申请撤销（要第二个人确认）", "Ask to undo (a second person confirms)")}
    </button>
  );
}

/** The line that F8 is about: the newest that can be undone. */
function nextToUndo(): Line | undefined {
  return lines.value.find((line) => undoWay(line, catalogue.value?.policy) !== "never");
}

function saidLine(line: Line, next: Line | undefined): SaidLine {
  const undone = undoText(line);
  return {
    key: line.key, tone: tones[line.state], actions: <Actions line={line} isNext={line === next} />,
    text: (
      <>
        {lineText(line)} <small>{detailText(line)}</small>
        {line.late > 0 && <span class="late"> ⚑ {lateText(line.late)}</span>}
        {undone !== "" && <span class="late"> ⏸ {undone}</span>}
      </>
    ),
  };
}

function Today(): JSX.Element {
  const [problem, setProblem] = useState("");
  const load = (older: boolean) => loadToday(older).then(
    () => setProblem(""), (thrown: unknown) => setProblem(toFailure(thrown).sentence));
  const waits = restoredCount.value;
  useLayoutEffect(startLines, [principal.value]); // nobody sees the lines of the one before
  useEffect(() => void load(false), [principal.value, waits]);
  const next = nextToUndo();
  return (
    <section>
      <h2>{t("今天的记录", "Today's records")}</h2>
      {problem !== "" && lines.value.length === 0 && <Notice tone="plain">{problem}</Notice>}
      {problem === "" && lines.value.length === 0 && (
        <p class="hint">{t("今天还没有记。", "Nothing was recorded today.")}</p>
      )}
      <Said lines={lines.value.map((line) => saidLine(line, next))}
        label={t("今天的记录，最新的在上面", "today's records, newest on top")} />
      {moreBefore.value !== 0n && (
        <button type="button" onClick={() => void load(true).then(focusBox)}>
          {t("更早的", "Earlier ones")}
        </button>
      )}
    </section>
  );
}

export default function Desk(): JSX.Element {
  const anew = route.value.query.get("anew");
  const hasRefused = outbox.refused.value.some((row) => row.key === anew);
  useEffect(() => {
    if (anew !== null && hasRefused) {
      go("/desk", true);
      void correctRefused(anew).then(focusBox);
    }
  }, [anew, hasRefused]);
  useLayoutEffect(startSteps, [principal.value]);
  const next = nextToUndo();
  return (
    <div class="desk">
      <h1>{t("记录服务", "Record service")} <a href="/sheet">{t("整张签到表", "A whole sheet")}</a></h1>
      <DeskBox />
      <PersonPart />
      <WhatFields />
      <Keys keys={[
        { key: "Enter", main: true, act: enterBox,
          label: step.value.kind === "what" ? t("记上", "Record") : t("确认", "Confirm") },
        { key: "F6", label: t("类别和时长", "Category, time"),
          act: () => document.querySelector<HTMLElement>(".desk-what select")?.focus() },
        { key: "F8", label: t("撤销", "Undo"), disabled: next === undefined,
          act: () => next && void undoLine(next) },
        { key: "Escape", label: t("返回", "Back"), act: startAnew },
      ]} />
      <Today />
    </div>
  );
}
