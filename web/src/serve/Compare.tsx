/** Two results side by side. */

import type { Estimate, PageData } from "../contract";
import { threshold } from "../words/difference";
import { range, several, written } from "../words/numbers";
import { basis } from "../live/Effect";
import { Figure, TipLayer } from "../live/Tip";
import { api } from "./api";
import { useAsked } from "./asked";
import { to } from "./route";

export function Compare({ one, other }: { one: string; other: string }) {
  const pages = useAsked(() => Promise.all([api.page(one), api.page(other)]), [one, other]).value;
  if (pages.error) return <p class="problem">{pages.error}</p>;
  if (!pages.value) return <p class="about">Opening both …</p>;
  const [left, right] = pages.value;
  const rows = left.answers.flatMap((answer) => {
    const there = right.answers.findIndex(({ id }) => id === answer.id);
    const [own, others] = [answer.whole, right.answers[there]?.whole];
    return own && others ? [{ answer, sides: [own, others], apart: apart(own, others) }] : [];
  });
  if (rows.length === 0) return <p>The two have no answer in common.</p>;
  const limit = threshold(rows.length);
  rows.sort((a, b) => Number(b.answer.headline) - Number(a.answer.headline));
  const shared = inCommon(left, right);
  const only = (page: PageData, than: PageData) =>
    page.answers.filter(({ id }) => !than.answers.some((answer) => answer.id === id)).length;
  return (
    <div class="live">
      <h1>Two results</h1>
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
      <p class="about">
        ● differs even if all {rows.length} answers are looked at together; ○ differs by itself, as one in twenty would by luck.
        Shares of yes, and medians, with their 95% intervals.
        {only(left, right) + only(right, left) > 0 &&
          ` ${several(only(left, right) + only(right, left), "answer")} of only one of the two left out.`}
      </p>
      {shared > 0 && (
        <p class="about">
          Both are of seed {left.seed} and have {several(shared, "replicate")} in common, so they share their luck. The marks hold
          them as independent: as a rule what differs is surer than they say, and more may differ than is marked.
        </p>
      )}
      <table class="stacks">
        <thead>
          <tr>
            <th>Answer</th>
            <th class="number">{one}</th>
            <th class="number">{other}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ answer, sides, apart }) => (
            <tr key={answer.id} class={apart >= 1 ? "differs" : ""}>
              <td>
                <span class="line">
                  <span
                    class="sure"
                    role="img"
                    aria-label={apart >= limit ? "differs" : apart >= 1 ? "differs by itself" : "alike"}
                  >
                    {apart >= limit ? "●" : apart >= 1 ? "○" : " "}
                  </span>
                  <span>
                    <bdi>{answer.text}</bdi> <span class="when">{answer.label}</span>
                  </span>
                </span>
              </td>
              {sides.map((own, place) => (
                <td key={place} class="number" data-head={place === 0 ? one : other}>
                  <Figure
                    text={written(answer.unit, own.value, false)}
                    tip={basis(answer, several(own.runs, "run"))}
                  />{" "}
                  <span class="interval">({range(answer.unit, own.low, own.high, false)})</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <TipLayer />
    </div>
  );
}

/** How many replicates two results of a scenario share: of one seed, those with the same numbers have the same luck. */
function inCommon(one: PageData, other: PageData): number {
  if (one.seed !== other.seed || one.scenario !== other.scenario) return 0;
  const end = ({ first, replicates }: PageData) => first + replicates;
  return Math.max(0, Math.min(end(one), end(other)) - Math.max(one.first, other.first));
}

/** How many half intervals of their difference two values are apart (Newcombe 1998, method 10). */
function apart(one: Estimate, other: Estimate): number {
  const [low, high] = one.value < other.value ? [one, other] : [other, one];
  const half = Math.hypot(low.high - low.value, high.value - high.low);
  return half > 0 ? (high.value - low.value) / half : high.value > low.value ? Infinity : 0;
}
