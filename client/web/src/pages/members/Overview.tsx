/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member at a glance: points left, who it is, balance by lot with its last day, hours, stars,
 * years.
 */
import type { JSX } from "preact";
import { MemberStatus } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo, PointLot } from "../../gen/lovebank/v1/queries_pb";
import { catalogue, orgName } from "../../lib/registry";
import { today } from "../../lib/session";
import {
  formatCard, formatDay, formatLot, formatMember, formatMinutes, formatPoints,
} from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import { Points, Table } from "../../ui/parts";
import { className } from "./ClassBoxes";
import { nameText } from "./state";
import { expiredOf, starsOf } from "./tallies";

export const statusText = (status: MemberStatus): string =>
  valueWord(`MEMBER_STATUS_${MemberStatus[status]}`);

function Warnings(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const { heldCenti = 0n, debtCenti = 0n } = info.balances ?? {};
  const expired = expiredOf(info.lots, today());
  return (
    <>
      {expired !== 0n && <p>{t(`其中 ${formatPoints(expired)} 分已过最后可用日，不能再用。`,
        `${formatPoints(expired)} of the points are past their last day and cannot be spent.`)}</p>}
      {heldCenti !== 0n && <p>{t(`另有 ${formatPoints(heldCenti)} 分已预占，等服务完成后扣除。`,
        `Another ${formatPoints(heldCenti)} points are held for services asked for.`)}</p>}
      {debtCenti !== 0n && <p>{t(`还欠 ${formatPoints(debtCenti)} 分，以后所得先补上。`,
        `${formatPoints(debtCenti)} points are owed; what is earned next settles them.`)}</p>}
    </>
  );
}

function Stars(props: { minutes: bigint }): JSX.Element {
  const hours = catalogue.value?.starHours ?? [];
  const stars = starsOf(props.minutes, hours);
  const next = hours[stars];
  return (
    <>
      <span aria-hidden="true">
        {"★".repeat(stars)}{"☆".repeat(Math.max(hours.length - stars, 0))}
      </span>
      {" "}{t(`${stars} 星`, stars === 1 ? "1 star" : `${stars} stars`)}
      {next !== undefined && (
        <small>{t(`，${next} 小时升 ${stars + 1} 星`, `, the next at ${next} h`)}</small>)}
    </>
  );
}

function yesNo(yes: boolean): string {
  return yes ? t("同意", "yes") : t("不同意", "no");
}

function Facts(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const minutes = info.balances?.minutes ?? 0n;
  return (
    <dl>
      <dt>{t("状态", "State")}</dt><dd><b>{statusText(info.status)}</b></dd>
      <dt>{t("卡号", "Card")}</dt>
      <dd>{info.card === 0n ? t("没有卡", "none") : formatCard(info.card)}</dd>
      <dt>{t("组织", "Org")}</dt><dd>{orgName(info.org)}</dd>
      <dt>{t("类别", "Classes")}</dt>
      <dd>{info.classIds.map(className).join(t("、", ", ")) || t("无", "none")}</dd>
      <dt>{t("累计时长", "Lifetime hours")}</dt><dd>{formatMinutes(minutes)}</dd>
      <dt>{t("星级", "Stars")}</dt><dd><Stars minutes={minutes} /></dd>
      <dt>{t("加入", "Joined")}</dt><dd>{formatDay(info.joinedDay)}</dd>
      {info.maskedPhone !== "" && <><dt>{t("联系方式", "Phone")}</dt><dd>{info.maskedPhone}</dd></>}
      {info.maskedIdNumber !== "" && (
        <><dt>{t("身份证件号码", "ID number")}</dt><dd>{info.maskedIdNumber}</dd></>)}
      <dt>{t("公开名单署名（打码）", "Masked name on public lists")}</dt><dd>{yesNo(info.publishName)}</dd>
      <dt>{t("可以联系", "May be contacted")}</dt><dd>{yesNo(info.contact)}</dd>
    </dl>
  );
}

function Lots(props: { lots: readonly PointLot[] }): JSX.Element {
  const isExpired = (lot: PointLot) => lot.lot < BigInt(today());
  return (
    <Table caption={t("积分按有效期", "Points by last day")} rows={props.lots}
      keyOf={(row) => String(row.lot)} none={t("没有积分", "no points")}
      columns={[
        { title: t("最后可用日", "Use by"), cell: (row) => (
          <>{formatLot(row.lot)}{isExpired(row) && <b> {t("已过期", "past")}</b>}</>) },
        { title: t("积分", "Points"), isAmount: true, cell: (row) => formatPoints(row.pointsCenti) },
        { title: t("预占", "Held"), isAmount: true,
          cell: (row) => (row.heldCenti === 0n ? "" : formatPoints(row.heldCenti)) },
      ]} />
  );
}

function Years(props: { info: MemberInfo }): JSX.Element {
  return (
    <Table caption={t("按年", "By year")} rows={[...props.info.years].reverse()}
      keyOf={(row) => String(row.year)} none={t("还没有", "nothing yet")}
      columns={[
        { title: t("年份", "Year"), cell: (row) => String(row.year) },
        { title: t("所得", "Earned"), isAmount: true, cell: (row) => formatPoints(row.earnedCenti) },
        { title: t("时长", "Time"), isAmount: true, cell: (row) => formatMinutes(row.minutes) },
        { title: t("服务人次", "Services"), isAmount: true, cell: (row) => String(row.services) },
        { title: t("用去", "Spent"), isAmount: true, cell: (row) => formatPoints(row.redeemedCenti) },
        { title: t("兑换人次", "Redeemed"), isAmount: true, cell: (row) => String(row.redemptions) },
      ]} />
  );
}

export function Head(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  return (
    <div class="member-head">
      <h2>{nameText(info)} <small>{t(`编号 ${formatMember(info.member)}`,
        `member ${formatMember(info.member)}`)}</small></h2>
      {info.status !== MemberStatus.ACTIVE && <b class="state">{statusText(info.status)}</b>}
      <Points centi={info.balances?.pointsCenti ?? 0n} huge />
    </div>
  );
}

export function Overview(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  return (
    <>
      <Warnings info={info} />
      <div class="columns">
        <Facts info={info} />
        <div><Lots lots={info.lots} /><Years info={info} /></div>
      </div>
    </>
  );
}
