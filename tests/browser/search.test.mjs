// The search for places. First against the server, whose gazetteer has Aleppo; then with answers made up
// here, for what a server rarely says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, openMap, PHONE, startChromium, startServer } from "./browser.mjs";

const PLACES = "/collections/places/items";
const OPTIONS = '#search-list [role="option"]';

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

/** The middle of the map, as the address has it. */
const view = (page) => page.evaluate(() => /map=([^&]+)/.exec(location.hash)?.[1].split("/").map(Number));
/** Waits until the map's middle is within a degree of a place. */
const arrival = (page, lat, lon) => page.waitForFunction(([wantedLat, wantedLon]) => {
  const [, lat, lon] = /map=([^&]+)/.exec(location.hash)?.[1].split("/").map(Number) ?? [];
  return Math.abs(lat - wantedLat) < 1 && Math.abs(lon - wantedLon) < 1;
}, [lat, lon]);
const shownNames = (page) => page.locator(".map-tip.is-found").allTextContents();

test("a name's beginning finds the place, Enter goes there, and Escape clears", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: "#lang=en&map=4/48.0000/2.0000" });
  const box = page.getByRole("combobox", { name: "Find a place" });
  await page.keyboard.press("/");
  assert.ok(await box.evaluate((input) => input === document.activeElement), "a slash leads to the field");
  await page.keyboard.type("Alep");
  const first = page.locator(OPTIONS).first();
  await first.waitFor();
  assert.match(await first.textContent(), /^Aleppo.*Syria/);
  assert.ok((await page.locator(OPTIONS).count()) <= 8);
  assert.equal(await box.getAttribute("aria-expanded"), "true");
  assert.equal(await box.getAttribute("aria-activedescendant"), await first.getAttribute("id"));
  await page.keyboard.press("Enter");
  await arrival(page, 36.2, 37.16);
  const [zoom] = await view(page);
  assert.ok(zoom >= 7 && zoom <= 10, `zoom ${zoom}`);
  assert.deepEqual(await shownNames(page), ["Aleppo"]);
  assert.equal(await box.getAttribute("aria-expanded"), "false");
  assert.match(await page.locator('.search [role="status"]').textContent(), /Aleppo/);
  await page.keyboard.press("Escape");
  assert.equal(await box.inputValue(), "");
  assert.deepEqual(await shownNames(page), []);
  assert.equal(await page.locator("path.found-line").count(), 0);
  assertQuiet(seen);
  await close();
});

test("Enter before the answer takes the first place of it", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: "#lang=en&map=4/48.0000/2.0000" });
  await page.locator("#search").fill("Alep");
  await page.locator("#search").press("Enter");
  await arrival(page, 36.2, 37.16);
  assertQuiet(seen);
  await close();
});

test("in French, places bear their French names", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: "#lang=fr" });
  await page.getByRole("combobox", { name: "Chercher un lieu" }).fill("Alep");
  assert.equal(await page.locator(`${OPTIONS} strong`).first().textContent(), "Alep");
  assert.match(await page.locator(OPTIONS).first().textContent(), /Syrie/);
  assertQuiet(seen);
  await close();
});

for (const [name, settings] of Object.entries({ light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, phone: PHONE })) {
  test(`no accessibility rule is broken while the list is open, or a place shown: ${name}`, async () => {
    const { page, close } = await openMap(browser, server.url, { hash: "#lang=en&map=5/36.0000/38.0000", ...settings });
    await page.locator("#search").fill("Alep");
    await page.locator(OPTIONS).first().waitFor();
    await assertAccessible(page, "list");
    await page.locator(OPTIONS).first().click();
    await page.locator(".map-tip.is-found").waitFor();
    await assertAccessible(page, "place");
    await close();
  });
}

const place = (n, properties = {}) => ({
  type: "Feature", id: `made:${n}`, geometry: { type: "Point", coordinates: [10 + n, 40] },
  properties: { name: `Place ${n}`, label: `Place ${n}`, kind: "settlement", country: "SY", admin1: "Homs", parent: "Homs", radius_km: 4, population: null, match: "prefix", ...properties },
});
const collection = (...features) => ({ type: "FeatureCollection", features });

test("the arrows go round the list, and Escape closes it before it clears", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { answers: { [PLACES]: collection(place(0), place(1), place(2)) } });
  const box = page.locator("#search");
  await box.fill("place");
  await page.locator(OPTIONS).first().waitFor();
  const marked = () => page.locator(`${OPTIONS}[aria-selected="true"]`).evaluateAll((options) => options.map((option) => option.dataset.place));
  assert.deepEqual(await marked(), ["made:0"]);
  await box.press("ArrowUp");
  assert.deepEqual(await marked(), ["made:2"]);
  await box.press("ArrowDown");
  await box.press("ArrowDown");
  assert.deepEqual(await marked(), ["made:1"]);
  await box.press("Escape");
  assert.ok(await page.locator("#search-list").isHidden());
  assert.equal(await box.inputValue(), "place");
  await box.press("ArrowDown");
  await box.press("Enter");
  await arrival(page, 40, 11);
  await page.locator('[data-control="clear-search"]').click();
  assert.deepEqual([await box.inputValue(), await shownNames(page)], ["", []]);
  assertQuiet(seen);
  await close();
});

test("one question is asked for one word typed, and a late answer to an older one is not shown", async () => {
  const { page, close } = await openMap(browser, server.url);
  const asked = [];
  await page.route((url) => url.pathname.endsWith(PLACES), async (route) => {
    const q = new URL(route.request().url()).searchParams.get("q");
    asked.push(q);
    if (q === "slow") await new Promise((done) => setTimeout(done, 700));
    await route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(collection(place(0, { label: `Found by ${q}` }))) }).catch(() => {});
  });
  const box = page.locator("#search");
  await box.pressSequentially("slow", { delay: 20 });
  await page.waitForTimeout(300);
  await box.fill("quick");
  await page.locator(OPTIONS).first().waitFor();
  await page.waitForTimeout(700);
  assert.deepEqual(asked, ["slow", "quick"]);
  assert.match(await page.locator(OPTIONS).textContent(), /^Found by quick/);
  await close();
});

test("a name that nothing bears, and a search that fails, are said so", async () => {
  const { page, close } = await openMap(browser, server.url, { answers: { [PLACES]: collection() } });
  const note = page.locator(".search-note:not(.unseen)");
  await page.locator("#search").fill("xyzzy");
  await note.waitFor();
  assert.match(await note.textContent(), /No place/);
  assert.equal(await page.locator("#search").getAttribute("aria-expanded"), "false");
  await page.unrouteAll();
  await page.route((url) => url.pathname.endsWith(PLACES), (route) => route.fulfill({ status: 500, body: "" }));
  await page.locator("#search").fill("xyzz");
  await page.waitForFunction(() => /failed/.test(document.querySelector(".search-note:not(.unseen)")?.textContent));
  await page.unrouteAll();
  await page.route((url) => url.pathname.endsWith(PLACES), (route) => route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(collection(place(5))) }));
  await page.locator("#search").press("Enter");
  await arrival(page, 40, 15);
  await close();
});

test("a hostile name is shown as text; without a point there is nothing to show", async () => {
  const evil = "<img src=x onerror=window.hostile=1>";
  const { page, seen, close } = await openMap(browser, server.url, {
    answers: { [PLACES]: collection(place(0, { label: evil, parent: evil }), { ...place(1), geometry: null }) },
  });
  await page.locator("#search").fill("evil");
  await page.locator(OPTIONS).first().waitFor();
  assert.equal(await page.locator(OPTIONS).count(), 1);
  await page.locator("#search").press("Enter");
  await page.locator(".map-tip.is-found").waitFor();
  assert.deepEqual(await shownNames(page), [evil]);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assertQuiet(seen);
  await close();
});

test("vast places, and places at a pole, leave the map sound", async () => {
  const vast = [place(0, { kind: "continent", radius_km: 6000, country: null, parent: null }), place(1, { kind: "continent", radius_km: 2500 })];
  vast[1].geometry.coordinates = [0, -90];
  const { page, seen, close } = await openMap(browser, server.url, { answers: { [PLACES]: collection(...vast) } });
  for (const keys of [["Enter"], ["ArrowDown", "ArrowDown", "Enter"]]) {
    await page.locator("#search").fill("vast");
    await page.locator(OPTIONS).first().waitFor();
    for (const key of keys) await page.locator("#search").press(key);
    await page.waitForTimeout(500);
    assert.ok((await view(page)).every(Number.isFinite), await page.url());
  }
  assertQuiet(seen);
  await close();
});

test("on a phone the search lies between the map's buttons, and its list within the screen", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { ...PHONE, hash: "#lang=fr" });
  const boxOf = (part) => page.locator(part).boundingBox();
  const [filters, search, zoom] = [await boxOf('[data-control="filters"]'), await boxOf(".search-box"), await boxOf(".leaflet-control-zoom")];
  assert.ok(filters.x + filters.width < search.x && search.x + search.width < zoom.x, JSON.stringify([filters, search, zoom]));
  assert.ok(search.height >= 24 && search.width >= 180);
  await page.locator("#search").tap();
  await page.locator("#search").fill("Alep");
  await page.locator(OPTIONS).first().waitFor();
  const list = await boxOf("#search-list");
  assert.ok(list.x >= 0 && list.x + list.width <= 390 && list.y + list.height <= 844, JSON.stringify(list));
  await page.locator(OPTIONS).first().tap();
  await arrival(page, 36.2, 37.16);
  await page.locator('[data-control="clear-search"]').tap();
  assert.deepEqual(await shownNames(page), []);
  assertQuiet(seen);
  await close();
});
