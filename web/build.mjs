// Bundles the page: dist/page.js, one script with the worker's code inside it as text, and dist/page.css.
import { build } from "esbuild";
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
  plugins: [inlineWorker],
});
await build({ ...common, entryPoints: { page: "src/style/page.css" }, outdir: "dist" });
