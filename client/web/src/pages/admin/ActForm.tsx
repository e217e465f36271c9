/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A form for one act: fields with their errors beside them; Enter sends it, once. A field that
 * nobody has touched follows `start`, so that what another person sets meanwhile is not undone.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { answerSentence, Code } from "../../lib/result";
import { today } from "../../lib/session";
import { t } from "../../lib/words";
import { Field, Form, Select } from "../../ui/Field";
import { doIt, tellFailure, useOnce, type Asked } from "./doing";
import { Reader, type Values } from "./reading";

export interface FormField {
  name: string;
  label: string;
  hint?: string;
  options?: readonly { value: string; text: string }[];
  /** Proposed while it is typed. */
  list?: readonly string[];
  /** A scanner types into it: its Enter goes on to the next field and does not send the form. */
  isScanned?: boolean;
  /** Results that speak of it without naming it. */
  codes?: readonly number[];
}

export const fromField = (): FormField => ({ name: "from", label: t("起用日期", "From"),
  hint: t("不写就是今天", "today, if left out") });

function FormInput(props: {
  field: FormField; value: string; error: string | undefined; onInput: (value: string) => void;
}): JSX.Element {
  const { field, value, error, onInput } = props;
  const { label, options, list, hint } = field;
  return options !== undefined
    ? <Select label={label} value={value} onInput={onInput} options={options} error={error} />
    : <Field label={label} value={value} onInput={onInput} hint={hint} error={error}
      {...(list !== undefined && { list })}
      onKeyDown={(event) => {
        if (field.isScanned === true && event.key === "Enter") {
          event.preventDefault();
          const next = event.currentTarget.closest("[data-field]")?.nextElementSibling;
          next?.querySelector<HTMLElement>("input, select")?.focus();
        }
      }} />;
}

/** The field that a refusal is about; undefined: the form as a whole. */
function refusedField(fields: readonly FormField[], result: Result): string | undefined {
  return fields.find(({ name, codes }) => (
    name === result.text || codes?.includes(result.code) === true))?.name;
}

interface ActFormProps {
  title: string;
  fields: readonly FormField[];
  /** What stands in the fields at first. */
  start: Values;
  submit: string;
  read: (reader: Reader) => Asked | Promise<Asked>;
  onDone?: () => void;
  /** One of several on the page: the focus stays where it is. */
  isQuiet?: boolean;
  /** For one after the other: these fields stay as they are, and the first gets the focus. */
  keeps?: readonly string[];
}

/** What is typed, what is wrong with it, and sending it. `focusOn`: the first field there. */
function useActForm(props: ActFormProps, focusOn: (place: string) => void) {
  const [edits, setEdits] = useState<Values>({});
  const [errors, setErrors] = useState<Values>({});
  const once = useOnce();
  const values: Values = { ...props.start, ...edits };

  const complain = (found: Values) => {
    setErrors(found);
    const first = props.fields.find(({ name }) => found[name] !== undefined);
    if (first !== undefined) {
      focusOn(`[data-field="${first.name}"]`);
    }
  };
  const finish = () => {
    setEdits((now) => Object.fromEntries(
      Object.entries(now).filter(([name]) => props.keeps?.includes(name))));
    if (props.keeps !== undefined) {
      focusOn(".fields");
    }
    props.onDone?.();
  };
  const send = async () => {
    const reader = new Reader(values, today());
    const asked = await props.read(reader);
    complain({ ...reader.errors });
    const result = reader.isGood ? await doIt(asked) : undefined;
    if (result?.code === Code.OK || result?.code === Code.WAITING) {
      finish();
    } else if (result !== undefined) {
      const name = refusedField(props.fields, result);
      complain(name === undefined ? {} : { [name]: answerSentence(result) });
    }
  };

  return {
    values, errors,
    edit: (name: string, value: string) => setEdits((now) => ({ ...now, [name]: value })),
    submit: () => void once(() => send().catch(tellFailure)),
  };
}

export function ActForm(props: ActFormProps): JSX.Element {
  const part = useRef<HTMLElement>(null);
  const focusOn = (place: string) => part.current?.querySelector<HTMLElement>(
    `${place} input, ${place} select`)?.focus();
  const { values, errors, edit, submit } = useActForm(props, focusOn);
  useLayoutEffect(() => { // before the next key
    if (props.isQuiet !== true) {
      focusOn(".fields");
    }
  }, []);
  return (
    <section ref={part} class="act-form" aria-label={props.title}>
      <h3>{props.title}</h3>
      <Form onSubmit={submit}>
        <div class="fields">
          {props.fields.map((field) => (
            <div key={field.name} data-field={field.name}>
              <FormInput field={field} value={values[field.name] ?? ""} error={errors[field.name]}
                onInput={(value) => edit(field.name, value)} />
            </div>
          ))}
        </div>
        <button class="main" type="submit"><kbd>Enter</kbd> {props.submit}</button>
      </Form>
    </section>
  );
}
