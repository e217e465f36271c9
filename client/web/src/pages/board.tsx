/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The star board for everybody, without a log-in, and as a poster on A4 or A3.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PublicBoardResponse } from "../gen/lovebank/v1/queries_pb";
import { orgOptions } from "../lib/org_tree";
import { printPaper, type Paper } from "../lib/print";
import { go, route } from "../lib/route";
import { announce } from "../lib/said";
import { today } from "../lib/session";
import { dateOf } from "../lib/values";
import { t } from "../lib/words";
import { Select } from "../ui/Field";
import { Keys } from "../ui/Keys";
import { Notice } from "../ui/parts";
import { useBoard } from "./board/ask";
import { addressOf, filterOf, tops, type BoardFilter } from "./board/filter";
import { Poster, posterTitle } from "./board/Poster";
import "./board/board.css";

const yearsShown = 12;

function choose(change: Partial<BoardFilter>): void {
  go(addressOf({ ...filterOf(route.value.query), ...change }), true);
}

function yearOptions(chosen: number): { value: string; text: string }[] {
  const now = dateOf(today()).year;
  const years = Array.from({ length: yearsShown }, (_, i) => now - i);
  const all = chosen === 0 || years.includes(chosen) ? years : [...years, chosen];
  return all.map((year) => ({ value: String(year), text: t(`${year} 年`, `${year}`) }));
}

function Filters(props: {
  filter: BoardFilter; board: PublicBoardResponse | undefined;
}): JSX.Element {
  const { filter, board } = props;
  const all = { value: "0", text: t("全部", "all") };
  const classes = (board?.classes ?? []).map((row) => (
    { value: String(row.classId), text: row.name }));
  return (
    <div class="fields no-print">
      <Select label={t("年份", "Year")} value={String(filter.year || dateOf(today()).year)}
        onInput={(year) => choose({ year: Number(year) })} options={yearOptions(filter.year)} />
      <Select label={t("组织", "Org")} value={String(filter.org)}
        onInput={(org) => choose({ org: BigInt(org) })}
        options={[all, ...orgOptions(board?.orgs ?? [])]} />
      <Select label={t("人员类别", "Class")} value={String(filter.classId)}
        onInput={(classId) => choose({ classId: Number(classId) })} options={[all, ...classes]} />
      <Select label={t("排名按", "Ranked by")} value={filter.by}
        onInput={(by) => choose({ by: by === "hours" ? "hours" : "points" })}
        options={[{ value: "points", text: t("积分", "points") },
          { value: "hours", text: t("服务时长", "hours") }]} />
      <Select label={t("列出", "List")} value={String(filter.top)}
        onInput={(top) => choose({ top: Number(top) })}
        options={[...new Set([...tops, filter.top])].sort((a, b) => a - b).map((top) => (
          { value: String(top), text: t(`前 ${top} 名`, `the first ${top}`) }))} />
    </div>
  );
}

export default function Board(): JSX.Element {
  const filter = filterOf(route.value.query);
  const { of, board, problem, isTrying } = useBoard(filter);
  const [known, setKnown] = useState(board); // orgs and classes stay to choose from
  useEffect(() => {
    if (board !== undefined) {
      setKnown(board);
      announce(t(`${posterTitle(board, of)}：${board.persons} 人，${board.personTimes} 人次`,
        `${posterTitle(board, of)}: ${board.persons} persons, ${board.personTimes} person-times`));
    }
  }, [board]);
  const print = (paper: Paper) => {
    if (board !== undefined) {
      void printPaper(paper, posterTitle(board, of));
    }
  };
  return (
    <div class="board">
      <h1 class="no-print">{t("明星榜", "Star board")}</h1>
      <Filters filter={filter} board={board ?? known} />
      <Keys keys={[
        { key: "F6", label: t("印 A4", "Print on A4"), act: () => print("a4"),
          disabled: board === undefined },
        { key: "F7", label: t("印 A3", "Print on A3"), act: () => print("a3"),
          disabled: board === undefined },
      ]} />
      {problem !== "" && (
        <Notice tone={isTrying ? "pending" : "refused"}>
          {problem}{isTrying ? t("。过一会儿自动再取。", "; asked again shortly.") : t("。", ".")}
        </Notice>
      )}
      {board !== undefined && <Poster board={board} filter={of} />}
    </div>
  );
}
