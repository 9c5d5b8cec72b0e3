// Sizes, speed and accessibility: what the map promises to keep to.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { assertAccessible, openMap, PHONE, startChromium, startServer } from "./browser.mjs";

const ASSETS = fileURLToPath(new URL("../../web/dist/assets/", import.meta.url));

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

const size = (name, compress) => compress(readFileSync(ASSETS + name)).length / 1000;
const named = (ending) => readdirSync(ASSETS).filter((name) => name.endsWith(ending));

test("the page loads at most 80 KB of script, gzipped, and what it loads later is small", async (t) => {
  const { page, close } = await openMap(browser, server.url);
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1)).filter((name) => name.endsWith(".js")));
  await close();
  const sum = (names) => names.reduce((total, name) => total + size(name, gzipSync), 0);
  // Not the page of a collection's: that is another one.
  const later = named(".js").filter((name) => !loaded.includes(name) && name !== "page.js");
  t.diagnostic(`${sum(loaded).toFixed(1)} KB at the start, ${sum(later).toFixed(1)} KB later: ${later.join(", ")}`);
  assert.ok(loaded.length > 0 && sum(loaded) <= 80, `${sum(loaded)} KB`);
  for (const name of later) assert.ok(size(name, gzipSync) <= 10, name);
});

test("the basemap is at most 250 KB with brotli", () => {
  assert.ok(named(".json").filter((name) => name.startsWith("world-")).reduce((total, name) => total + size(name, brotliCompressSync), 0) <= 250);
});

const VIEWS = {
  light: { colorScheme: "light" },
  Arabic: { lang: "ar" },
  dark: { colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
};
for (const [name, { lang = "fr", ...settings }] of Object.entries(VIEWS)) {
  test(`no accessibility rule of WCAG 2.2 A and AA is broken: ${name}`, async () => {
    const { page, close } = await openMap(browser, server.url, { hash: `#lang=${lang}&from=2019-10-09&to=2019-10-18`, ...settings });
    for (const panel of ["list", "detail"]) {
      if (panel === "detail") {
        await page.locator("#list button.event").first().click();
        await page.locator("#detail mark").first().waitFor();
      }
      await assertAccessible(page, panel);
    }
    await close();
  });
}
