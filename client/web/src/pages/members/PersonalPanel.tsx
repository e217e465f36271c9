/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data: seen in full for a reason, corrected, exported for the member, erased. What is
 * shown is masked again after fifteen minutes, or when the page is left.
 */
import { toJson } from "@bufbuild/protobuf";
import { Fragment, type JSX } from "preact";
import { useState } from "preact/hooks";
import { Gender, MemberStatus, type Person } from "../../gen/lovebank/v1/commands_pb";
import { EntrySchema } from "../../gen/lovebank/v1/entries_pb";
import {
  MemberInfoSchema, StoredEntrySchema, type MemberInfo,
} from "../../gen/lovebank/v1/queries_pb";
import { toFailure } from "../../lib/rpc";
import { timeText, today } from "../../lib/session";
import { formatDay, formatMember } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { Notice } from "../../ui/parts";
import type { Row } from "../ledger/entry_words";
import { fetchAll } from "./PaperStatement";
import { PersonFields } from "./PersonFields";
import { draftOf, faultsOf, personOf } from "./person_rules";
import {
  act, exportProblem, hide, may, nameText, reveal, revealed,
} from "./state";

function PersonFacts(props: { person: Person }): JSX.Element {
  const { person } = props;
  const rows: [string, string][] = [
    [t("姓名", "Name"), person.name],
    [t("性别", "Gender"), person.gender === Gender.UNSPECIFIED ? ""
      : valueWord(`GENDER_${Gender[person.gender]}`)],
    [t("出生日期", "Birth date"), person.hasBirthDay ? formatDay(person.birthDay) : ""],
    [t("身份证件号码", "ID number"), person.idNumber],
    [t("居住区域", "Address"), person.address],
    [t("联系方式", "Phone"), person.phone],
    [t("专业技能", "Skills"), person.skills],
    [t("服务意向", "Offers"), person.wishes],
  ];
  return (
    <dl>
      {rows.filter(([, value]) => value !== "").map(([name, value]) => (
        <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>
      ))}
    </dl>
  );
}

function Correct(props: { info: MemberInfo; person: Person }): JSX.Element {
  const { info } = props;
  const [draft, setDraft] = useState(draftOf(props.person));
  const [isTried, setTried] = useState(false);
  const faults = faultsOf(draft, today());
  const submit = async () => {
    setTried(true);
    if (Object.keys(faults).length === 0) {
      const done = await act(() => t("更正个人信息", "correct personal data"), { case: "memberUpdate",
        value: { member: info.member, person: personOf(draft, today()) } },
      () => t("个人信息已更正。", "The personal data is corrected."));
      if (done !== undefined) {
        hide();
      }
    }
  };
  return (
    <Form onSubmit={() => void submit()}>
      <Field label={t("姓名", "Name")} value={draft.name} error={faults.name}
        onInput={(name) => setDraft({ ...draft, name })} />
      <PersonFields draft={draft} faults={faults} isTried={isTried}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
      <button type="submit" class="main">{t("保存更正", "Save the corrections")}</button>
    </Form>
  );
}

function Shown(props: { info: MemberInfo; person: Person; untilMs: number }): JSX.Element {
  const { info, person, untilMs } = props;
  const [isCorrecting, setCorrecting] = useState(false);
  return (
    <div class="revealed">
      <p>{t(`完整信息，到 ${timeText(untilMs).slice(11)} 自动遮住。`,
        `In full, until ${timeText(untilMs).slice(11)}.`)}{" "}
        <button type="button" onClick={hide}>{t("现在遮住", "Mask it now")}</button>{" "}
        {may.act() && !isCorrecting && (
          <button type="button" onClick={() => setCorrecting(true)}>{t("更正", "Correct it")}</button>
        )}
      </p>
      {isCorrecting ? <Correct info={info} person={person} /> : <PersonFacts person={person} />}
    </div>
  );
}

/** All that is held, as `lovebank member export` writes it. */
export function exportText(info: MemberInfo, rows: readonly Row[]): string {
  return JSON.stringify({
    member: toJson(MemberInfoSchema, info),
    entries: [...rows].reverse().map(({ entry, beside }) => ({
      entry: toJson(EntrySchema, entry),
      ...(toJson(StoredEntrySchema, { ...beside, packed: new Uint8Array() }) as object),
    })),
  }, null, 1);
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Reveal(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const run = async (then: (full: MemberInfo) => Promise<void>) => {
    if (reason.trim() === "") {
      setProblem(t("请写事由，它记在账上", "write the reason, which is kept with the entry"));
      return;
    }
    setProblem("");
    exportProblem.value = "";
    setBusy(true);
    const full = await reveal(info.member, reason.trim());
    if (full !== undefined) {
      await then(full);
    }
    setBusy(false);
  };
  // What is wrong is told above: this form makes room for what is seen, and is another afterwards.
  const exportAll = (full: MemberInfo) => fetchAll(info.member).then((all) => {
    hide();
    if (typeof all === "string") {
      exportProblem.value = all;
    } else {
      download(`member-${formatMember(info.member)}.json`, exportText(full, all.rows));
    }
  }, (thrown: unknown) => {
    hide();
    exportProblem.value = toFailure(thrown).sentence;
  });
  return (
    <Form onSubmit={() => void run(() => Promise.resolve())}>
      <Field label={t("事由（必填）", "Reason (required)")} value={reason} onInput={setReason} autofocus
        error={problem === "" ? undefined : problem}
        hint={t("如 本人来电更正电话。查看和导出都是一笔账",
          "like: the member corrects the phone; to look or export is an entry")} />
      <div class="keys">
        <button type="submit" class="main" disabled={isBusy}>
          <kbd>Enter</kbd> {t("查看完整信息（15 分钟）", "See it in full (15 minutes)")}
        </button>
        <button type="button" disabled={isBusy} onClick={() => void run(exportAll)}>
          {t("导出全部信息（JSON）交给本人", "Export all of it (JSON) for the member")}
        </button>
      </div>
    </Form>
  );
}

/** Two steps: what is lost, then the reason and the deed. */
function Erase(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [isSure, setSure] = useState(false);
  const [reason, setReason] = useState("");
  const erase = () => act(() => t("删除个人信息", "erase the personal data"),
    { case: "memberErase", value: { member: info.member } },
    () => t("个人信息已删除；账、积分和时长留在编号名下。",
      "The personal data is erased; entries, points and hours stay under the number."),
    { memo: reason.trim() });
  if (info.status !== MemberStatus.CLOSED) {
    return <p>{t("要删除个人信息，请先注销（F6 变更）。",
      "To erase personal data, close the member first (F6).")}</p>;
  }
  if (!isSure) {
    return (
      <button type="button" onClick={() => setSure(true)}>
        {t("删除个人信息……", "Erase the personal data …")}
      </button>
    );
  }
  return (
    <Form onSubmit={() => void (reason.trim() !== "" && erase())}>
      <p class="sure" role="alert">{t(
        `将永远失去 ${nameText(info)} 的姓名、身份证件号码、电话、住址、技能、意向，` +
        "和写在各笔账上的事由；谁也不能恢复。账、积分、时长留在编号名下。",
        `Lost for ever: name, ID number, phone, address, skills and offers of ${nameText(info)}, ` +
        "and the reasons written with the entries. Nobody can bring them back. Entries, points " +
        "and hours stay under the number.")}</p>
      <Field label={t("事由（必填）", "Reason (required)")} value={reason} onInput={setReason}
        autofocus />
      <div class="keys">
        <button type="submit" class="main" disabled={reason.trim() === ""}>
          {t("永远删除", "Erase for ever")}
        </button>
        <button type="button" onClick={() => setSure(false)}>{t("不删除", "Do not erase")}</button>
      </div>
    </Form>
  );
}

export function PersonalPanel(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const shown = revealed.value;
  const isErased = info.status === MemberStatus.ERASED || info.personErased;
  return (
    <section class="panel" aria-label={t("个人信息", "personal data")}>
      <h2>{t("个人信息", "Personal data")}</h2>
      {isErased && <Notice tone="plain">{t("个人信息已删除。", "Personal data was erased.")}</Notice>}
      {!isErased && (shown?.member === info.member
        ? <Shown info={info} person={shown.person} untilMs={shown.untilMs} />
        : <Reveal info={info} />)}
      {!isErased && may.erase() && <Erase info={info} />}
    </section>
  );
}
