/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Undo of the whole sheet: the reason stands in each undo's entry.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { catalogue } from "../../lib/registry";
import { toFailure } from "../../lib/rpc";
import { t } from "../../lib/words";
import { Field } from "../../ui/Field";
import { say } from "./said";
import { undoSheet } from "./undo";

export function UndoPart(props: { onEnd: () => void }): JSX.Element {
  const [reason, setReason] = useState(
    t("整张表录入有误", "the whole sheet was entered by mistake"));
  const needsSecond = catalogue.value?.policy?.reversals === true;
  const undo = () => void undoSheet(reason)
    .catch((thrown: unknown) => say("refused", toFailure(thrown).sentence))
    .finally(props.onEnd);
  return (
    <section class="undo">
      <Field label={t("撤销整张表的原因", "Why the whole sheet is undone")} value={reason} autofocus
        onInput={setReason}
        hint={needsSecond ? t("按规定，撤销要第二个人确认；Enter 提交，Esc 返回",
          "By the rules a second person confirms undoing; Enter submits, Esc goes back")
          : t("Enter 撤销，Esc 返回", "Enter undoes, Esc goes back")}
        error={reason.trim() === "" ? t("请写原因", "give the reason") : undefined}
        onKeyDown={(event) => {
          if (event.isComposing) {
            return;
          }
          if (event.key === "Enter" && reason.trim() !== "") {
            event.preventDefault();
            undo();
          } else if (event.key === "Escape") {
            event.preventDefault();
            props.onEnd();
          }
        }} />
    </section>
  );
}
