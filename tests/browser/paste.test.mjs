// An article of the reader's own: pasted, opened or dropped, read by the server, and shown alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, listed, openMap, PHONE, startChromium, startServer } from "./browser.mjs";

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

const THAT_DAY = "#lang=en&from=2019-10-16&to=2019-10-16&action=withdrawal&map=8/35.9000/38.8000";
const ENTERED = "The Syrian army entered Manbij on Tuesday.";
const LEFT = "Russian forces withdrew from Kobani on Monday.";
// Whose quotes are counted in code points, behind what has two UTF-16 units.
const TEXT = `🛰️ Two towns\n\n  ${ENTERED} Victoria and Springfield were quiet.\n\n${LEFT}`;

const button = (page) => page.locator('[data-control="paste"]');
const dialog = (page) => page.locator("dialog.paste");
const banner = (page) => page.locator(".pasted");
const problem = (page) => page.locator('dialog.paste [role="alert"]');

async function paste(page, text, published) {
  await button(page).click();
  await page.locator("dialog.paste textarea").fill(text);
  if (published) await page.locator('dialog.paste input[type="date"]').fill(published);
  await page.locator('[data-control="read"]').click();
}

/** Lets go of a file over the page, as a hand would. */
const drop = (page, name, content) =>
  page.evaluate(([name, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], name));
    for (const type of ["dragenter", "dragover", "drop"]) document.querySelector("#map").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, [name, content]);

/** A page on which `extract` is answered by the test. */
async function withAnswers(events, toponyms, { hash = "#lang=en", status = 200 } = {}) {
  const opened = await openMap(browser, server.url, { hash });
  const asked = [];
  await opened.page.route((url) => url.pathname.endsWith("/extract"), (route) => {
    const request = route.request();
    asked.push({ url: new URL(request.url()), type: request.headers()["content-type"], body: request.postData() });
    const answer = asked.at(-1).url.searchParams.get("what") === "toponyms" ? toponyms : events;
    return route.fulfill({ status, contentType: "application/json", body: JSON.stringify(answer) });
  });
  return { ...opened, asked };
}
const event = (id, properties) => ({
  type: "Feature", id, geometry: { type: "Point", coordinates: [37.95, 36.53] },
  properties: { article: "own", action: "strike", status: "occurred", actor: "Somebody", place: "Manbij", start: "2019-10-15", end: "2019-10-15", ...properties },
});
const answer = (features, article = {}) => ({ type: "FeatureCollection", article: { id: "own", title: null, published: null, language: "en", ...article }, features });

test("a pasted article is mapped alone, each event with its sentence, and leaving restores what was chosen", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: THAT_DAY });
  const told = await page.locator(".summary").textContent();
  await page.waitForFunction(() => location.hash.includes("action=withdrawal"));
  await page.locator("#list button.event").first().click();
  await page.locator("#detail mark.is-current").first().waitFor();
  await page.waitForFunction(() => location.hash.includes("event="));
  const chosen = await page.locator("#detail").getAttribute("data-event");
  await page.waitForTimeout(400);
  const address = page.url();

  await paste(page, TEXT, "2019-10-16");
  await banner(page).waitFor();
  assert.equal(await dialog(page).isVisible(), false);
  assert.match(await banner(page).textContent(), /Only the pasted article is shown\..*2 events found/s);
  assert.ok(await banner(page).locator("h2").evaluate((heading) => heading === document.activeElement), "the keyboard is at the banner");
  assert.deepEqual((await listed(page, /./, {})).map(({ place }) => place).sort(), ["Kobani", "Manbij"]);
  assert.match(await page.locator(".summary").textContent(), /14\D+15 October 2019/);
  const map = await page.locator("#map").boundingBox();
  const top = (await banner(page).boundingBox()).y;
  for (const place of ["Kobani", "Manbij"]) {
    const mark = await page.locator(`.mark[data-place="${place}"]`).boundingBox();
    assert.ok(mark.x > map.x && mark.x < map.x + map.width && mark.y > map.y && mark.y + mark.height < top, `${place} is in sight`);
  }
  await banner(page).locator("summary").click();
  assert.match(await banner(page).locator("details p").textContent(), /Springfield|Victoria/);

  // A mark leads to its sentence, the other sentence to its mark, with no question to the server.
  const asked = [];
  page.on("request", (request) => request.resourceType() === "fetch" && asked.push(request.url()));
  await page.locator('.mark[data-place="Manbij"]').click();
  await page.locator("#detail mark.is-current").first().waitFor();
  assert.equal((await page.locator("#detail mark.is-current").allTextContents()).join(""), ENTERED);
  assert.equal(await page.locator("#detail .article-text").textContent(), TEXT);
  await page.locator('[data-control="why"]').click();
  await page.locator("#why .facts").waitFor();
  assert.match(await page.locator("#why").textContent(), /“Manbij”.*Taken for.*Manbij/s);
  await page.locator("#detail a.quote", { hasText: LEFT }).click();
  await page.locator("#detail mark.is-current", { hasText: LEFT }).waitFor();
  assert.ok(await page.locator('.mark.is-selected[data-place="Kobani"]').isVisible());
  assert.deepEqual(asked, []);
  await page.waitForTimeout(300);
  assert.equal(page.url(), address, "no link to what nobody else has");

  await page.locator('[data-control="leave"]').click();
  await page.locator("#detail mark.is-current").first().waitFor();
  assert.equal(await page.locator("#detail").getAttribute("data-event"), chosen);
  assert.equal(await page.locator(".summary").textContent(), told);
  assert.ok(await page.locator('input[data-facet="action"][data-value="withdrawal"]').isChecked());
  assert.ok(await banner(page).isHidden());
  await page.waitForFunction((before) => location.href === before, address);
  assertQuiet(seen);
  await close();
});

test("without a day of publication the events are undated, on the map all the same, and it is said why", async () => {
  const { page, seen, close } = await openMap(browser, server.url, {});
  await paste(page, ENTERED);
  await banner(page).waitFor();
  assert.match(await banner(page).textContent(), /1 event found.*Without the day of publication/s);
  assert.equal(await page.locator('.undated button.event[data-place="Manbij"]').count(), 1);
  await page.locator('.mark[data-place="Manbij"]').click();
  await page.locator("#detail mark.is-current", { hasText: ENTERED }).waitFor();
  // Another one takes its place; the way back leads to all events still.
  await page.locator('[data-control="again"]').click();
  assert.equal(await page.locator("dialog.paste textarea").inputValue(), ENTERED);
  await page.locator("dialog.paste textarea").fill(LEFT);
  await page.locator('[data-control="read"]').click();
  await page.waitForSelector('#list button.event[data-place="Kobani"]');
  assert.equal((await listed(page, /./, {})).length, 1);
  await page.locator('[data-control="leave"]').click();
  await page.waitForFunction(() => document.querySelectorAll("#list button.event").length > 10);
  assert.ok(await button(page).evaluate((one) => one === document.activeElement), "the keyboard is where it came from");
  assertQuiet(seen);
  await close();
});

const PAGE = `<!doctype html><html><head><title>Two towns</title><style>p { color: red }</style></head><body><nav>Home</nav><article><h1>Two towns</h1>
  <p>${ENTERED.replaceAll(" ", "\n   ")} It was quiet there, people of the town said in the evening.</p><script>window.hostile = 1</script><p>${LEFT}</p></article></body></html>`;
const FILES = { "page.html": PAGE, "article.json": JSON.stringify({ text: TEXT, published: "2019-10-16" }), "article.txt": TEXT };
for (const [name, content] of Object.entries(FILES)) {
  test(`a file that is let go over the page is read: ${name}`, async () => {
    const { page, seen, close } = await openMap(browser, server.url, {});
    await drop(page, name, content);
    await banner(page).waitFor();
    await page.locator('#list button.event[data-place="Manbij"]').click();
    await page.locator("#detail mark.is-current", { hasText: ENTERED }).waitFor();
    await page.locator("#detail a.quote", { hasText: LEFT }).waitFor();
    assert.equal(await page.evaluate(() => window.hostile), undefined);
    assertQuiet(seen);
    await close();
  });
}

test("a file can be opened from the dialog, and the sign to let go of one is there while it is dragged", async () => {
  const { page, seen, close } = await openMap(browser, server.url, {});
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "x.txt"));
    document.body.dispatchEvent(new DragEvent("dragenter", { bubbles: true, cancelable: true, dataTransfer }));
  });
  await page.locator(".drop", { hasText: "Drop it" }).waitFor();
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "x.txt"));
    document.body.dispatchEvent(new DragEvent("dragleave", { bubbles: true, dataTransfer }));
  });
  await page.locator(".drop").waitFor({ state: "hidden" });
  await button(page).click();
  const choosing = page.waitForEvent("filechooser");
  await page.locator('[data-control="file"]').click();
  await (await choosing).setFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(ENTERED) });
  await page.waitForFunction((text) => document.querySelector("dialog.paste textarea").value === text, ENTERED);
  await page.locator('[data-control="read"]').click();
  await banner(page).waitFor();
  assertQuiet(seen);
  await close();
});

test("the form of what is pasted is told to the server, with its day", async () => {
  const { page, asked, close } = await withAnswers(answer([event("e")]), answer([]));
  await paste(page, "<!DOCTYPE html><p>It burns.", "2020-02-29");
  await banner(page).waitFor();
  assert.deepEqual(asked.map(({ url, type }) => [url.searchParams.get("what"), url.searchParams.get("published"), type]).sort(), [["events", "2020-02-29", "text/html"], ["toponyms", "2020-02-29", "text/html"]]);
  await close();
});

test("what cannot be read is said in the dialog, and what was pasted is still there", async () => {
  const { page, asked, close } = await withAnswers({ detail: "it is <b>no</b> article." }, {}, { status: 400 });
  await paste(page, "Words.");
  await problem(page).filter({ hasText: "The article could not be read. it is <b>no</b> article." }).waitFor();
  assert.equal(await page.locator("dialog.paste textarea").inputValue(), "Words.");
  assert.ok(await banner(page).isHidden());
  const before = asked.length;
  await page.locator("dialog.paste textarea").fill("é".repeat(600_000));
  await page.locator('[data-control="read"]').click();
  await problem(page).filter({ hasText: "longer than the server takes" }).waitFor();
  await drop(page, "long.txt", "a".repeat(1_100_000));
  await problem(page).filter({ hasText: "longer than the server takes" }).waitFor();
  assert.equal(asked.length, before, "nothing is sent that is too long");
  await close();
});

test("a text without events says so, and the map stays as it was", async () => {
  const { page, seen, close } = await openMap(browser, server.url, {});
  const told = await page.locator(".summary").textContent();
  await paste(page, "The weather was fine in the mountains.");
  await problem(page).filter({ hasText: "No event was found in this text." }).waitFor();
  assert.equal(await page.locator(".summary").textContent(), told);
  assert.ok(await banner(page).isHidden());
  assertQuiet(seen);
  await close();
});

test("hostile text and names are shown as text and run nothing", async () => {
  const evil = `<script>window.hostile=1</script><img src=x onerror="window.hostile=2">\u202Eevil\u202C`;
  const text = `${evil}${"x".repeat(1_000_000)} ${evil} Shells fell.`;
  const start = [...text].length - 12;
  const name = { geometry: null, properties: { text: evil, start: 0, end: 5, said: false } };
  const { page, seen, close } = await withAnswers(
    answer([event("e", { actor: evil, place: evil, quote: "Shells fell", quote_start: start, quote_end: start + 11 })], { title: evil }),
    answer([name]));
  await paste(page, text);
  await banner(page).locator("summary").click();
  assert.equal(await banner(page).locator("bdi").textContent(), evil);
  await page.locator("#list button.event").click();
  await page.waitForSelector("mark.is-current");
  assert.equal(await page.locator("mark.is-current").textContent(), "Shells fell");
  assert.equal(await page.locator(".article-text").textContent(), text);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.equal(await page.locator(":is(#detail, .pasted, #list) :is(script, img)").count(), 0);
  assertQuiet(seen);
  await close();
});

test("the reasons of a pasted article's places are those that came with it", async () => {
  const place = { place: "Manbij", place_id: "geonames:1", kind: "settlement", country: "SY", admin1: "Aleppo" };
  const name = {
    type: "Feature", geometry: { type: "Point", coordinates: [37.95, 36.53] },
    properties: {
      ...place, text: "Manbij", start: 4, end: 10, confidence: 0.9, rule: "resolve:population", said: true, namesakes: 2, steps: [],
      candidates: [{ ...place, lon: 37.95, lat: 36.53, probability: 0.9 }, { ...place, place_id: "geonames:2", country: "IQ", lon: 40, lat: 36, probability: 0.1 }],
    },
  };
  const other = { ...name, properties: { ...name.properties, text: "Elsewhere", start: 20, end: 29 } };
  const { page, close } = await withAnswers(
    answer([event("e", { place_as_written: "Manbij", place_id: "geonames:1", quote: "In Manbij it burns", quote_start: 1, quote_end: 19 })]), answer([other, name]));
  await paste(page, " In Manbij it burns, Elsewhere too.");
  await banner(page).waitFor();
  await page.locator("#list button.event").click();
  await page.locator('[data-control="why"]').click();
  await page.locator(".candidates li").first().waitFor();
  assert.equal(await page.locator(".candidates li").count(), 2);
  assert.match(await page.locator("#why").textContent(), /Very likely.*“Manbij”/s);
  await close();
});

for (const [name, settings] of Object.entries({ light: {}, "dark phone": { ...PHONE, colorScheme: "dark" } })) {
  test(`the dialog takes the keyboard and gives it back, and breaks no rule: ${name}`, async () => {
    const { page, seen, close } = await openMap(browser, server.url, { hash: THAT_DAY, ...settings });
    await page.locator("#list button.event").first().click();
    await page.locator("#detail mark").first().waitFor();
    await button(page).focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("dialog.paste textarea").evaluate((one) => one === document.activeElement));
    await assertAccessible(page, "dialog");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "hidden" });
    assert.ok(await button(page).evaluate((one) => one === document.activeElement));
    assert.ok(await page.locator("#detail").isVisible(), "Escape closes one thing");
    await paste(page, TEXT, "2019-10-16");
    await banner(page).waitFor();
    await banner(page).locator("summary").click();
    await assertAccessible(page, "banner");
    for (const control of await banner(page).locator("button, summary").all()) assert.ok((await control.boundingBox()).height >= 24);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assertQuiet(seen);
    await close();
  });
}
