/** One input that the reader can move. */

import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Lever } from "../contract";
import { assigned, type Live } from "../state/live";
import { count, input } from "../words/numbers";

export function LeverRow({ live, lever }: { live: Live; lever: Lever }) {
  const value = live.moved.value.get(lever.path);
  const id = `lever-${lever.path}`;
  const chosen = live.data.variants.find((variant) => variant.id === live.variant.value);
  return (
    <div class={value === undefined ? "lever" : "lever moved"}>
      <label for={id}>{lever.name}</label>
      {value !== undefined && (
        <button type="button" class="plain" onClick={() => live.set(lever.path, null)}>
          put back<span class="unseen"> {lever.name}</span>
        </button>
      )}
      {lever.names.length > 0 || lever.choices.length > 0 ? (
        <Choice live={live} lever={lever} id={id} value={value} />
      ) : (
        <Amount live={live} lever={lever} id={id} value={value} />
      )}
      {chosen?.paths.includes(lever.path) && (
        <p class="about">{value === undefined ? "Set by the what-if." : "In place of what the what-if sets."}</p>
      )}
      <p class="about">
        {about(lever)}
        {lever.source && (
          <>
            {" · "}
            <button type="button" class="figure" data-tip={lever.source}>
              source
            </button>
          </>
        )}
      </p>
    </div>
  );
}

function about({ unit, low, best, high, names, stands, choices, held }: Lever): string {
  if (names.length > 0) return stands === null ? "one of these names" : `as it stands: ${stands}`;
  const guess = best === null ? "" : `${held ? "these runs hold it at" : "best guess"} ${input(unit, best)}`;
  const between = low === null || high === null || choices.length > 0 ? "" : `${input(unit, low)} to ${input(unit, high)}`;
  return [[between, guess].filter(Boolean).join(", "), unit.word].filter(Boolean).join(" · ");
}

interface Input {
  live: Live;
  lever: Lever;
  id: string;
  value: string | undefined;
}

function Choice({ live, lever, id, value }: Input) {
  const options = lever.names.length > 0 ? lever.names : lever.choices.map(assigned);
  const usual = lever.names.length > 0 ? lever.stands : lever.best === null ? null : assigned(lever.best);
  const pick = (chosen: string) => live.set(lever.path, chosen === "" ? null : chosen);
  return (
    <select id={id} value={value ?? ""} onChange={(event) => pick(event.currentTarget.value)}>
      <option value="">{usual === null ? "as it is" : `as it is: ${label(lever, usual)}`}</option>
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

function Amount({ live, lever, id, value }: Input) {
  const scale = lever.unit.format === "percent" ? 100 : 1;
  const problem = useMemo(() => signal(""), []);
  const { low, best, high } = lever;
  const now = value === undefined ? best : Number(value);
  const set = (number: number) => live.set(lever.path, assigned(lever.whole ? Math.round(number) : number));
  const type = (text: string) => {
    // A comma that does not part thousands is somebody's decimal point.
    const number = Number(text.trim().replace(/,(?=\d{3}(\D|$))/g, "").replace("−", "-"));
    problem.value = "";
    if (text.trim() === "") live.set(lever.path, null);
    else if (Number.isFinite(number)) set(number / scale);
    else problem.value = `“${text}” is no number: write digits, such as ${count((best ?? 1) * scale)}`;
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
        value={now === null ? "" : input(lever.unit, now).replace("%", "")}
        aria-invalid={problem.value !== ""}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {scale === 100 && <span class="unit">%</span>}
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </div>
  );
}

/** A round step, some two hundredths of the range. */
function stride(low: number, high: number, whole: boolean): number {
  const fine = (high - low) / 200;
  const power = 10 ** Math.floor(Math.log10(fine));
  const step = power * ([1, 2, 5, 10].find((size) => size * power >= fine) ?? 10);
  return whole ? Math.max(1, Math.round(step)) : Number(step.toPrecision(3));
}
