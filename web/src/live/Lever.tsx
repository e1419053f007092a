/** One input that the reader can move. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Lever, Maybe } from "../contract";
import { assigned, inRange, type Live, rangeOf } from "../state/live";
import { count, input } from "../words/numbers";

export function LeverRow({ live, lever }: { live: Live; lever: Lever }) {
  const value = live.moved.value.get(lever.path);
  const id = `lever-${lever.path}`;
  const whatIf = live.setByWhatIf(lever.path);
  const number = whatIf === null || lever.names.length > 0 ? null : numberIn(whatIf);
  const told = number === null ? whatIf : input(lever.unit, number);
  return (
    <div class={value === undefined ? "lever" : "lever moved"}>
      <label for={id}>
        <bdi>{lever.name}</bdi>
      </label>
      {value !== undefined && (
        <button type="button" class="plain" onClick={() => live.set(lever.path, null)}>
          put back<span class="unseen"> {lever.name}</span>
        </button>
      )}
      {lever.names.length > 0 || lever.choices.length > 0 ? (
        <Choice live={live} lever={lever} id={id} value={value} whatIf={whatIf} />
      ) : (
        <Amount live={live} lever={lever} id={id} value={value} whatIf={whatIf} />
      )}
      {whatIf !== null && (
        <p class="about">
          {value === undefined ? `Set to ${told} by the what-if.` : `In place of ${told}, which the what-if sets.`}
        </p>
      )}
      <p class="about">
        {about(lever)}
        {lever.source && (
          <>
            {" · "}
            <button type="button" class="figure" data-tip={lever.source}>
              {origin(lever.source)}
            </button>
          </>
        )}
      </p>
    </div>
  );
}

/** What a lever's value rests on, as the page tells them apart elsewhere. */
export function origin(source: string): "source" | "assumption" {
  return source.trimStart().startsWith("assumption") ? "assumption" : "source";
}

/** What a lever can be, and its unit if its name does not say it. */
export function about({ name, unit, low, best, high, names, stands, choices, held }: Lever): string {
  if (names.length > 0) return stands === null ? "one of these names" : `as it stands: ${stands}`;
  const guess = best === null ? "" : `${held ? "these runs hold it at" : "best guess"} ${input(unit, best)}`;
  const between = low === null || high === null || choices.length > 0 ? "" : `${input(unit, low)} to ${input(unit, high)}`;
  const word = name.toLowerCase().startsWith(unit.word.toLowerCase()) ? "" : unit.word;
  return [[between, guess].filter(Boolean).join(", "), word].filter(Boolean).join(" · ");
}

interface Input {
  live: Live;
  lever: Lever;
  id: string;
  value: string | undefined;
  /** What the chosen what-if sets it to, in words. */
  whatIf: Maybe<string>;
}

function Choice({ live, lever, id, value, whatIf }: Input) {
  const options = lever.names.length > 0 ? lever.names : lever.choices.map(assigned);
  const usual = lever.names.length > 0 ? lever.stands : lever.best === null ? null : assigned(lever.best);
  const pick = (chosen: string) => live.set(lever.path, chosen === "" ? null : chosen);
  return (
    <select id={id} value={value ?? ""} onChange={(event) => pick(event.currentTarget.value)}>
      <option value="">
        {whatIf !== null ? `as the what-if has it: ${whatIf}` : usual === null ? "as it is" : `as it is: ${label(lever, usual)}`}
      </option>
      {options.map((option) => (
        <option key={option} value={option}>
          {label(lever, option)}
        </option>
      ))}
    </select>
  );
}

function label(lever: Lever, option: string): string {
  return lever.names.length > 0 ? option : input(lever.unit, Number(option));
}

function Amount({ live, lever, id, value, whatIf }: Input) {
  const scale = lever.unit.format === "percent" ? 100 : 1;
  const problem = useSignal<{ text: string; why: string } | null>(null);
  const { low, best, high } = lever;
  const now = value !== undefined ? Number(value) : whatIf === null ? best : numberIn(whatIf);
  const set = (number: number) => {
    problem.value = null;
    live.set(lever.path, assigned(lever.whole ? Math.round(number) : number));
  };
  // What was put back or moved otherwise is no longer what was typed.
  useEffect(() => {
    problem.value = null;
  }, [value]);
  const type = (text: string) => {
    const number = (numberIn(text) ?? NaN) / scale;
    if (text.trim() === "") {
      problem.value = null;
      live.set(lever.path, null);
    } else if (!Number.isFinite(number)) {
      problem.value = { text, why: `“${text}” is no number: write digits, such as ${count((best ?? 1) * scale)}` };
    } else {
      const near = nearest(lever, number);
      if (inRange(lever, String(near))) set(near);
      else problem.value = { text, why: `“${text}” is outside the range of this input, ${rangeOf(lever)}: it is not run` };
    }
  };
  return (
    <div class="amount">
      {low !== null && high !== null && high > low && (
        <span class="slide">
          <input
            type="range"
            aria-label={`${lever.name}, slider`}
            aria-valuetext={now === null ? "" : `${input(lever.unit, now)} ${lever.unit.word}`}
            min={low}
            max={high}
            step={stride(low, high, lever.whole)}
            value={now ?? (low + high) / 2}
            onInput={(event) => set(Number(event.currentTarget.value))}
          />
          {best !== null && best >= low && best <= high && (
            <span
              class="best"
              aria-hidden="true"
              style={{ left: `calc(0.525rem + (100% - 1.05rem) * ${(best - low) / (high - low)})` }}
            />
          )}
        </span>
      )}
      <input
        id={id}
        class="number"
        inputMode="decimal"
        autocomplete="off"
        value={problem.value?.text ?? (now === null ? "" : input(lever.unit, now).replace("%", ""))}
        aria-invalid={problem.value !== null}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {scale === 100 && <span class="unit">%</span>}
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value.why}
        </p>
      )}
    </div>
  );
}

/** A number as people write it; null if it is none. */
function numberIn(text: string): number | null {
  // A comma that does not part thousands is somebody's decimal point.
  const plain = text.trim().replace(/\s*%$/, "").replace(/,(?=\d{3}(\D|$))/g, "").replace("−", "-");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

/** The end of a range for what differs from it only as far as the page rounds it. */
function nearest({ low, high }: Lever, number: number): number {
  const isEnd = (end: number | null) => end !== null && Math.abs(number - end) <= 1e-5 * Math.abs(end);
  return isEnd(low) ? low! : isEnd(high) ? high! : number;
}

/** A round step, some two hundredths of the range. */
function stride(low: number, high: number, whole: boolean): number {
  const fine = (high - low) / 200;
  const power = 10 ** Math.floor(Math.log10(fine));
  const step = power * ([1, 2, 5, 10].find((size) => size * power >= fine) ?? 10);
  return whole ? Math.max(1, Math.round(step)) : Number(step.toPrecision(3));
}
