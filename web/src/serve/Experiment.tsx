/** An experiment at work. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Progress } from "../contract";
import { isAbort, sentence } from "../engine/engine";
import { isolated } from "../words/names";
import { count, several } from "../words/numbers";
import { Heading } from "./Heading";
import { api, progress } from "./api";
import { useAsked } from "./asked";
import { begun } from "./begun";
import { kindOf } from "./kinds";
import { openReport } from "./report";
import { to } from "./route";

/** How an experiment ended. */
const heads = { finished: "Finished", stopped: "Stopped", failed: "It did not work" };

export function Experiment({ id }: { id: string }) {
  const at = useSignal<Extract<Progress, { kind: "progress" }> | null>(null);
  const notices = useSignal<string[]>([]);
  const end = useSignal<Extract<Progress, { kind: keyof typeof heads }> | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const listen = async () => {
      for await (const told of progress(id, abort.signal)) {
        if (told.kind === "progress") at.value = told;
        else if (told.kind === "notice") notices.value = [...notices.value, told.text];
        else end.value = told;
      }
    };
    listen().catch((error: unknown) => {
      if (!isAbort(error)) end.value = { kind: "failed", error: sentence(error) };
    });
    return () => abort.abort();
  }, [id]);
  const shelf = useAsked(api.shelf, [id, end.value?.kind]).value.value;
  const own = begun.get(id);
  const found = end.value;
  const result = found?.kind === "finished" ? shelf?.results.find((other) => other.id === found.results) : undefined;
  const path = own?.path ?? shelf?.experiments.find((other) => other.id === id)?.path;
  const title = result?.title ?? shelf?.scenarios.find((scenario) => scenario.path === path)?.title ?? path;
  const kind = own?.kind ?? result?.kind;
  const now = at.value;
  const left = now && now.done > 0 ? (now.seconds / now.done) * (now.of - now.done) : null;
  const stop = () => api.stop(id).catch((error: unknown) => (notices.value = [...notices.value, sentence(error)]));
  return (
    <>
      <Heading text={(end.value ? heads[end.value.kind] : "At work") + (title ? `: ${isolated(title)}` : "")} />
      {(path || kind) && <p class="sub">{[path, kindOf(kind)].filter(Boolean).join(" · ")}</p>}
      {now && end.value?.kind === "finished" && (
        <p>
          {several(now.of, "run")}, {time(now.seconds)}
        </p>
      )}
      {now && end.value?.kind !== "finished" && (
        <>
          <progress max={now.of} value={now.done} aria-label="Runs made" />
          <p role="status">
            {count(now.done)} of {several(now.of, "run")}, {time(now.seconds)}
            {!end.value && left !== null && left > 1 && `; about ${time(left)} left`}
          </p>
        </>
      )}
      {end.value?.kind !== "finished" && notices.value.map((text, place) => <p key={place}>{text}</p>)}
      {end.value?.kind === "stopped" && <p>{end.value.text}</p>}
      {end.value?.kind === "failed" && <p class="problem">{end.value.error}</p>}
      {end.value?.kind === "finished" && <Finished results={end.value.results} />}
      {!end.value && (
        <p>
          <button type="button" onClick={stop}>
            Stop
          </button>{" "}
          <span class="about">What is done is kept; the same experiment goes on from it.</span>
        </p>
      )}
    </>
  );
}

function time(seconds: number): string {
  if (seconds < 1) return "less than a second";
  if (seconds < 90) return several(Math.round(seconds), "second");
  return seconds < 5400 ? several(Math.round(seconds / 60), "minute") : `${count(Math.round(seconds / 360) / 10)} hours`;
}

/** The way to the results, and to their report, which tells of variants as well. */
function Finished({ results }: { results: string }) {
  const problem = useSignal("");
  return (
    <>
      <p>
        <a href={to.results(results)}>Look at the results</a>
      </p>
      <p>
        <button type="button" onClick={() => openReport(results, problem)}>
          The whole report
        </button>{" "}
        <span class="problem">{problem.value}</span>
      </p>
    </>
  );
}
