/** What two results have both answered. */

import type { Answer, Estimate, PageData } from "../contract";
import { told } from "../state/live";

export interface Pair {
  answer: Answer;
  sides: [Estimate, Estimate];
  /** How many half intervals of their difference the two are apart. */
  apart: number;
}

/** Answers of both, headlines first: the same question, at the same moment, in the same unit. And how many are of only one. */
export function pairs(left: PageData, right: PageData): { both: Pair[]; alone: number } {
  const inWords = told(left.answers);
  const others = new Map(right.answers.map((answer) => [key(answer), answer]));
  const both: Pair[] = [];
  let shared = 0;
  left.answers.forEach((own, place) => {
    const other = others.get(key(own));
    if (!other) return;
    shared += 1;
    if (!own.whole || !other.whole) return;
    both.push({ answer: inWords[place]!, sides: [own.whole, other.whole], apart: apart(own.whole, other.whole) });
  });
  both.sort((a, b) => Number(b.answer.headline) - Number(a.answer.headline));
  return { both, alone: left.answers.length + right.answers.length - 2 * shared };
}

/** What is alike in two answers of the same question: in two files an id may stand for two. */
function key({ id, text, label, yes_no, unit }: Answer): string {
  return JSON.stringify([id, text, label, yes_no, unit.format, unit.word]);
}

/** How many replicates two results of a scenario share: of one seed, those with the same numbers have the same luck. */
export function inCommon(one: PageData, other: PageData): number {
  if (one.seed !== other.seed || one.scenario !== other.scenario) return 0;
  const end = ({ first, replicates }: PageData) => first + replicates;
  return Math.max(0, Math.min(end(one), end(other)) - Math.max(one.first, other.first));
}

/** How many half intervals of their difference two values are apart (Newcombe 1998, method 10). */
function apart(one: Estimate, other: Estimate): number {
  const [low, high] = one.value < other.value ? [one, other] : [other, one];
  const half = Math.hypot(low.high - low.value, high.value - high.low);
  return half > 0 ? (high.value - low.value) / half : high.value > low.value ? Infinity : 0;
}
