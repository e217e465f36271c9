/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Mirror: the window turned to the volunteer. What a counter's window tells it, in very large
 * letters; no controls, nothing asked of the server, nothing kept (counter/face.ts).
 */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { route } from "../lib/route";
import { formatPoints } from "../lib/values";
import { t } from "../lib/words";
import { Points } from "../ui/parts";
import { followFace, seen, type Face } from "./counter/face";

const linesMax = 5;

function Lines(props: { face: Face }): JSX.Element | null {
  const { lines, sum } = props.face;
  if (lines.length === 0) {
    return null;
  }
  return (
    <>
      <ul class="mirror-lines">
        {lines.slice(0, linesMax).map((line, i) => (
          <li key={lines.length - i}><span>{line.text}</span> <Points centi={line.cost} /></li>
        ))}
      </ul>
      {lines.length > linesMax && (
        <p>{t(`另有 ${lines.length - linesMax} 行`, `${lines.length - linesMax} more`)}</p>
      )}
      <p class="mirror-sum"><span>{t("合计", "Total")}</span> <Points centi={sum} /></p>
    </>
  );
}

function Someone(props: { face: Face }): JSX.Element {
  const { face } = props;
  const missing = face.sum - face.points;
  return (
    <>
      <h1>{face.name || t("您好", "Welcome")}</h1>
      {face.name !== "" && (
        <p class="mirror-points">
          <span>{face.kind === "done" ? t("余额", "Left") : t("可用积分", "Your points")}</span>
          <Points centi={face.points} huge />
        </p>
      )}
      <Lines face={face} />
      {face.kind === "done" && <p class="mirror-thanks">{t("谢谢您的爱心！", "Thank you!")}</p>}
      {face.kind === "open" && face.name !== "" && missing > 0n && (
        <p class="mirror-sum"><span>{t(`还差 ${formatPoints(missing)} 分`,
          `${formatPoints(missing)} points short`)}</span></p>
      )}
    </>
  );
}

export default function Mirror(): JSX.Element {
  const id = route.value.query.get("of") ?? "one";
  useEffect(() => followFace(id), [id]);
  const face = seen.value;
  return (
    <div class="mirror">
      {face.kind === "blank" ? (
        <div class="mirror-blank">
          <h1>{t("爱心银行", "LoveBank")}</h1>
          <p>{face.place}</p>
        </div>
      ) : <Someone face={face} />}
    </div>
  );
}
