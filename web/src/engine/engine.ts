/** The model behind the page, in whatever way it is reached. */

import type { Change, Difference, Opened, Play, Runs } from "../contract";

/** A sentence that the reader should see: the engine refused, or stopped. */
export class Refused extends Error {
  /** What a server answered, where there is one; 0 else. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

export interface Engine {
  /** How many requests are worked on at once. */
  readonly width: number;
  /** Whether a change can be made. */
  check(change: Change, signal?: AbortSignal): Promise<Opened>;
  /** Replicates from `first` on under a change. */
  run(change: Change, first: number, count: number, signal?: AbortSignal): Promise<Runs>;
  /** What differs over pairs of (replicate, before, after) of an answer. */
  difference(answer: number, pairs: [number, number, number][], signal?: AbortSignal): Promise<Difference>;
  /** One run, step by step. */
  play(change: Change, replicate: number, signal?: AbortSignal): Promise<Play>;
}

/** Whether an error says no more than that nobody waits for it any longer. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** An error as a sentence for the reader. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
