/** The map of a run at a date: who holds what, and what goes on. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { type Ground, layOut } from "../map/ground";
import { overGround, placeLabels } from "../map/labels";
import { type Look, holderLook } from "../map/look";
import type { Recording, Spell } from "../state/recording";
import { isolated } from "../words/names";

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
  const labels = useMemo(() => {
    // Room for the letters of whoever may come to hold a zone, so that nothing moves while a run is played.
    const widest = Math.max(0, ...looks.map(({ letters }) => measured(LETTERS_FONT, letters)));
    return placeLabels(data.zones, ground, widest, (text) => measured(NAME_FONT, text));
  }, [data, ground, looks]);
  const spells = recording.at(frame);
  // What is fought for is named while it is.
  const fought = useMemo(() => {
    const places = spells.flatMap(({ kind, zone }) => (kind === "talks" ? [] : [recording.zonePlace(zone)]));
    const known = places.filter((place) => place !== undefined);
    return overGround(known, { ...labels, taken: [...labels.taken] }, data.zones, ground, (text) => measured(NAME_FONT, text));
  }, [recording, frame, labels, data, ground]);
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
          const tip = `${recording.zoneName(zone)}: held by ${isolated(look.name)}`;
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
          const at = labels.letters[place];
          return (
            at && (
              <text key={zone.id} class={at.small ? "letters small" : "letters"} x={at.x} y={at.y} fill={look.ink}>
                {look.letters}
              </text>
            )
          );
        })}
        {spells.map((spell, number) => (
          <Fight key={number} spell={spell} recording={recording} ground={ground} holders={holders} />
        ))}
        {[...labels.names, ...fought].map(({ zone, lines, small, x, y }) => (
          <text key={zone} class={small ? "place small" : "place"} y={y}>
            {lines.map((line, place) => (
              <tspan key={place} x={x} dy={place === 0 ? 0 : "1.13em"}>
                {line}
              </tspan>
            ))}
          </text>
        ))}
        {ground.places.map(({ x, y }, zone) => {
          const at = labels.letters[zone] ?? { x, y: y + 4 };
          return differs(zone) && <circle key={zone} class="differs" cx={at.x} cy={at.y - 4} r={12} />;
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

const NAME_FONT = '11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const LETTERS_FONT = NAME_FONT.replace("11.5px", "600 11px");

/** How wide a text is drawn. */
const measured = (() => {
  const pen = document.createElement("canvas").getContext("2d");
  return (font: string, text: string): number => {
    if (!pen) return text.length * 7;
    pen.font = font;
    return pen.measureText(text).width;
  };
})();
