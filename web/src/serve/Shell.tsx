/** The pages of `entente serve`. */

import { Compare } from "./Compare";
import { Editor } from "./Editor";
import { Experiment } from "./Experiment";
import { Results } from "./Results";
import { ShelfPage } from "./ShelfPage";
import { route, to } from "./route";

export function Shell() {
  const now = route.value;
  return (
    <main class="serve">
      {now.page !== "shelf" && (
        <p class="back">
          <a href={to.shelf}>All scenarios and results</a>
        </p>
      )}
      {now.page === "shelf" && <ShelfPage />}
      {now.page === "results" && <Results key={now.id} id={now.id} />}
      {now.page === "scenario" && <Editor key={now.path} path={now.path} />}
      {now.page === "experiment" && <Experiment key={now.id} id={now.id} />}
      {now.page === "compare" && <Compare key={`${now.one} ${now.other}`} one={now.one} other={now.other} />}
    </main>
  );
}
