/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Log-in: name and password, or a one-time code with the password to be; and making this browser a
 * device of a desk or counter by the device's token. Afterwards back to where one was.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fromHex } from "../lib/ids";
import { answerSentence, Code } from "../lib/result";
import { go, route, safePath } from "../lib/route";
import { toFailure } from "../lib/rpc";
import { enrolDevice, forgetDevice, logIn, who } from "../lib/session";
import { fold } from "../lib/values";
import { t } from "../lib/words";
import { Field, Form } from "../ui/Field";
import { Notice } from "../ui/parts";

/** 26 letters and digits in groups of four: what a one-time code looks like, and some passwords, so
 * only the server's word makes a new password required. */
function looksLikeCode(text: string): boolean {
  return /^[0-9a-z]{26}$/i.test(fold(text).replace(/[\s-]/g, ""));
}

function LoginForm(): JSX.Element {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [again, setAgain] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [needsNew, setNeedsNew] = useState(false);
  const isCode = needsNew || looksLikeCode(password);

  const submit = async () => {
    if (isCode && newPassword !== again) {
      setError(t("两次输入的新密码不一样。请重新输入", "the two new passwords differ; enter them again"));
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const answer = await logIn(fold(login), password, isCode ? newPassword : "");
      if (answer.code === Code.OK) {
        go(safePath(route.value.query.get("back")), true);
        return;
      }
      setNeedsNew(needsNew || answer.code === Code.PASSWORD_NEEDED);
      setError(answerSentence(answer));
    } catch (thrown) {
      setError(toFailure(thrown).sentence);
    }
    setBusy(false);
  };

  return (
    <Form onSubmit={() => void submit()}>
      <Field label={t("登录名", "Log-in name")} value={login} onInput={setLogin} autofocus required
        autocomplete="username" />
      <Field label={t("密码或一次性口令", "Password or one-time code")} value={password} required
        onInput={setPassword} type="password" autocomplete="current-password" />
      {isCode && (
        <>
          <Field label={t("新密码", "New password")} value={newPassword} onInput={setNewPassword}
            type="password" autocomplete="new-password" required={needsNew}
            hint={t("10 到 128 个字符，不能与登录名相同。",
              "10 to 128 characters, not the log-in name.")} />
          <Field label={t("再输一遍新密码", "New password again")} value={again} onInput={setAgain}
            type="password" autocomplete="new-password" required={needsNew} />
        </>
      )}
      {error !== undefined && <Notice tone="refused">{error}</Notice>}
      <button class="main" type="submit" disabled={isBusy}>
        <kbd>Enter</kbd> {t("登录", "Log in")}
      </button>
    </Form>
  );
}

function DevicePart(): JSX.Element {
  const [token, setToken] = useState("");
  const [error, setError] = useState<string>();
  const device = who.value?.device;

  const enrol = async () => {
    const bytes = fromHex(fold(token).replace(/\s/g, ""));
    if (bytes === null || bytes.length !== 32) {
      setError(t("令牌是 64 个 0-9 和 a-f 的字符。请从登记设备时的那一行复制",
        "a token has 64 of 0-9 and a-f; copy it from where the device was opened"));
      return;
    }
    try {
      const code = await enrolDevice(bytes);
      setError(code === Code.OK ? undefined : answerSentence({ code }));
      setToken("");
    } catch (thrown) {
      setError(toFailure(thrown).sentence);
    }
  };
  const leave = () => void forgetDevice().catch((thrown: unknown) => {
    setError(toFailure(thrown).sentence);
  });

  if (device !== undefined) {
    return (
      <>
        <p>{t(`这台电脑是设备“${device.name}”。`, `This computer is the device "${device.name}".`)}</p>
        {error !== undefined && <Notice tone="refused">{error}</Notice>}
        <button type="button" onClick={leave}>
          {t("不再用作这台设备", "Stop being this device")}
        </button>
      </>
    );
  }
  return (
    <Form onSubmit={() => void enrol()}>
      <Field label={t("设备令牌", "Device token")} value={token} onInput={setToken} error={error}
        hint={t("管理员登记设备时得到，只显示一次。",
          "The administrator gets it when the device is opened; it is shown once.")} />
      <button type="submit">{t("设为设备", "Make it a device")}</button>
    </Form>
  );
}

export default function Login(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="narrow">
      <h1>{t("登录", "Log in")}</h1>
      <LoginForm />
      <details open={isOpen || who.value?.device !== undefined}
        onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("这台电脑是服务台或兑换点的设备", "This computer is a desk's or counter's device")}</summary>
        <DevicePart />
      </details>
    </div>
  );
}
