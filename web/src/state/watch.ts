/** A run that is watched, and the same run under the change beside it. */

import { batch, computed, effect, signal } from "@preact/signals";
import type { Change, Maybe, PageData } from "../contract";
import { type Engine, isAbort, sentence } from "../engine/engine";
import type { Wanted } from "./address";
import { Recording } from "./recording";

export const NOTHING: Change = { variant: null, set: [] };
/** Steps a second. */
export const SPEEDS = [2, 4, 8, 16];

export class Watch {
  readonly wanted = signal<Wanted>("typical");
  readonly recording = signal<Maybe<Recording>>(null);
  readonly other = signal<Maybe<Recording>>(null);
  readonly beside = signal(false);
  readonly frame = signal(0);
  readonly playing = signal(false);
  readonly speed = signal(4);
  readonly error = signal("");
  readonly otherError = signal("");
  /** Whether the reader has come near, so that a run is worth playing. */
  readonly near = signal(false);
  readonly replicate = computed(() => this.resolve(this.wanted.value, this.answer()));
  readonly date = computed(() => this.recording.value?.play.dates[this.frame.value] ?? this.data.start);
  /** A date to go to once a run is there. */
  private pending: Maybe<string> = null;
  private timer = 0;

  constructor(
    private readonly data: PageData,
    private readonly engine: Engine,
    private readonly answer: () => number,
    change: () => Change,
  ) {
    effect(() => {
      if (!this.near.value || this.replicate.value === null) return;
      return this.load(NOTHING, this.replicate.value, (found) => this.show(found), this.error);
    });
    effect(() => {
      if (!this.near.value || !this.beside.value || this.replicate.value === null) {
        this.other.value = null;
        return;
      }
      return this.load(change(), this.replicate.value, (found) => (this.other.value = found), this.otherError);
    });
    effect(() => {
      clearInterval(this.timer);
      if (!this.playing.value) return;
      this.timer = window.setInterval(() => this.tick(), 1000 / this.speed.value);
    });
  }

  /** The replicate that is meant; null if there is none such. */
  resolve(wanted: Wanted, answer: number): Maybe<number> {
    const { first, values } = this.data;
    const asked = values[answer] ?? [];
    if (typeof wanted === "number") return wanted;
    const known = asked.findIndex((value) => value !== null);
    if (wanted === "typical") return this.data.typical ?? (this.data.replicates > 0 ? first + Math.max(0, known) : null);
    let place: number;
    if (this.data.answers[answer]?.yes_no) {
      place = asked.findIndex((value) => value === (wanted === "yes" ? 1 : 0));
    } else {
      const numbers = asked.filter((value) => value !== null);
      const end = wanted === "yes" ? Math.max(...numbers) : Math.min(...numbers);
      place = asked.indexOf(end);
    }
    return place < 0 ? null : first + place;
  }

  /** Goes to a date, now or as soon as there is a run. */
  goTo(date: string): void {
    const recording = this.recording.value;
    if (recording) this.frame.value = recording.frameOf(date);
    else this.pending = date;
  }

  move(by: number): void {
    const last = (this.recording.value?.frames ?? 1) - 1;
    this.frame.value = Math.max(0, Math.min(last, this.frame.value + by));
  }

  toggle(): void {
    const last = (this.recording.value?.frames ?? 1) - 1;
    if (!this.playing.value && this.frame.value >= last) this.frame.value = 0;
    this.playing.value = !this.playing.value;
  }

  private tick(): void {
    if (this.frame.value >= (this.recording.value?.frames ?? 1) - 1) this.playing.value = false;
    else this.frame.value += 1;
  }

  private show(found: Recording): void {
    batch(() => {
      const date = this.pending ?? (this.recording.peek() ? this.date.peek() : null);
      this.pending = null;
      this.recording.value = found;
      this.frame.value = date === null ? 0 : found.frameOf(date);
    });
  }

  private load(change: Change, replicate: number, took: (found: Recording) => void, error: { value: string }): () => void {
    const abort = new AbortController();
    error.value = "";
    this.engine.play(change, replicate, abort.signal).then(
      (play) => {
        if (!abort.signal.aborted) took(new Recording(play, this.data));
      },
      (problem: unknown) => {
        if (!isAbort(problem)) error.value = sentence(problem);
      },
    );
    return () => abort.abort();
  }
}
