/** Results, alive: the same as in a report, with the server's engine. */

import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PageData } from "../contract";
import { LivePart } from "../live/LivePart";
import { Live } from "../state/live";
import { several } from "../words/numbers";
import { Heading, Refusal } from "./Heading";
import { HttpEngine, api } from "./api";
import { useAsked } from "./asked";
import { openReport } from "./report";
import { route, to } from "./route";

export function Results({ id }: { id: string }) {
  const page = useAsked(async () => open(id, await api.page(id)), [id]).value;
  const live = page.value;
  const problem = useSignal("");
  useEffect(() => {
    if (!live) return;
    const follow = effect(() => {
      const now = route.value;
      if (now.page === "results" && now.id === id && now.parameters !== live.parameters.peek()) live.restore(now.parameters);
    });
    let timer = 0;
    const tell = effect(() => {
      const parameters = live.parameters.value;
      clearTimeout(timer);
      if (!live.watch.playing.value)
        timer = window.setTimeout(() => history.replaceState(null, "", address(id, parameters)), 250);
    });
    return () => {
      clearTimeout(timer);
      live.watch.playing.value = false;
      follow();
      tell();
    };
  }, [live]);
  const report = (
    <p>
      <button type="button" onClick={() => openReport(id, problem)}>
        The whole report
      </button>{" "}
      {problem.value && <span class="problem">{problem.value}</span>}
    </p>
  );
  if (page.error) {
    return (
      <>
        <Refusal text="These results cannot be played with" why={page.error} />
        {report}
      </>
    );
  }
  if (!live) return <p class="about">Opening the results …</p>;
  return (
    <>
      <Heading text={live.data.title} />
      <p class="sub">
        {several(live.data.replicates, "replicate")}, seed {live.data.seed} · {id}
      </p>
      {report}
      <LivePart live={live} link={() => location.href.replace(/#.*$/, "") + address(id, live.parameters.value)} />
    </>
  );
}

function open(id: string, data: PageData): Live {
  return new Live(data, new HttpEngine(id));
}

function address(id: string, parameters: string): string {
  return to.results(id) + (parameters ? `&${parameters}` : "");
}
