/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The ledger: its entries newest first, and one entry with its proof at /ledger/<number>.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadRegistry } from "../lib/registry";
import { go, route } from "../lib/route";
import { announce } from "../lib/said";
import { t } from "../lib/words";
import { Box } from "../ui/Box";
import { Keys } from "../ui/Keys";
import { Browse, openTyped } from "./ledger/Browse";
import { addressOf, filterOf } from "./ledger/filter";
import { OneEntry } from "./ledger/OneEntry";

/** The list as it was left, to go back to. */
let listAddress = "/ledger";

function Around(props: { name: string }): JSX.Element {
  const number = /^\d{1,18}$/.test(props.name) ? BigInt(props.name) : 0n;
  return (
    <Keys keys={[
      { key: "Escape", label: t("返回账目", "Back to the entries"), act: () => go(listAddress) },
      { key: "F6", label: t("前一笔", "The one before"), disabled: number <= 1n,
        act: () => go(`/ledger/${number - 1n}`) },
      { key: "F7", label: t("后一笔", "The one after"), disabled: number === 0n,
        act: () => go(`/ledger/${number + 1n}`) },
    ]} />
  );
}

export default function LedgerPage(): JSX.Element {
  const name = route.value.path.split("/")[2] ?? "";
  const [error, setError] = useState<string>();
  useEffect(() => {
    loadRegistry().catch(() => undefined); // names stay numbers; what is asked next says why
  }, []);
  useEffect(() => {
    setError(undefined);
    if (name === "") {
      listAddress = addressOf(filterOf(route.value.query));
    }
  }, [name, route.value.query.toString()]);
  return (
    <div class="ledger">
      <h1>{t("账本", "Ledger")}</h1>
      <Box label={t("查一笔账", "Look up an entry")} error={error}
        hint={t("记账号或请求号，按 Enter", "its number or request id, then Enter")}
        onEnter={(text) => {
          const wrong = openTyped(text);
          setError(wrong);
          if (wrong !== undefined) {
            announce(wrong);
          }
          return wrong === undefined;
        }} />
      {name === "" ? <Browse /> : <><Around name={name} /><OneEntry name={name} /></>}
    </div>
  );
}
