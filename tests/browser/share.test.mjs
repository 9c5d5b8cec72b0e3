// What a reader takes along: that each link and address holds the view, and brings what the map shows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, openMap, PHONE, startChromium, startServer } from "./browser.mjs";

let server;
let browser;
let everything;
before(async () => {
  server = await startServer();
  browser = await startChromium();
  everything = (await (await fetch(`${server.url}collections/events/items?f=json&limit=10000`)).json()).features;
});
after(async () => {
  await browser?.close();
  server?.stop();
});

function scene(name, options, steps) {
  test(name, async () => {
    const { page, seen, close } = await openMap(browser, server.url, options);
    await steps(page);
    assertQuiet(seen);
    await close();
  });
}

const open = async (page) => {
  await page.locator('[data-control="share"]').click();
  await page.waitForSelector("dialog[open]");
};
const taken = (page, name) => page.locator(`#take-${name}`).inputValue();
const told = async (page) => Number((await page.locator(".count-now").textContent()).replace(/\D/g, ""));
const ask = async (address) => (await fetch(address)).json();

const leads = ({ id, properties: { incident } }) => (incident ?? `i-${id}`) === `i-${id}`;
const within = ({ properties: { start, end } }, from, to) => start && start <= to && (end ?? start) >= from;
/** Wide enough for all events that are somewhere. */
const ALL = "map=2/20/20";
const WIDE = { viewport: { width: 1600, height: 1000 } };

const VIEWS = {
  "a window": { hash: "from=2016-01-01&to=2019-10-16", from: "2016-01-01", to: "2019-10-16", fits: () => true },
  "actions, a status and an actor": {
    hash: "from=2014-01-01&to=2019-12-31&action=withdrawal&action=capture&action=siege&status=occurred&actor=sdf", from: "2014-01-01", to: "2019-12-31",
    fits: ({ action, status, actor_id }) => ["withdrawal", "capture", "siege"].includes(action) && status === "occurred" && actor_id === "sdf",
  },
  "two actors": {
    hash: "from=2012-01-01&to=2025-12-31&actor=us&actor=sdf", from: "2012-01-01", to: "2025-12-31", fits: ({ actor_id }) => ["us", "sdf"].includes(actor_id),
  },
  "no country and one": { hash: "from=2012-01-01&to=2025-12-31&country=&country=SY", from: "2012-01-01", to: "2025-12-31", fits: ({ country }) => !country || country === "SY" },
};
for (const [name, { hash, from, to, fits }] of Object.entries(VIEWS)) {
  scene(`the GeoJSON address brings what the map shows: ${name}`, { ...WIDE, hash: `#lang=en&${ALL}&${hash}` }, async (page) => {
    const wanted = everything.filter((feature) => within(feature, from, to) && fits(feature.properties));
    assert.ok(wanted.length > 0, "the view is not empty");
    await open(page);
    const { numberMatched, features } = await ask(await taken(page, "geojson"));
    // The address has each report that lies somewhere; the map one mark for all of a happening.
    const ids = wanted.filter(({ geometry }) => geometry).map(({ id }) => id);
    assert.deepEqual(features.map(({ id }) => id).sort(), ids.sort());
    assert.equal(numberMatched, ids.length);
    const elsewhere = wanted.filter((feature) => !feature.geometry && leads(feature)).length;
    assert.equal(features.filter(leads).length + elsewhere, await told(page));
  });
}

scene("an actor is asked for by the name where the registry has none, quotes and all", {
  hash: "#lang=en&map=6/36/38&actor=O'Neil's \\ men&from=2016-08-01&to=2016-08-31",
  answers: { "/collections/events/items": collectionOf([{
    type: "Feature", id: "a", geometry: { type: "Point", coordinates: [38, 36] },
    properties: { action: "capture", status: "occurred", actor: "O'Neil's \\ men", actor_id: null, place: "Somewhere", start: "2016-08-12", end: "2016-08-12" },
  }, {
    type: "Feature", id: "b", geometry: { type: "Point", coordinates: [38, 36] },
    properties: { action: "capture", status: "occurred", actor: null, actor_id: null, place: "Somewhere", start: "2016-08-12", end: "2016-08-12" },
  }]) },
}, async (page) => {
  await open(page);
  const address = await taken(page, "geojson");
  assert.equal(new URL(address).searchParams.get("filter"), "actor_id IS NULL AND actor IN ('O''Neil''s \\ men')");
  assert.equal((await ask(address)).numberMatched, 0, "the service takes it for a filter");
  // Who goes unnamed is a choice of its own, which the link keeps.
  await page.keyboard.press("Escape");
  await page.locator('input[data-facet="actor"][data-value=""]').check();
  await open(page);
  const both = "(actor_id IS NULL AND actor IN ('O''Neil''s \\ men') OR actor_id IS NULL AND actor IS NULL)";
  assert.equal(new URL(await taken(page, "geojson")).searchParams.get("filter"), both);
  assert.equal((await ask(await taken(page, "geojson"))).numberMatched, 0);
  assert.deepEqual(new URLSearchParams(new URL(await taken(page, "link")).hash.slice(1)).getAll("actor"), ["O'Neil's \\ men", ""]);
  assert.match(await taken(page, "qgis"), /actor IN \('O''Neil''s \\\\ men'\)/);
  assert.equal(JSON.parse(execFileSync("sh", ["-c", await taken(page, "curl")], { encoding: "utf8" })).numberMatched, 0);
});

scene("the bounds are those of the map, across the antimeridian too", { hash: "#lang=en&map=5/0/179" }, async (page) => {
  await open(page);
  const box = async () => new URL(await taken(page, "geojson")).searchParams.get("bbox").split(",").map(Number);
  const [west, south, east, north] = await box();
  assert.ok(west > 150 && west < 179 && east < -150 && east > -180, `${west} ${east}`);
  assert.ok(south > -20 && south < -5 && Math.abs(south + north) < 0.1, `${south} ${north}`);
  assert.match(await taken(page, "qgis"), /\(x\(\$geometry\) >= \S+ OR x\(\$geometry\) <= -\S+\)/);
  assert.equal((await fetch(await taken(page, "geojson"))).status, 200);
  const { width, height } = await page.locator("#map").boundingBox();
  const degrees = 360 / (256 * 2 ** 5);
  assert.ok(Math.abs(east + 360 - west - width * degrees) < 0.01, "as wide as the map is seen");
  assert.ok(north - south < height * degrees);
});

scene("more than the whole world is the whole world", { viewport: { width: 2200, height: 1300 }, hash: "#lang=en&map=2/10/0" }, async (page) => {
  await open(page);
  assert.equal(new URL(await taken(page, "geojson")).searchParams.get("bbox"), "-180,-90,180,90");
});

scene("the curl line runs in a shell and brings the same", { ...WIDE, hash: `#lang=en&${ALL}&${VIEWS["two actors"].hash}` }, async (page) => {
  await open(page);
  const { features } = JSON.parse(execFileSync("sh", ["-c", await taken(page, "curl")], { encoding: "utf8", maxBuffer: 1e8 }));
  const same = await ask(await taken(page, "geojson"));
  assert.ok(features.length > 0);
  assert.deepEqual(features.map(({ id }) => id), same.features.map(({ id }) => id));
});

scene("the files hold what is shown", { ...WIDE, hash: `#lang=en&${ALL}&${VIEWS["a window"].hash}` }, async (page) => {
  await open(page);
  const { numberMatched } = await ask(await taken(page, "geojson"));
  const links = await page.locator(".share-files a").evaluateAll((all) => all.map((a) => [a.textContent, a.href, a.download]));
  assert.deepEqual(links.map(([name]) => name), ["GeoJSON", "CSV", "GeoPackage", "FlatGeobuf", "KML"]);
  for (const [name, address] of links) {
    const answer = await fetch(address);
    assert.equal(answer.status, 200, name);
    const body = Buffer.from(await answer.arrayBuffer());
    const counts = { GeoJSON: () => JSON.parse(body).features.length, CSV: () => new Set(body.toString().match(/^"?[0-9a-f]{16}"?(?=,)/gm)).size, KML: () => body.toString().match(/<Placemark\b/g).length };
    if (counts[name]) assert.equal(counts[name](), numberMatched, name);
    else assert.match(body.subarray(0, 20).toString("latin1"), name === "GeoPackage" ? /^SQLite format 3/ : /^fgb/, name);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('.share-files a[download="events.csv"]').click()]);
  assert.equal(download.suggestedFilename(), "events.csv");
});

scene("the link opens the same view", { hash: "#lang=fr&map=7/36/38&from=2016-01-01&to=2019-10-16&action=withdrawal&country=&country=SY" }, async (page) => {
  await open(page);
  const link = await taken(page, "link");
  const url = new URL(link);
  assert.equal(url.origin + url.pathname, server.url);
  const count = await told(page);
  const again = await openMap(browser, server.url, { hash: url.hash });
  assert.equal(await told(again.page), count);
  assert.equal(await again.page.locator('input[data-facet="country"][data-value=""]').isChecked(), true);
  const citation = (await taken(page, "citation")).replace(/\s/g, " ");
  assert.ok(citation.startsWith(`sitmap : ${count} événements, 1 janvier 2016`) && citation.endsWith(link), citation);
  await again.close();
});

scene("a time-lapse goes along as a link, and plays when it is opened", { hash: "#lang=en&map=6/36/38&speed=4" }, async (page) => {
  await open(page);
  assert.doesNotMatch(await taken(page, "link"), /play/);
  await page.locator('[data-control="autoplay"]').check();
  const url = new URL(await taken(page, "link"));
  const params = new URLSearchParams(url.hash.slice(1));
  assert.deepEqual([params.get("play"), params.get("speed"), params.get("step")], ["1", "4", "month"]);
  const embedded = await taken(page, "embed");
  assert.match(embedded, /^<iframe src="http[^"]*\?embed#[^"]*&amp;play=1"[^>]*><\/iframe>$/);

  const again = await openMap(browser, server.url, { hash: url.hash });
  const days = [];
  for (let i = 0; i < 3; i++) {
    const seen = days.at(-1) ?? -Infinity;
    await again.page.waitForFunction((day) => /past/.test(document.querySelector(".counts").innerHTML) && Number(document.querySelector('[data-handle="to"]').value) > day, seen);
    days.push(Number(await again.page.locator('[data-handle="to"]').inputValue()));
  }
  const events = everything.flatMap(({ properties: { end } }) => (end ? [Date.parse(end) / 86_400_000] : []));
  assert.ok(days[0] < Math.max(...events), "from the beginning of time, not its end");
  await again.close();

  const calm = await openMap(browser, server.url, { hash: url.hash, reducedMotion: "reduce" });
  assert.match(await calm.page.locator('[data-control="play"]').textContent(), /Play/, "who wants little motion starts it by hand");
  await calm.close();
});

scene("a text is copied, and that is said", { hash: "#lang=en&map=6/36/38", permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await open(page);
  const copy = page.locator('[data-copy="qgis"]');
  await copy.click();
  const said = page.locator(".take", { has: copy }).locator('[role="status"]');
  await said.getByText("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await taken(page, "qgis"));
  await page.locator('[data-copy="link"]').click();
  await page.waitForFunction(() => [...document.querySelectorAll('.take [role="status"]')].filter((one) => one.textContent).length === 1);
  assert.equal(await said.textContent(), "");
});

scene("where copying is refused the text is selected, and that is said", { hash: "#lang=en&map=6/36/38" }, async (page) => {
  await page.evaluate(() => Object.defineProperty(navigator.clipboard, "writeText", { value: () => Promise.reject(new DOMException("no", "NotAllowedError")) }));
  await open(page);
  await page.locator('[data-copy="curl"]').click();
  await page.getByText("Copying is not allowed here: select the text.").waitFor();
  const selected = await page.evaluate(() => {
    const { id, value, selectionStart, selectionEnd } = document.activeElement;
    return [id, value.slice(selectionStart, selectionEnd)];
  });
  assert.deepEqual(selected, ["take-curl", await taken(page, "curl")]);
});

scene("Escape closes it and nothing else, and the keyboard comes back", { hash: "#lang=en&from=2019-10-16&to=2019-10-16" }, async (page) => {
  await page.locator("#list button.event").first().click();
  await page.waitForSelector("#detail h2");
  const button = page.locator('[data-control="share"]');
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  assert.equal(await page.evaluate(() => document.activeElement.id), "share-title");
  await page.locator(".share-dialog .note").click();
  await page.keyboard.press("Space");
  assert.match(await page.locator('[data-control="play"]').textContent(), /Play/, "the page's keys are not meant");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.ok(await page.locator("#detail").isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.dataset.control), "share");
  await open(page);
  await page.mouse.click(5, 5);
  await page.waitForSelector("dialog", { state: "detached" });
});

for (const [name, settings] of Object.entries({ light: { hash: "#lang=en" }, dark: { hash: "#lang=fr", colorScheme: "dark" }, phone: { hash: "#lang=ar", ...PHONE } })) {
  scene(`it is accessible: ${name}`, settings, async (page) => {
    await open(page);
    await assertAccessible(page, name);
    const room = await page.locator(".share-body").evaluate((body) => [body.scrollWidth, body.clientWidth]);
    assert.ok(room[0] <= room[1], "nothing sticks out sideways");
  });
}
