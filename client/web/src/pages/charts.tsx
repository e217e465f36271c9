/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Charts of a year: when, in what and where hours were given; points earned and spent; points owed
 * against the goods on the shelves. Each answers the question in its title.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ReportRow } from "../gen/lovebank/v1/queries_pb";
import { orgOptions } from "../lib/org_tree";
import { printPaper } from "../lib/print";
import { categoryName, orgName, orgs } from "../lib/registry";
import { go, route } from "../lib/route";
import { announce } from "../lib/said";
import { today, who } from "../lib/session";
import { dateOf, formatDay, formatMinutes, formatPoints } from "../lib/values";
import { t } from "../lib/words";
import { Select } from "../ui/Field";
import { Keys } from "../ui/Keys";
import { Notice, Table } from "../ui/parts";
import { askFigures, type Figures } from "./charts/ask";
import { Chart, LyingBars, monthNames, Months } from "./charts/Chart";
import { CoverChart } from "./charts/CoverChart";
import { hoursText, maxOf, monthsOf, pointsText, rankedBars, shareText, sumOf, type Bar }
  from "./charts/figures";
import "./charts/charts.css";

const barsMax = 12;
const yearsShown = 12;
const others = () => t("其他", "others");

function RowsTable(props: {
  caption: string; first: string; rows: readonly ReportRow[]; nameOf: (row: ReportRow) => string;
}): JSX.Element {
  return (
    <Table caption={props.caption} rows={props.rows}
      keyOf={(row) => `${row.month} ${row.org} ${row.category}`}
      columns={[
        { title: props.first, cell: props.nameOf },
        { title: t("服务（人）", "Persons"), isAmount: true,
          cell: (row) => String(row.servicePersons) },
        { title: t("服务（人次）", "Person-times"), isAmount: true,
          cell: (row) => String(row.servicePersonTimes) },
        { title: t("时长", "Hours"), isAmount: true, cell: (row) => formatMinutes(row.minutes) },
        { title: t("得到积分", "Earned"), isAmount: true,
          cell: (row) => formatPoints(row.earnedCenti) },
        { title: t("用去积分", "Spent"), isAmount: true,
          cell: (row) => formatPoints(row.redeemedCenti) },
      ]} />
  );
}

const monthName = (month: number) => t(`${month} 月`, monthNames[month - 1] ?? String(month));
const none = () => t("这一年没有记时。请换一年或换一个组织。",
  "No service in that year; choose another year or org.");

function hoursAnswer(name: string, part: bigint, whole: bigint): string {
  return whole === 0n ? none()
    : t(`${name}最多：${hoursText(part)} 小时，占 ${hoursText(whole)} 小时的 ${shareText(part, whole)}。`,
      `${name}: ${hoursText(part)} of ${hoursText(whole)} hours, ${shareText(part, whole)}.`);
}

function MonthHours({ figures }: { figures: Figures }): JSX.Element {
  const { rows } = figures.byMonth;
  const values = monthsOf(rows, (row) => row.minutes);
  const most = maxOf(values);
  const answer = hoursAnswer(monthName(values.indexOf(most) + 1), most, sumOf(values));
  return (
    <Chart question={t(`${figures.year} 年哪几个月服务最多？`,
      `Which months of ${figures.year} had most service?`)}
      answer={answer} note={t("单位：小时", "In hours")}
      table={<RowsTable caption={t("按月", "By month")} first={t("月份", "Month")} rows={rows}
        nameOf={(row) => monthName(row.month)} />}>
      <Months label={t("各月服务小时数", "Hours of service by month")} text={hoursText}
        up={{ name: t("时长", "hours"), values }} />
    </Chart>
  );
}

/** Hours by what the rows are broken down by. */
function RankedHours(props: {
  question: string; caption: string; first: string; rows: readonly ReportRow[];
  nameOf: (row: ReportRow) => string;
}): JSX.Element {
  const bars: Bar[] = props.rows.map((row) => (
    { key: `${row.category} ${row.org}`, name: props.nameOf(row), value: row.minutes }));
  const ranked = rankedBars(bars, barsMax, others());
  const whole = sumOf(bars.map((bar) => bar.value));
  const first = ranked[0];
  return (
    <Chart question={props.question}
      answer={first === undefined ? none() : hoursAnswer(first.name, first.value, whole)}
      table={<RowsTable caption={props.caption} first={props.first} rows={props.rows}
        nameOf={props.nameOf} />}>
      <LyingBars bars={ranked} none={none()} text={(value) => t(
        `${hoursText(value)} 小时 · ${shareText(value, whole)}`,
        `${hoursText(value)} h · ${shareText(value, whole)}`)} />
    </Chart>
  );
}

function PointsByMonth({ figures }: { figures: Figures }): JSX.Element {
  const { rows } = figures.byMonth;
  const earned = monthsOf(rows, (row) => row.earnedCenti);
  const spent = monthsOf(rows, (row) => row.redeemedCenti);
  const [all, used] = [sumOf(earned), sumOf(spent)];
  const share = shareText(used, all);
  return (
    <Chart question={t("积分是攒着还是用掉了？", "Are points kept or spent?")}
      answer={t(`得到 ${pointsText(all)} 分，用去 ${pointsText(used)} 分`,
        `${pointsText(all)} points earned, ${pointsText(used)} spent`) +
        (all === 0n ? t("。", ".") : t(`，是得到的 ${share}。`, `: ${share}.`))}
      note={t("单位：分", "In points")}
      table={<RowsTable caption={t("按月", "By month")} first={t("月份", "Month")} rows={rows}
        nameOf={(row) => monthName(row.month)} />}>
      <Months label={t("各月得到和用去的积分", "Points earned and spent by month")} text={pointsText}
        up={{ name: t("得到", "earned"), values: earned }}
        down={{ name: t("用去", "spent"), values: spent }} />
    </Chart>
  );
}

/** The org of one's role, unless one has the whole book. */
function ownOrg(): bigint {
  const held = who.value?.operator?.roles ?? [];
  return held.some((role) => role.org === 0n) ? 0n : held[0]?.org ?? 0n;
}

function chosen(): { year: number; org: bigint } {
  const { query } = route.value;
  const year = Number(query.get("year"));
  const org = query.get("org") ?? "";
  return { year: Number.isInteger(year) && year > 1900 && year < 2200 ? year : dateOf(today()).year,
    org: /^\d{1,12}$/.test(org) ? BigInt(org) : ownOrg() };
}

function Filters(props: { year: number; org: bigint }): JSX.Element {
  const now = dateOf(today()).year;
  const recent = Array.from({ length: yearsShown }, (_, i) => now - i);
  const years = [...new Set([...recent, props.year])];
  const choose = (year: string, org: string) => go(`/charts?year=${year}&org=${org}`, true);
  return (
    <div class="fields no-print">
      <Select label={t("年份", "Year")} value={String(props.year)}
        onInput={(year) => choose(year, String(props.org))}
        options={years.map((year) => ({ value: String(year), text: t(`${year} 年`, `${year}`) }))} />
      <Select label={t("组织", "Org")} value={String(props.org)}
        onInput={(org) => choose(String(props.year), org)}
        options={[{ value: "0", text: t("全部", "all") }, ...orgOptions(orgs.value)]} />
    </div>
  );
}

function All({ figures, title }: { figures: Figures; title: string }): JSX.Element {
  const day = formatDay(today());
  return (
    <div class="paper charts-sheet">
      <div class="heading paper-only">
        <h1>{title}</h1>
        <p>{t(`已计到第 ${figures.asOfEntry} 号账。打印于 ${day}。`,
          `All entries up to ${figures.asOfEntry} are counted. Printed on ${day}.`)}</p>
      </div>
      <MonthHours figures={figures} />
      <PointsByMonth figures={figures} />
      <RankedHours question={t("时间花在哪些服务上？", "On which services is the time spent?")}
        caption={t("按服务类别", "By category")} first={t("服务类别", "Category")}
        rows={figures.byCategory.rows}
        nameOf={(row) => (row.category === 0 ? t("兑换", "spent on goods and services")
          : categoryName(row.category))} />
      <RankedHours question={t("哪些组织服务最多？", "Which orgs give most service?")}
        caption={t("按组织", "By org")} first={t("组织", "Org")} rows={figures.byOrg.rows}
        nameOf={(row) => orgName(row.org)} />
      {figures.cover !== undefined && <CoverChart cover={figures.cover} />}
    </div>
  );
}

export default function Charts(): JSX.Element {
  const { year, org } = chosen();
  const [figures, setFigures] = useState<Figures>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let isWanted = true;
    setFigures(undefined); // never under the title of another year or org
    void askFigures(year, org).then((asked) => {
      if (isWanted) {
        setFigures("figures" in asked ? asked.figures : undefined);
        setProblem("problem" in asked ? asked.problem : "");
        announce("problem" in asked ? asked.problem
          : t(`${year} 年的图表已取到`, `The charts of ${year} are there`));
      }
    });
    return () => {
      isWanted = false;
    };
  }, [year, String(org)]);
  const title = t(`${year} 年统计图 · ${orgName(org)}`, `Charts of ${year}, ${orgName(org)}`);
  return (
    <div class="charts">
      <h1 class="no-print">{title}</h1>
      <Filters year={year} org={org} />
      <Keys keys={[{ key: "F6", label: t("印 A4", "Print on A4"), disabled: figures === undefined,
        act: () => void printPaper("a4", title) }]} />
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {figures !== undefined && <All figures={figures} title={title} />}
    </div>
  );
}
