/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Asks for the board. A server that is busy is asked again, later each time and not by all pages at
 * once; what is shown stays meanwhile.
 */
import { useEffect, useState } from "preact/hooks";
import { BoardOrder, type PublicBoardResponse } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, Code } from "../../lib/result";
import { reports, toFailure } from "../../lib/rpc";
import { t } from "../../lib/words";
import { addressOf, type BoardFilter } from "./filter";

const waitMsFirst = 2000;
const waitMsMax = 30_000;

export interface Asked {
  /** What `board` was asked by: until another comes, the one before stays under its own title. */
  of: BoardFilter;
  board: PublicBoardResponse | undefined;
  /** Why there is no newer one; "": there is. */
  problem: string;
  /** It is asked for again. */
  isTrying: boolean;
}

function refusal(answer: PublicBoardResponse): string {
  return answer.code === Code.UNAUTHORISED
    ? t("这里没有开放网上的明星榜。请到社区看张贴的榜",
      "the board is not public here; see the one on the wall of your community")
    : answerSentence(answer);
}

async function ask(filter: BoardFilter): Promise<Asked> {
  try {
    const { year, org, classId, top } = filter;
    const by = filter.by === "hours" ? BoardOrder.HOURS : BoardOrder.POINTS;
    const answer = await reports.publicBoard({ year, org, classId, by, top });
    return answer.code === Code.OK ? { of: filter, board: answer, problem: "", isTrying: false }
      : { of: filter, board: undefined, problem: refusal(answer), isTrying: false };
  } catch (thrown) {
    const failure = toFailure(thrown);
    return { of: filter, board: undefined, problem: failure.sentence,
      isTrying: failure.isRetryable };
  }
}

export function useBoard(filter: BoardFilter): Asked {
  const [asked, setAsked] = useState<Asked>(
    { of: filter, board: undefined, problem: "", isTrying: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const again = async (waitMs: number) => {
      const found = await ask(filter);
      if (isOver) {
        return;
      }
      setAsked((before) => (found.isTrying
        ? { ...found, of: before.of, board: before.board } : found));
      if (found.isTrying) {
        timer = setTimeout(() => void again(Math.min(waitMs * 2, waitMsMax)),
          waitMs * (1 + Math.random()));
      }
    };
    void again(waitMsFirst);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [addressOf(filter)]);
  return asked;
}
