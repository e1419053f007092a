/** Names among other words. */

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name that keeps to itself in a text without elements: one written from right to left would carry along what follows it. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** A sentence in English in which names that are written from right to left keep to themselves. */
export function isolating(text: string, names: Iterable<string>): string {
  // The longest first: a name may be part of another.
  const own = [...new Set(names)].filter((name) => RIGHT_TO_LEFT.test(name)).sort((a, b) => b.length - a.length);
  if (own.length === 0) return text;
  const pattern = new RegExp(own.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  return text.replace(pattern, (name) => isolated(name));
}

/** A name in at most so many letters. */
export function shortened(name: string, most: number): string {
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, Math.max(1, most - 1)).join("").trimEnd()}…`;
}
