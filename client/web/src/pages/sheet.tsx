/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A whole sign-in sheet: filled by the keyboard, from Excel's clipboard or a file, judged row by
 * row before anything is sent, recorded by one key, undone as a whole.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { catalogue } from "../lib/registry";
import { resultClass } from "../lib/result";
import { online } from "../lib/rpc";
import { principal } from "../lib/session";
import { t } from "../lib/words";
import { Keys, type KeyAct } from "../ui/Keys";
import { Notice } from "../ui/parts";
import type { Place } from "./sheet/cell_keys";
import { Grid } from "./sheet/Grid";
import { HeaderFields } from "./sheet/HeaderFields";
import { markOf } from "./sheet/marks";
import { Namesakes } from "./sheet/Namesakes";
import { isBusy, isReady, recordSheet, startSheet } from "./sheet/record";
import { said } from "./sheet/said";
import {
  canRestore, choose, clearSheet, columnsShown, isOpen, isUnkept, restoreSheet, sheet, type Row,
} from "./sheet/state";
import { takeFile } from "./sheet/take";
import { UndoPart } from "./sheet/UndoPart";
import { isSettled, judgeSoon, problem, verdicts, type Verdict } from "./sheet/verdicts";

const kindOf = (row: Row) => verdicts.value.get(row.id)?.kind;
const isBad = (row: Row) => kindOf(row) === "bad" || kindOf(row) === "choose";
const isDone = (row: Row) => row.outcome !== undefined && row.outcome.isUndone !== true &&
  resultClass(row.outcome.code) === "DONE";

function Title(): JSX.Element {
  return (
    <h1>{t("整张签到表", "A whole sign-in sheet")}{" "}
      <a href="/desk">{t("一笔一笔记", "One by one")}</a></h1>
  );
}

function Counts(): JSX.Element {
  const { rows } = sheet.value;
  const open = rows.filter((row) => row.sent === undefined);
  const ready = open.filter((row) => isReady(verdicts.value.get(row.id))).length;
  const bad = open.filter(isBad).length;
  const doubtful = open.filter((row) => kindOf(row) === "doubtful").length;
  const done = rows.filter(isDone).length;
  return (
    <div class="counts" role="status">
      {!isSettled.value && <span>{t("正在核对… ", "Checking… ")}</span>}
      <span>{t(`可以记 ${ready} 行 · 要改 ${bad} 行 · 已记 ${done} 行`,
        `${ready} to record · ${bad} to mend · ${done} recorded`)}</span>
      {doubtful > 0 && <span>{t(` · 像是记过 ${doubtful} 行`, ` · ${doubtful} perhaps twice`)}</span>}
    </div>
  );
}

/** What the last key came to, and what is wrong with the whole. */
function Notices(props: { onEnd: () => void }): JSX.Element {
  return (
    <>
      {said.value !== undefined && <Notice tone={said.value.tone}>{said.value.text}</Notice>}
      {canRestore.value && (
        <Notice tone="plain">{t("表已清空。", "The sheet is put away.")}{" "}
          <button type="button" onClick={() => void restoreSheet().then(props.onEnd)}>
            {t("取回刚才的表", "Have it back")}
          </button>
        </Notice>
      )}
      {problem.value !== "" && <Notice tone="plain">{problem.value}</Notice>}
      {isUnkept.value && (
        <Notice tone="refused">{t("这台电脑存不下这张表，关掉网页会丢。请先记入。",
          "This computer cannot keep the sheet; it is lost when the page is closed. " +
          "Record it first.")}</Notice>
      )}
    </>
  );
}

type Mode = "grid" | "choose" | "undo";

interface BarProps {
  at: Place;
  canChoose: boolean;
  onMode: (mode: Mode) => void;
  onMove: (to: Place) => void;
  /** Back to the grid. */
  onEnd: () => void;
}

function keysOf(props: BarProps, openFile: () => void): KeyAct[] {
  const { rows } = sheet.value;
  const isMend = (row: Row) => isBad(row) || kindOf(row) === "doubtful";
  const after = rows.findIndex((row, i) => i > props.at.row && isMend(row));
  const next = after !== -1 ? after : rows.findIndex(isMend);
  return [
    { key: "F9", label: t("记入可以的行", "Record the good rows"), main: true,
      disabled: isBusy.value, act: () => void recordSheet().then(props.onEnd) },
    { key: "F4", label: t("选同名的人", "Choose among namesakes"), disabled: !props.canChoose,
      act: () => props.onMode("choose") },
    { key: "F6", label: t("下一个要改的", "Next to mend"), disabled: next === -1,
      act: () => props.onMove({ row: next, column: 0 }) },
    { key: "F7", label: t("读 CSV 文件", "Read a CSV file"), act: openFile },
    { key: "F8", label: t("撤销整张", "Undo all of it"), disabled: !wasSent() || isBusy.value,
      act: () => props.onMode("undo") },
  ];
}

/** An import was opened for it. */
const wasSent = () => sheet.value.imports.some((each) => each.number !== undefined);

function Bar(props: BarProps): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  return (
    <div class="sheet-bar">
      <Keys keys={keysOf(props, () => file.current?.click())} />
      <button type="button" disabled={isBusy.value}
        onClick={() => void clearSheet().then(props.onEnd)}>
        {wasSent() ? t("收起，开新表", "Put away, begin another") : t("清空", "Clear")}
      </button>
      <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,text/csv"
        aria-label={t("CSV 文件", "CSV file")}
        onChange={(event) => {
          const taken = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (taken !== undefined) {
            void takeFile(taken).then(props.onEnd);
          }
        }} />
    </div>
  );
}

/** The place, within the sheet as it is now. */
function within(at: Place): Place {
  const row = Math.min(at.row, sheet.value.rows.length - 1);
  const column = Math.min(at.column, columnsShown.value.length - 1);
  return row === at.row && column === at.column ? at : { row, column };
}

function dropped(event: DragEvent): Promise<void> {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (document.activeElement instanceof HTMLElement) {
    document.activeElement.blur(); // what is typed in the cell goes into the sheet first
  }
  return file === undefined ? Promise.resolve() : takeFile(file);
}

function OpenSheet(): JSX.Element {
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const [mode, setMode] = useState<Mode>("grid");
  useEffect(judgeSoon, [sheet.value, catalogue.value, online.value]);
  const place = within(at);
  const row = sheet.value.rows[place.row]!;
  const verdict: Verdict | undefined = verdicts.value.get(row.id);
  const people = verdict?.kind === "choose" ? verdict.people : undefined;
  const moveTo = (to: Place) => {
    setMode("grid");
    setAt(to);
  };
  const back = () => {
    setMode("grid");
    // Who has gone on typing meanwhile is not disturbed.
    if (document.activeElement?.closest(".sheet-grid, .sheet-header") == null) {
      setAt((now) => ({ ...now }));
    }
  };
  return (
    <div class="sheet" onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => void dropped(event).then(back)}>
      <Title />
      <HeaderFields />
      <Bar at={place} canChoose={people !== undefined} onMode={setMode} onMove={moveTo}
        onEnd={back} />
      <Counts />
      <Notices onEnd={back} />
      {mode === "undo" && <UndoPart onEnd={back} />}
      {people !== undefined && (
        <Namesakes key={row.id} people={people} more={verdict?.more === true}
          isOpen={mode === "choose"} onEnd={back}
          onChoose={(member) => {
            choose(row.id, row.fields.who, member);
            back();
          }} />
      )}
      <Grid columns={columnsShown.value} at={place} onMove={moveTo} verdict={markOf}
        onLeave={() => document.querySelector<HTMLElement>(".sheet-bar button")?.focus()} />
      <p class="hint">{t("从 Excel 复制后直接粘贴；Enter 向下，Tab 向右，F2 改格，Insert 插入行，" +
        "Shift+Del 删行，Esc 离开表格。卡号或编号后写姓名，会互相核对。",
      "Paste what was copied from Excel; Enter goes down, Tab right, F2 edits, Insert adds a " +
        "row, Shift+Del removes one, Esc leaves the grid. A name behind a number is checked " +
        "against it.")}</p>
    </div>
  );
}

export default function SheetPage(): JSX.Element {
  useEffect(() => void startSheet(), [principal.value]);
  return isOpen.value ? <OpenSheet key={principal.value} /> : <div class="sheet"><Title /></div>;
}
