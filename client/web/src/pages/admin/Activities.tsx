/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Activities, newest first, as the ledger has them: no other list is kept of them, and an activity
 * is opened only. `lovebank activity open`.
 */
import type { JSX } from "preact";
import type { ActivityOpen } from "../../gen/lovebank/v1/commands_pb";
import { Code } from "../../lib/result";
import { orgOptions } from "../../lib/org_tree";
import { orgName, orgs } from "../../lib/registry";
import { formatDay } from "../../lib/values";
import { t } from "../../lib/words";
import type { Column } from "../../ui/parts";
import type { Row } from "../ledger/entry_words";
import { ActForm } from "./ActForm";
import type { Asked } from "./doing";
import { Earlier, useEntries } from "./History";
import type { Reader } from "./reading";
import { ListSection } from "./Section";

function activityOf({ entry }: Row): ActivityOpen | undefined {
  const act = entry.command?.act;
  return act?.case === "activityOpen" ? act.value : undefined;
}

const columns = (): Column<Row>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: ({ entry }) => String(entry.assigned) },
  { title: t("日期", "Day"), cell: ({ entry }) => formatDay(entry.day) },
  { title: t("组织", "Org"), cell: (row) => orgName(activityOf(row)?.org ?? 0n) },
  { title: t("名称", "Name"), cell: (row) => activityOf(row)?.name },
  { title: t("地点", "Place"), cell: (row) => activityOf(row)?.place },
  { title: t("内容", "Content"), cell: (row) => activityOf(row)?.content },
  { title: t("负责人", "Leader"), cell: ({ beside }) => beside.memo },
];

function read(reader: Reader): Asked {
  const name = reader.needed("name");
  return {
    act: { case: "activityOpen", value: { name, org: BigInt(reader.text("org")),
      place: reader.text("place"), content: reader.text("content") } },
    day: reader.day("day"),
    memo: reader.text("memo"),
    done: ({ assigned }) => t(`已登记活动 ${name}，编号 ${assigned}`,
      `opened activity ${name}, number ${assigned}`),
  };
}

function ActivityForm(props: { close: () => void }): JSX.Element {
  return (
    <ActForm title={t("登记活动", "Open an activity")} submit={t("登记", "Open it")} read={read}
      start={{ org: String(orgs.value[0]?.org ?? 0n) }} onDone={props.close}
      fields={[
        { name: "name", label: t("活动名称", "Name of the activity") },
        { name: "org", label: t("活动组织单位", "The org that holds it"),
          options: orgOptions(orgs.value.filter((org) => !org.closed)),
          codes: [Code.ORG_CLOSED, Code.OUT_OF_SCOPE] },
        { name: "day", label: t("活动日期", "Its day"), codes: [Code.DATE_IN_FUTURE],
          hint: t("今天或以前，不写就是今天", "today or before; today, if left out") },
        { name: "place", label: t("地点", "Place") },
        { name: "content", label: t("服务内容", "What is done there") },
        { name: "memo", label: t("负责人", "Leader"),
          hint: t("可删除，不进账本", "erasable, not in the ledger") },
      ]} />
  );
}

export function Activities(): JSX.Element {
  const entries = useEntries(["activityOpen"], true, true);
  return (
    <>
      <ListSection caption={t("活动，新登记的在前", "Activities, newest entries first")}
        columns={columns()} rows={entries.rows} keyOf={({ entry }) => String(entry.number)} isFixed
        newLabel={t("登记活动", "Open an activity")}
        form={(_, close) => <ActivityForm close={close} />} />
      <Earlier entries={entries} />
    </>
  );
}
