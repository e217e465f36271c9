/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What all rows of a sheet have in common: org, activity, day, category, time.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { orgs } from "../../lib/registry";
import { today } from "../../lib/session";
import { parseDay } from "../../lib/values";
import { t } from "../../lib/words";
import { Field, Select } from "../../ui/Field";
import { categories } from "../desk/draft";
import { dayText } from "../desk/say";
import { parseTyped } from "../desk/what";
import { activities } from "./activity";
import { changeHeader, defaults, sheet } from "./state";

export function HeaderFields(): JSX.Element {
  const { org, activity, day, category, time } = sheet.value;
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    void activities().then((rows) => setNames([...new Set(rows.map((row) => row.name))]));
  }, []);
  const read = day.trim() === "" ? null : parseDay(day, today());
  const minutes = time.trim() === "" ? null : parseTyped(time);
  return (
    <div class="fields sheet-header">
      <Select label={t("组织", "Org")} value={org} onInput={(value) => changeHeader({ org: value })}
        options={[
          { value: "0", text: t("各人自己的组织", "each member's own") },
          ...orgs.value.filter((row) => !row.closed).map((row) => (
            { value: String(row.org), text: row.name })),
        ]} />
      <Field label={t("活动（可不填）", "Activity (may be empty)")} value={activity} list={names}
        onInput={(value) => changeHeader({ activity: value })}
        hint={t("活动名称或编号；新的会随表登记", "Name or number; a new one is entered with the sheet")} />
      <Field label={t("日期", "Day")} value={day} required
        onInput={(value) => changeHeader({ day: value })}
        error={day.trim() !== "" && read === null
          ? t("写成 5/1 或 2016-05-01", "write 5/1 or 2016-05-01") : undefined}
        hint={read === null ? t("今天、5/1、2016-05-01", "today, 5/1, 2016-05-01") : dayText(read)} />
      <Select label={t("类别", "Category")} value={category === 0 ? "" : String(category)}
        onInput={(value) => changeHeader({ category: Number(value) })}
        options={[
          ...(defaults.value.categories.some((row) => row.number === category) ? []
            : [{ value: "", text: t("请选择", "choose") }]),
          ...categories.value.map((row) => (
            { value: String(row.number), text: `${row.number} ${row.name}` })),
        ]} />
      <Field label={t("时长（行里没写的）", "Time if none is said")} value={time}
        onInput={(value) => changeHeader({ time: value })}
        error={time.trim() !== "" && minutes === null
          ? t("写成 2 或 90分", "write 2 or 90m") : undefined}
        hint={t("2、1.5、90分", "2, 1.5, 90m")} />
    </div>
  );
}
