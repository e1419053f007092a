/** What the text of a scenario says of its experiments, as far as it can be read off. */

/** Lines with the table in which they stand, without comments. */
function* lines(text: string): Generator<[table: string, line: string]> {
  let table = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/#.*$/, "").trim();
    const head = line.match(/^\[+\s*([^\]]*?)\s*\]+$/);
    if (head) table = head[1]!;
    yield [table, line];
  }
}

/** How many replicates the scenario asks for; null if it does not say. */
export function replicates(text: string): number | null {
  const above = /^run\s*(?:\.\s*|=\s*\{(?:.*[\s,{])?)replicates\s*=\s*([\d_]+)/;
  for (const [table, line] of lines(text)) {
    const found = table === "run" ? line.match(/^replicates\s*=\s*([\d_]+)$/) : table === "" ? line.match(above) : null;
    if (found) return Number(found[1]!.replace(/_/g, ""));
  }
  return null;
}

/** Whether there may be variants: its own, or those of the scenario that it extends. */
export function mayHaveVariants(text: string): boolean {
  for (const [table, line] of lines(text)) {
    if (/^\[\[\s*variant\s*\]\]$/.test(line)) return true;
    if (table === "" && /^(variant|extends)\s*=/.test(line)) return true;
  }
  return false;
}
