/** The map of a run at a date: who holds what, and what goes on. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { PageData } from "../contract";
import { type Ground, layOut } from "../map/ground";
import { type Look, holderLook } from "../map/look";
import type { Recording, Spell } from "../state/recording";

interface Props {
  recording: Recording;
  looks: Look[];
  frame: number;
  label: string;
  /** The run that this one stands beside: zones that others hold there are marked. */
  beside?: Recording;
}

export function WorldMap({ recording, looks, frame, label, beside }: Props) {
  const { data } = recording;
  const [box, width] = useWidth();
  const ground = useMemo(() => layOut(data.zones, width), [data, width]);
  const names = useMemo(() => placeNames(data, ground), [data, ground]);
  const holders = recording.holders(frame);
  const fallen = recording.fallen(frame);
  const there = beside?.holders(frame);
  const differs = (zone: number) =>
    beside !== undefined && looks[holders[zone] ?? -1]?.id !== beside.play.factions[there?.[zone] ?? -1];
  if (data.zones.length === 0) return <p class="about">This scenario has no zones.</p>;
  const order = data.zones
    .map((_, zone) => zone)
    .sort((a, b) => Number(ground.places[a]!.circle) - Number(ground.places[b]!.circle));
  return (
    <div ref={box}>
      <svg class="world" viewBox={`0 0 ${ground.width} ${ground.height.toFixed(0)}`} role="img" aria-label={label}>
        <defs>
          <marker id="entente-tip-of-arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0L8,4L0,8Z" />
          </marker>
        </defs>
        {order.map((zone) => {
          const place = ground.places[zone]!;
          const look = holderLook(looks, holders[zone]);
          const tip = `${data.zones[zone]!.name}${data.zones[zone]!.town_of === null ? "" : " (town)"}: ${look.name === "nobody" ? "held by nobody" : `held by ${look.name}`}`;
          const flash = fallen.has(zone) ? "zone fallen" : "zone";
          return place.circle ? (
            <circle
              key={`${zone} ${fallen.has(zone)}`}
              class={flash}
              cx={place.x}
              cy={place.y}
              r={ground.radius}
              fill={look.colour}
              data-tip={tip}
            />
          ) : (
            <path
              key={`${zone} ${fallen.has(zone)}`}
              class={flash}
              d={place.outline}
              fill={look.colour}
              fill-rule="evenodd"
              data-tip={tip}
            />
          );
        })}
        {data.closed.map(([a, b]) => (
          <Closed key={`${a} ${b}`} ground={ground} a={a} b={b} />
        ))}
        {data.zones.map((zone, place) => {
          const look = holderLook(looks, holders[place]);
          const at = names.letters[place];
          return (
            at && (
              <text
                key={zone.id}
                class={ground.places[place]!.circle ? "letters small" : "letters"}
                x={at[0]}
                y={at[1]}
                fill={look.ink}
              >
                {look.letters}
              </text>
            )
          );
        })}
        {names.names.map(({ text, x, y }) => (
          <text key={text} class="place" x={x} y={y}>
            {text}
          </text>
        ))}
        {recording.at(frame).map((spell, number) => (
          <Fight key={number} spell={spell} recording={recording} ground={ground} holders={holders} />
        ))}
        {ground.places.map(({ x, y }, zone) => {
          const [left, top] = names.letters[zone] ?? [x, y + 4];
          return differs(zone) && <circle key={zone} class="differs" cx={left} cy={top - 4} r={12} />;
        })}
      </svg>
    </div>
  );
}

/** How wide an element is, in pixels. */
function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(640);
  useLayoutEffect(() => {
    const measure = () => {
      const found = box.current?.clientWidth ?? 0;
      if (found > 0) width.value = found;
    };
    measure();
    const sized = new ResizeObserver(measure);
    sized.observe(box.current!);
    return () => sized.disconnect();
  }, []);
  return [box, width.value];
}

/** A short line across the middle between two zones whose border is closed. */
function Closed({ ground, a, b }: { ground: Ground; a: number; b: number }) {
  const [from, to] = [ground.places[a], ground.places[b]];
  if (!from || !to) return null;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [((to.y - from.y) / length) * 9, ((from.x - to.x) / length) * 9];
  return <line class="closed" x1={x - dx} y1={y - dy} x2={x + dx} y2={y + dy} />;
}

/** An offensive as an arrow from the nearest zone of the attacker; a siege as a ring. */
function Fight({ spell, recording, ground, holders }: { spell: Spell; recording: Recording; ground: Ground; holders: number[] }) {
  const zone = recording.zonePlace(spell.zone);
  const target = zone === undefined ? undefined : ground.places[zone];
  if (!target || spell.kind === "talks") return null;
  const own = recording.factionPlace(spell.who);
  const distance = (place: { x: number; y: number }) => Math.hypot(place.x - target.x, place.y - target.y);
  const from = ground.places
    .filter((_, other) => other !== zone && holders[other] === own)
    .sort((a, b) => distance(a) - distance(b))[0];
  const tip = `${recording.name(spell.who)} ${spell.kind === "siege" ? "besieges" : "attacks"} ${recording.name(spell.zone ?? "")}`;
  if (spell.kind === "siege") {
    return <circle class="siege" cx={target.x} cy={target.y} r={ground.radius * 2.4} data-tip={tip} />;
  }
  const start = from ?? { x: target.x - 26, y: target.y - 26 };
  const length = distance(start) || 1;
  const share = Math.max(0, Math.min(1 - 8 / length, 1));
  const begin = Math.max(0, 1 - 70 / length);
  const at = (part: number) => [start.x + (target.x - start.x) * part, start.y + (target.y - start.y) * part];
  const [[x1, y1], [x2, y2]] = [at(begin), at(share)] as [[number, number], [number, number]];
  return (
    <g class="attack" data-tip={tip}>
      <line class="halo" x1={x1} y1={y1} x2={x2} y2={y2} />
      <line x1={x1} y1={y1} x2={x2} y2={y2} marker-end="url(#entente-tip-of-arrow)" />
    </g>
  );
}

interface Names {
  /** Where the letters of a zone's holder stand; null where they find no room. */
  letters: ([number, number] | null)[];
  names: { text: string; x: number; y: number }[];
}

/** Up to how many zones a map names them all, where there is room. */
const MOST_NAMES = 40;

/** Finds room for letters and names: those of named places first, then letters, then the other names. */
function placeNames({ zones }: PageData, { places, radius, width, height }: Ground): Names {
  const taken: [number, number, number, number][] = [];
  const free = (x: number, y: number, wide: number, tall: number) => {
    const own: [number, number, number, number] = [x - wide / 2, y - tall, x + wide / 2, y];
    if (own[0] < 0 || own[2] > width || own[1] < 0 || own[3] > height) return false;
    if (taken.some(([left, top, right, bottom]) => own[0] < right && left < own[2] && own[1] < bottom && top < own[3]))
      return false;
    taken.push(own);
    return true;
  };
  const names: Names["names"] = [];
  const write = (place: number) => {
    const { x, y, circle } = places[place]!;
    const text = zones[place]!.name;
    if (names.some((other) => other.text === text)) return;
    const wide = text.length * 6.2 + 4;
    const offset = circle ? radius + 3 : 9;
    const tries: [number, number][] = [
      [x, y + offset + 11],
      [x, y - offset],
      [x + wide / 2 + offset, y + 4],
      [x - wide / 2 - offset, y + 4],
    ];
    const found = tries.find(([left, top]) => free(left, top, wide, 12));
    if (found) names.push({ text, x: found[0], y: found[1] });
  };
  const order = zones.map((_, place) => place);
  for (const place of order)
    if (places[place]!.circle)
      taken.push([places[place]!.x - radius, places[place]!.y - radius, places[place]!.x + radius, places[place]!.y + radius]);
  const letters: Names["letters"] = order.map(() => null);
  const letter = (place: number) => {
    const { x, y, circle } = places[place]!;
    const off = radius + 10;
    const tries: [number, number][] = [
      [x, y + 4],
      [x, y - off + 6],
      [x + off, y + 4],
      [x - off, y + 4],
      [x, y + off + 4],
    ];
    letters[place] = circle ? [x, y + 3] : (tries.find(([left, top]) => free(left, top, 18, 12)) ?? null);
  };
  const named = order.filter((place) => zones[place]!.named);
  const others = order.filter((place) => !zones[place]!.named);
  for (const place of named) letter(place);
  for (const place of named) write(place);
  for (const place of others) letter(place);
  if (zones.length <= MOST_NAMES) for (const place of others) write(place);
  return { letters, names };
}
