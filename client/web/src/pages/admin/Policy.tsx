/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What needs a second person, as the terminal says it (lovebank policy), and a new policy from a
 * day on.
 */
import type { JSX } from "preact";
import type { PolicySet } from "../../gen/lovebank/v1/commands_pb";
import { catalogue } from "../../lib/registry";
import { formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { ActForm, fromField, type FormField } from "./ActForm";
import type { Asked } from "./doing";
import type { Reader, Values } from "./reading";

const most = 1_000_000_000;

function over(value: number | bigint, text: string, zh: string, en: string): string {
  return Number(value) === 0 ? t("不要确认", "never")
    : t(`超过 ${text} ${zh}`, `over ${text} ${en}`);
}

function undoing(policy: PolicySet): string {
  if (!policy.reversals) {
    return t("不要确认", "never");
  }
  return policy.undoMinutes === 0 ? t("都要确认", "always")
    : t(`要确认，自己刚记的一笔 ${policy.undoMinutes} 分钟内除外`,
      `yes, but for one's own last act within ${policy.undoMinutes} minutes`);
}

function Now(props: { policy: PolicySet | undefined }): JSX.Element {
  const { policy } = props;
  if (policy === undefined) {
    return <p>{t("没有设定双人规则：只有操作员为自己记的账要第二个人确认。",
      "No policy is set: only what operators enter for themselves needs a second person.")}</p>;
  }
  const rows: [string, string][] = [
    [t("记时", "Hours recorded"),
      over(policy.serviceMinutes, String(policy.serviceMinutes), "分钟", "minutes")],
    [t("积分", "Points"),
      over(policy.pointsCenti, formatPoints(policy.pointsCenti), "分", "points")],
    [t("补记", "For a day back"), over(policy.backDays, String(policy.backDays), "天", "days")],
    [t("导入", "Imports"), over(policy.importRows, String(policy.importRows), "行", "rows")],
    [t("撤销", "Undoing"), undoing(policy)],
    [t("期初余额", "Opening balances"), policy.openingBalances ? t("都要确认", "always")
      : over(policy.pointsCenti, formatPoints(policy.pointsCenti), "分", "points")],
    [t("操作员为自己记的账", "What operators enter for themselves"), t("要确认", "yes")],
  ];
  return (
    <>
      <h2>{t("要第二个人确认的", "These need a second person")}</h2>
      <dl>{rows.map(([name, value]) => [
        <dt key={name}>{name}</dt>, <dd key={`${name}.`}>{value}</dd>])}</dl>
      <p>{t(`${policy.proposalDays} 天没人确认就作废。`,
        `What waits is void after ${policy.proposalDays} days.`)}</p>
    </>
  );
}

function read(reader: Reader): Asked {
  return {
    act: { case: "policySet", value: {
      serviceMinutes: reader.number("service_minutes", 0, most),
      pointsCenti: reader.points("points"),
      backDays: reader.number("back_days", 0, most),
      importRows: reader.number("import_rows", 0, most),
      reversals: reader.text("reversals") === "yes",
      undoMinutes: reader.number("undo_minutes", 0, most),
      proposalDays: reader.number("proposal_days", 1, 365),
      openingBalances: reader.text("opening_balances") === "yes" } },
    day: reader.from(),
    done: () => t("已设定双人规则", "set the policy"),
  };
}

const yesNo = (yes: boolean | undefined) => (yes === true ? "yes" : "no");

const startOf = (policy: PolicySet | undefined): Values => ({
  service_minutes: String(policy?.serviceMinutes ?? 0),
  points: formatPoints(policy?.pointsCenti ?? 0n),
  back_days: String(policy?.backDays ?? 0), import_rows: String(policy?.importRows ?? 0),
  reversals: yesNo(policy?.reversals),
  undo_minutes: String(policy?.undoMinutes ?? 0),
  proposal_days: String(policy?.proposalDays ?? 14),
  opening_balances: yesNo(policy?.openingBalances),
});

function fields(): FormField[] {
  const hint = t("0：不要确认", "0: never");
  const options = [{ value: "yes", text: t("要", "yes") }, { value: "no", text: t("不要", "no") }];
  return [
    { name: "service_minutes", label: t("记时超过多少分钟", "Records of more minutes"), hint },
    { name: "points", label: t("超过多少积分", "Acts of more points"), hint },
    { name: "back_days", label: t("补记多少天以前的", "For a day further back"), hint },
    { name: "import_rows", label: t("导入超过多少行", "Imports of more rows"), hint },
    { name: "reversals", label: t("撤销要不要确认", "Whether undoing waits"), options },
    { name: "undo_minutes",
      label: t("自己刚记的，多少分钟内可自己撤销", "Own last act: minutes to undo in") },
    { name: "opening_balances", label: t("期初余额要不要确认", "Whether opening balances wait"),
      options },
    { name: "proposal_days", label: t("等多少天没人确认就作废", "Void after so many days"),
      hint: t("1 到 365", "1 to 365") },
    fromField(),
  ];
}

export function Policy(props: { may: boolean }): JSX.Element {
  const policy = catalogue.value?.policy;
  return (
    <>
      <Now policy={policy} />
      {props.may && (
        <ActForm title={t("新的规则", "A new policy")} submit={t("设定", "Set it")} isQuiet
          start={startOf(policy)} read={read} fields={fields()} />
      )}
    </>
  );
}
