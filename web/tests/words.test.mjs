import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const numbers = await load("words/numbers.ts");
const difference = await load("words/difference.ts");
const address = await load("state/address.ts");
const live = await load("state/live.ts");
const completion = await load("serve/completion.ts");
const look = await load("map/look.ts");
const names = await load("words/names.ts");
const scenario = await load("serve/scenario.ts");
const labels = await load("map/labels.ts");
const scale = await load("words/scale.ts");
const refinement = await load("state/refinement.ts");
const pairs = await load("serve/pairs.ts");
const kinds = await load("serve/kinds.ts");
const lever = await load("live/Lever.tsx");
const ties = await load("live/Ties.tsx");

const share = { format: "percent", word: "" };
const people = { format: "count", word: "people" };
const found = (difference, low, high, more = {}) => ({ n: 200, difference, low, high, gained: 0.1, lost: 0.05, ...more });

test("numbers are written as the static report writes them", () => {
  for (const [value, words] of [
    [0, "0%"],
    [0.0002, "<0.1%"],
    [0.004, "0.4%"],
    [0.123, "12%"],
    [0.996, "99.6%"],
    [1, "100%"],
    [-0.12, "−12%"],
  ]) {
    assert.equal(numbers.percent(value), words);
  }
  for (const [value, words] of [
    [1234567.4, "1,234,567"],
    [-1500, "−1,500"],
    [3.26, "3.3"],
    [12, "12"],
    [12345678, "12.35 million"],
    [3e7, "30 million"],
  ]) {
    assert.equal(numbers.count(value), words);
  }
  assert.equal(numbers.range(share, 0.1, 0.14), "10 to 14%");
  assert.equal(numbers.range(people, 331377, 343900), "331,000 to 344,000 people");
  assert.equal(numbers.range(people, 5, 5), "5 people");
  assert.equal(numbers.written(people, 1), "1 person");
  assert.equal(numbers.written({ format: "count", word: "civilians" }, 1), "1 civilian");
  assert.equal(numbers.written({ format: "count", word: "civilians" }, 0), "0 civilians");
});

test("a value and its interval are rounded together, as the static report rounds them", () => {
  const plain = { format: "count", word: "" };
  const estimate = (...given) => numbers.estimate(...given).join(", ");
  // What lies in the middle of two goes away from 0 on either side.
  assert.equal(estimate(plain, -2500, -7500, 2500), "−3,000, −8,000 to 3,000");
  assert.equal(estimate(plain, 2500, -2500, 7500), "3,000, −3,000 to 8,000");
  assert.equal(numbers.written(people, -2.5), "−3 people");
  assert.equal(estimate(people, 337412, 331377, 343900), "337,000, 331,000 to 344,000");
  assert.equal(estimate(people, 1828, 1720, 2000), "1,830, 1,720 to 2,000");
  assert.equal(estimate(plain, 537.8, 536.9, 538.5), "538, 537 to 539");
  assert.equal(estimate(plain, 1.234, 1.1, 1.4), "1.23, 1.10 to 1.40");
  assert.equal(estimate(plain, 5, 5, 5), "5, 5");
  assert.equal(estimate(share, 0.123, 0.104, 0.144), "12%, 10 to 14%");
  assert.equal(estimate(share, 0.123, 0.118, 0.128), "12.3%, 11.8 to 12.8%");
  assert.equal(estimate(share, 0.0002, -0.0001, 0.0003), "<0.1%, 0 to <0.1%");
  assert.equal(numbers.ofRuns(people, 1846, 341, 8212).join(", "), "2,000 people, 300 to 8,000");
  assert.equal(numbers.ofRuns(people, 9, 4, 8212).join(", "), "9 people, 4 to 8,000");
  assert.equal(numbers.ofRuns(plain, -20, -941, 8212).join(", "), "−20, −900 to 8,000");
});

test("people and fighters have no parts", () => {
  const fighters = { format: "count", word: "fighters" };
  assert.equal(numbers.written(people, 3.26), "3 people");
  assert.equal(numbers.written(fighters, 0.5), "1 fighter");
  assert.equal(numbers.estimate(people, 0, 0, 1.1).join(", "), "0, 0 to 1");
  assert.equal(numbers.range(people, 36, 36.48), "36 people");
  assert.equal(numbers.ofRuns(people, 0.3, 0.1, 0.8).join(", "), "0 people, 0 to 1");
});

test("a difference is told with its interval", () => {
  const yes = { yes_no: true, unit: share };
  assert.deepEqual(difference.tell(yes, found(0.04, -0.01, 0.09)), {
    words: "4 points more likely",
    interval: "−1 to +9",
    maybeNothing: true,
  });
  assert.deepEqual(difference.tell(yes, found(-0.0905, -0.106, -0.075)), {
    words: "9 points less likely",
    interval: "8 to 11 points less",
    maybeNothing: false,
  });
  assert.equal(difference.tell(yes, found(0.06, 0.03, 0.15)).interval, "3 to 15 points more");
  assert.equal(difference.tell({ yes_no: false, unit: people }, found(-520, -900, -140)).interval, "100 to 900 fewer");
  assert.equal(difference.tell({ yes_no: false, unit: people }, found(-520, -900, -140)).words, "500 fewer people on average");
  assert.equal(difference.tell(yes, found(0, 0, 0, { gained: 0, lost: 0 })).words, "no run differs");
  assert.equal(difference.tell(yes, found(null, null, null)), null);
});

test("a difference and its two sides add up", () => {
  const yes = { yes_no: true, unit: share };
  const amount = { yes_no: false, unit: people };
  const of = (answer, baseline, value, low, high) => {
    const read = difference.alike(answer, found(value - baseline, low, high, { baseline, value }));
    return [read.before, read.after, read.size, `${read.low} to ${read.high}`].join(", ");
  };
  assert.equal(of(yes, 0.5, 0.45, -0.12, -0.02), "50%, 45%, −5, −12 to −2");
  assert.equal(of(yes, 0.5, 0.435, -0.12, -0.02), "50.0%, 43.5%, −6.5, −12 to −2");
  assert.equal(of(yes, 0.504, 0.436, -0.12, -0.02), "50.4%, 43.6%, −6.8, −12 to −2");
  assert.equal(of(yes, 0.0628, 0.0606, -0.003, -0.001), "6.3%, 6.1%, −0.2, −0.3 to −0.1");
  assert.equal(of(yes, 0.0004, 0.03, 0.01, 0.06), "<0.1%, 3.0%, 3.0, +1 to +6");
  assert.equal(of(yes, 0, 0.15, 0.09, 0.22), "0%, 15%, 15, +9 to +22");
  assert.equal(of(amount, 4348.2, 4383.4, 20, 49), "4,348, 4,383, 35, +20 to +49");
  assert.equal(of(amount, 2181.4, 2215.6, 23, 45), "2,181, 2,216, 35, +23 to +45");
  assert.equal(of(amount, 5123, 4603, -900, -140), "5,100, 4,600, −500, −900 to −100");
  assert.equal(of(amount, 139.1, 147.3, 5.8, 10.7), "139, 147, 8, +6 to +11");
  assert.equal(of(amount, 139.1, 139.4, 0.2, 0.4), "139, 139, 0, +0.2 to +0.4");
  assert.equal(of(amount, 3.1, 5.3, 1.2, 3.2), "3.1, 5.3, 2.2, +1.2 to +3.2");
  assert.equal(of(yes, 0.126, 0.115, -0.014, -0.008), "12.6%, 11.5%, −1.1, −1.4 to −0.8");
  assert.equal(of(amount, 12, 30, -400, 4000), "12, 30, 18, −400 to +4,000");
  assert.equal(of(amount, 12_351_200, 12_385_300, 30_000, 38_000), "12,351,000, 12,385,000, 34,000, +30,000 to +38,000");
  assert.equal(of(amount, -0.4, 3, 2, 5), "−0.4, 3.0, 3.4, +2.0 to +5.0");
  // Each of many: what is told is the difference of what is told.
  for (let step = 0; step < 5000; step++) {
    const [baseline, value] = [Math.abs(Math.sin(step)), Math.abs(Math.cos(3 * step))];
    const read = difference.alike(yes, found(value - baseline, value - baseline - 0.03, value - baseline + 0.03, { baseline, value }));
    const [before, after, size] = [read.before, read.after, read.size].map((text) => Number(text.replace("%", "").replace("−", "-")));
    if (!/[<>]/.test(read.before + read.after)) assert.ok(Math.abs(after - before - size) < 1e-6, JSON.stringify(read));
  }
});

test("what stands out among many must be clearer", () => {
  assert.ok(Math.abs(difference.threshold(1) - 1) < 1e-3);
  assert.ok(difference.threshold(150) > 1.7);
  assert.equal(difference.clarity(found(0.1, 0.05, 0.15)), 2);
});

test("an address holds what is shown", () => {
  const shown = {
    variant: "no-merger",
    set: [
      ["faction.jnim.fighters", "4000"],
      ["a", "x = y&z"],
    ],
    answer: "q-6m",
    run: 12,
    date: "2023-03-12",
    beside: true,
  };
  assert.deepEqual(address.read(address.write(shown)), shown);
  assert.equal(address.write({ variant: null, set: [], answer: null, run: "typical", date: null, beside: false }), "");
  assert.equal(address.liveFragment("#s-charts"), null);
  assert.equal(address.liveFragment("#live&run=yes"), "run=yes");
  assert.equal(address.read("run=12x&date=never").run, "typical");
  assert.deepEqual(address.strange("run=12x&date=never&asked=1&set=a=1"), ["run=12x", "date=never", "asked=1"]);
  assert.deepEqual(address.strange(address.write(shown)), []);
});

test("a question is told without its moment", () => {
  const plain = (text, label) => live.withoutMoment({ text, label });
  assert.equal(plain("Are they allied within 6 months?", "6 months"), "Are they allied?");
  assert.equal(
    plain("Have they killed 25 in the last 52 weeks after 12 months?", "12 months"),
    "Have they killed 25 in the last 52 weeks?",
  );
  assert.equal(plain("Who leads at the horizon?", "horizon"), "Who leads?");
  assert.equal(plain("Who leads?", "horizon"), "Who leads?");
  assert.equal(plain("Are they allied within 6 months?", "within 6 months"), "Are they allied?");
});

test("the moment stands beside a question that does not say it", () => {
  const label = (text, label) => live.told([{ question: "q", text, label }])[0].label;
  assert.equal(label("Do A and B ally within a year?", "within 1 year"), "");
  assert.equal(label("Is Gao lost by the end of 2024?", "by 2024-12-31"), "");
  assert.equal(label("Does the war end by a general agreement?", "within 19 months"), "within 19 months");
  const two = ["within 6 months", "within 12 months"].map((label) => ({ question: "q", text: "Do they split?", label }));
  assert.deepEqual(live.told(two), two);
});

test("keys are offered where they may stand", () => {
  const schema = {
    properties: {
      scenario: { $ref: "#/$defs/Scenario" },
      faction: { items: { properties: { fighters: { description: "How many. More." }, full: {} } } },
    },
    $defs: { Scenario: { properties: { start: {}, step: {} } } },
  };
  const keys = (text) => completion.complete(schema, text, text.length)?.suggestions.map(({ key }) => key);
  assert.deepEqual(keys("scenario.st"), ["start", "step"]);
  assert.deepEqual(keys('[[faction]]\nid = "a"\nfi'), ["fighters"]);
  assert.deepEqual(keys("[sc"), ["scenario"]);
  assert.equal(keys("scenario.start = 2"), undefined);
});

test("keys are offered within tables, and not within words or comments", () => {
  const file = new URL("../../configs/scenario.schema.json", import.meta.url);
  const schema = JSON.parse(readFileSync(file, "utf8"));
  const keys = (text) => completion.complete(schema, text, text.length)?.suggestions.map(({ key }) => key) ?? [];
  const asked = '[[question]]\nid = "pact"\n';
  assert.ok(keys(`${asked}when = { stance = { between = ["a", "b"], at_l`).includes("at_least"));
  assert.ok(keys(`${asked}when = { not = { stance = { b`).includes("between"));
  assert.ok(keys(`${asked}when = { all = [{ st`).includes("stance"));
  assert.ok(keys(`${asked}when = {\n  stance = { between = ["a", "b"] },\n  sp`).includes("split"));
  assert.ok(keys('[[event]]\nid = "it"\neffect = { truce = { between = ["a", "b"], l').includes("lasting"));
  assert.ok(keys("[scenario]\nti").includes("title"));
  assert.ok(keys(`${asked}te`).includes("text"));
  assert.deepEqual(keys("# We ask, s"), []);
  assert.deepEqual(keys(`${asked}text = "Within a year, i`), []);
  assert.deepEqual(keys(`${asked}text = """\nWithin a year,\ni`), []);
  assert.deepEqual(keys('[scenario]\naxes = ["a", st'), []);
  // What stands in words or comments before is not read as tables.
  assert.ok(keys(`[scenario]\ntitle = "a { b = ["\n# and { c = [\nst`).includes("start"));
});

test("a badge tells of its name alone", () => {
  const numbered = Array.from({ length: 40 }, (_, place) => `Faction ${place + 1}`);
  assert.deepEqual(
    look.badges(numbered),
    numbered.map((name) => name.replace("action ", "")),
  );
  assert.deepEqual(look.badges(["2nd Brigade", "21st Brigade"]), ["2B", "21B"]);
  assert.deepEqual(look.badges(["F31", "Faction 3"]), ["F31", "F3"]);
  // What stands for two stands for neither, and what another is called is left to it.
  assert.deepEqual(look.badges(["Force 1", "Faction 1"]), ["FO1", "FA1"]);
  assert.deepEqual(look.badges(["People", "Post", "PO"]), ["P", "PT", "PO"]);
  const alike = look.badges(["Same", "Same", "Same", "Same", "Same", "Same", "S", "", ""]);
  assert.equal(new Set(alike).size, alike.length);
});

test("a name stands on its own ground, or is cut short, or left out", () => {
  const square = (left, top, size) => [
    [left, top],
    [left + size, top],
    [left + size, top + size],
    [left, top + size],
  ];
  const place = (left, top, size) => ({ x: left + size - 5, y: top + size / 2, rings: [square(left, top, size)], circle: false });
  const dot = { x: 60, y: 40, rings: [], circle: true };
  const ground = { width: 300, height: 200, radius: 7, places: [place(0, 0, 100), place(100, 0, 100), place(200, 0, 14), dot] };
  const zone = (name, town_of = null) => ({ name, named: false, town_of });
  const zones = [zone("The hills and all of the valley"), zone("Unbreakablenamewithoutend"), zone("Dot"), zone("Town", 0)];
  const { letters, names } = labels.placeLabels(zones, ground, 20, (text) => text.length * 7);
  const told = Object.fromEntries(names.map((name) => [name.zone, name]));
  assert.deepEqual(told[0].lines, ["The hills …"]);
  assert.equal(told[1], undefined);
  assert.equal(told[2], undefined);
  assert.ok(told[0].x - (11 * 7) / 2 >= 0 && told[0].x + (11 * 7) / 2 <= 100);
  assert.ok(letters[0].x + 10 <= 100);
  assert.equal(letters[2], null);
  assert.equal(told[3].x, 60);
});

test("a place that is asked about has its name even on small ground, and so has one that is fought for", () => {
  const square = (left, top, size) => [
    [left, top],
    [left + size, top],
    [left + size, top + size],
    [left, top + size],
  ];
  const place = (left, top, size) => ({ x: left + size / 2, y: top + size / 2, rings: [square(left, top, size)], circle: false });
  const ground = { width: 300, height: 200, radius: 7, places: [place(100, 60, 20), place(120, 60, 20), place(140, 60, 20)] };
  const zone = (name, named) => ({ name, named, town_of: null });
  const zones = [zone("Menakaland", true), zone("Youwarouland", false), zone("Koroland", false)];
  const measure = (text) => text.length * 7;
  const placed = labels.placeLabels(zones, ground, 10, measure);
  assert.deepEqual(
    placed.names.map(({ lines }) => lines.join(" ")),
    ["Menakaland"],
  );
  const fought = labels.overGround([0, 1, 2, 1], placed, zones, ground, measure);
  assert.deepEqual(
    fought.map(({ zone }) => zone),
    [1, 2],
  );
  const box = ({ x, y, lines }) => [x - measure(lines[0]) * 0.435, y - 10, x + measure(lines[0]) * 0.435, y];
  const boxes = [...placed.names, ...fought].map(box);
  for (const [at, one] of boxes.entries()) {
    assert.ok(one[0] >= 0 && one[2] <= 300 && one[1] >= 0 && one[3] <= 200);
    for (const other of boxes.slice(0, at))
      assert.ok(one[0] >= other[2] || other[0] >= one[2] || one[1] >= other[3] || other[1] >= one[3], `${one} on ${other}`);
  }
});

test("a value out of a lever's range is told from one within", () => {
  const lever = { low: 1000, high: 3500, unit: people };
  assert.equal(live.inRange(lever, "1000"), true);
  for (const value of ["999999", "-1", "many", ""]) assert.equal(live.inRange(lever, value), false);
  assert.equal(live.rangeOf(lever), "1,000 to 3,500");
  assert.equal(live.inRange({ low: 0, high: null }, "1e9"), true);
  assert.equal(live.rangeOf({ low: 0.1, high: null, unit: share }), "10% or more");
});

test("names keep to their place", () => {
  assert.equal(names.isolated("JNIM"), "JNIM");
  assert.equal(names.isolated("حزب الله"), "\u2068حزب الله\u2069");
  const both = ["الساحل", "جيش الساحل"];
  assert.equal(names.isolating("JNIM attacks it", both), "JNIM attacks it");
  assert.equal(
    names.isolating("جيش الساحل moved against الساحل", both),
    "\u2068جيش الساحل\u2069 moved against \u2068الساحل\u2069",
  );
  assert.equal(names.isolating("حزب (أ): 0.6 → 0", ["حزب (أ)"]), "\u2068حزب (أ)\u2069: 0.6 → 0");
  assert.equal(names.shortened("Movement", 8), "Movement");
  assert.equal(names.shortened("Movement of all", 10), "Movement…");
});

test("names that are cut short are told apart by their letters", () => {
  const named = (name, letters) => ({ name, letters });
  assert.equal(ties.pairInBrief([named("JNIM", "J"), named("HCUA", "H")], 20), "JNIM – HCUA");
  assert.equal(
    ties.pairInBrief([named("People's Front of the North", "PN"), named("People's Front of the South", "PS")], 33),
    "PN People's Fr… – PS People's Fr…",
  );
  assert.equal(ties.pairInBrief([named("Mercenaries", "ME"), named("Splinter 1", "S1")], 22), "ME Merce… – Splinter 1");
});

test("what a scenario says of its experiments is read off its text", () => {
  assert.equal(scenario.replicates("[scenario]\nreplicates = 3\n[run] # all\nreplicates = 2_000 # many"), 2000);
  assert.equal(scenario.replicates("run.replicates = 50"), 50);
  assert.equal(scenario.replicates("run = { seed = 1, replicates = 60 }"), 60);
  assert.equal(scenario.replicates("# run.replicates = 50\n[run]\nseed = 1"), null);
  assert.equal(scenario.mayHaveVariants("[[faction]]\nid = 'a'\n# [[variant]]"), false);
  assert.equal(scenario.mayHaveVariants("[run]\nseed = 1\n[[variant]]"), true);
  assert.equal(scenario.mayHaveVariants('extends = "other.toml"'), true);
});

test("an axis reaches over all that is drawn, in whole steps", () => {
  assert.deepEqual(scale.evenMarks(139509), [0, 50000, 100000, 150000]);
  assert.deepEqual(scale.evenMarks(100), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(scale.evenMarks(3), [0, 1, 2, 3]);
  assert.deepEqual(scale.evenMarks(0), [0, 1]);
  for (let most = 1; most < 1e6; most = Math.ceil(most * 1.07)) {
    const marks = scale.evenMarks(most);
    assert.ok(marks.at(-1) >= most && marks.at(-2) < most && marks.length <= 6, `${most}: ${marks}`);
  }
  assert.deepEqual(scale.multiples(771, 29927), [500, 1000, 2000, 5000, 10000, 20000, 50000]);
  assert.deepEqual(scale.multiples(1, 30000), [1, 10, 100, 1000, 10000, 100000]);
  assert.deepEqual(scale.multiples(0.4, 5), [1, 2, 5]);
});

test("labels at the ends of curves do not lie on each other", () => {
  assert.deepEqual(scale.apart([50, 10, 52, 51], 10, 0, 200), [41, 10, 61, 51]);
  assert.deepEqual(scale.apart([99, 100, 98], 10, 0, 100), [90, 100, 80]);
  assert.deepEqual(scale.apart([], 10, 0, 100), []);
});

test("two results are compared where they answer the same question", () => {
  const whole = (value) => ({ value, low: value - 0.01, high: value + 0.01, runs: 200 });
  const answer = (more) => ({
    id: "q",
    question: "q",
    text: "Do A and B ally within a year?",
    label: "1 year",
    group: "",
    headline: false,
    yes_no: true,
    unit: share,
    whole: whole(0.1),
    ...more,
  });
  const page = (...answers) => ({ answers });
  const compare = (one, other) => {
    const { both, alone } = pairs.pairs(page(answer(one)), page(answer(other)));
    return [both.length, alone];
  };
  assert.deepEqual(compare({}, { whole: whole(0.9) }), [1, 0]);
  assert.deepEqual(compare({}, { text: "Are A and B at war within a year?" }), [0, 2]);
  assert.deepEqual(compare({}, { label: "2 years" }), [0, 2]);
  assert.deepEqual(compare({}, { unit: people, yes_no: false }), [0, 2]);
  assert.deepEqual(compare({}, { whole: null }), [0, 0]);
  const { both } = pairs.pairs(page(answer({}), answer({ id: "h", headline: true })), page(answer({ id: "h" }), answer({})));
  assert.deepEqual(both.map((pair) => pair.answer.id), ["h", "q"]);
});

test("only runs and comparisons can be played with", () => {
  const alive = ["run", "compare", "sweep", "calibrate", "require", "contrast", ""].filter((kind) => kinds.isAlive({ kind }));
  assert.deepEqual(alive, ["run", "compare"]);
});

test("an input says its unit once", () => {
  const about = (name, word) =>
    lever.about({ name, unit: { format: "count", word }, low: 1000, best: 2500, high: 3500, choices: [], names: [], stands: null });
  assert.equal(about("Fighters (JNIM)", "fighters"), "1,000 to 3,500, best guess 2,500");
  assert.equal(about("Trust (JNIM – HCUA)", ""), "1,000 to 3,500, best guess 2,500");
  assert.equal(about("Rate of leaks", "per week"), "1,000 to 3,500, best guess 2,500 · per week");
});

test("an assumption is not called a source", () => {
  assert.equal(lever.origin("assumption: as in 2022"), "assumption");
  assert.equal(lever.origin("ACLED 2023"), "source");
});

test("what is measured of one change is not shown of the next", async () => {
  const data = { first: 0, values: [Array(16).fill(0)], answers: [{}] };
  const waiting = [];
  const engine = {
    width: 1,
    run: (change, _from, count) =>
      change.answers
        ? Promise.resolve({ values: Array(count).fill([1]), failures: Array(count).fill(null) })
        : new Promise(() => {}),
    difference: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
  };
  const ticks = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (const ends of ["resolve", "reject"]) {
    const refined = new refinement.Refinement(data, engine, () => 0);
    refined.begin({ answers: true });
    await ticks();
    assert.equal(refined.runs.value.length, 16);
    const turned = refined.turn();
    await ticks();
    refined.begin({ answers: false });
    while (waiting.length > 0) {
      waiting.shift()[ends]({ n: 16, difference: 1, low: 0.5, high: 1 });
      await ticks();
    }
    await turned;
    assert.deepEqual([refined.difference.value, refined.history.value], [null, []], ends);
    refined.stop();
  }
});
