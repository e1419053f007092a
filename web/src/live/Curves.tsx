/** Fighters and deaths over a run, with a cursor at the date. */

import uPlot from "uplot";
import { useEffect, useRef } from "preact/hooks";
import type { Look } from "../map/look";
import type { Recording } from "../state/recording";
import type { Watch } from "../state/watch";
import { seconds } from "../words/dates";
import { isolated } from "../words/names";
import { count } from "../words/numbers";
import { apart, evenMarks, multiples } from "../words/scale";
import { Badge } from "./Key";

interface Curve {
  name: string;
  colour: string;
  dash: number[];
  values: (number | null)[];
  look?: Look;
}

const DASHES = [[], [8, 3], [2, 3], [8, 3, 2, 3]];
/** How far letters behind curves are apart, pixels. */
const LETTERS = 11;
/** How high a chart is, pixels; of many curves so high that their letters have room, up to a limit. */
const height = (curves: number) => Math.max(curves > 6 ? 280 : 200, Math.min(520, 60 + LETTERS * curves));

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
    const amounts = curves.flatMap(({ values }) => values.filter((value) => value !== null));
    const most = Math.max(0, ...amounts);
    const marks = steep ? multiples(Math.min(...amounts), most) : evenMarks(most);
    const ends: [number, number] = [marks[0]!, marks.at(-1)!];
    const options: uPlot.Options = {
      width: host.clientWidth,
      height: height(curves.length),
      // For the last date, which stands about its mark, and for letters.
      padding: [null, Math.max(32, ...curves.map(({ look }) => 10 + 8 * (look?.letters.length ?? 0))), null, null],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: {
        x: { time: true },
        y: { distr: steep ? 3 : 1, range: () => ends },
      },
      axes: [
        { grid: { show: false }, font: FONT, stroke: "#5a5a5a", values: years },
        {
          font: FONT,
          stroke: "#5a5a5a",
          size: (_, marks) => 22 + 7.5 * Math.max(4, ...(marks ?? []).map((mark) => mark.length)),
          splits: () => marks,
          grid: { stroke: "#e6e6e6", width: 1 },
          values: (_, ticks) => ticks.map(count),
          filter: (_, marks) => marks,
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
            writeLetters(own, times, curves);
          },
        ],
      },
    };
    const made = new uPlot(options, [times, ...curves.map(({ values }) => values)], host);
    plot.current = made;
    made.over.addEventListener("click", () => {
      if (made.cursor.idx !== null && made.cursor.idx !== undefined) watch.frame.value = made.cursor.idx;
    });
    const sized = new ResizeObserver(() => host.clientWidth > 0 && made.setSize({ width: host.clientWidth, height: height(curves.length) }));
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
  const now = curves.map((curve) => named(curve.name) + amountAt(curve, frame)).join(", ");
  return (
    <figure class="plot">
      <figcaption>
        <strong>{title}</strong>
        {steep && <span class="about"> on a logarithmic scale</span>}
        {curves.length > 1 ? (
          <ul class="key">
            {curves.map((curve) => (
              <li key={curve.name} class={curve.values[frame] ? "" : "none"}>
                <Stroke curve={curve} />
                {curve.look && <Badge look={curve.look} />} <bdi>{curve.name}</bdi>{" "}
                <span class="about">{amountAt(curve, frame)}</span>
              </li>
            ))}
          </ul>
        ) : (
          <span class="about"> {curves.map((curve) => amountAt(curve, frame))} on this date</span>
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

/** An amount at a date, or why there is none. */
function amountAt({ values }: Curve, frame: number): string {
  const value = values[frame];
  if (typeof value === "number") return count(value);
  return values.slice(0, frame).some((value) => value !== null) ? "gone" : "not there yet";
}

/** The letters of factions behind their curves, since there are more of them than colours and dashes can tell apart. */
function writeLetters({ ctx, bbox, valToPos }: uPlot, times: number[], curves: Curve[]): void {
  const ends = curves.flatMap(({ values, look }) => {
    const last = values.findLastIndex((value) => value !== null);
    return look && last >= 0 ? [{ look, x: valToPos(times[last]!, "x", true), y: valToPos(values[last]!, "y", true) }] : [];
  });
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.font = `600 ${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.strokeStyle = "#fff";
  ctx.fillStyle = "#222";
  // Those that are gone before the end have their letters where they end.
  const atEnd = ends.filter(({ x }) => x >= right - LETTERS * devicePixelRatio);
  const gap = Math.min(LETTERS * devicePixelRatio, bbox.height / Math.max(1, atEnd.length - 1));
  const places = apart(
    atEnd.map(({ y }) => y),
    gap,
    bbox.top,
    bbox.top + bbox.height,
  );
  for (const end of ends) {
    const y = places[atEnd.indexOf(end)] ?? end.y;
    ctx.strokeText(end.look.letters, end.x + 4 * devicePixelRatio, y);
    ctx.fillText(end.look.letters, end.x + 4 * devicePixelRatio, y);
  }
  ctx.restore();
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
