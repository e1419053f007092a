/** The paired difference that a change makes, refined as runs come. */

import { signal } from "@preact/signals";
import type { Change, Difference, Maybe, PageData } from "../contract";
import { type Engine, isAbort, sentence } from "../engine/engine";

/** How many pairs of runs are made without being asked for. */
export const PLANNED = 200;
/** How many pairs of runs a first figure needs. */
const FIRST_FIGURE = 8;
/** How long a batch should take, milliseconds. */
const BATCH = 250;
/** How long to wait between two looks at all answers, milliseconds. */
const LOOK = 1200;

export type Status = "idle" | "running" | "stopped" | "done" | "refused";
export type Pairs = [replicate: number, before: number, after: number][];

export class Refinement {
  readonly status = signal<Status>("idle");
  readonly target = signal(PLANNED);
  /** Values under the change, by replicate in order, as far as they are known without a gap. */
  readonly runs = signal<Maybe<number[]>[]>([]);
  readonly failures = signal<[replicate: number, why: string][]>([]);
  readonly difference = signal<Maybe<Difference>>(null);
  /** How the difference came to be as it is: what was found after so many pairs. */
  readonly history = signal<Difference[]>([]);
  /** By answer. */
  readonly all = signal<Maybe<Difference>[]>([]);
  readonly error = signal("");
  private abort = new AbortController();
  private change: Maybe<Change> = null;
  private looked = 0;
  private look: Promise<void> = Promise.resolve();
  private lookAgain = false;

  constructor(
    private readonly data: PageData,
    private readonly engine: Engine,
    private readonly answer: () => number,
  ) {}

  /** How many replicates there are to compare with. */
  get most(): number {
    return this.data.values[0]?.length ?? 0;
  }

  /** Begins anew with a change; null for none. */
  begin(change: Maybe<Change>): void {
    this.abort.abort();
    this.change = change;
    this.runs.value = [];
    this.failures.value = [];
    this.difference.value = null;
    this.history.value = [];
    this.all.value = [];
    this.error.value = "";
    this.target.value = Math.min(PLANNED, this.most);
    if (change) void this.go();
    else this.status.value = "idle";
  }

  stop(): void {
    this.abort.abort();
    this.status.value = "stopped";
    void this.lookAtAll();
  }

  /** Goes on, up to so many pairs. */
  more(target: number): void {
    this.target.value = Math.min(target, this.most);
    void this.go();
  }

  /** Another answer is chosen. */
  async turn(): Promise<void> {
    this.difference.value = null;
    this.history.value = [];
    const known = this.runs.value.length;
    for (let part = 1; part <= 8 && known >= FIRST_FIGURE; part++) {
      if (!(await this.measureChosen(Math.round((known * part) / 8)))) return;
    }
  }

  private async go(): Promise<void> {
    const change = this.change;
    if (!change) return;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.status.value = "running";
    const arrived = new Map<number, [Maybe<number[]>[], Maybe<string>[]]>();
    let next = this.runs.value.length;
    let size = 2;
    const lane = async () => {
      while (next < this.target.value && !signal.aborted) {
        const from = next;
        const count = Math.min(size, this.target.value - from);
        next += count;
        const began = performance.now();
        const runs = await this.engine.run(change, this.data.first + from, count, signal);
        const pace = count / Math.max(1, performance.now() - began);
        size = Math.max(1, Math.min(25, 2 * size, Math.round(pace * BATCH)));
        arrived.set(from, [runs.values, runs.failures]);
        this.take(arrived);
      }
    };
    try {
      await Promise.all(Array.from({ length: this.engine.width }, lane));
      if (signal.aborted) return;
      await this.measureChosen();
      await this.lookAtAll();
      if (!signal.aborted) this.status.value = "done";
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.abort.abort();
      this.error.value = sentence(error);
      this.status.value = "refused";
    }
  }

  /** Takes what has come, as far as it joins on to what there is. */
  private take(arrived: Map<number, [Maybe<number[]>[], Maybe<string>[]]>): void {
    let runs = this.runs.value;
    let failures = this.failures.value;
    for (let batch = arrived.get(runs.length); batch; batch = arrived.get(runs.length)) {
      arrived.delete(runs.length);
      const from = this.data.first + runs.length;
      batch[1].forEach((why, place) => {
        if (why !== null) failures = [...failures, [from + place, why]];
      });
      runs = [...runs, ...batch[0]];
    }
    if (runs === this.runs.value) return;
    this.runs.value = runs;
    this.failures.value = failures;
    this.lookAgain = true;
    this.look = this.look.then(async () => {
      if (!this.lookAgain) return;
      this.lookAgain = false;
      await this.measureChosen();
      if (performance.now() - this.looked > LOOK) await this.lookAtAll();
    });
  }

  /** Measures the answer that is chosen over the first so many pairs; gives whether it and the change are still those in view. */
  private async measureChosen(upTo = this.runs.value.length): Promise<boolean> {
    const [change, answer] = [this.change, this.answer()];
    const found = await this.measure(answer, upTo).catch(() => null);
    const current = change === this.change && answer === this.answer();
    if (found && current) this.keep(found);
    return current;
  }

  private keep(found: Difference): void {
    this.difference.value = found;
    const earlier = this.history.value.filter((other) => other.n < found.n);
    this.history.value = [...earlier, found];
  }

  private async lookAtAll(): Promise<void> {
    const change = this.change;
    const known = this.runs.value.length;
    this.looked = performance.now();
    const all = await Promise.all(this.data.answers.map((_, answer) => this.measure(answer, known, true).catch(() => null)));
    this.looked = performance.now();
    if (change === this.change) this.all.value = all;
  }

  /** The difference over the first so many pairs; null of too few, and where `moving` if no pair differs. */
  private async measure(answer: number, upTo: number, moving = false): Promise<Maybe<Difference>> {
    const pairs = this.pairs(answer, upTo);
    if (pairs.length < FIRST_FIGURE) return null;
    if (moving && pairs.every(([, before, after]) => before === after)) return null;
    return this.engine.difference(answer, pairs);
  }

  /** Replicates of which both runs gave an answer, among the first so many. */
  pairs(answer: number, upTo = this.runs.value.length): Pairs {
    const pairs: Pairs = [];
    this.runs.value.slice(0, upTo).forEach((after, place) => {
      const before = this.data.values[answer]?.[place];
      const value = after?.[answer];
      if (typeof before === "number" && typeof value === "number") pairs.push([this.data.first + place, before, value]);
    });
    return pairs;
  }
}
