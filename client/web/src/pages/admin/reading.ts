/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What was typed into a form, as the terminal reads it (client/cli/form): each wrong field is
 * remembered with its sentence, and nothing is sent then. Pure.
 */
import { fold, parseDay, parsePoints } from "../../lib/values";
import { t } from "../../lib/words";

export type Values = Readonly<Record<string, string>>;

export const orgMax = 999_999_999_999n;
export const codeMax = 999_999;
export const quantityMax = 1_000_000;
export const starHoursMax = 1_000_000;
export const dayMinutes = 1440;

/** EAN-13, UPC and EAN-8 are one number with zeros in front; weights 3 and 1 from the right. */
function barcodeIsValid(digits: string): boolean {
  const sum = [...digits].reverse().reduce(
    (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

export class Reader {
  readonly errors: Record<string, string> = {};

  constructor(private readonly values: Values, private readonly today: number) {}

  get isGood(): boolean {
    return Object.keys(this.errors).length === 0;
  }

  private raw(name: string): string {
    return fold(this.values[name] ?? "");
  }

  text(name: string): string {
    return this.raw(name);
  }

  needed(name: string): string {
    const text = this.raw(name);
    if (text === "") {
      this.errors[name] = t("要填", "is needed");
    }
    return text;
  }

  /** A whole number; `usual` where the field is empty, else it is needed. */
  bigint(name: string, least: bigint, most: bigint, usual?: bigint): bigint {
    const text = usual === undefined ? this.needed(name) : this.raw(name);
    if (text === "") {
      return usual ?? -1n;
    }
    const value = /^\d{1,15}$/.test(text) ? BigInt(text) : -1n;
    if (value < least || value > most) {
      this.errors[name] = t(`“${text}”不行，请写 ${least} 到 ${most} 的数`,
        `"${text}" will not do; write a number from ${least} to ${most}`);
    }
    return value;
  }

  number(name: string, least: number, most: number, usual?: number): number {
    return Number(this.bigint(name, BigInt(least), BigInt(most),
      usual === undefined ? undefined : BigInt(usual)));
  }

  /** The number of a new one, which must not be that of one there is: setting it would change that
   * one. `nameOf`: of the one there is. */
  newNumber(name: string, most: number, nameOf: (number: number) => string | undefined): number {
    const number = this.number(name, 1, most);
    const taken = nameOf(number);
    if (taken !== undefined) {
      this.errors[name] = t(`${number} 是 ${taken}。要改它，请在下面选它`,
        `${number} is ${taken}; to change it, choose it below`);
    }
    return number;
  }

  /** In 1/100. */
  points(name: string): bigint {
    const text = this.needed(name);
    const centi = parsePoints(text);
    if (text !== "" && (centi === null || centi < 0n)) {
      this.errors[name] = t(`“${text}”不是积分，请写成 60 或 32.50`,
        `"${text}" is no amount of points; write it like 60 or 32.50`);
    }
    return centi ?? 0n;
  }

  /** In 1/1000; empty: 1. */
  permille(name: string): number {
    const text = this.raw(name);
    const found = /^(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text === "" ? "1" : text);
    const value = found === null ? 0
      : Number(found[1]) * 1000 + Number((found[2] ?? "").padEnd(3, "0"));
    if (value < 1 || value > 100_000) {
      this.errors[name] = t(`“${text}”不行，系数是 0.001 到 100`,
        `"${text}" will not do; a factor is 0.001 to 100`);
    }
    return value;
  }

  /** 0n: none. */
  barcode(name: string): bigint {
    const text = this.raw(name);
    if (text === "") {
      return 0n;
    }
    if (!/^(\d{8}|\d{12}|\d{13})$/.test(text) || /^0+$/.test(text)) {
      this.errors[name] = t("不是条码。请写 EAN-13（13 位数字）、UPC（12 位）或 EAN-8（8 位）",
        "not a barcode; give an EAN-13 (13 digits), UPC (12) or EAN-8 (8)");
      return 0n;
    }
    if (!barcodeIsValid(text)) {
      this.errors[name] = t("条码的校验位不对，可能抄错了。请核对",
        "its check digit is wrong, a digit may be mistyped; check it");
    }
    return BigInt(text);
  }

  /** A day; undefined where the field is empty. */
  day(name: string): number | undefined {
    const text = this.raw(name);
    const day = text === "" ? undefined : parseDay(text, this.today);
    if (day === null) {
      this.errors[name] = t(`“${text}”不是日期，请写成 2016-05-01`,
        `"${text}" is no date; write it like 2016-05-01`);
    }
    return day ?? undefined;
  }

  /** From which day on; undefined: today. */
  from(): number | undefined {
    return this.day("from");
  }

  /** Rising whole numbers, one in each field; empty ones may stand at the end. */
  rising(names: readonly string[], most: number): number[] {
    const found: number[] = [];
    const count = names.reduce((last, name, i) => (this.raw(name) === "" ? last : i + 1), 1);
    for (const name of names.slice(0, count)) {
      const least = (found[found.length - 1] ?? 0) + 1;
      const value = this.number(name, Math.min(least, most), most);
      if (this.errors[name] !== undefined) {
        return found;
      }
      found.push(value);
    }
    return found;
  }
}
