/** A run as it was played, so that any frame can be asked for. */

import type { Happening, PageData, Play } from "../contract";
import { isolated, isolating } from "../words/names";

/** What goes on over several steps: an offensive or siege while it lasts, talks while they are held. */
export interface Spell {
  kind: "offensive" | "siege" | "talks";
  who: string;
  other: string | null;
  /** The place that is fought for. */
  zone: string | null;
  public: boolean;
  from: number;
  /** The last frame in which it goes on. */
  until: number;
}

export class Recording {
  readonly spells: Spell[];
  readonly frames: number;
  /** Places of the factions that are there at some time: not of those that might have split off and did not. */
  readonly there: number[];
  private readonly place: Map<string, number>;
  private readonly zone: Map<string, number>;
  private readonly names: string[];

  constructor(
    readonly play: Play,
    readonly data: PageData,
  ) {
    this.frames = play.dates.length;
    this.place = new Map(play.factions.map((id, place) => [id, place]));
    this.zone = new Map(data.zones.map(({ id }, place) => [id, place]));
    this.names = [...namesOf(data), ...play.names];
    this.there = play.factions.flatMap((_, place) => (play.fighters.some((all) => (all[place] ?? 0) > 0) ? [place] : []));
    this.spells = spells(play.happenings, this.frames);
  }

  /** The place of a faction, or of a zone, by its id. */
  factionPlace(id: string): number | undefined {
    return this.place.get(id);
  }

  zonePlace(id: string | null): number | undefined {
    return id === null ? undefined : this.zone.get(id);
  }

  /** Short name of whoever or whatever has an id. */
  name(id: string): string {
    const place = this.place.get(id);
    const actor = this.data.actors.find((actor) => actor.id === id);
    const faction = actor?.name ?? (place === undefined ? undefined : this.play.names[place]);
    if (faction !== undefined) return isolated(faction);
    const zone = this.zone.get(id);
    return zone === undefined ? id : this.zoneName(zone);
  }

  /** What happened, as a sentence. */
  told({ text }: Happening): string {
    return isolating(text, this.names);
  }

  zoneName(place: number): string {
    const { name, town_of } = this.data.zones[place]!;
    return isolated(name) + (town_of === null ? "" : " (town)");
  }

  /** Who holds each zone, by place of the faction. */
  holders(frame: number): number[] {
    return latest(this.play.holders, frame);
  }

  /** The stances of all pairs. */
  stances(frame: number): number[] {
    return latest(this.play.stances, frame);
  }

  /** Where a pair stands in the list of pairs. */
  pair(a: number, b: number): number {
    const [low, high] = a < b ? [a, b] : [b, a];
    const size = this.play.factions.length;
    return low * size - (low * (low + 1)) / 2 + (high - low - 1);
  }

  /** The frame of a date: the last that has begun by then. */
  frameOf(date: string): number {
    const after = this.play.dates.findIndex((other) => other > date);
    return Math.max(0, (after < 0 ? this.frames : after) - 1);
  }

  /** What goes on in a frame. */
  at(frame: number): Spell[] {
    return this.spells.filter(({ from, until }) => from <= frame && frame <= until);
  }

  /** Zones that changed hands in the step before a frame. */
  fallen(frame: number): Set<number> {
    if (frame === 0) return new Set();
    const before = this.holders(frame - 1);
    const now = this.holders(frame);
    return new Set(now.flatMap((holder, zone) => (holder === before[zone] ? [] : [zone])));
  }
}

/** The names of all that a scenario has. */
export function namesOf({ actors, zones }: PageData): string[] {
  return [...actors.flatMap(({ name, full }) => [name, full]), ...zones.map(({ name }) => name)];
}

function latest(kept: [number, number[]][], frame: number): number[] {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle]![0] <= frame) low = middle + 1;
    else high = middle;
  }
  return kept[low - 1]?.[1] ?? [];
}

/** What was begun, and goes on until something ends it: attacks by attacker and zone, talks by pair. */
function spells(happenings: Happening[], frames: number): Spell[] {
  const all: Spell[] = [];
  const open: Spell[] = [];
  const pair = (a: string, b: string | null) => [a, b ?? ""].sort().join(" ");
  const end = (frame: number, over: (spell: Spell) => boolean) => {
    for (let place = open.length - 1; place >= 0; place--) {
      const spell = open[place]!;
      if (!over(spell)) continue;
      spell.until = Math.max(spell.from, frame - 1);
      open.splice(place, 1);
    }
  };
  for (const { step, kind, who, other, to, public: known } of happenings) {
    const frame = step + 1;
    const attack = (spell: Spell) => spell.kind !== "talks" && spell.who === who && spell.zone === to;
    if (kind === "offensive" || kind === "siege" || kind === "talks_opened") {
      const talks = kind === "talks_opened";
      end(frame, talks ? () => false : attack);
      const spell: Spell = {
        kind: talks ? "talks" : kind,
        who,
        other,
        zone: talks ? null : to,
        public: known,
        from: frame,
        until: frames - 1,
      };
      all.push(spell);
      open.push(spell);
    } else if (kind === "repelled") {
      end(frame, attack);
    } else if (kind === "control_changed") {
      end(frame, ({ zone }) => zone === who);
    } else if (kind === "talks_ended" || kind === "stance_changed") {
      end(
        frame,
        (spell) => pair(spell.who, spell.other) === pair(who, other) && (spell.kind === "talks" || kind === "stance_changed"),
      );
    } else if (kind === "gone" || kind === "merged") {
      end(frame, (spell) => spell.who === who || spell.other === who);
    }
  }
  return all;
}
