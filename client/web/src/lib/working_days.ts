/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Monday to Friday, as client/cli/spool/working_days.c counts them. Order 67 art 11 gives ten of
 * them to record a service. Pure.
 */
export const lateAfterDays = 10;

/** Day 0 was a Thursday. */
const isWorkingDay = (day: number) => (((day % 7) + 10) % 7) < 5;

/** Working days after `from`, up to `to`. */
export function workingDaysBetween(from: number, to: number): number {
  const days = to - from;
  if (days <= 0) {
    return 0;
  }
  let count = Math.floor(days / 7) * 5;
  for (let day = to - (days % 7) + 1; day <= to; day++) {
    count += isWorkingDay(day) ? 1 : 0;
  }
  return count;
}

/** How many working days after the service it was recorded, when that is too late; else 0. */
export function lateDays(serviceDay: number, recordedDay: number): number {
  const days = workingDaysBetween(serviceDay, recordedDay);
  return days > lateAfterDays ? days : 0;
}
