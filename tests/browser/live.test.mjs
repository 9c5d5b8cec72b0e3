// Events that come, change and go while the page is open. The stream is the test's own, but for the last test.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, openMap, startChromium, startServer } from "./browser.mjs";

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
const article = { type: "Feature", id: "one", geometry: null, properties: { title: "A title", text: "Shells fell." } };
function event(id, day, properties = {}) {
  return {
    type: "Feature", id, geometry: { type: "Point", coordinates: [37 + Number(id.slice(1)) / 4, 36] },
    properties: { article: "one", action: "strike", status: "occurred", actor: "Somebody", place: `Place ${id}`, start: day, end: day, quote: "Shells fell.", ...properties },
  };
}
const put = (feature, id) => `event: put\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(feature)}\n\n`;
const remove = (id) => `event: remove\ndata: ${JSON.stringify({ id })}\n\n`;
const FIRST = [event("e1", "2019-10-10"), event("e2", "2019-10-12"), event("e3", "2019-10-14")];

/** As `browser`, but each page's requests for some paths are answered by `route`. */
const routed = (paths, route) => ({
  newContext: async (settings) => {
    const context = await browser.newContext(settings);
    await context.route(paths, route);
    return context;
  },
});

/** A page whose stream says what `tell` is given. Each answer ends, and the browser comes back at once. */
async function follow({ features = FIRST, ...options } = {}) {
  const stream = { waiting: ["event: start\nid: 1\ndata: {}\n\n"], asked: [], isDown: false };
  const answer = (route) => {
    stream.asked.push(new URL(route.request().url()).searchParams.get("last-event-id"));
    if (stream.isDown) return route.abort("connectionrefused");
    return route.fulfill({ contentType: "text/event-stream", body: `retry: 100\n\n${stream.waiting.splice(0).join("")}` });
  };
  const opened = await openMap(routed(/\/stream\?/, answer), server.url, {
    hash: "#lang=en&map=8/36.0000/38.0000", answers: { [EVENTS]: collectionOf(features), "/collections/articles/items/one": article }, ...options,
  });
  const tell = (...parts) => stream.waiting.push(parts.join(""));
  /** When the stream was asked so often again, all that was told before has come. */
  const heard = async () => {
    const until = stream.asked.length + 3;
    for (let i = 0; stream.asked.length < until; i++) {
      assert.ok(i < 400, "the stream is not asked for any more");
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  return { ...opened, stream, tell, heard };
}

const toast = (page, text) => page.locator(".toast", { hasText: text });
const listedIds = (page) => page.locator("#list button.event").evaluateAll((all) => all.map((one) => one.dataset.event));
/** Where on the screen an event's mark stands: elsewhere, when the view moves. */
const standing = (page, id) => page.locator(`.mark[data-event="${id}"]`).boundingBox();

test("what is new appears by itself and is told; nothing else moves, and all of time stays all of time", async () => {
  const { page, seen, tell, close } = await follow();
  await page.locator('#list button[data-event="e2"]').focus();
  const where = await standing(page, "e2");
  tell(put(event("e4", "2019-10-20")), put(event("e5", "2019-10-18")));
  await toast(page, "2 new events").waitFor();
  assert.deepEqual(await listedIds(page), ["e4", "e5", "e3", "e2", "e1"]);
  assert.match(await page.locator(".summary").textContent(), /10\D+20 October 2019.*5 events/s);
  assert.match(await page.locator('[data-handle="to"]').getAttribute("aria-valuetext"), /20 October 2019/);
  assert.ok(await page.locator('[data-control="whole"]').isDisabled(), "all of time is shown");
  assert.deepEqual(await page.locator(".mark.is-new").evaluateAll((all) => all.map((one) => one.dataset.event).sort()), ["e4", "e5"]);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.event), "e2", "the keyboard is where it was");
  assert.deepEqual(await standing(page, "e2"), where);
  assert.equal(await page.locator(".toast").getAttribute("role"), "status");
  await assertAccessible(page, "toast");
  await page.waitForFunction(() => document.querySelector(".toast").textContent === "", null, { timeout: 20_000 });
  assertQuiet(seen);
  await close();
});

test("nothing moves for who wants no motion", async () => {
  const { page, tell, close } = await follow({ reducedMotion: "reduce" });
  tell(put(event("e4", "2019-10-20")));
  await toast(page, "1 new event").waitFor();
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
  await close();
});

test("an event that changes or goes does so on the map, in the list and in the panel; the window stays", async () => {
  const { page, seen, tell, close } = await follow({ hash: "#lang=en&from=2019-10-09&to=2019-10-13&map=8/36.0000/38.0000&event=e2" });
  await page.waitForSelector("#detail mark.is-current");
  const range = await page.locator(".range").textContent();
  const where = await standing(page, "e2");
  tell(put(event("e2", "2019-10-12", { status: "denied", place: "Elsewhere" })), remove("e1"), remove("unknown"));
  await toast(page, "1 event changed · 1 event taken back").waitFor();
  assert.match(await page.locator("#detail h2").textContent(), /Elsewhere/);
  assert.match(await page.locator("#detail .tag").textContent(), /Denied/);
  assert.equal(await page.locator('.mark[data-event="e2"]').getAttribute("data-status"), "denied");
  assert.equal(await page.locator('.mark[data-event="e1"]').count(), 0);
  assert.equal(await page.locator(".range").textContent(), range);
  assert.deepEqual(await standing(page, "e2"), where);
  await page.locator('[data-control="back"]').click();
  assert.match(await page.locator('#list button[data-event="e2"]').textContent(), /Elsewhere.*Denied/s);
  await page.locator('#list button[data-event="e2"]').click();
  tell(remove("e2"));
  await page.waitForSelector("#list:not([hidden])");
  assert.ok(await page.locator("#detail").isHidden());
  assert.deepEqual(await listedIds(page), []);
  assertQuiet(seen);
  await close();
});

test("what is being read in the list stays where it is", async () => {
  const many = Array.from({ length: 80 }, (_, i) => event(`e${i + 1}`, `2019-0${1 + (i % 9)}-${10 + (i % 18)}`));
  const { page, tell, close } = await follow({ features: many });
  const read = page.locator("#list button.event").nth(40);
  const id = await read.getAttribute("data-event");
  await page.locator(".panel-scroll").evaluate((box, id) => (box.scrollTop = document.querySelector(`#list [data-event="${id}"]`).offsetTop), id);
  const top = () => page.locator(`#list [data-event="${id}"]`).evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const was = await top();
  tell(...[1, 2, 3].map((i) => put(event(`e10${i}`, "2019-12-01"))));
  await toast(page, "3 new events").waitFor();
  assert.ok(Math.abs((await top()) - was) <= 1, `${was} became ${await top()}`);
  await close();
});

test("while time runs nothing is added; when it stops, all that came is", async () => {
  const { page, tell, heard, close } = await follow({ hash: "#lang=en&step=day&speed=0.5" });
  await page.locator('[data-control="play"]').click();
  tell(put(event("e4", "2019-10-10")));
  await heard();
  assert.match(await page.locator('[data-control="play"]').textContent(), /Pause/);
  assert.equal(await page.locator(".toast").textContent(), "");
  await page.locator('[data-control="play"]').click();
  await toast(page, "1 new event").waitFor();
  await page.locator('[data-control="whole"]').click();
  assert.ok((await listedIds(page)).includes("e4"));
  await close();
});

test("a page out of sight listens no more; in sight again it asks for what it missed", async () => {
  const { page, stream, tell, heard, close } = await follow();
  const setHidden = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  tell(put(event("e4", "2019-10-20"), "3.7"));
  await toast(page, "1 new event").waitFor();
  await setHidden(true);
  // What was on its way may still arrive.
  await page.waitForTimeout(300);
  const asked = stream.asked.length;
  await page.waitForTimeout(800);
  assert.equal(stream.asked.length, asked);
  await setHidden(false);
  await heard();
  assert.deepEqual(stream.asked.slice(asked).filter((id) => id !== "3.7"), []);
  await close();
});

test("a connection that stays lost is said, and that it is back", async () => {
  const { page, stream, tell, close } = await follow();
  tell(put(event("e4", "2019-10-20")));
  await toast(page, "1 new event").waitFor();
  stream.isDown = true;
  await toast(page, "The connection to the server is lost").waitFor();
  stream.isDown = false;
  await toast(page, "The connection is back.").waitFor();
  tell(put(event("e5", "2019-10-21")));
  await page.waitForSelector('#list button[data-event="e5"]');
  await close();
});

test("another store's events take the place of all", async () => {
  const features = [...FIRST];
  const { page, seen, tell, close } = await follow({ features });
  features.splice(0, 3, event("e7", "2020-01-01"));
  tell("event: reset\nid: 1\ndata: {}\n\n");
  await page.waitForSelector('#list button[data-event="e7"]');
  assert.deepEqual(await listedIds(page), ["e7"]);
  assertQuiet(seen);
  await close();
});

test("the first event of an empty store takes the notice away", async () => {
  const { page, seen, tell, close } = await follow({ features: [], hash: "#lang=en" });
  await page.waitForSelector('[data-notice="empty"]');
  tell(put(event("e4", "2019-10-20")));
  await page.locator('#list button[data-event="e4"]').click();
  assert.equal(await page.locator('[data-notice="empty"]').count(), 0);
  assert.ok(await page.locator('.mark[data-event="e4"]').isVisible());
  assertQuiet(seen);
  await close();
});

test("behind a pasted article the events go on", async () => {
  const { page, seen, tell, heard, close } = await follow();
  const own = { type: "FeatureCollection", article: { id: "own", title: null }, features: [event("e9", "2019-10-16", { article: "own" })] };
  await page.route(/\/extract\?/, (route) => route.fulfill({ json: route.request().url().includes("toponyms") ? { ...own, features: [] } : own }));
  await page.locator('[data-control="paste"]').click();
  await page.locator("dialog.paste textarea").fill("Shells fell.");
  await page.locator('[data-control="read"]').click();
  await page.waitForSelector('#list button[data-event="e9"]');
  tell(put(event("e4", "2019-10-20")), remove("e1"));
  await heard();
  assert.deepEqual(await listedIds(page), ["e9"]);
  await page.locator('[data-control="leave"]').click();
  await page.waitForSelector('#list button[data-event="e4"]');
  assert.deepEqual(await listedIds(page), ["e4", "e3", "e2"]);
  assertQuiet(seen);
  await close();
});

test("embedded in another page, the map takes no connection for it", async () => {
  const { stream, close } = await follow({ query: "?embed" });
  assert.deepEqual(stream.asked, []);
  await close();
});

const PROGRAM = process.env.SITMAP;
test("an article that is ingested shows up in the open page", { skip: PROGRAM ? false : "SITMAP names no program" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "sitmap-live-"));
  const store = join(folder, "store.gpkg");
  const ingest = (id, text) => {
    const file = join(folder, `${id}.jsonl`);
    writeFileSync(file, JSON.stringify({ id, text, published: "2019-10-16" }));
    execFileSync(PROGRAM, ["ingest", "--store", store, file], { stdio: "ignore" });
  };
  ingest("first", "Russian forces withdrew from Raqqa on Monday.");
  const service = spawn(PROGRAM, ["serve", "--no-examples", "--store", store, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const own = await new Promise((found, failed) => {
      let said = "";
      service.stdout.on("data", (part) => {
        said += part;
        const address = /http:\/\/[^\s/]+/.exec(said)?.[0];
        if (address) found(address);
      });
      service.on("exit", () => failed(new Error("the service did not start")));
    });
    // The page is that of the service under test; what it asks for is answered by this one.
    const answer = (route) => {
      const { pathname, search } = new URL(route.request().url());
      return route.continue({ url: own + pathname + search });
    };
    const { page, close } = await openMap(routed(/\/(collections|stream)\b/, answer), server.url, { hash: "#lang=en&map=7/36.0000/38.0000" });
    assert.equal(await page.locator("#list button.event").count(), 1);
    const raqqa = await page.locator("#list button.event").getAttribute("data-event");
    const where = await standing(page, raqqa);
    ingest("second", "The Syrian army entered Manbij on Tuesday.");
    await page.locator('#list button.event[data-place="Manbij"]').waitFor();
    await toast(page, "1 new event").waitFor();
    assert.deepEqual(await standing(page, raqqa), where);
    await page.locator('#list button.event[data-place="Manbij"]').click();
    await page.locator("#detail mark.is-current", { hasText: "The Syrian army entered Manbij on Tuesday." }).waitFor();
    await close();
  } finally {
    service.kill();
    rmSync(folder, { recursive: true });
  }
});
