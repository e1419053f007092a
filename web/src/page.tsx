/** Brings the page to life: a report on its own, or the pages of `entente serve`. */

import { effect } from "@preact/signals";
import { render } from "preact";
import type { PageData } from "./contract";
import { missing, unpackBytes, unpackJson } from "./engine/decode";
import { sentence } from "./engine/engine";
import { WorkerEngine } from "./engine/pool";
import { LivePart } from "./live/LivePart";
import { Shell } from "./serve/Shell";
import { takeToken } from "./serve/api";
import { follow } from "./serve/route";
import { asFragment, liveFragment } from "./state/address";
import { Live } from "./state/live";

const STATIC = "The rest of the report is as it always is.";

/** Keeps the address and what is shown alike. */
function bind(live: Live): void {
  const restore = () => {
    const parameters = liveFragment(location.hash);
    if (parameters !== null) live.restore(parameters);
  };
  restore();
  addEventListener("hashchange", restore);
  let timer = 0;
  let first = true;
  effect(() => {
    const parameters = live.parameters.value;
    const playing = live.watch.playing.value;
    clearTimeout(timer);
    if (first || playing) {
      first = false;
      return;
    }
    timer = window.setTimeout(() => {
      if (parameters === "" && liveFragment(location.hash) === null) return;
      try {
        history.replaceState(null, "", asFragment(parameters));
      } catch {
        // Some browsers allow no more than so many changes in so much time; the next one will do.
      }
    }, 250);
  });
  if (liveFragment(location.hash) !== null) document.getElementById("entente-live")?.scrollIntoView();
}

async function report(host: HTMLElement): Promise<void> {
  const why = missing();
  if (why !== null) throw new Error(why);
  const data = await unpackJson<PageData>("entente-data");
  const module = await WebAssembly.compile(await unpackBytes("entente-engine"));
  const engine = new WorkerEngine(module, { op: "open", engine: data.engine });
  const live = new Live(data, engine);
  const link = () => location.href.replace(/#.*$/, "") + asFragment(live.parameters.value);
  render(<LivePart live={live} link={link} />, host);
  bind(live);
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      engine.warm();
      near.disconnect();
    },
    { rootMargin: "600px" },
  );
  near.observe(host);
}

const host = document.getElementById("entente-live");
if (host && document.getElementById("entente-data")) {
  report(host).catch((error: unknown) => {
    render(<p class="problem">{`The live part cannot be shown: ${sentence(error).replace(/\.$/, "")}. ${STATIC}`}</p>, host);
  });
} else if (host) {
  takeToken();
  // The address of a server that was started again, in a tab of the one before.
  addEventListener("hashchange", () => {
    if (!takeToken()) return;
    render(null, host);
    render(<Shell />, host);
  });
  follow();
  render(<Shell />, host);
}
