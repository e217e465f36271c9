/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One of a long list (orgs, acts), chosen by typing: part of the name, its pinyin initials or its
 * number. Taken by Enter or when the field is left.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { namedBy } from "../../lib/initials";
import { orgs } from "../../lib/registry";
import { t } from "../../lib/words";
import { Field } from "../../ui/Field";

export interface Choice {
  value: string;
  text: string;
}

/** Those that are meant by what was typed. */
export function choicesBy(choices: readonly Choice[], typed: string): readonly Choice[] {
  const number = typed.trim();
  const byNumber = choices.filter((choice) => choice.value === number);
  return byNumber.length > 0 ? byNumber : namedBy(choices, typed, (choice) => choice.text);
}

export const orgChoices = (): Choice[] => orgs.value
  .filter((org) => !org.closed).map((org) => ({ value: String(org.org), text: org.name }));

export interface ChoiceFieldProps {
  label: string;
  choices: readonly Choice[];
  /** "": none is chosen. */
  value: string;
  onChoose: (value: string) => void;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
}

export function ChoiceField(props: ChoiceFieldProps): JSX.Element {
  const { choices, value } = props;
  const shown = choices.find((choice) => choice.value === value)?.text ?? value;
  const [text, setText] = useState(shown);
  const [wrong, setWrong] = useState<string>();
  useEffect(() => setText(shown), [shown]);
  const take = (typed: string) => {
    const found = typed.trim() === "" ? [] : choicesBy(choices, typed);
    if (typed.trim() !== "" && found.length !== 1) {
      const some = found.slice(0, 4).map((row) => row.text);
      setWrong(found.length === 0 ? t(`没有“${typed.trim()}”。写名称、首字母或编号`,
        `there is no "${typed.trim()}"; write the name, its initials or number`)
        : t(`有 ${found.length} 个：${some.join("、")}。请写全`,
          `${found.length} are meant: ${some.join(", ")}; write more`));
      return;
    }
    setWrong(undefined);
    setText(found[0]?.text ?? "");
    if ((found[0]?.value ?? "") !== value) {
      props.onChoose(found[0]?.value ?? "");
    }
  };
  return (
    <div onFocusOut={() => take(text)}>
      <Field label={props.label} value={text} onInput={setText} error={wrong ?? props.error}
        hint={props.hint} required={props.required ?? false}
        list={choices.map((choice) => choice.text)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.isComposing) {
            take(event.currentTarget.value);
          }
        }} />
    </div>
  );
}
