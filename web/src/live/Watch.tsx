/** "Watch a run": a run over time, on a map, in events, ties and curves. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { looks } from "../map/look";
import type { Live } from "../state/live";
import { longDate } from "../words/dates";
import { Beside } from "./Beside";
import { Curves } from "./Curves";
import { Events } from "./Events";
import { Key } from "./Key";
import { Matrix } from "./Matrix";
import { Now } from "./Now";
import { Player, onKey } from "./Player";
import { Ranks } from "./Ranks";
import { RunChoice } from "./RunChoice";
import { Ties } from "./Ties";
import { WorldMap } from "./WorldMap";

export function WatchARun({ live }: { live: Live }) {
  const { watch } = live;
  const recording = watch.recording.value;
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watch.near.value = true;
        seen.disconnect();
      },
      { rootMargin: "900px" },
    );
    if (root.current) seen.observe(root.current);
    return () => seen.disconnect();
  }, [watch]);
  return (
    <section class="watch" aria-labelledby="entente-watch" ref={root} onKeyDown={(event) => onKey(watch, event)}>
      <h2 id="entente-watch">Watch a run</h2>
      <RunChoice live={live} />
      {watch.error.value && <p class="problem">{watch.error.value}</p>}
      {!recording && !watch.error.value && (
        <p class="about">{watch.replicate.value === null ? "There is no such run." : "The run is being played …"}</p>
      )}
      {recording && <Played live={live} />}
    </section>
  );
}

function Played({ live }: { live: Live }) {
  const { watch, data } = live;
  const recording = watch.recording.value!;
  const frame = Math.min(watch.frame.value, recording.frames - 1);
  const style = useMemo(() => looks(data, recording.play), [data, recording]);
  const other = watch.beside.value ? watch.other.value : null;
  const otherStyle = useMemo(() => (other ? looks(data, other.play) : []), [data, other]);
  const isOther = useSignal(false);
  const changed = isOther.value && other !== null;
  const [below, belowStyle] = changed ? [other, otherStyle] : [recording, style];
  const belowFrame = Math.min(frame, below.frames - 1);
  const date = recording.play.dates[frame]!;
  return (
    <>
      <Player watch={watch} recording={recording} />
      <div class={watch.beside.value ? "stage two" : "stage"}>
        <figure class="map">
          {watch.beside.value && <figcaption>As it is</figcaption>}
          <WorldMap recording={recording} looks={style} frame={frame} label={`Who holds what on ${longDate(date)}`} />
          <Key recording={recording} looks={style} frame={frame} />
        </figure>
        {watch.beside.value && other && (
          <figure class="map">
            <figcaption>With the change</figcaption>
            <WorldMap
              recording={other}
              looks={otherStyle}
              frame={Math.min(frame, other.frames - 1)}
              label="Who holds what with the change"
              beside={recording}
            />
            <Key recording={other} looks={otherStyle} frame={Math.min(frame, other.frames - 1)} beside />
          </figure>
        )}
        {!watch.beside.value && (
          <div class="side">
            <Now recording={recording} frame={frame} />
            <Events watch={watch} recording={recording} />
          </div>
        )}
      </div>
      {data.answers.length > 0 && <Beside live={live} />}
      {watch.beside.value && (
        <div class="segments" role="group" aria-label="Whose events, ties and curves">
          {[false, true].map((value) => (
            <button
              type="button"
              key={String(value)}
              aria-pressed={changed === value}
              disabled={value && !other}
              onClick={() => (isOther.value = value)}
            >
              {value ? "Below: with the change" : "Below: as it is"}
            </button>
          ))}
        </div>
      )}
      {watch.beside.value && <Events watch={watch} recording={below} />}
      <h3>
        Who is with whom on {longDate(date)}
        {watch.beside.value && (changed ? ", with the change" : ", as it is")}
      </h3>
      <Matrix recording={below} looks={belowStyle} frame={belowFrame} />
      <Ties watch={watch} recording={below} looks={belowStyle} />
      <Curves watch={watch} recording={below} looks={belowStyle} />
      {!changed && <Ranks live={live} />}
    </>
  );
}
