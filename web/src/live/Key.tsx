/** Who is who on the map, and how many zones each holds. */

import { type Look, holderLook } from "../map/look";
import type { Recording } from "../state/recording";

export function Key({ recording, looks, frame }: { recording: Recording; looks: Look[]; frame: number }) {
  const holders = recording.holders(frame);
  const ever = new Set(recording.play.holders.flatMap(([, all]) => all));
  const shown = [...ever].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
  return (
    <ul class="key">
      {shown.map((holder) => {
        const look = holderLook(looks, holder);
        const own = holders.filter((other) => other === holder).length;
        return (
          <li key={holder} class={own === 0 ? "none" : ""}>
            <Badge look={look} /> {look.name} <span class="about">{own}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** A faction's colour with its letters. */
export function Badge({ look }: { look: Look }) {
  return (
    <span class="badge" aria-hidden="true" style={{ background: look.colour, color: look.dark ? "#fff" : "#222" }}>
      {look.letters || "–"}
    </span>
  );
}
