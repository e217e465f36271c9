/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Status: is the server well, how busy is it, when was the last checkpoint and the last backup.
 * Asks again every few seconds while it is looked at.
 */
import { Fragment, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StatusResponse } from "../gen/lovebank/v1/queries_pb";
import { toHex } from "../lib/ids";
import { ledger, toFailure } from "../lib/rpc";
import { isIn, timeText } from "../lib/session";
import { formatDay } from "../lib/values";
import { t } from "../lib/words";
import { Notice } from "../ui/parts";

const askAgainMs = 5000;

type Row = [string, string];

function bytesText(bytes: bigint): string {
  return `${(Number(bytes) / 2 ** 20).toFixed(0)} MiB`;
}

function timeOr(ms: bigint, none: string): string {
  return ms === 0n ? none : timeText(ms);
}

function ledgerRows(status: StatusResponse): Row[] {
  return [
    [t("版本", "Version"), status.version],
    [t("账本的日期", "The book's day"), formatDay(status.todayDay)],
    [t("最新的账", "Newest entry"), t(`第 ${status.durableEntry} 号`, `${status.durableEntry}`)],
    [t("已进哈希树", "In the hash tree"), t(`${status.treeSize} 笔`, `${status.treeSize} entries`)],
    [t("树根", "Tree root"), toHex(status.treeRoot)],
  ];
}

function bookRows(status: StatusResponse): Row[] {
  const sinceStart = t("启动后还没有", "not since the start");
  const checkpoint = timeOr(status.checkpointMs, sinceStart);
  const verified = status.backupVerified ? t("，已核对", ", verified") : t("，没有核对", ", not verified");
  return [
    [t("启动时间", "Started"), timeText(status.startedMs)],
    [t("志愿者", "Members"), `${status.members}`],
    [t("积分卡", "Cards"), `${status.cards}`],
    [t("最近的检查点", "Last checkpoint"),
      t(`${checkpoint}，到第 ${status.checkpointEntry} 号`,
        `${checkpoint}, up to entry ${status.checkpointEntry}`)],
    [t("最近的备份", "Last backup"), timeOr(status.backupMs, sinceStart) +
      (status.backupMs === 0n ? "" : verified)],
    [t("数据库", "Database"), t(`已用 ${bytesText(status.mapUsedBytes)}，共 ${bytesText(status.mapBytes)}`,
      `${bytesText(status.mapUsedBytes)} of ${bytesText(status.mapBytes)}`)],
    [t("姓名索引", "Name index"),
      status.nameIndexReady ? t("已建好", "ready") : t("正在建", "being built")],
  ];
}

function loadRows(status: StatusResponse): Row[] {
  return [
    [t("连接", "Connections"), `${status.connections}`],
    [t("网页连接", "HTTP connections"), t(`${status.httpConnections}，其中实时 ${status.httpStreams}`,
      `${status.httpConnections}, of them live ${status.httpStreams}`)],
    [t("请求", "Requests"), `${status.requests}`],
    [t("网页请求", "HTTP requests"), `${status.httpRequests}`],
    [t("写入", "Written"), t(`${status.entriesWritten} 笔，${status.groups} 组`,
      `${status.entriesWritten} entries in ${status.groups} groups`)],
    [t("登录中", "Sessions"), `${status.sessions}`],
    [t("登录", "Log-ins"), t(`${status.logins} 次，失败 ${status.loginsFailed} 次`,
      `${status.logins}, failed ${status.loginsFailed}`)],
    [t("已锁账户", "Locked accounts"), `${status.accountsLocked}`],
    [t("被限制", "Limited"), t(`${status.requestsLimited} 个请求，${status.connectionsLimited} 个连接`,
      `${status.requestsLimited} requests, ${status.connectionsLimited} connections`)],
  ];
}

function Rows(props: { title: string; rows: readonly Row[] }): JSX.Element {
  return (
    <section>
      <h2>{props.title}</h2>
      <dl>
        {props.rows.map(([name, value]) => (
          <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>
        ))}
      </dl>
    </section>
  );
}

function Health(props: { status: StatusResponse }): JSX.Element {
  return props.status.readOnly ? (
    <Notice tone="refused">
      {t("磁盘已满，暂时只能查询；没有丢失任何记录。请清理磁盘。",
        "The disk is full, only reading works for now; nothing was lost. Free some space.")}
    </Notice>
  ) : <Notice tone="done">{t("服务器正常，可以记账。", "The server is well and takes entries.")}</Notice>;
}

export default function Status(): JSX.Element {
  const [status, setStatus] = useState<StatusResponse>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const ask = async () => {
      try {
        if (document.visibilityState === "visible") { // nobody looks: nothing keeps the session
          setStatus(await ledger.status({}));
          setProblem("");
        }
      } catch (thrown) {
        setProblem(toFailure(thrown).sentence);
      }
      if (!isOver) {
        timer = setTimeout(() => void ask(), askAgainMs);
      }
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isIn.value]);
  return (
    <>
      <h1>{t("状态", "Status")}</h1>
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {status !== undefined && problem === "" && <Health status={status} />}
      {status !== undefined && (
        <div class="columns">
          <Rows title={t("账本", "The ledger")} rows={ledgerRows(status)} />
          {isIn.value && <Rows title={t("数据", "The book")} rows={bookRows(status)} />}
          {isIn.value && <Rows title={t("忙闲", "Load")} rows={loadRows(status)} />}
        </div>
      )}
    </>
  );
}
