// What the marks say: one end of a movement, regions, status and age; and from an incident to its reports and their
// article and back. The events are made up here, but for the outlines that the server has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, openMap, PHONE, speak, startChromium, startServer } from "./browser.mjs";

const EVENTS = "/collections/events/items";
const AREAS = "/collections/areas/items";
const ARTICLE = "/collections/articles/items/one";

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

const DAY = "2019-10-16";
function event(id, properties = {}, at = [39, 36]) {
  return {
    type: "Feature", id, geometry: at && { type: "Point", coordinates: at },
    properties: {
      article: "one", action: "withdrawal", status: "occurred", actor: "Somebody", place: `Place ${id}`, country: "SY", geo_precision: 1, radius_km: 3,
      start: DAY, end: DAY, date: DAY, date_precision: "day", date_basis: "explicit", confidence: 0.9, quote: "", ...properties,
    },
  };
}
const TEXT = "They left Here. They shelled There. Nothing else.";
const quoted = (quote) => ({ quote, quote_start: TEXT.indexOf(quote), quote_end: TEXT.indexOf(quote) + quote.length });
const article = { type: "Feature", id: "one", geometry: null, properties: { title: "A title", text: TEXT, language: "en" } };
const open = (events, { view = "7/36/39.5", hash = "", answers = {}, ...settings } = {}) =>
  openMap(browser, server.url, { hash: `#lang=en&map=${view}${hash}`, answers: { [EVENTS]: collectionOf(events), [ARTICLE]: article, ...answers }, ...settings });

const markOf = (page, id) => page.locator(`.mark[data-event="${id}"]`);
/** How far the given points of the wedges lie from the mark's middle, and in which quarters. */
const wedges = (page, id) =>
  markOf(page, id).locator("path.end").evaluateAll((paths) => {
    const { x, y, width, height } = paths[0].ownerSVGElement.getBoundingClientRect();
    return paths.map((path) => {
      const at = (length) => path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
      const away = (point) => Math.hypot(point.x - x - width / 2, point.y - y - height / 2);
      const side = path.getPointAtLength(path.getTotalLength() / 2);
      const tip = at(0);
      return { outward: away(tip) > away(side.matrixTransform(path.getScreenCTM())), quarter: `${Math.sign(tip.x - x - width / 2)} ${Math.sign(tip.y - y - height / 2)}` };
    });
  });

test("a movement with one end bears wedges to all sides, outward or inward, where that end is", async () => {
  const { page, seen, close } = await open([
    event("leaving", { origin: "Here", origin_lon: 38.5, origin_lat: 36 }, [38.5, 36]),
    event("arriving", { action: "deployment", destination: "There", destination_lon: 39.2, destination_lat: 36 }, [39.2, 36]),
    event("elsewhere", { action: "evacuation", destination: "There", destination_lon: 39.2, destination_lat: 36.6 }, [40, 36]),
    event("both", { origin: "Here", origin_lon: 38.5, origin_lat: 36.8, destination: "There", destination_lon: 40.5, destination_lat: 36.8 }, [38.5, 36.8]),
    event("fight", { action: "strike", origin: "Here", origin_lon: 40.5, origin_lat: 36 }, [40.5, 36]),
  ]);
  for (const [id, outward] of [["leaving", true], ["arriving", false]]) {
    const found = await wedges(page, id);
    assert.deepEqual(found.map((one) => one.outward), [outward, outward, outward, outward], id);
    assert.deepEqual(found.map((one) => one.quarter).sort(), ["-1 -1", "-1 1", "1 -1", "1 1"], "no bearing");
  }
  for (const id of ["elsewhere", "both", "fight"]) assert.equal(await markOf(page, id).locator("path.end").count(), 0, id);
  assert.equal(await page.locator("path.track[data-event]").count(), 1);
  assert.equal(await page.locator('path.track[data-event="both"]').count(), 1, "an arrow where both ends are known");
  const notes = await page.locator(".notes").textContent();
  assert.match(notes, /Leaves here; the text does not say where to.*Arrives here; the text does not say where from/);
  assert.equal(await page.locator(".notes .end").count(), 8);
  await page.locator('#list button[data-event="leaving"]').click();
  assert.match(await page.locator("#detail .facts").first().textContent(), /from HereLeaves here/);
  assertQuiet(seen);
  await close();
});

const square = (west, south, size) => [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]];
const area = (id, coordinates) => ({ type: "Feature", id, geometry: { type: "MultiPolygon", coordinates }, properties: { id, name: id } });
const region = (id, place, more = {}, at) => event(id, { place_id: place, geo_precision: 4, radius_km: 60, ...more }, at);

test("a region is its outline, with its holes; what is near it, or has none, is a circle; what is pressed is selected", async () => {
  const { page, seen, close } = await open(
    [
      region("old", "admin1:SY.90", { start: "2019-10-10", end: "2019-10-10" }),
      region("new", "admin1:SY.90", { action: "strike", status: "planned" }),
      region("north", "admin1:SY.90#north", {}, [38, 36]),
      region("unknown", "admin1:SY.91", {}, [41, 36]),
    ],
    { answers: { [AREAS]: collectionOf([area("admin1:SY.90", [[square(38.6, 35.6, 0.8), square(38.7, 35.7, 0.1)], [square(39.6, 35.6, 0.2)]])]) } },
  );
  const asked = [];
  page.on("request", (request) => request.url().includes(AREAS) && asked.push(request.url()));
  const outline = page.locator('path.area[data-event="new"]');
  await page.waitForFunction(() => document.querySelector('path.area[data-event="new"]')?.getAttribute("d").match(/M/g).length === 3);
  assert.deepEqual(await page.locator("path.area.leaflet-interactive").evaluateAll((all) => all.map((one) => one.dataset.event).sort()), ["new", "north", "unknown"], "one outline for a region, its newest event's");
  assert.ok((await outline.getAttribute("class")).includes("is-planned"));
  for (const id of ["north", "unknown"]) assert.match(await page.locator(`path.area[data-event="${id}"]`).getAttribute("d"), /a/, "a circle");
  const dash = (id) => page.locator(`path.area[data-event="${id}"]`).evaluate((path) => getComputedStyle(path).strokeDasharray);
  assert.notEqual(await dash("new"), await dash("north"), "announced otherwise than done");
  const thin = await outline.evaluate((path) => Number(getComputedStyle(path).fillOpacity));
  // Within the outline, beside the mark.
  const { x, y, height } = await outline.boundingBox();
  await page.mouse.click(x + 12, y + height - 12);
  await page.waitForSelector('#detail[data-event="new"]');
  assert.ok((await outline.evaluate((path) => Number(getComputedStyle(path).fillOpacity))) > thin, "the selected one is stronger");
  assert.deepEqual(asked, [], "outlines are asked for once");
  assertQuiet(seen);
  await close();
});

test("outlines are asked for by the regions in view, together, and what lies over the antimeridian stays together", async () => {
  const events = [region("fiji", "country:FJ", { radius_km: 100, geo_precision: 6 }, [178, -18]), region("tonga", "country:TO", { radius_km: 100 }, [179, -16]), region("far", "country:SY", {}, [39, 35])];
  const asked = [];
  const { page, close } = await open(events, {
    view: "6/-18/178",
    answers: { [AREAS]: collectionOf([area("country:FJ", [[square(177, -18.5, 2.9)], [square(-179.9, -17.5, 1)]])]) },
  });
  const isDrawn = () => page.waitForFunction(() => document.querySelector('path.area[data-event="fiji"]')?.getAttribute("d").match(/M/g).length === 2);
  await isDrawn();
  page.on("request", (request) => request.url().includes(AREAS) && asked.push(new URL(request.url()).searchParams));
  await page.reload();
  await isDrawn();
  assert.deepEqual(asked.map((query) => query.get("filter")), ["id IN ('country:FJ','country:TO')"]);
  const { width } = await page.locator('path.area[data-event="fiji"]').boundingBox();
  assert.ok(width < 400, `${width} pixels from end to end`);
  await close();
});

test("without an answer the circle stays, and that is all", async () => {
  const { page, seen, close } = await open([region("one", "admin1:SY.90")], { answers: { [AREAS]: null } });
  await page.locator('path.area[data-event="one"]').waitFor();
  assert.match(await page.locator('path.area[data-event="one"]').getAttribute("d"), /a/);
  assertQuiet({ ...seen, complaints: seen.complaints.filter((text) => !text.includes("ERR_CONNECTION_REFUSED")) });
  await close();
});

test("the outline of a country comes from the service", async () => {
  const { page, seen, close } = await open([region("sy", "country:SY", { radius_km: 240, geo_precision: 6 }, [38.5, 35]), region("dz", "admin1:SY.07", { radius_km: 92 }, [40.2, 35])], { view: "6/35/39" });
  // A circle's path has arcs; an outline has a point for each bend.
  for (const id of ["sy", "dz"]) await page.waitForFunction((id) => document.querySelector(`path.area[data-event="${id}"]`)?.getAttribute("d").split("L").length > 10, id);
  const fill = (id) => page.locator(`path.area[data-event="${id}"]`).evaluate((path) => Number(getComputedStyle(path).fillOpacity));
  assert.ok((await fill("sy")) < (await fill("dz")), "a country is fainter than a province");
  const order = await page.locator("path.area.leaflet-interactive").evaluateAll((all) => all.map((one) => one.dataset.event));
  assert.deepEqual(order, ["sy", "dz"], "the smaller lies upon the larger");
  assertQuiet(seen);
  await close();
});

test("status and age are drawn: dotted, ringed, struck through, stitched, and ever fainter", async () => {
  const ends = (lat) => ({ origin: "A", origin_lon: 38, origin_lat: lat, destination: "B", destination_lon: 39, destination_lat: lat });
  const past = (id, day, lon) => event(id, { start: day, end: day }, [lon, 37]);
  const { page, close } = await open(
    [
      event("planned", { status: "planned", ...ends(35) }, [38, 35]), event("ongoing", { status: "ongoing", ...ends(35.5) }, [38, 35.5]),
      event("denied", { status: "denied", ...ends(36) }, [38, 36]), event("claimed", { claimed_by: "Somebody", ...ends(36.5) }, [38, 36.5]),
      past("recent", "2019-10-10", 40), past("older", "2019-09-10", 40.5), past("oldest", "2015-01-01", 41),
    ],
    { hash: "&from=2019-10-12&to=2019-10-18" },
  );
  const has = (id, what) => markOf(page, id).locator(what).count();
  assert.equal(await has("planned", ".is-planned .frame"), 1);
  assert.equal(await has("ongoing", ".ring"), 1);
  assert.equal(await has("denied", ".slash"), 1);
  assert.equal(await has("claimed", ".seam"), 1);
  const style = (id, name) => page.locator(`path.track[data-event="${id}"]`).evaluate((path, name) => getComputedStyle(path)[name], name);
  const dashes = await Promise.all(["planned", "ongoing", "denied", "claimed"].map((id) => style(id, "strokeDasharray")));
  assert.equal(new Set(dashes).size, 4, dashes.join(" | "));
  assert.equal(await page.locator(".arrow-holder .slash").count(), 1, "the arrow of what is denied is struck through");
  const looks = await Promise.all(["recent", "older", "oldest"].map((id) => markOf(page, id).evaluate((mark) => [Number(getComputedStyle(mark).opacity), mark.querySelector("svg").getBoundingClientRect().width])));
  for (const i of [0, 1]) assert.ok(looks[i][0] > looks[i + 1][0] && looks[i][1] > looks[i + 1][1], JSON.stringify(looks));
  const told = () => page.locator("#moment li").allTextContents();
  assert.deepEqual(await told(), ["In the window 3", "Before 3", "Announced 1"]);
  await page.locator('[data-facet="status"][data-value="planned"]').check();
  assert.deepEqual(await told(), ["In the window 0", "Before 0", "Announced 1"]);
  await speak(page, "fr");
  await page.waitForFunction(() => !document.querySelector("#moment").textContent.includes("Announced"));
  await close();
});

test("the line that explains the marks is not in a narrow map within another page", async () => {
  for (const [query, isThere] of [["", true], ["?embed", false]]) {
    const { page, close } = await open([event("one")], { query, ...PHONE });
    assert.equal(await page.locator("#moment").isVisible(), isThere, query);
    await close();
  }
});

const REPORTS = [
  event("a", { incident: "i-a", ...quoted("They left Here.") }),
  event("b", { incident: "i-a", article: "two", quote: "As others say." }),
  event("c", { incident: "i-a", article: "three", claimed_by: "A party" }),
  event("d", { action: "strike", ...quoted("They shelled There.") }, [40.5, 36]),
];

test("by the keyboard: from report to report and back, without losing the button", async () => {
  const { page, close } = await open(REPORTS, { hash: "&event=a" });
  const walk = page.locator("#detail .walk");
  await walk.waitFor();
  assert.match(await walk.textContent(), /told by 3 reports.*Report 1 of 3/);
  const [previous, next] = [page.getByRole("button", { name: "Previous report" }), page.getByRole("button", { name: "Next report" })];
  assert.equal(await previous.getAttribute("aria-disabled"), "true");
  await next.focus();
  for (const id of ["b", "c"]) {
    await page.keyboard.press("Enter");
    await page.waitForSelector(`#detail[data-event="${id}"]`);
    assert.ok(await next.evaluate((button) => button === document.activeElement), "the keyboard stays");
  }
  assert.match(await walk.textContent(), /Report 3 of 3/);
  assert.equal(await next.getAttribute("aria-disabled"), "true");
  await page.keyboard.press("Enter");
  assert.match(await walk.textContent(), /Report 3 of 3/, "there is no fourth");
  await assertAccessible(page, "the last report");
  await previous.press("Space");
  await page.waitForSelector('#detail[data-event="b"]');
  assert.equal(await page.locator('.mark[data-event="a"].is-selected').count(), 1, "one mark stands for all");
  await page.locator('[data-control="back"]').click();
  await page.locator('#list button[data-event="d"]').click();
  assert.ok(await walk.isHidden(), "told once");
  assert.ok(await page.locator("#detail h2").evaluate((heading) => heading === document.activeElement));
  await close();
});

test("what is pointed at stands out on the map, in the list and in the article", async () => {
  const { page, seen, close } = await open([...REPORTS, ...Array.from({ length: 9 }, (_, i) => event(`many${i}`, {}, [38, 37]))]);
  const lit = () => page.locator(".is-pointed:not(.map-icon)").evaluateAll((all) => all.map((one) => one.dataset.event ?? one.dataset.quote ?? "count").sort());
  await page.locator('#list button[data-event="d"]').hover();
  assert.deepEqual(await lit(), ["d", "d"], "button and mark");
  await markOf(page, "a").hover();
  assert.deepEqual(await lit(), ["a", "a"]);
  assert.equal(await page.locator('#list button.is-pointed').getAttribute("data-event"), "a");
  await page.locator('#list button[data-event="many3"]').focus();
  assert.deepEqual(await lit(), ["count", "many3"], "a count has it among others");
  await page.locator('#list button[data-event="a"]').click();
  const quote = page.locator('#detail a[data-quote="d"]');
  await quote.waitFor();
  // What was chosen has brought the map to its place, with new marks.
  await page.waitForFunction(() => !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
  await quote.hover();
  assert.ok((await lit()).includes("d"));
  assert.equal(await page.locator('.mark[data-event="d"].is-pointed').count(), 1);
  await markOf(page, "d").hover();
  assert.ok(await quote.evaluate((one) => one.classList.contains("is-pointed")), "and the other way");
  await page.locator(".top h1").hover();
  assert.deepEqual(await lit(), []);
  await quote.click();
  await page.waitForSelector('#detail[data-event="d"]');
  assert.equal(await page.locator('.mark[data-event="d"].is-selected').count(), 1);
  assertQuiet({ ...seen, complaints: seen.complaints.filter((text) => !text.includes("404")) });
  await close();
});

test("how sure, in a word, and because of what: only what the data say", async () => {
  const cases = [
    [{ confidence: 0.97 }, "Almost certain", ["+ the date is in the text", "+ the place is known exactly"]],
    [{ confidence: 0.6, date_basis: "relative", geo_precision: 2, radius_km: 30 }, "Likely", ["+ the date is counted from the publication", "− near the place, within 30 km"]],
    [{ confidence: 0.3, start: null, end: null, date: null, date_basis: "none", geo_precision: 6, radius_km: 300, claimed_by: "A party" }, "Uncertain", ["− the text gives no date", "− only the region is known", "− only a party says so"]],
    [{ confidence: 0.9, start: null, end: null, date: "XXXX-10-09", date_basis: "explicit" }, "Very likely", ["+ the date is in the text", "+ the place is known exactly"]],
    [{ confidence: 0.9, date_basis: "published" }, "Very likely", ["− the text gives no day: that of the publication stands for it", "− the place could not be found"], null],
  ];
  for (const [properties, word, grounds, at] of cases) {
    const { page, close } = await open([event("one", properties, at)], { hash: "&event=one" });
    const details = page.locator("#detail details.because");
    await page.locator("#detail .article-text").waitFor();
    assert.equal(await page.locator("#detail dd:has(meter) > strong").textContent(), word);
    assert.equal(await details.locator("ul").isVisible(), false);
    await details.locator("summary").press("Enter");
    assert.deepEqual(await details.locator("li").allTextContents(), grounds);
    await assertAccessible(page, word);
    await close();
  }
  // One of three reports gives it as a party's word, the others state it.
  const { page, close } = await open(REPORTS, { hash: "&event=c" });
  await page.locator("#detail details.because summary").click();
  assert.deepEqual(await page.locator("#detail details.because li").allTextContents(), ["+ the date is in the text", "+ the place is known exactly", "+ several articles report it"]);
  await close();
});
