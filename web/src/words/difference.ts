/** A paired difference in words. */

import type { Answer, Difference } from "../contract";
import { type Read, read, unitWord } from "./numbers";

/** What a difference comes to. */
export interface Told {
  /** "4 points more likely". */
  words: string;
  /** "−1 to +9"; where all of it is on one side, "3 to 15 points less". */
  interval: string;
  /** Whether the interval leaves no difference possible. */
  maybeNothing: boolean;
}

/** Says a difference, or nothing if too few runs tell. */
export function tell(answer: Answer, found: Difference): Told | null {
  const { difference, low, high } = found;
  if (difference === null) return null;
  const same = found.gained === 0 && found.lost === 0;
  if (same && (low === null || low === high)) return { words: "no run differs", interval: "", maybeNothing: true };
  const { size, low: from, high: to } = alike(answer, found);
  const maybeNothing = low === null || high === null || (low <= 0 && high >= 0);
  const signed = low === null || high === null ? "" : from === to ? from : `${from} to ${to}`;
  if (same) return { words: "no run differs", interval: signed, maybeNothing: false };
  const words = sized(answer, size.replace("−", ""), difference);
  // Words that say the sign say it of both ends; an interval with both signs keeps them.
  const one = !maybeNothing && from !== to && /[1-9]/.test(size);
  return { words, interval: one ? ends(answer, difference, from, to) : signed, maybeNothing };
}

/** An interval on one side of none, the end that is nearer to none first: "3 to 15 points less". */
function ends(answer: Answer, difference: number, from: string, to: string): string {
  const [near, far] = (difference > 0 ? [from, to] : [to, from]).map((end) => end.replace(/^[+−]/, ""));
  const [more, less] = answer.yes_no ? ["more", "less"] : answer.unit.format === "percent" ? ["higher", "lower"] : ["more", "fewer"];
  const points = answer.unit.format === "percent" ? " points" : "";
  return `${near} to ${far}${points} ${difference > 0 ? more : less}`;
}

function sized(answer: Answer, size: string, difference: number): string {
  const more = difference > 0;
  if (!/[1-9]/.test(size)) return answer.yes_no ? "as likely as before" : "as much as before";
  const points = `${size} ${size === "1" ? "point" : "points"}`;
  if (answer.yes_no) return `${points} ${more ? "more" : "less"} likely`;
  if (answer.unit.format === "percent") return `${points} ${more ? "higher" : "lower"} on average`;
  const word = answer.unit.word ? `${unitWord(answer.unit.word, size)} ` : "";
  return `${size} ${more ? "more" : "fewer"} ${word}on average`;
}

/** A difference and its two sides, rounded alike. */
export function alike({ unit }: Answer, { difference, low, high, baseline, value }: Difference): Read {
  const size = difference ?? NaN;
  const areKnown = typeof baseline === "number" && typeof value === "number";
  return read(unit, size, low ?? size, high ?? size, areKnown ? [baseline, value] : undefined);
}

/** A difference for a table: "+4", "−1 to +9". */
export function brief(answer: Answer, found: Difference): [string, string] {
  if (found.difference === null) return ["–", ""];
  const { size, low, high } = alike(answer, found);
  const plus = found.difference > 0 && /[1-9]/.test(size) ? "+" : "";
  return [plus + size, found.low === null || found.high === null ? "" : `${low} to ${high}`];
}

/** How many half intervals a difference is away from none; more is clearer. */
export function clarity({ difference, low, high }: Difference): number {
  if (difference === null || low === null || high === null || difference === 0) return 0;
  const half = difference > 0 ? difference - low : high - difference;
  return half > 0 ? Math.abs(difference) / half : Infinity;
}

/** By how many half intervals of 95% a difference must be away from none if one looks at so many together (Bonferroni). */
export function threshold(together: number): number {
  return quantile(1 - 0.025 / Math.max(1, together)) / quantile(0.975);
}

/** The standard normal's quantile above the median, to three digits (Abramowitz and Stegun 26.2.23). */
function quantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - probability));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  return t - above / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}
