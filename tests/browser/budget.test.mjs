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

const kilobytes = (ending, compress) =>
  readdirSync(ASSETS).filter((name) => name.endsWith(ending)).reduce((sum, name) => sum + compress(readFileSync(ASSETS + name)).length, 0) / 1000;

test("the script is at most 80 KB gzipped, the basemap at most 250 KB with brotli", () => {
  assert.ok(kilobytes(".js", gzipSync) <= 80);
  assert.ok(kilobytes(".json", brotliCompressSync) <= 250);
});

const VIEWS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
};
for (const [name, settings] of Object.entries(VIEWS)) {
  test(`no accessibility rule of WCAG 2.2 A and AA is broken: ${name}`, async () => {
    const { page, close } = await openMap(browser, server.url, { hash: "#lang=fr&from=2019-10-09&to=2019-10-18", ...settings });
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
