/** Who is who on the map, and how many zones each holds. */

import { type Look, holderLook } from "../map/look";
import type { Recording } from "../state/recording";

interface Props {
  recording: Recording;
  looks: Look[];
  frame: number;
  /** Whether zones that others hold in the run beside are marked. */
  beside?: boolean;
}

export function Key({ recording, looks, frame, beside }: Props) {
  const holders = recording.holders(frame);
  const ever = new Set(recording.play.holders.flatMap(([, all]) => all));
  const shown = [...ever].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
  const closed = recording.data.closed.length > 0;
  return (
    <>
      <ul class="key">
        {shown.map((holder) => {
          const look = holderLook(looks, holder);
          const own = holders.filter((other) => other === holder).length;
          return (
            <li key={holder} class={own === 0 ? "none" : ""}>
              <Badge look={look} /> <bdi>{look.name}</bdi> <span class="about">{own}</span>
            </li>
          );
        })}
      </ul>
      <p class="about">
        The numbers are zones held. Arrow: offensive; dashed ring: siege{closed && "; dotted line: closed border"}
        {beside && "; ring: held by another than as it is"}.
      </p>
    </>
  );
}

/** A faction's colour with its letters. */
export function Badge({ look }: { look: Look }) {
  return (
    <span class="badge" aria-hidden="true" style={{ background: look.colour, color: look.ink }}>
      {look.letters || "–"}
    </span>
  );
}
