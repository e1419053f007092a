// A report in a real browser: from disk, without a network.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test as nodeTest } from "node:test";
import { changed, hindrance, launch, makeReport, open, settled, watch } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let report;

if (hindrance) console.log(`The tests in a browser are left out: ${hindrance}.`);
before(async () => {
  if (hindrance) return;
  report = makeReport();
  browser = await launch();
});
after(() => browser?.close());

/** A test with a page, after which nothing may have been said or asked for. */
function test(name, act, options = {}) {
  nodeTest(name, { skip: hindrance, timeout: 120000 }, async () => {
    const page = await open(browser, report, options);
    await act(page);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

const text = (page, selector) => page.locator(selector).first().innerText();
const date = (page) => text(page, ".player .date");

test("a lever moves an answer, with interval, command and link", async (page) => {
  const lever = page.locator(".lever:has(input[type=range])").first();
  const began = Date.now();
  await lever.locator("input[type=range]").focus();
  await page.keyboard.press("End");
  await page.waitForSelector(".told");
  assert.ok(Date.now() - began < 5000, `the first figure took ${Date.now() - began} ms`);
  await settled(page);
  assert.match(await text(page, ".work [role=status]"), /^\d+ pairs of runs/);
  assert.match(await text(page, ".told"), /likely|average|higher|lower|differs|as before/);
  await page.locator(".command summary").click();
  assert.match(await text(page, ".command pre"), /^entente run \S+ --set \S+ --seed \d+ --replicates \d+/);
  await page.waitForFunction(() => location.hash.includes("set="));
  await page.getByRole("button", { name: "Put everything back" }).click();
  await page.waitForFunction(() => !location.hash.includes("set="));
  assert.equal(await page.locator(".told").count(), 0);
});

test("what cannot be is refused in a sentence, and the page goes on", async (page) => {
  const field = page.locator(".lever input.number").first();
  await field.fill("many");
  await field.press("Enter");
  assert.match(await text(page, ".lever .problem"), /is no number/);
  await field.fill("-5000000");
  await field.press("Enter");
  assert.match(await text(page, ".lever .problem"), /outside the range of this input, [\d,.]+%? to [\d,.]+%?: it is not run/);
  assert.equal(await field.inputValue(), "-5000000");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator(".told").count(), 0);
  assert.doesNotMatch(await page.locator(".command pre").textContent(), /--set/);
  await page.locator(".lever input[type=range]").first().focus();
  await page.keyboard.press("End");
  await page.waitForSelector(".told");
  assert.equal(await page.locator(".lever .problem").count(), 0);
  assert.notEqual(await field.inputValue(), "-5000000");
});

test(
  "a link's parts that the page has not are told of, and the rest is shown",
  async (page) => {
    const told = await text(page, ".try [role=alert]");
    for (const words of [/input “faction\.nobody\.fighters”/, /answer “never”/, /part “asked=1”/, /999,999, which it cannot be/])
      assert.match(told, words);
    await page.locator(".chip button").click();
    assert.equal(await page.locator(".told, .changed").count(), 0);
  },
  { fragment: "#live&set=faction.nobody.fighters=3&set=faction.jnim.fighters=999999&answer=never&asked=1" },
);

test("a lever that the what-if sets shows what it is set to", async (page) => {
  await page.locator("#entente-variant").selectOption("no-merger");
  const lever = page.locator(".lever", { hasText: "by the what-if" }).first();
  assert.match(await lever.innerText(), /Set to 0 by the what-if/);
  assert.equal(await lever.locator("input.number").inputValue(), "0");
});

test("the figure, its two sides and its sign add up", async (page) => {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await settled(page);
  await page.waitForSelector(".moves td");
  const number = (text) => Number(text.replace(/[,%+]/g, "").replace("−", "-"));
  const rows = await page.locator(".moves tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll(".figure")].map((figure) => figure.textContent)),
  );
  for (const [before, after, size] of rows) {
    assert.notEqual(before, after);
    if (/[<>]/.test(before + after)) continue;
    assert.ok(Math.abs(number(after) - number(before) - number(size)) < 1e-6, `${before}, ${after}, ${size}`);
  }
});

test("a what-if, stopped and gone on with", async (page) => {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Stop" }).click();
  assert.match(await text(page, ".work [role=status]"), /stopped/);
  await page.getByRole("button", { name: "Go on" }).click();
  await settled(page);
  await page.waitForSelector(".moves");
  assert.ok((await page.locator(".changes li").count()) > 0);
});

test("levers are found by words", async (page) => {
  const search = page.locator(".levers input[type=search]");
  if ((await search.count()) === 0) return;
  const words = await text(page, ".lever label");
  await search.fill(words);
  assert.match(await text(page, ".levers [role=status]"), /found/);
  await search.fill("no such thing");
  assert.match(await text(page, ".levers [role=status]"), /No input/);
});

test("a run is watched: play, pause, step, events, another run", async (page) => {
  await watch(page);
  const start = await date(page);
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction((start) => document.querySelector(".player .date").textContent !== start, start);
  await page.getByRole("button", { name: "Pause" }).click();
  const at = await date(page);
  await page.getByRole("button", { name: "A step on" }).click();
  assert.notEqual(await date(page), at);
  await page.locator(".events li button").last().click();
  assert.equal(await page.locator(".events li[aria-current]").count(), 1);
  await page.locator(".runs input.number").fill("7");
  await page.locator(".runs input.number").press("Enter");
  await page.waitForFunction(() => location.hash.includes("run=7"));
});

test("the events are one stop for Tab, and arrows go through them", async (page) => {
  await watch(page);
  const stops = page.locator(".events li button[tabindex='0']");
  assert.equal(await stops.count(), 1);
  await stops.focus();
  await page.keyboard.press("ArrowDown");
  const focused = () => page.evaluate(() => [...document.querySelectorAll(".events li button")].indexOf(document.activeElement));
  assert.equal(await focused(), 1);
  assert.equal(await stops.count(), 1);
  await page.keyboard.press("End");
  assert.equal(await focused(), (await page.locator(".events li").count()) - 1);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), -1);
});

test("names on the map lie on the map, and none over another", async (page) => {
  await watch(page);
  const over = await page.evaluate(() => {
    const map = document.querySelector(".world").getBoundingClientRect();
    const boxes = [...document.querySelectorAll(".world .place")].map((name) => [name.textContent, name.getBoundingClientRect()]);
    const out = boxes.filter(([, box]) => box.left < map.left || box.right > map.right);
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
    const twice = boxes.filter(([, box], place) => boxes.some(([, other], at) => at < place && meet(box, other)));
    return [...out, ...twice].map(([name]) => name);
  });
  assert.deepEqual(over, []);
});

test("the same run under a change stands beside it", async (page) => {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await watch(page);
  await page.getByRole("button", { name: /under your change/ }).click();
  await page.waitForFunction(() => document.querySelectorAll(".world").length === 2);
  assert.match(await text(page, "div.beside"), /same until|same from beginning|differ/);
  const heading = page.getByRole("heading", { name: /^Who is with whom/ });
  assert.match(await heading.innerText(), /, as it is$/);
  await page.getByRole("button", { name: "Below: with the change" }).click();
  assert.match(await heading.innerText(), /, with the change$/);
});

test("it works by the keyboard alone", async (page) => {
  const reach = async (selector) => {
    for (let press = 0; press < 400; press++) {
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  await page.locator("#entente-question").focus();
  await reach("#entente-variant");
  await reach(".lever input[type=range]");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".told");
  await watch(page);
  await reach(".player .play");
  const start = await date(page);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await date(page), start);
  await page.keyboard.press("End");
  const end = await date(page);
  await page.keyboard.press("Home");
  assert.equal(await date(page), start);
  assert.notEqual(end, start);
  await page.keyboard.press("Space");
  await page.waitForSelector("[aria-label=Pause]");
  await page.keyboard.press("Space");
  await page.waitForSelector("[aria-label=Play]");
});

test("a number says what it rests on", async (page) => {
  await page.locator(".effect .figure").first().focus();
  assert.match(await text(page, "#entente-tip"), /\d+ runs/);
  assert.equal(await page.locator(".effect .figure").first().getAttribute("aria-describedby"), "entente-tip");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#entente-tip").isVisible(), false);
});

test("a link brings back what was shown", async (page) => {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await page.locator("#entente-question").selectOption({ index: 1 });
  await watch(page);
  await page.getByRole("button", { name: "A step on" }).click();
  await page.getByRole("button", { name: "A step on" }).click();
  await page.waitForTimeout(600);
  assert.match(page.url(), /date=/);
  const shown = () =>
    page.evaluate(() => [document.querySelector("#entente-variant").value, document.querySelector("#entente-question").value]);
  const [before, day] = [await shown(), await date(page)];
  await page.reload();
  await watch(page);
  assert.deepEqual(await shown(), before);
  assert.equal(await date(page), day);
});

test("the engine in the page gives the values of the results, to the bit", async (page) => {
  const differing = await page.evaluate(async () => {
    const unpacked = (id) => {
      const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (letter) => letter.charCodeAt(0));
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
    };
    const data = await unpacked("entente-data").json();
    const { instance } = await WebAssembly.instantiate(await unpacked("entente-engine").arrayBuffer());
    const { memory, allocate, call, release } = instance.exports;
    const ask = (request) => {
      const bytes = new TextEncoder().encode(JSON.stringify(request));
      const given = allocate(bytes.length);
      new Uint8Array(memory.buffer, given, bytes.length).set(bytes);
      const reply = call(given, bytes.length);
      release(given, bytes.length);
      const length = new DataView(memory.buffer).getUint32(reply, true);
      const text = new TextDecoder().decode(new Uint8Array(memory.buffer, reply + 4, length));
      release(reply, length + 4);
      return JSON.parse(text).ok;
    };
    const { engine, first, values } = data;
    ask({ op: "open", engine });
    const runs = ask({ op: "run", change: { variant: null, set: [] }, first, count: 12 }).values;
    return runs.flatMap((run, place) =>
      values.flatMap((answer, number) => (Object.is(run?.[number] ?? null, answer[place]) ? [] : [[place, number]])),
    );
  });
  assert.deepEqual(differing, []);
});

/** Opens all that is folded in the live part. */
async function unfold(page) {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await settled(page);
  await watch(page);
  await page.getByRole("button", { name: /under your change/ }).click();
  for (const summary of await page.locator(".live summary").all()) await summary.click();
}

for (const width of [1280, 375]) {
  test(
    `nothing bars anybody, ${width} pixels wide`,
    async (page) => {
      await unfold(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `the page is ${wide} pixels wide`);
      const found = await page.evaluate(`${axe}; axe.run(document.querySelector("#entente-live"))`);
      const told = found.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 150))
            .join(" | ")}`,
      );
      assert.deepEqual(told, []);
    },
    { viewport: { width, height: 812 } },
  );
}

test("paper shows the change and no levers", async (page) => {
  await page.locator("#entente-variant").selectOption({ index: 1 });
  await settled(page);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".levers").isVisible(), false);
  assert.equal(await page.locator(".printed").isVisible(), true);
});

test(
  "who wants no motion gets none",
  async (page) => {
    await watch(page);
    await page.locator(".player .play").focus();
    for (let step = 0; step < 200 && (await page.locator(".world .fallen").count()) === 0; step++)
      await page.keyboard.press("ArrowRight");
    const fallen = page.locator(".world .fallen").first();
    if ((await fallen.count()) > 0) assert.equal(await fallen.evaluate((zone) => getComputedStyle(zone).animationName), "none");
  },
  { reducedMotion: "reduce" },
);

const still = async (page, words) => {
  await page.waitForSelector("#entente-live .problem");
  assert.match(await text(page, "#entente-live"), words);
  assert.ok((await page.locator("main table").count()) > 0, "the report is not whole");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
};

nodeTest(
  "without WebAssembly, and with damaged data, the report is as it was, and says why",
  { skip: hindrance, timeout: 120000 },
  async () => {
    const context = { live: false };
    const bare = changed(report, "bare.html", (html) => html);
    for (const name of ["WebAssembly", "DecompressionStream"]) {
      const page = await open(browser, bare, { ...context, fragment: "" });
      await page.addInitScript((name) => delete globalThis[name], name);
      await page.reload();
      await still(page, /cannot be shown: This browser/);
    }
    for (const id of ["entente-data", "entente-engine"]) {
      const cut = changed(report, `${id}.html`, (html) => html.replace(new RegExp(`(id="?${id}"?[^>]*>)[^<]*`), "$1SGVsbG8="));
      await still(await open(browser, cut, context), /cannot be shown/);
    }
  },
);

nodeTest("without scripts the report is whole", { skip: hindrance }, async () => {
  const page = await open(browser, report, { live: false, javaScriptEnabled: false });
  assert.ok((await page.locator("main table").count()) > 0);
  assert.equal(await page.locator(".live").count(), 0);
  await page.context().close();
});
