// Prints the text that a WebAssembly module makes: node run.mjs MODULE.wasm
import { readFileSync } from "node:fs";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { answers, length, memory } = instance.exports;
const start = answers();
process.stdout.write(Buffer.from(memory.buffer, start, length()));
