/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Classes of members (党员, 居民 …), and whether they may filter public lists. They have no dates:
 * a change holds at once. `lovebank class`.
 */
import type { JSX } from "preact";
import type { ClassInfo } from "../../gen/lovebank/v1/queries_pb";
import { catalogue } from "../../lib/registry";
import { t } from "../../lib/words";
import type { Column } from "../../ui/parts";
import { ActForm } from "./ActForm";
import type { Asked } from "./doing";
import { codeMax, type Reader } from "./reading";
import { ListSection } from "./Section";

const publicWord = (isPublic: boolean) =>
  (isPublic ? t("公开", "public") : t("不公开", "not public"));

const columns = (): Column<ClassInfo>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.classId) },
  { title: t("名称", "Name"), cell: (row) => row.name },
  { title: t("公开名单", "Public lists"), cell: (row) => publicWord(row.isPublic) },
];

function read(row: ClassInfo | undefined, reader: Reader): Asked {
  const classId = row?.classId ?? reader.newNumber("class_id", codeMax, (number) =>
    catalogue.value?.classes.find((other) => other.classId === number)?.name);
  const name = reader.needed("name");
  const isPublic = reader.text("is_public") === "yes";
  return {
    act: { case: "classSet", value: { classId, name, isPublic } },
    done: () => t(`已设定类别 ${classId} ${name}：${publicWord(isPublic)}`,
      `set class ${classId} ${name}: ${publicWord(isPublic)}`),
  };
}

function ClassForm(props: { row: ClassInfo | undefined; close: () => void }): JSX.Element {
  const { row } = props;
  const number = { name: "class_id", label: t("类别编号", "Number of the class") };
  return (
    <ActForm submit={t("设定", "Set it")} read={(reader) => read(row, reader)} onDone={props.close}
      title={row === undefined ? t("新的志愿者类别", "A new class")
        : t(`变更 ${row.name}`, `Change ${row.name}`)}
      start={{ name: row?.name ?? "", is_public: row?.isPublic === true ? "yes" : "no" }}
      fields={[...(row === undefined ? [number] : []),
        { name: "name", label: t("名称", "Name"), hint: t("如 党员、居民", "like Party member") },
        { name: "is_public", label: t("可用于公开名单", "May filter public lists"), options: [
          { value: "no", text: publicWord(false) }, { value: "yes", text: publicWord(true) }] },
      ]} />
  );
}

export function Classes(props: { may: boolean }): JSX.Element {
  return (
    <ListSection caption={t("志愿者类别", "Classes of members")} columns={columns()}
      rows={catalogue.value?.classes ?? []} keyOf={(row) => String(row.classId)}
      newLabel={props.may ? t("新的类别", "A new class") : undefined} isFixed={!props.may}
      form={(row, close) => <ClassForm row={row} close={close} />} />
  );
}
