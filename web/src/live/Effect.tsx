/** What a change does to the answer that is looked at. */

import type { Answer, Difference } from "../contract";
import type { Live } from "../state/live";
import { alike, tell } from "../words/difference";
import { ofRuns, percent, range, several, unitWord, written } from "../words/numbers";
import { isolated } from "../words/names";
import { mean, quantile, sorted } from "../words/sample";
import { Convergence, Overlay } from "./EffectChart";
import { Figure } from "./Tip";

export function Effect({ live }: { live: Live }) {
  const answer = live.data.answers[live.answer.value]!;
  return (
    <div class="effect">
      <p class="text">
        <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
      </p>
      {live.changed.value ? <Changed live={live} answer={answer} /> : <AsItIs live={live} answer={answer} />}
    </div>
  );
}

/** What a number rests on. */
export function basis(answer: Answer, runs: string, more = ""): string {
  return `${isolated(answer.text)}${answer.label && ` (${answer.label})`} · ${runs}${more ? ` · ${more}` : ""}`;
}

function AsItIs({ live, answer }: { live: Live; answer: Answer }) {
  const known = sorted(live.data.values[live.answer.value] ?? []);
  const { whole } = answer;
  const [tenth, ninth] = [quantile(known, 0.1), quantile(known, 0.9)];
  const text = !whole ? "–" : answer.yes_no ? written(answer.unit, whole.value) : ofRuns(answer.unit, whole.value, tenth, ninth)[0];
  const what = answer.yes_no ? "share of yes" : "median";
  const interval = whole && `${what}, 95% interval ${range(answer.unit, whole.low, whole.high)}`;
  const tip = interval ? basis(answer, several(whole.runs, "run"), interval) : basis(answer, "no runs");
  return (
    <>
      <p class="sides">
        <span>
          As it is: <Figure strong text={text} tip={tip} />{" "}
        {!answer.yes_no && whole && <span class="about">median</span>}{" "}
          {!answer.yes_no && <Spread answer={answer} values={known} tip={basis(answer, several(known.length, "run"))} />}
        </span>
      </p>
      {live.canChange && <p class="hint">{invitation(live)}, and see here what it changes, with the same luck.</p>}
    </>
  );
}

function invitation({ data: { levers, variants } }: Live): string {
  if (variants.length === 0) return "Move an input";
  return levers.length === 0 ? "Choose a what-if" : "Choose a what-if or move an input";
}

function Spread({ answer, values, tip }: { answer: Answer; values: number[]; tip: string }) {
  if (values.length === 0) return null;
  const [, text] = ofRuns(answer.unit, quantile(values, 0.5), quantile(values, 0.1), quantile(values, 0.9));
  return (
    <span class="spread">
      8 in 10 runs: <Figure text={text} tip={tip} />
    </span>
  );
}

/** The share of yes, or the mean, of either side: what the difference is one of, and so rounded that the three agree. */
function middles(answer: Answer, found: Difference | null, before: number[], after: number[]): [string, string] {
  if (before.length === 0) return ["–", "–"];
  const { word } = answer.unit;
  const told = found && found.difference !== null ? alike(answer, found) : null;
  const alone = (values: number[]) => written(answer.unit, mean(values), false);
  const inFull = (side: string) => (answer.yes_no ? side : `${side}${word && ` ${unitWord(word, side)}`} on average`);
  return told && told.before !== "–" ? [inFull(told.before), inFull(told.after)] : [inFull(alone(before)), inFull(alone(after))];
}

function Changed({ live, answer }: { live: Live; answer: Answer }) {
  const { refinement } = live;
  const pairs = refinement.runs.value.length > 0 ? refinement.pairs(live.answer.value) : [];
  const before = sorted(pairs.map(([, value]) => value));
  const after = sorted(pairs.map(([, , value]) => value));
  const found = refinement.difference.value;
  const told = found && tell(answer, found);
  const [own, changed] = middles(answer, found, before, after);
  const runs = `${several(pairs.length, "pair")} of runs with the same luck`;
  // What all runs give stands elsewhere on the page, and differs by luck from what these give.
  const some = answer.whole !== null && pairs.length > 0 && pairs.length < answer.whole.runs;
  const here = some ? `, in ${pairs.length === 1 ? "this run" : `these ${several(pairs.length, "run")}`}` : "";
  const tip = basis(answer, runs);
  const early = refinement.status.value === "running";
  const look = early ? " · a first look: the interval holds once all runs that are planned are made" : "";
  return (
    <>
      <p class="changed">{live.told().join("; ")}</p>
      <dl class="sides">
        <div>
          <dt>As it is{here}</dt>
          <dd>
            <Figure strong text={own} tip={tip} />{" "}
            {!answer.yes_no && <Spread answer={answer} values={before} tip={tip} />}
          </dd>
        </div>
        <div>
          <dt>With the change{here}</dt>
          <dd>
            <Figure strong text={changed} tip={tip} />{" "}
            {!answer.yes_no && <Spread answer={answer} values={after} tip={tip} />}
          </dd>
        </div>
      </dl>
      {told && found && (
        <p class="told">
          <Figure strong text={capital(told.words)} tip={tip} />
          {told.interval ? (
            <>
              {", "}
              <span class="part">
                95% interval <Figure text={told.interval} tip={`${tip} · ${turns(answer, found)}${look}`} />
                {told.maybeNothing ? ":" : "."}
              </span>
              {told.maybeNothing && " may be nothing."}
            </>
          ) : (
            "."
          )}
        </p>
      )}
      <Work live={live} />
      {found &&
        (answer.yes_no ? (
          <Convergence answer={answer} history={refinement.history.value} target={refinement.target.value} />
        ) : (
          <Overlay answer={answer} before={before} after={after} />
        ))}
    </>
  );
}

/** In how many pairs the answer goes either way. */
function turns({ yes_no }: Answer, { gained, lost }: Difference): string {
  const [up, down] = yes_no ? ["turns to yes", "to no"] : ["rises", "falls"];
  return `the answer ${up} in ${percent(gained ?? 0)} of the pairs, ${down} in ${percent(lost ?? 0)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What is at work, and what to do about it. */
function Work({ live }: { live: Live }) {
  const { status, runs, target, failures, error, most } = live.refinement;
  const done = runs.value.length;
  const running = status.value === "running" || live.settled.value !== live.change.value;
  return (
    <div class="work">
      <progress max={target.value} value={done} aria-label="Runs made" />
      <p role="status">
        {status.value === "refused" ? (
          <span class="problem">{error.value}</span>
        ) : running ? (
          `Running: ${done} of ${several(target.value, "run")}`
        ) : (
          `${several(done - failures.value.length, "pair")} of runs${status.value === "stopped" ? ", stopped" : ""}`
        )}
        {failures.value.length > 0 && (
          <>
            {" · "}
            <Figure
              text={`${several(failures.value.length, "run")} failed`}
              tip={failures.value
                .slice(0, 3)
                .map(([run, why]) => `Run ${run}: ${why}`)
                .join(" · ")}
            />
          </>
        )}
      </p>
      {running && status.value !== "refused" && (
        <button type="button" onClick={() => live.stop()}>
          Stop
        </button>
      )}
      {!running && status.value !== "refused" && done < most && (
        <button
          type="button"
          onClick={() => live.refinement.more(status.value === "stopped" ? target.value : Math.max(done, target.value) * 2)}
        >
          {status.value === "stopped" ? "Go on" : `More: ${Math.min(most, done * 2).toLocaleString("en")} runs`}
        </button>
      )}
    </div>
  );
}
