/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Classes to tick. Which are never shown in public is said.
 */
import type { JSX } from "preact";
import { catalogue } from "../../lib/registry";
import { t } from "../../lib/words";

export function className(classId: number): string {
  return catalogue.value?.classes.find((row) => row.classId === classId)?.name ??
    t(`类别 ${classId}`, `class ${classId}`);
}

export function ClassBoxes(props: {
  chosen: readonly number[];
  onChange: (chosen: number[]) => void;
}): JSX.Element {
  const { chosen, onChange } = props;
  return (
    <fieldset class="checks">
      <legend>{t("类别", "Classes")}</legend>
      {(catalogue.value?.classes ?? []).map((row) => (
        <label key={row.classId} class="check">
          <input type="checkbox" checked={chosen.includes(row.classId)}
            onInput={(event) => onChange(event.currentTarget.checked
              ? [...chosen, row.classId] : chosen.filter((id) => id !== row.classId))} />
          {row.name}{!row.isPublic && <small>{t("（不公开）", "(not public)")}</small>}
        </label>
      ))}
    </fieldset>
  );
}
