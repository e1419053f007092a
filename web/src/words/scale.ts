/** Axes of charts: marks that are read at a glance, and labels that do not lie on each other. */

/** Marks from 0 on in even whole steps, some five of them; none of the amounts lies above the last. */
export function evenMarks(most: number): number[] {
  const size = Math.max(1, most) / 5;
  const power = 10 ** Math.floor(Math.log10(size));
  const step = Math.max(1, ([1, 2, 5, 10].find((times) => times * power >= size) ?? 10) * power);
  const parts = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: parts + 1 }, (_, part) => part * step);
}

/** How many marks of a scale that multiplies can be read. */
const MANY = 10;

/** Marks of a scale that multiplies: 1, 2 and 5 of each power of ten, or the powers alone; no amount lies beyond the ends. */
export function multiples(least: number, most: number): number[] {
  const powers = Array.from({ length: 13 }, (_, power) => 10 ** power);
  const around = (all: number[]) => {
    const first = all.findLastIndex((mark) => mark <= least);
    const last = all.findIndex((mark) => mark >= most);
    return all.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
  };
  const fine = around(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  return fine.length > MANY ? around(powers) : fine;
}

/** Where labels stand that would be at these places: in the same order, and so far apart, within two ends. */
export function apart(places: number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, label) => label).sort((a, b) => places[a]! - places[b]!);
  const wanted = order.map((label) => places[label]!);
  // Half as far as if all gave way down, and half as far as if all gave way up.
  const [down, up] = [pushedDown(wanted, gap, -Infinity), pushedUp(wanted, gap, Infinity)];
  const middle = wanted.map((_, place) => (down[place]! + up[place]!) / 2);
  const within = pushedUp(pushedDown(middle, gap, low), gap, high);
  return places.map((_, label) => within[order.indexOf(label)]!);
}

function pushedDown(places: number[], gap: number, low: number): number[] {
  let least = low;
  return places.map((place) => {
    const found = Math.max(place, least);
    least = found + gap;
    return found;
  });
}

function pushedUp(places: number[], gap: number, high: number): number[] {
  const mirrored = places.map((place) => -place).reverse();
  return pushedDown(mirrored, gap, -high).map((place) => -place).reverse();
}
