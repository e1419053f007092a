/** How ties change over a run: a row for each pair, coloured by stance. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { RUNGS, type Look, rungLetter } from "../map/look";
import type { Recording } from "../state/recording";
import type { Watch } from "../state/watch";
import { longDate } from "../words/dates";
import { several } from "../words/numbers";
import { isolated, shortened } from "../words/names";
import { Fold } from "./Fold";
import { Wide } from "./Wide";

interface Span {
  from: number;
  until: number;
  rung: number;
}

interface Row {
  name: string;
  both: [Look, Look];
  spans: Span[];
}

const WIDTH = 1000;
const ROW = 20;
const FIRST = 24;
/** Width of a letter, about. */
const LETTER = 6.6;
/** The most that names take. */
const MOST = WIDTH / 2.5;

export function Ties({ watch, recording, looks }: { watch: Watch; recording: Recording; looks: Look[] }) {
  const rows = useMemo(() => tied(recording, looks), [recording, looks]);
  const changing = rows.filter(({ spans }) => spans.filter(({ rung }) => rung >= 0).length > 1);
  const whole = useSignal(false);
  const steady = rows.length - changing.length;
  return (
    <>
      <h3>Ties over time</h3>
      <p class="about">
        {changing.length === 0
          ? "No pair changes how it stands to each other in this run."
          : `${several(changing.length, "pair")} ${changing.length === 1 ? "changes" : "change"} in this run, the earliest first. ` +
            "Select a moment to go there."}
      </p>
      <Rows watch={watch} recording={recording} rows={whole.value ? changing : changing.slice(0, FIRST)} />
      {changing.length > FIRST && (
        <button type="button" class="plain" aria-expanded={whole.value} onClick={() => (whole.value = !whole.value)}>
          {whole.value ? `The first ${FIRST} only` : `All ${changing.length} pairs`}
        </button>
      )}
      {steady > 0 && (
        <Fold title={steady === 1 ? "1 pair that stays as it is" : `${several(steady, "pair")} that stay as they are`}>
          {() => <Steady recording={recording} rows={rows.filter((row) => !changing.includes(row))} />}
        </Fold>
      )}
    </>
  );
}

function Rows({ watch, recording, rows }: { watch: Watch; recording: Recording; rows: Row[] }) {
  const { stances: words } = recording.data;
  const last = recording.frames - 1;
  const left = Math.min(MOST, 16 + LETTER * Math.max(...rows.map(({ name }) => name.length)));
  const x = (frame: number) => left + ((WIDTH - left) * frame) / (last + 1);
  const height = rows.length * ROW;
  const spans = useMemo(
    () =>
      rows.map((row, place) => (
        <g key={row.name} transform={`translate(0 ${place * ROW})`}>
          <text x={left - 8} y={14} text-anchor="end" data-tip={row.name}>
            {pairInBrief(row.both, Math.floor((left - 16) / LETTER + 0.01))}
          </text>
          {row.spans.map(({ from, until, rung }) => {
            if (rung < 0) return null;
            const [colour, ink] = RUNGS[rung] ?? RUNGS[2]!;
            const wide = x(until + 1) - x(from);
            const tip = `${row.name}: ${words[rung]}, ${longDate(recording.play.dates[Math.max(0, from - 1)]!)} to ${longDate(recording.play.dates[until]!)}`;
            return (
              <g key={from} data-tip={tip}>
                <rect x={x(from)} y={2} width={wide} height={ROW - 4} fill={colour} />
                {wide > 13 && (
                  <text x={x(from) + 4} y={14} fill={ink}>
                    {rungLetter(words, rung)}
                  </text>
                )}
              </g>
            );
          })}
        </g>
      )),
    [rows],
  );
  if (rows.length === 0) return null;
  const at = x(watch.frame.value + 0.5);
  const go = (event: MouseEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * WIDTH;
    if (place >= left)
      watch.frame.value = Math.max(0, Math.min(last, Math.floor(((place - left) / (WIDTH - left)) * (last + 1))));
  };
  return (
    <Wide label="Ties over time" more="ties">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={rows.map(inWords(words, recording)).join("; ")} onClick={go}>
        {spans}
        <line class="cursor" x1={at} x2={at} y1={0} y2={height} />
      </svg>
    </Wide>
  );
}

function inWords(words: string[], recording: Recording): (row: Row) => string {
  return ({ name, spans }) =>
    `${name}: ${spans
      .filter(({ rung }) => rung >= 0)
      .map(({ from, rung }) => `${words[rung]} from ${longDate(recording.play.dates[Math.max(0, from - 1)]!)}`)
      .join(", ")}`;
}

function Steady({ recording, rows }: { recording: Recording; rows: Row[] }) {
  const { stances: words } = recording.data;
  return (
    <ul class="steady">
      {words.map((word, rung) => {
        const own = rows.filter(({ spans }) => spans.find((span) => span.rung >= 0)?.rung === rung);
        return (
          own.length > 0 && (
            <li key={word}>
              <strong>{word}</strong>: {own.map(({ name }) => name).join("; ")}
            </li>
          )
        );
      })}
    </ul>
  );
}

/** Two names in so many letters: what one leaves is the other's. */
export function pairInBrief([one, other]: [Named, Named], room: number): string {
  const half = Math.floor((room - 3) / 2);
  const first = Math.max(half, room - 3 - other.name.length);
  const second = room - 3 - Math.min(one.name.length, first);
  return `${inBrief(one, first)} – ${inBrief(other, second)}`;
}

type Named = Pick<Look, "name" | "letters">;

/** A name in so many letters; what is cut short begins with those by which it is known on the map. */
function inBrief({ name, letters }: Named, room: number): string {
  if ([...name].length <= room) return isolated(name);
  return `${letters} ${isolated(shortened(name, Math.max(1, room - letters.length - 1)))}`;
}

/** All pairs that are ever both there, with spans of the same stance; the earliest to change first. */
function tied(recording: Recording, looks: Look[]): Row[] {
  const rows: Row[] = [];
  for (let a = 0; a < looks.length; a++) {
    for (let b = a + 1; b < looks.length; b++) {
      const pair = recording.pair(a, b);
      const spans: Span[] = [];
      for (const [from, stances] of recording.play.stances) {
        const rung = stances[pair] ?? -1;
        const before = spans.at(-1);
        if (before?.rung === rung) continue;
        if (before) before.until = from - 1;
        spans.push({ from, until: recording.frames - 1, rung });
      }
      if (spans.some(({ rung }) => rung >= 0)) {
        const both: [Look, Look] = [looks[a]!, looks[b]!];
        rows.push({ name: both.map(({ name }) => isolated(name)).join(" – "), both, spans });
      }
    }
  }
  const first = ({ spans }: Row) => spans[1]?.from ?? Infinity;
  return rows.sort((a, b) => first(a) - first(b) || 0);
}
