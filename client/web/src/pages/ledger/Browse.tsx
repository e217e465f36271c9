/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The ledger's entries, newest first: filters, what comes, and more of what was before.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AssetKind } from "../../gen/lovebank/v1/entries_pb";
import { go, route } from "../../lib/route";
import { online } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { principal, timeText, today } from "../../lib/session";
import { formatDay, formatMember, formatMinutes, formatPoints, parseDay } from "../../lib/values";
import { counted, t, valueWord } from "../../lib/words";
import { Field } from "../../ui/Field";
import { Keys } from "../../ui/Keys";
import { Notice, Table, type Column } from "../../ui/parts";
import { ChoiceField, orgChoices } from "./ChoiceField";
import {
  acts, changeOf, noteText, stands, subjectOf, whatText, whoText, type Row,
} from "./entry_words";
import { addressOf, everything, filterOf } from "./filter";
import * as list from "./list";

function DayField(): JSX.Element {
  const shown = filterOf(route.value.query).day;
  const [text, setText] = useState(shown === null ? "" : formatDay(shown));
  const [wrong, setWrong] = useState<string>();
  const take = () => {
    const day = text.trim() === "" ? null : parseDay(text, today());
    if (day === null && text.trim() !== "") {
      setWrong(t(`“${text}”不是日期，请写成 2016-05-01`, `"${text}" is no date; write it like 2016-05-01`));
      return;
    }
    setWrong(undefined);
    list.choose({ day });
  };
  useEffect(() => setText(shown === null ? "" : formatDay(shown)), [shown]);
  return (
    <Field label={t("哪天记的", "Recorded on")} value={text} onInput={setText} error={wrong}
      hint={t("如 5/1、今天，按 Enter", "like 5/1 or today, then Enter")}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.isComposing) {
          take();
        }
      }} />
  );
}

function Filters(): JSX.Element {
  const filter = filterOf(route.value.query);
  const actChoices = acts.map((act) => ({ value: String(act.number), text: valueWord(act.name) }));
  const all = t("空着是全部", "empty for all");
  return (
    <div class="fields filters no-print">
      <ChoiceField label={t("组织", "Org")} choices={orgChoices()} hint={all}
        value={filter.org === 0n ? "" : String(filter.org)}
        onChoose={(org) => list.choose({ org: BigInt(org) })} />
      <ChoiceField label={t("事项", "Act")} choices={actChoices} hint={all}
        value={filter.act === 0 ? "" : String(filter.act)}
        onChoose={(act) => list.choose({ act: Number(act) })} />
      <DayField />
      {principal.value !== 0 && (
        <label class="check">
          <input type="checkbox" checked={filter.mine}
            onInput={(event) => list.choose({ mine: event.currentTarget.checked })} />
          {" "}{t("只看我记的", "only what I recorded")}
        </label>
      )}
    </div>
  );
}

function change(row: Row, asset: AssetKind): bigint {
  return changeOf(row.entry, subjectOf(row.entry), asset);
}

const signed = (amount: bigint, text: string) =>
  (amount === 0n ? "" : amount > 0n ? `+${text}` : text);

function columns(): Column<Row>[] {
  const struck = (row: Row, text: string) =>
    (row.beside.reversedBy !== 0n ? <s>{text}</s> : text);
  return [
    { title: t("记账号", "Entry"), isAmount: true, cell: (row) => (
      <a href={`/ledger/${row.entry.number}`}>{String(row.entry.number)}</a>) },
    { title: t("记账时间", "Recorded"), cell: (row) => (
      <span class="amount">{timeText(row.entry.recordedMs)}</span>) },
    { title: t("志愿者", "Member"), cell: (row) => {
      const member = subjectOf(row.entry);
      return member === 0n ? "" : <a href={`/members/${member}`}>{formatMember(member)}</a>;
    } },
    { title: t("事项", "What"), cell: (row) => (
      <>
        {struck(row, whatText(row.entry))}
        {!stands(row) && <> <small>{noteText(row)}</small></>}
      </>) },
    { title: t("时长", "Time"), isAmount: true, cell: (row) => {
      const minutes = change(row, AssetKind.MINUTES);
      return signed(minutes, formatMinutes(minutes));
    } },
    { title: t("积分", "Points"), isAmount: true, cell: (row) => {
      const centi = change(row, AssetKind.POINTS);
      return signed(centi, formatPoints(centi));
    } },
    { title: t("经手", "By"), cell: whoText },
  ];
}

function Live(): JSX.Element {
  const paused = list.isPaused.value;
  return (
    <p class={paused ? "live paused" : "live"} role="status">
      {paused
        ? list.hasNew.value
          ? t("已暂停；有新的账。", "Paused; there are new entries.")
          : t("已暂停，新的账不会插进来。", "Paused; new entries do not come in.")
        : online.value
          ? t("新的账会自动出现在最上面。", "New entries appear on top by themselves.")
          : t("连不上服务器，接通后自动补上。", "The server cannot be reached; what is missed comes then.")}
    </p>
  );
}

export function Browse(): JSX.Element {
  const address = addressOf(filterOf(route.value.query));
  useEffect(() => {
    void list.load(filterOf(route.value.query));
  }, [address]);
  useEffect(() => list.follow(), []);
  useEffect(() => {
    if (online.value && list.problem.value !== "") {
      void list.load();
    }
  }, [online.value]);
  const more = async () => {
    const before = list.rows.value.length;
    await list.loadMore();
    const came = list.rows.value.length - before;
    announce(t(`又取到 ${came} 笔`, `${counted(came, "", "more entry", "more entries")}`));
  };
  const { rows, isPaused } = list;
  return (
    <>
      <Filters />
      <div class="control">
        <Keys keys={[
          { key: "F4", label: isPaused.value ? t("继续", "Go on") : t("暂停", "Pause"),
            act: () => list.setPaused(!isPaused.value) },
          { key: "F7", label: t("不筛选", "All entries"), act: () => list.choose(everything),
            disabled: address === "/ledger" },
        ]} />
        <Live />
      </div>
      {list.problem.value !== "" && <Notice tone="refused">{list.problem.value}</Notice>}
      <Table caption={t("账目，新的在前", "Entries, newest first")} columns={columns()}
        rows={rows.value} keyOf={(row) => String(row.entry.number)}
        none={list.isLoading.value ? t("正在取……", "being fetched …")
          : t("没有这样的账。请放宽条件。", "No such entries; ask for less.")} />
      <Keys keys={[{ key: "F9", label: list.moreBefore.value === 0n ? t("没有更早的了", "No older ones")
        : t("更多", "More"), disabled: list.moreBefore.value === 0n || list.isLoading.value,
      act: () => void more() }]} />
    </>
  );
}

/** A number or a request id that was typed. undefined: neither. */
export function openTyped(text: string): string | undefined {
  const clean = text.normalize("NFKC").replace(/[\s#第号账-]/g, "");
  const isNumber = /^\d{1,18}$/.test(clean) && BigInt(clean) > 0n;
  if (isNumber || /^[0-9a-f]{32}$/i.test(clean)) {
    go(`/ledger/${isNumber ? String(BigInt(clean)) : clean.toLowerCase()}`);
    return undefined;
  }
  return text.trim() === "" ? undefined
    : t(`“${text.trim()}”不是记账号。请输入数字，或 32 位的请求号`,
      `"${text.trim()}" is no entry number; type digits, or a request id of 32`);
}
