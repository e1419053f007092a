/** All answers that a change moves, the clearest first. */

import { useSignal } from "@preact/signals";
import type { Difference } from "../contract";
import type { Live } from "../state/live";
import { alike, brief, clarity, threshold } from "../words/difference";
import { several } from "../words/numbers";
import { basis } from "./Effect";
import { Figure } from "./Tip";

const FIRST = 10;

interface Moved {
  place: number;
  difference: Difference;
  /** Whether it stands out with all answers looked at together. */
  sure: boolean;
}

/** Answers that move by more than luck might, and so far that it shows, the clearest first; those of headlines before others. */
function moving({ data, refinement }: Live): Moved[] {
  const all = refinement.all.value;
  const limit = threshold(all.length);
  const headline = ({ place }: Moved) => Number(data.answers[place]!.headline);
  return all
    .flatMap((difference, place) => {
      if (!difference || clarity(difference) < 1) return [];
      const { before, after } = alike(data.answers[place]!, difference);
      return before === after && before !== "–" ? [] : [{ place, difference, sure: clarity(difference) >= limit }];
    })
    .sort(
      (a, b) => Number(b.sure) - Number(a.sure) || headline(b) - headline(a) || clarity(b.difference) - clarity(a.difference),
    );
}

export function Moves({ live }: { live: Live }) {
  const whole = useSignal(false);
  const all = live.refinement.all.value;
  if (!live.changed.value || all.length === 0) return null;
  const found = moving(live);
  const sure = found.filter(({ sure }) => sure).length;
  const luck = Math.round(all.length * 0.05);
  // Of each question the moment that is clearest, unless all are asked for.
  const seen = new Set<string>();
  const short = found.filter(({ place }) => {
    const { question } = live.data.answers[place]!;
    return !seen.has(question) && seen.add(question);
  });
  const shown = whole.value ? found : short.slice(0, FIRST);
  return (
    <div class="moves">
      <h3>What else moves</h3>
      <p class="about">
        {found.length === 0
          ? `None of ${several(all.length, "answer")} moves by more than luck might with so few runs.`
          : `${sure === 0 ? "No answer stands" : `${several(sure, "answer")} of ${all.length} ${sure === 1 ? "stands" : "stand"}`} out even when all are looked at together (●). ${
              found.length > sure
                ? `Those with ○ move by themselves, as ${luck > 0 ? `about ${luck}` : "one"} of so many may by luck alone.`
                : ""
            }`}
        {shown.some(({ place }) => !live.data.answers[place]!.yes_no) && " Amounts are means."}
      </p>
      {shown.length > 0 && (
        <table class="stacks">
          <thead>
            <tr>
              <th>Answer</th>
              <th class="number">As it is</th>
              <th class="number">Changed</th>
              <th class="number">Difference</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((moved) => (
              <Line key={moved.place} live={live} {...moved} />
            ))}
          </tbody>
        </table>
      )}
      {found.length > Math.min(short.length, FIRST) && (
        <button type="button" class="plain" aria-expanded={whole.value} onClick={() => (whole.value = !whole.value)}>
          {whole.value ? "Only the clearest" : `All ${found.length} answers that move`}
        </button>
      )}
    </div>
  );
}

function Line({ live, place, difference, sure }: Moved & { live: Live }) {
  const answer = live.data.answers[place]!;
  const runs = `${several(difference.n, "pair")} of runs with the same luck`;
  const [size, interval] = brief(answer, difference);
  const { before, after } = alike(answer, difference);
  const side = (text: string) => <Figure text={text} tip={basis(answer, runs, answer.yes_no ? "" : "mean")} />;
  return (
    <tr>
      <td>
        <span class="line">
          <span class="sure" role="img" aria-label={sure ? "stands out" : "moves by itself"}>
            {sure ? "●" : "○"}
          </span>
          <button type="button" class="plain" onClick={() => (live.answer.value = place)}>
            <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
          </button>
        </span>
      </td>
      <td class="number" data-head="As it is">
        {side(before)}
      </td>
      <td class="number" data-head="Changed">
        {side(after)}
      </td>
      <td class="number" data-head="Difference">
        <Figure strong text={size} tip={basis(answer, runs)} />{" "}
        {answer.unit.format === "percent" ? (size === "+1" || size === "−1" ? "point " : "points ") : ""}
        <span class="interval">{interval && `(${interval})`}</span>
      </td>
    </tr>
  );
}
