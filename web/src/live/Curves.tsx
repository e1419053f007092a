/** Fighters and deaths over a run, with a cursor at the date. */

import uPlot from "uplot";
import { useEffect, useRef } from "preact/hooks";
import type { Look } from "../map/look";
import type { Recording } from "../state/recording";
import type { Watch } from "../state/watch";
import { seconds } from "../words/dates";
import { isolated } from "../words/names";
import { count } from "../words/numbers";
import { Badge } from "./Key";

interface Curve {
  name: string;
  colour: string;
  dash: number[];
  values: (number | null)[];
  look?: Look;
}

const DASHES = [[], [8, 3], [2, 3], [8, 3, 2, 3]];

export function Curves({ watch, recording, looks }: { watch: Watch; recording: Recording; looks: Look[] }) {
  const { play } = recording;
  const fighters = looks
    .map((look, place): Curve => {
      const values = play.fighters.map((all) => all[place] || null);
      return { name: look.name, colour: look.colour, dash: DASHES[place % 4]!, values, look };
    })
    .filter(({ values }) => values.some((value) => value !== null));
  const people: Curve[] = [
    { name: "Killed since the start", colour: "#222222", dash: [], values: play.deaths },
    { name: "Displaced people", colour: "#0072b2", dash: [], values: play.displaced },
  ];
  return (
    <div class="curves">
      <Plot title="Fighters" curves={fighters} watch={watch} recording={recording} />
      <Plot title="Killed since the start" curves={people.slice(0, 1)} watch={watch} recording={recording} />
      {play.displaced.some((value) => value > 0) && (
        <Plot title="Displaced people" curves={people.slice(1)} watch={watch} recording={recording} />
      )}
    </div>
  );
}

function Plot({ title, curves, watch, recording }: { title: string; curves: Curve[]; watch: Watch; recording: Recording }) {
  const box = useRef<HTMLDivElement>(null);
  const steep = isSteep(curves);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const host = box.current!;
    const times = recording.play.dates.map(seconds);
    const options: uPlot.Options = {
      width: host.clientWidth,
      height: 200,
      // For the last date, which stands about its mark.
      padding: [null, 32, null, null],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: {
        x: { time: true },
        y: steep
          ? { distr: 3, range: (_, low, high) => [low * 0.8, high * 1.3] }
          : { range: (_, __, high) => [0, Math.max(1, high * 1.05)] },
      },
      axes: [
        { grid: { show: false }, font: FONT, stroke: "#5a5a5a", values: years },
        {
          font: FONT,
          stroke: "#5a5a5a",
          size: (_, marks) => 22 + 7.5 * Math.max(4, ...(marks ?? []).map((mark) => mark.length)),
          ...(steep && { splits: multiples }),
          grid: { stroke: "#e6e6e6", width: 1 },
          values: (_, ticks) => ticks.map(count),
          ...(steep && { filter: (_: uPlot, marks: number[]) => marks }),
        },
      ],
      series: [
        {},
        ...curves.map(({ name, colour, dash }) => ({ label: name, stroke: colour, width: 1.8, dash, points: { show: false } })),
      ],
      hooks: {
        draw: [
          (own) => {
            const x = Math.round(own.valToPos(times[watch.frame.peek()] ?? 0, "x", true));
            own.ctx.fillStyle = "#222";
            own.ctx.fillRect(x, own.bbox.top, devicePixelRatio, own.bbox.height);
          },
        ],
      },
    };
    const made = new uPlot(options, [times, ...curves.map(({ values }) => values)], host);
    plot.current = made;
    made.over.addEventListener("click", () => {
      if (made.cursor.idx !== null && made.cursor.idx !== undefined) watch.frame.value = made.cursor.idx;
    });
    const sized = new ResizeObserver(() => host.clientWidth > 0 && made.setSize({ width: host.clientWidth, height: 200 }));
    sized.observe(host);
    return () => {
      sized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [recording]);
  const frame = watch.frame.value;
  useEffect(() => plot.current?.redraw(false, false), [frame]);
  const named = (name: string) => (curves.length > 1 ? `${isolated(name)} ` : "");
  const now = curves.map(({ name, values }) => named(name) + count(values[frame] ?? 0)).join(", ");
  return (
    <figure class="plot">
      <figcaption>
        <strong>{title}</strong>
        {steep && <span class="about"> on a scale that multiplies: 1,000, 2,000, 5,000 …</span>}
        {curves.length > 1 ? (
          <ul class="key">
            {curves
              .filter(({ values }) => values[frame])
              .map((curve) => (
                <li key={curve.name}>
                  <Stroke curve={curve} />
                  {curve.look && <Badge look={curve.look} />} <bdi>{curve.name}</bdi>{" "}
                  <span class="about">{count(curve.values[frame] ?? 0)}</span>
                </li>
              ))}
          </ul>
        ) : (
          <span class="about"> {count(curves[0]?.values[frame] ?? 0)} on this date</span>
        )}
      </figcaption>
      <div ref={box} role="img" aria-label={`${title} over time; on this date ${now}`} />
    </figure>
  );
}

/** Whether a few are so many that the others could not be told apart on an even scale. */
function isSteep(curves: Curve[]): boolean {
  const most = curves.map(({ values }) => Math.max(...values.map((value) => value ?? 0))).sort((a, b) => a - b);
  return most.length > 2 && most.at(-1)! > 6 * most[Math.floor(most.length / 2)]!;
}

/** Marks of a scale that multiplies: 1, 2 and 5 of each power of ten. */
function multiples(_: uPlot, __: number, low: number, high: number): number[] {
  const powers = Array.from({ length: 12 }, (_, power) => 10 ** power);
  return powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((mark) => mark >= low && mark <= high);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const FONT = "12px system-ui, sans-serif";

/** Dates under an axis: the year in January, and the month between. */
function years(_: uPlot, ticks: number[]): string[] {
  return ticks.map((tick, place) => {
    const date = new Date(tick * 1000);
    const month = MONTHS[date.getUTCMonth()]!;
    return place === 0 || date.getUTCMonth() === 0 ? `${month} ${date.getUTCFullYear()}` : month;
  });
}

function Stroke({ curve }: { curve: Curve }) {
  return (
    <svg class="stroke" viewBox="0 0 22 6" aria-hidden="true">
      <line x1="0" x2="22" y1="3" y2="3" stroke={curve.colour} stroke-width="2" stroke-dasharray={curve.dash.join(" ")} />
    </svg>
  );
}
