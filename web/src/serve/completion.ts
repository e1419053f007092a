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

const MOST = 8;

/** What may stand at a place of a text; nothing where no key is being written. */
export function complete(schema: unknown, text: string, caret: number): Completion | null {
  const begin = text.lastIndexOf("\n", caret - 1) + 1;
  const before = text.slice(begin, caret);
  const inTable = before.match(/^\s*([\w.-]*)$/);
  const inHeader = before.match(/^\s*\[{1,2}([\w.-]*)$/);
  const inLine = before.match(/[{,]\s*([\w-]*)$/);
  const word = inTable?.[1] ?? inHeader?.[1] ?? inLine?.[1];
  if (word === undefined) return null;
  const root = schema as Schema;
  const parts = word.split(".");
  const last = parts.pop()!;
  const within = inHeader ? [] : inLine ? lineKey(before, text, begin) : section(text, begin);
  const found = [...within, ...parts].reduce<Schema[]>((at, key) => at.flatMap((one) => under(root, one, key)), [root]);
  const keys = new Map(found.flatMap((one) => Object.entries(properties(root, one))));
  const suggestions = [...keys]
    .filter(([key]) => key.startsWith(last) && key !== last)
    .map(([key, own]) => ({ key, about: (own.description ?? "").split(/\n|\. /)[0] ?? "" }))
    .slice(0, MOST);
  return suggestions.length > 0 ? { from: caret - last.length, suggestions } : null;
}

/** The table that a line belongs to. */
function section(text: string, upTo: number): string[] {
  const headers = [...text.slice(0, upTo).matchAll(/^\s*\[{1,2}([\w."-]+)\]{1,2}/gm)];
  return headers.at(-1)?.[1]?.split(".") ?? [];
}

/** The key that an inline table on a line, or in a list over several lines, is the value of. */
function lineKey(before: string, text: string, begin: number): string[] {
  const here = before.match(/(?:^|[{,])\s*([\w.-]+)\s*=\s*\[?\s*\{[^{}]*$/);
  const outer = /^\s*\{/.test(before) ? [...text.slice(0, begin).matchAll(/^([\w.-]+)\s*=\s*\[\s*$/gm)].at(-1)?.[1] : undefined;
  const keys = [outer, /^\s*\{[^{}]*$/.test(before) ? undefined : here?.[1]].filter((key) => key !== undefined);
  return [...section(text, begin), ...keys.flatMap((key) => key.split("."))];
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
