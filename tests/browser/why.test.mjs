// "Why here?": how an event's place name was read. First against the server, with an event whose name has
// namesakes; then with answers made up here, for what a server rarely says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertQuiet, openMap, PHONE, speak, startChromium, startServer } from "./browser.mjs";

const EVENTS = "/collections/events/items";
const TOPONYMS = "/toponyms";

/** Where the place's name stands in the article, in code points. */
const placeOf = ({ properties: { quote, quote_start: start, place_as_written: written } }) => start + [...quote.slice(0, quote.indexOf(written))].length;

let server;
let browser;
/** An event whose sentence names a place that has namesakes. */
let contested;
before(async () => {
  server = await startServer();
  browser = await startChromium();
  const json = async (path) => (await fetch(server.url + path)).json();
  for (const event of (await json("collections/events/items?f=json&limit=10000")).features) {
    if (!event.properties.quote.includes(event.properties.place_as_written)) continue;
    const { features } = await json(`collections/articles/items/${event.properties.article}/toponyms?at=${placeOf(event)}`);
    if (!(features[0]?.properties.said && features[0].properties.candidates.length > 1)) continue;
    contested = event;
    break;
  }
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const button = (page) => page.locator('[data-control="why"]');
const candidates = (page) => page.locator("#why .candidates li");
const pins = (page) => page.locator(".map-tip.is-found").allTextContents();
const open = async (page) => {
  await button(page).click();
  await page.locator("#why:not([aria-busy]) > .why-note:not(:empty)").waitFor();
};

test("by the keyboard: the reasons open, a namesake is looked at, and Escape leads back", async () => {
  const { page, seen, close } = await openMap(browser, server.url, { hash: `#lang=en&event=${contested.id}` });
  const asked = [];
  page.on("request", (request) => request.url().includes(TOPONYMS) && asked.push(new URL(request.url()).search));
  await page.locator("#detail mark").first().waitFor();
  assert.equal(await button(page).getAttribute("aria-expanded"), "false");
  assert.deepEqual(asked, [], "nothing is asked before it is opened");
  await button(page).focus();
  await page.keyboard.press("Enter");
  await candidates(page).first().waitFor();
  assert.equal(await button(page).getAttribute("aria-expanded"), "true");
  assert.equal(await button(page).getAttribute("aria-controls"), await page.locator(".why-body").getAttribute("id"));
  assert.deepEqual(asked, [`?at=${placeOf(contested)}`]);
  assert.match(await page.locator(".why-note").textContent(), /\d\d%/);
  assert.match(await page.locator("#why dl").textContent(), /Taken for.*Settled by/);
  assert.ok((await candidates(page).count()) >= 2);
  for (const text of await candidates(page).allTextContents()) assert.match(text, /\d%.*(Ahead|Behind):/);
  assert.match(await page.locator("#why .is-chosen").textContent(), /chosen/);
  assert.equal(await page.locator("#why .is-chosen button").count(), 0);

  const namesake = page.locator("button.candidate").last();
  await namesake.focus();
  await page.keyboard.press("Space");
  await page.locator(".map-tip.is-found").waitFor();
  assert.deepEqual(await pins(page), [await namesake.locator("strong").textContent()]);
  assert.equal(await namesake.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Escape");
  assert.deepEqual(await pins(page), []);
  assert.ok(await page.locator("#detail").isVisible(), "the event stays");
  await namesake.press("Enter");
  assert.equal((await pins(page)).length, 1);
  await button(page).press("Enter");
  assert.deepEqual(await pins(page), [], "closed, the mark is gone");
  assert.ok(await page.locator("#why").isHidden());
  await page.waitForFunction(([lon, lat]) => {
    const [, atLat, atLon] = /map=([^&]+)/.exec(location.hash)?.[1].split("/").map(Number) ?? [];
    return Math.abs(atLat - lat) < 5 && Math.abs(atLon - lon) < 5;
  }, contested.geometry.coordinates);
  assertQuiet(seen);
  await close();
});

for (const [name, settings] of Object.entries({ light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, phone: { ...PHONE, colorScheme: "light" } })) {
  test(`no accessibility rule is broken while the reasons are open: ${name}`, async () => {
    const { page, close } = await openMap(browser, server.url, { hash: `#lang=fr&event=${contested.id}`, ...settings });
    await page.locator("#detail mark").first().waitFor();
    await open(page);
    await assertAccessible(page, "reasons");
    await page.locator("button.candidate").last().click();
    await page.locator(".map-tip.is-found").waitFor();
    await assertAccessible(page, "a look");
    assert.equal(await page.evaluate(() => document.querySelector(".panel-scroll").scrollWidth - document.querySelector(".panel-scroll").clientWidth), 0);
    await close();
  });
}

const TEXT = "🛰️ Le convoi a quitté Gaoua. Il est entré dans Gao. Des habitants ont vu la ville.";
const pointOf = (words) => [...TEXT.slice(0, TEXT.indexOf(words))].length;

function event(id, quote, properties = {}) {
  return {
    type: "Feature", id, geometry: { type: "Point", coordinates: [0, 16.3] },
    properties: {
      article: "one", action: "advance", status: "occurred", actor: "Somebody", place: "Gao", place_id: "made:gao", place_as_written: "Gao",
      start: "2019-10-16", end: "2019-10-16", quote, quote_start: pointOf(quote), quote_end: pointOf(quote) + [...quote].length, ...properties,
    },
  };
}
const NAMED = event("named", "Le convoi a quitté Gaoua. Il est entré dans Gao.");
const UNNAMED = event("unnamed", "Des habitants ont vu la ville.");
const collection = (...features) => ({ type: "FeatureCollection", features });
const candidate = (n, more = {}) => ({ place: "Gao", place_id: n ? `made:gao-${n}` : "made:gao", kind: "settlement", country: "ML", admin1: "Gao Region", lon: n * 3, lat: 16.3, probability: n ? 0.01 : 0.98, grounds: [], ...more });
const toponym = (properties = {}) => ({
  type: "Feature", geometry: null,
  properties: { text: "Gao", sense: "literal", place: "Gao", place_id: "made:gao", kind: "settlement", country: "ML", admin1: "Gao Region", confidence: 0.93, rule: "resolve:country", said: true, steps: [], candidates: [], namesakes: 0, ...properties },
});

/** Opens the reasons of one made-up event. */
async function reasons(one, answer, hash = "#lang=en") {
  const opened = await openMap(browser, server.url, {
    hash: `${hash}&event=${one.id}`,
    answers: { [EVENTS]: collection(NAMED, UNNAMED, one), "/collections/articles/items/one": { type: "Feature", id: "one", geometry: null, properties: { title: "A title", text: TEXT } }, ...(answer === undefined ? {} : { [TOPONYMS]: answer }) },
  });
  await opened.page.locator("#detail mark").first().waitFor();
  return opened;
}

test("passes, evidence and grounds are told in words, and unknown ones by their ids", async () => {
  const steps = [
    { pass: "resolve:designator", candidates: 9, evidence: { text: "city", start: 0, end: 4 } },
    { pass: "resolve:country", candidates: 9, evidence: null },
    { pass: "resolve:country", candidates: 9, evidence: null },
    { pass: "resolve:stars", candidates: 9, evidence: null },
  ];
  const grounds = [{ feature: "country", worth: 1.8 }, { feature: "near", worth: -1.2 }, { feature: "zodiac", worth: 0.9 }, { feature: "main", worth: 0.1 }];
  const answer = collection(toponym({ steps, namesakes: 9, candidates: [candidate(0, { grounds }), candidate(1, { probability: 0.0004 })] }));
  const { page, seen, close } = await reasons(NAMED, answer);
  await open(page);
  assert.match(await page.locator(".why-note").textContent(), /^Very likely.*93%/);
  assert.deepEqual(await page.locator(".why-steps li").allTextContents(), [
    "the word before or behind it says what it is: “city” · 9 places left", "the text speaks of its country · among 9 places", "resolve:stars · among 9 places",
  ]);
  assert.equal(await page.locator("#why h3").textContent(), "The 2 likeliest of 9 places that bear this name");
  const [chosen, other] = await candidates(page).allTextContents();
  assert.match(chosen, /^Gaochosen.*98%Ahead: the text speaks of its country, zodiacBehind: some way from the other places of the text$/);
  assert.match(other, /< 1%$/);
  await speak(page, "fr");
  await page.locator("#why dl").waitFor();
  assert.equal(await button(page).textContent(), "Pourquoi ici ?");
  assert.match(await page.locator("#why").textContent(), /Très probable.*le texte parle de son pays.*«\u00a0city\u00a0»/);
  await page.locator('[data-control="back"]').click();
  await page.locator('#list button[data-event="unnamed"]').click();
  assert.ok(await page.locator("#why").isHidden(), "another event's reasons are closed");
  assertQuiet(seen);
  await close();
});

test("the name is asked for where it stands, in code points, and not within a longer word", async () => {
  const { page, close } = await reasons(NAMED, collection(toponym()));
  const asked = page.waitForRequest((request) => request.url().includes(TOPONYMS));
  await open(page);
  assert.equal(new URL((await asked).url()).searchParams.get("at"), String(pointOf("Gao.")));
  await close();
});

test("a place that the sentence does not name is found by its id, and that is said", async () => {
  const others = [toponym({ place_id: "made:gaoua", text: "Gaoua" }), toponym({ text: "Gaois", rule: "sense:demonym" }), toponym()];
  for (const id of ["made:gao", "made:gao#near"]) {
    const { page, seen, close } = await reasons(event("one", UNNAMED.properties.quote, { place_id: id, place: "near Gao" }), collection(...others));
    const asked = page.waitForRequest((request) => request.url().includes(TOPONYMS));
    await open(page);
    assert.equal(new URL((await asked).url()).search, "");
    const told = await page.locator("#why dl").textContent();
    assert.match(told, /“Gao”.*elsewhere in the article/);
    assert.equal(/put at “near Gao”/.test(told), id.endsWith("#near"));
    assertQuiet(seen);
    await close();
  }
});

test("what was too unsure, what nobody knows, and what stands for something else", async () => {
  const cases = [
    [toponym({ said: false, confidence: 0.3, candidates: [candidate(0, { probability: 0.5 }), candidate(1, { probability: 0.5 })], namesakes: 2 }), /^Too uncertain to place.*30%.*LikeliestGao.*Ahead because/],
    [toponym({ said: false, place: null, place_id: null, confidence: 0.5, rule: "recognise:cue" }), /^No place of this name is knownName“Gao”Ruleunknown to the gazetteer$/],
    [toponym({ rule: "sense:speaker", steps: [{ pass: "resolve:single", candidates: 1, evidence: null }] }), /Stands forthe government that speaks.*Settled bythe only place of this name$/],
  ];
  for (const [answer, words] of cases) {
    const { page, seen, close } = await reasons(NAMED, collection(answer));
    await open(page);
    await page.locator("#why dl").waitFor();
    assert.match(await page.locator("#why").textContent(), words);
    assert.equal(await page.locator("#why .is-chosen").count(), 0);
    assertQuiet(seen);
    await close();
  }
});

test("no such name, no article and no answer are said; the last can be tried again", async () => {
  const { page, close } = await reasons(NAMED, collection());
  await open(page);
  const told = (words) => page.waitForFunction((words) => document.querySelector(".why-note").textContent.includes(words), words);
  await told("does not have this name");
  const answer = async (fulfil) => {
    await page.unrouteAll();
    await page.route((url) => url.pathname.endsWith(TOPONYMS), fulfil);
  };
  await answer((route) => route.fulfill({ status: 404, contentType: "application/problem+json", body: "{}" }));
  await button(page).click();
  await button(page).click();
  await told("The article is not kept here");
  await answer((route) => route.abort("connectionrefused"));
  await button(page).click();
  await button(page).click();
  await told("could not be loaded");
  await answer((route) => route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(collection(toponym())) }));
  await page.locator('[data-control="retry-why"]').press("Enter");
  await told("Very likely");
  assert.ok(await button(page).evaluate((one) => one === document.activeElement), "the keyboard is not lost");
  await close();
});

test("hostile words are shown as text", async () => {
  const evil = "<img src=x onerror=window.hostile=1>";
  const answer = collection(toponym({
    text: evil, place: evil, kind: evil, admin1: evil, rule: evil, namesakes: 2,
    steps: [{ pass: evil, candidates: 2, evidence: { text: evil, start: 0, end: 1 } }],
    candidates: [candidate(0), candidate(1, { place: evil, grounds: [{ feature: evil, worth: 1 }] }), candidate(2, { lon: null })],
  }));
  const { page, seen, close } = await reasons(NAMED, answer);
  await open(page);
  await candidates(page).first().waitFor();
  assert.equal(await candidates(page).count(), 2);
  await page.locator("button.candidate").click();
  await page.locator(".map-tip.is-found").waitFor();
  assert.deepEqual(await pins(page), [evil]);
  assert.equal(await page.locator("#why img").count(), 0);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assertQuiet(seen);
  await close();
});

test("a look takes nothing from what was searched for, and ends with the event", async () => {
  const found = { type: "Feature", id: "made:found", geometry: { type: "Point", coordinates: [2, 16] }, properties: { name: "Found", label: "Found", kind: "settlement" } };
  const { page, seen, close } = await reasons(NAMED, collection(toponym({ candidates: [candidate(0), candidate(1)], namesakes: 2 })));
  await page.route((url) => url.pathname.endsWith("/collections/places/items"), (route) => route.fulfill({ contentType: "application/geo+json", body: JSON.stringify(collection(found)) }));
  await page.locator("#search").fill("Found");
  await page.locator("#search").press("Enter");
  await page.locator(".map-tip.is-found").waitFor();
  await open(page);
  await page.locator("button.candidate").click();
  assert.deepEqual((await pins(page)).sort(), ["Found", "Gao"]);
  await page.locator('[data-control="back"]').click();
  assert.deepEqual(await pins(page), ["Found"]);
  assertQuiet(seen);
  await close();
});
