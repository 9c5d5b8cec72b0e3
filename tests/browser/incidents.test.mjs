// How several reports of one happening are shown together. The events are the test's own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, openMap, speak, startChromium, startServer } from "./browser.mjs";

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

const report = (id, article, more) => ({
  type: "Feature", id, geometry: { type: "Point", coordinates: [37.955, 36.528] },
  properties: {
    article, action: "capture", status: "occurred", actor: "SDF", actor_id: "sdf", place: "Manbij", country: "SY", geo_precision: 1, radius_km: 3,
    date: "2016-08-12", start: "2016-08-12", end: "2016-08-12", date_precision: "day", date_basis: "explicit", confidence: 0.8,
    quote: `As ${article} has it: <b>taken</b>.`, quote_start: null, quote_end: null, title: article, publisher: article, language: "en", incident: "i-a", ...more,
  },
});
const EVENTS = [
  report("a", "Gazette", { published: "2016-08-13" }),
  report("b", "Courier", { published: "2016-08-12", status: "denied" }),
  report("c", "Gazette", { published: "2016-08-13", actor: null, actor_id: null }),
  report("d", "Herald", { incident: "i-d", action: "strike" }),
];
const ANSWERS = { "/collections/events/items": collectionOf(EVENTS) };

test("reports of one happening are listed together, with where they disagree", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: "#lang=en&map=9/36.5/38", answers: ANSWERS });
  const told = await page.locator("#list button.event .event-sub").allTextContents();
  assert.equal(told.filter((text) => text.includes("3 reports in 2 articles")).length, 1, told.join(" | "));
  assert.equal(await page.locator(".mark:not(.is-past)").count(), 2, "one mark for a happening");
  await page.locator('#list button.event[data-event="a"]').click();
  const reports = page.locator("#reports");
  await reports.waitFor();
  assert.match(await reports.locator(".disagree").textContent(), /^They disagree on whether it happened\.$/);
  const items = await reports.locator("button.report").evaluateAll((all) => all.map((one) => [one.dataset.report, one.textContent]));
  assert.deepEqual(items.map(([id]) => id), ["a", "b", "c"], "the most exact first");
  assert.match(items[1][1], /Courier, 12 August 2016.*Denied.*As Courier has it: <b>taken<\/b>\./);
  assert.equal(await reports.locator('button[aria-current="true"]').getAttribute("data-report"), "a");
  await assertAccessible(page, "reports");
  await reports.locator('button[data-report="b"]').click();
  await page.waitForSelector('#detail[data-event="b"]');
  await speak(page, "fr");
  assert.match(await reports.locator("h3").textContent(), /3 mentions dans 2 articles/);
  // The articles of these events are not there: Chromium says so itself.
  assertQuiet({ ...seen, complaints: seen.complaints.filter((text) => !text.includes("404")) });
  await close();
});

test("an event that is told once has no list of reports", async () => {
  const { page, close } = await openMap(browser, server.url, { hash: "#lang=en&map=9/36.5/38&event=d", answers: ANSWERS });
  await page.locator("#detail h2").waitFor();
  assert.equal(await page.locator("#reports").count(), 0);
  await close();
});
