/** What kinds of results there are. */

import type { ShelfResults } from "../contract";

/** Whether there are runs to play with: whatever else a command leaves has a report alone. */
export function isAlive({ kind }: Pick<ShelfResults, "kind">): boolean {
  return kind === "run" || kind === "compare";
}

/** What kind of experiment it is, in words. */
export function kindOf(kind: string | undefined): string {
  return kind === "compare" ? "a comparison of its variants" : kind === "run" ? "a run" : (kind ?? "");
}
