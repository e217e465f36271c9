/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server with a small known book, for tests of the pages: lovebankd of LOVEBANK_BIN_DIR in a
 * directory of its own, on a port of the loopback, serving the pages of LOVEBANK_WEB_DIR. Filled
 * over HTTP by a few lines of its own, so that pages are not tested with their own code.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const sourceDir = process.env.LOVEBANK_SOURCE_DIR ??
  resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binDir = process.env.LOVEBANK_BIN_DIR ?? join(sourceDir, "build/release/bin");
const webDir = process.env.LOVEBANK_WEB_DIR ?? join(sourceDir, "build/web");
const patienceMs = 60_000;
/** Where books are to be kept, when tests are run over a database: tests/postgres/over.py. */
const storeUrl = process.env.LOVEBANK_TEST_STORE;

export const password = "rice 和 flour for all";

/** Who works in the book: log-in and role; all of the whole book but `chunhui`, a desk of one
 * community. */
export const operators = {
  admin: "administrator", wangli: "desk", chenmei: "counter", liuqiang: "reviewer",
  zhaomin: "auditor", sunhua: "viewer", qianwei: "district", chunhui: "desk",
};

export const orgs = { district: 310101000000, street: 310101001000, chunhui: 310101001001,
  jiangwan: 310101001002 };

/** Card of a serial: ISO/IEC 7064 MOD 11,10 over nine digits. */
export function cardOf(serial) {
  let rest = 10;
  for (const digit of String(serial).padStart(9, "0")) {
    rest = (((rest + Number(digit)) % 10 || 10) * 2) % 11;
  }
  return String(serial).padStart(9, "0") + String((11 - rest) % 10);
}

/** Number, name, org, card; the first has many points, the last has neither card nor points. */
export const members = ["张晓明", "李秀英", "王建国", "刘桂兰", "陈志强", "杨淑珍", "赵国庆", "黄丽华",
  "周永康", "吴美玲", "徐卫东", "孙玉梅"].map((name, i) => ({
  member: 10010001 + i, name, card: i < 11 ? cardOf(i + 1) : undefined,
  org: i < 8 ? orgs.chunhui : orgs.jiangwan,
}));

export const items = {
  salt: { item: 1, name: "食盐", unit: "袋", barcode: "6901234567892", price: 500 },
  rice: { item: 2, name: "大米 5 千克", unit: "袋", barcode: "6901234567908", price: 5000 },
  oil: { item: 3, name: "食用油", unit: "桶", barcode: "6901234567915", price: 8000 },
};

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const hashOf = (bytes) => createHash("sha256").update(bytes).digest();

/** 128 bits, and the 26 letters and digits that people are told. */
function oneTimeCode() {
  const code = randomBytes(16);
  let bits = BigInt(`0x${code.toString("hex")}`) << 2n;
  let letters = "";
  for (let i = 0; i < 26; i++, bits >>= 5n) {
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number(bits & 31n)] + letters;
  }
  return { code, text: letters.match(/.{1,4}/g).join("-") };
}

export class Bank {
  /** `flags`: further settings of lovebankd. */
  constructor(flags = []) {
    /** The system chooses it at the first start: what looks free may be taken a moment later. */
    this.port = 0;
    this.flags = flags;
    this.dir = mkdtempSync(join(tmpdir(), "lovebank-web-"));
    this.log = [];
    /** One-time codes of operators who have not logged in. */
    this.codes = new Map();
    /** How the server ended when nobody had asked it to. */
    this.ended = undefined;
    this.env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("LOVEBANK")));
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  arguments() {
    const { dir } = this;
    const store = storeUrl === undefined ? []
      : ["--store", storeUrl, "--store-book", basename(dir)];
    return ["--config", "", "--data-dir", join(dir, "data"), "--key-file", join(dir, "epoch.key"),
      "--socket", join(dir, "s.sock"), "--http-listen", `127.0.0.1:${this.port}`,
      "--web-dir", webDir, ...store, ...this.flags];
  }

  /** Makes the book; the administrator's one-time code. */
  init() {
    const done = spawnSync(join(binDir, "lovebankd"), ["init", ...this.arguments()],
      { encoding: "utf8", env: this.env, timeout: patienceMs });
    const found = /^ {4}((?:[0-9A-Z]{4}-){6}[0-9A-Z]{2})$/m.exec(done.stdout ?? "");
    if (found === null) {
      throw new Error(`no one-time code: ${done.stdout}${done.stderr}${done.error ?? ""}`);
    }
    return found[1];
  }

  /** Resolves when it listens. */
  start() {
    const child = spawn(join(binDir, "lovebankd"), this.arguments(),
      { stdio: ["ignore", "ignore", "pipe"], env: this.env });
    this.child = child;
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no start:\n${this.log.join("\n")}`)), patienceMs);
      createInterface({ input: child.stderr }).on("line", (line) => {
        this.log.push(line);
        if (line.includes(" listening ")) {
          this.port = Number(/ http_port=(\d+)/.exec(line)[1]);
          clearTimeout(late);
          done();
        }
      });
      child.on("error", fail);
      child.on("exit", (code, signal) => {
        const last = this.log.slice(-5).join("\n");
        this.ended = `the server ended by itself, ${signal ?? code}:\n${last}`;
        fail(new Error(this.ended));
      });
    });
  }

  /** Ends the process that was started here, and waits for it. */
  stop(signal = "SIGTERM") {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return Promise.resolve();
    }
    return new Promise((done) => {
      const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      child.removeAllListeners("exit");
      child.on("exit", () => {
        clearTimeout(late);
        done();
      });
      child.kill(signal);
    });
  }

  remove() {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A call with JSON, by the token of a session (hex) or nobody's. */
  async call(method, body = {}, token = undefined) {
    const reply = await fetch(`${this.url}/lovebank.v1.${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json",
        ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    const answer = await reply.json();
    if (!reply.ok) {
      throw new Error(`${method}: ${reply.status} ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** The operator has a password from now on: set when it is first wanted, for that takes time. */
  async prepare(login) {
    const code = this.codes.get(login);
    if (code !== undefined) {
      this.codes.delete(login);
      await this.logIn(login, code, password);
    }
  }

  /** A session's token. */
  async logIn(login, secret = password, newPassword = undefined) {
    await this.prepare(login);
    const answer = await this.call("Access/Login", { login, password: secret,
      ...(newPassword && { newPassword }) });
    if (answer.code) {
      throw new Error(`log-in of ${login}: ${JSON.stringify(answer)}`);
    }
    return Buffer.from(answer.token, "base64").toString("hex");
  }

  /** Acts that must all be done; their results. */
  async do(token, ...acts) {
    const commands = acts.map((act) => ({ id: base64(randomBytes(16)), ...act }));
    const answer = await this.call("Ledger/Write", { commands }, token);
    const wrong = answer.results?.find((result) => result.code) ?? (answer.code && answer);
    if (wrong) {
      throw new Error(`not done: ${JSON.stringify(wrong)}`);
    }
    return answer.results;
  }

  /** An operator with a one-time code, which is given; its number. */
  async openOperator(login, role, org = 0) {
    const { code, text } = oneTimeCode();
    const [opened] = await this.do(this.adminToken, { operatorOpen: { login, credential: {
      kind: "CREDENTIAL_KIND_ONE_TIME", verifier: base64(hashOf(code)),
      expiresMs: String(Date.now() + 3600_000) } } });
    const principal = Number(opened.assigned);
    await this.do(this.adminToken, { roleSet: { principal,
      roles: [{ role: `ROLE_${role.toUpperCase()}`, org: String(org) }] } });
    return { principal, code: text };
  }

  /** A device; its token as 64 hex digits. */
  async openDevice(name, org, counter = 0, role = undefined) {
    const token = randomBytes(32);
    const [opened] = await this.do(this.adminToken, { deviceOpen: { name, org: String(org), counter,
      tokenHash: base64(hashOf(token)) } });
    if (role !== undefined) {
      await this.do(this.adminToken, { roleSet: { principal: Number(opened.assigned),
        roles: [{ role: `ROLE_${role.toUpperCase()}`, org: String(org) }] } });
    }
    return token.toString("hex");
  }

  /** The book that all tests know. */
  async fill(code) {
    await this.logIn("admin", code, password);
    this.adminToken = await this.logIn("admin");
    const today = (await this.call("Ledger/Status")).todayDay;
    this.today = today;
    await this.do(this.adminToken, ...registryActs(today - 700));
    for (const [login, role] of Object.entries(operators)) {
      if (login !== "admin") {
        const org = login === "chunhui" ? orgs.chunhui : 0;
        this.codes.set(login, (await this.openOperator(login, role, org)).code);
      }
    }
    const desk = await this.logIn("wangli");
    await this.do(desk, ...members.map(({ member, name, card, org }, i) => ({
      day: today - 400, hasDay: true,
      memberRegister: { member: String(member), org: String(org), card: card ?? "0",
        classIds: i % 3 === 0 ? [1] : [2], person: { name, gender: i % 2 === 0 ? "GENDER_MALE"
          : "GENDER_FEMALE", phone: `138000000${String(i).padStart(2, "0")}` } } })));
    await this.do(desk, ...members.slice(0, 8).map(({ member }) => ({
      consentSet: { member: String(member), publishName: true, contact: true } })));
    await this.do(desk, ...serviceActs(today));
    const counter = await this.logIn("chenmei");
    await this.do(counter,
      { stockReceive: { counter: 1, donor: "春晖超市", lines: [
        { item: 1, quantity: "200" }, { item: 2, quantity: "50" }, { item: 3, quantity: "3" }] } },
      { redeem: { member: { member: String(members[0].member) }, counter: 1,
        lines: [{ item: 1, quantity: "2" }] } });
    await this.do(this.adminToken, { policySet: { serviceMinutes: 480, pointsCenti: "50000",
      backDays: 60, importRows: 0, reversals: true, undoMinutes: 30, proposalDays: 14 } });
  }
}

function registryActs(day) {
  const on = (act) => ({ day, hasDay: true, ...act });
  const org = (number, parent, kind, name) => on({
    orgOpen: { org: String(number), parent: String(parent), kind: `ORG_KIND_${kind}`, name } });
  const tariff = (category, name, points) => on({ tariffSet: { category, name,
    pointsPerHourCenti: String(points), coefficientPermille: 1000, roundingMinutes: 30,
    expiryKind: "EXPIRY_KIND_YEAR_END", expiryYears: 1, dayMinutesMax: 720 } });
  return [
    org(orgs.district, 0, "DISTRICT", "滨江区"),
    org(orgs.street, orgs.district, "STREET", "江湾街道"),
    org(orgs.chunhui, orgs.street, "COMMUNITY", "春晖社区"),
    org(orgs.jiangwan, orgs.street, "COMMUNITY", "江湾社区"),
    on({ classSet: { classId: 1, name: "党员", isPublic: true } }),
    on({ classSet: { classId: 2, name: "居民", isPublic: true } }),
    on({ classSet: { classId: 3, name: "困难", isPublic: false } }),
    tariff(1, "家政", 1000), tariff(2, "咨询", 1000), tariff(3, "科普", 1500),
    ...Object.values(items).map(({ item, name, unit, barcode, price }) => on({ itemSet: {
      item, kind: "ITEM_KIND_GOODS", name, unit, barcode, priceCenti: String(price) } })),
    on({ itemSet: { item: 4, kind: "ITEM_KIND_SERVICE", name: "上门理发", unit: "次",
      priceCenti: "2000" } }),
    on({ counterOpen: { counter: 1, org: String(orgs.chunhui), name: "春晖爱心超市" } }),
    on({ starTableSet: { hours: [10, 30, 60] } }),
  ];
}

/** Some hours for all but the last member, on days of the last weeks, but all in one year, which the
 * boards count; most for the first. */
function serviceActs(today) {
  const dayMs = 86_400_000;
  const firstDay = Date.UTC(new Date(today * dayMs).getUTCFullYear(), 0, 1) / dayMs;
  return members.slice(0, 11).flatMap(({ member }, i) =>
    Array.from({ length: 6 - Math.floor(i / 2) }, (_, week) => ({
      day: Math.max(today - 1 - 7 * week, firstDay), hasDay: true,
      serviceRecord: { member: { member: String(member) }, category: 1 + ((i + week) % 3),
        minutes: 120 + 30 * (i % 3) } })));
}

/** A server with that book, listening. */
export async function startBank(flags = []) {
  const bank = new Bank(flags);
  try {
    const code = bank.init();
    await bank.start();
    await bank.fill(code);
    return bank;
  } catch (error) {
    await bank.stop("SIGKILL");
    bank.remove();
    throw error;
  }
}
