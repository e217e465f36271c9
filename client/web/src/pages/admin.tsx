/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Administration: one section at a time, /admin/<section>, each with its list, its forms and the
 * history that the ledger has of it.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { followEntries, newestEntry } from "../lib/events";
import { route } from "../lib/route";
import { online, toFailure } from "../lib/rpc";
import { hasRole } from "../lib/session";
import { t } from "../lib/words";
import { Notice, Said } from "../ui/parts";
import { lines, refresh } from "./admin/doing";
import { History } from "./admin/History";
import { Secrets } from "./admin/Secret";
import { hasWholeRole, sections, type Section } from "./admin/sections";
import "./admin/admin.css";

const gatherMs = 1000;

/** The registry of now, asked for once it is known from where on the stream tells what comes; anew
 * whenever an act of the section comes into the ledger, by whomever. What went wrong with it. */
function useFresh(acts: readonly string[]): string {
  const [problem, setProblem] = useState("");
  const ask = () => void refresh().then(() => setProblem(""),
    (thrown: unknown) => setProblem(toFailure(thrown).sentence));
  useEffect(() => {
    if (online.value && problem !== "") {
      ask();
    }
  }, [online.value]);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = followEntries(({ entry }) => {
      if (acts.includes(entry.command?.act.case ?? "")) {
        timer ??= setTimeout(() => {
          timer = undefined;
          ask();
        }, gatherMs);
      }
    }, () => newestEntry().finally(() => isOver || ask()));
    return () => {
      isOver = true;
      end();
      clearTimeout(timer);
    };
  }, [acts.join()]);
  return problem;
}

function OneSection(props: { section: Section }): JSX.Element {
  const { acts, follows, whole, show } = props.section;
  const problem = useFresh([...acts, ...(follows ?? [])]);
  const may = whole === undefined || hasWholeRole(...whole);
  return (
    <>
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {!may && (
        <Notice tone="plain">
          {t("这里的设定对全部组织有效，您的角色只管其中一部分，所以只能看。请找管理全部的管理员。",
            "What is set here holds for all orgs, and your role for some of them, so you can " +
            "only look. Ask an administrator of the whole book.")}
        </Notice>
      )}
      {show(may)}
      <History names={acts} />
    </>
  );
}

export default function Admin(): JSX.Element {
  const mine = sections().filter((section) => hasRole(...section.for));
  const name = route.value.path.split("/")[2] ?? "";
  const section = mine.find((row) => row.name === name) ?? (name === "" ? mine[0] : undefined);
  return (
    <div class="admin">
      <h1>{t("管理", "Administration")}</h1>
      <div class="sections" role="navigation" aria-label={t("管理的内容", "sections")}>
        {mine.map((row) => (
          <a key={row.name} class="button" href={`/admin/${row.name}`}
            aria-current={row === section ? "page" : undefined}>{row.title}</a>
        ))}
      </div>
      <Said lines={lines.value} />
      <Secrets />
      {section === undefined ? (
        <Notice tone="refused">
          {t(`没有“${name}”这一项，或者不在您的角色之内。请从上面选。`,
            `There is no section "${name}", or it is not for your roles; choose one of those ` +
            "above.")}
        </Notice>
      ) : <OneSection key={section.name} section={section} />}
    </div>
  );
}
