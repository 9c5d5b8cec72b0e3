// Every reader: from right to left, by keyboard alone, on a phone, at any width, without motion, by a link, and inside
// another page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, collectionOf, moveWindow, openMap, PHONE, startChromium, startServer } from "./browser.mjs";

const TEN_DAYS = "from=2019-10-09&to=2019-10-18";
const CLOSE = "map=9/36.8/40";

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

/** Opens the map, runs the steps, and checks that nothing went outside and nothing complained. */
function scene(name, options, steps) {
  test(name, async () => {
    const { page, seen, close } = await openMap(browser, server.url, options);
    await steps(page);
    assertQuiet(seen);
    await close();
  });
}

async function openEvent(page) {
  await page.locator("#list button.event").first().click();
  await page.locator("#detail mark.is-current").first().waitFor();
}
const box = (page, part) => page.locator(part).first().boundingBox();
const middle = ({ x, width }) => x + width / 2;

// --- rules that a program can check

const VIEWS = {
  light: { lang: "en", colorScheme: "light" },
  dark: { lang: "en", colorScheme: "dark" },
  phone: { lang: "en", ...PHONE },
  Arabic: { lang: "ar", colorScheme: "light" },
  "Arabic, on a phone in the dark": { lang: "ar", ...PHONE, colorScheme: "dark" },
};
for (const [name, { lang, ...settings }] of Object.entries(VIEWS)) {
  scene(`no accessibility rule of WCAG 2.2 A and AA is broken by list, filters, event and help: ${name}`, { hash: `#lang=${lang}&${TEN_DAYS}`, ...settings }, async (page) => {
    await assertAccessible(page, "list");
    if (await page.locator('[data-control="filters"]').isVisible()) await page.locator('[data-control="filters"]').click();
    await page.waitForSelector("#filters", { state: "visible" });
    await assertAccessible(page, "filters");
    await page.locator("#filters .close").click();
    await openEvent(page);
    await assertAccessible(page, "event");
    await page.keyboard.press("?");
    await page.waitForSelector("#keys[open]");
    await assertAccessible(page, "help");
  });
}

// --- from right to left

scene("in Arabic all but map and time stand the other way round", { hash: `#lang=ar&${TEN_DAYS}` }, async (page) => {
  const [map, panel, filters, zoom, title, search, icon] = await Promise.all(
    ["#map", ".panel", "#filters", ".leaflet-control-zoom", "h1", ".search", ".search-box > .icon"].map((part) => box(page, part)));
  assert.ok(middle(panel) < map.x, "the panel is left of the map");
  assert.ok(middle(filters) > middle(map), "the filters are on the map's right");
  assert.ok(zoom.x + zoom.width < filters.x, "what enlarges the map is not under them");
  assert.ok(middle(title) > middle(search), "the title comes first, from the right");
  assert.ok(middle(icon) > middle(search), "and so does the search's sign");
  const row = await box(page, "#filters .row .name");
  const count = await box(page, "#filters .row .count");
  assert.ok(count.x + count.width <= row.x, "a count is left of its name");
  await openEvent(page);
  const turned = (sign) => page.locator(sign).first().evaluate((icon) => getComputedStyle(icon).scale);
  assert.match(await turned(".back .icon"), /^-1/);
  assert.equal(await turned(".play .icon"), "none");
});

scene("in Arabic time runs from left to right, and the arrows move the way they point", { hash: `#lang=ar&from=2019-10-01&to=2019-10-31&step=month` }, async (page) => {
  const later = page.locator('[data-handle="to"]');
  const [was, from] = [await box(page, ".window"), Number(await later.inputValue())];
  await later.focus();
  await page.keyboard.press("ArrowRight");
  const is = await box(page, ".window");
  assert.ok(Number(await later.inputValue()) > from, "later");
  assert.ok(is.x + is.width > was.x + was.width && Math.abs(is.x - was.x) < 1, "to the right");
  assert.match(await later.getAttribute("aria-valuetext"), /نوفمبر|تشرين/);
  const ticks = await page.locator(".tick-text").evaluateAll((all) => all.map((text) => text.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  assert.ok(ticks.length > 1);
  ticks.slice(1).forEach(([left], i) => assert.ok(left >= ticks[i][1], "years do not run into each other"));
});

scene("in Arabic a number keeps its side of a Latin name", {
  hash: "#lang=ar",
  answers: { "/collections/events/items": collectionOf([1, 2, 3].map((n) => ({
    type: "Feature", id: `e${n}`, geometry: { type: "Point", coordinates: [39, 36] },
    properties: { article: `a${n}`, action: "strike", status: "occurred", actor: "Third Army", place: "Raqqa (2)", start: "2019-10-16", end: "2019-10-16", incident: "i-e1" },
  }))) },
}, async (page) => {
  const sides = (text, parts) => page.locator("#list button.event").first().locator(text).evaluate((element, wanted) => {
    const node = [...element.childNodes].find((child) => child.nodeType === Node.TEXT_NODE);
    return wanted.map((part) => {
      const range = document.createRange();
      range.setStart(node, node.data.indexOf(part));
      range.setEnd(node, node.data.indexOf(part) + part.length);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    });
  }, parts);
  const [name, three] = await sides(".event-sub", ["Third Army", "3"]);
  assert.ok(three.right <= name.left, "“3 reports” stands to the left of the name, together");
  const [raqqa, two] = await sides("strong", ["Raqqa", "(2)"]);
  assert.ok(raqqa.right <= two.left, "the name itself is not turned");
});

for (const lang of ["en", "ar"]) {
  scene(`what is looked at is not under the filters: ${lang}`, { hash: `#lang=${lang}&${TEN_DAYS}` }, async (page) => {
    const filters = await box(page, "#filters");
    const besides = async (part) => {
      const { x, width } = await box(page, part);
      return x + width <= filters.x || x >= filters.x + filters.width;
    };
    assert.ok(await besides(".mark.is-cluster"), "at first");
    await openEvent(page);
    await page.waitForSelector(".mark.is-selected");
    await page.waitForFunction(() => !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
    assert.ok(await besides(".mark.is-selected"), "the event");
  });
}

// --- by keyboard alone

/** That the keyboard is somewhere, in sight, and that this is seen. */
async function assertFocusSeen(page, stop) {
  const is = await page.evaluate(() => {
    const focused = document.activeElement;
    const shows = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    const { left, right, top, bottom } = focused.getBoundingClientRect();
    return {
      what: focused.outerHTML.slice(0, 120), nowhere: focused === document.body,
      // A field may leave it to the box or the row it is in.
      seen: shows(focused) || shows(focused.parentElement), handle: focused.matches(".handle"),
      inside: right > 0 && left < innerWidth && bottom > 0 && top < innerHeight,
    };
  });
  assert.ok(!is.nowhere, `${stop}: the keyboard is nowhere`);
  assert.ok(is.handle ? await looksOther(page) : is.seen, `${stop}: no outline on ${is.what}`);
  assert.ok(is.inside, `${stop}: out of sight: ${is.what}`);
}

/** Whether a slider looks other than without the keyboard: no script can read the style of its handle. */
async function looksOther(page) {
  const clip = await page.locator(":focus").boundingBox();
  const focused = await page.screenshot({ clip });
  const handle = await page.evaluateHandle(() => document.activeElement);
  await handle.evaluate((element) => element.blur());
  const without = await page.screenshot({ clip });
  await handle.evaluate((element) => element.focus());
  return !focused.equals(without);
}

/** Tabs on until a stop matches; each on the way is seen. */
async function tabTo(page, selector, key = "Tab") {
  for (let stops = 0; stops < 150; stops++) {
    await page.keyboard.press(key);
    // Past the last stop is the browser's own bar.
    if (await page.evaluate(() => document.activeElement === document.body)) continue;
    await assertFocusSeen(page, selector);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`the keyboard does not come to ${selector}`);
}
const focused = (page, selector) => page.waitForFunction((wanted) => document.activeElement.matches(wanted), selector);
const valueOf = (page, end) => page.locator(`[data-handle="${end}"]`).inputValue().then(Number);

scene("the keyboard alone does all that there is to do", { hash: `#lang=en&from=2019-10-10&to=2019-10-16&step=day` }, async (page) => {
  const press = (key) => page.keyboard.press(key);
  await press("Tab");
  await assertFocusSeen(page, "the first stop");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the events");
  await press("Enter");
  await focused(page, ".panel");
  await assertFocusSeen(page, "the panel");
  assert.doesNotMatch(page.url(), /#list/);

  await press("/");
  await page.keyboard.type("Raqqa");
  await page.waitForSelector("#search-list li");
  await press("Enter");
  await page.waitForSelector(".map-tip.is-found");
  await assertFocusSeen(page, "the search");

  await tabTo(page, "#map");
  await page.waitForFunction(() => !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
  const view = () => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("map"));
  await page.waitForFunction(() => location.hash.includes("map="));
  let was = await view();
  await press("ArrowRight");
  await page.waitForFunction((before) => new URLSearchParams(location.hash.slice(1)).get("map") !== before, was);
  assert.ok(Number((await view()).split("/")[2]) > Number(was.split("/")[2]), "the map moved east");
  was = await view();
  await press("-");
  await page.waitForFunction((before) => Number(new URLSearchParams(location.hash.slice(1)).get("map").split("/")[0]) === Number(before.split("/")[0]) - 1, was);

  await tabTo(page, '[data-handle="to"]');
  const [from, to] = [await valueOf(page, "from"), await valueOf(page, "to")];
  await press("ArrowRight");
  assert.deepEqual([await valueOf(page, "from"), await valueOf(page, "to")], [from, to + 1]);
  await press("Shift+ArrowLeft");
  assert.deepEqual([await valueOf(page, "from"), await valueOf(page, "to")], [from - 1, to]);
  await press("Space");
  await page.waitForFunction((before) => Number(document.querySelector('[data-handle="to"]').value) > before, to);
  await press("Space");
  assert.equal(await page.getAttribute('[data-control="play"]', "aria-label"), "Play");
  await focused(page, '[data-handle="to"]');

  await press("f");
  await page.waitForSelector("#filters", { state: "hidden" });
  await press("f");
  await page.waitForSelector("#filters", { state: "visible" });
  await assertFocusSeen(page, "the filters");
  await tabTo(page, 'input[data-facet="action"][data-value="withdrawal"]');
  await press("Space");
  await page.waitForFunction(() => [...document.querySelectorAll("#list .day:not(.undated) button.event")].every((one) => one.dataset.action === "withdrawal"));
  await focused(page, 'input[data-facet="action"][data-value="withdrawal"]:checked');
  await tabTo(page, '[data-control="reset"]', "Shift+Tab");
  await press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#filters input:checked").length === 0);
  await assertFocusSeen(page, "after the filters are cleared");

  await tabTo(page, "#list button.event[data-action=withdrawal]");
  await press("Enter");
  await focused(page, "#detail h2");
  const mark = page.locator("#detail mark.is-current").first();
  await mark.waitFor();
  const [quote, panel] = [await mark.boundingBox(), await box(page, ".panel-scroll")];
  assert.ok(quote.y >= panel.y && quote.y < panel.y + panel.height, "the sentence is in sight");
  const first = await page.getAttribute("#detail", "data-event");
  await tabTo(page, "#detail a.quote");
  await press("Enter");
  await page.waitForFunction((before) => document.querySelector("#detail").dataset.event !== before, first);
  await focused(page, "#detail h2");
  const second = await page.getAttribute("#detail", "data-event");
  await tabTo(page, '[data-control="back"]');
  await press("Enter");
  await page.waitForSelector("#detail", { state: "hidden" });
  await assertFocusSeen(page, "back in the list");
  assert.ok(await page.evaluate((id) => document.activeElement.dataset.event === id || document.activeElement.id === "list", second));

  await tabTo(page, '[data-control="language"]');
  await press("ArrowDown");
  await page.waitForSelector('html[lang="fr"]');
  await focused(page, '[data-control="language"]');
  await tabTo(page, '[data-control="theme"]');
  await press("Enter");
  await page.waitForSelector("html[data-theme=light]");
});

scene("while time plays, the keyboard stays in the list", { hash: "#lang=en&from=2019-10-01&to=2019-10-09&step=day&speed=4" }, async (page) => {
  await page.locator("#list button.event").first().focus();
  await page.evaluate(() => document.querySelector('[data-control="play"]').click());
  const before = await valueOf(page, "to");
  await page.waitForFunction((was) => Number(document.querySelector('[data-handle="to"]').value) > was + 12, before);
  assert.ok(await page.evaluate(() => document.querySelector("#list").contains(document.activeElement)));
});

scene("what unfolds leads the keyboard to what was not there", { hash: "#lang=en" }, async (page) => {
  await page.locator("#filters .more").first().focus();
  const known = await page.locator('#filters input[data-facet="actor"]').evaluateAll((all) => all.map((one) => one.dataset.value));
  await page.keyboard.press("Enter");
  await focused(page, '#filters input[data-facet="actor"]');
  assert.ok(!known.includes(await page.evaluate(() => document.activeElement.dataset.value)));
});

scene("the keys are told, and single letters can be switched off", { hash: `#lang=en&${TEN_DAYS}` }, async (page) => {
  await openEvent(page);
  const before = await page.getAttribute("#detail", "data-event");
  await page.keyboard.press("?");
  await page.waitForSelector("#keys[open]");
  assert.match(await page.locator("#keys").textContent(), /find a place/);
  await page.keyboard.press("f");
  assert.ok(await page.locator("#filters").isVisible(), "keys wait while the help is open");
  await tabTo(page, "#keys input");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#keys", { state: "hidden" });
  assert.equal(await page.getAttribute("#detail", "data-event"), before, "one press closes one thing");
  assert.ok(await page.locator("#detail").isVisible());
  await page.keyboard.press("f");
  assert.ok(await page.locator("#filters").isVisible(), "the letter does nothing");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await page.keyboard.press("f");
  assert.ok(await page.locator("#filters").isVisible(), "nor the next time");
  await page.locator('[data-control="keys"]').click();
  await page.locator("#keys input").check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await page.waitForSelector("#filters", { state: "hidden" });
});

scene("the letters are those of the key on another script's keyboard, and not taken from a field", { hash: `#lang=en&${TEN_DAYS}` }, async (page) => {
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "а", code: "KeyF", bubbles: true })));
  await page.waitForSelector("#filters", { state: "hidden" });
  await page.locator("#search").focus();
  await page.keyboard.type("fast?");
  assert.equal(await page.locator("#search").inputValue(), "fast?");
  assert.ok(await page.locator("#filters").isHidden());
  assert.equal(await page.locator("#keys[open]").count(), 0);
});

// --- at any size

/** That nothing reaches out of the page, and no control of the frame lies on another. */
async function assertFits(page, moment) {
  const found = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    const controls = [...document.querySelectorAll(".top :is(button, select, input, h1, .summary), #timeline :is(button, select, input.date)")]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ name: element.dataset.control ?? (element.className || element.tagName), ...element.getBoundingClientRect().toJSON() }));
    const out = controls.filter(({ left, right, bottom }) => left < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5).map(({ name }) => name);
    const over = controls.flatMap((a, i) => controls.slice(i + 1).filter((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      // The search has its button inside.
      .filter((b) => !["INPUT", "clear-search"].includes(a.name) || !["INPUT", "clear-search"].includes(b.name)).map((b) => `${a.name} on ${b.name}`));
    return { wide: scrollWidth - clientWidth, out, over };
  });
  assert.deepEqual(found, { wide: 0, out: [], over: [] }, moment);
}

for (const lang of ["en", "fr", "ar", "ru"]) {
  scene(`nothing is too wide or lies on something else at any width: ${lang}`, { hash: `#lang=${lang}` }, async (page) => {
    for (const [width, height] of [[1440, 900], [1024, 768], [760, 900], [390, 844], [844, 390]]) {
      await page.setViewportSize({ width, height });
      await assertFits(page, `${width} × ${height}`);
    }
    await openEvent(page);
    for (const [width, height] of [[390, 844], [844, 390], [1440, 900]]) {
      await page.setViewportSize({ width, height });
      await assertFits(page, `an event, ${width} × ${height}`);
    }
  });
}

scene("on a phone language and appearance are behind a button", { ...PHONE, hash: `#lang=en&${TEN_DAYS}` }, async (page) => {
  assert.ok(await page.locator('[data-control="language"]').isHidden());
  assert.ok(await page.locator('[data-control="keys"]').isHidden(), "without keys, no help on them");
  await page.locator('[data-control="appearance"]').tap();
  await page.locator('[data-control="language"]').selectOption("ar");
  await page.waitForSelector('html[dir="rtl"]');
  await page.keyboard.press("Escape");
  await page.waitForSelector('[data-control="language"]', { state: "hidden" });
});

const ALONG = { viewport: { width: 844, height: 390 }, isMobile: true, hasTouch: true };
scene("a phone on its side has room for map, time and list", { ...ALONG, hash: `#lang=en&${TEN_DAYS}` }, async (page) => {
  const [map, time, panel] = await Promise.all(["#map", "#timeline", ".panel"].map((part) => box(page, part)));
  assert.ok(map.height > 230 && map.width > 450, JSON.stringify(map));
  assert.ok(time.height < 90, JSON.stringify(time));
  assert.ok(panel.height > 350 && panel.width > 240, JSON.stringify(panel));
  await page.locator('[data-control="filters"]').tap();
  const filters = await box(page, "#filters");
  assert.ok(filters.y >= map.y && filters.y + filters.height <= map.y + map.height, JSON.stringify(filters));
});

scene("enlarged twice, all is there", { hash: `#lang=en&${TEN_DAYS}`, viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, async (page) => {
  await assertFits(page, "720 × 450");
  for (const control of ["play", "step", "speed", "enlarge", "whole", "appearance", "filters"]) assert.ok(await page.locator(`[data-control="${control}"]`).isVisible(), control);
  assert.ok(await page.locator("#search").isVisible());
  await openEvent(page);
  assert.ok(await page.locator("#detail mark.is-current").first().isVisible());
});

scene("whoever wants no motion gets none", { hash: `#lang=en&${TEN_DAYS}`, reducedMotion: "reduce" }, async (page) => {
  const moving = await page.evaluate(async () => {
    document.querySelector("#list button.event").click();
    await new Promise(requestAnimationFrame);
    return { map: document.querySelectorAll(".leaflet-zoom-anim, .leaflet-pan-anim").length, others: document.getAnimations().length };
  });
  assert.deepEqual(moving, { map: 0, others: 0 });
  assert.equal(await page.locator(".mark.is-selected").count(), 1, "the map is there at once");
});

// --- by a link

/** All that the page shows of its state. */
const shownOf = (page) => page.evaluate(() => ({
  hash: location.hash,
  root: [document.documentElement.lang, document.documentElement.dir, document.documentElement.dataset.theme],
  summary: document.querySelector(".summary").textContent,
  events: [...document.querySelectorAll(".panel [data-event]")].map((one) => one.dataset.event),
  detail: document.querySelector("#detail").textContent,
  checked: [...document.querySelectorAll("#filters input:checked")].map((one) => `${one.dataset.facet} ${one.dataset.value}`),
  time: [...document.querySelectorAll(".handle, #timeline select, input.date")].map((one) => one.value),
  marks: [...document.querySelectorAll(".mark")].map((one) => { const { x, y } = one.getBoundingClientRect(); return `${one.dataset.event ?? one.dataset.count} ${Math.round(x)} ${Math.round(y)}`; }).sort(),
  scale: document.querySelector(".leaflet-control-scale-line").textContent,
}));

for (const lang of ["en", "ar"]) {
  test(`a link restores all that is shown: ${lang}`, async () => {
    const first = await openMap(browser, server.url, { hash: `#lang=en&view=table&base=` });
    const { page } = first;
    await moveWindow(page, "2019-10-09", "2019-10-18");
    await page.locator('input[data-facet="action"][data-value="withdrawal"]').check();
    await page.locator('input[data-facet="action"][data-value="deployment"]').check();
    await page.locator('input[data-facet="status"][data-value="occurred"]').check();
    await page.locator('[data-control="step"]').selectOption("week");
    await page.locator('[data-control="speed"]').selectOption("2");
    await page.locator('[data-control="theme"]').click();
    await page.locator('[data-control="theme"]').click();
    await page.locator('[data-control="language"]').selectOption(lang);
    await page.waitForSelector(`html[lang="${lang}"]`);
    await page.evaluate(() => document.querySelector(".panel [data-event]:not(#detail)").click());
    await page.locator("#detail mark.is-current").first().waitFor();
    await page.waitForFunction(() => !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
    await page.locator("#map").focus();
    await page.keyboard.press("ArrowLeft");
    const parts = ["from=2019-10-09", "to=2019-10-18", "action=withdrawal", "action=deployment", "status=occurred", "event=", "map=", "view=table", "base=", `lang=${lang}`, "theme=dark", "step=week", "speed=2"];
    await page.waitForFunction((wanted) => wanted.every((part) => location.hash.includes(part)), parts);
    await page.waitForFunction(() => !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
    // The address is written a moment after the last change: it has settled once it says the same twice.
    await page.waitForFunction(() => { const same = window.last === location.hash; window.last = location.hash; return same; }, null, { polling: 400 });
    const wanted = await shownOf(page);
    const second = await openMap(browser, server.url, { hash: wanted.hash });
    await second.page.locator("#detail mark.is-current").first().waitFor();
    const got = await shownOf(second.page);
    for (const part of Object.keys(wanted)) assert.deepEqual(got[part], wanted[part], part);
    assert.ok(wanted.marks.length > 0 && wanted.events.length > 1 && wanted.checked.length === 3);
    for (const { seen, close } of [first, second]) {
      assertQuiet(seen);
      await close();
    }
  });
}

// --- inside another page

test("inside another page it is map and time, and leaves that page its keys", async () => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.route("**/around.html", (route) => route.fulfill({
    contentType: "text/html",
    body: `<!doctype html><title>Around</title><body style="height: 3000px"><p><input id="own"></p><iframe title="Map" width="900" height="600" src="./?embed#lang=en&${TEN_DAYS}&${CLOSE}"></iframe>`,
  }));
  await page.goto(`${server.url}around.html`);
  const inside = page.frameLocator("iframe");
  await inside.locator("html[data-ready][data-embed]").waitFor();
  assert.match(await inside.locator(".summary").textContent(), /9 – 18 October 2019.*29|9 – 18 October 2019/);
  for (const part of [".summary", "#timeline", "#map", '[data-control="filters"]', '[data-control="whole-map"]']) assert.ok(await inside.locator(part).isVisible(), part);
  for (const part of ["h1", ".search", ".tools", '[data-control="language"]', ".panel", "#filters"]) assert.ok(await inside.locator(part).isHidden(), part);
  assert.ok((await inside.locator(".top").evaluate((bar) => bar.offsetHeight)) <= 36, "a slim line");

  const keptUp = async (part) => {
    const link = inside.locator('[data-control="whole-map"]');
    await link.and(inside.locator(`[href*="${part}"]`)).waitFor();
    assert.equal(await link.getAttribute("target"), "_blank");
    assert.doesNotMatch(await link.getAttribute("href"), /embed/);
  };
  await keptUp("from=2019-10-09");
  await inside.locator('[data-date="to"]').fill("2019-10-17");
  await keptUp("to=2019-10-17");

  await inside.locator("#map").hover();
  await page.mouse.wheel(0, 60);
  await page.waitForFunction(() => scrollY > 0);
  await keptUp("map=9/");

  await page.locator("#own").click();
  await page.keyboard.type("f /?");
  assert.equal(await page.locator("#own").inputValue(), "f /?");
  await page.locator("p").click({ position: { x: 400, y: 5 } });
  await page.keyboard.press("f");
  assert.ok(await inside.locator("#filters").isHidden(), "keys outside are not taken");
  await inside.locator('[data-control="play"]').focus();
  await page.keyboard.press("f");
  await inside.locator("#filters").waitFor({ state: "visible" });
  await page.keyboard.press("f");
  await inside.locator("#filters").waitFor({ state: "hidden" });

  await inside.locator(".mark[data-event]:not(.is-past)").first().click();
  await inside.locator("#detail mark.is-current").first().waitFor();
  const [card, map, chosen] = await Promise.all([".panel", "#map", ".mark.is-selected"].map((part) => inside.locator(part).boundingBox()));
  assert.ok(card.x > map.x && card.x + card.width < map.x + map.width && card.y > map.y && card.y + card.height < map.y + map.height, "a card over the map");
  assert.ok(chosen.x + chosen.width <= card.x, "beside its mark");
  const id = await inside.locator("#detail").getAttribute("data-event");
  await keptUp(`event=${encodeURIComponent(id)}`);
  const [whole] = await Promise.all([context.waitForEvent("page"), inside.locator('[data-control="whole-map"]').click()]);
  await whole.waitForSelector("html[data-ready]:not([data-embed])");
  assert.equal(await whole.getAttribute("#detail", "data-event"), id);
  await whole.close();
  await inside.locator('[data-control="back"]').click();
  await inside.locator(".panel").waitFor({ state: "hidden" });
  await context.close();
});

scene("inside another page no accessibility rule is broken either", { query: "?embed", hash: `#lang=ar&${TEN_DAYS}&${CLOSE}`, viewport: { width: 640, height: 420 } }, async (page) => {
  await assertAccessible(page, "map and time");
  await page.locator(".mark[data-event]:not(.is-past)").first().click();
  await page.locator("#detail mark.is-current").first().waitFor();
  await assertAccessible(page, "an event");
  await assertFits(page, "640 × 420");
});
