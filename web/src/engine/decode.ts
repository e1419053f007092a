/** What the page holds as text: base64 of gzip. */

/** Says why this browser cannot show the live part, or nothing if it can. */
export function missing(): string | null {
  if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, or it is switched off";
  if (typeof DecompressionStream !== "function") return "This browser cannot unpack the data that the page holds";
  if (typeof Worker !== "function") return "This browser has no workers";
  return null;
}

async function unpack(id: string): Promise<Response> {
  const text = document.getElementById(id)?.textContent?.trim() ?? "";
  if (text === "") throw new Error(`“${id}” is empty`);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** The JSON that an element holds. */
export async function unpackJson<T>(id: string): Promise<T> {
  return (await (await unpack(id)).json()) as T;
}

/** The bytes that an element holds. */
export async function unpackBytes(id: string): Promise<ArrayBuffer> {
  return (await unpack(id)).arrayBuffer();
}
