/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sends what administrators do, says how it went, shows once what is shown once, and asks for the
 * registry anew. All of it is forgotten when somebody else works here.
 */
import { computed, effect, signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { reloadRegistry } from "../../lib/registry";
import { answerSentence, Code } from "../../lib/result";
import { toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { send, type Act } from "../../lib/send";
import { principal } from "../../lib/session";
import { t } from "../../lib/words";
import type { SaidLine } from "../../ui/parts";

/** A one-time code or a device's token. */
export interface Shown {
  kind: "code" | "token";
  whose: string;
  text: string;
}

/** `say`: in the language of now. */
interface Told {
  key: string;
  tone: SaidLine["tone"];
  say: () => string;
}

const linesMax = 8;
const told = signal<readonly Told[]>([]);
export const lines = computed<readonly SaidLine[]>(() => (
  told.value.map(({ key, tone, say }) => ({ key, tone, text: say() }))));
/** Those that nobody has put away yet, oldest first: in memory only. */
export const secrets = signal<readonly Shown[]>([]);
/** Rises when something was done, here or elsewhere: histories and lists ask anew. */
export const changes = signal(0);
let count = 0;

effect(() => {
  void principal.value;
  told.value = [];
  secrets.value = [];
});

export interface Asked {
  act: Act;
  day?: number | undefined;
  memo?: string;
  /** What only this page knows of it; shown when it is done. */
  secret?: Shown;
  /** "已设立组织 …": told when it is done. */
  done: (result: Result) => string;
}

/** Asks for the registry anew. Throws a Failure. */
export async function refresh(): Promise<void> {
  await reloadRegistry();
  changes.value += 1;
}

function put(line: Told): void {
  told.value = [line, ...told.value.filter((other) => other.key !== line.key)].slice(0, linesMax);
}

function tell(key: string, tone: SaidLine["tone"], say: () => string): void {
  put({ key, tone, say });
  announce(say());
}

function tellResult(key: string, asked: Asked, result: Result): void {
  if (result.code === Code.OK) {
    tell(key, "done", () => (
      asked.done(result) + t(`，第 ${result.entry} 号账。`, `; entry ${result.entry}.`)));
  } else {
    tell(key, result.code === Code.WAITING ? "waiting" : "refused",
      () => `${answerSentence(result)}${t("。", ".")}`);
  }
}

/** Nothing was sent. */
export function tellFailure(thrown: unknown, key = String(++count)): void {
  const failure = toFailure(thrown);
  tell(key, "refused", () => `${failure.sentence}${t("。", ".")}`);
}

/** The result; undefined: it did not go out. What it came to has been said. */
export async function doIt(asking: Asked | Promise<Asked>): Promise<Result | undefined> {
  const key = String(++count);
  put({ key, tone: "pending", say: () => t("正在发送", "being sent") });
  try {
    const asked = await asking;
    const { act, day, memo, secret } = asked;
    const result = await send(act, { ...(day !== undefined && { day }), memo: memo ?? "" });
    tellResult(key, asked, result);
    if (secret !== undefined && (result.code === Code.OK || result.code === Code.WAITING)) {
      secrets.value = [...secrets.value, secret];
    }
    if (result.code === Code.OK) {
      refresh().catch(() => undefined); // done it is; the next page asks again
    }
    return result;
  } catch (thrown) {
    tellFailure(thrown, key);
    return undefined;
  }
}

/** One after the other: what is asked for while something is under way (a key pressed twice) is not
 * done. */
export function useOnce(): (work: () => Promise<unknown>) => Promise<void> {
  const isBusy = useRef(false);
  return async (work) => {
    if (!isBusy.current) {
      isBusy.current = true;
      try {
        await work();
      } finally {
        isBusy.current = false;
      }
    }
  };
}
