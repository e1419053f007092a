/** All that the live part shows of one set of results. */

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Answer, Change, Lever, Maybe, PageData } from "../contract";
import type { Engine } from "../engine/engine";
import { isolated, isolating } from "../words/names";
import { input } from "../words/numbers";
import { type Shown, read, strange, write } from "./address";
import { namesOf } from "./recording";
import { Refinement } from "./refinement";
import { NOTHING, Watch } from "./watch";

/** How long a lever must rest before runs are made, milliseconds. */
const REST = 220;

export class Live {
  readonly variant = signal<Maybe<string>>(null);
  /** What an address asked for that cannot be, in sentences. */
  readonly unheeded = signal<string[]>([]);
  /** Levers moved: path and value as written in an assignment. */
  readonly moved = signal<ReadonlyMap<string, string>>(new Map());
  readonly answer = signal(0);
  readonly change = computed<Change>(() => ({
    variant: this.variant.value,
    set: [...this.moved.value].map(([path, value]) => `${path}=${value}`),
  }));
  /** The change, once the reader has let go of the lever. */
  readonly settled = signal<Change>(NOTHING);
  readonly changed = computed(() => !isNothing(this.change.value));
  readonly refinement: Refinement;
  readonly watch: Watch;
  /** What is shown, as parameters of the address. */
  readonly parameters = computed(() => write(this.shown()));
  private readonly usual: number;

  readonly data: PageData;

  constructor(
    given: PageData,
    readonly engine: Engine,
  ) {
    const data = { ...given, answers: told(given.answers), ...inWords(given) };
    this.data = data;
    this.usual = usualAnswer(data);
    this.answer.value = this.usual;
    const answer = () => this.answer.value;
    this.refinement = new Refinement(data, engine, () => this.answer.peek());
    this.watch = new Watch(data, engine, answer, () => this.settled.value);
    const key = computed(() => JSON.stringify(this.change.value));
    const settled = computed(() => JSON.stringify(this.settled.value));
    effect(() => {
      if (key.value === settled.peek()) return;
      const timer = setTimeout(() => (this.settled.value = this.change.peek()), REST);
      return () => clearTimeout(timer);
    });
    effect(() => {
      void settled.value;
      const change = this.settled.peek();
      untracked(() => this.refinement.begin(isNothing(change) ? null : change));
    });
    effect(() => {
      void this.answer.value;
      void untracked(() => this.refinement.turn());
    });
  }

  /** Moves a lever; null puts it back. */
  set(path: string, value: Maybe<string>): void {
    const moved = new Map(this.moved.value);
    if (value === null) moved.delete(path);
    else moved.set(path, value);
    this.moved.value = moved;
  }

  /** The change in words, a part each. */
  told(): string[] {
    const variant = this.data.variants.find(({ id }) => id === this.variant.value);
    const moved = [...this.moved.value].map(([path, value]) => {
      const lever = this.data.levers.find((lever) => lever.path === path);
      const number = lever && lever.names.length === 0 && value !== "" && Number.isFinite(Number(value));
      return `${isolated(lever?.name ?? path)}: ${number ? input(lever.unit, Number(value)) : value}`;
    });
    return [...(variant ? [isolated(variant.title)] : []), ...moved];
  }

  /** Stops making runs, also those of a change that has hardly been made. */
  stop(): void {
    this.settled.value = this.change.value;
    this.refinement.stop();
  }

  reset(): void {
    batch(() => {
      this.variant.value = null;
      this.moved.value = new Map();
    });
  }

  /** Shows what an address says. */
  restore(parameters: string): void {
    const shown = read(parameters);
    batch(() => {
      const known = this.data.variants.some(({ id }) => id === shown.variant);
      this.variant.value = known ? shown.variant : null;
      const beyond = shown.set.flatMap(([path, value]) => this.outside(path, value));
      this.moved.value = new Map(shown.set.filter(([path, value]) => this.outside(path, value).length === 0));
      const answer = this.data.answers.findIndex(({ id }) => id === shown.answer);
      this.answer.value = answer < 0 ? this.usual : answer;
      const missing = [
        ...(shown.variant && !known ? [`a what-if “${shown.variant}”`] : []),
        ...shown.set.flatMap(([path]) => (this.lever(path) ? [] : [`an input “${path}”`])),
        ...(shown.answer && answer < 0 ? [`an answer “${shown.answer}”`] : []),
        ...strange(parameters).map((part) => `a part “${part}”`),
      ];
      const named = missing.length > 0 ? [`The link names ${missing.join(" and ")} that this page does not have.`] : [];
      this.unheeded.value = [...named, ...beyond];
      this.watch.wanted.value = shown.run;
      this.watch.beside.value = shown.beside;
    });
    if (shown.date) this.watch.goTo(shown.date);
  }

  lever(path: string): Lever | undefined {
    return this.data.levers.find((lever) => lever.path === path);
  }

  /** Why a lever cannot have the value that an address gives it, in a sentence; none if it can, or the page does not know. */
  private outside(path: string, value: string): string[] {
    const lever = this.lever(path);
    if (!lever) return [];
    const { name, names, unit } = lever;
    if (names.length > 0 ? names.includes(value) : inRange(lever, value)) return [];
    const may = names.length > 0 ? names.join(", ") : rangeOf(lever);
    const number = names.length === 0 && value.trim() !== "" && Number.isFinite(Number(value));
    const told = number ? input(unit, Number(value)) : `“${value}”`;
    return [`The link sets ${isolated(name)} to ${told}, which it cannot be${may && ` (${may})`}: it is left as it was.`];
  }

  /** What the chosen what-if sets a lever to, as the page tells it; null if it leaves the lever alone. */
  setByWhatIf(path: string): Maybe<string> {
    const chosen = this.data.variants.find(({ id }) => id === this.variant.value);
    const change = chosen?.changes[chosen.paths.indexOf(path)];
    return change?.replace(/^.*(→|: )\s*/, "") ?? null;
  }

  /** Whether there is anything to change. */
  get canChange(): boolean {
    return this.data.levers.length > 0 || this.data.variants.length > 0 || this.changed.value;
  }

  private shown(): Shown {
    const watch = this.watch;
    const started = watch.recording.value !== null && watch.frame.value > 0;
    return {
      variant: this.variant.value,
      set: [...this.moved.value],
      answer: this.answer.value === this.usual ? null : (this.data.answers[this.answer.value]?.id ?? null),
      run: watch.wanted.value,
      date: started ? watch.date.value : null,
      beside: watch.beside.value,
    };
  }
}

/** The answer that is shown first: the last moment of the first headline. */
function usualAnswer({ answers }: PageData): number {
  const first = answers.find(({ headline }) => headline) ?? answers[0];
  return Math.max(
    0,
    answers.findLastIndex(({ question }) => question === first?.question),
  );
}

/** A moment in a question: "within a year", "by the end of 2024"; not "by a general agreement". */
const SAYS_WHEN = /\s(within|after|by|until)\s.*\b(days?|weeks?|months?|years?|horizon|\d{4})\b/;

/** Answers as they are told: the moment stands beside the question, unless the question itself says the only one. */
export function told(all: Answer[]): Answer[] {
  return all.map((answer) => {
    const text = withoutMoment(answer);
    const own = text === answer.text && SAYS_WHEN.test(text);
    const only = all.every((other) => other === answer || other.question !== answer.question);
    return { ...answer, text, label: own && only ? "" : answer.label };
  });
}

/** An answer's question without its moment, which is told beside it. */
export function withoutMoment({ text, label }: Answer): string {
  const words = ["within", "after", "at", "in", "by", "on", "over"];
  const worded = words.flatMap((word) => [`${word} ${label}`, `${word} the ${label}`]);
  // A label may have its own word: "within 6 months".
  const own = words.some((word) => label.startsWith(`${word} `)) ? [label] : [];
  const moment = [...own, ...worded].find((moment) => text.endsWith(` ${moment}?`));
  return moment ? `${text.slice(0, -moment.length - 2).replace(/,$/, "")}?` : text;
}

/** Levers and what-ifs with their names kept apart from the words around them. */
function inWords(data: PageData): Pick<PageData, "levers" | "variants"> {
  const apart = (text: string) => isolating(text, namesOf(data));
  return {
    levers: data.levers.map((lever) => ({ ...lever, name: apart(lever.name) })),
    variants: data.variants.map((variant) => ({ ...variant, changes: variant.changes.map(apart) })),
  };
}

/** Whether a lever is one of how factions behave, rather than of the scenario. */
export function ofBehaviour({ path }: Lever): boolean {
  return path.startsWith("behaviour.");
}

/** Whether a lever can have a value that is written so. */
export function inRange({ low, high }: Lever, value: string): boolean {
  const number = value.trim() === "" ? NaN : Number(value);
  return Number.isFinite(number) && (low === null || number >= low) && (high === null || number <= high);
}

/** What a lever can be, in words: "1,000 to 3,500"; nothing if there is no end to it. */
export function rangeOf({ low, high, unit }: Lever): string {
  if (low !== null && high !== null) return `${input(unit, low)} to ${input(unit, high)}`;
  return low !== null ? `${input(unit, low)} or more` : high !== null ? `${input(unit, high)} or less` : "";
}

/** A number as it is written in an assignment. */
export function assigned(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function isNothing({ variant, set }: Change): boolean {
  return variant === null && set.length === 0;
}
