/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A labelled input with its error beside it.
 */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  type?: "text" | "password" | "number" | "date" | "search";
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "decimal";
  required?: boolean;
  autofocus?: boolean;
  list?: readonly string[];
  onKeyDown?: (event: JSX.TargetedKeyboardEvent<HTMLInputElement>) => void;
}

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class={props.error === undefined ? "field" : "field wrong"}>
      <label for={id}>{props.label}</label>
      <input id={id} type={props.type ?? "text"} value={props.value}
        autocomplete={props.autocomplete ?? "off"} inputMode={props.inputMode ?? "text"}
        required={props.required ?? false} list={props.list && `${id}-list`}
        ref={(element) => {
          if (props.autofocus === true && element !== null && !element.dataset["focused"]) {
            element.dataset["focused"] = "yes";
            element.focus();
          }
        }}
        aria-describedby={`${id}-note`} aria-invalid={props.error !== undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={props.onKeyDown} />
      {props.list && (
        <datalist id={`${id}-list`}>
          {props.list.map((value) => <option key={value} value={value} />)}
        </datalist>
      )}
      <p id={`${id}-note`} class={props.error === undefined ? "hint" : "error"}>
        {props.error ?? props.hint ?? ""}
      </p>
    </div>
  );
}

export interface SelectProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  options: readonly { value: string; text: string }[];
  error?: string | undefined;
}

export function Select(props: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class={props.error === undefined ? "field" : "field wrong"}>
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} aria-describedby={`${id}-note`}
        aria-invalid={props.error !== undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}>
        {props.options.map(({ value, text }) => <option key={value} value={value}>{text}</option>)}
      </select>
      <p id={`${id}-note`} class="error">{props.error ?? ""}</p>
    </div>
  );
}

export function Form(props: { onSubmit: () => void; children: ComponentChildren }): JSX.Element {
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      props.onSubmit();
    }}>
      {props.children}
    </form>
  );
}
