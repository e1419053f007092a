/** What the page and the engine tell each other. The Rust side is `src/live` (engine) and `src/report/live.rs` (page). */

/** A number that is not known, or was not taken, is null. */
export type Maybe<T> = T | null;

/** How numbers of a question or lever are written. */
export interface Unit {
  /** A share of 0 to 1 shown in per cent, or any other amount: whole from 10 on, with thousands separators. */
  format: "percent" | "count";
  /** The unit's word behind the number: "people", "weeks"; may be empty. */
  word: string;
}

/** An answer: a question at one moment. */
export interface Answer {
  id: string;
  /** The question that it is an answer of; several answers share one. */
  question: string;
  text: string;
  /** The moment, with whether it ends the time that is asked about or is what is asked about: "within 6 months", "after 40 months". */
  label: string;
  /** The group's name; empty if it has none. */
  group: string;
  headline: boolean;
  yes_no: boolean;
  unit: Unit;
  /** What all runs give, of which the page holds but the first few hundred; null without runs. */
  whole: Maybe<Estimate>;
}

/** A share or a median, with its 95% interval and the number of runs that it rests on. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  runs: number;
}

/** An input that the reader can move. */
export interface Lever {
  path: string;
  /** What it is, in words: "Fighters of JNIM". */
  name: string;
  /** The heading under which it stands: "JNIM", "Behaviour: choice". */
  group: string;
  unit: Unit;
  low: Maybe<number>;
  best: Maybe<number>;
  high: Maybe<number>;
  /** Whether only whole numbers make sense. */
  whole: boolean;
  /** Values to choose among, if it is a choice of numbers. */
  choices: number[];
  /** Names to choose among, if it is a choice of names. */
  names: string[];
  /** Whether the runs hold it at `best`, because their changes set it. */
  held: boolean;
  /** The name that stands, of a choice of names. */
  stands: Maybe<string>;
  /** Where the number comes from. */
  source: string;
}

/** A named what-if of the scenario. */
export interface Variant {
  id: string;
  title: string;
  /** Whether it is a rival theory. */
  theory: boolean;
  /** Its changes in words, a line each: "Chance of the congress: 0.6 → 0". */
  changes: string[];
  /** The paths of the inputs that it sets. */
  paths: string[];
}

/** A faction or umbrella. */
export interface Actor {
  id: string;
  /** Short name for labels. */
  name: string;
  /** Full name. */
  full: string;
  /** "#rrggbb"; telling apart without colour is the page's task. */
  colour: string;
  /** Id of the umbrella that it belongs to at the start. */
  umbrella: Maybe<string>;
  kind: "faction" | "umbrella";
}

/** A zone of the map. Towns are circles within the zone around them. */
export interface Zone {
  id: string;
  name: string;
  /** Longitude and latitude in degrees. */
  position: [number, number];
  /** The zone around it, by its place in the list, if it is a town. */
  town_of: Maybe<number>;
  country: string;
  /** Whether its name is always written. */
  named: boolean;
  /** GeoJSON MultiPolygon coordinates, outer rings clockwise; empty for a town. Longitudes may go on past 180. */
  areas: [number, number][][][];
}

/** All that a page knows without an engine. */
export interface PageData {
  program: string;
  title: string;
  /** Id of the scenario. */
  scenario: string;
  /** Unsigned 64-bit integer as text. */
  seed: string;
  /** The first replicate of the results, and how many there are. */
  first: number;
  replicates: number;
  /** What the engine is opened with; not to be looked into. */
  engine: unknown;
  /** What the command that gives the same needs besides scenario, change, seed and replicates: ["--inputs", "best"]; none if it is missing. */
  options?: string[];
  /** First day, and the first day after the last step, as 2023-01-23. */
  start: string;
  end: string;
  /** How many steps a run has, and how many days each. */
  steps: number;
  days: number;
  answers: Answer[];
  /** Per answer and replicate from `first` on, the value of the results; null of a failed run. May hold fewer replicates than there are. */
  values: Maybe<number>[][];
  /** The replicate, ordinary in the headlines, whose answers lie nearest the medians. */
  typical: Maybe<number>;
  levers: Lever[];
  variants: Variant[];
  actors: Actor[];
  zones: Zone[];
  /** Pairs of neighbouring zones, by place, between which the border is closed at the start. */
  closed: [number, number][];
  /** The words of the ladder, from "war" to "alliance". */
  stances: string[];
}

/** What is changed: a variant, levers in the form of `--set` ("faction.jnim.fighters=4000"), or both. */
export interface Change {
  variant: Maybe<string>;
  set: string[];
}

/** A request to the engine. */
export type Request =
  | { op: "open"; engine: unknown }
  | { op: "check"; change: Change }
  | { op: "run"; change: Change; first: number; count: number }
  | { op: "difference"; answer: number; pairs: [number, number, number][] }
  | { op: "play"; change: Change; replicate: number };

/** Every reply is one of these; an error is a sentence, or several in lines. */
export type Reply<T> = { ok: T } | { error: string };

/** Reply to `open` and `check`. */
export interface Opened {
  answers: number;
  steps: number;
}

/** Reply to `run`, by replicate from `first` on. */
export interface Runs {
  /** Per replicate the value of every answer, to the bit that of the command line; null if the run failed. */
  values: Maybe<number[]>[];
  /** Per replicate why it failed. */
  failures: Maybe<string>[];
}

/** Reply to `difference`: over pairs of (replicate, before, after). */
export interface Difference {
  n: number;
  baseline: Maybe<number>;
  value: Maybe<number>;
  /** Of shares (0 to 1), or of means. */
  difference: Maybe<number>;
  low: Maybe<number>;
  high: Maybe<number>;
  gained: Maybe<number>;
  lost: Maybe<number>;
  median_difference: Maybe<number>;
  median_low: Maybe<number>;
  median_high: Maybe<number>;
}

/** Something that happened in a run. */
export interface Happening {
  /** The step in which it happened: between the frames `step` and `step + 1`. */
  step: number;
  /** As in events.parquet: event, talks_opened, talks_ended, leaked, stance_changed, offensive, siege, repelled, control_changed, accord_status, split, merged, gone, … */
  kind: string;
  /** Ids as in events.parquet. */
  who: string;
  other: Maybe<string>;
  from: Maybe<string>;
  to: Maybe<string>;
  public: boolean;
  /** A sentence without its full stop. */
  text: string;
}

/** Reply to `play`: a run from the start (frame 0) to the horizon (frame `steps`). */
export interface Play {
  replicate: number;
  /** First day of each frame; `steps + 1` of them. */
  dates: string[];
  /** Ids of the factions of this run, those that split off included; all tables below are by their place. */
  factions: string[];
  names: string[];
  /** Per frame, per zone of the page: place of the faction that holds it, or -1. Only frames in which it differs from the one before; [frame, holders]. */
  holders: [number, number[]][];
  /** Per frame, per faction: fighters, rounded; 0 of those that are not there. */
  fighters: number[][];
  /** Per frame, per pair: the stance by place in `stances`, or -1 if not both are there. Pairs (0,1), (0,2), …, (1,2), …; only frames in which one differs: [frame, stances]. */
  stances: [number, number[]][];
  /** Per frame: deaths since the start, and displaced people. */
  deaths: number[];
  displaced: number[];
  happenings: Happening[];
  /** Per answer of the page: its value, and the frame in which a yes became one. */
  answers: number[];
  answered: Maybe<number>[];
}

/* `entente serve`: the same page, with the native engine.
 *
 * Every request but GET of the page's own files carries the header `X-Entente-Token`, from the fragment (#token=…) with which
 * the address was opened, kept in memory and in sessionStorage.
 *
 *   GET  /                          the page (mode "serve": <script id="entente-data"> is absent)
 *   GET  /api/shelf                 Shelf
 *   GET  /api/page?results=ID       PageData
 *   GET  /api/report?results=ID     the report of the folder, as a file of its own (HTML)
 *   POST /api/report?results=ID     { address: string }: where the report is shown, in a tab of its own without the token
 *   POST /api/engine?results=ID     Request -> Reply<…> ("open" is not needed)
 *   GET  /api/scenario?path=P       { text, problems: Problem[] }
 *   POST /api/check                 { path, text } -> { problems: Problem[] , questions: number }
 *   PUT  /api/scenario              { path, text, was } -> { problems }; refused (409) if the file is not the text `was`, which is empty or null of a new one
 *   GET  /api/schema                the JSON Schema of scenarios
 *   POST /api/experiments           { path, replicates, kind: "run" | "compare" } -> { experiment: string }
 *   GET  /api/experiments/ID        server-sent events: Progress
 *   POST /api/experiments/ID/stop   stops it; what is done is kept
 *
 * Errors of the API are { error: string } with the status 4xx or 5xx.
 */

export interface ShelfScenario {
  path: string;
  id: string;
  title: string;
  /** How many problems keep it from running. */
  problems: number;
}

export interface ShelfResults {
  /** Path of the folder, relative to what is served; the ID of the API. */
  id: string;
  scenario: string;
  title: string;
  kind: string;
  replicates: number;
  seed: string;
  finished: string;
  /** Why it cannot be opened; empty if it can. */
  damaged: string;
}

export interface Shelf {
  folder: string;
  program: string;
  scenarios: ShelfScenario[];
  results: ShelfResults[];
  /** Experiments at work. */
  experiments: { id: string; path: string }[];
  /** What is said if not all of the folder is listed; else empty. */
  left_out: string;
}

export interface Problem {
  message: string;
  expected: string;
  help: string;
  /** 1-based; 0 if it has no place in this text. */
  line: number;
  column: number;
  /** Offsets in bytes of the text. */
  start: number;
  end: number;
  /** "error" or "warning". */
  level: string;
}

/** What the server tells of an experiment. */
export type Progress =
  | { kind: "progress"; done: number; of: number; seconds: number }
  | { kind: "notice"; text: string }
  | { kind: "finished"; results: string }
  | { kind: "stopped"; text: string }
  | { kind: "failed"; error: string };
