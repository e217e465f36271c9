/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is shown once: codes and tokens, each until it is put away.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "../../lib/said";
import { t } from "../../lib/words";
import { secrets, type Shown } from "./doing";
import { codeHours } from "./one_time";

/** Of a code 4 letters at a time, of a token 8. */
function grouped({ kind, text }: Shown): string {
  return kind === "code" ? text : (text.match(/.{1,8}/g) ?? []).join(" ");
}

function whatFor({ kind }: Shown): string {
  return kind === "code"
    ? t(`请当面交给本人，${codeHours} 小时内登录并设定密码。它不会再显示。`,
      `Hand it over in person; it serves for ${codeHours} hours to log in and choose a password. ` +
      "It is not shown again.")
    : t("请在那台设备的“登录”页填进“设备令牌”，再给它角色。它不会再显示。",
      "Enter it on that device, page Log in, Device token; then give it roles. " +
      "It is not shown again.");
}

async function copy(shown: Shown): Promise<void> {
  try {
    await navigator.clipboard.writeText(shown.text);
    announce(t("已复制", "copied"));
  } catch {
    announce(t("浏览器不让复制，请抄写", "the browser does not let it be copied; write it down"));
  }
}

function Secret(props: { shown: Shown }): JSX.Element {
  const { shown } = props;
  const { whose, kind } = shown;
  const part = useRef<HTMLElement>(null);
  useLayoutEffect(() => part.current?.focus(), []);
  const putAway = () => {
    secrets.value = secrets.value.filter((other) => other !== shown);
  };
  return (
    <section class="secret" ref={part} tabIndex={-1}
      aria-label={t(`${whose} 的口令，只显示这一次`, `secret of ${whose}, shown once`)}>
      <h3>{kind === "code" ? t(`${whose} 的一次性口令`, `One-time code of ${whose}`)
        : t(`设备 ${whose} 的令牌`, `Token of the device ${whose}`)}</h3>
      <p class="secret-text">{grouped(shown)}</p>
      <p>{whatFor(shown)}</p>
      <div class="row">
        <button type="button" onClick={() => void copy(shown)}>{t("复制", "Copy")}</button>
        <button type="button" class="main" onClick={putAway}>
          {t("已经记下，收起", "It is noted; put it away")}
        </button>
      </div>
    </section>
  );
}

export function Secrets(): JSX.Element {
  return <>{secrets.value.map((shown) => <Secret key={shown.text} shown={shown} />)}</>;
}
