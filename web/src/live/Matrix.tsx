/** Who stands how to whom at a date. */

import { RUNGS, type Look, rungLetter } from "../map/look";
import type { Recording } from "../state/recording";
import { isolated } from "../words/names";
import { Badge } from "./Key";
import { Wide } from "./Wide";

/** From how many on columns are narrow, so that all of them fit a wide screen. */
const MANY = 20;

export function Matrix({ recording, looks, frame }: { recording: Recording; looks: Look[]; frame: number }) {
  const { stances: words } = recording.data;
  const stances = recording.stances(frame);
  const fighters = recording.play.fighters[frame] ?? [];
  const rung = (a: number, b: number) => stances[recording.pair(a, b)] ?? -1;
  const there = looks.flatMap((_, a) => ((fighters[a] ?? 0) > 0 || looks.some((_, b) => b !== a && rung(a, b) >= 0) ? [a] : []));
  return (
    <Wide label="Who is with whom">
      <table class={there.length > MANY ? "matrix many" : "matrix"}>
        <thead>
          <tr>
            <td />
            {there.map((b) => (
              <th key={b} scope="col">
                <Badge look={looks[b]!} />
                <span class="unseen">{looks[b]!.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {there.map((a) => (
            <tr key={a}>
              <th scope="row">
                <Badge look={looks[a]!} />{" "}
                <span class="name" data-tip={looks[a]!.name}>
                  <bdi>{looks[a]!.name}</bdi>
                </span>
              </th>
              {there.map((b) => {
                const at = a === b ? -1 : rung(a, b);
                if (at < 0) return <td key={b} class="none" />;
                const [colour, ink] = RUNGS[at] ?? RUNGS[2]!;
                const tip = `${isolated(looks[a]!.name)} and ${isolated(looks[b]!.name)}: ${words[at]}`;
                return (
                  <td key={b} style={{ background: colour, color: ink }} data-tip={tip}>
                    <span aria-hidden="true">{rungLetter(words, at)}</span>
                    <span class="unseen">{words[at]}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <StanceKey words={words} />
    </Wide>
  );
}

export function StanceKey({ words }: { words: string[] }) {
  return (
    <ul class="key">
      {words.map((word, rung) => (
        <li key={word}>
          <span class="badge" aria-hidden="true" style={{ background: RUNGS[rung]?.[0], color: RUNGS[rung]?.[1] }}>
            {rungLetter(words, rung)}
          </span>{" "}
          {word}
        </li>
      ))}
    </ul>
  );
}
