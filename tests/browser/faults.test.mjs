// What the map does when the server, the data or the article are not as hoped. The answers are made up
// here, so that it is the same against every server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, collectionOf, openMap, startChromium, startServer } from "./browser.mjs";

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

const EVENTS = "/collections/events/items";

function event(id, properties = {}, coordinates = [39.01, 35.95]) {
  return {
    type: "Feature", id, geometry: coordinates && { type: "Point", coordinates },
    properties: { article: "one", action: "strike", status: "occurred", actor: "Somebody", place: "Somewhere", start: "2019-10-16", end: "2019-10-16", ...properties },
  };
}
const collection = (...features) => collectionOf(features);
const article = (text, more = {}) => ({ type: "Feature", id: "one", geometry: null, properties: { title: "A title", text, ...more } });

test("a hostile article is shown as text and runs nothing", async () => {
  const evil = `<script>window.hostile=1</script><img src=x onerror="window.hostile=2"><style>body{display:none}</style></mark>\u202Eevil\u202C ${"long ".repeat(200_000)}`;
  const text = `${evil} Shells fell.`;
  const start = [...text].length - 12;
  const { page, seen, close } = await openMap(browser, server.url, {
    hash: "#lang=en&event=e",
    answers: {
      [EVENTS]: collection(event("e", { actor: "<b id=x>Actor</b>", place: "<img src=x onerror=window.hostile=3>", url: "javascript:window.hostile=4", quote: "Shells fell", quote_start: start, quote_end: start + 11 })),
      "/collections/articles/items/one": article(text, { title: "<svg onload=window.hostile=5>" }),
    },
  });
  await page.waitForSelector("mark.is-current");
  assert.equal(await page.locator("mark.is-current").textContent(), "Shells fell");
  assert.equal(await page.locator(".article-text").textContent(), text);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.equal(await page.locator("#detail :is(script, img, style, b), #list :is(img, b)").count(), 0);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  assertQuiet(seen);
  await close();
});

test("the quote is found by code points, emoji before it or not", async () => {
  const text = "🛰️👩‍🚀 𝒜 été. The column left. After.";
  const quote = "The column left.";
  const start = [...text.slice(0, text.indexOf(quote))].length;
  const { page, close } = await openMap(browser, server.url, {
    hash: "#lang=en&event=e",
    answers: { [EVENTS]: collection(event("e", { quote, quote_start: start, quote_end: start + [...quote].length })), "/collections/articles/items/one": article(text) },
  });
  await page.waitForSelector("mark.is-current");
  assert.equal(await page.locator("mark.is-current").textContent(), quote);
  await close();
});

test("an empty store says how to fill it", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { answers: { [EVENTS]: collection() } });
  assert.match(await page.locator('[data-notice="empty"]').textContent(), /No events yet.*sitmap ingest/s);
  assertQuiet(seen);
  await close();
});

test("a server that cannot be reached is said so, and can be tried again", async () => {
  const { page, close } = await openMap(browser, server.url, { ready: false, answers: { [EVENTS]: null } });
  await page.waitForSelector('[data-notice="error"]');
  await page.unrouteAll();
  await page.locator('[data-notice="error"] button').click();
  await page.waitForSelector("#list button.event");
  assert.equal(await page.locator('[data-notice="error"]').count(), 0);
  await close();
});

test("a lost article leaves the quote, and says what is missing", async () => {
  const { page, close } = await openMap(browser, server.url, {
    hash: "#lang=en&event=e", answers: { [EVENTS]: collection(event("e", { quote: "Shells fell." })), "/collections/articles/items/one": null },
  });
  await page.waitForSelector("#detail .note");
  assert.equal(await page.locator("#detail mark").textContent(), "Shells fell.");
  await close();
});

test("undated and unlocated events are listed apart, and stay off the map", async () => {
  const { page, seen, close } = await openMap(browser, server.url, {
    answers: { [EVENTS]: collection(event("dated"), event("undated", { start: null, end: null, date: "XXXX-10-17" }), event("nowhere", { start: "2019-10-16" }, null)) },
  });
  assert.match(await page.locator('.undated button[data-event="undated"]').textContent(), /17 October, year unknown/);
  assert.equal(await page.locator('.mark[data-event="undated"], .mark[data-event="nowhere"]').count(), 0);
  assert.equal(await page.locator('.mark[data-event="dated"]').count(), 1);
  assertQuiet(seen);
  await close();
});

test("each status is drawn in its own way, and vague places as areas", async () => {
  const apart = (i) => [39 + i * 2, 35];
  const { page, close } = await openMap(browser, server.url, {
    answers: {
      [EVENTS]: collection(
        ...["occurred", "ongoing", "planned", "denied"].map((status, i) => event(status, { status }, apart(i))),
        event("region", { radius_km: 120, geo_precision: 5 }, [42, 38]),
      ),
    },
  });
  const dash = (status) => page.locator(`.mark[data-event="${status}"] .frame`).evaluate((frame) => {
    const { strokeDasharray, fill } = getComputedStyle(frame);
    return `${strokeDasharray} ${fill}`;
  });
  const ways = await Promise.all(["occurred", "planned", "denied"].map(dash));
  assert.equal(new Set(ways).size, 3, ways.join(" | "));
  assert.equal(await page.locator('.mark[data-event="ongoing"] .ring').count(), 1);
  assert.equal(await page.locator("path.area").count(), 1);
  await close();
});

test("events at one town are spread, and each can be clicked", async () => {
  const ids = ["a", "b", "c", "d", "e"];
  const { page, close } = await openMap(browser, server.url, { hash: "#lang=en&map=9/35.95/39.01", answers: { [EVENTS]: collection(...ids.map((id) => event(id, { article: null }))) } });
  for (const id of ids) {
    await page.locator(`.mark[data-event="${id}"]`).click();
    await page.waitForSelector(`#detail[data-event="${id}"]`);
  }
  await close();
});
