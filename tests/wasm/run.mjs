// Prints what an engine in WebAssembly replies to requests, a line each: node run.mjs MODULE.wasm REQUESTS.txt
import { readFileSync } from "node:fs";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { memory, allocate, call, release } = instance.exports;

function reply(request) {
    const bytes = new TextEncoder().encode(request);
    const place = allocate(bytes.length);
    new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
    const answer = call(place, bytes.length);
    release(place, bytes.length);
    const length = new DataView(memory.buffer).getUint32(answer, true);
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, answer + 4, length));
    release(answer, length + 4);
    return text;
}

process.stdout.write(readFileSync(process.argv[3], "utf8").split("\n").map(reply).join("\n"));
