/** The server's side of `entente serve`, as contract.ts describes it. */

import type { Change, Difference, Opened, PageData, Play, Problem, Progress, Reply, Request, Runs, Shelf } from "../contract";
import { type Engine, Refused } from "../engine/engine";

const TOKEN = "entente-token";

/** Takes the token out of the address, and keeps it for all tabs of this server: it is of no use to the next one. Whether there was one. */
export function takeToken(): boolean {
  const found = location.hash.match(/^#token=([^&]+)/);
  if (!found) return false;
  localStorage.setItem(TOKEN, decodeURIComponent(found[1]!));
  history.replaceState(null, "", location.pathname + location.search + location.hash.replace(/^#token=[^&]+&?/, "#"));
  return true;
}

interface Asking {
  method?: "GET" | "POST" | "PUT";
  body?: unknown;
  signal?: AbortSignal | undefined;
}

async function response(address: string, { method = "GET", body, signal }: Asking = {}): Promise<Response> {
  const headers: Record<string, string> = { "X-Entente-Token": localStorage.getItem(TOKEN) ?? "" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, signal: signal ?? null };
  if (body !== undefined) init.body = JSON.stringify(body);
  const found = await fetch(address, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused("The server does not answer: it may have been stopped.");
  });
  if (found.ok) return found;
  const told = (await found.json().catch(() => null)) as { error?: string } | null;
  throw new Refused(told?.error ?? `The server refused: ${found.status} ${found.statusText}`, found.status);
}

async function ask<T>(address: string, asking?: Asking): Promise<T> {
  return (await (await response(address, asking)).json()) as T;
}

const named = (key: string, value: string) => `${key}=${encodeURIComponent(value)}`;

export const api = {
  shelf: () => ask<Shelf>("/api/shelf"),
  page: (results: string) => ask<PageData>(`/api/page?${named("results", results)}`),
  scenario: (path: string) => ask<{ text: string; problems: Problem[] }>(`/api/scenario?${named("path", path)}`),
  check: (path: string, text: string, signal?: AbortSignal) =>
    ask<{ problems: Problem[]; questions: number }>("/api/check", { method: "POST", body: { path, text }, signal }),
  save: (path: string, text: string, was: string) =>
    ask<{ problems: Problem[] }>("/api/scenario", { method: "PUT", body: { path, text, was } }),
  schema: () => ask<unknown>("/api/schema"),
  begin: (path: string, replicates: number, kind: "run" | "compare") =>
    ask<{ experiment: string }>("/api/experiments", { method: "POST", body: { path, replicates, kind } }),
  stop: (experiment: string) => response(`/api/experiments/${encodeURIComponent(experiment)}/stop`, { method: "POST", body: {} }),
  showReport: (results: string) =>
    ask<{ address: string }>(`/api/report?${named("results", results)}`, { method: "POST", body: {} }),
};

/** What the server tells of an experiment, until it is over. */
export async function* progress(experiment: string, signal: AbortSignal): AsyncGenerator<Progress> {
  const { body } = await response(`/api/experiments/${encodeURIComponent(experiment)}`, { signal });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new Refused("The server was stopped: what is done is kept, and the same experiment goes on from it.");
    });
    if (done) return;
    const parts = (rest + value.replace(/\r/g, "")).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const data = part.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []));
      if (data.length > 0) yield JSON.parse(data.join("\n")) as Progress;
    }
  }
}

/** The server's own engine, for one set of results. */
export class HttpEngine implements Engine {
  readonly width = 2;

  constructor(private readonly results: string) {}

  check(change: Change, signal?: AbortSignal): Promise<Opened> {
    return this.ask({ op: "check", change }, signal);
  }

  run(change: Change, first: number, count: number, signal?: AbortSignal): Promise<Runs> {
    return this.ask({ op: "run", change, first, count }, signal);
  }

  difference(answer: number, pairs: [number, number, number][], signal?: AbortSignal): Promise<Difference> {
    return this.ask({ op: "difference", answer, pairs }, signal);
  }

  play(change: Change, replicate: number, signal?: AbortSignal): Promise<Play> {
    return this.ask({ op: "play", change, replicate }, signal);
  }

  private async ask<T>(request: Request, signal?: AbortSignal): Promise<T> {
    const reply = await ask<Reply<T>>(`/api/engine?${named("results", this.results)}`, { method: "POST", body: request, signal });
    if ("error" in reply) throw new Refused(reply.error);
    return reply.ok;
  }
}
