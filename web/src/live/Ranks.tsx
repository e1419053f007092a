/** The run's own answers, and where they stand among all runs. */

import type { Live } from "../state/live";
import { shortDate } from "../words/dates";
import { percent, several, written } from "../words/numbers";
import { histogram, mean, quantile, rank, sorted } from "../words/sample";
import { basis } from "./Effect";
import { Fold } from "./Fold";
import { questions } from "./Question";
import { Figure } from "./Tip";

export function Ranks({ live }: { live: Live }) {
  const { answers } = live.data;
  const last = questions(answers).map(({ answers: own }) => own.at(-1)!);
  const headlines = last.filter((place) => answers[place]!.headline);
  const others = last.filter((place) => !answers[place]!.headline);
  // Shares and ranks are of one set of runs: of those whose answers are on the page.
  const kept = Math.max(0, ...live.data.values.map((all) => all.length));
  return (
    <>
      <h3>How this run ends, among {kept < live.data.replicates ? `the first ${several(kept, "run")}` : "all runs"}</h3>
      <List live={live} places={headlines.length > 0 ? headlines : last} />
      {headlines.length > 0 && others.length > 0 && (
        <Fold title={`${several(others.length, "other question")}`}>{() => <List live={live} places={others} />}</Fold>
      )}
    </>
  );
}

function List({ live, places }: { live: Live; places: number[] }) {
  return (
    <ul class="ranks">
      {places.map((place) => (
        <Rank key={place} live={live} place={place} />
      ))}
    </ul>
  );
}

function Rank({ live, place }: { live: Live; place: number }) {
  const answer = live.data.answers[place]!;
  const { play } = live.watch.recording.value!;
  const value = play.answers[place];
  const known = sorted(live.data.values[place] ?? []);
  if (typeof value !== "number" || known.length === 0) return null;
  const tip = basis(answer, live.data.replicates > known.length ? `the first ${several(known.length, "run")}` : several(known.length, "run"));
  const when = play.answered[place];
  if (answer.yes_no) {
    const share = mean(known);
    const same = value === 1 ? share : 1 - share;
    return (
      <li>
        <span class="asks">
          <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
        </span>
        <span>
          <strong>{value === 1 ? "Yes" : "No"}</strong>
          {value === 1 && typeof when === "number" && when < play.dates.length - 1 ? (
            <>
              {", "}
              <button type="button" class="plain" onClick={() => (live.watch.frame.value = when)}>
                {shortDate(play.dates[when]!)}
              </button>
            </>
          ) : null}
          , as in <Figure text={percent(same)} tip={tip} /> of the runs
        </span>
        <Split share={share} yes={value === 1} />
      </li>
    );
  }
  const above = rank(known, value);
  return (
    <li>
      <span class="asks">
        <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
      </span>
      <span>
        <strong>{written(answer.unit, value)}</strong>, {above >= 0.5 ? "more" : "less"} than in{" "}
        <Figure text={percent(above >= 0.5 ? above : 1 - above)} tip={tip} /> of the runs
      </span>
      <Strip values={known} value={value} />
    </li>
  );
}

function Split({ share, yes }: { share: number; yes: boolean }) {
  return (
    <svg class="strip" viewBox="0 0 200 20" aria-hidden="true" preserveAspectRatio="none">
      <rect x={0} y={6} width={200 * share} height={10} class={yes ? "mine" : "rest"} />
      <rect x={200 * share} y={6} width={200 * (1 - share)} height={10} class={yes ? "rest" : "mine"} />
      <rect x={200 * share - 0.5} y={4} width={1} height={14} class="own" />
    </svg>
  );
}

function Strip({ values, value }: { values: number[]; value: number }) {
  const [low, high] = [values[0]!, Math.max(quantile(values, 0.99), values[0]! + 1e-9)];
  const counts = histogram(values, low, high, 40);
  const most = Math.max(...counts);
  const x = Math.max(0, Math.min(1, (value - low) / (high - low))) * 197;
  return (
    <svg class="strip" viewBox="0 0 200 20" aria-hidden="true" preserveAspectRatio="none">
      {counts.map((count, place) => (
        <rect key={place} x={place * 5} y={19 - (count / most) * 17} width={4.4} height={(count / most) * 17} class="before" />
      ))}
      <rect x={x} y={0} width={3} height={20} class="own" />
    </svg>
  );
}
