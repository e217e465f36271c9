/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Goods at the counters: what is there, one delivery after the other by scanner and keyboard, and a
 * wrong one taken back. There is no other correction: the ledger knows none. `lovebank stock`.
 */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StockRow } from "../../gen/lovebank/v1/queries_pb";
import { catalogue, counterName, itemName } from "../../lib/registry";
import { Code } from "../../lib/result";
import { registry, toFailure } from "../../lib/rpc";
import { counterHere, hasRole, Role } from "../../lib/session";
import { t } from "../../lib/words";
import { Notice, type Column } from "../../ui/parts";
import { goodsOf } from "../counter/goods";
import { ActForm } from "./ActForm";
import { changes, type Asked } from "./doing";
import { quantityMax, type Reader } from "./reading";
import { ListSection } from "./Section";
import { bestBefore, readGoods } from "./stock_words";

const stock = signal<readonly StockRow[]>([]);

/** What went wrong with it. */
function useStock(): string {
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let isWanted = true;
    registry.stock({ counter: counterHere.value }).then(({ rows }) => {
      if (isWanted) {
        stock.value = rows;
        setProblem("");
      }
    }, (thrown: unknown) => isWanted && setProblem(toFailure(thrown).sentence));
    return () => {
      isWanted = false;
    };
  }, [changes.value]);
  return problem;
}

const columns = (): Column<StockRow>[] => [
  { title: t("兑换点", "Counter"), cell: (row) => counterName(row.counter) },
  { title: t("商品", "Goods"), cell: (row) => itemName(row.item) },
  { title: t("数量", "Quantity"), isAmount: true, cell: (row) => String(row.quantity) },
  { title: t("保质期", "Best before"), cell: bestBefore },
  { title: t("进货记账号", "Delivery"), isAmount: true, cell: (row) => (
    <a href={`/ledger/${row.deliveryEntry}`}>{String(row.deliveryEntry)}</a>) },
];

function readReceive(reader: Reader): Asked {
  const goods = readGoods(goodsOf(catalogue.value).filter(({ isService }) => !isService), reader);
  const quantity = reader.bigint("quantity", 1n, BigInt(quantityMax));
  const day = reader.day("best_before");
  const counter = Number(reader.text("counter"));
  return {
    act: { case: "stockReceive", value: { counter, donor: reader.text("donor"), lines: [
      { item: goods?.item ?? 0, quantity, bestBeforeDay: day ?? 0,
        hasBestBefore: day !== undefined }] } },
    day: reader.day("day"),
    memo: reader.text("memo"),
    done: () => t(`${counterName(counter)} 收到 ${goods?.name} ${quantity} ${goods?.unit || "件"}`,
      `${counterName(counter)} received ${goods?.name} × ${quantity}`),
  };
}

function ReceiveForm(): JSX.Element {
  const counters = catalogue.value?.counters ?? [];
  const goods = goodsOf(catalogue.value).filter(({ isService }) => !isService);
  return (
    <ActForm title={t("进货、收捐赠物资", "Receive goods")} submit={t("入库", "Receive them")}
      read={readReceive} keeps={["counter", "donor", "memo", "day"]}
      start={{ counter: String(counterHere.value || (counters[0]?.counter ?? 0)) }}
      fields={[
        { name: "item", label: t("商品", "Goods"), isScanned: true,
          list: goods.map(({ name }) => name), codes: [Code.ITEM_UNKNOWN, Code.PRICE_UNKNOWN],
          hint: t("扫条码，或写编号、名称", "scan it, or type its number or name") },
        { name: "quantity", label: t("数量", "Quantity"), codes: [Code.QUANTITY_INVALID] },
        { name: "best_before", label: t("保质期", "Best before"),
          hint: t("如 2016-05-01，没有就不写", "like 2016-05-01, if there is one") },
        { name: "donor", label: t("捐赠单位", "Donor, an organisation") },
        { name: "memo", label: t("捐赠人（个人）", "Donor, a person"),
          hint: t("可删除，不进账本", "erasable, not in the ledger") },
        { name: "counter", label: t("兑换点", "Counter"),
          codes: [Code.COUNTER_UNKNOWN, Code.OUT_OF_SCOPE], options: counters.map((row) => (
            { value: String(row.counter), text: row.name })) },
        { name: "day", label: t("到货日期", "Day of the delivery"), codes: [Code.DATE_IN_FUTURE],
          hint: t("不写就是今天", "today, if left out") },
      ]} />
  );
}

function TakeBackForm(props: { row: StockRow; close: () => void }): JSX.Element {
  const { deliveryEntry: entry, item } = props.row;
  const read = (reader: Reader): Asked => ({
    act: { case: "reverse", value: { target: { entry } } },
    memo: reader.needed("memo"),
    done: () => t(`已撤销第 ${entry} 号进货`, `took back the delivery of entry ${entry}`),
  });
  return (
    <ActForm submit={t("撤销这次进货", "Take it back")} start={{}} read={read} onDone={props.close}
      title={t(`记错了：第 ${entry} 号进货（${itemName(item)}）`,
        `Entered wrongly: the delivery of entry ${entry} (${itemName(item)})`)}
      fields={[{ name: "memo", label: t("事由", "Reason"), hint: t(
        "整次进货都收回，再按实数入库；已经发出的要先撤销兑换",
        "all of it goes back, then receive what is right; undo redemptions of it first") }]} />
  );
}

export function Stock(): JSX.Element {
  const problem = useStock();
  const mayReceive = hasRole(Role.COUNTER);
  return (
    <>
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {!mayReceive && (
        <Notice tone="plain">
          {t("进货由兑换员登记，管理员只能撤销记错的进货。",
            "Goods are received by the counter's role; administrators take wrong deliveries back.")}
        </Notice>
      )}
      <ListSection caption={t("库存，选一行可撤销那次进货",
        "Stock; choose a row to take its delivery back")}
        columns={columns()} rows={stock.value}
        keyOf={(row) => `${row.counter}.${row.item}.${row.lot}`}
        newLabel={mayReceive ? t("入库", "Receive goods") : undefined}
        form={(row, close) => (row === undefined ? <ReceiveForm />
          : <TakeBackForm row={row} close={close} />)} />
    </>
  );
}
