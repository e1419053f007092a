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
  return hundredths(share, Math.abs(share) < 1e-12 || Math.abs(share - 1) < 1e-12 ? 0 : 1);
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

function stepped(value: number, step: number): string {
  const rounded = Math.round(value / step) * step;
  return step >= 1 ? count(rounded) : grouped(rounded, Math.max(0, Math.round(-Math.log10(step))));
}

/** A value, with its word: "12%", "3,400 people". */
export function written(unit: Unit, value: Maybe<number>, word = true): string {
  if (value === null) return "–";
  const text = unit.format === "percent" ? percent(value) : count(value);
  return word && unit.word ? `${text} ${unit.word}` : text;
}

/** A range: "10 to 14%", "330,000 to 350,000 people"; one number where both ends read the same. */
export function range(unit: Unit, low: number, high: number, word = true): string {
  const [from, to] = rounded(unit, low, high).map((value) => written(unit, value, false)) as [string, string];
  const text = from === to ? from : `${to.endsWith("%") ? from.replace("%", "") : from} to ${to}`;
  return word && unit.word ? `${text} ${unit.word}` : text;
}

function rounded(unit: Unit, low: number, high: number): [number, number] {
  if (unit.format === "percent" || high - low <= 0 || (Number.isInteger(low + high) && high - low < 20)) return [low, high];
  const step = supported((high - low) / 2);
  return [Math.round(low / step) * step, Math.round(high / step) * step];
}

/** Sizes of a difference and of the ends of its interval, alike rounded, with signs: points, of shares. */
export function signed(unit: Unit, value: number, low: number, high: number): [string, string, string] {
  const scale = unit.format === "percent" ? 100 : 1;
  const half = ((high - low) / 2) * scale;
  const step = unit.format === "percent" ? (half < 1 ? 0.1 : 1) : half > 0 ? supported(half) : 1;
  const write = (number: number) => {
    // An end that is not none must not read as none: it says whether there may be no difference.
    let fine = step;
    if (low * high > 0) while (Math.abs(number) * scale < fine / 2 && fine > 1e-3) fine /= 10;
    const text = stepped(Math.abs(number * scale), fine);
    return /[1-9]/.test(text) && number < 0 ? `−${text}` : text;
  };
  return [write(value), write(low), write(high)];
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
