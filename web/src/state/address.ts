/** What is shown, as the part of the address behind "#". */

/** Which run is watched: the typical one, the first that says yes (or has the most), the first no (or the least), or a number. */
export type Wanted = "typical" | "yes" | "no" | number;

export interface Shown {
  variant: string | null;
  /** Assignments by path. */
  set: [string, string][];
  /** Id of an answer. */
  answer: string | null;
  run: Wanted;
  date: string | null;
  beside: boolean;
}

/** The parameters of what is shown; without those that are as they are at first. */
export function write(shown: Shown): string {
  const parts: string[] = [];
  const add = (key: string, value: string) => parts.push(`${key}=${encodeURIComponent(value).replace(/%2C/g, ",")}`);
  if (shown.variant) add("variant", shown.variant);
  for (const [path, value] of shown.set) add("set", `${path}=${value}`);
  if (shown.answer) add("answer", shown.answer);
  if (shown.run !== "typical") add("run", String(shown.run));
  if (shown.date) add("date", shown.date);
  if (shown.beside) add("beside", "1");
  return parts.join("&");
}

/** What parameters say; what cannot be understood is as at first. */
export function read(text: string): Shown {
  const found = new URLSearchParams(text);
  const run = found.get("run") ?? "typical";
  const date = found.get("date");
  return {
    variant: found.get("variant"),
    set: found.getAll("set").flatMap((pair) => {
      const place = pair.indexOf("=");
      return place > 0 ? [[pair.slice(0, place), pair.slice(place + 1)] as [string, string]] : [];
    }),
    answer: found.get("answer"),
    run: run === "yes" || run === "no" ? run : /^\d{1,15}$/.test(run) ? Number(run) : "typical",
    date: date && /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null,
    beside: found.get("beside") === "1",
  };
}

const KEYS = ["variant", "set", "answer", "run", "date", "beside"];

/** The parts of parameters that cannot be understood. */
export function strange(text: string): string[] {
  const { run, date } = read(text);
  return [...new URLSearchParams(text)].flatMap(([key, value]) => {
    const isKnown =
      KEYS.includes(key) &&
      (key !== "set" || value.indexOf("=") > 0) &&
      (key !== "run" || String(run) === value) &&
      (key !== "date" || date === value);
    return isKnown ? [] : [value ? `${key}=${value}` : key];
  });
}

const LIVE = "live";

/** The parameters of a report's address: "#live&…"; nothing of another place in the report. */
export function liveFragment(hash: string): string | null {
  const text = hash.replace(/^#/, "");
  return text === LIVE || text.startsWith(`${LIVE}&`) ? text.slice(LIVE.length + 1) : null;
}

/** The address's fragment with such parameters. */
export function asFragment(parameters: string): string {
  return parameters ? `#${LIVE}&${parameters}` : `#${LIVE}`;
}
