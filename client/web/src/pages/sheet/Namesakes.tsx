/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which of those of the same name a row means: digits choose while it is open.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { turnedTo } from "../desk/person";
import { Candidates } from "../desk/PersonPart";

export interface NamesakesProps {
  people: readonly MemberInfo[];
  more: boolean;
  isOpen: boolean;
  onChoose: (member: bigint) => void;
  onEnd: () => void;
}

/** The next or the one before, round about. */
function moveFocus(part: HTMLElement, by: number): void {
  const buttons = [...part.querySelectorAll<HTMLButtonElement>(".candidates button")];
  const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(now + by + buttons.length) % buttons.length]?.focus();
}

export function Namesakes(props: NamesakesProps): JSX.Element {
  const { people } = props;
  const [turned, setTurned] = useState(0);
  const first = turned < people.length ? turned : 0;
  const part = useRef<HTMLElement>(null);
  useLayoutEffect(() => { // before the next key, which may be the digit
    if (props.isOpen) {
      part.current!.querySelector("button")?.focus();
    }
  }, [props.isOpen, first]);
  const onKeyDown = (event: KeyboardEvent) => {
    const info = /^[1-9]$/.test(event.key) ? people[first + Number(event.key) - 1] : undefined;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        moveFocus(part.current!, event.key === "ArrowDown" ? 1 : -1);
        break;
      case "PageDown":
      case "PageUp":
        setTurned(turnedTo(first, people.length, event.key));
        break;
      case "Escape":
        props.onEnd();
        break;
      default:
        if (info === undefined) {
          return;
        }
        props.onChoose(info.member);
    }
    event.preventDefault();
  };
  return (
    <section ref={part} onKeyDown={onKeyDown}>
      <Candidates people={people} more={props.more} first={first} chosen={-1}
        onChoose={(info) => props.onChoose(info.member)} onTurn={setTurned} />
    </section>
  );
}
