/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the sections share: F2 begins a new one, Enter on a row changes that one, Esc leaves the
 * form.
 */
import { Fragment, type ComponentChildren, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/words";
import { Keys } from "../../ui/Keys";
import { Table, type Column } from "../../ui/parts";

/** Where the focus was when the form was opened gets it back when the form is gone. */
function useFocusBack(isOpen: boolean): void {
  const before = useRef<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  if (isOpen && !wasOpen.current) {
    before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  }
  useEffect(() => {
    if (!isOpen && wasOpen.current && document.activeElement === document.body) {
      before.current?.focus();
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
}

/** The Enter that opens a form must not send it as well, for its field has the focus at once. */
function keepEnter(event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  if (event.key === "Enter" && event.target instanceof HTMLTableRowElement) {
    event.preventDefault();
  }
}

export function ListSection<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** "新设组织", on F2; left out: there is no making a new one. */
  newLabel?: string | undefined;
  /** Rows cannot be changed. */
  isFixed?: boolean;
  /** For a row as it is now, or, without one, for a new one. */
  form: (row: Row | undefined, close: () => void) => ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState<string>(); // the key of a row; "": a new one
  const close = () => setOpen((now) => (now === open ? undefined : now)); // not another's form
  const row = props.rows.find((found) => props.keyOf(found) === open);
  const isOpen = open === "" || row !== undefined;
  useFocusBack(isOpen);
  const keys = [
    ...(props.newLabel === undefined ? []
      : [{ key: "F2", label: props.newLabel, act: () => setOpen("") }]),
    ...(isOpen ? [{ key: "Escape", label: t("收起", "Close the form"), act: close }] : []),
  ];
  return (
    <>
      <Keys keys={keys} />
      {isOpen && <Fragment key={open}>{props.form(row, close)}</Fragment>}
      <div onKeyDown={keepEnter}>
        <Table caption={props.caption} columns={props.columns} rows={props.rows}
          keyOf={props.keyOf} {...(props.isFixed !== true && {
            onOpen: (found: Row) => setOpen(props.keyOf(found)) })} />
      </div>
    </>
  );
}
