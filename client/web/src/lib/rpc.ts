/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server's services, by the Connect protocol with JSON. One place turns what fails as a whole
 * into a Failure, which has the sentence in both languages; answers that have a code are not
 * touched.
 */
import { isMessage } from "@bufbuild/protobuf";
import { signal } from "@preact/signals";
import {
  Code as ConnectCode, ConnectError, createClient, type Interceptor,
} from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { ErrorDetailSchema } from "../gen/lovebank/v1/results_pb";
import {
  Access, Ledger, Members, Registry, Reports, WriteResponseSchema,
} from "../gen/lovebank/v1/services_pb";
import { Code, formatResult, resultClass, resultName } from "./result";
import { lang } from "./prefs";

export const timeoutMs = 20_000;

/** A request that failed as a whole. */
export class Failure extends ConnectError {
  constructor(
    readonly result: number,
    readonly zh: string,
    readonly en: string,
    connectCode: ConnectCode,
    cause?: unknown,
  ) {
    super(en, connectCode, undefined, undefined, cause); // its name stays, or Connect wraps it
  }

  /** ConnectError says yes to all that looks like one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.isPrototypeOf.call(Failure.prototype, value as object);
  }

  /** Its name in include/lovebank/result.h. */
  get resultName(): string {
    return resultName(this.result);
  }

  /** It may be sent again as it was: the network, a server that restarts or is busy. */
  get isRetryable(): boolean {
    const kind = resultClass(this.result);
    return kind === "RETRYABLE" || kind === "FAULT";
  }

  get sentence(): string {
    return lang.value === "zh" ? this.zh : this.en;
  }
}

function failureOf(result: number, code: ConnectCode, cause: unknown, text = ""): Failure {
  return new Failure(result, formatResult(result, 0, 0, 0, text, "zh"),
    formatResult(result, 0, 0, 0, text, "en"), code, cause);
}

const serverName = () => (typeof location === "undefined" ? "" : location.host);

/** Whatever was thrown by a call, as a Failure. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) {
    return thrown;
  }
  if (!(thrown instanceof ConnectError)) {
    // fetch rejects with a TypeError when there is no connection; all else is our own fault.
    return thrown instanceof TypeError
      ? failureOf(Code.UNREACHABLE, ConnectCode.Unavailable, thrown, serverName())
      : failureOf(Code.INTERNAL, ConnectCode.Internal, thrown, String(thrown));
  }
  const detail = thrown.findDetails(ErrorDetailSchema)[0];
  if (detail !== undefined) {
    return new Failure(detail.code, detail.zh, detail.en, thrown.code, thrown);
  }
  switch (thrown.code) {
    case ConnectCode.DeadlineExceeded:
    case ConnectCode.Canceled:
    case ConnectCode.Unavailable:
      return failureOf(Code.UNREACHABLE, thrown.code, thrown, serverName());
    case ConnectCode.ResourceExhausted:
      return failureOf(Code.TRY_LATER, thrown.code, thrown);
    case ConnectCode.Unauthenticated:
      return failureOf(Code.SESSION_EXPIRED, thrown.code, thrown);
    default:
      return thrown.cause instanceof TypeError
        ? failureOf(Code.UNREACHABLE, ConnectCode.Unavailable, thrown, serverName())
        : failureOf(Code.INTERNAL, thrown.code, thrown, thrown.message);
  }
}

/** Does the server answer? What the last request showed. */
export const online = signal(true);

/** Of calls whose token is to become a cookie, which no script can read, or is to be forgotten. */
export const byCookie = { headers: { "Lovebank-Cookies": "1" } } as const;

let whenSessionEnds: () => void = () => undefined;
/** Called when a request is told that nobody is logged in any more. */
export function onSessionEnd(call: () => void): void {
  whenSessionEnds = call;
}

const intercept: Interceptor = (next) => async (request) => {
  try {
    const response = await next(request);
    online.value = true;
    return response;
  } catch (thrown) {
    const failure = toFailure(thrown);
    online.value = failure.result !== Code.UNREACHABLE;
    if (failure.result === Code.SESSION_EXPIRED || failure.result === Code.LOGIN_REQUIRED) {
      whenSessionEnds();
    }
    throw failure;
  }
};

/** The newest entry that an answer told of: what is read next must not be older, whichever of
 * several servers answers (docs/protocol.md, "As of which entry"). */
let newestKnown = 0n;

/** Someone has seen the entry. */
export function noteEntry(number: bigint): void {
  newestKnown = number > newestKnown ? number : newestKnown;
}

export const asOfNewest: Interceptor = (next) => async (request) => {
  if (!request.stream && newestKnown > 0n && request.method.input.field["atLeastEntry"] !== undefined) {
    Object.assign(request.message, { atLeastEntry: newestKnown });
  }
  try {
    const response = await next(request);
    if (!response.stream && isMessage(response.message, WriteResponseSchema)) {
      response.message.results.forEach((result) => noteEntry(result.entry));
    }
    return response;
  } catch (thrown) {
    if (toFailure(thrown).result === Code.STATE_BEHIND) {
      newestKnown = 0n; // the book may be another now, restored: what is asked next is answered
    }
    throw thrown;
  }
};

const transport = createConnectTransport({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  defaultTimeoutMs: timeoutMs,
  interceptors: [asOfNewest, intercept],
});

export const ledger = createClient(Ledger, transport);
export const registry = createClient(Registry, transport);
export const members = createClient(Members, transport);
export const access = createClient(Access, transport);
export const reports = createClient(Reports, transport);
