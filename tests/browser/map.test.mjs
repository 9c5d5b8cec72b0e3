// What a reader does with the map. Runs against SITMAP_URL, or the stand-in; either has an account of
// 16 October 2019 at Raqqa and Tabqa.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, listed, moveWindow, openMap, PHONE, speak, startChromium, startServer } from "./browser.mjs";

// A gazetteer may give either town its official name.
const RAQQA = /raqqa/i;
const TABQA = /tabqa|tabaqah|thawrah/i;
const COALITION = { action: "withdrawal", actor: "US-led coalition", status: "occurred" };
const ARMY = { action: "deployment", actor: "Syrian army", status: "occurred" };
const THAT_DAY = "#lang=en&from=2019-10-16&to=2019-10-16";

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** Opens the map, runs the steps, and checks that nothing went outside and nothing complained. */
function scene(name, options, steps) {
  test(name, async () => {
    const { page, seen, close } = await openMap(browser, server.url, options);
    await steps(page);
    assertQuiet(seen);
    await close();
  });
}

scene("the map opens with its events, and the list holds as many as the heading says", {}, async (page) => {
  await page.waitForSelector(".mark");
  assert.ok((await page.locator("canvas").count()) > 0, "the basemap is drawn");
  const told = Number((await page.locator(".count-now").textContent()).replace(/\D/g, ""));
  const dated = await page.locator("#list .day:not(.undated) button.event").count();
  assert.ok(told > 0);
  assert.equal(dated, Math.min(told, 50));
});

scene("the basemap's land and sea are not of one colour", { hash: "#lang=en&map=6/34.5/36" }, async (page) => {
  await page.waitForTimeout(500);
  const colours = await page.locator("canvas").evaluateAll((tiles) => {
    const found = new Set();
    for (const tile of tiles) {
      const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
      for (let i = 0; i < data.length; i += 4004) found.add(`${data[i]},${data[i + 1]},${data[i + 2]},${data[i + 3]}`);
    }
    return found.size;
  });
  assert.ok(colours > 3, `${colours} colours`);
});

scene("moving the slider to 16 October 2019 leaves the withdrawals and the army's entry", {}, async (page) => {
  await moveWindow(page, "2019-10-16", "2019-10-16");
  assert.match(await page.locator('[data-handle="to"]').getAttribute("aria-valuetext"), /16 October 2019/);
  assert.equal((await listed(page, RAQQA, COALITION)).length > 0, true, "the coalition leaves Raqqa");
  assert.equal((await listed(page, TABQA, COALITION)).length > 0, true, "the coalition leaves Tabqa");
  assert.equal((await listed(page, RAQQA, ARMY)).length > 0, true, "the army enters Raqqa");
  await page.waitForFunction(() => location.hash.includes("from=2019-10-16&to=2019-10-16"));
});

scene("a click on a mark shows its sentence marked in the article", { hash: `${THAT_DAY}&map=10/35.9/38.8` }, async (page) => {
  const mark = page.locator('.mark[data-action="withdrawal"][data-actor="US-led coalition"]').first();
  const id = await mark.getAttribute("data-event");
  await mark.click();
  const marked = page.locator("#detail mark.is-current").first();
  await marked.waitFor();
  assert.equal(await marked.getAttribute("data-event"), id);
  const event = (await (await page.request.get(`${server.url}collections/events/items?f=json&limit=10000`)).json()).features.find((f) => f.id === id);
  const text = (await page.locator("#detail mark.is-current").allTextContents()).join("");
  assert.equal(text, event.properties.quote);
  assert.ok((await page.locator(`.mark.is-selected[data-event="${id}"]`).count()) === 1, "the mark is the chosen one");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#detail", { state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.event), id, "the keyboard is back at the event");
});

scene("another sentence of the article leads to its event", { hash: THAT_DAY }, async (page) => {
  await page.locator('#list button.event[data-action="withdrawal"]').first().click();
  const other = page.locator("#detail a.quote").first();
  const id = await other.getAttribute("data-quote");
  await other.click();
  await page.waitForSelector(`#detail mark.is-current[data-event="${id}"]`);
});

scene("the arrow keys move the handle by a step, and space plays and pauses", { hash: `${THAT_DAY}&step=day` }, async (page) => {
  const end = page.locator('[data-handle="to"]');
  await end.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await end.getAttribute("aria-valuetext"), /17 October 2019/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.match(await end.getAttribute("aria-valuetext"), /15 October 2019/);
  const before = Number(await end.inputValue());
  await page.keyboard.press("Space");
  await page.waitForFunction((was) => Number(document.querySelector('[data-handle="to"]').value) > was, before);
  await page.keyboard.press("Space");
  assert.match(await page.locator('[data-control="play"]').textContent(), /Play/);
});

scene("the window is dragged along the line and keeps its width", { hash: "#lang=en&from=2019-10-01&to=2019-10-31" }, async (page) => {
  await page.locator('[data-control="enlarge"]').click();
  const days = async () => {
    const [from, to] = await Promise.all(["from", "to"].map((end) => page.locator(`[data-date="${end}"]`).inputValue()));
    return [from, to];
  };
  const [from, to] = await days();
  const box = await page.locator(".window").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 60, box.y + 8, { steps: 4 });
  await page.mouse.up();
  const [laterFrom, laterTo] = await days();
  assert.ok(laterFrom < from && laterTo < to, `${laterFrom} ${laterTo}`);
  assert.equal(Date.parse(laterTo) - Date.parse(laterFrom), Date.parse(to) - Date.parse(from));
});

scene("playing from the whole span runs through time and stops at its end", { hash: "#lang=en&step=month&speed=4" }, async (page) => {
  await page.locator('[data-control="play"]').click();
  await page.waitForFunction(() => document.querySelector(".count-past")?.textContent);
  assert.match(await page.locator('[data-control="play"]').textContent(), /Pause/);
  await page.waitForFunction(() => /Play/.test(document.querySelector('[data-control="play"]').textContent), null, { timeout: 60_000 });
  const end = page.locator('[data-handle="to"]');
  assert.ok(Number(await end.inputValue()) > 0);
});

scene("a filter narrows map and list alike, and is undone", { hash: THAT_DAY }, async (page) => {
  await page.locator('input[data-facet="action"][data-value="withdrawal"]').check();
  const actions = new Set((await listed(page, /./, {})).map((one) => one.action));
  assert.deepEqual([...actions], ["withdrawal"]);
  assert.equal(await page.locator('.mark[data-action]:not(.is-past):not([data-action="withdrawal"])').count(), 0);
  await page.locator('[data-control="reset"]').click();
  assert.ok(new Set((await listed(page, /./, {})).map((one) => one.action)).size > 1);
});

scene("the interface changes to French and back, dates included", { hash: THAT_DAY }, async (page) => {
  await speak(page, "fr");
  assert.equal(await page.getAttribute("html", "lang"), "fr");
  assert.match(await page.locator(".range").textContent(), /16 octobre 2019/);
  assert.match(await page.locator('[data-handle="to"]').getAttribute("aria-valuetext"), /16 octobre 2019/);
  assert.ok(await page.locator("#list .event-action", { hasText: "Retrait" }).first().isVisible());
  await speak(page, "en");
  assert.match(await page.locator(".range").textContent(), /16 October 2019/);
});

scene("the language is the reader's own when the address says none", { hash: "", locale: "fr-FR" }, async (page) => {
  assert.equal(await page.getAttribute("html", "lang"), "fr");
});

scene("the address restores window, filters, view, event, language and appearance", { hash: `${THAT_DAY}&map=9/35.9000/38.8000` }, async (page) => {
  await page.locator('input[data-facet="action"][data-value="withdrawal"]').check();
  await page.locator('#list button.event[data-action="withdrawal"]').first().click();
  await page.locator("#detail mark.is-current").first().waitFor();
  await speak(page, "fr");
  await page.locator('[data-control="theme"]').click();
  await page.waitForFunction(() => /theme=light/.test(location.hash) && /lang=fr/.test(location.hash) && /event=/.test(location.hash));
  await page.waitForTimeout(600);
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await page.locator("#detail mark.is-current").first().waitFor();
  await page.waitForTimeout(400);
  assert.equal(page.url(), address);
  assert.equal(await page.getAttribute("html", "lang"), "fr");
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
  assert.ok(await page.locator('input[data-facet="action"][data-value="withdrawal"]').isChecked());
});

scene("a phone has map, time and list on one screen, and nothing to scroll sideways", { ...PHONE, hash: THAT_DAY }, async (page) => {
  const boxes = await Promise.all(["#map", "#timeline", ".panel"].map((part) => page.locator(part).boundingBox()));
  for (const box of boxes) assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 845, JSON.stringify(box));
  for (const control of await page.locator("#timeline :is(button, select, input.date)").all()) {
    const box = await control.boundingBox();
    if (box) assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.height >= 24, JSON.stringify(box));
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.locator('[data-control="filters"]').tap();
  assert.ok(await page.locator("#filters").isVisible());
  await page.locator("#filters .close").tap();
  await page.locator("#list button.event").first().tap();
  await page.locator("#detail mark.is-current").first().waitFor();
});
