/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Points owed against the goods on the shelves: of today, whatever year is chosen. It says up to
 * which entry it is true.
 */
import type { JSX } from "preact";
import { today } from "../../lib/session";
import { formatDay, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { Table } from "../../ui/parts";
import type { Cover } from "./ask";
import { Chart, LyingBars } from "./Chart";
import { pointsText, shareText, type Bar } from "./figures";

/** Where nothing is owed there is nothing to be shared out. */
export function coverAnswer({ owedCenti, stockCenti }: Cover): string {
  if (owedCenti <= 0n) {
    return t("现在没有可兑换的积分。", "No points are owed now.");
  }
  const share = shareText(stockCenti, owedCenti).slice(0, -1);
  return stockCenti >= owedCenti
    ? t(`够：每 100 分积分有 ${share} 分的货。`, `Yes: goods worth ${share} for each 100 points.`)
    : t(`不够：每 100 分积分有 ${share} 分的货。`, `No: goods worth ${share} for each 100 points.`);
}

function coverNote({ sinceYear, asOfEntry }: Cover): string {
  const day = formatDay(today());
  return t(`今天（${day}）的数，与选的年份无关，已计到第 ${asOfEntry} 号账。积分：${sinceYear} 年以来` +
    "得到的减去用去的，包括预占的和过期的，减去欠的。货值：现有库存按今天的价格。",
  `As of today, ${day}, whatever year is chosen; all entries up to ${asOfEntry} are counted. ` +
    `Points: all earned since ${sinceYear} less all spent, held and expired ones too, less what ` +
    "members owe. Goods: the stock at today's prices.");
}

export function CoverChart({ cover }: { cover: Cover }): JSX.Element {
  const bars: Bar[] = [
    { key: "owed", name: t("志愿者手里的积分", "Points members hold"), value: cover.owedCenti },
    { key: "others", name: t("货架上的货值", "Goods on the shelves"), value: cover.stockCenti },
  ];
  return (
    <Chart question={t("货架上的货够换吗？", "Is there stock enough for the points owed?")}
      answer={coverAnswer(cover)} note={coverNote(cover)}
      table={<Table caption={t("积分和货值", "Points and goods")} rows={bars}
        keyOf={(bar) => bar.key}
        columns={[{ title: t("项目", "What"), cell: (bar) => bar.name },
          { title: t("分", "Points"), isAmount: true, cell: (bar) => formatPoints(bar.value) }]} />}>
      <LyingBars bars={bars} none="" text={(value) => t(`${pointsText(value)} 分`,
        `${pointsText(value)} points`)} />
    </Chart>
  );
}
