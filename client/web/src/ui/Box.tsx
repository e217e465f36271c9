/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The one box that takes everything: card, number, name, goods. It has the focus when the page is
 * shown and gets it back whenever nothing else has it. A scan anywhere on the page comes to it,
 * even while an input method composes.
 */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { listenForScans } from "../lib/scanner";

export interface BoxProps {
  label: string;
  hint?: string;
  /** What is wrong with what was entered; said beside the box. */
  error?: string | undefined;
  /** Enter, or a scan. The box is emptied unless it gives false. */
  onEnter: (text: string, isScan: boolean) => void | boolean | Promise<void | boolean>;
  onInput?: (text: string) => void;
  /** Keys other than Enter: arrows in a list below the box. */
  onKey?: (event: KeyboardEvent) => void;
  inputMode?: "text" | "numeric" | "search";
  /** false: another field has a scan to itself. */
  takesScans?: boolean;
  /** When it changes, what was typed is dropped. */
  resets?: number;
}

const boxes: HTMLInputElement[] = [];

/** The box of the page gets the focus. */
export function focusBox(): void {
  boxes[boxes.length - 1]?.focus();
}

/** The Enter of those who have no keyboard: a button, or a phone. */
export function enterBox(): void {
  focusBox();
  boxes[boxes.length - 1]?.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}

/** Nothing has the focus, or what had it is gone. */
function focusIsFree(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body;
}

/** The scan's characters also went to the field that had the focus: they are not its own. */
function takeBack(field: Element | null, scanned: string): void {
  const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  if (isField && field.value.endsWith(scanned)) {
    field.value = field.value.slice(0, -scanned.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function refocusLater(): void {
  setTimeout(() => {
    if (focusIsFree()) {
      focusBox();
    }
  });
}

type Setter = (change: string | ((now: string) => string)) => void;

/** The box is empty at once, for whoever types on; one Enter after the other, and none of those
 * that came while one failed. */
function useEntering(latest: { current: BoxProps }, setText: Setter) {
  const queue = useRef(Promise.resolve());
  const failed = useRef(0); // Enters up to this one are no use any more
  const count = useRef(0);

  return (entered: string, isScan: boolean) => {
    const mine = ++count.current;
    const fail = () => {
      failed.current = count.current;
      setText((now) => (now === "" && !isScan ? entered : now));
    };
    setText("");
    queue.current = queue.current.then(async () => {
      try {
        if (mine > failed.current && (await latest.current.onEnter(entered, isScan)) === false) {
          fail();
        }
      } catch (thrown) { // our own fault: the browser is told, and the next Enter has its turn
        fail();
        setTimeout(() => {
          throw thrown;
        });
      }
      refocusLater();
    });
  };
}

/** The box has the focus when nothing else has it, and every scan. */
function useFocusAndScans(
  input: { current: HTMLInputElement | null }, latest: { current: BoxProps },
  onScan: (scanned: string, element: HTMLInputElement) => void,
): void {
  useLayoutEffect(() => { // before the next key
    const element = input.current!;
    boxes.push(element);
    element.focus();
    window.addEventListener("focus", refocusLater);
    document.addEventListener("focusout", refocusLater);
    const end = listenForScans((scanned) => {
      if (latest.current.takesScans === false) {
        return;
      }
      if (document.activeElement !== element) {
        takeBack(document.activeElement, scanned);
      }
      onScan(scanned, element);
    });
    return () => {
      boxes.splice(boxes.indexOf(element), 1);
      window.removeEventListener("focus", refocusLater);
      document.removeEventListener("focusout", refocusLater);
      end();
    };
  }, []);
}

export function Box(props: BoxProps): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const latest = useRef(props);
  latest.current = props;
  const dropComposition = useRef(false);
  const enter = useEntering(latest, setText);
  useLayoutEffect(() => setText(""), [props.resets]);
  useFocusAndScans(input, latest, (scanned, element) => {
    dropComposition.current = true; // what the input method made of the scan's letters
    element.blur();
    element.value = "";
    setText("");
    element.focus();
    dropComposition.current = false;
    enter(scanned, true);
  });
  const isWrong = props.error !== undefined;
  return (
    <div class={isWrong ? "box wrong" : "box"}>
      <label for={id}>{props.label}</label>
      <input id={id} ref={input} value={text} autocomplete="off" autocapitalize="off"
        spellcheck={false} inputMode={props.inputMode ?? "text"} enterkeyhint="go"
        aria-describedby={`${id}-note`} aria-invalid={isWrong}
        onInput={(event) => {
          const typed = dropComposition.current ? "" : event.currentTarget.value;
          setText(typed);
          props.onInput?.(typed);
        }}
        onKeyDown={(event) => {
          if (event.isComposing) {
            return; // the input method's own Enter
          }
          if (event.key === "Enter") {
            event.preventDefault();
            enter(event.currentTarget.value, false);
          } else {
            props.onKey?.(event);
          }
        }} />
      <p id={`${id}-note`} class={isWrong ? "error" : "hint"}>{props.error ?? props.hint ?? ""}</p>
    </div>
  );
}
