/** What happened in a run, linked to the date. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Happening } from "../contract";
import type { Recording } from "../state/recording";
import type { Watch } from "../state/watch";
import { shortDate } from "../words/dates";
import { several } from "../words/numbers";

/** Kinds of events, in groups that a reader would filter by. */
const GROUPS: [name: string, kinds: string[]][] = [
  ["ties", ["stance_changed", "upheaval", "merged", "left_umbrella", "split"]],
  ["talks", ["talks_opened", "talks_ended", "leaked"]],
  ["fighting", ["offensive", "siege", "repelled", "control_changed", "gone"]],
  ["leaders and followers", ["succession", "takeover", "defection", "cut_off"]],
  ["accords and scheduled events", ["accord_status", "event"]],
];
const AT_ONCE = 400;

export function Events({ watch, recording }: { watch: Watch; recording: Recording }) {
  const kind = useSignal("");
  const who = useSignal("");
  const box = useRef<HTMLOListElement>(null);
  // Who is not in this run has done nothing in it.
  const there = recording.there.some((place) => recording.play.factions[place] === who.value);
  useEffect(() => {
    if (who.value !== "" && !there) who.value = "";
  }, [recording]);
  const shown = useMemo(() => {
    const kinds = GROUPS.find(([name]) => name === kind.value)?.[1];
    const about = (happening: Happening) => [happening.who, happening.other, happening.from, happening.to].includes(who.value);
    return recording.play.happenings.filter((one) => (!kinds || kinds.includes(one.kind)) && (who.value === "" || about(one)));
  }, [recording, kind.value, who.value]);
  const frame = watch.frame.value;
  const current = shown.findLastIndex(({ step }) => step < frame);
  const from = Math.max(0, Math.min(current - AT_ONCE / 2, shown.length - AT_ONCE));
  useEffect(() => {
    const list = box.current;
    const line = list?.querySelector<HTMLElement>("[aria-current]") ?? null;
    if (list) list.scrollTop = line ? line.offsetTop - list.clientHeight / 2 + line.clientHeight : 0;
  }, [current, shown]);
  // One stop for Tab: where the keys were last, else at the date. Arrows go from there.
  const at = useSignal(-1);
  useEffect(() => {
    at.value = -1;
  }, [shown, current]);
  const until = Math.min(shown.length, from + AT_ONCE);
  const stop = at.value >= from && at.value < until ? at.value : Math.max(from, Math.min(current, until - 1));
  const buttons = () => [...(box.current?.querySelectorAll<HTMLElement>("li button") ?? [])];
  const onFocus = (event: FocusEvent) => {
    const place = buttons().indexOf(event.target as HTMLElement);
    if (place >= 0) at.value = from + place;
  };
  const onKey = (event: KeyboardEvent) => {
    const all = buttons();
    const own = all.indexOf(event.target as HTMLElement);
    const to: Record<string, number> = {
      ArrowUp: own - 1,
      ArrowDown: own + 1,
      PageUp: own - 10,
      PageDown: own + 10,
      Home: 0,
      End: all.length - 1,
    };
    const place = to[event.key];
    if (own < 0 || place === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    // Home and End are the player's elsewhere.
    event.stopPropagation();
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, place))]?.focus();
  };
  return (
    <div class="events">
      <h3>What happened</h3>
      <div class="filters">
        <label>
          <span class="unseen">Kind</span>
          <select value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value)}>
            <option value="">all kinds</option>
            {GROUPS.map(([name]) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">By whom or with whom</span>
          <select value={who.value} onChange={(event) => (who.value = event.currentTarget.value)}>
            <option value="">everybody</option>
            {recording.there.map((place) => (
              <option key={place} value={recording.play.factions[place]}>
                {recording.name(recording.play.factions[place]!)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ol ref={box} aria-label={several(shown.length, "event")} onKeyDown={onKey} onFocusIn={onFocus}>
        {shown.slice(from, from + AT_ONCE).map((happening, place) => {
          const now = happening.step === frame - 1;
          const later = happening.step >= frame;
          return (
            <li
              key={from + place}
              class={now ? "now" : later ? "later" : ""}
              aria-current={from + place === current ? "step" : undefined}
            >
              <button
                type="button"
                class="plain"
                tabIndex={from + place === stop ? 0 : -1}
                onClick={() => (watch.frame.value = happening.step + 1)}
              >
                <span class="when">{shortDate(recording.play.dates[happening.step] ?? "")}</span>{" "}
                <span dir="ltr">{recording.told(happening)}</span>
                {!happening.public && (
                  <>
                    {" "}
                    <span class="secret">secret</span>
                  </>
                )}
              </button>
            </li>
          );
        })}
      </ol>
      {shown.length === 0 && <p class="about">Nothing of this kind happened in this run.</p>}
    </div>
  );
}
