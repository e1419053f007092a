/** Which page of the server is shown, as the part of the address behind "#". */

import { signal } from "@preact/signals";

export type Route =
  | { page: "shelf" }
  | { page: "results"; id: string; parameters: string }
  | { page: "scenario"; path: string }
  | { page: "experiment"; id: string }
  | { page: "compare"; one: string; other: string };

export const to = {
  shelf: "#/",
  results: (id: string) => `#/results/${encodeURIComponent(id)}`,
  scenario: (path: string) => `#/scenario/${encodeURIComponent(path)}`,
  experiment: (id: string) => `#/experiment/${encodeURIComponent(id)}`,
  compare: (one: string, other: string) => `#/compare/${encodeURIComponent(one)}/${encodeURIComponent(other)}`,
};

export function parse(hash: string): Route {
  const [place = "", ...rest] = hash.replace(/^#/, "").split("&");
  const [, page, first, second] = place.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  if (page === "results" && first) return { page, id: first, parameters: rest.join("&") };
  if (page === "scenario" && first) return { page, path: first };
  if (page === "experiment" && first) return { page, id: first };
  if (page === "compare" && first && second) return { page, one: first, other: second };
  return { page: "shelf" };
}

export const route = signal<Route>({ page: "shelf" });

/** Follows the address. */
export function follow(): void {
  const take = () => (route.value = parse(location.hash));
  take();
  addEventListener("hashchange", take);
}
