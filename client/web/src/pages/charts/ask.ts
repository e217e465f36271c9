/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the charts are drawn from: a year's report broken down three ways, and for the whole book
 * what is owed against what stands on the shelves.
 */
import type { ReportResponse } from "../../gen/lovebank/v1/queries_pb";
import { loadRegistry, catalogue } from "../../lib/registry";
import { answerSentence, Code } from "../../lib/result";
import { registry, reports, toFailure } from "../../lib/rpc";
import { today } from "../../lib/session";
import { dateOf } from "../../lib/values";
import { owedOf, stockValue } from "./figures";

const yearsMax = 40;

export interface Cover {
  owedCenti: bigint;
  stockCenti: bigint;
  sinceYear: number;
  /** All entries up to this one are counted. */
  asOfEntry: bigint;
}

export interface Figures {
  year: number;
  byMonth: ReportResponse;
  byCategory: ReportResponse;
  byOrg: ReportResponse;
  /** undefined: an org's members may spend elsewhere, so only the whole book can be compared. */
  cover: Cover | undefined;
  /** All entries up to this one are counted. */
  asOfEntry: bigint;
}

type Asked = { figures: Figures } | { problem: string };

/** Of reports that were asked for one after the other, while entries came in. */
const asOfAll = (answers: readonly ReportResponse[]): bigint =>
  answers.reduce((least, { asOfEntry }) => (asOfEntry < least ? asOfEntry : least),
    answers[0]?.asOfEntry ?? 0n);

/** Years back to the one before the first that had members; or the report that was refused. */
async function coverOf(): Promise<Cover | ReportResponse> {
  const years: ReportResponse[] = [];
  let year = dateOf(today()).year;
  for (; years.length < yearsMax; year--) {
    const found = await reports.report({ year });
    if (found.code !== Code.OK) {
      return found;
    }
    if (years.length > 0 && found.members === 0n && found.earnedCenti === 0n) {
      break;
    }
    years.push(found);
  }
  const stock = await registry.stock({});
  return { owedCenti: owedOf(years), sinceYear: year + 1, asOfEntry: asOfAll(years),
    stockCenti: stockValue(stock.rows, catalogue.value?.items ?? []) };
}

export async function askFigures(year: number, org: bigint): Promise<Asked> {
  try {
    await loadRegistry();
    const [byMonth, byCategory, byOrg] = await Promise.all([
      reports.report({ year, org, byMonth: true }),
      reports.report({ year, org, byCategory: true }),
      reports.report({ year, org, byOrg: true }),
    ]);
    const refused = [byMonth, byCategory, byOrg].find((answer) => answer.code !== Code.OK);
    if (refused !== undefined) {
      return { problem: answerSentence(refused) };
    }
    const cover = org === 0n ? await coverOf() : undefined;
    if (cover !== undefined && "code" in cover) {
      return { problem: answerSentence(cover) };
    }
    return { figures: { year, byMonth, byCategory, byOrg, cover,
      asOfEntry: asOfAll([byMonth, byCategory, byOrg]) } };
  } catch (thrown) {
    return { problem: toFailure(thrown).sentence };
  }
}
