/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Is the entry in the ledger? Its proof, verified in this browser, and the root to compare with a
 * notice on paper.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EntryGetResponse } from "../../gen/lovebank/v1/queries_pb";
import { toHex } from "../../lib/ids";
import { announce } from "../../lib/said";
import { counted, t } from "../../lib/words";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/parts";
import { canHash, isIncluded, leafHash, proofCode } from "./proof";

type Verdict = "working" | "included" | "wrong" | "not yet" | "cannot";

interface Checked {
  verdict: Verdict;
  leaf: string;
  code: string;
}

const unchecked: Checked = { verdict: "working", leaf: "", code: "" };

async function check(answer: EntryGetResponse, number: bigint): Promise<Checked> {
  if (!canHash()) {
    return { verdict: "cannot", leaf: "", code: "" };
  }
  const stored = answer.entry!.packed;
  const leaf = toHex(await leafHash(stored));
  const code = await proofCode(stored);
  if (answer.treeSize < number) {
    return { verdict: "not yet", leaf, code };
  }
  const isIn = await isIncluded(stored, number, answer.treeSize, answer.proof, answer.treeRoot);
  return { verdict: isIn ? "included" : "wrong", leaf, code };
}

export function verdictText(verdict: Verdict, hashes: number): string {
  switch (verdict) {
    case "working":
      return t("正在验证……", "Being verified …");
    case "included":
      return t(`这笔在账里：已用 ${hashes} 个哈希验证。`,
        `This entry is in the ledger: verified with ${counted(hashes, "", "hash", "hashes")}.`);
    case "wrong":
      return t("验证没有通过：服务器给的内容与树根对不上。请停止记账，告诉管理员和审计员。",
        "The proof fails: what the server gave does not lead to the root. Stop recording, and " +
        "tell an administrator and an auditor.");
    case "not yet":
      return t("这笔刚记下，还没进哈希树。请过一会儿再看。",
        "This entry is too new to be in the hash tree; look again in a moment.");
    case "cannot":
      return t("这个浏览器不能在未加密的连接上验证。请用 https 打开。",
        "This browser cannot verify over an unencrypted connection; open the page by https.");
  }
}

/** What a notice says, compared. undefined: nothing to compare yet. */
export function compareRoot(typed: string, root: string): "same" | "other" | "no root" | undefined {
  const clean = typed.normalize("NFKC").replace(/[\s:：-]/g, "").toLowerCase();
  if (clean === "") {
    return undefined;
  }
  return !/^[0-9a-f]{64}$/.test(clean) ? "no root" : clean === root ? "same" : "other";
}

function Compare(props: { root: string; size: bigint }): JSX.Element {
  const [typed, setTyped] = useState("");
  const found = compareRoot(typed, props.root);
  return (
    <>
      <Field label={t("与公示上的树根比对", "Compare with the root on a notice")} value={typed}
        onInput={setTyped}
        error={found !== "no root" ? undefined
          : t("树根是 64 个 0–9、a–f", "a root has 64 digits, 0–9 and a–f")} />
      {found === "same" && <Notice tone="done">{t("与公示一致。", "It is the notice's.")}</Notice>}
      {found === "other" && (
        <Notice tone="refused">
          {t(`与公示不同。先看笔数：公示若不是 ${props.size} 笔时的树根，不能这样比；` +
            "笔数相同而树根不同，请告诉审计员。",
          `It is another. See the number of entries first: a root of other than ${props.size} ` +
            "entries cannot be compared; with the same number, tell an auditor.")}
        </Notice>
      )}
    </>
  );
}

function Copy(props: { text: string }): JSX.Element {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(props.text);
    setDone(true);
    announce(t("树根已复制", "the root is copied"));
  };
  return (
    <button type="button" onClick={() => void copy().catch(() => setDone(false))}>
      {done ? t("✓ 已复制", "✓ copied") : t("复制树根", "Copy the root")}
    </button>
  );
}

export function ProofPart(props: { answer: EntryGetResponse; number: bigint }): JSX.Element {
  const { answer, number } = props;
  const [checked, setChecked] = useState(unchecked);
  useEffect(() => {
    let isWanted = true;
    setChecked(unchecked); // never another entry's
    void check(answer, number).then((result) => {
      if (isWanted) {
        setChecked(result);
      }
    });
    return () => {
      isWanted = false;
    };
  }, [answer]);
  const tone = checked.verdict === "included" ? "done"
    : checked.verdict === "wrong" ? "refused" : "plain";
  const root = toHex(answer.treeRoot);
  return (
    <section aria-label={t("证明", "proof")}>
      <h2>{t("证明", "Proof")}</h2>
      <Notice tone={tone}>{verdictText(checked.verdict, answer.proof.length)}</Notice>
      <dl>
        <dt>{t("校验码", "Proof code")}</dt><dd class="hash">{checked.code}</dd>
        <dt>{t("哈希树", "Hash tree")}</dt>
        <dd>{t(`共 ${answer.treeSize} 笔账`, `of ${answer.treeSize} entries`)}</dd>
        <dt>{t("树根", "Root")}</dt><dd class="hash">{root}</dd>
      </dl>
      <Copy text={root} />
      <Compare root={root} size={answer.treeSize} />
      <details>
        <summary>
          {t(`用到的 ${answer.proof.length} 个哈希`, `The ${answer.proof.length} hashes`)}
        </summary>
        <p class="hash">{t("这笔账：", "this entry: ")}{checked.leaf}</p>
        <ol class="hash">
          {answer.proof.map((hash, i) => <li key={i}>{toHex(hash)}</li>)}
        </ol>
      </details>
    </section>
  );
}
