/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sending what changes the ledger: every page's writes go through send(). See outbox.ts.
 */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { effect } from "@preact/signals";
import { CommandSchema } from "../gen/lovebank/v1/commands_pb";
import { ResultSchema, type Result } from "../gen/lovebank/v1/results_pb";
import { openStore, storeOf } from "./acts_store";
import { newId } from "./ids";
import { Outbox } from "./outbox";
import { Code } from "./result";
import { access, ledger, online, toFailure } from "./rpc";
import { loadSession, principal, today } from "./session";

export type Act = NonNullable<MessageInitShape<typeof CommandSchema>["act"]>;

export interface SendOptions {
  /** The act's business day; left out: the server's today, for records this page's. */
  day?: number;
  /** A reason; it may name people, so it never stays on disk. */
  memo?: string;
  /** Of an act that was made before: asked again, it happens once. */
  id?: Uint8Array<ArrayBuffer>;
}

export const outbox = new Outbox({
  store: storeOf(openStore()),
  write: (commands) => ledger.write({ commands }),
  lastingCode: (thrown) => {
    const failure = toFailure(thrown);
    const waitsForLogin =
      failure.result === Code.SESSION_EXPIRED || failure.result === Code.LOGIN_REQUIRED;
    return failure.isRetryable || waitsForLogin ? undefined : failure.result;
  },
  sender: async () => {
    const answer = await access.whoami({});
    const sender = answer.principal?.principal ?? (answer.isTrusted ? 0 : undefined);
    if (sender !== principal.peek()) {
      // The session has ended, or is another's: the page shows it.
      loadSession().catch(() => undefined);
    }
    return sender;
  },
  later: (call, ms) => void setTimeout(call, ms),
});

/** Another tab has logged in or out: the cookie is no longer this page's. */
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("lovebank");

/** Sends under a new id, until it is answered. Only recording of service begins without a network;
 * all else throws a Failure then, and nothing was sent. */
export async function send(act: Act, options: SendOptions = {}): Promise<Result> {
  const isRecord = act.case === "serviceRecord";
  if (!isRecord && !online.value) {
    await access.whoami({}); // back again? throws if not
  }
  const day = options.day ?? (isRecord ? today() : undefined);
  return outbox.send(create(CommandSchema, {
    id: options.id ?? newId(),
    day: day ?? 0,
    hasDay: day !== undefined,
    memo: options.memo ?? "",
    act,
  }));
}

/** What they would come to: nothing is changed, no id used up. Throws a Failure. */
export async function preview(
  acts: { act: Act; day?: number; memo?: string }[],
): Promise<Result[]> {
  const response = await ledger.write({
    dryRun: true,
    commands: acts.map(({ act, day, memo }) => (
      { id: newId(), day: day ?? 0, hasDay: day !== undefined, memo: memo ?? "", act })),
  });
  if (response.code === Code.OK) {
    return response.results;
  }
  const { code, a, b, c, text } = response;
  return acts.map(() => create(ResultSchema, { code, a, b, c, text }));
}

/** Keeps the outbox, the session and the other tabs together. Once, at the start. */
export function startSending(): void {
  let before: number | undefined;
  effect(() => {
    const now = principal.value;
    void outbox.open(now);
    if (now !== before) {
      before = now;
      tabs?.postMessage(now);
    }
  });
  tabs?.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.data !== principal.peek()) {
      loadSession().catch(() => undefined); // the next request will tell
    }
  });
  window.addEventListener("online", () => outbox.nudge());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      outbox.nudge();
    }
  });
}
