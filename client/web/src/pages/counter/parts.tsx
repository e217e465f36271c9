/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the counter shows below its box: whose card it is and what they have, the basket, lists to
 * choose from, what was done today.
 */
import type { JSX } from "preact";
import { Role } from "../../gen/lovebank/v1/commands_pb";
import { hasRole } from "../../lib/session";
import { cardTail, formatDay, formatPoints } from "../../lib/values";
import { counted, t } from "../../lib/words";
import { focusBox } from "../../ui/Box";
import { Points, Said, Table, type SaidLine, type Tone } from "../../ui/parts";
import { endAsk } from "./book";
import {
  askWhyUndone, enterLine, inTurn, missingPoints, nextToUndo, reprint,
} from "./commands";
import { findItem, type Goods, type Scan } from "./goods";
import { lineText, undoText } from "./line_words";
import { lines, listedMax, mayUndo, totals, type Line } from "./lines";
import { goodsText, type Ask, type Person } from "./person";
import { basket, booked, goods, held, message, mode, stock, total } from "./till";

const marks = { quiet: "", good: "✓ ", bad: "✕ " } as const;

export function Message(): JSX.Element {
  const { tone, text } = message.value;
  return <p class={`till-message ${tone}`}>{text !== "" && marks[tone]}{text}</p>;
}

function AskRow(props: { ask: Ask }): JSX.Element {
  const { ask } = props;
  const end = (kind: "serviceRelease" | "serviceGive") => () => {
    inTurn(() => endAsk(ask, kind));
    focusBox();
  };
  return (
    <li>
      <span>{t(`已预约 ${ask.what}，预占 ${formatPoints(ask.points)} 分`,
        `Asked for: ${ask.what}, ${formatPoints(ask.points)} points held`)}</span>
      {hasRole(Role.DESK) && (
        <button type="button" onClick={end("serviceGive")}>{t("已完成服务", "It was given")}</button>
      )}
      <button type="button" onClick={end("serviceRelease")}>{t("取消预约", "Release")}</button>
    </li>
  );
}

function Notes(props: { person: Person }): JSX.Element {
  const { person } = props;
  return (
    <ul class="till-notes">
      {person.debt > 0n && (
        <li class="bad">{t(`欠 ${formatPoints(person.debt)} 分，补上才能兑换`,
          `owes ${formatPoints(person.debt)} points, to be made up first`)}</li>
      )}
      {person.lot !== null && (
        <li>{t(`${formatPoints(person.lot.points)} 分用至 ${formatDay(person.lot.day)}`,
          `${formatPoints(person.lot.points)} points until ${formatDay(person.lot.day)}`)}</li>
      )}
      {person.expired > 0n && (
        <li>{t(`${formatPoints(person.expired)} 分已过期`,
          `${formatPoints(person.expired)} expired`)}</li>
      )}
      {person.earlier.map((what, i) => (
        <li key={i}>{t(`今天已兑 ${what}`, `today: ${what}`)}</li>
      ))}
      {person.asks.map((ask) => <AskRow key={String(ask.entry)} ask={ask} />)}
    </ul>
  );
}

export function PersonPart(): JSX.Element {
  const { person } = basket.value;
  return (
    <section class="till-person" aria-label={t("志愿者", "Volunteer")}>
      {person === null ? <p class="hint">{t("还没有扫卡", "No card yet")}</p> : (
        <>
          <div>
            <p class="till-name"><b>{person.name}</b> <small>{cardTail(person.card)}</small></p>
            <Notes person={person} />
          </div>
          <p class="till-points"><Points centi={person.points} huge /></p>
        </>
      )}
    </section>
  );
}

function stockText(row: Goods | undefined): string {
  return row === undefined || row.isService ? "" : String(stock.value.get(row.item) ?? 0n);
}

interface ScanRow extends Scan {
  key: string;
  row: Goods | undefined;
}

function Total(): JSX.Element {
  const { person, scans } = basket.value;
  const missing = missingPoints();
  return (
    <p class={missing > 0n ? "till-total bad" : "till-total"}>
      {held.value.length > 0 && (
        <small>{t(`挂单 ${held.value.length}`, `${held.value.length} held`)}</small>
      )}
      {scans.length > 0 && <b>{t("合计 ", "Total ")}<Points centi={total.value} /></b>}
      {scans.length > 0 && person !== null && booked.value === null && (
        <span>{missing > 0n
          ? t(`✕ 还差 ${formatPoints(missing)} 分`, `✕ ${formatPoints(missing)} points short`)
          : t(`兑后余 ${formatPoints(-missing)} 分`, `${formatPoints(-missing)} will be left`)}</span>
      )}
    </p>
  );
}

/** What it all costs, and what was scanned last, on top: neither moves when the basket grows. */
export function BasketPart(): JSX.Element {
  const rows = basket.value.scans.map((scan, i): ScanRow => (
    { ...scan, key: String(i), row: findItem(goods.value, scan.item) })).reverse();
  const isShort = ({ item, quantity, row }: ScanRow) => row?.isService !== true &&
    booked.value === null && BigInt(quantity) > (stock.value.get(item) ?? 0n);
  return (
    <section class={booked.value === null ? "till-basket" : "till-basket taken"}>
      <Total />
      {rows.length > 0 && (
        <Table caption={t("这一单", "This basket")} rows={rows} keyOf={(scan) => scan.key} columns={[
          { title: t("数量", "Qty"), isAmount: true,
            cell: (scan) => <>{scan.quantity} <small>{scan.row?.unit}</small></> },
          { title: t("商品", "Goods"),
            cell: (scan) => <>{scan.row?.name ?? scan.item} <small>{scan.item}</small></> },
          { title: t("库存", "Stock"), isAmount: true,
            cell: (scan) => (isShort(scan)
              ? <b class="bad">✕ {stockText(scan.row)}</b> : stockText(scan.row)) },
          { title: t("单价", "Each"), isAmount: true,
            cell: (scan) => formatPoints(scan.row?.price ?? 0n) },
          { title: t("积分", "Points"), isAmount: true,
            cell: (scan) => <Points centi={(scan.row?.price ?? 0n) * BigInt(scan.quantity)} /> },
        ]} />
      )}
    </section>
  );
}

function Choice(props: { index: number; text: string; detail: string }): JSX.Element {
  return (
    <li>
      <button type="button" onClick={() => {
        enterLine(String(props.index + 1));
        focusBox();
      }}>
        <kbd>{props.index + 1}</kbd> <span>{props.text}</span> <small>{props.detail}</small>
      </button>
    </li>
  );
}

/** Goods, or baskets held, by their numbers; why an entry is undone. */
export function ModePart(): JSX.Element | null {
  const now = mode.value;
  switch (now.kind) {
    case "sell":
      return null;
    case "pick":
      return (
        <ol class="candidates">
          {now.goods.map((row, i) => <Choice key={row.item} index={i} text={row.name}
            detail={t(`${formatPoints(row.price)} 分，库存 ${stockText(row)}`,
              `${formatPoints(row.price)} points, ${stockText(row)} in stock`)} />)}
        </ol>
      );
    case "recall":
      return (
        <ol class="candidates">
          {held.value.map((row, i) => <Choice key={i} index={i}
            text={row.person?.name ?? t("（还没有扫卡）", "(no card yet)")}
            detail={goodsText(row.scans)} />)}
        </ol>
      );
    case "reason":
      return (
        <p class="till-message">
          <b>{t(`撤销第 ${now.line.entry} 号`, `Undo entry ${now.line.entry}`)}</b>{" "}
          {now.line.name} · {goodsText(now.line.goods)}
        </p>
      );
  }
}

const tones: { readonly [state in Line["state"]]: Tone } = {
  pending: "pending", done: "done", refused: "refused", waiting: "waiting", undone: "plain",
};

function Actions(props: { line: Line; isNext: boolean }): JSX.Element | null {
  const { line } = props;
  if (line.entry === 0n || (line.state !== "done" && line.state !== "undone")) {
    return null;
  }
  return (
    <>
      {mayUndo(line) && (
        <button type="button" onClick={() => {
          inTurn(() => askWhyUndone(line));
          focusBox();
        }}>
          {props.isNext && <kbd>F8</kbd>} {t("撤销", "Undo")}
        </button>
      )}
      <button type="button" onClick={() => void reprint(line).then(focusBox)}>
        {t("补打", "Print again")}
      </button>
    </>
  );
}

/** How many of them are listed, and what they come to. */
function DayTotals(): JSX.Element {
  const all = totals.value;
  const isCut = lines.value.length > listedMax;
  return (
    <p class="till-day">
      {isCut && (
        <small>{t(`这里只列最新的 ${listedMax} 笔。`, `The newest ${listedMax} are listed. `)}</small>
      )}
      {all !== null && (
        <small>{t(`今天这里共 ${all.count} 笔兑换，用 ${formatPoints(all.points)} 分。`,
          `${counted(all.count, "", "redemption", "redemptions")} here today, ` +
          `${formatPoints(all.points)} points.`)}</small>
      )}
    </p>
  );
}

export function Today(): JSX.Element {
  const next = nextToUndo();
  const rows = lines.value.slice(0, listedMax).map((line): SaidLine => ({
    key: line.key, tone: tones[line.state], text: (
      <>
        {lineText(line)}
        {line.entry !== 0n && line.state !== "waiting" && (
          <> <small>{t(`第 ${line.entry} 号`, `entry ${line.entry}`)}</small></>
        )}
        {line.undo !== null && <p class="late">⏸ {undoText(line)}</p>}
      </>
    ), actions: <Actions line={line} isNext={line === next} />,
  }));
  return (
    <section class="till-today">
      <h2>{t("今天的兑换", "Today here")}</h2>
      {rows.length === 0 && <p class="hint">{t("今天还没有记账。", "Nothing today yet.")}</p>}
      <Said lines={rows} label={t("今天的兑换，最新的在上面", "today's redemptions, newest on top")} />
      <DayTotals />
    </section>
  );
}
