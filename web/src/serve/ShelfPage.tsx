/** What there is: scenarios, results, and experiments at work. */

import { type Signal, useSignal } from "@preact/signals";
import type { Shelf, ShelfResults } from "../contract";
import { count, several } from "../words/numbers";
import { Heading, Refusal } from "./Heading";
import { api } from "./api";
import { useAsked } from "./asked";
import { begun } from "./begun";
import { drafts } from "./drafts";
import { isAlive, kindOf } from "./kinds";
import { openReport } from "./report";
import { to } from "./route";

export function ShelfPage() {
  const again = useSignal(0);
  const shelf = useAsked(api.shelf, [again.value]).value;
  if (shelf.error) return <Refusal text="The folder cannot be looked through" why={shelf.error} />;
  if (!shelf.value) return <p class="about">Looking at the shelf …</p>;
  const { folder, program, scenarios, experiments, left_out } = shelf.value;
  return (
    <>
      <Heading text="Scenarios and results" />
      <p class="sub">
        {folder} · {program}
      </p>
      {left_out && <p>{left_out}</p>}
      {experiments.length > 0 && (
        <>
          <h2>At work</h2>
          <ul>
            {experiments.map(({ id, path }) => {
              const title = scenarios.find((scenario) => scenario.path === path)?.title;
              return (
                <li key={id}>
                  <a href={to.experiment(id)}>
                    <bdi>{title || path}</bdi>
                  </a>{" "}
                  <span class="about">{[title && path, kindOf(begun.get(id)?.kind)].filter(Boolean).join(" · ")}</span>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <h2>Scenarios</h2>
      {scenarios.length === 0 && <p>There are no scenarios in this folder.</p>}
      <ul class="shelf">
        {scenarios.map(({ path, title, problems }) => (
          <li key={path}>
            <a href={to.scenario(path)}>
              <bdi>{title || path}</bdi>
            </a>
            {title && <span class="about"> {path}</span>}
            {problems > 0 && <span class="problem"> · {several(problems, "problem")}</span>}
            {drafts.get(path) && <span class="about"> · changed, not saved</span>}
          </li>
        ))}
      </ul>
      <h2>Results</h2>
      <ResultsList shelf={shelf.value} />
      <p>
        <button type="button" onClick={() => (again.value += 1)}>
          Look again
        </button>
      </p>
    </>
  );
}

function ResultsList({ shelf: { results } }: { shelf: Shelf }) {
  const chosen = useSignal<string[]>([]);
  const problem = useSignal("");
  if (results.length === 0) return <p>There are no results yet: open a scenario and run it.</p>;
  const choose = ({ id }: ShelfResults) => {
    const without = chosen.value.filter((other) => other !== id);
    chosen.value = without.length < chosen.value.length ? without : [...without, id].slice(-2);
  };
  const [one, other] = chosen.value;
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label="Results">
        <table class="stacks">
          <thead>
            <tr>
              <th>Results</th>
              <th class="number">Replicates</th>
              <th>Seed</th>
              <th>Finished</th>
              <th>Compare</th>
            </tr>
          </thead>
          <tbody>
            {results.map((result) => (
              <tr key={result.id}>
                <td>
                  <Title result={result} problem={problem} />
                  <div class="about">
                    {[result.title && result.id, result.kind !== "run" && result.kind].filter(Boolean).join(" · ")}
                  </div>
                  {result.damaged && <div class="problem">{result.damaged}</div>}
                </td>
                <td class="number" data-head="Replicates">
                  {count(result.replicates)}
                </td>
                <td data-head="Seed">{result.seed}</td>
                <td data-head="Finished">{result.finished.slice(0, 16).replace("T", " ")}</td>
                <td data-head="Compare">
                  <input
                    type="checkbox"
                    aria-label={`Compare ${result.title} (${result.id})`}
                    disabled={result.damaged !== "" || !isAlive(result)}
                    checked={chosen.value.includes(result.id)}
                    onChange={() => choose(result)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problem.value && <p class="problem">{problem.value}</p>}
      {one && other ? (
        <p>
          <a href={to.compare(one, other)}>Compare the two that are chosen</a>
        </p>
      ) : (
        <p class="about">Choose two to compare them.</p>
      )}
    </>
  );
}

function Title({ result, problem }: { result: ShelfResults; problem: Signal<string> }) {
  const title = result.title || result.id;
  if (result.damaged) return <>{title}</>;
  if (isAlive(result)) {
    return (
      <a href={to.results(result.id)}>
        <bdi>{title}</bdi>
      </a>
    );
  }
  return (
    <>
      <button type="button" class="plain link" onClick={() => openReport(result.id, problem)}>
        <bdi>{title}</bdi>
      </button>{" "}
      <span class="about">report</span>
    </>
  );
}
