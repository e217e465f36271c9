/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Service categories and their dated tariffs. `lovebank category`.
 */
import type { JSX } from "preact";
import { ExpiryKind, type TariffSet } from "../../gen/lovebank/v1/commands_pb";
import type { CategoryInfo } from "../../gen/lovebank/v1/queries_pb";
import { catalogue } from "../../lib/registry";
import { formatDay, formatMinutes, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import type { Column } from "../../ui/parts";
import { ActForm, fromField, type FormField } from "./ActForm";
import type { Asked } from "./doing";
import { codeMax, dayMinutes, type Reader, type Values } from "./reading";
import { ListSection } from "./Section";

function expiryText(tariff: TariffSet): string {
  const years = tariff.expiryYears;
  switch (tariff.expiryKind) {
    case ExpiryKind.YEAR_END:
      return t(`${years} 年后的 12 月 31 日`, `31 December, ${years} years later`);
    case ExpiryKind.YEARS:
      return t(`${years} 年`, `${years} years`);
    case ExpiryKind.NEVER:
    case ExpiryKind.UNSPECIFIED:
      return t("永不过期", "never");
  }
}

const columns = (): Column<CategoryInfo>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.category) },
  { title: t("名称", "Name"), cell: (row) => row.tariff?.name },
  { title: t("分/小时", "Points/h"), isAmount: true,
    cell: (row) => formatPoints(row.tariff?.pointsPerHourCenti ?? 0n) },
  { title: t("系数", "Factor"), isAmount: true,
    cell: (row) => String((row.tariff?.coefficientPermille ?? 0) / 1000) },
  { title: t("计分单位", "Unit"), isAmount: true,
    cell: (row) => formatMinutes(row.tariff?.roundingMinutes ?? 0) },
  { title: t("有效期", "Expires"), cell: (row) => row.tariff && expiryText(row.tariff) },
  { title: t("每日上限", "Day limit"), isAmount: true,
    cell: (row) => formatMinutes(row.tariff?.dayMinutesMax ?? 0) },
  { title: t("起用日期", "From"), cell: (row) => formatDay(row.fromDay) },
];

function read(tariff: TariffSet | undefined, reader: Reader): Asked {
  const category = tariff?.category ?? reader.newNumber("category", codeMax, (number) =>
    catalogue.value?.categories.find((row) => row.category === number)?.tariff?.name);
  const name = reader.needed("name");
  const pointsPerHourCenti = reader.points("points_per_hour");
  const expiryKind = Number(reader.text("expiry_kind"));
  const expiryYears = expiryKind === Number(ExpiryKind.NEVER) ? 0
    : reader.number("expiry_years", expiryKind === Number(ExpiryKind.YEARS) ? 1 : 0, 100);
  return {
    act: { case: "tariffSet", value: { category, name, pointsPerHourCenti, expiryKind, expiryYears,
      coefficientPermille: reader.permille("coefficient"),
      roundingMinutes: reader.number("rounding_minutes", 1, dayMinutes, 1),
      dayMinutesMax: reader.number("day_minutes_max", 1, dayMinutes, dayMinutes) } },
    day: reader.from(),
    done: () => {
      const points = formatPoints(pointsPerHourCenti);
      return t(`已设定服务类别 ${category} ${name}：每小时 ${points} 分`,
        `set category ${category} ${name}: ${points} points per hour`);
    },
  };
}

const empty: Values = { expiry_kind: String(ExpiryKind.NEVER), coefficient: "1" };

const startOf = (tariff: TariffSet): Values => ({
  name: tariff.name,
  points_per_hour: formatPoints(tariff.pointsPerHourCenti),
  coefficient: String(tariff.coefficientPermille / 1000),
  rounding_minutes: String(tariff.roundingMinutes),
  expiry_kind: String(tariff.expiryKind), expiry_years: String(tariff.expiryYears),
  day_minutes_max: String(tariff.dayMinutesMax),
});

const numberField = (): FormField => ({ name: "category",
  label: t("服务类别编号", "Number of the category") });

const fields = (): FormField[] => [
  { name: "name", label: t("名称", "Name") },
  { name: "points_per_hour", label: t("每小时积分", "Points per hour"),
    hint: t("如 10 或 12.50", "like 10 or 12.50") },
  { name: "coefficient", label: t("系数", "Factor"), hint: t("默认 1", "by default 1") },
  { name: "rounding_minutes", hint: t("默认 1", "by default 1"),
    label: t("按多少分钟计分", "Points count units of so many minutes") },
  { name: "expiry_kind", label: t("积分有效期", "Points expire"), options: [
    { value: String(ExpiryKind.NEVER), text: t("永不过期", "never") },
    { value: String(ExpiryKind.YEAR_END),
      text: t("若干年后的 12 月 31 日", "31 December, years later") },
    { value: String(ExpiryKind.YEARS), text: t("满若干年", "after years") }] },
  { name: "expiry_years", label: t("有效年数", "Years"),
    hint: t("永不过期就不写", "not for never") },
  { name: "day_minutes_max", hint: t("默认 1440", "by default 1440"),
    label: t("每人每天最多多少分钟", "At most so many minutes a day") },
  fromField(),
];

function TariffForm(props: { tariff: TariffSet | undefined; close: () => void }): JSX.Element {
  const { tariff } = props;
  return (
    <ActForm submit={t("设定", "Set it")} onDone={props.close}
      read={(reader) => read(tariff, reader)}
      fields={tariff === undefined ? [numberField(), ...fields()] : fields()}
      start={tariff === undefined ? empty : startOf(tariff)}
      title={tariff === undefined ? t("新的服务类别", "A new category")
        : t(`${tariff.name} 的新标准`, `A new tariff of ${tariff.name}`)} />
  );
}

export function Tariffs(props: { may: boolean }): JSX.Element {
  return (
    <ListSection caption={t("今天的积分标准", "Tariffs of today")} columns={columns()}
      rows={catalogue.value?.categories ?? []} keyOf={(row) => String(row.category)}
      newLabel={props.may ? t("新的服务类别", "A new category") : undefined} isFixed={!props.may}
      form={(row, close) => <TariffForm tariff={row?.tariff} close={close} />} />
  );
}
