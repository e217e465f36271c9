/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * That an entry is in the ledger, worked out here and not believed: hashes of leaves and nodes as
 * RFC 6962, 2.1, and the way from a leaf up to the root, as server/ledger/src/merkle_verify.c
 * goes it. Needs WebCrypto, which browsers have on https and on this machine. No page's.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

/** WebCrypto's, which is not there on a page that came unencrypted from another machine. */
export const canHash = (): boolean => (globalThis.crypto?.subtle as unknown) !== undefined;

async function hashOf(...parts: readonly Uint8Array[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** Leaves and nodes begin with another byte each, so that none passes for the other. */
export function leafHash(stored: Uint8Array): Promise<Bytes> {
  return hashOf(Uint8Array.of(0), stored);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return hashOf(Uint8Array.of(1), left, right);
}

/** The root that leaf number `index` (0 first) of `size` leads to by the proof; null: the proof has
 * too many or too few hashes for that place. */
export async function rootByProof(
  leaf: Uint8Array, index: bigint, size: bigint, proof: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (index < 0n || index >= size) {
    return null;
  }
  let node = index;
  let last = size - 1n; // of the same level
  let hash: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0n || sibling.length !== 32) {
      return null;
    }
    if (node % 2n === 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2n === 0n && node !== 0n) { // levels where it stands alone at the right
        node /= 2n;
        last /= 2n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node /= 2n;
    last /= 2n;
  }
  return last === 0n ? hash : null;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Is the entry with these stored bytes number `number` (1 first) of the tree with this root? */
export async function isIncluded(
  stored: Uint8Array, number: bigint, size: bigint, proof: readonly Uint8Array[], root: Uint8Array,
): Promise<boolean> {
  const found = await rootByProof(await leafHash(stored), number - 1n, size, proof);
  return found !== null && sameBytes(found, root);
}

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 校验码 of receipts, as client/cli/paper/proof_code.c: 40 bits of the leaf's hash. */
export async function proofCode(stored: Uint8Array): Promise<string> {
  const hash = await leafHash(stored);
  let bits = hash.slice(0, 5).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let code = "";
  for (let i = 0; i < 8; i++, bits >>= 5n) {
    code = letters[Number(bits & 31n)]! + code;
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
