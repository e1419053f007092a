/** A worker: an instance of the model, which answers one request after the other. */

import type { Request } from "../contract";

/** From page to worker. The first message brings the module and opens the scenario. */
export type ToWorker = { id: number; module?: WebAssembly.Module; request: Request };
/** From worker to page: the text of the engine's reply, or why the instance is of no use any longer. */
export type FromWorker = { id: number; reply: string } | { id: number; trap: string };

interface Exports {
  memory: WebAssembly.Memory;
  allocate(length: number): number;
  call(pointer: number, length: number): number;
  release(pointer: number, length: number): void;
}

let engine: Exports | undefined;

function ask(exports: Exports, request: Request): string {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const given = exports.allocate(bytes.length);
  new Uint8Array(exports.memory.buffer, given, bytes.length).set(bytes);
  const reply = exports.call(given, bytes.length) >>> 0;
  exports.release(given, bytes.length);
  const length = new DataView(exports.memory.buffer).getUint32(reply, true);
  const text = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, reply + 4, length));
  exports.release(reply, length + 4);
  return text;
}

addEventListener("message", async (event: MessageEvent<ToWorker>) => {
  const { id, module, request } = event.data;
  let answer: FromWorker;
  try {
    if (module) engine = (await WebAssembly.instantiate(module)).exports as unknown as Exports;
    if (!engine) throw new Error("the engine was not sent");
    answer = { id, reply: ask(engine, request) };
  } catch (error) {
    answer = { id, trap: String(error) };
  }
  postMessage(answer);
});
