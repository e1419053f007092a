/** The live part of a report. */

import type { Live } from "../state/live";
import { tell } from "../words/difference";
import { several } from "../words/numbers";
import { TryAChange } from "./Change";
import { TipLayer } from "./Tip";
import { WatchARun } from "./Watch";

export function LivePart({ live, link }: { live: Live; link: () => string }) {
  return (
    <div class="live">
      {live.data.answers.length > 0 && <TryAChange live={live} link={link} />}
      <WatchARun live={live} />
      <Printed live={live} />
      <TipLayer />
    </div>
  );
}

/** What paper shows of the live part: the change and what it does, if there is one. */
function Printed({ live }: { live: Live }) {
  const found = live.refinement.difference.value;
  const answer = live.data.answers[live.answer.value];
  const told = found && answer && tell(answer, found);
  if (!live.changed.value || !found || !told) return null;
  return (
    <p class="printed">
      Tried in this page: {live.told().join("; ")}. <bdi>{answer.text}</bdi> {answer.label}: {told.words}
      {told.interval && `, 95% interval ${told.interval}`} ({several(found.n, "pair")} of runs with the same luck).
    </p>
  );
}
