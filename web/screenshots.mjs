// Pictures of the live part for the documentation, into docs/images.
import { fileURLToPath } from "node:url";
import { hindrance, launch, makeReport, open, settled, watch } from "./tests/browser.mjs";

if (hindrance) throw new Error(`no pictures: ${hindrance}`);
const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
const report = makeReport();
const browser = await launch();

/** A picture of what stands from one element on, as far down as the window reaches. */
async function picture(page, selector, name) {
  await page.evaluate((selector) => document.querySelector(selector).scrollIntoView(), selector);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}${name}.png` });
}

async function go(page, share) {
  await page.locator(".player input[type=range]").evaluate((slider, share) => {
    slider.value = String(Math.round(share * Number(slider.max)));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, share);
  await page.waitForTimeout(1200);
}

const wide = await open(browser, report, { viewport: { width: 1100, height: 860 } });
await wide.locator("#entente-variant").selectOption({ index: 1 });
await settled(wide);
await picture(wide, ".try", "live-change");
await watch(wide);
await go(wide, 0.15);
await wide.locator(".player .play").focus();
for (let step = 0; step < 80 && (await wide.locator(".world .attack").count()) === 0; step++)
  await wide.keyboard.press("ArrowRight");
await picture(wide, ".watch", "live-watch");
await wide.locator(".player").evaluate((player) => (player.style.position = "static"));
await picture(wide, ".matrix", "live-ties");
await wide.getByRole("button", { name: /under your change/ }).click();
await wide.waitForFunction(() => document.querySelectorAll(".world").length === 2);
await picture(wide, ".player", "live-beside");

const narrow = await open(browser, report, { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 });
await narrow.locator("#entente-variant").selectOption({ index: 1 });
await settled(narrow);
await picture(narrow, ".try", "live-telephone");
await browser.close();
