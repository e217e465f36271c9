/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Goods and services to redeem: dated prices and barcodes. `lovebank item`.
 */
import type { JSX } from "preact";
import { ItemKind, type ItemSet } from "../../gen/lovebank/v1/commands_pb";
import type { ItemInfo } from "../../gen/lovebank/v1/queries_pb";
import { Code } from "../../lib/result";
import { catalogue } from "../../lib/registry";
import { formatDay, formatPoints } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import type { Column } from "../../ui/parts";
import { ActForm, fromField } from "./ActForm";
import type { Asked } from "./doing";
import { codeMax, type Reader, type Values } from "./reading";
import { ListSection } from "./Section";

const kindWord = (kind: ItemKind) => valueWord(`ITEM_KIND_${ItemKind[kind]}`);

/** As it is printed: EAN-8, else EAN-13. */
function barcodeText(barcode: bigint): string {
  return barcode === 0n ? "" : barcode.toString().padStart(barcode < 100_000_000n ? 8 : 13, "0");
}

const columns = (): Column<ItemInfo>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.item) },
  { title: t("名称", "Name"), cell: (row) => row.price?.name },
  { title: t("种类", "Kind"), cell: (row) => row.price && kindWord(row.price.kind) },
  { title: t("价格（分）", "Price"), isAmount: true,
    cell: (row) => formatPoints(row.price?.priceCenti ?? 0n) },
  { title: t("单位", "Unit"), cell: (row) => row.price?.unit },
  { title: t("条码", "Barcode"), cell: (row) => barcodeText(row.price?.barcode ?? 0n) },
  { title: t("起用日期", "From"), cell: (row) => formatDay(row.fromDay) },
];

function read(price: ItemSet | undefined, reader: Reader): Asked {
  const item = price?.item ?? reader.newNumber("item", codeMax, (number) =>
    catalogue.value?.items.find((row) => row.item === number)?.price?.name);
  const name = reader.needed("name");
  const priceCenti = reader.points("price");
  return {
    act: { case: "itemSet", value: { item, name, priceCenti, kind: Number(reader.text("kind")),
      unit: reader.text("unit"), barcode: reader.barcode("barcode") } },
    day: reader.from(),
    done: () => t(`已设定 ${item} ${name}：${formatPoints(priceCenti)} 分`,
      `set item ${item} ${name}: ${formatPoints(priceCenti)} points`),
  };
}

const empty: Values = { kind: String(ItemKind.GOODS) };

const startOf = (price: ItemSet): Values => ({
  name: price.name, kind: String(price.kind), unit: price.unit,
  barcode: barcodeText(price.barcode), price: formatPoints(price.priceCenti),
});

function GoodsForm(props: { price: ItemSet | undefined; close: () => void }): JSX.Element {
  const { price } = props;
  return (
    <ActForm submit={t("设定", "Set it")} onDone={props.close}
      read={(reader) => read(price, reader)}
      start={price === undefined ? empty : startOf(price)}
      title={price === undefined ? t("新的商品或服务", "A new item")
        : t(`${price.name} 的新价格`, `A new price of ${price.name}`)}
      fields={[
        ...(price === undefined ? [{ name: "item", label: t("编号", "Number") }] : []),
        { name: "name", label: t("名称", "Name") },
        { name: "price", label: t("价格（分）", "Price in points"),
          hint: t("如 60 或 32.50", "like 60 or 32.50") },
        { name: "unit", label: t("单位", "Unit"), hint: t("袋、瓶、次", "bag, bottle, time") },
        { name: "barcode", label: t("条码", "Barcode"), isScanned: true,
          hint: t("扫一下，没有就不写", "scan it, if there is one") },
        { name: "kind", label: t("种类", "Kind"), codes: [Code.WRONG_ITEM_KIND],
          options: [ItemKind.GOODS, ItemKind.SERVICE].map(
            (kind) => ({ value: String(kind), text: kindWord(kind) })) },
        fromField(),
      ]} />
  );
}

export function Goods(props: { may: boolean }): JSX.Element {
  return (
    <ListSection caption={t("今天的价目", "Prices of today")} columns={columns()}
      rows={catalogue.value?.items ?? []} keyOf={(row) => String(row.item)}
      newLabel={props.may ? t("新的商品或服务", "A new item") : undefined} isFixed={!props.may}
      form={(row, close) => <GoodsForm price={row?.price} close={close} />} />
  );
}
