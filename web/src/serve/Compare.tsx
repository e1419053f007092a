/** Two results side by side. */

import { useSignal } from "@preact/signals";
import { threshold } from "../words/difference";
import { isolated } from "../words/names";
import { estimate, several } from "../words/numbers";
import { basis } from "../live/Effect";
import { Figure, TipLayer } from "../live/Tip";
import { Heading, Refusal } from "./Heading";
import { api } from "./api";
import { useAsked } from "./asked";
import { type Pair, inCommon, pairs } from "./pairs";
import { to } from "./route";

/** From how many answers on those that are alike are folded away. */
const MANY = 30;

export function Compare({ one, other }: { one: string; other: string }) {
  const pages = useAsked(() => Promise.all([api.page(one), api.page(other)]), [one, other]).value;
  if (pages.error) return <Refusal text="The two results cannot be compared" why={pages.error} />;
  if (!pages.value) return <p class="about">Opening both …</p>;
  const [left, right] = pages.value;
  const { both, alone } = pairs(left, right);
  const shared = inCommon(left, right);
  return (
    <div class="live">
      <Heading text="Two results" />
      <p>
        <a href={to.results(one)}>
          <bdi>{left.title}</bdi>
        </a>{" "}
        ({one}), {several(left.replicates, "replicate")}, beside{" "}
        <a href={to.results(other)}>
          <bdi>{right.title}</bdi>
        </a>{" "}
        ({other}), {several(right.replicates, "replicate")}.
      </p>
      {left.scenario !== right.scenario && (
        <p>
          They are of two scenarios, {isolated(left.scenario)} and {isolated(right.scenario)}: only what both ask in the same words
          is compared.
        </p>
      )}
      {shared > 0 && (
        <p class="about">
          Both are of seed {left.seed} and have {several(shared, "replicate")} in common, so they share their luck. The marks hold
          them as independent: as a rule what differs is surer than they say, and more may differ than is marked.
        </p>
      )}
      {both.length === 0 ? <p>The two have no answer in common.</p> : <Answers both={both} heads={[one, other]} />}
      {alone > 0 && <p class="about">{several(alone, "answer")} of only one of the two {alone === 1 ? "is" : "are"} left out.</p>}
      <TipLayer />
    </div>
  );
}

function Answers({ both, heads }: { both: Pair[]; heads: [string, string] }) {
  const whole = useSignal(both.length <= MANY);
  const shown = whole.value ? both : both.filter(({ answer, apart }) => answer.headline || apart >= 1);
  const limit = threshold(both.length);
  const differing = both.filter(({ apart }) => apart >= 1).length;
  return (
    <>
      <p class="about">
        {both.length === 1
          ? "● differs; by luck alone one in twenty would."
          : `● differs even if all ${several(both.length, "answer")} are looked at together; ○ differs by itself, as one in twenty would by luck.`}{" "}
        Shares of yes, and medians, with their 95% intervals.
      </p>
      {both.length > MANY && (
        <p>
          {differing === 0 ? "None differs." : `${several(differing, "answer")} of ${both.length} ${differing === 1 ? "differs" : "differ"}.`}{" "}
          <button type="button" class="plain" aria-expanded={whole.value} onClick={() => (whole.value = !whole.value)}>
            {whole.value ? "Only the foremost, and those that differ" : `All ${both.length} answers`}
          </button>
        </p>
      )}
      <table class="stacks">
        <thead>
          <tr>
            <th>Answer</th>
            {heads.map((head) => (
              <th key={head} class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {inGroups(shown).map(([group, own]) => (
          <tbody key={group}>
            {group && (
              <tr>
                <th class="group" colSpan={3} scope="rowgroup">
                  <bdi>{group}</bdi>
                </th>
              </tr>
            )}
            {own.map((pair) => (
              <Row key={pair.answer.id} pair={pair} heads={heads} limit={limit} />
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

/** Answers by group, those of headlines first and without one. */
function inGroups(all: Pair[]): [string, Pair[]][] {
  const found = new Map<string, Pair[]>();
  for (const pair of all) {
    const group = pair.answer.headline ? "" : pair.answer.group || "Others";
    found.set(group, [...(found.get(group) ?? []), pair]);
  }
  return found.size === 1 ? [["", all]] : [...found];
}

function Row({ pair: { answer, sides, apart }, heads, limit }: { pair: Pair; heads: [string, string]; limit: number }) {
  return (
    <tr class={apart >= 1 ? "differs" : ""}>
      <td>
        <span class="line">
          <span class="sure" role="img" aria-label={apart >= limit ? "differs" : apart >= 1 ? "differs by itself" : "alike"}>
            {apart >= limit ? "●" : apart >= 1 ? "○" : " "}
          </span>
          <span>
            <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
          </span>
        </span>
      </td>
      {sides.map((own, place) => {
        const [value, interval] = estimate(answer.unit, own.value, own.low, own.high);
        return (
          <td key={place} class="number" data-head={heads[place]}>
            <Figure text={value} tip={basis(answer, several(own.runs, "run"))} />{" "}
            <span class="interval">({interval})</span>
          </td>
        );
      })}
    </tr>
  );
}
