/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a member's tallies come to. Pure.
 */
import type { PointLot } from "../../gen/lovebank/v1/queries_pb";

/** Points past their last day: still in the tallies, not to be spent. */
export function expiredOf(lots: readonly PointLot[], today: number): bigint {
  return lots.filter((lot) => lot.lot < BigInt(today))
    .reduce((sum, lot) => sum + lot.pointsCenti, 0n);
}

/** How many levels of the star table the lifetime hours reach. */
export function starsOf(minutes: bigint, hours: readonly number[]): number {
  return hours.filter((level) => minutes >= BigInt(level) * 60n).length;
}
