// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The LoveBank authors
//
// Exit status 0: the file is an OpenAPI description by the specification's own schema, and its
// references lead somewhere; 3: it is not, and why. usage: node openapi_rules.mjs FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(new URL("../../client/web/package.json", import.meta.url));
const { Validator } =
  await import(pathToFileURL(resolve("@seriousme/openapi-schema-validator")).href);

const { valid, errors } = await new Validator().validate(
  JSON.parse(readFileSync(process.argv[2], "utf8")));
if (!valid) {
  console.error(JSON.stringify(errors));
  process.exit(3);
}
