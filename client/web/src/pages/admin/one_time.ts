/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One-time codes and device tokens: made here, shown once, and only their hashes go out
 * (server/base/include/base/one_time_code.h). Kept nowhere.
 */
import { CredentialKind } from "../../gen/lovebank/v1/commands_pb";
import { toHex } from "../../lib/ids";

export const codeHours = 72;
const codeBytes = 16;
const tokenBytes = 32;
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base32

/** 26 letters and digits in groups of four, of 16 bytes. */
export function codeText(bytes: Uint8Array): string {
  let bits = BigInt(`0x${toHex(bytes)}`) << 2n;
  let text = "";
  for (let i = 0; i < 26; i++, bits >>= 5n) {
    text = letters[Number(bits & 31n)]! + text;
  }
  return (text.match(/.{1,4}/g) ?? []).join("-");
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function makeCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(codeBytes));
  return {
    text: codeText(bytes),
    credential: { kind: CredentialKind.ONE_TIME, verifier: await hashOf(bytes),
      expiresMs: BigInt(Date.now() + codeHours * 3_600_000) },
  };
}

export async function makeToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(tokenBytes));
  return { text: toHex(bytes), hash: await hashOf(bytes) };
}
