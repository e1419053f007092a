/** Which run is watched. */

import type { Wanted } from "../state/address";
import type { Live } from "../state/live";
import { count } from "../words/numbers";

export function RunChoice({ live }: { live: Live }) {
  const { watch, data } = live;
  const answer = data.answers[live.answer.value];
  const wanted = watch.wanted.value;
  const replicate = watch.replicate.value;
  const last = data.first + data.replicates - 1;
  const options: [Wanted, string][] = !answer
    ? [["typical", "the typical one"]]
    : answer.yes_no
      ? [
          ["typical", "the typical one"],
          ["yes", "the first yes"],
          ["no", "the first no"],
        ]
      : [
          ["typical", "the typical one"],
          ["yes", "the one with the most"],
          ["no", "the one with the least"],
        ];
  const pick = (value: Wanted) => (watch.wanted.value = value);
  return (
    <div class="runs">
      <div class="segments" role="group" aria-label="Which run">
        {options.map(([value, text]) => (
          <button
            type="button"
            key={value}
            aria-pressed={wanted === value}
            disabled={watch.resolve(value, live.answer.value) === null}
            onClick={() => pick(value)}
          >
            {text}
          </button>
        ))}
      </div>
      <label>
        or number{" "}
        <input
          class="number"
          type="number"
          min={data.first}
          max={last}
          value={replicate ?? ""}
          onChange={(event) =>
            pick(Math.max(data.first, Math.min(last, Math.round(event.currentTarget.valueAsNumber || data.first))))
          }
        />{" "}
        of {count(data.first)} to {count(last)}
      </label>
      <p class="about">
        {wanted === "typical"
          ? "The typical run is out of the ordinary in as few headline answers as can be; of those, the one whose answers lie nearest the middle."
          : typeof wanted === "number"
            ? ""
            : answer && (
                <>
                  Of: <bdi>{answer.text}</bdi> {answer.label}
                </>
              )}
      </p>
    </div>
  );
}
