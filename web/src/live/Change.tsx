/** "Try a change": what is changed, and what that does. */

import type { Live } from "../state/live";
import { tell } from "../words/difference";
import { Command } from "./Command";
import { Effect } from "./Effect";
import { Levers } from "./Levers";
import { Moves } from "./Moves";
import { QuestionChoice } from "./Question";

export function TryAChange({ live, link }: { live: Live; link: () => string }) {
  return (
    <section class="try" aria-labelledby="entente-try">
      <h2 id="entente-try">Try a change</h2>
      {live.canChange ? (
        <p>Change something, and the same futures are run again, with the same luck: what differs is what the change does.</p>
      ) : (
        <p>
          This scenario has nothing to change: it lists no input as uncertain, and no what-if. In its file, an{" "}
          <code>[[uncertainty]]</code> makes an input that can be moved here, and a <code>[[variant]]</code> a what-if.
        </p>
      )}
      {live.unheeded.value.length > 0 && (
        <p class="problem" role="alert">
          {live.unheeded.value.join(" ")}
        </p>
      )}
      <div class="columns">
        <div class="asked">
          <QuestionChoice live={live} />
          <Effect live={live} />
          {live.canChange && (
            <p class="row">
              {live.changed.value && (
                <button type="button" onClick={() => live.reset()}>
                  Put everything back
                </button>
              )}
            </p>
          )}
        </div>
        <Levers live={live} />
        <div class="others">
          <Moves live={live} />
          <Command live={live} link={link} />
        </div>
      </div>
      <Bar live={live} />
    </section>
  );
}

/** On a narrow screen: the figure stays in view while levers are moved. */
function Bar({ live }: { live: Live }) {
  if (!live.changed.value) return null;
  const answer = live.data.answers[live.answer.value]!;
  const found = live.refinement.difference.value;
  const told = found && tell(answer, found);
  return (
    <div class="bottom" aria-hidden="true">
      <bdi>{answer.text}</bdi> {answer.label && `${answer.label}: `}
      <strong>{told ? told.words : "running …"}</strong>
      {told?.interval ? ` (${told.interval})` : ""}
    </div>
  );
}
