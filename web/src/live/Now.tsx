/** What goes on at the date: offensives, sieges and talks, in words. */

import type { Recording, Spell } from "../state/recording";
import { count } from "../words/numbers";
import { shortDate } from "../words/dates";
import { Figure } from "./Tip";

export function Now({ recording, frame }: { recording: Recording; frame: number }) {
  const spells = recording.at(frame);
  const { deaths, displaced, fighters } = recording.play;
  const total = (fighters[frame] ?? []).reduce((sum, own) => sum + own, 0);
  return (
    <div class="now">
      <dl class="totals">
        <div>
          <dt>Killed so far</dt>
          <dd>{count(deaths[frame] ?? 0)}</dd>
        </div>
        <div>
          <dt>Displaced</dt>
          <dd>{count(displaced[frame] ?? 0)}</dd>
        </div>
        <div>
          <dt>Fighters</dt>
          <dd>{count(total)}</dd>
        </div>
      </dl>
      <List title="Offensives and sieges" spells={spells.filter(({ kind }) => kind !== "talks")} recording={recording} />
      <List title="Talks" spells={spells.filter(({ kind }) => kind === "talks")} recording={recording} />
    </div>
  );
}

/** How many are told of at once; the latest first. */
const MOST = 4;

function List({ title, spells, recording }: { title: string; spells: Spell[]; recording: Recording }) {
  const told = spells.map((spell) => words(spell, recording)).reverse();
  return (
    <p class="spells">
      <strong>{title}:</strong> {told.length === 0 ? "none" : told.slice(0, MOST).join("; ")}
      {told.length > MOST && (
        <>
          {" and "}
          <Figure text={`${told.length - MOST} more`} tip={told.slice(MOST).join("; ")} />
        </>
      )}
    </p>
  );
}

function words({ kind, who, other, zone, from, public: known }: Spell, recording: Recording): string {
  const since = `since ${shortDate(recording.play.dates[Math.max(0, from - 1)]!)}`;
  if (kind === "talks") return `${recording.name(who)} and ${recording.name(other ?? "")}${known ? "" : " in secret"}, ${since}`;
  const place = recording.name(zone ?? "");
  return `${recording.name(who)} ${kind === "siege" ? "besieges" : "attacks"} ${place}, ${since}`;
}
