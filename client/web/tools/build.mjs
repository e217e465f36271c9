/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bundles the pages into a directory: index.html, assets/<name>-<hash>.js and .css, each with .br
 * and .gz beside it, and manifest.json with the sizes. Fails when what a first visit loads is more
 * than first_load_bytes_max, compressed.
 *
 * usage: node tools/build.mjs DIRECTORY
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const first_load_bytes_max = 150_000;
/** Kept from the first visit on (sw.js); other pages when they are first opened. */
const offline_pages = ["desk", "sheet", "login"];
const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = resolve(process.argv[2] ?? join(web, "../../build/web"));

/** Writes the file and its compressed forms; the sizes of all three. */
function place(path, bytes) {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(file, bytes);
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzip);
  return { bytes: bytes.length, br: brotli.length, gz: gzip.length };
}

/** An output and all that it imports when it starts. */
function staticParts(outputs, name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name);
    for (const part of outputs[name].imports) {
      if (part.kind === "import-statement") {
        staticParts(outputs, part.path, seen);
      }
    }
  }
  return seen;
}

const result = await build({
  entryPoints: [join(web, "src/main.tsx")],
  absWorkingDir: web,
  outdir: out,
  entryNames: "assets/[name]-[hash]",
  chunkNames: "assets/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2020"],
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: false,
});

/** The styles of all pages as one file, those of main.tsx first: a page that is loaded later cannot
 * bring its own. */
function joinStyles(files) {
  const isMain = (file) => basename(file.path).startsWith("main-");
  const styles = files.filter((file) => file.path.endsWith(".css"))
    .sort((a, b) => isMain(b) - isMain(a) || (a.path < b.path ? -1 : 1));
  return Buffer.concat(styles.map((file) => file.contents));
}

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 8);

rmSync(out, { recursive: true, force: true });
const outputs = result.metafile.outputs;
const sizes = {};
for (const file of result.outputFiles.filter(({ path }) => path.endsWith(".js"))) {
  const path = relative(out, file.path);
  sizes[path] = place(path, Buffer.from(file.contents));
}
const styles = joinStyles(result.outputFiles);
const css = `assets/styles-${hashOf(styles)}.css`;
sizes[css] = place(css, styles);

const nameOf = (key) => relative(out, resolve(web, key));
const entry = Object.keys(outputs).find((key) => outputs[key].entryPoint === "src/main.tsx");
const start = staticParts(outputs, entry);
const others = [...start].filter((key) => key !== entry);
const html = readFileSync(join(web, "index.html"), "utf8")
  .replace("{{js}}", `/${nameOf(entry)}`)
  .replace("{{css}}", `/${css}`)
  .replace("{{preload}}", others.map(
    (key) => `<link rel="modulepreload" href="/${nameOf(key)}">\n`).join(""));
const pageParts = Object.entries(outputs)
  .filter(([, output]) => output.entryPoint?.startsWith("src/pages/"))
  .map(([key, output]) => ({
    name: basename(output.entryPoint, ".tsx"),
    parts: [...staticParts(outputs, key)].filter((part) => !start.has(part)),
  }));
const offline = new Set(pageParts.filter(({ name }) => offline_pages.includes(name))
  .flatMap(({ parts }) => parts));
const kept = JSON.stringify(["/", `/${css}`,
  ...[...start, ...offline].map((key) => `/${nameOf(key)}`).sort()]);
sizes["index.html"] = place("index.html", Buffer.from(html));
sizes["sw.js"] = place("sw.js", Buffer.from(readFileSync(join(web, "src/sw.js"), "utf8")
  .replace("{{version}}", hashOf(kept + html))
  .replace("{{files}}", kept)));

/* What programs of others are made from. */
const description = join(out, "openapi.json");
execFileSync(join(web, "../../scripts/make_openapi.py"), [description], { stdio: "inherit" });
sizes["openapi.json"] = place("openapi.json", readFileSync(description));

/* A first visit: the document, the start, what is kept for a desk without network, and the largest
 * page. */
const sizeOf = (keys) => [...keys].reduce((sum, key) => sum + sizes[nameOf(key)].br, 0);
const base = sizes["index.html"].br + sizes[css].br + sizeOf(start) + sizes["sw.js"].br +
  sizeOf(offline);
const pages = pageParts.map(({ name, parts }) => (
  { name, br: sizeOf(parts.filter((part) => !offline.has(part))) }));
const largest = pages.reduce((a, b) => (b.br > a.br ? b : a), { name: "none", br: 0 });
const first_load = base + largest.br;
writeFileSync(join(out, "manifest.json"),
  `${JSON.stringify({ first_load, base, pages, files: sizes }, null, 1)}\n`);
console.log(`web: first load ${base} bytes and a page of at most ${largest.br} (${largest.name}), ` +
  `compressed; limit ${first_load_bytes_max}`);
if (first_load > first_load_bytes_max) {
  console.error("web: that is too much; load it later or leave it out");
  process.exit(1);
}
