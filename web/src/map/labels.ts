/** Where letters and names stand on the map: each on the ground that it tells of, and none over another. */

import type { Zone } from "../contract";
import type { Ground, Point } from "./ground";

export interface Label {
  zone: number;
  /** One line, or two. */
  lines: string[];
  small: boolean;
  /** The middle of the first line, at the foot of its letters. */
  x: number;
  y: number;
}

export interface Mark {
  x: number;
  y: number;
  small: boolean;
}

export interface Labels {
  /** Where the letters of a zone's holder stand; null where they find no room. */
  letters: (Mark | null)[];
  names: Label[];
  /** Where something is written. */
  taken: Box[];
}

/** Up to how many zones a map names them all, where there is room. */
const MOST_NAMES = 40;
/** Height of a line of a name. */
const LINE = 13;
/** How large small names are beside others. */
const SMALL = 0.87;
/** Room about a name, for its halo. */
const HALO = 2;

export type Box = [left: number, top: number, right: number, bottom: number];
type Stretch = [left: number, right: number];

/**
 * Finds room for letters and names: those of named places first, then letters, then the other names. `measure` gives the width
 * of a name, `widest` that of the widest letters on the map.
 */
export function placeLabels(zones: Zone[], ground: Ground, widest: number, measure: (text: string) => number): Labels {
  const { places, radius, width, height } = ground;
  const rows = places.map(({ rings }) => new Rows(rings, height));
  const taken: Box[] = places
    .filter(({ circle }) => circle)
    .map(({ x, y }) => [x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1]);
  const letters: Labels["letters"] = zones.map(() => null);
  const names: Label[] = [];
  const letter = (zone: number) => {
    const place = places[zone]!;
    if (place.circle) {
      letters[zone] = { x: place.x, y: place.y + 3, small: true };
      return;
    }
    for (const [size, small] of [
      [1, false],
      [0.78, true],
    ] as const) {
      const found = within(rows[zone]!, width, widest * size + 2, 11 * size + 1, [place.x, place.y], taken);
      if (!found) continue;
      taken.push(found);
      letters[zone] = { x: (found[0] + found[2]) / 2, y: found[3] - 1.5, small };
      return;
    }
  };
  const write = (zone: number) => {
    const place = places[zone]!;
    const text = zones[zone]!.name;
    if (names.some(({ lines }) => lines.join(" ") === text)) return;
    const others = zones.flatMap(({ name }, other) => (other === zone ? [] : [name]));
    for (const [lines, size] of wordings(text, others, measure)) {
      const wide = Math.max(...lines.map(measure)) * size + 2 * HALO;
      const tall = lines.length * LINE * size + HALO;
      const found = place.circle
        ? beside(zone, zones, ground, wide, tall, taken)
        : within(rows[zone]!, width, wide, tall, [place.x, place.y + 6 + tall / 2], taken);
      if (!found) continue;
      taken.push(found);
      names.push({ zone, lines, x: (found[0] + found[2]) / 2, y: found[1] + (LINE - 2) * size, small: size < 1 });
      return;
    }
  };
  const order = zones.map((_, place) => place);
  const named = order.filter((place) => zones[place]!.named);
  const others = order.filter((place) => !zones[place]!.named);
  for (const place of named) {
    letter(place);
    write(place);
    if (names.some(({ zone }) => zone === place) || letters[place] === null || places[place]!.circle) continue;
    // Where there is room for one only, the name that is always written has it.
    taken.pop();
    letters[place] = null;
    write(place);
    letter(place);
  }
  for (const place of others) letter(place);
  // A place that is named has its name even where that covers other ground.
  for (const place of named) {
    if (names.some(({ zone }) => zone === place)) continue;
    names.push(...overGround([place], { letters, names, taken }, zones, ground, measure));
  }
  if (zones.length <= MOST_NAMES) for (const place of others) write(place);
  return { letters, names, taken };
}

/** Names over whatever ground there is about the middle of some places, those excepted that have theirs: over no letters if that can be. */
export function overGround(
  wanted: number[],
  { names, taken }: Labels,
  zones: Zone[],
  { places, width, height }: Ground,
  measure: (text: string) => number,
): Label[] {
  const boxes = [...taken];
  const written = new Set(names.map(({ lines }) => lines.join(" ")));
  return wanted.flatMap((zone) => {
    const { name } = zones[zone]!;
    if (written.has(name)) return [];
    written.add(name);
    const { x, y } = places[zone]!;
    const [wide, tall] = [measure(name) * SMALL + 2 * HALO, LINE * SMALL + HALO];
    const around = [0, 12, -12].flatMap((aside) =>
      [8, 8 + tall, -8 - tall, -8 - 2 * tall].map((off): Box => {
        const middle = Math.max(wide / 2, Math.min(width - wide / 2, x + aside));
        const top = Math.max(0, Math.min(height - tall, y + off));
        return [middle - wide / 2, top, middle + wide / 2, top + tall];
      }),
    );
    const found = around.find((box) => !boxes.some((other) => meet(box, other))) ?? around[0]!;
    boxes.push(found);
    taken.push(found);
    return [{ zone, lines: [name], small: true, x: (found[0] + found[2]) / 2, y: found[1] + (LINE - 2) * SMALL }];
  });
}

/** A name in one line, in two, small, and cut short after ever fewer words, unless another's would read the same then. */
function wordings(text: string, others: string[], measure: (text: string) => number): [lines: string[], size: number][] {
  const words = text.split(/\s+/).filter(Boolean);
  const splits = words.slice(1).map((_, place) => [words.slice(0, place + 1).join(" "), words.slice(place + 1).join(" ")]);
  const width = (lines: string[]) => Math.max(...lines.map(measure));
  const two = splits.sort((a, b) => width(a) - width(b))[0];
  const short = words
    .slice(1)
    .map((_, place) => words.slice(0, place + 1))
    .reverse()
    .map((some) => some.join(" ").replace(/[\s,:;(–-]+$/, ""))
    .filter((some) => /\p{L}{3,}/u.test(some) && !/(^|\s)(and|with|of|the|by|or|to|in|at)$/i.test(some))
    .filter((some) => !others.some((other) => other.startsWith(some)));
  const whole = [[text], ...(two ? [two] : [])];
  const sized = (size: number) => (lines: string[]): [string[], number] => [lines, size];
  return [...whole.map(sized(1)), ...whole.map(sized(SMALL)), ...short.map((some) => sized(1)([`${some} …`]))];
}

/** How far apart the lines are along which ground is looked at. */
const STEP = 3;

/** A zone's ground, line by line; each line is looked at once. */
class Rows {
  readonly low: number;
  readonly high: number;
  private readonly known = new Map<number, Stretch[]>();

  constructor(
    private readonly rings: Point[][],
    height: number,
  ) {
    const ys = rings.flatMap((ring) => ring.map((point) => point[1]));
    this.low = Math.ceil(Math.max(0, Math.min(...ys)) / STEP);
    this.high = Math.floor(Math.min(height, Math.max(...ys)) / STEP);
  }

  at(row: number): Stretch[] {
    const found = this.known.get(row) ?? inside(this.rings, row * STEP);
    this.known.set(row, found);
    return found;
  }
}

/** Room for a box on a zone's own ground, as near to a point as there is some. */
function within(ground: Rows, width: number, wide: number, tall: number, [x, y]: Point, taken: Box[]): Box | null {
  const rows = Math.ceil(tall / STEP);
  let best: Box | null = null;
  let least = Infinity;
  for (let row = ground.low; row + rows <= ground.high; row++) {
    const top = row * STEP;
    // What is farther above or below than the best is away cannot be nearer.
    const off = Math.abs(top + tall / 2 - y);
    if (off >= least) continue;
    for (const [left, right] of free(ground, row, rows, taken, width)) {
      if (right - left < wide) continue;
      const middle = Math.max(left + wide / 2, Math.min(right - wide / 2, x));
      const distance = Math.hypot(middle - x, off);
      if (distance >= least) continue;
      least = distance;
      best = [middle - wide / 2, top, middle + wide / 2, top + tall];
    }
  }
  return best;
}

/** The stretches that are a zone's over so many rows and the one below them, and are not taken. */
function free(ground: Rows, row: number, rows: number, taken: Box[], width: number): Stretch[] {
  let stretches: Stretch[] = [[0, width]];
  for (let line = row; line <= row + rows && stretches.length > 0; line++) stretches = common(stretches, ground.at(line));
  for (const [left, above, right, below] of stretches.length > 0 ? taken : []) {
    if (above >= (row + rows) * STEP || below <= row * STEP) continue;
    stretches = stretches.flatMap(([from, to]): Stretch[] =>
      right <= from || left >= to
        ? [[from, to]]
        : [
            [from, left],
            [right, to],
          ],
    );
  }
  return stretches;
}

/** The stretches of a line across that lie within an odd number of rings. */
function inside(rings: Point[][], y: number): Stretch[] {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let place = 0; place < ring.length; place++) {
      const [a, b] = [ring[place]!, ring[(place + 1) % ring.length]!];
      if (a[1] > y !== b[1] > y) crossings.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    }
  }
  crossings.sort((a, b) => a - b);
  return Array.from({ length: Math.floor(crossings.length / 2) }, (_, pair) => [crossings[2 * pair]!, crossings[2 * pair + 1]!]);
}

function common(some: Stretch[], others: Stretch[]): Stretch[] {
  return some.flatMap(([left, right]) =>
    others.flatMap(([from, to]): Stretch[] => {
      const [start, end] = [Math.max(left, from), Math.min(right, to)];
      return end > start ? [[start, end]] : [];
    }),
  );
}

/** Room for a name beside a circle, over no ground but that in which the circle lies, or that of no zone. */
function beside(zone: number, zones: Zone[], ground: Ground, wide: number, tall: number, taken: Box[]): Box | null {
  const { places, radius, width, height } = ground;
  const { x, y } = places[zone]!;
  const around = zones[zone]!.town_of ?? places.findIndex(({ rings }) => covers(rings, x, y));
  const off = radius + 2;
  const boxes: Box[] = [
    [x - wide / 2, y + off, x + wide / 2, y + off + tall],
    [x - wide / 2, y - off - tall, x + wide / 2, y - off],
    [x + off, y - tall / 2, x + off + wide, y + tall / 2],
    [x - off - wide, y - tall / 2, x - off, y + tall / 2],
  ];
  const onOwn = ([left, top, right, bottom]: Box) =>
    [top, (top + bottom) / 2, bottom].every((line) =>
      places.every(({ rings }, other) => other === around || common(inside(rings, line), [[left, right]]).length === 0),
    );
  const isFree = (box: Box) =>
    box[0] >= 0 && box[2] <= width && box[1] >= 0 && box[3] <= height && !taken.some((other) => meet(box, other)) && onOwn(box);
  return boxes.find(isFree) ?? null;
}

function covers(rings: Point[][], x: number, y: number): boolean {
  return inside(rings, y).some(([left, right]) => left <= x && x <= right);
}

function meet(one: Box, other: Box): boolean {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
