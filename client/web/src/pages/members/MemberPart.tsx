/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One member: at a glance, what can be done (one panel at a time, none is a dialog), what was done
 * here, and the entries.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { MemberStatus } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { go } from "../../lib/route";
import { online } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { focusBox } from "../../ui/Box";
import { Keys, type KeyAct } from "../../ui/Keys";
import { Notice, Said } from "../../ui/parts";
import { CardPanel } from "./CardPanel";
import { CardSlip } from "./CardSlip";
import { ChangePanel } from "./ChangePanel";
import { History } from "./History";
import { OpeningPanel } from "./OpeningPanel";
import { Head, Overview } from "./Overview";
import { PaperStatement } from "./PaperStatement";
import { PersonalPanel } from "./PersonalPanel";
import {
  exportProblem, info, lines, load, may, nameText, problem, undo, undoable, type DoneLine,
} from "./state";

export type Panel = "none" | "opening" | "card" | "change" | "personal" | "statement";

/** To the entry, or to where what waits is to be confirmed; undoing it. */
function actionsOf(line: DoneLine): JSX.Element {
  const isUndoable = line.tone === "done" && undoable.value.has(line.entry);
  return (
    <>
      <a class="button" href={`/ledger/${line.entry}`}>
        {line.tone === "waiting"
          ? t(`第 ${line.entry} 号事项，审核员在“审核”页处理`,
            `Proposal ${line.entry}, for a reviewer's page "Review"`)
          : t(`第 ${line.entry} 号账`, `Entry ${line.entry}`)}
      </a>
      {isUndoable && (
        <button type="button" onClick={() => void undo(line.entry)}>{t("撤销", "Undo")}</button>
      )}
    </>
  );
}

/** What was done here. */
export function DoneHere(): JSX.Element | null {
  if (lines.value.length === 0) {
    return null;
  }
  return (
    <Said lines={lines.value.slice(0, 5).map((line) => ({
      key: line.key, tone: line.tone, text: line.text(),
      ...(line.entry !== 0n && { actions: actionsOf(line) }),
    }))} />
  );
}

function panelKeys(of: MemberInfo, panel: Panel, choose: (panel: Panel) => void): KeyAct[] {
  const isOpen = of.status === MemberStatus.ACTIVE || of.status === MemberStatus.BLOCKED;
  const key = (name: string, wanted: Panel, label: string): KeyAct => {
    const isHere = panel === wanted;
    return { key: name, label, main: isHere, act: () => choose(isHere ? "none" : wanted) };
  };
  return [
    ...(isOpen && may.act() ? [key("F3", "opening", t("期初余额", "Opening balance"))] : []),
    ...(isOpen && may.block() ? [key("F4", "card", of.card === 0n ? t("发卡", "Issue a card")
      : t("挂失、换卡", "Card lost"))] : []),
    ...(isOpen && may.act() ? [key("F6", "change", t("变更", "Change"))] : []),
    ...(may.reveal() || may.erase() ? [key("F7", "personal", t("个人信息", "Personal data"))] : []),
    ...(may.read() ? [key("F9", "statement", t("打印对账单", "Print a statement"))] : []),
    { key: "Escape", label: panel === "none" ? t("返回", "Back") : t("收起", "Put away"),
      act: () => (panel === "none" ? go("/members") : choose("none")) },
  ];
}

/** `card`: one that was typed or scanned while the card's panel stood open. */
export function MemberPart(props: {
  member: bigint;
  panel: Panel;
  onPanel: (panel: Panel) => void;
  card: string;
  onCard: (text: string) => void;
}): JSX.Element {
  const { member, panel } = props;
  const [said, setSaid] = useState(0n);
  useEffect(() => {
    void load(member);
  }, [member, online.value]);
  const shown = info.value?.member === member ? info.value : undefined;
  useEffect(() => {
    if (shown !== undefined && said !== member) {
      setSaid(member);
      announce(t(`${nameText(shown)}，现有 ${formatPoints(shown.balances?.pointsCenti ?? 0n)} 分`,
        `${nameText(shown)}, ${formatPoints(shown.balances?.pointsCenti ?? 0n)} points`));
    }
  }, [shown]);
  const choose = (wanted: Panel) => {
    props.onPanel(wanted);
    if (wanted === "none") {
      focusBox();
    }
  };
  return (
    <>
      {[problem.value, exportProblem.value].map((text, i) => (
        text !== "" && <Notice key={i} tone="refused">{text}{t("。", ".")}</Notice>))}
      {shown !== undefined && (
        <>
          <Head info={shown} />
          <Keys keys={panelKeys(shown, panel, choose)} />
          <CardSlip info={shown} />
          <DoneHere />
          {panel === "opening" && <OpeningPanel info={shown} />}
          {panel === "card" && <CardPanel info={shown} card={props.card} onCard={props.onCard} />}
          {panel === "change" && <ChangePanel info={shown} />}
          {panel === "personal" && <PersonalPanel info={shown} />}
          {panel === "statement" && <PaperStatement info={shown} />}
          <Overview info={shown} />
          {may.read() && <History member={member} />}
        </>
      )}
    </>
  );
}
