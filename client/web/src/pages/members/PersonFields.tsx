/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fields of a person, each with what is wrong beside it. ID number and phone are checked as soon as
 * they are left.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Gender } from "../../gen/lovebank/v1/commands_pb";
import { t, valueWord } from "../../lib/words";
import { Field, Select } from "../../ui/Field";
import type { Errors, PersonDraft } from "./person_rules";

export interface PersonFieldsProps {
  draft: PersonDraft;
  /** All that is wrong now. */
  faults: Errors;
  /** Show them all: it was tried to send. */
  isTried: boolean;
  onChange: (change: Partial<PersonDraft>) => void;
}

/** All but the name, which stands apart. */
export function PersonFields(props: PersonFieldsProps): JSX.Element {
  const { draft, faults, onChange } = props;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const field = (key: keyof PersonDraft, label: string, hint?: string) => (
    <div key={key} onFocusOut={() => setLeft(new Set([...left, key]))}>
      <Field label={label} value={draft[key]} hint={hint}
        error={props.isTried || left.has(key) ? faults[key] : undefined}
        onInput={(text) => onChange({ [key]: text })} />
    </div>
  );
  return (
    <div class="fields">
      {field("phone", t("联系方式", "Phone"))}
      {field("idNumber", t("身份证件号码", "ID number"),
        t("18 位，会核对校验位", "18 digits; the check is verified"))}
      {field("birth", t("出生日期", "Birth date"), t("如 1950-12-31", "like 1950-12-31"))}
      <Select label={t("性别", "Gender")} value={draft.gender}
        onInput={(gender) => onChange({ gender })}
        options={[{ value: "", text: t("不写", "not said") },
          { value: String(Gender.MALE), text: valueWord("GENDER_MALE") },
          { value: String(Gender.FEMALE), text: valueWord("GENDER_FEMALE") }]} />
      {field("address", t("居住区域", "Address"))}
      {field("skills", t("专业技能", "Skills"))}
      {field("wishes", t("服务意向", "Offers"))}
    </div>
  );
}
