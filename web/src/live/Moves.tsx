/** All answers that a change moves, the clearest first. */

import { useSignal } from "@preact/signals";
import type { Difference } from "../contract";
import type { Live } from "../state/live";
import { brief, clarity, threshold } from "../words/difference";
import { several, written } from "../words/numbers";
import { quantile, sorted } from "../words/sample";
import { basis } from "./Effect";
import { Figure } from "./Tip";

const FIRST = 10;

export function Moves({ live }: { live: Live }) {
  const whole = useSignal(false);
  const all = live.refinement.all.value;
  if (!live.changed.value || all.length === 0) return null;
  const limit = threshold(all.length);
  const found = all
    .flatMap((difference, place) => (difference ? [{ place, difference, clear: clarity(difference) }] : []))
    .filter(({ clear }) => clear >= 1)
    .map((line) => ({ ...line, sure: line.clear >= limit, headline: live.data.answers[line.place]!.headline }))
    .sort((a, b) => Number(b.sure) - Number(a.sure) || Number(b.headline) - Number(a.headline) || b.clear - a.clear);
  const sure = found.filter(({ sure }) => sure).length;
  const luck = Math.round(all.length * 0.05);
  return (
    <div class="moves">
      <h3>What else moves</h3>
      <p class="about">
        {found.length === 0
          ? `None of ${several(all.length, "answer")} moves by more than luck might with so few runs.`
          : `${several(sure, "answer")} of ${all.length} ${sure === 1 ? "stands" : "stand"} out even when all are looked at together (●). ${
              found.length > sure ? `The others (○) move by themselves, as about ${luck} would by luck alone.` : ""
            }`}
      </p>
      {found.length > 0 && (
        <table class="stacks">
          <thead>
            <tr>
              <th>Answer</th>
              <th class="number">As it is</th>
              <th class="number">Changed</th>
              <th class="number">Difference (95%)</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, whole.value ? undefined : FIRST).map(({ place, difference, sure }) => (
              <Line key={place} live={live} place={place} difference={difference} sure={sure} />
            ))}
          </tbody>
        </table>
      )}
      {found.length > FIRST && (
        <button type="button" class="plain" aria-expanded={whole.value} onClick={() => (whole.value = !whole.value)}>
          {whole.value ? "Fewer" : `All ${found.length}`}
        </button>
      )}
    </div>
  );
}

interface LineProps {
  live: Live;
  place: number;
  difference: Difference;
  sure: boolean;
}

function Line({ live, place, difference, sure }: LineProps) {
  const answer = live.data.answers[place]!;
  const tip = basis(answer, `${several(difference.n, "pair")} of runs with the same luck`);
  const [size, interval] = brief(answer, difference);
  const pairs = answer.yes_no ? [] : live.refinement.pairs(place);
  const side = (value: number | null, of: 1 | 2) =>
    written(answer.unit, answer.yes_no ? value : quantile(sorted(pairs.map((pair) => pair[of])), 0.5), false);
  return (
    <tr>
      <td>
        <span class="sure" aria-hidden="true">
          {sure ? "●" : "○"}
        </span>{" "}
        <span class="unseen">{sure ? "Stands out: " : "By itself: "}</span>
        <button type="button" class="plain" onClick={() => (live.answer.value = place)}>
          {answer.text} {answer.label}
        </button>
      </td>
      <td class="number" data-head="As it is">
        <Figure text={side(difference.baseline, 1)} tip={tip} />
      </td>
      <td class="number" data-head="Changed">
        <Figure text={side(difference.value, 2)} tip={tip} />
      </td>
      <td class="number" data-head="Difference">
        <Figure strong text={size} tip={tip} /> {answer.unit.format === "percent" ? "points " : ""}
        <span class="interval">{interval && `(${interval})`}</span>
      </td>
    </tr>
  );
}
