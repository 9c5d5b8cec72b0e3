// Opens the map in a real Chromium, and notes what it must never do: ask outside, or complain.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const MOCK = fileURLToPath(new URL("../../web/dev/mock-server.mjs", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

export const dayNumber = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

/** The server under test: the one at SITMAP_URL, else the stand-in with its own fixture. */
export async function startServer() {
  const given = process.env.SITMAP_URL;
  if (given) return { url: given.replace(/\/*$/, "/"), stop: () => {} };
  const child = spawn(process.execPath, [MOCK, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return { url: String(line).trim(), stop: () => child.kill() };
}

export function startChromium() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
}

/**
 * A page on the map. `answers` replaces what the server says, by the end of the path:
 * a value is sent as JSON, `null` cuts the connection.
 */
export async function openMap(browser, url, { hash = "#lang=en", answers = {}, ready = true, ...settings } = {}) {
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
  for (const [path, answer] of Object.entries(answers)) {
    await page.route((asked) => asked.pathname.endsWith(path), (route) =>
      answer === null ? route.abort("connectionrefused") : route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(answer) }));
  }
  await page.goto(url + hash);
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
