/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Category, time, day and activity as fields: what the box understands can be seen and set here
 * too.
 */
import { fromBinary } from "@bufbuild/protobuf";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { EntrySchema } from "../../gen/lovebank/v1/entries_pb";
import { ledger } from "../../lib/rpc";
import { today } from "../../lib/session";
import { formatClock, formatDay, formatMinutes, parseDay } from "../../lib/values";
import { t } from "../../lib/words";
import { focusBox } from "../../ui/Box";
import { Field, Select } from "../../ui/Field";
import { categories, changeDraft, draft } from "./draft";
import { dayText } from "./say";
import { parseRange, parseTyped, type Span } from "./what";

const activitiesShown = 30;
const actActivityOpen = 16; // Command.activity_open

export interface Activity {
  number: bigint;
  org: bigint;
  name: string;
  day: number;
}

/** The newest activities that may be seen here. Throws a Failure. */
export async function listActivities(): Promise<Activity[]> {
  const answer = await ledger.entryList({
    newestFirst: true, act: actActivityOpen, limit: activitiesShown, noRefused: true });
  return answer.entries.flatMap((row) => {
    const entry = fromBinary(EntrySchema, row.packed);
    const act = entry.command?.act;
    return act?.case === "activityOpen"
      ? [{ number: entry.assigned, name: act.value.name, org: act.value.org, day: entry.day }] : [];
  });
}

/** From a field or a choice back to the box. */
const backOnEnter = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    focusBox();
  }
};

function spanText(minutes: number, start: number | null): string {
  if (minutes === 0) {
    return "";
  }
  return start === null ? formatMinutes(minutes)
    : `${formatClock(start)}-${formatClock(start + minutes)}`;
}

function readSpan(text: string): Span | null {
  const range = parseRange(text);
  const minutes = range === undefined ? parseTyped(text) : null;
  const span = range ?? (minutes === null ? null : { minutes, start: null });
  return span !== null && span.minutes >= 1 && span.minutes <= 1440 ? span : null;
}

/** A field of the draft. What is typed stands as it was typed until the field is left; emptied,
 * also by a scan that took its place, it means what it meant before. */
function DraftField<Value>(props: {
  label: string;
  shown: string;
  hint: string;
  wrong: string;
  value: Value;
  read: (text: string) => Value | null;
  onRead: (value: Value) => void;
}): JSX.Element {
  const { value, read, onRead } = props;
  const [typed, setTyped] = useState<string>();
  const before = useRef(value);
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => { // changed by the box
    if (!part.current!.contains(document.activeElement)) {
      setTyped(undefined);
    }
  }, [props.shown]);
  const isWrong = typed !== undefined && typed.trim() !== "" && read(typed) === null;
  return (
    <div ref={part} onFocusIn={() => (before.current = value)}
      onFocusOut={() => isWrong || setTyped(undefined)}>
      <Field label={props.label} value={typed ?? props.shown} hint={props.hint}
        error={isWrong ? props.wrong : undefined}
        onInput={(text) => {
          const found = text.trim() === "" ? before.current : read(text);
          if (found !== null) {
            onRead(found);
          }
          setTyped(text);
        }} />
    </div>
  );
}

function TimeField(): JSX.Element {
  const { minutes, start } = draft.value;
  return (
    <DraftField<Span> label={t("时长", "Time")}
      shown={spanText(minutes, start)} value={{ minutes, start }} read={readSpan}
      hint={t("2、1.5、90分、9:00-11:30", "2, 1.5, 90m, 9:00-11:30")}
      wrong={t("写成 2、90分 或 9:00-11:30", "write 2, 90m or 9:00-11:30")}
      onRead={(span) => changeDraft({ span })} />
  );
}

function DayField(): JSX.Element {
  const { day } = draft.value;
  return (
    <DraftField<number> label={t("日期", "Day")}
      shown={day === null ? t("今天", "today") : formatDay(day)} value={day ?? today()}
      read={(text) => parseDay(text, today())}
      hint={day === null ? t("今天，或 5/1", "today, or 5/1")
        : t(`不是今天：${dayText(day)}`, `not today: ${dayText(day)}`)}
      wrong={t("写成 5/1 或 2016-05-01", "write 5/1 or 2016-05-01")}
      onRead={(read) => changeDraft({ day: read })} />
  );
}

function ActivitySelect(): JSX.Element | null {
  const [rows, setRows] = useState<readonly Activity[]>([]);
  useEffect(() => {
    listActivities().then(setRows, () => undefined); // without them: by number, in the box
  }, []);
  const now = draft.value.activity;
  const isListed = now === 0n || rows.some((row) => row.number === now);
  if (rows.length === 0 && now === 0n) {
    return null;
  }
  return (
    <Select label={t("活动", "Activity")} value={String(now)}
      onInput={(value) => changeDraft({ activity: BigInt(value) })}
      options={[
        { value: "0", text: t("不属于活动", "none") },
        ...(isListed ? [] : [{ value: String(now), text: String(now) }]),
        ...rows.map((row) => (
          { value: String(row.number), text: `${row.number} ${row.name} ${dayText(row.day)}` })),
      ]} />
  );
}

export function WhatFields(): JSX.Element {
  const { category } = draft.value;
  const isKnown = categories.value.some((row) => row.number === category);
  return (
    <div class="fields desk-what" onKeyDown={backOnEnter}>
      <Select label={t("类别", "Category")} value={isKnown ? String(category) : ""}
        onInput={(value) => changeDraft({ category: Number(value) })}
        options={[
          ...(isKnown ? [] : [{ value: "", text: t("请选择", "choose") }]),
          ...categories.value.map((row) => (
            { value: String(row.number), text: `${row.number} ${row.name}` })),
        ]} />
      <TimeField />
      <DayField />
      <ActivitySelect />
    </div>
  );
}
