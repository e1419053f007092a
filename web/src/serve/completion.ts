/** Keys that the schema of scenarios allows where the caret is. */

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  description?: string;
  $defs?: Record<string, Schema>;
  definitions?: Record<string, Schema>;
}

export interface Suggestion {
  key: string;
  about: string;
}

export interface Completion {
  /** Where the word begins that a suggestion takes the place of. */
  from: number;
  suggestions: Suggestion[];
}

/** So many are offered at once: a list to look through, no more. */
const MOST = 40;

/** What may stand at a place of a text; nothing where no key is being written. */
export function complete(schema: unknown, text: string, caret: number): Completion | null {
  const at = place(text, caret);
  if (!at) return null;
  const root = schema as Schema;
  const parts = at.word.split(".");
  const last = parts.pop()!;
  const found = [...at.within, ...parts].reduce<Schema[]>((at, key) => at.flatMap((one) => under(root, one, key)), [root]);
  const keys = new Map(found.flatMap((one) => Object.entries(properties(root, one))));
  const suggestions = [...keys]
    .filter(([key]) => key.startsWith(last) && key !== last)
    .map(([key, own]) => ({ key, about: (own.description ?? "").split(/\n|\. /)[0] ?? "" }))
    .slice(0, MOST);
  return suggestions.length > 0 ? { from: caret - last.length, suggestions } : null;
}

/** A table in braces, or a list in brackets, that is open at a place. */
interface Open {
  kind: "table" | "list";
  /** The key that it is the value of; none of what stands in a list. */
  key: string[];
}

const HEADER = /^[ \t]*\[{1,2}([\w."-]+)\]{1,2}[ \t]*(?:#.*)?$/gm;

/** The key that is being written at a place, and the keys of the tables that it stands in; null where none is. */
function place(text: string, caret: number): { within: string[]; word: string } | null {
  const line = text.lastIndexOf("\n", caret - 1) + 1;
  const header = [...text.slice(0, line).matchAll(HEADER)].at(-1);
  const section = header?.[1]?.split(".") ?? [];
  const begin = header ? header.index + header[0].length : 0;
  const inHeader = text.slice(line, caret).match(/^\s*\[{1,2}([\w.-]*)$/);
  if (inHeader && scan(text, begin, line)?.open.length === 0) return { within: [], word: inHeader[1]! };
  const found = scan(text, begin, caret);
  if (!found || found.isValue || found.open.at(-1)?.kind === "list") return null;
  const word = found.token.trimStart();
  return /^[\w.-]*$/.test(word) ? { within: [...section, ...found.open.flatMap(({ key }) => key)], word } : null;
}

/** Reads a part of a text up to a place: what is open there, and what has been written of a key; null within a string or a comment. */
function scan(text: string, from: number, to: number): { open: Open[]; token: string; isValue: boolean } | null {
  const open: Open[] = [];
  let [token, key, isValue] = ["", [] as string[], false];
  const next = () => ([token, key, isValue] = ["", [], false]);
  for (let at = from; at < to; at += 1) {
    const letter = text[at]!;
    if (letter === "#") {
      const end = text.indexOf("\n", at);
      if (end < 0 || end >= to) return null;
      at = end - 1;
    } else if (letter === '"' || letter === "'") {
      const mark = text.startsWith(letter.repeat(3), at) ? letter.repeat(3) : letter;
      const end = endOfString(text, at + mark.length, mark);
      if (end > to) return null;
      at = end - 1;
      token += "_";
    } else if (letter === "=") {
      [key, token, isValue] = [token.trim().split("."), "", true];
    } else if (letter === "{" || letter === "[") {
      open.push({ kind: letter === "{" ? "table" : "list", key });
      next();
    } else if (letter === "}" || letter === "]") {
      open.pop();
      next();
      // What follows a value is a comma or the end of its line.
      isValue = true;
    } else if (letter === "," || (letter === "\n" && open.length === 0)) {
      next();
    } else {
      token += letter;
    }
  }
  return { open, token, isValue };
}

/** Where a string ends that began before a place: past its mark, or with the line if that has one line; past the text if nowhere. */
function endOfString(text: string, from: number, mark: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\" && mark[0] === '"') at += 1;
    else if (text.startsWith(mark, at)) return at + mark.length;
    else if (text[at] === "\n" && mark.length === 1) return at;
  }
  return Infinity;
}

function resolved(root: Schema, schema: Schema): Schema[] {
  const name = schema.$ref?.split("/").at(-1);
  const target = name === undefined ? undefined : (root.$defs ?? root.definitions)?.[name];
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...(target ? resolved(root, target) : []), ...others.flatMap((one) => resolved(root, one))];
}

function properties(root: Schema, schema: Schema): Record<string, Schema> {
  const all = resolved(root, schema).flatMap((one) => (one.items ? resolved(root, one.items) : [one]));
  return Object.assign({}, ...all.map((one) => one.properties ?? {})) as Record<string, Schema>;
}

function under(root: Schema, schema: Schema, key: string): Schema[] {
  const own = properties(root, schema)[key];
  if (own) return [own];
  return resolved(root, schema).flatMap(({ additionalProperties }) =>
    typeof additionalProperties === "object" ? [additionalProperties] : [],
  );
}
