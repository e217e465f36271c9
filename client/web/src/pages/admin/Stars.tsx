/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The star table: lifetime hours for 1, 2 … stars, from a day on. `lovebank star-table`.
 */
import type { JSX } from "preact";
import { catalogue } from "../../lib/registry";
import { t } from "../../lib/words";
import { ActForm, fromField } from "./ActForm";
import type { Asked } from "./doing";
import { starHoursMax, type Reader } from "./reading";
import { ListSection } from "./Section";

const starsUsual = 5;

const fieldName = (stars: number) => `hours_${stars}`;
const starText = (stars: number) => t(`${stars} 星`, stars === 1 ? "1 star" : `${stars} stars`);

function read(names: readonly string[], reader: Reader): Asked {
  const hours = reader.rising(names, starHoursMax);
  return {
    act: { case: "starTableSet", value: { hours } },
    day: reader.from(),
    done: () => t(`已设定星级表：${hours.join("、")} 小时`,
      `set the star table: ${hours.join(", ")} hours`),
  };
}

function StarsForm(props: { hours: readonly number[]; close: () => void }): JSX.Element {
  const { hours } = props;
  const names = Array.from({ length: Math.max(starsUsual, hours.length) },
    (_, i) => fieldName(i + 1));
  return (
    <ActForm title={t("新的星级表", "A new star table")} submit={t("设定", "Set it")}
      start={Object.fromEntries(hours.map((value, i) => [fieldName(i + 1), String(value)]))}
      read={(reader) => read(names, reader)} onDone={props.close}
      fields={[
        ...names.map((name, i) => ({ name, label: starText(i + 1),
          hint: i === 0 ? t("累计多少小时起", "from so many lifetime hours")
            : t("比前一级多；没有这一级就不写", "more than before; empty: no such stars") })),
        fromField(),
      ]} />
  );
}

export function Stars(props: { may: boolean }): JSX.Element {
  const hours = catalogue.value?.starHours ?? [];
  return (
    <ListSection caption={t("今天的星级表", "Star table of today")} isFixed
      rows={hours.map((value, i) => ({ stars: i + 1, value }))} keyOf={({ stars }) => String(stars)}
      columns={[
        { title: t("星级", "Stars"), cell: ({ stars }) => starText(stars) },
        { title: t("累计小时", "Lifetime hours"), isAmount: true,
          cell: ({ value }) => String(value) },
      ]}
      newLabel={props.may ? t("新的星级表", "A new star table") : undefined}
      form={(_, close) => <StarsForm hours={hours} close={close} />} />
  );
}
