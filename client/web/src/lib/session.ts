/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who works here: Whoami, the roles that say which pages are shown, log-in and log-out. The token
 * is a cookie that no script can read; the server alone decides what is allowed.
 */
import { computed, signal } from "@preact/signals";
import { Role } from "../gen/lovebank/v1/commands_pb";
import type { PrincipalInfo, WhoamiResponse } from "../gen/lovebank/v1/queries_pb";
import type { HelloResponse, LoginResponse } from "../gen/lovebank/v1/services_pb";
import { Code } from "./result";
import { access, byCookie, ledger, onSessionEnd } from "./rpc";
import { formatTime } from "./values";

export { Role };

/** undefined: not asked yet. `operator` unset: nobody is logged in. */
export interface Who {
  operator: PrincipalInfo | undefined;
  device: PrincipalInfo | undefined;
  /** The server asks for no log-in: everything is allowed. */
  isTrusted: boolean;
  expiresMs: bigint;
}

export const who = signal<Who | undefined>(undefined);
/** What the server says of itself: its civil day and zone. */
export const hello = signal<HelloResponse | undefined>(undefined);

/** May somebody work here now? */
export const isIn = computed(
  () => who.value !== undefined && (who.value.isTrusted || who.value.operator !== undefined),
);

/** Under whom acts are kept and sent; 0 where no log-in is asked for. undefined: nobody. */
export const principal = computed<number | undefined>(() =>
  who.value?.operator?.principal ?? (who.value?.isTrusted === true ? 0 : undefined));

/** The counter that this device serves; 0: none. */
export const counterHere = computed(() => who.value?.device?.counter ?? 0);

function whoOf(answer: WhoamiResponse): Who {
  // A device alone may act as well, where it has roles: for whoever stands at it.
  const { principal: found } = answer;
  const isDeviceAlone = found?.isDevice === true;
  return {
    operator: isDeviceAlone && found.roles.length === 0 ? undefined : found,
    device: isDeviceAlone ? found : answer.device,
    isTrusted: answer.isTrusted,
    expiresMs: answer.sessionExpiresMs,
  };
}

let asked = 0;
let answered = 0; // the latest question whose answer is known: earlier ones' are not true any more

/** Asks who is logged in. Throws a Failure when the server does not answer. */
export async function loadSession(): Promise<void> {
  const mine = ++asked;
  const [greeting, answer] = await Promise.all([
    ledger.hello({ protocolVersion: 1, client: "web" }),
    access.whoami({}),
  ]);
  if (mine < answered) {
    return;
  }
  answered = mine;
  hello.value = greeting;
  clockAheadDays = clockDay() - greeting.todayDay;
  who.value = whoOf(answer);
}

/** The answer, whose code is OK or says why not. */
export async function logIn(
  login: string, password: string, newPassword = "",
): Promise<LoginResponse> {
  const answer = await access.login({ login, password, newPassword }, byCookie);
  if (answer.code === Code.OK) {
    await loadSession();
  }
  return answer;
}

export async function logOut(): Promise<void> {
  await access.logout({}, byCookie);
  answered = ++asked;
  who.value = { ...who.value!, operator: undefined, expiresMs: 0n };
}

/** This browser becomes a device: its token, from then on a cookie. The code of what it came to. */
export async function enrolDevice(token: Uint8Array<ArrayBuffer>): Promise<number> {
  const answer = await ledger.hello({ protocolVersion: 1, client: "web", token }, byCookie);
  if (answer.tokenCode === Code.OK) {
    await loadSession();
  }
  return answer.code !== Code.OK ? answer.code : answer.tokenCode;
}

/** This browser is no device any more. */
export async function forgetDevice(): Promise<void> {
  await ledger.hello({ protocolVersion: 1, client: "web" }, byCookie);
  await loadSession();
}

/** The roles held today, anywhere. */
export const roles = computed<ReadonlySet<Role>>(
  () => new Set((who.value?.operator?.roles ?? []).map((held) => held.role)),
);

/** Has it one of these roles? For what is shown; the server checks what is done. */
export function hasRole(...wanted: Role[]): boolean {
  return who.value?.isTrusted === true || wanted.some((role) => roles.value.has(role));
}

const zoneEastS = () => hello.value?.zoneEastS ?? 28800;
const clockDay = () => dayOfTime(Date.now());
let clockAheadDays = 0; // this machine's date against the server's

/** The book's civil day, even where this machine's date is wrong. */
export function today(): number {
  return clockDay() - clockAheadDays;
}

/** The book's civil day of a time. */
export function dayOfTime(ms: bigint | number): number {
  return Math.floor((Number(ms) / 1000 + zoneEastS()) / 86400);
}

/** A time of the server's, in the book's zone. */
export function timeText(ms: bigint | number): string {
  return formatTime(ms, zoneEastS());
}

onSessionEnd(() => {
  if (who.value?.operator !== undefined) {
    who.value = { ...who.value, operator: undefined, expiresMs: 0n };
  }
});
