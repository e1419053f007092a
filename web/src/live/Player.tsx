/** Play, pause, step and speed. */

import type { Recording } from "../state/recording";
import { SPEEDS, type Watch } from "../state/watch";
import { longDate, shortDate } from "../words/dates";

export function Player({ watch, recording }: { watch: Watch; recording: Recording }) {
  const last = recording.frames - 1;
  const date = recording.play.dates[watch.frame.value] ?? "";
  return (
    <div class="player">
      <div class="buttons" role="group" aria-label="Player">
        <button type="button" aria-label="To the start" onClick={() => watch.move(-last)}>
          <Icon path="M4 3v10M13 3L6 8l7 5Z" />
        </button>
        <button type="button" aria-label="A step back" onClick={() => watch.move(-1)}>
          <Icon path="M11 3L4 8l7 5Z" />
        </button>
        <button type="button" class="play" aria-label={watch.playing.value ? "Pause" : "Play"} onClick={() => watch.toggle()}>
          <Icon path={watch.playing.value ? "M5 3v10M11 3v10" : "M4 2l9 6-9 6Z"} />
        </button>
        <button type="button" aria-label="A step on" onClick={() => watch.move(1)}>
          <Icon path="M5 3l7 5-7 5Z" />
        </button>
        <button type="button" aria-label="To the end" onClick={() => watch.move(last)}>
          <Icon path="M12 3v10M3 3l7 5-7 5Z" />
        </button>
      </div>
      <label class="speed">
        <span class="unseen">Speed</span>
        <select value={String(watch.speed.value)} onChange={(event) => (watch.speed.value = Number(event.currentTarget.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed} steps a second
            </option>
          ))}
        </select>
      </label>
      <strong class="date">{longDate(date)}</strong>
      <div class="time">
        <input
          type="range"
          aria-label="Date"
          aria-valuetext={longDate(date)}
          min={0}
          max={last}
          value={watch.frame.value}
          onInput={(event) => (watch.frame.value = Number(event.currentTarget.value))}
        />
        <span class="ends" aria-hidden="true">
          <span>{shortDate(recording.play.dates[0]!)}</span>
          <span>{shortDate(recording.play.dates[last]!)}</span>
        </span>
      </div>
    </div>
  );
}

function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** Space plays and pauses, arrows step, Home and End go to the ends; not where keys mean something else. */
export function onKey(watch: Watch, event: KeyboardEvent): void {
  const target = event.target as Element;
  const own = target.closest("input, select, textarea, summary, [role=listbox]");
  if (own || event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = target.closest("button, a") !== null;
  const act: Record<string, () => void> = {
    ArrowRight: () => watch.move(1),
    ArrowLeft: () => watch.move(-1),
    Home: () => watch.move(-Infinity),
    End: () => watch.move(Infinity),
  };
  if (!onButton) act[" "] = () => watch.toggle();
  const found = act[event.key];
  if (!found) return;
  event.preventDefault();
  found();
}
