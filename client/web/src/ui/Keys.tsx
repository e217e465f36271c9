/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Buttons with their keys printed on them. The keys work wherever the focus is, but not while an
 * input method composes.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface KeyAct {
  /** As the browser names it: "F2", "Escape", "Enter". */
  key: string;
  label: string;
  act: () => void;
  disabled?: boolean;
  /** The page's main act. */
  main?: boolean;
}

const printed: Readonly<Record<string, string>> = { Escape: "Esc", Delete: "Del" };

export function Keys(props: { keys: readonly KeyAct[] }): JSX.Element {
  const latest = useRef(props.keys);
  latest.current = props.keys;
  useLayoutEffect(() => { // before the next key
    const onKey = (event: KeyboardEvent) => {
      const found = latest.current.find((row) => row.key === event.key && row.disabled !== true);
      // A key that is held down acts once.
      const isOther = event.isComposing || event.ctrlKey || event.altKey || event.metaKey ||
        event.repeat;
      // Enter belongs to the box or the button that has the focus.
      if (found !== undefined && !isOther && found.key !== "Enter" && !event.defaultPrevented) {
        event.preventDefault();
        found.act();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div class="keys">
      {props.keys.map(({ key, label, act, disabled, main }) => (
        <button key={key} type="button" class={main === true ? "main" : ""}
          disabled={disabled === true} aria-keyshortcuts={key} onClick={act}>
          <kbd>{printed[key] ?? key}</kbd> {label}
        </button>
      ))}
    </div>
  );
}
