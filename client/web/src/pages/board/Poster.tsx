/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The board itself, on the screen and as a poster for the wall: heading and foot on each sheet,
 * space for the seal at the end. Whoever has not agreed to be named has a rank and no name.
 */
import type { JSX } from "preact";
import type { PublicBoardResponse, PublicBoardRow } from "../../gen/lovebank/v1/queries_pb";
import { toHex } from "../../lib/ids";
import { formatMinutes, formatPoints } from "../../lib/values";
import { counted, t } from "../../lib/words";
import type { BoardFilter } from "./filter";

type Names = ReadonlyMap<bigint, string>;

export function orgNames(board: PublicBoardResponse): Names {
  return new Map(board.orgs.map((org) => [org.org, org.name]));
}

/** "2016 年明星榜 · 江湾街道": also the name of the PDF. */
export function posterTitle(board: PublicBoardResponse, filter: BoardFilter): string {
  const org = filter.org === 0n ? "" : orgNames(board).get(filter.org) ?? String(filter.org);
  return t(`${org}${board.year} 年志愿服务明星榜`,
    `Star board of volunteers ${board.year}${org === "" ? "" : `, ${org}`}`);
}

function subtitle(board: PublicBoardResponse, filter: BoardFilter): string {
  const order = filter.by === "hours" ? t("按全年服务时长排名", "by hours of service in the year")
    : t("按全年服务所得积分排名", "by points earned by service in the year");
  const found = board.classes.find((row) => row.classId === filter.classId);
  return found === undefined ? order : t(`${found.name}，${order}`, `${found.name}, ${order}`);
}

function Stars(props: { count: number }): JSX.Element | null {
  return props.count === 0 ? null : (
    <span class="stars" role="img"
      aria-label={counted(props.count, "星", "star", "stars")}>{"★".repeat(props.count)}</span>
  );
}

function Row(props: { row: PublicBoardRow; names: Names }): JSX.Element {
  const { row, names } = props;
  return (
    <tr class={row.rank <= 3 ? "first-three" : ""}>
      <td class="right rank">{row.rank}</td>
      <td>{row.name === "" ? <small>{t("（未同意公示）", "(not to be named)")}</small>
        : <b>{row.name}</b>}</td>
      <td>{names.get(row.org) ?? String(row.org)}</td>
      <td class="right amount">{formatPoints(row.pointsCenti)}</td>
      <td class="right amount">{formatMinutes(row.minutes)}</td>
      <td class="right amount">{row.services}</td>
      <td><Stars count={row.stars} /></td>
    </tr>
  );
}

function Totals(props: { board: PublicBoardResponse }): JSX.Element {
  const { board } = props;
  const isAll = BigInt(board.rows.length) >= board.persons;
  return (
    <p class="totals">
      <span>{t("上榜", "On the board")} <b class="amount">{String(board.persons)}</b>
        {" "}{t("人", board.persons === 1n ? "person" : "persons")}</span>
      <span>{t("全年服务", "services in the year")} <b class="amount">{String(board.personTimes)}</b>
        {" "}{t("人次", "person-times")}</span>
      {!isAll && <span>{t("这里列出", "listed here")}{" "}
        <b class="amount">{board.rows.length}</b>
        {" "}{t("人", board.rows.length === 1 ? "person" : "persons")}</span>}
    </p>
  );
}

/** The same on each sheet: from which state of the ledger this was counted. */
function Foot(props: { board: PublicBoardResponse }): JSX.Element {
  return (
    <tfoot>
      <tr>
        <td colSpan={7}>
          <small class="source">
            {t(`截至第 ${props.board.atEntry} 号账 · 树根 `,
              `As of entry ${props.board.atEntry} · tree root `)}
            <span class="hash">{toHex(props.board.root)}</span>
          </small>
        </td>
      </tr>
    </tfoot>
  );
}

function Closing(): JSX.Element {
  return (
    <>
      <p class="rule">{t("积分是激励回馈，不是报酬。姓名隐去一字；没有同意公示的人只列名次，不列姓名。",
        "Points are recognition, not pay. Names are masked; whoever has not agreed to be named " +
        "is listed without a name.")}</p>
      <div class="seal paper-only">
        <p>{t("公示单位（盖章）：", "Published by (seal):")}</p>
        <p>{t("公示期：　　　年　　月　　日 至 　　月　　日", "On display from                to                ")}</p>
      </div>
    </>
  );
}

export function Poster(props: { board: PublicBoardResponse; filter: BoardFilter }): JSX.Element {
  const { board, filter } = props;
  const names = orgNames(board);
  const titles = [t("名次", "Rank"), t("姓名", "Name"), t("组织", "Org"), t("积分", "Points"),
    t("服务时长", "Hours"), t("人次", "Times"), t("星级", "Stars")];
  const isRight = [true, false, false, true, true, true, false];
  return (
    <section class="paper poster">
      <div class="no-print">
        <h2>{posterTitle(board, filter)}</h2>
        <p class="subtitle">{subtitle(board, filter)}</p>
        <Totals board={board} />
      </div>
      <div class="table" tabIndex={0} role="region" aria-label={posterTitle(board, filter)}>
        <table>
          <thead>
            <tr class="paper-only">
              <td colSpan={7} class="heading">
                <p class="title">{posterTitle(board, filter)}</p>
                <p class="subtitle">{subtitle(board, filter)}</p>
                <Totals board={board} />
              </td>
            </tr>
            <tr>{titles.map((title, i) => (
              <th key={title} scope="col" class={isRight[i] === true ? "right" : ""}>{title}</th>))}
            </tr>
          </thead>
          <tbody class="rows">
            {board.rows.map((row, i) => <Row key={i} row={row} names={names} />)}
            {board.rows.length === 0 && (
              <tr><td colSpan={7} class="none">
                {t("还没有人上榜。请换一年或换一个组织。", "Nobody yet; choose another year or org.")}
              </td></tr>)}
          </tbody>
          <tbody class="closing">
            <tr><td colSpan={7}><Closing /></td></tr>
          </tbody>
          <Foot board={board} />
        </table>
      </div>
    </section>
  );
}
