/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Counters, where goods are redeemed. `lovebank counter`.
 */
import type { JSX } from "preact";
import type { CounterInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgOptions } from "../../lib/org_tree";
import { Code } from "../../lib/result";
import { catalogue, orgName, orgs } from "../../lib/registry";
import { t } from "../../lib/words";
import type { Column } from "../../ui/parts";
import { ActForm } from "./ActForm";
import type { Asked } from "./doing";
import { codeMax, type Reader } from "./reading";
import { ListSection } from "./Section";

const columns = (): Column<CounterInfo>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.counter) },
  { title: t("名称", "Name"), cell: (row) => row.name },
  { title: t("组织", "Org"), cell: (row) => orgName(row.org) },
];

function read(reader: Reader): Asked {
  const counter = reader.number("counter", 1, codeMax);
  const name = reader.needed("name");
  return { act: { case: "counterOpen", value: { counter, name, org: BigInt(reader.text("org")) } },
    done: () => t(`已设立兑换点 ${counter} ${name}`, `opened counter ${counter} ${name}`) };
}

function CounterForm(props: { close: () => void }): JSX.Element {
  return (
    <ActForm title={t("新设兑换点", "Open a counter")} submit={t("设立", "Open it")} read={read}
      start={{ org: String(orgs.value[0]?.org ?? 0n) }} onDone={props.close}
      fields={[
        { name: "counter", label: t("兑换点编号", "Number"), codes: [Code.ALREADY_EXISTS] },
        { name: "name", label: t("名称", "Name") },
        { name: "org", label: t("组织", "Org"), codes: [Code.ORG_CLOSED, Code.OUT_OF_SCOPE],
          options: orgOptions(orgs.value.filter((org) => !org.closed)) },
      ]} />
  );
}

export function Counters(): JSX.Element {
  return (
    <ListSection caption={t("兑换点", "Counters")} columns={columns()} isFixed
      rows={catalogue.value?.counters ?? []} keyOf={(row) => String(row.counter)}
      newLabel={t("新设兑换点", "Open a counter")}
      form={(_, close) => <CounterForm close={close} />} />
  );
}
