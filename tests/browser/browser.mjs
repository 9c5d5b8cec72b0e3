// Opens the map in a real Chromium, and notes what it must never do: ask outside, or complain.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

export const dayNumber = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

/** The service under test, which tests/browser.sh starts with the example articles. */
export function startServer() {
  const given = process.env.SITMAP_URL;
  assert.ok(given, "SITMAP_URL names no service: run tests/browser.sh");
  return { url: given.replace(/\/*$/, "/"), stop: () => {} };
}

const EVENTS = "/collections/events/items";
const INCIDENT = "/collections/incidents/items/";

/** What the service answers where these are all events: columns or features, those of one article, and an incident. */
function answerOf(features, { pathname, searchParams }) {
  if (pathname.startsWith(INCIDENT)) {
    const id = decodeURIComponent(pathname.slice(INCIDENT.length));
    return { type: "Feature", id, geometry: null, properties: {}, reports: features.filter((f) => (f.properties.incident ?? `i-${f.id}`) === id) };
  }
  if (pathname !== EVENTS) return undefined;
  if (searchParams.get("f") === "columns") return columnsOf(features);
  const article = searchParams.get("article");
  return collectionOf(features.filter((f) => article === null || f.properties.article === article));
}

export const collectionOf = (features) => ({ type: "FeatureCollection", features, numberMatched: features.length, numberReturned: features.length, links: [] });

function columnsOf(features) {
  const names = [...new Set(features.flatMap((f) => Object.keys(f.properties)))].filter((name) => name !== "id");
  const values = {};
  const cell = (name, value) => {
    if (typeof value !== "string") return value ?? null;
    const known = (values[name] ??= []);
    if (!known.includes(value)) known.push(value);
    return known.indexOf(value);
  };
  const columns = Object.fromEntries(names.map((name) => [name, features.map((f) => cell(name, f.properties[name]))]));
  const [lon, lat] = [0, 1].map((axis) => features.map((f) => f.geometry?.coordinates[axis] ?? null));
  return { numberMatched: features.length, numberReturned: features.length, columns: { id: features.map((f) => f.id), ...columns, lon, lat }, values };
}

export function startChromium() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
}

/**
 * A page on the map. `answers` are given in the server's stead, by the end of the path: a value is sent as JSON, `null`
 * cuts the connection. Features for the path of all events are all events there are.
 */
export async function openMap(browser, url, { hash = "#lang=en", query = "", answers = {}, ready = true, ...settings } = {}) {
  const context = await browser.newContext({ ...DESKTOP, locale: "en-GB", ...settings });
  const page = await context.newPage();
  const seen = { outside: [], complaints: [] };
  const origin = new URL(url).origin;
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (asked !== origin && protocol !== "data:" && protocol !== "blob:") seen.outside.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  const { [EVENTS]: events, ...others } = answers;
  const said = (asked) => {
    const other = Object.entries(others).find(([path]) => asked.pathname.endsWith(path));
    if (other) return other[1];
    return events === null && asked.pathname === EVENTS ? null : events ? answerOf(events.features, asked) : undefined;
  };
  await page.route((asked) => said(asked) !== undefined, (route) => {
    const answer = said(new URL(route.request().url()));
    return answer === null ? route.abort("connectionrefused") : route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(answer) });
  });
  await page.goto(url + query + hash);
  if (ready) await page.waitForSelector("html[data-ready]");
  return { page, seen, close: () => context.close() };
}

export function assertQuiet(seen) {
  assert.deepEqual(seen.outside, [], "requests went outside");
  assert.deepEqual(seen.complaints, [], "the console complained");
}

/** That the page, as it stands, breaks no rule of WCAG 2.2 A and AA that can be checked by program. */
export async function assertAccessible(page, moment) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(", ")}`), [], moment);
}

/** The buttons of the list whose place and data match. */
export async function listed(page, place, data) {
  const all = await page.locator("#list button.event").evaluateAll((buttons) => buttons.map((button) => ({ ...button.dataset })));
  return all.filter((one) => place.test(one.place) && Object.entries(data).every(([name, value]) => one[name] === value));
}

/** Moves the window's two handles, as a hand would, to these days. */
export async function moveWindow(page, from, to) {
  await page.locator('[data-handle="to"]').fill(String(dayNumber(to)));
  await page.locator('[data-handle="from"]').fill(String(dayNumber(from)));
}

/** Chooses another language, and waits until it is spoken. */
export async function speak(page, language) {
  await page.locator('[data-control="language"]').selectOption(language);
  await page.waitForSelector(`html[lang="${language}"]`);
}
