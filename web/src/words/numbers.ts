/** How numbers are written for people: as `src/base/number.rs` writes them. */

import type { Maybe, Unit } from "../contract";

/** With so many decimals, thousands separated by commas, and a true minus sign. */
export function grouped(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "–";
  const plain = Math.abs(value).toFixed(decimals);
  const [whole = "", rest] = plain.split(".");
  const sign = value < 0 && /[1-9]/.test(plain) ? "−" : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
}

/** From ten million on in millions; below ten with decimals, if it has any. */
export function count(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return "–";
  if (size >= 1e15) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  if (size >= 1e7) return `${grouped(value / 1e6, 2).replace(/\.?0+$/, "")} million`;
  if (size < 10 && Math.abs(value - Math.round(value)) > 1e-9) return grouped(value, size < 1 ? 2 : 1);
  return grouped(value, 0);
}

/** A share in per cent with a tenth: "12.3%", "<0.1%". */
export function tenths(share: number): string {
  if (share > 0 && share < 0.0005) return "<0.1%";
  if (share >= 0.9995 && share < 1) return ">99.9%";
  return hundredths(share, (share > -0.0005 && share < 1e-12) || Math.abs(share - 1) < 1e-12 ? 0 : 1);
}

function hundredths(share: number, decimals: number): string {
  if (!Number.isFinite(share)) return "–";
  if (Math.abs(share) >= 10) return `${share < 0 ? "−" : ""}>999%`;
  return `${grouped(share * 100, decimals)}%`;
}

/** A share in per cent: whole, with a tenth near the ends, and never "0%" of what is not none. */
export function percent(share: number): string {
  const nearAnEnd = (share > 0 && share < 0.0095) || (share > 0.9905 && share < 1);
  return nearAnEnd ? tenths(share) : hundredths(share, 0);
}

/** The power of ten to which something is rounded that is unsure by `half`. */
function supported(half: number): number {
  let step = 1;
  while (step * 10 <= half && step < 1e15) step *= 10;
  while (step > half && step > 1e-9) step /= 10;
  return half / step < 3.55 ? step / 10 : step;
}

/** The nearest whole number; what lies in the middle of two is rounded away from 0, as `f64::round` has it. */
export function rounded(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function stepped(value: number, step: number): string {
  const whole = rounded(value / step) * step;
  return step >= 1 ? count(whole) : grouped(whole, Math.max(0, Math.round(-Math.log10(step))));
}

/** A unit's word behind a number: one of them is no several. */
export function unitWord(word: string, number: string): string {
  if (number !== "1") return word;
  return word === "people" ? "person" : word.replace(/^(\w+[^s\W])s$/, "$1");
}

/** Whether a unit is of what has no parts. */
function isWhole({ word }: Unit): boolean {
  return word === "people" || word === "fighters";
}

function worded({ word }: Unit, text: string): string {
  return word ? `${text} ${unitWord(word, text)}` : text;
}

/** A value, with its word: "12%", "3,400 people". */
export function written(unit: Unit, value: Maybe<number>, word = true): string {
  if (value === null) return "–";
  const text = unit.format === "percent" ? percent(value) : count(isWhole(unit) ? rounded(value) : value);
  return word ? worded(unit, text) : text;
}

/** How numbers are written that an interval around them bears out; what is small beside it `keeps` a digit of its own. */
function rounding(unit: Unit, numbers: number[], low: number, high: number, keeps = false): (value: number) => string {
  const half = (high - low) / 2;
  if (unit.format === "percent") return half < 0.01 ? tenths : percent;
  if (!Number.isFinite(half) || half <= 0) return (value) => written(unit, value, false);
  const plain = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;
  // Of hundreds, no decimals make sense.
  const whole = isWhole(unit) || numbers.every(plain) || numbers.some((number) => Math.abs(number) >= 99.5);
  const step = whole ? Math.max(1, supported(half)) : supported(half);
  return (value) => {
    let own = step;
    const least = whole || plain(value) ? 1 : 1e-9;
    while (keeps && value !== 0 && own > Math.abs(value) && own > least) own /= 10;
    return stepped(value, own);
  };
}

function fromTo(from: string, to: string): string {
  return from === to ? from : `${to.endsWith("%") ? from.replace("%", "") : from} to ${to}`;
}

/** An interval: "10 to 14%", "330,000 to 350,000 people"; one number where both ends read the same. */
export function range(unit: Unit, low: number, high: number, word = true): string {
  const write = rounding(unit, [low, high], low, high);
  const text = fromTo(write(low), write(high));
  return word ? worded(unit, text) : text;
}

/** A value and its interval, both rounded to what the interval bears out: "1,830", "1,720 to 2,000". */
export function estimate(unit: Unit, value: number, low: number, high: number): [value: string, interval: string] {
  const write = rounding(unit, [value, low, high], low, high);
  return [write(value), fromTo(write(low), write(high))];
}

/** The middle of a range of runs with its word, and the range: "2,000 people", "300 to 8,000". */
export function ofRuns(unit: Unit, middle: number, low: number, high: number): [middle: string, range: string] {
  const write = rounding(unit, [middle, low, high], low, high, true);
  return [worded(unit, write(middle)), fromTo(write(low), write(high))];
}

/** A difference with its interval, and the two sides of which it is one, as texts. */
export interface Read {
  before: string;
  after: string;
  /** Points, of shares; with a minus sign, but no plus. */
  size: string;
  /** Both with signs. */
  low: string;
  high: string;
}

/**
 * A difference with its two sides, if they are known, so rounded that the three agree, and no finer than its interval bears out
 * unless they would not agree then.
 */
export function read(unit: Unit, difference: number, low: number, high: number, sides?: [before: number, after: number]): Read {
  const isShare = unit.format === "percent";
  const scale = isShare ? 100 : 1;
  const half = ((high - low) / 2) * scale;
  const [before, after] = (sides ?? [0, 0]).map((side) => side * scale) as [number, number];
  // A mean of a few people may have a tenth, one of many has none.
  const finest = isWhole(unit) && Math.max(Math.abs(before), Math.abs(after)) >= 10 ? 1 : 1e-3;
  const own = isShare ? (half < 1 ? 0.1 : 1) : half > 0 ? Math.max(finest, supported(half)) : 1;
  const usual = sides ? natural(unit, before, after) : own;
  // Amounts have no decimals that neither side has alone, but where the difference is too small for that.
  const whole = isShare ? Math.min(own, usual) : Math.abs(difference) < 10 * usual ? own : Math.max(own, usual);
  const parts = (value: number, step: number) => rounded(value / step);
  const tells = (step: number) => low * high <= 0 || parts(after, step) !== parts(before, step);
  const stands = (side: number, step: number) => side === 0 || parts(side, step) !== 0;
  const agrees = (step: number) =>
    parts(after, step) - parts(before, step) === parts(difference * scale, step) && stands(before, step) && stands(after, step);
  let step = whole;
  if (sides) {
    // However unsure the difference is, the sides keep two digits.
    const isBlunt = (side: number) => side !== 0 && Math.abs(parts(side, step)) < 10;
    while (step > usual && (isBlunt(before) || isBlunt(after))) step /= 10;
    // What does not agree at once is told a place finer, if it is not fine already, as the difference of what is told.
    const isCoarse = isShare || step > own || !stands(before, step) || !stands(after, step);
    if (!agrees(step) && isCoarse) step = isShare ? 0.1 : Math.max(finest, step / 10);
    while (before !== after && !tells(step) && step > finest) step /= 10;
  }
  const told = sides ? (parts(after, step) - parts(before, step)) * step : difference * scale;
  const write = (number: number, step: number) => {
    // An end that is not none must not read as none: it says whether there may be no difference.
    let fine = step;
    if (low * high > 0 && number !== 0) while (Math.abs(number) < fine / 2 && fine > 1e-3) fine /= 10;
    const text = stepped(Math.abs(number), fine);
    return [/[1-9]/.test(text) ? Math.sign(number) : 0, text] as const;
  };
  const [sign, size] = write(told, step);
  const end = (number: number) => {
    const [sign, text] = write(number * scale, Math.max(own, step));
    return ["−", "", "+"][sign + 1] + text;
  };
  const side = (value: number) => {
    if (!sides) return "–";
    const rounded = parts(value, step) * step;
    const decimals = Math.max(0, Math.round(-Math.log10(step)));
    // Millions have two decimals, which is too coarse for a finer step.
    if (!isShare) return step >= 1e4 ? count(rounded) : grouped(rounded, decimals);
    const end = tenths(value / scale);
    return step === 0.1 && /^([<>]|0%|100%)/.test(end) ? end : hundredths(rounded / scale, decimals);
  };
  return { before: side(before), after: side(after), size: (sign < 0 ? "−" : "") + size, low: end(low), high: end(high) };
}

/** The power of ten to which two sides are rounded when they are told alone. */
function natural(unit: Unit, before: number, after: number): number {
  const plain = (value: number) => unit.format !== "percent" || percent(value / 100) === hundredths(value / 100, 0);
  if (unit.format === "percent") return plain(before) && plain(after) ? 1 : 0.1;
  const size = Math.max(Math.abs(before), Math.abs(after));
  return size >= 1e7 ? 1e4 : size >= 10 ? 1 : size >= 1 ? 0.1 : 0.01;
}

/** An input's value, with the decimals that it has: "0.5", "4,000", in per cent where it is written so. */
export function input({ format }: Unit, value: number): string {
  const number = Number((format === "percent" ? value * 100 : value).toPrecision(6));
  const decimals = String(number).split(".")[1]?.length ?? 0;
  return grouped(number, Math.min(decimals, 6)) + (format === "percent" ? "%" : "");
}

/** "1 run", "3 runs", "1,000 runs". */
export function several(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
}
