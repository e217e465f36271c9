/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Compares server/json with @bufbuild/protobuf on messages of every type of proto/: what one writes
 * the other reads as the same message, both write the same values, and both refuse what is spoiled.
 * First every edge value of every field alone, then random messages.
 *
 * usage: json_compare.mjs JSON_TOOL
 *   LOVEBANK_SEED      seed of the random messages (default: another each time; printed)
 *   LOVEBANK_MESSAGES  how many messages in all (default 20000)
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const web = join(source, "client/web");
if (!existsSync(join(web, "node_modules/@bufbuild/protobuf"))) {
  console.error("client/web/node_modules is missing: run scripts/web.sh");
  process.exit(1);
}
const require = createRequire(join(web, "package.json"));
const { ScalarType, create, createFileRegistry, equals, fromBinary, fromJson, fromJsonString, toBinary,
  toJson } = require("@bufbuild/protobuf");
const { reflect } = require("@bufbuild/protobuf/reflect");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");

const tool = process.argv[2];
const seed = Number(process.env.LOVEBANK_SEED || Date.now() % 1e9);
const wanted = Number(process.env.LOVEBANK_MESSAGES || 20000);
const BATCH = 1000;
const DEPTH_MAX = 4;

// --- the protocol ----------------------------------------------------------------------------------

function readRegistry() {
  const folder = mkdtempSync(join(tmpdir(), "lovebank-json-"));
  const set = join(folder, "set.pb");
  try {
    const protos = readdirSync(join(source, "proto/lovebank/v1")).filter((n) => n.endsWith(".proto"));
    execFileSync("protoc", ["-I", join(source, "proto"), "--include_imports",
      `--descriptor_set_out=${set}`, ...protos.map((name) => `lovebank/v1/${name}`)]);
    return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(set)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const registry = readRegistry();
const messageTypes = [...registry].filter((type) => type.kind === "message");

// --- values ----------------------------------------------------------------------------------------

let randomState = seed >>> 0;
function random() { // mulberry32: [0, 1)
  randomState = (randomState + 0x6d2b79f5) >>> 0;
  let t = randomState;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (count) => Math.floor(random() * count);
const pick = (list) => list[below(list.length)];

const i32 = [0, 1, -1, -(2 ** 31), 2 ** 31 - 1];
const u32 = [0, 1, 2 ** 32 - 1];
const i64 = [0n, 1n, -1n, 2n ** 53n, -(2n ** 53n) - 1n, -(2n ** 63n), 2n ** 63n - 1n];
const u64 = [0n, 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n];
const texts = ["", "a", "爱心银行", "😀👨‍👩‍👧𠮷", "\"\\/\b\f\n\r\t", "\u0001\u001f\u007f\u0080\u2028\u2029\ufffe",
  "长".repeat(5000), "\uffff\u{10ffff}"];
const datas = [0, 1, 2, 3, 16, 32, 1000].map((size) =>
  Uint8Array.from({ length: size }, (_, i) => (255 - 7 * i) & 255));
const edges = new Map([
  [ScalarType.INT32, i32], [ScalarType.SINT32, i32], [ScalarType.SFIXED32, i32],
  [ScalarType.UINT32, u32], [ScalarType.FIXED32, u32],
  [ScalarType.INT64, i64], [ScalarType.SINT64, i64], [ScalarType.SFIXED64, i64],
  [ScalarType.UINT64, u64], [ScalarType.FIXED64, u64],
  [ScalarType.BOOL, [false, true]], [ScalarType.STRING, texts], [ScalarType.BYTES, datas],
]);
const enumEdges = (type) => [...type.values.map((value) => value.number), 99, -1, 2 ** 31 - 1];

/** The edge values of one value of a field; of a message, one with nothing in it. */
function edgesOf(field) {
  const kind = field.fieldKind === "list" ? field.listKind : field.fieldKind;
  assert.notEqual(kind, "map", `${field}: protobuf-c has no maps`);
  if (kind === "message") {
    return [reflect(field.message, create(field.message))];
  }
  return kind === "enum" ? enumEdges(field.enum) : edges.get(field.scalar);
}

function randomValue(field, depth) {
  if (field.message) {
    return randomMessage(field.message, depth + 1);
  }
  const value = pick(edgesOf(field));
  if (random() < 0.5) {
    return value;
  }
  if (typeof value === "bigint") {
    return BigInt(below(2 ** 31));
  }
  return typeof value === "number" && !field.enum ? below(1000) : value;
}

function randomMessage(type, depth) {
  const message = reflect(type, create(type));
  const share = random() * random();
  for (const member of type.members) {
    const field = member.kind === "oneof" ? pick(member.fields) : member;
    if (random() > (member.kind === "oneof" ? 0.9 : share) || (field.message && depth >= DEPTH_MAX)) {
      continue;
    }
    if (field.fieldKind === "list") {
      for (let i = below(3); i >= 0; i--) {
        message.get(field).add(randomValue(field, depth));
      }
    } else {
      message.set(field, randomValue(field, depth));
    }
  }
  return message;
}

/** Each message with each edge value of each field alone. */
function* edgeMessages() {
  for (const type of messageTypes) {
    yield reflect(type, create(type));
    for (const field of type.fields) {
      for (const value of edgesOf(field)) {
        const message = reflect(type, create(type));
        if (field.fieldKind === "list") {
          message.get(field).add(value);
          message.get(field).add(edgesOf(field)[0]);
        } else {
          message.set(field, value);
        }
        yield message;
      }
    }
  }
}

function* messages() {
  let count = 0;
  for (const message of edgeMessages()) {
    yield message;
    count++;
  }
  for (; count < wanted; count++) {
    yield randomMessage(pick(messageTypes), 0);
  }
}

// --- other ways to write the same ------------------------------------------------------------------

/** A whole number, plain or as JSON may have it too. */
function numberText(value, isWide) {
  const digits = String(value);
  const isSafe = value >= -(2n ** 53n) && value <= 2n ** 53n;
  const forms = [`"${digits}"`, `"${digits}.0"`, `"${digits}e0"`, `"${digits}0e-1"`];
  if (!isWide || (value >= -(2n ** 63n) && value < 2n ** 63n)) {
    forms.push(digits);
  }
  if (isSafe) {
    forms.push(`${digits}.00`, `${digits}E0`);
  }
  return pick(forms);
}

function scalarText(type, value) {
  if (type === ScalarType.STRING) {
    return random() < 0.5 ? JSON.stringify(value) : `"${Array.from({ length: value.length }, (_, i) =>
      `\\u${value.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`;
  }
  if (type === ScalarType.BYTES) {
    return `"${Buffer.from(value).toString(pick(["base64", "base64url"]))}"`;
  }
  return type === ScalarType.BOOL ? String(value) : numberText(BigInt(value), typeof value === "bigint");
}

function valueText(field, value) {
  if (field.message) {
    return otherText(value);
  }
  if (field.enum) {
    const known = field.enum.value[value];
    return known && random() < 0.5 ? `"${known.name}"` : pick([`${value}`, `${value}.0`]);
  }
  return scalarText(field.scalar, value);
}

/** The message in JSON of any form that must be read: names, numbers, white space, null, order. */
function otherText(message) {
  const members = [];
  for (const field of message.desc.fields) {
    const name = JSON.stringify(pick([field.name, field.jsonName]));
    if (!message.isSet(field)) {
      if (random() < 0.1) {
        members.push(`${name}:null`);
      }
    } else if (field.fieldKind === "list") {
      const values = [...message.get(field)].map((value) => valueText(field, value));
      members.push(`${name} : [${values.join(" ,\n")}]`);
    } else {
      members.push(`${name}:${valueText(field, message.get(field))}`);
    }
  }
  return `{${(random() < 0.5 ? members : members.reverse()).join(",\t")}}`;
}

// --- what must be refused --------------------------------------------------------------------------

function badValues(field) {
  if (field.message) {
    return [5, "x", true, []];
  }
  if (field.enum) {
    return ["NO_SUCH_NAME", true, {}, 0.5];
  }
  if (field.scalar === ScalarType.STRING) {
    return [5, true, {}, []];
  }
  if (field.scalar === ScalarType.BOOL) {
    return ["true", 1, {}, []];
  }
  if (field.scalar === ScalarType.BYTES) {
    return [5, "a!", true, {}];
  }
  const range = edges.get(field.scalar);
  const least = range.reduce((a, b) => (a < b ? a : b));
  const most = range.reduce((a, b) => (a > b ? a : b));
  return [String(BigInt(most) + 1n), String(BigInt(least) - 1n), 0.5, "x", "", true, {}, []];
}

/** Spoils one member of the value of a message, or below it; returns the name of what is wrong. */
function spoil(type, value) {
  const fields = type.fields.filter((field) => field.jsonName in value);
  const field = fields.length > 0 && random() < 0.8 ? pick(fields) : undefined;
  if (field === undefined) {
    value.noSuchField = null;
    return "noSuchField";
  }
  const other = field.oneof?.fields.find((another) => another !== field);
  if (other !== undefined && random() < 0.3) {
    value[other.jsonName] = {};
    return `${field.jsonName}|${other.jsonName}`; // whichever is the second
  }
  if (field.fieldKind === "list") {
    const at = below(value[field.jsonName].length);
    const bad = pick([...badValues(field), null]);
    value[field.jsonName] = random() < 0.2 ? 5 : value[field.jsonName].map((one, i) =>
      (i === at ? bad : one));
    return field.jsonName;
  }
  if (field.message && random() < 0.7) {
    return spoil(field.message, value[field.jsonName]);
  }
  value[field.jsonName] = pick(badValues(field));
  return field.jsonName;
}

// --- the comparison --------------------------------------------------------------------------------

function question(direction, type, body) {
  const head = Buffer.alloc(6 + type.typeName.length);
  head.writeUInt32LE(head.length - 4 + body.length, 0);
  head.write(direction, 4);
  head.writeUInt8(type.typeName.length, 5);
  head.write(type.typeName, 6);
  return Buffer.concat([head, body]);
}

function ask(questions) {
  const { stdout, stderr, status, signal } = spawnSync(tool, [], {
    input: Buffer.concat(questions), maxBuffer: 2 ** 30, timeout: 60000 });
  assert.equal(status, 0, `json_tool: ${signal ?? ""} ${stderr}`);
  const answers = [];
  for (let at = 0; at < stdout.length; at += 4 + stdout.readUInt32LE(at)) {
    const end = at + 4 + stdout.readUInt32LE(at);
    answers.push({ result: stdout[at + 4], body: stdout.subarray(at + 5, end) });
  }
  assert.equal(answers.length, questions.length);
  return answers;
}

const same = (type, a, b) => equals(type, a, b, { unknown: true });

/** One message's questions, and what must be true of the answers to them. */
function comparisonOf({ desc: type, message }) {
  const value = toJson(type, message);
  const plain = JSON.stringify(value);
  const other = otherText(reflect(type, message));
  const spoiled = JSON.parse(plain);
  const wrong = spoil(type, spoiled);
  assert.throws(() => fromJson(type, spoiled), undefined, `${type} took ${JSON.stringify(spoiled)}`);
  const questions = [
    question("p", type, toBinary(type, message)),
    ...[plain, other, JSON.stringify(spoiled)].map((text) => question("r", type, Buffer.from(text)))];
  const check = ([printed, readPlain, readOther, refused]) => {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(printed.body);
    assert.equal(printed.result, 0);
    assert.deepEqual(JSON.parse(text), value);
    assert.ok(same(type, fromJsonString(type, text), message), `${type}: ${text}`);
    for (const [read, from] of [[readPlain, plain], [readOther, other]]) {
      assert.equal(read.result, 0, `${type}: ${read.body}: ${from}`);
      assert.ok(same(type, fromBinary(type, read.body), message), `${type}: ${from}`);
    }
    assert.equal(refused.result, 1, `${type}: ${JSON.stringify(spoiled)}`);
    assert.match(String(refused.body), new RegExp(wrong));
  };
  return { questions, check };
}

function compare(batch) {
  const comparisons = batch.map(comparisonOf);
  const answers = ask(comparisons.flatMap((comparison) => comparison.questions));
  comparisons.forEach(({ check }, i) => check(answers.slice(4 * i, 4 * i + 4)));
}

console.log(`seed ${seed}, ${messageTypes.length} types of messages`);
let batch = [];
let count = 0;
for (const message of messages()) {
  batch.push(message);
  count++;
  if (batch.length === BATCH) {
    compare(batch);
    batch = [];
  }
}
if (batch.length > 0) {
  compare(batch);
}
console.log(`${count} messages are the same to both`);
