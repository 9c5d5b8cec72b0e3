// Base maps that the operator offers, and full screen. The settings are written into the page here, as the service
// writes them; tiles come from a server that is made up, and from archives that are made here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { assertAccessible, assertQuiet, openMap, speak, startChromium, startServer } from "./browser.mjs";

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

const TILES = "https://tiles.example.org";
const STREETS = { name: "Streets", kind: "raster", url: `${TILES}/{z}/{x}/{y}.png`, attribution: "© <b>Streets</b> https://example.org/terms", max_zoom: 18 };
const ARCHIVE = { name: "Relief", kind: "pmtiles", url: "base/1.pmtiles", attribution: "© Relief", max_zoom: 19 };
/** Of the built-in outlines, nothing but water is there, and nothing but land. */
const OCEAN = "map=5/20.0000/-40.0000";
const DESERT = "map=7/-26.0000/124.0000";
const FAILED = "The base map could not be loaded.";

const RED = [200, 40, 30];
const BLUE = [40, 60, 210];

/** A picture of one colour, 256 by 256. */
function png([r, g, b]) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0]);
  const row = Buffer.from([0, ...Array.from({ length: 256 }, () => [r, g, b]).flat()]);
  const rows = deflateSync(Buffer.concat(Array(256).fill(row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function varint(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) + 128);
  return [...bytes, n];
}

/** A PMTiles archive (version 3, nothing compressed) whose first so many tiles, counted from zoom 0, are one and the same. */
function archive(tile, { tiles, maxZoom, type = 2 }) {
  // One entry: its number, how many tiles it stands for, how long it is, where it begins (and one more).
  const directory = Buffer.from([1, 0, tiles, tile.length, 1].flatMap(varint));
  const metadata = Buffer.from("{}");
  const header = Buffer.alloc(127);
  header.write("PMTiles");
  header[7] = 3;
  const sizes = [directory.length, metadata.length, 0, tile.length];
  let offset = header.length;
  sizes.forEach((size, i) => {
    header.writeBigUInt64LE(BigInt(offset), 8 + 16 * i);
    header.writeBigUInt64LE(BigInt(size), 16 + 16 * i);
    offset += size;
  });
  [tiles, 1, 1].forEach((n, i) => header.writeBigUInt64LE(BigInt(n), 72 + 8 * i));
  header.set([1, 1, 1, type, 0, maxZoom], 96);
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + 4 * i));
  return Buffer.concat([header, directory, metadata, tile]);
}

/** Answers as a file server does that can serve a part. */
function partOf(file, route) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers()["range"]) ?? assert.fail("the whole archive was asked for");
  const part = file.subarray(Number(first), Number(last) + 1);
  return route.fulfill({
    status: 206, contentType: "application/octet-stream", body: part,
    headers: { "accept-ranges": "bytes", "content-range": `bytes ${first}-${Number(first) + part.length - 1}/${file.length}` },
  });
}

/**
 * The map with these base maps. `tile` answers for the server of tiles, `file` is the archive; the page's policy allows
 * what the service allows for such settings.
 */
function openWith(base, { tile = (route) => route.fulfill({ contentType: "image/png", body: png(RED) }), file, ...options } = {}) {
  const asked = [];
  const here = new URL(server.url);
  const prepared = {
    newContext: async (settings) => {
      const context = await browser.newContext(settings);
      await context.route((url) => url.origin === here.origin && url.pathname === here.pathname, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace(/(<script[^>]* id="settings"[^>]*>)[^<]*/, (_, tag) => tag + JSON.stringify({ base }).replaceAll("<", "\\u003c"));
        const policy = `default-src 'self'; img-src 'self' data: blob: ${TILES}; object-src 'none'; base-uri 'none'; frame-ancestors *`;
        await route.fulfill({ response: answer, body, headers: { ...answer.headers(), "content-security-policy": policy } });
      });
      await context.route(`${TILES}/**`, tile);
      await context.route("**/base/1.pmtiles", (route) => (file ? partOf(file, route) : route.abort("connectionrefused")));
      context.on("request", (request) => asked.push(request.url()));
      return context;
    },
  };
  return openMap(prepared, server.url, { hash: `#lang=en&${OCEAN}`, ...options }).then((opened) => ({ ...opened, asked }));
}

const choice = (page) => page.getByRole("combobox", { name: "Base map" });
const covered = (page) => page.waitForSelector(".leaflet-layer.is-covered", { state: "attached" });
const told = (page) => page.locator(".map [role=status]");

/** The map comes to show this colour, where no card is; the outlines take a moment. */
async function shows(page, wanted) {
  let found;
  for (let i = 0; i < 20 && `${found}` !== `${wanted}`; i++) {
    if (found) await page.waitForTimeout(250);
    found = await colour(page);
  }
  assert.deepEqual(found, wanted);
}

/** The colour in the middle of the map's lower half. */
async function colour(page) {
  const { x, y, width, height } = await page.locator("#map").boundingBox();
  const shot = await page.screenshot({ clip: { x: Math.round(x + width * 0.6), y: Math.round(y + height * 0.7), width: 1, height: 1 } });
  // Of one pixel: a byte for the filter, which has nothing to refer to, and the colour.
  const data = [];
  for (let at = 8; at < shot.length; at += 12 + shot.readUInt32BE(at)) {
    if (shot.toString("latin1", at + 4, at + 8) === "IDAT") data.push(shot.subarray(at + 8, at + 8 + shot.readUInt32BE(at)));
  }
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)];
}

/** A colour of the theme, as the page has it. */
const themeColour = (page, name) =>
  page.locator("#map").evaluate((map, variable) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${variable})`;
    map.append(probe);
    const found = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    probe.remove();
    return found;
  }, name);

function assertOnlyTiles({ outside, complaints }) {
  assert.deepEqual(outside.filter((url) => !url.startsWith(`${TILES}/`)), [], "requests went elsewhere than to the server of tiles");
  assert.deepEqual(complaints, [], "the console complained");
}

test("without base maps there is nothing to choose", async () => {
  const { page, seen, close } = await openWith([]);
  assert.equal(await page.locator('[data-control="base"], .base-corner').count(), 0);
  await shows(page, await themeColour(page, "--water"));
  assertQuiet(seen);
  await close();
});

test("the first base map is shown at the start, with its attribution as text, and nothing else is asked for", async () => {
  const { page, seen, asked, close } = await openWith([STREETS, ARCHIVE]);
  await covered(page);
  await shows(page, RED);
  assert.equal(await page.locator(".base-attribution").innerText(), STREETS.attribution);
  assert.equal(await page.locator(".base-attribution *").count(), 0, "the attribution is no markup");
  assert.equal(await choice(page).inputValue(), "Streets");
  assert.deepEqual(asked.filter((url) => /archive-|pmtiles/.test(url)), [], "what reads archives is not loaded");
  assertOnlyTiles(seen);
  await close();
});

test("names of countries are the tiles' own: the outlines' names come back with the outlines", async () => {
  const { page, seen, close } = await openWith([STREETS], { hash: "#lang=en&map=5/36.0000/38.0000" });
  await covered(page);
  const names = page.locator(".map-label.is-country");
  await names.first().waitFor({ state: "detached" });
  await choice(page).selectOption({ label: "Outlines" });
  await names.first().waitFor({ state: "attached" });
  assertOnlyTiles(seen);
  await close();
});

test("the reader's choice is kept in the address, and a link restores it", async () => {
  const { page, seen, close } = await openWith([STREETS, ARCHIVE], { file: archive(png(BLUE), { tiles: 21, maxZoom: 2 }) });
  await covered(page);
  await choice(page).focus();
  await choice(page).selectOption("Relief");
  await page.waitForFunction(() => location.hash.includes("base=Relief"));
  await covered(page);
  await shows(page, BLUE);
  assert.equal(await page.locator(".base-attribution").innerText(), "© Relief");

  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await covered(page);
  assert.equal(await choice(page).inputValue(), "Relief");
  await shows(page, BLUE);

  await choice(page).selectOption({ label: "Outlines" });
  await page.waitForFunction(() => /[&#]base=(&|$)/.test(location.hash));
  assert.equal(await page.locator(".is-covered, .base-tiles, .base-attribution:visible").count(), 0);
  await shows(page, await themeColour(page, "--water"));
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.locator(".base-tiles").count(), 0, "outlines alone are a choice too");

  // A step back in the history, or an address that is typed over.
  await page.evaluate(() => (location.hash = location.hash.replace("base=", "base=Streets")));
  await covered(page);
  assert.equal(await choice(page).inputValue(), "Streets");
  assertOnlyTiles(seen);
  await close();
});

test("an address that names a base map of another day shows the first", async () => {
  const { page, seen, close } = await openWith([STREETS], { hash: `#lang=en&base=Gone&${OCEAN}` });
  await covered(page);
  assert.equal(await choice(page).inputValue(), "Streets");
  assertOnlyTiles(seen);
  await close();
});

test("a server of tiles that is down leaves the outlines, and is told of once", async () => {
  const { page, seen, close } = await openWith([STREETS], { hash: `#lang=en&${DESERT}`, tile: (route) => route.fulfill({ status: 503 }) });
  await told(page).getByText(FAILED).waitFor();
  assert.equal(await page.locator(".is-covered").count(), 0);
  await shows(page, await themeColour(page, "--land"));
  const said = await told(page).evaluateHandle((element) => element.firstChild);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForFunction(() => location.hash.includes("map=8/"));
  await page.waitForFunction(() => document.querySelectorAll(".base-tiles img").length > 0);
  assert.ok(await said.evaluate((text) => text.isConnected), "it is not said again");
  await speak(page, "fr");
  assert.equal(await told(page).innerText(), "Le fond de carte n’a pas pu être chargé.");

  await page.getByRole("combobox", { name: "Fond de carte" }).selectOption({ label: "Contours" });
  assert.equal(await told(page).innerText(), "");
  assert.deepEqual(seen.outside.filter((url) => !url.startsWith(`${TILES}/`)), []);
  await close();
});

test("a server of tiles that comes back is shown again, and the word is taken back", async () => {
  let isDown = true;
  const { page, close } = await openWith([STREETS], { tile: (route) => route.fulfill(isDown ? { status: 503 } : { contentType: "image/png", body: png(RED) }) });
  await told(page).getByText(FAILED).waitFor();
  isDown = false;
  await page.getByRole("button", { name: "Zoom in" }).click();
  await covered(page);
  assert.equal(await told(page).innerText(), "");
  await shows(page, RED);
  await close();
});

test("beyond an archive the outlines are the ground, and no fault is told", async () => {
  // It is said to reach to zoom 2, but has nothing beyond zoom 1.
  const { page, seen, close } = await openWith([ARCHIVE], { hash: `#lang=en&${DESERT}`, file: archive(png(BLUE), { tiles: 5, maxZoom: 2 }) });
  await page.waitForFunction(() => document.querySelectorAll(".base-tiles img").length > 0);
  await page.waitForLoadState("networkidle");
  await shows(page, await themeColour(page, "--land"));
  assert.equal(await told(page).innerText(), "");
  assertQuiet(seen);
  await close();
});

for (const [what, file] of [["of vector tiles", archive(Buffer.from([0x1a, 0]), { tiles: 21, maxZoom: 2, type: 1 })], ["that is none", Buffer.from("<!doctype html>".repeat(20))]]) {
  test(`an archive ${what} is told of, and the outlines stay`, async () => {
    const { page, seen, close } = await openWith([ARCHIVE], { hash: `#lang=en&${DESERT}`, file });
    await told(page).getByText(FAILED).waitFor();
    await shows(page, await themeColour(page, "--land"));
    assertQuiet(seen);
    await close();
  });
}

test("an address with a part that nobody fills in is told of, and the page stands", async () => {
  const { page, seen, close } = await openWith([{ ...STREETS, url: `${TILES}/{z}/{x}/{y}.png?key={apikey}` }]);
  await told(page).getByText(FAILED).waitFor();
  await page.waitForSelector("#list button.event");
  assertQuiet(seen);
  await close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the choice of the base map breaks no accessibility rule: ${colorScheme}`, async () => {
    const { page, seen, close } = await openWith([STREETS, ARCHIVE], { colorScheme });
    await covered(page);
    await choice(page).focus();
    await assertAccessible(page, "a base map is shown");
    const [seenColour] = await colour(page);
    if (colorScheme === "dark") assert.ok(seenColour < RED[0] * 0.8, "tiles are dimmed");
    else assert.equal(seenColour, RED[0]);
    const { width, height } = await choice(page).boundingBox();
    assert.ok(width >= 24 && height >= 24);
    assertOnlyTiles(seen);
    await close();
  });
}

test("full screen takes the whole page, and its button says how to leave", async () => {
  const { page, seen, close } = await openMap(browser, server.url);
  await page.getByRole("button", { name: "Full screen" }).click();
  const leave = page.getByRole("button", { name: "Leave full screen" });
  await leave.waitFor();
  assert.ok(await page.evaluate(() => document.fullscreenElement?.contains(document.querySelector(".timeline"))));
  for (const part of [".leaflet-control-scale", ".leaflet-control-zoom", "#list"]) assert.ok(await page.locator(part).isVisible(), part);
  assert.ok(await leave.evaluate((button) => button === document.activeElement), "the focus stays");
  await leave.click();
  await page.getByRole("button", { name: "Full screen", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.fullscreenElement), null);
  assertQuiet(seen);
  await close();
});

test("the browser's own way out of full screen is noticed", async () => {
  const { page, close } = await openMap(browser, server.url);
  await page.getByRole("button", { name: "Full screen" }).click();
  await page.getByRole("button", { name: "Leave full screen" }).waitFor();
  // Escape is the browser's own key there: a page is only told afterwards.
  await page.evaluate(() => document.exitFullscreen());
  await page.getByRole("button", { name: "Full screen", exact: true }).waitFor();
  await close();
});

test("where full screen is not allowed there is no button for it", async () => {
  const prepared = {
    newContext: async (settings) => {
      const context = await browser.newContext(settings);
      await context.addInitScript(() => Object.defineProperty(Document.prototype, "fullscreenEnabled", { get: () => false }));
      return context;
    },
  };
  const { page, close } = await openMap(prepared, server.url);
  assert.equal(await page.locator('[data-control="full-screen"]').count(), 0);
  await close();
});
