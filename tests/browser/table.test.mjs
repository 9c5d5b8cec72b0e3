// The table of the events: the same as on the map, sorted by any column, by pointer and keyboard alike.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, moveWindow, openMap, PHONE, speak, startChromium, startServer } from "./browser.mjs";

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

function scene(name, options, steps) {
  test(name, async () => {
    const { page, seen, close } = await openMap(browser, server.url, options);
    await steps(page);
    // The articles of made-up events are not there: Chromium says so itself.
    assertQuiet({ ...seen, complaints: seen.complaints.filter((text) => !text.includes("404")) });
    await close();
  });
}

const event = (id, more, coordinates = [38, 36]) => ({
  type: "Feature", id, geometry: coordinates && { type: "Point", coordinates },
  properties: {
    article: id, action: "capture", status: "occurred", actor: "SDF", actor_id: "sdf", place: id, country: "SY", geo_precision: 1, radius_km: 3,
    date: "2016-08-12", start: "2016-08-12", end: "2016-08-12", date_precision: "day", confidence: 0.8, ...more,
  },
});
const UNDATED = { date: null, start: null, end: null, date_precision: "unknown" };
const FIVE = [
  event("Zagreb", { country: "HR", confidence: 0.5, counterpart: "ISIS" }),
  event("Évian", { country: "FR", confidence: 0.9, start: "2016-08-01", end: "2016-08-31", date_precision: "month" }),
  event("Erfurt", { country: "DE", confidence: 1, start: "2016-09-09", end: "2016-09-09", status: "planned", action: "strike" }),
  event("<b>Ärö</b>", { country: null, actor: null, actor_id: null, confidence: null, ...UNDATED }),
  event("Erfurt 2", { place: "Erfurt", incident: "i-Erfurt" }),
];
const answers = (features) => ({ "/collections/events/items": collectionOf(features) });
const MADE_UP = { hash: "#lang=en&map=6/36/38&view=table", answers: answers(FIVE) };

const column = (page, name) => page.locator(`#table tbody .is-${name}`).allTextContents();
const sortedBy = (page) => page.locator("#table thead th").evaluateAll((all) => all.filter((th) => th.ariaSort).map((th) => `${th.textContent} ${th.ariaSort}`));
const told = async (page) => Number((await page.locator(".count-now").textContent()).replace(/\D/g, ""));

scene("the table has the events of the list, the undated marked", { hash: "#lang=en&from=2016-08-01&to=2016-12-31" }, async (page) => {
  const ids = () => page.locator(":is(#list button.event, #table tbody tr)").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.dataset.event));
  const listed = await ids();
  const undated = await page.locator("#list .undated button.event").count();
  assert.ok(undated > 0);
  await page.locator('[data-control="view-table"]').click();
  await page.waitForSelector("#table tbody tr");
  assert.equal(await page.locator("#list").isVisible(), false);
  assert.deepEqual(await ids(), listed, "in the same order at first");
  assert.equal(await page.locator("#table tr.is-undated .is-date .tag").count(), undated);
  assert.equal(listed.length, (await told(page)) + undated);
  assert.match(await page.locator("#table caption").textContent(), new RegExp(`^${await told(page)} events, as on the map · Undated \\(${undated}\\)`));
  await page.waitForFunction(() => location.hash.includes("view=table"));

  await page.locator('input[data-facet="action"][data-value="withdrawal"]').check();
  await moveWindow(page, "2016-01-01", "2019-10-17");
  const actions = new Set(await column(page, "action"));
  assert.deepEqual([...actions], ["Withdrawal"]);
  assert.equal(await page.locator("#table tbody tr:not(.is-undated)").count(), await told(page));
  await page.locator('[data-control="view-list"]').click();
  assert.equal(await page.locator("#table").isVisible(), false);
  assert.ok(await page.locator("#list button.event").first().isVisible());
});

scene("each column is sorted both ways, what it lacks last", MADE_UP, async (page) => {
  assert.deepEqual(await sortedBy(page), ["Date descending"]);
  const orders = {
    date: ["Évian", "Zagreb", "Erfurt", "<b>Ärö</b>"],
    place: ["<b>Ärö</b>", "Erfurt", "Évian", "Zagreb"],
    country: ["Zagreb", "Évian", "Erfurt", "<b>Ärö</b>"],
    confidence: ["Zagreb", "Évian", "Erfurt", "<b>Ärö</b>"],
    status: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
    action: ["Zagreb", "Évian", "<b>Ärö</b>", "Erfurt"],
    actor: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
    counterpart: ["Zagreb", "Erfurt", "Évian", "<b>Ärö</b>"],
    reports: ["Zagreb", "Évian", "<b>Ärö</b>", "Erfurt"],
  };
  const backwards = {
    date: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
    place: ["Zagreb", "Évian", "Erfurt", "<b>Ärö</b>"],
    country: ["Erfurt", "Évian", "Zagreb", "<b>Ärö</b>"],
    confidence: ["Erfurt", "Évian", "Zagreb", "<b>Ärö</b>"],
    status: ["Zagreb", "Évian", "<b>Ärö</b>", "Erfurt"],
    action: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
    actor: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
    counterpart: ["Zagreb", "Erfurt", "Évian", "<b>Ärö</b>"],
    reports: ["Erfurt", "Zagreb", "Évian", "<b>Ärö</b>"],
  };
  for (const [name, expected] of Object.entries(orders)) {
    const button = page.locator(`#table thead [data-sort="${name}"]`);
    await button.click();
    assert.deepEqual(await column(page, "place"), expected, name);
    await button.press("Enter");
    assert.deepEqual(await column(page, "place"), backwards[name], `-${name}`);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.sort), name, "the keyboard stays");
    await page.waitForFunction((sort) => (new URLSearchParams(location.hash.slice(1)).get("sort") ?? "-date") === sort, `-${name}`);
  }
  assert.deepEqual(await sortedBy(page), ["Reports descending"]);
  assert.deepEqual(await column(page, "reports"), ["2", "1", "1", "1"]);
  await speak(page, "fr");
  assert.deepEqual(await sortedBy(page), ["Mentions descending"]);
  assert.match(await page.locator("#table caption").textContent(), /Mentions \(décroissant\)/);
});

scene("a link says how the table is sorted", { ...MADE_UP, hash: `${MADE_UP.hash}&sort=-place` }, async (page) => {
  assert.deepEqual(await sortedBy(page), ["Place descending"]);
  assert.equal((await column(page, "place"))[0], "Zagreb");
});

scene("a row opens its event by keyboard, and the keyboard comes back to it", MADE_UP, async (page) => {
  const button = page.locator('#table tr[data-event="Zagreb"] button');
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector('#detail[data-event="Zagreb"]');
  assert.equal(await button.getAttribute("aria-current"), "true");
  await page.waitForSelector('.mark.is-selected[data-event="Zagreb"]');
  assert.equal(await page.locator("#table").isVisible(), false);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#table", { state: "visible" });
  assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.event), "Zagreb");
  assert.equal(await button.getAttribute("aria-current"), null);
  await page.locator('#table tr[data-event="Erfurt"] .is-status').click();
  await page.waitForSelector('#detail[data-event="Erfurt"]');
});

const MANY = Array.from({ length: 450 }, (_, i) => event(`p${String(i).padStart(3, "0")}`, {}));
scene("of very many events some are in the page, and more on demand", { ...MADE_UP, hash: `${MADE_UP.hash}&sort=place`, answers: answers(MANY) }, async (page) => {
  const rows = page.locator("#table tbody tr");
  const more = page.locator("#table button.more");
  assert.equal(await rows.count(), 50);
  await more.focus();
  await page.keyboard.press("Enter");
  assert.equal(await rows.count(), 250);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "p050", "the first of the new rows has the keyboard");
  assert.match(await more.textContent(), /200/);
  await more.click();
  assert.deepEqual(await column(page, "place"), MANY.map(({ id }) => id));
  assert.equal(await more.isVisible(), false);
});

scene("rows that stay while the window moves keep the keyboard", MADE_UP, async (page) => {
  await page.locator('#table tr[data-event="Évian"] button').focus();
  await page.evaluate(() => {
    const from = document.querySelector('[data-handle="from"]');
    from.value = String(Number(from.value) + 20);
    from.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.waitForSelector('#table tr[data-event="Zagreb"]', { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Évian");
});

scene("a phone scrolls the table sideways, not the page", { ...PHONE, hash: "#lang=en&view=table" }, async (page) => {
  await page.waitForSelector("#table tbody tr");
  const widths = await page.evaluate(() => {
    const scroll = document.querySelector(".panel-scroll");
    scroll.scrollLeft = 10_000;
    return { moved: scroll.scrollLeft, page: document.documentElement.scrollWidth, window: window.innerWidth };
  });
  assert.ok(widths.moved > 200, "the last column can be reached");
  assert.equal(widths.page, widths.window);
});

for (const [name, settings] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, phone: PHONE })) {
  scene(`the table is accessible: ${name}`, { hash: "#lang=ar&view=table&from=2019-10-09&to=2019-10-18", ...settings }, async (page) => {
    await page.waitForSelector("#table tbody tr");
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("#table caption")).direction), "rtl");
    await assertAccessible(page, name);
  });
}
