/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What this browser knows while the server cannot be reached: who was logged in last, the names of
 * orgs and categories, and which log-in name belongs to which account. Enough to go on recording;
 * no member's name, and nothing that lets anybody in: what is recorded is sent by its own log-in.
 */
import {
  create, fromJsonString, toJsonString, type DescMessage, type MessageShape,
} from "@bufbuild/protobuf";
import { effect, signal } from "@preact/signals";
import {
  CatalogueResponseSchema, OrgListResponseSchema, WhoamiResponseSchema,
} from "../gen/lovebank/v1/queries_pb";
import { HelloResponseSchema } from "../gen/lovebank/v1/services_pb";
import { catalogue, loadRegistry, orgs } from "./registry";
import { online, toFailure } from "./rpc";
import { hello, who } from "./session";
import { t } from "./words";

const keyOf = (name: string) => `lovebank.last.${name}`;

function keep(name: string, text: string | undefined): void {
  try {
    if (text === undefined) {
      localStorage.removeItem(keyOf(name));
    } else {
      localStorage.setItem(keyOf(name), text);
    }
  } catch {
    // forbidden or full: then nothing is known without the server
  }
}

function kept(name: string): string | null {
  try {
    return localStorage.getItem(keyOf(name));
  } catch {
    return null;
  }
}

function keptMessage<Desc extends DescMessage>(
  name: string, schema: Desc,
): MessageShape<Desc> | undefined {
  try {
    return fromJsonString(schema, kept(name) ?? "", { ignoreUnknownFields: true });
  } catch {
    return undefined; // none, or of another version of these pages
  }
}

type Logins = Readonly<Record<string, string>>;

function logins(): Logins {
  try {
    const found: unknown = JSON.parse(kept("logins") ?? "{}");
    return typeof found === "object" && found !== null ? (found as Logins) : {};
  } catch {
    return {}; // of another program, or cut off
  }
}

/** The log-in name of an account that has worked here, or its number. */
export function loginName(principal: number): string {
  const name = logins()[String(principal)];
  return typeof name === "string" ? name : t(`${principal} 号账户`, `account ${principal}`);
}

/** The registry shown is an old one, or none: it is asked for when the server answers again. */
const isStale = signal(false);
const askAgainMs = 2000;

function keepSession(): void {
  const now = who.value;
  if (now === undefined) {
    return;
  }
  const isNobody = now.operator === undefined && !now.isTrusted;
  keep("who", isNobody ? undefined : toJsonString(WhoamiResponseSchema, create(
    WhoamiResponseSchema, { ...(now.operator && { principal: now.operator }),
      ...(now.device && { device: now.device }), isTrusted: now.isTrusted,
      sessionExpiresMs: now.expiresMs })));
  if (hello.value !== undefined) {
    keep("hello", toJsonString(HelloResponseSchema, hello.value));
  }
  if (now.operator !== undefined) {
    keep("logins", JSON.stringify({ ...logins(), [now.operator.principal]: now.operator.name }));
  }
}

function keepRegistry(): void {
  if (catalogue.value !== undefined && !isStale.peek()) {
    keep("catalogue", toJsonString(CatalogueResponseSchema, catalogue.value));
    keep("orgs", toJsonString(OrgListResponseSchema, create(
      OrgListResponseSchema, { orgs: [...orgs.value] })));
  }
}

/** The server did not answer at the start: whoever was here last is still here. */
export function recallSession(): void {
  const last = keptMessage("who", WhoamiResponseSchema);
  if (who.peek() === undefined && last !== undefined) {
    hello.value = keptMessage("hello", HelloResponseSchema);
    who.value = { operator: last.principal, device: last.device, isTrusted: last.isTrusted,
      expiresMs: last.sessionExpiresMs };
  }
}

/** The registry could not be had: as it was seen last, until the server answers again. */
export function recallRegistry(thrown: unknown): void {
  isStale.value = toFailure(thrown).isRetryable;
  const last = keptMessage("catalogue", CatalogueResponseSchema);
  if (catalogue.peek() === undefined && last !== undefined) {
    catalogue.value = last;
    orgs.value = keptMessage("orgs", OrgListResponseSchema)?.orgs ?? [];
  }
}

/** Once, at the start. */
export function startRemembering(): void {
  effect(keepSession);
  effect(keepRegistry);
  effect(() => {
    if (online.value && isStale.value) {
      isStale.value = false;
      loadRegistry().catch((thrown: unknown) => setTimeout(() => {
        isStale.value = toFailure(thrown).isRetryable;
      }, askAgainMs));
    }
  });
}
