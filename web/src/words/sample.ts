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
