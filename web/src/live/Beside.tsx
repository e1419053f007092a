/** The same run under the change: from when on the two differ, and how. */

import { useMemo } from "preact/hooks";
import type { Happening } from "../contract";
import type { Live } from "../state/live";
import type { Recording } from "../state/recording";
import { longDate, shortDate } from "../words/dates";

export function Beside({ live }: { live: Live }) {
  const { watch } = live;
  const toggle = (
    <button type="button" aria-pressed={watch.beside.value} onClick={() => (watch.beside.value = !watch.beside.value)}>
      {watch.beside.value ? "This run alone" : "The same run under your change, beside it"}
    </button>
  );
  if (!live.changed.value && !watch.beside.value) {
    if (!live.canChange) return null;
    return <p class="about beside">Change something above to see the same run under the change beside this one.</p>;
  }
  return (
    <div class="beside">
      <p>{toggle}</p>
      {watch.beside.value && watch.otherError.value && <p class="problem">{watch.otherError.value}</p>}
      {watch.beside.value && !live.changed.value && <p class="about">Nothing is changed: both are the same.</p>}
      {watch.beside.value && watch.other.value && live.changed.value && <Parting live={live} other={watch.other.value} />}
    </div>
  );
}

function Parting({ live, other }: { live: Live; other: Recording }) {
  const { watch } = live;
  const one = watch.recording.value!;
  const { numbers, events } = useMemo(() => parting(one, other), [one, other]);
  if (numbers === null && events === null) return <p>The two runs are the same from beginning to end.</p>;
  const at = events ?? numbers!;
  const date = longDate(one.play.dates[events === null ? at : events - 1]!);
  const go = (
    <button type="button" class="plain" onClick={() => (watch.frame.value = at)}>
      {date}
    </button>
  );
  const [only, instead] = events === null ? [[], []] : differing(one, other, events - 1);
  return (
    <>
      <p>
        {numbers === 0 ? (
          <>
            The two differ from the start by what is changed
            {events === null ? (
              ", and nothing else happens in one that does not in the other"
            ) : (
              <>; what happens is the same until {go}</>
            )}
            .
          </>
        ) : events === null ? (
          <>The same happens in both; only numbers differ, from {go} on.</>
        ) : (
          <>
            The two runs are the same until {go}
            {numbers !== null && numbers < events - 1 && `, but for numbers, which part on ${longDate(one.play.dates[numbers]!)}`}
            .
          </>
        )}
      </p>
      {events !== null && (
        <dl class="parts">
          <div>
            <dt>Then, as it is</dt>
            <dd>
              <Told recording={one} happenings={only} />
            </dd>
          </div>
          <div>
            <dt>With the change</dt>
            <dd>
              <Told recording={other} happenings={instead} />
            </dd>
          </div>
        </dl>
      )}
    </>
  );
}

function Told({ recording, happenings }: { recording: Recording; happenings: Happening[] }) {
  if (happenings.length === 0) return <>nothing of the kind</>;
  return (
    <ul>
      {happenings.map((happening, place) => (
        <li key={place}>
          {happenings[place - 1]?.step !== happening.step && (
            <span class="when">{shortDate(recording.play.dates[happening.step]!)} </span>
          )}
          <span dir="ltr">{recording.told(happening)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The first frame in which any number differs, and the first after a step in which something else happened. */
function parting(one: Recording, other: Recording): { numbers: number | null; events: number | null } {
  const frames = Math.min(one.frames, other.frames);
  const byName = (recording: Recording, frame: number) =>
    JSON.stringify([recording.play.fighters[frame], recording.play.deaths[frame], recording.play.displaced[frame]]);
  let numbers: number | null = null;
  for (let frame = 0; frame < frames && numbers === null; frame++) {
    if (byName(one, frame) !== byName(other, frame)) numbers = frame;
  }
  const of = (recording: Recording) => recording.play.happenings.map(key);
  const [left, right] = [of(one), of(other)];
  const place = left.findIndex((text, place) => text !== right[place]);
  const at = place < 0 && right.length === left.length ? -1 : place < 0 ? left.length : place;
  const step = at < 0 ? null : Math.min(one.play.happenings[at]?.step ?? Infinity, other.play.happenings[at]?.step ?? Infinity);
  return { numbers, events: step === null ? null : step + 1 };
}

/** What happened in a step in one run and not in the other, each way; of later steps where a step has none. */
function differing(one: Recording, other: Recording, step: number): [Happening[], Happening[]] {
  const after = (recording: Recording) => recording.play.happenings.filter((happening) => happening.step >= step);
  const without = (from: Happening[], what: Happening[]) => {
    const keys = new Set(what.map(key));
    return from.filter((happening) => !keys.has(key(happening)));
  };
  const [left, right] = [after(one), after(other)];
  return [without(left, right).slice(0, 3), without(right, left).slice(0, 3)];
}

function key({ step, kind, who, other, from, to }: Happening): string {
  return [step, kind, who, other, from, to].join("|");
}
