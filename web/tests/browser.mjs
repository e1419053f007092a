// A browser and a report for the tests: Debian's Chromium, and a report that the program makes.
//
// ENTENTE_REPORT names a report to test instead; ENTENTE the program, if it is not ../target/release/entente.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const program = process.env.ENTENTE ?? join(root, "target/release/entente");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Why the tests in a browser cannot be done, or nothing if they can. */
export const hindrance = !existsSync(executablePath)
  ? `there is no ${executablePath}`
  : !process.env.ENTENTE_REPORT && !existsSync(program)
    ? `there is neither a report (ENTENTE_REPORT) nor ${program}`
    : false;

const folder = mkdtempSync(join(tmpdir(), "entente-web-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A file with a report of the flagship, with an engine. */
export function makeReport() {
  if (process.env.ENTENTE_REPORT) return process.env.ENTENTE_REPORT;
  const out = join(folder, "results");
  const scenario = join(root, "configs/northern-mali-2023.toml");
  execFileSync(program, ["run", scenario, "--replicates", "300", "--out", out], { stdio: "ignore" });
  return join(out, "report.html");
}

/** The report with something changed in it. */
export function changed(report, name, change) {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(report, "utf8")));
  return path;
}

export function launch() {
  return chromium.launch({ executablePath, args: ARGUMENTS.split(" ") });
}

/** A page that fails its test if it says anything on the console, or asks for anything from anywhere. */
export async function open(browser, path, { fragment = "", live = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.complaints.push(`error: ${error}`));
  page.on("request", (request) => {
    if (!/^(file|blob|data):/.test(request.url())) page.complaints.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path) + fragment);
  if (live) await page.waitForSelector(".live");
  return page;
}

/** Brings the run to be watched into view, and waits for its map. */
export async function watch(page) {
  await page.locator("#entente-watch").scrollIntoViewIfNeeded();
  await page.waitForSelector(".world", { timeout: 20000 });
}

/** Waits until all runs are made that were planned. */
export async function settled(page) {
  await page.waitForFunction(
    () => /^\d[\d,]* pairs? of runs/.test(document.querySelector(".work [role=status]")?.textContent ?? ""),
    undefined,
    {
      timeout: 60000,
    },
  );
}
