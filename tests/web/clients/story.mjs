// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// What every Connect client must be able to do with LoveBank, whatever its transport: run by
// connect-node, by connect-web in Node, and by connect-web in a browser. It throws at the first
// thing that is not as it should be, and returns what it did.

function check(condition, text) {
  if (!condition) {
    throw new Error(text);
  }
}

async function failure(connect, promise) {
  try {
    await promise;
  } catch (error) {
    return connect.ConnectError.from(error);
  }
  throw new Error("it was answered, but should have failed");
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// connect: the package @connectrpc/connect; registry: of proto/lovebank/v1; place: {login,
// password, member}. With cookies, the token is a cookie of the browser's, which no script sees.
export async function story({ connect, registry, transport, place, cookies }) {
  const client = (name) =>
    connect.createClient(registry.getService(`lovebank.v1.${name}`), transport);
  const [ledger, members, access] = [client("Ledger"), client("Members"), client("Access")];
  const headers = new Headers(cookies ? { "Lovebank-Cookies": "1" } : {});
  const steps = [];
  const done = (step) => steps.push(step);
  const ask = { member: { member: place.member } };

  const hello = await ledger.hello({ protocolVersion: 1, client: "story 1" }, { headers });
  check(hello.code === 0 && hello.protocolVersion === 1, `hello: ${hello.code}`);
  done("greeted");

  const refused = await failure(connect, members.memberGet(ask, { headers }));
  check(refused.code === connect.Code.Unauthenticated, `without a log-in: ${refused}`);
  const details = refused.findDetails(registry.getMessage("lovebank.v1.ErrorDetail"));
  check(details.length === 1, `${details.length} details`);
  check(details[0].code === 21 && details[0].name === "login_required", details[0].name);
  check(refused.rawMessage === `${details[0].zh} / ${details[0].en}`, refused.rawMessage);
  done("refused with details");

  const login = await access.login({ login: place.login, password: place.password }, { headers });
  check(login.code === 0 && login.principal > 0, `login: ${login.code}`);
  check(login.token.length === (cookies ? 0 : 32), `a token of ${login.token.length} bytes`);
  if (!cookies) {
    headers.set("Authorization", `Bearer ${hex(login.token)}`);
  }
  done("logged in");

  const before = await members.memberGet(ask, { headers });
  const id = crypto.getRandomValues(new Uint8Array(16));
  const act = { case: "serviceRecord", value: { ...ask, category: 1, minutes: 5 } };
  const write = () => ledger.write({ commands: [{ id, act }] }, { headers });
  const first = (await write()).results[0];
  check(first.code === 0 && first.entry > 0n && !first.replayed, `write: ${first.code}`);
  const again = (await write()).results[0];
  check(again.code === 0 && again.entry === first.entry && again.replayed, "it was entered again");
  done("recorded once");

  const after = await members.memberGet(ask, { headers });
  check(after.info.balances.minutes === before.info.balances.minutes + 5n,
    `${before.info.balances.minutes} minutes became ${after.info.balances.minutes}`);
  check(after.info.maskedName === "张*明", after.info.maskedName);
  done("read");

  const nobody = await members.memberGet({ member: { member: 99999999n } }, { headers });
  check(nobody.code === 51 && nobody.info === undefined, `of nobody: ${nobody.code}`);
  done("not found");

  // A password takes longer to check than that.
  const late = await failure(connect, access.login(
    { login: place.login, password: place.password }, { headers, timeoutMs: 1 }));
  check(late.code === connect.Code.DeadlineExceeded, `out of time: ${late}`);
  done("out of time");

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => members.memberGet(ask, { headers, timeoutMs: 30000 })));
  check(answers.every((answer) => answer.info.member === place.member), "ten at once");
  done("ten at once");

  await access.logout({}, { headers });
  const ended = await failure(connect, members.memberGet(ask, { headers }));
  check(ended.code === connect.Code.Unauthenticated, `after the log-out: ${ended}`);
  done("logged out");
  return steps;
}
