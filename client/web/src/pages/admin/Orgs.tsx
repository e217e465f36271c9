/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Orgs as a tree: open, rename, move below another, close; each from a day on. `lovebank org`.
 */
import type { JSX } from "preact";
import { OrgKind } from "../../gen/lovebank/v1/commands_pb";
import type { Org } from "../../gen/lovebank/v1/queries_pb";
import { orgOptions, treeOf, type TreeRow } from "../../lib/org_tree";
import { orgs } from "../../lib/registry";
import { Code } from "../../lib/result";
import { t, valueWord } from "../../lib/words";
import type { Column } from "../../ui/parts";
import { ActForm, fromField, type FormField } from "./ActForm";
import type { Asked } from "./doing";
import { orgMax, type Reader, type Values } from "./reading";
import { ListSection } from "./Section";

const kinds = [OrgKind.DISTRICT, OrgKind.STREET, OrgKind.COMMUNITY, OrgKind.GRID, OrgKind.TEAM,
  OrgKind.OTHER];
const kindWord = (kind: OrgKind) => valueWord(`ORG_KIND_${OrgKind[kind]}`);
const numberText = (org: bigint) => org.toString().padStart(12, "0");

const columns = (): Column<TreeRow>[] => [
  { title: t("名称", "Name"), cell: ({ org, depth }) => (
    <span class="tree" style={{ paddingLeft: `${depth * 1.5}rem` }}>{org.name}</span>) },
  { title: t("编号", "Number"),
    cell: ({ org }) => <span class="amount">{numberText(org.org)}</span> },
  { title: t("种类", "Kind"), cell: ({ org }) => kindWord(org.kind) },
  { title: t("状态", "State"), cell: ({ org }) => (
    org.closed ? t("已撤销", "closed") : t("正常", "open")) },
];

function readNew(reader: Reader): Asked {
  const org = reader.bigint("org", 1n, orgMax);
  const name = reader.needed("name");
  return {
    act: { case: "orgOpen", value: { org, name, parent: BigInt(reader.text("parent")),
      kind: Number(reader.text("kind")) } },
    day: reader.from(),
    done: () => t(`已设立组织 ${name}（${numberText(org)}）`,
      `opened org ${name} (${numberText(org)})`),
  };
}

/** What stays as it is is left out. */
function readChange(org: Org, reader: Reader): Asked {
  const typed = reader.needed("name");
  const name = typed === org.name ? "" : typed;
  const parent = reader.text("parent") === String(org.parent) ? 0n : BigInt(reader.text("parent"));
  const close = reader.text("close") === "yes";
  if (name === "" && parent === 0n && !close) {
    reader.errors["name"] ??= t("没有要变更的：请改名称、上级或撤销",
      "nothing to change; give a new name, another org above, or close it");
  }
  return { act: { case: "orgUpdate", value: { org: org.org, name, parent, close } },
    day: reader.from(),
    done: () => (close ? t(`已撤销 ${org.name}`, `closed ${org.name}`)
      : t(`已变更 ${org.name}`, `changed ${org.name}`)) };
}

const empty: Values = { kind: String(OrgKind.COMMUNITY), parent: "0" };
const codes = [Code.ORG_CYCLE, Code.ORG_CLOSED, Code.OUT_OF_SCOPE];

/** Those that are open, and the one that stands there already. No act makes a root of an org that
 * has one above it. */
const parentField = (org: Org | undefined): FormField => ({
  name: "parent", label: t("上级组织", "The org above it"), codes,
  options: [...(org === undefined || org.parent === 0n
    ? [{ value: "0", text: t("没有上级", "none") }] : []),
  ...orgOptions(orgs.value.filter((other) => other.org !== org?.org &&
    (!other.closed || other.org === org?.parent)))],
});

function NewForm(props: { close: () => void }): JSX.Element {
  return (
    <ActForm title={t("新设组织", "Open an org")} submit={t("设立", "Open it")} start={empty}
      read={readNew} onDone={props.close}
      fields={[
        { name: "org", label: t("组织编号", "Number"), codes: [Code.ALREADY_EXISTS],
          hint: t("12 位，按统计用区划代码", "12 digits") },
        { name: "name", label: t("名称", "Name") },
        { name: "kind", label: t("种类", "Kind"),
          options: kinds.map((kind) => ({ value: String(kind), text: kindWord(kind) })) },
        parentField(undefined), fromField(),
      ]} />
  );
}

function ChangeForm(props: { org: Org; close: () => void }): JSX.Element {
  const { org } = props;
  return (
    <ActForm title={t(`变更 ${org.name}`, `Change ${org.name}`)} submit={t("变更", "Change it")}
      start={{ name: org.name, parent: String(org.parent), close: "no" }}
      read={(reader) => readChange(org, reader)} onDone={props.close}
      fields={[
        { name: "name", label: t("名称", "Name") }, parentField(org),
        { name: "close", label: t("撤销这个组织", "Close it"), options: [
          { value: "no", text: t("不撤销", "no") },
          { value: "yes",
            text: t("撤销：不再加入志愿者、不再记账", "yes: no new members or records") }] },
        fromField(),
      ]} />
  );
}

export function Orgs(): JSX.Element {
  return (
    <ListSection caption={t("组织", "Orgs")} columns={columns()} rows={treeOf(orgs.value)}
      keyOf={({ org }) => String(org.org)} newLabel={t("新设组织", "Open an org")}
      form={(row, close) => (row === undefined ? <NewForm close={close} />
        : row.org.closed ? <p>{t(`${row.org.name} 已撤销，不能再变更。`,
          `${row.org.name} is closed; it cannot be changed any more.`)}</p>
          : <ChangeForm org={row.org} close={close} />)} />
  );
}
