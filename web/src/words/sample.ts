/** What a sample of amounts comes to. */

/** Values in order. */
export function sorted(values: Iterable<number | null>): number[] {
  return [...values].filter((value): value is number => value !== null).sort((a, b) => a - b);
}

/** A quantile of values in order, between the nearest two. */
export function quantile(values: number[], share: number): number {
  const place = share * (values.length - 1);
  const below = values[Math.floor(place)] ?? NaN;
  const above = values[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The share of values below one, those equal to it counted half. */
export function rank(values: number[], value: number): number {
  const below = values.filter((other) => other < value).length;
  const equal = values.filter((other) => other === value).length;
  return (below + equal / 2) / values.length;
}

/** How many values fall into each of so many equal parts of a range. */
export function histogram(values: number[], low: number, high: number, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (const value of values) {
    const place = high > low ? Math.floor(((value - low) / (high - low)) * parts) : 0;
    const part = Math.max(0, Math.min(parts - 1, place));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

/** A share or a median, with the 95% interval that so many runs leave. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  runs: number;
}

/** A share with Wilson's interval, or a median with the order statistics around it; nothing of fewer than two values. */
export function estimate(sample: Iterable<number | null>, yesNo: boolean): Estimate | null {
  const values = sorted(sample);
  const n = values.length;
  if (n < 2) return null;
  const z = 1.96;
  if (!yesNo) {
    const half = (z * Math.sqrt(n)) / 2;
    const at = (rank: number) => values[Math.max(0, Math.min(n - 1, Math.round(rank)))]!;
    return { value: quantile(values, 0.5), low: at(n / 2 - half - 1), high: at(n / 2 + half), runs: n };
  }
  const share = mean(values);
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half), runs: n };
}
