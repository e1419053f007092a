// Bundles the page: dist/page.js, one script with the worker's code inside it as text, and dist/page.css.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["es2022", "chrome105", "firefox113", "safari16.4"],
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

/** The packages that are in the bundle, whose licences ask to be told with it. */
const BUNDLED = ["preact", "@preact/signals", "@preact/signals-core", "uplot", "d3-geo", "d3-array", "internmap"];

/** Their licences, each once. */
function licences() {
  const texts = new Map();
  for (const name of BUNDLED) {
    const text = readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8").trim();
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const parts = [...texts].map(([text, names]) => `${names.join(", ")}:\n${text}`);
  return `/*! This bundle contains\n\n${parts.join("\n\n")}\n*/`;
}

/** Imports "worker:FILE" as the text of that file's bundle. */
const inlineWorker = {
  name: "inline-worker",
  setup(on) {
    on.onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({
      path: new URL(path.slice("worker:".length), `file://${resolveDir}/`).pathname,
      namespace: "worker",
    }));
    on.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const { outputFiles } = await build({ ...common, entryPoints: [path], format: "iife", write: false });
      return { contents: outputFiles[0].text, loader: "text" };
    });
  },
};

await build({
  ...common,
  entryPoints: { page: "src/page.tsx" },
  outdir: "dist",
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  footer: { js: licences() },
  plugins: [inlineWorker],
});
await build({ ...common, entryPoints: { page: "src/style/page.css" }, outdir: "dist" });
