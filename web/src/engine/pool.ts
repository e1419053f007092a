/** The model in WebAssembly, in one worker per core. */

import workerText from "worker:./worker.ts";
import type { Change, Difference, Opened, Play, Reply, Request, Runs } from "../contract";
import { type Engine, Refused } from "./engine";
import type { FromWorker, ToWorker } from "./worker";

interface Job {
  request: Request;
  /** Jobs that a reader waits for go before batches of runs. */
  urgent: boolean;
  signal: AbortSignal | undefined;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
}

interface Hand {
  worker: Worker;
  job: Job | null;
  opened: boolean;
}

/** How long a batch that nobody waits for may go on, before its worker is ended: milliseconds. */
const PATIENCE = 400;
const CRASHED = "The engine stopped at this request, and was started anew. Other changes can still be tried.";

export class WorkerEngine implements Engine {
  readonly width = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));
  private readonly address = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  private readonly hands: Hand[] = [];
  private readonly jobs: Job[] = [];
  private number = 0;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly open: Request,
  ) {}

  /** Starts all workers, so that the first request need not wait for them. */
  warm(): void {
    for (let hand = this.hands.length; hand < this.width; hand++)
      void this.check({ variant: null, set: [] }).catch(() => undefined);
  }

  check(change: Change, signal?: AbortSignal): Promise<Opened> {
    return this.ask({ op: "check", change }, true, signal);
  }

  run(change: Change, first: number, count: number, signal?: AbortSignal): Promise<Runs> {
    return this.ask({ op: "run", change, first, count }, false, signal);
  }

  difference(answer: number, pairs: [number, number, number][], signal?: AbortSignal): Promise<Difference> {
    return this.ask({ op: "difference", answer, pairs }, true, signal);
  }

  play(change: Change, replicate: number, signal?: AbortSignal): Promise<Play> {
    return this.ask({ op: "play", change, replicate }, true, signal);
  }

  private ask<T>(request: Request, urgent: boolean, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const job: Job = { request, urgent, signal, resolve: (reply) => resolve(reply as T), reject };
      const place = urgent ? this.jobs.findIndex((other) => !other.urgent) : -1;
      if (place < 0) this.jobs.push(job);
      else this.jobs.splice(place, 0, job);
      signal?.addEventListener("abort", () => this.drop(job), { once: true });
      this.next();
    });
  }

  /** Nobody waits for a job any longer. */
  private drop(job: Job): void {
    job.reject(new DOMException("no longer wanted", "AbortError"));
    const place = this.jobs.indexOf(job);
    if (place >= 0) this.jobs.splice(place, 1);
    setTimeout(() => {
      const hand = this.hands.find((hand) => hand.job === job);
      if (hand) this.replace(hand);
    }, PATIENCE);
  }

  private next(): void {
    while (this.jobs.length > 0) {
      let hand = this.hands.find((hand) => hand.job === null);
      if (!hand && this.hands.length < this.width) {
        hand = { worker: this.start(), job: null, opened: false };
        this.hands.push(hand);
      }
      if (!hand) return;
      const job = this.jobs.shift()!;
      if (job.signal?.aborted) job.reject(new DOMException("no longer wanted", "AbortError"));
      else this.give(hand, job);
    }
  }

  private start(): Worker {
    return new Worker(this.address);
  }

  private give(hand: Hand, job: Job): void {
    hand.job = job;
    this.send(hand, job).then(
      (reply) => {
        if (hand.job !== job) return;
        hand.job = null;
        if ("error" in reply) job.reject(new Refused(reply.error));
        else job.resolve(reply.ok);
        this.next();
      },
      () => {
        if (hand.job !== job) return;
        job.reject(new Refused(CRASHED));
        this.replace(hand);
      },
    );
  }

  private async send(hand: Hand, job: Job): Promise<Reply<unknown>> {
    if (!hand.opened) {
      const opened = await this.exchange(hand.worker, { request: this.open, module: this.module });
      if ("error" in opened) return opened;
      hand.opened = true;
    }
    return this.exchange(hand.worker, { request: job.request });
  }

  private exchange(worker: Worker, message: Omit<ToWorker, "id">): Promise<Reply<unknown>> {
    const id = this.number++;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.id !== id) return;
        if ("trap" in data) reject(new Error(data.trap));
        else resolve(JSON.parse(data.reply) as Reply<unknown>);
      };
      worker.onmessageerror = () => reject(new Error("the worker could not read the message"));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage({ id, ...message } satisfies ToWorker);
    });
  }

  /** A new worker in place of one that is of no use. */
  private replace(hand: Hand): void {
    hand.worker.terminate();
    hand.worker = this.start();
    hand.job = null;
    hand.opened = false;
    this.next();
  }
}
