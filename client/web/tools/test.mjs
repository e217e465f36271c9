/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Runs the unit tests, test/*.test.mjs, which import the TypeScript of src: bundled first, for this
 * Node knows none.
 *
 * usage: node tools/test.mjs
 */
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = readdirSync(join(web, "test")).filter((name) => name.endsWith(".test.mjs"));
const out = mkdtempSync(join(tmpdir(), "lovebank-web-"));
let status = 1;
try {
  await build({
    entryPoints: names.map((name) => join(web, "test", name)),
    absWorkingDir: web,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: ["node18"],
    banner: { // as in browsers; Node 18 has it in a module only
      js: 'import { webcrypto } from "node:crypto"; globalThis.crypto ??= webcrypto;',
    },
    logLevel: "warning",
  });
  const files = names.map((name) => join(out, name));
  status = spawnSync(process.execPath, ["--test", ...files], {
    stdio: "inherit",
    env: { ...process.env, LOVEBANK_SOURCE_DIR: join(web, "../..") },
    timeout: 300_000,
  }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);
