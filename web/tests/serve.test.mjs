// The pages of `entente serve`, in a real browser.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test as nodeTest } from "node:test";
import { fileURLToPath } from "node:url";
import { hindrance, launch, program, settled, watch } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const configs = fileURLToPath(new URL("../../configs/", import.meta.url));
const none = hindrance || !existsSync(program) || spawnSync(program, ["serve", "--help"]).status !== 0;
if (none) console.log(`The tests of serve are left out: ${typeof none === "string" ? none : `${program} has no command serve`}.`);
let browser;
let server;
let address;
const folder = mkdtempSync(join(tmpdir(), "entente-serve-"));

before(async () => {
  if (none) return;
  cpSync(join(configs, "three-way-standoff.toml"), join(folder, "standoff.toml"));
  server = spawn(program, ["serve", folder, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  address = await new Promise((resolve, reject) => {
    let told = "";
    const hear = (text) => {
      told += text;
      const found = told.match(/http:\/\/\S+#token=\S+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(`the server ended: ${told}`)));
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

/** A test with the shelf open, after which nothing may have been said, or asked for from elsewhere. */
function test(name, act, viewport = { width: 1280, height: 900 }) {
  nodeTest(name, { skip: none !== false, timeout: 120000 }, async () => {
    const page = await (await browser.newContext({ viewport })).newPage();
    const complaints = [];
    // The browser tells of every refusal; those of a file that was changed elsewhere, and of one that is not there, are asked for.
    const asked = (text) => text.includes("409 (Conflict)") || text.includes("404 (Not Found)");
    page.on("console", (message) => asked(message.text()) || complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(new URL(address).origin)) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    await page.waitForSelector(".shelf");
    await act(page);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

async function barsNobody(page) {
  const { violations } = await page.evaluate(`${axe}; axe.run()`);
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 150)}`),
    [],
  );
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page moves sideways");
}

test("the token is not left in the address", async (page) => {
  assert.doesNotMatch(page.url(), /token/);
  await barsNobody(page);
});

test(
  "problems of a scenario show in place, and keys are offered",
  async (page) => {
    await page.locator(".shelf a").first().click();
    const area = page.locator(".editor textarea");
    await area.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("[scenar");
    await page.waitForSelector("#entente-keys [role=option]");
    await page.keyboard.press("Tab");
    assert.match(await area.inputValue(), /^\[scenario/);
    await page.waitForSelector(".problems .problem");
    assert.ok((await page.locator(".gutter .mark").count()) > 0);
    assert.equal(await page.getByRole("button", { name: "Run", exact: true }).isDisabled(), true);
    await barsNobody(page);
  },
  { width: 375, height: 812 },
);

test("what is typed is not lost, and a file keeps its ends of lines", async (page) => {
  const file = join(folder, "lines.toml");
  const lines = readFileSync(join(configs, "three-way-standoff.toml"), "utf8").replace(/\n/g, "\r\n");
  writeFileSync(file, lines);
  await page.reload();
  await page.locator(".shelf a", { hasText: "standoff" }).first().waitFor();
  await page.locator(".shelf li", { hasText: "lines.toml" }).locator("a").click();
  const area = page.locator(".editor textarea");
  await area.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# é [scenar");
  const typed = await area.inputValue();
  await page.getByRole("link", { name: "All scenarios and results" }).click();
  await page.waitForSelector(".shelf");
  await page.goBack();
  await page.waitForSelector(".editor textarea");
  assert.equal(await area.inputValue(), typed, "left and come back");
  await area.click();
  await page.keyboard.press("Control+Home");
  for (let at = 0; at < "# é [scenar".length; at++) await page.keyboard.press("Delete");
  await page.keyboard.type("# mine\n");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assert.equal(readFileSync(file, "utf8"), `# mine\r\n${lines}`);
  // Of both kinds of ends, and nothing typed: there is nothing to save.
  writeFileSync(file, `# theirs\n${lines}`);
  await page.getByRole("link", { name: "All scenarios and results" }).click();
  await page.locator(".shelf li", { hasText: "lines.toml" }).locator("a").click();
  await page.waitForSelector(".editor textarea");
  assert.equal(await page.getByRole("button", { name: "Save" }).isDisabled(), true);
  await area.click();
  writeFileSync(file, `# theirs\r\n${lines}`);
  await page.keyboard.press("Control+Home");
  await area.click();
  await page.keyboard.type("x");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /Read the file again/ }).click();
  await page.waitForFunction(() => document.querySelector(".editor textarea").value.startsWith("# theirs\n"));
  assert.equal(readFileSync(file, "utf8"), `# theirs\r\n${lines}`);
  rmSync(file);
});

test("a key that was taken can be undone, and a second tab is let in", async (page) => {
  await page.locator(".shelf a").first().click();
  const area = page.locator(".editor textarea");
  await area.click();
  const before = await area.inputValue();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("[scenar");
  await page.waitForSelector("#entente-keys [role=option]");
  await page.keyboard.press("Enter");
  for (let step = 0; step < 12 && (await area.inputValue()) !== before; step++) await page.keyboard.press("Control+Z");
  assert.equal(await area.inputValue(), before);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.waitForSelector(".editor textarea");
  await other.close();
});

test("an experiment runs, and its results are alive", async (page) => {
  await page.locator(".shelf a").first().click();
  const replicates = page.locator(".tools input.number");
  await replicates.waitFor();
  assert.equal(await replicates.inputValue(), "200", "as the scenario says");
  assert.equal(await page.getByRole("button", { name: "Compare its variants" }).count(), 1);
  await replicates.fill("40");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const results = page.getByRole("link", { name: "Look at the results" });
  await results.waitFor({ timeout: 60000 });
  await page.getByText("Finished: Three-way standoff").waitFor();
  assert.equal(await page.locator(".sub").innerText(), "standoff.toml · a run");
  await results.click();
  await page.waitForSelector(".try");
  const slider = page.locator(".lever input[type=range]").first();
  if ((await slider.count()) > 0) {
    await slider.focus();
    await page.keyboard.press("End");
    await settled(page);
  }
  await watch(page);
  await barsNobody(page);
});

test("every page has its title, and one that cannot be shown says why under a heading", async (page) => {
  assert.equal(await page.title(), "Scenarios and results · Entente");
  await page.locator(".shelf a").first().click();
  await page.waitForSelector(".editor textarea");
  assert.match(await page.title(), /\.toml · Entente$/);
  for (const [place, heading] of [
    ["results/none", "These results cannot be played with"],
    ["scenario/none.toml", "This scenario cannot be opened"],
    ["compare/none/none", "The two results cannot be compared"],
  ]) {
    await page.evaluate((place) => (location.hash = `#/${place}`), place);
    await page.getByRole("heading", { name: heading }).waitFor();
    await page.waitForSelector(".problem");
    assert.equal(await page.title(), `${heading} · Entente`);
    await barsNobody(page);
  }
});

test("two results of one seed are said to share their luck, and variants are compared where there are some", async (page) => {
  const run = async (replicates, kind) => {
    await page.goto(`${address.replace(/#.*/, "")}#/scenario/standoff.toml`);
    await page.locator(".tools input.number").fill(replicates);
    await page.getByRole("button", { name: kind, exact: true }).click();
    await page.getByRole("link", { name: "Look at the results" }).waitFor({ timeout: 60000 });
  };
  await run("30", "Run");
  await run("30", "Compare its variants");
  assert.match(await page.locator(".sub").innerText(), /a comparison of its variants/);
  await page.getByRole("link", { name: "All scenarios and results" }).click();
  const boxes = page.locator(".stacks input[type=checkbox]:enabled");
  await boxes.first().waitFor();
  for (const box of (await boxes.all()).slice(0, 2)) await box.check();
  await page.getByRole("link", { name: "Compare the two that are chosen" }).click();
  await page.getByText(/replicates in common, so they share their luck/).waitFor();
  await barsNobody(page);
  const file = join(folder, "plain.toml");
  writeFileSync(file, readFileSync(join(folder, "standoff.toml"), "utf8").replace(/\[\[variant\]\][^]*?(?=\[\[)/, ""));
  await page.goto(`${address.replace(/#.*/, "")}#/scenario/plain.toml`);
  await page.waitForSelector(".editor textarea");
  assert.equal(await page.getByRole("button", { name: "Compare its variants" }).count(), 0);
  rmSync(file);
});
