// A stand-in for the server while the map is worked on: serves dist, the events of a fixture and its places, and
// why they are where they are.
//   npm run mock -- [--port 8080] [--fixture dev/fixture.json] [--repeat N] [--page N]
// `--repeat` scatters N copies of the events (for load), `--page` limits a page (for paging).
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: { port: { type: "string", default: "8080" }, fixture: { type: "string", default: join(here, "fixture.json") }, repeat: { type: "string", default: "1" }, page: { type: "string", default: "10000" } },
});
const fixture = JSON.parse(readFileSync(options.fixture, "utf8"));
const dist = join(here, "../dist");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png" };
const CSP = "default-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'; form-action 'none'";

/** Takes the {1}…{/1} marks out of a text and says where they stood, in code points. */
function unmark(marked) {
  const quotes = {};
  let text = "";
  for (const piece of marked.split(/(\{\/?\d+\})/)) {
    const mark = /^\{(\/?)(\d+)\}$/.exec(piece);
    if (!mark) text += piece;
    else (quotes[mark[2]] ??= {})[mark[1] ? "end" : "start"] = [...text].length;
  }
  for (const quote of Object.values(quotes)) quote.text = [...text].slice(quote.start, quote.end).join("");
  return { text, quotes };
}

function days(date) {
  if (!date) return { date: null, start: null, end: null, date_precision: "unknown", date_basis: "none" };
  if (date.includes("/")) return { date, start: date.split("/")[0], end: date.split("/")[1], date_precision: "season", date_basis: "explicit" };
  if (date.length === 7) {
    const last = new Date(Date.UTC(+date.slice(0, 4), +date.slice(5), 0)).toISOString().slice(0, 10);
    return { date, start: `${date}-01`, end: last, date_precision: "month", date_basis: "explicit" };
  }
  return { date, start: date, end: date, date_precision: "day", date_basis: "explicit" };
}

const articles = new Map();
const events = [];
for (const article of fixture.articles) {
  const { text, quotes } = unmark(article.paragraphs.join("\n\n"));
  const { id, title, url, publisher, published, language } = article;
  articles.set(id, { type: "Feature", id, geometry: null, properties: { title, text, url, publisher, published, language } });
  article.events.forEach(([mark, action, status, actor, place, date, more], i) => {
    const [lon, lat, country, admin1, geo_precision = 1, radius_km = 3] = fixture.places[place];
    const { from, to, ...rest } = more;
    const end = (name, end) => (name ? { [end]: name, [`${end}_lon`]: fixture.places[name][0], [`${end}_lat`]: fixture.places[name][1] } : {});
    const quote = quotes[mark];
    events.push({
      type: "Feature", id: `${id}-${i}`, geometry: { type: "Point", coordinates: [lon, lat] },
      properties: {
        article: id, action, status, actor: fixture.actors[actor], actor_id: actor, place, place_id: `mock:${place}`, place_as_written: place, country, admin1, geo_precision, radius_km,
        ...days(date), ...end(from, "origin"), ...end(to, "destination"), confidence: 0.6 + ((i * 7) % 4) / 10, rule: `mock/${action}`,
        quote: quote.text, quote_start: quote.start, quote_end: quote.end, title, url, publisher, published, language, incident: `i-${action}-${place}-${date}`, ...rest,
      },
    });
  });
}
for (let n = 1, seed = 1; n < Number(options.repeat); n++) {
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (const event of events.slice(0, events.length / n)) {
    const date = new Date(Date.UTC(2012, 0, 1 + Math.floor(random() * 4400))).toISOString().slice(0, 10);
    const [lon, lat] = [random() * 90 - 15, random() * 55 - 5];
    events.push({ ...event, id: `${event.id}~${n}`, geometry: { type: "Point", coordinates: [lon, lat] }, properties: { ...event.properties, ...days(date), origin_lon: null, place: `Place ${n}` } });
  }
}

function items(url) {
  const limit = Math.min(Number(url.searchParams.get("limit") ?? 10), Number(options.page));
  const offset = Number(url.searchParams.get("cursor") ?? 0);
  const features = events.slice(offset, offset + limit);
  const next = `http://elsewhere.invalid${url.pathname}?f=json&limit=${limit}&cursor=${offset + limit}`;
  const links = offset + limit < events.length ? [{ rel: "next", type: "application/geo+json", href: next }] : [];
  return { type: "FeatureCollection", features, numberMatched: events.length, numberReturned: features.length, links };
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Places of which one name begins so; the real server knows more ways for a name to match. */
function places(url) {
  const wanted = fold(url.searchParams.get("q"));
  const found = Object.entries(fixture.places).flatMap(([name, [lon, lat, country, admin1, precision = 1, radius_km = 3]]) => {
    const label = (url.searchParams.get("lang") === "fr" && fixture.french[name]) || name;
    if (![name, label].some((one) => fold(one).startsWith(wanted))) return [];
    const kind = { 4: "admin1", 6: "region" }[precision] ?? "settlement";
    const properties = { name, label, kind, country, admin1, parent: admin1, radius_km, population: null, match: "prefix" };
    return [{ type: "Feature", id: `mock:${name}`, geometry: { type: "Point", coordinates: [lon, lat] }, properties }];
  });
  return { type: "FeatureCollection", features: found.slice(0, Number(url.searchParams.get("limit") ?? 10)) };
}

/** Every name of a place in an article's text, each with a namesake that it was not taken for. */
function toponyms({ properties: { text } }, at) {
  const features = Object.entries(fixture.places).flatMap(([place, [lon, lat, country, admin1, precision = 1]]) => {
    const kind = { 4: "admin1", 6: "region" }[precision] ?? "settlement";
    const is = { place, place_id: `mock:${place}`, kind, country, admin1 };
    const candidates = [
      { ...is, lon, lat, probability: 0.94, grounds: [{ feature: "country", worth: 1.84 }, { feature: "main", worth: 1.52 }, { feature: "near", worth: -0.7 }] },
      { ...is, place_id: `mock:${place}-2`, country: "ID", admin1: "East Java", lon: 112.71, lat: -8.02, probability: 0.06, grounds: [{ feature: "near", worth: -6.43 }, { feature: "population", worth: 3.1 }] },
    ];
    return [...text.matchAll(place)].map((found) => {
      const start = [...text.slice(0, found.index)].length;
      const steps = [{ pass: "resolve:country", candidates: 2, evidence: null }];
      return {
        type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] },
        properties: { ...is, text: place, start, end: start + [...place].length, sense: "literal", confidence: 0.91, rule: "resolve:country", said: true, steps, candidates, namesakes: 2 },
      };
    });
  });
  const covers = ({ properties: { start, end } }) => at === null || (start <= at && at < end);
  return { type: "FeatureCollection", features: features.filter(covers) };
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const send = (status, type, body) => response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff" }).end(body);
  if (url.pathname === "/collections/places/items") {
    if (!url.searchParams.get("q")) return send(400, "application/problem+json", JSON.stringify({ status: 400, title: "Bad Request" }));
    return send(200, "application/geo+json", JSON.stringify(places(url)));
  }
  const [, id, names] = /^\/collections\/articles\/items\/([^/]+)(\/toponyms)?$/.exec(url.pathname) ?? [];
  const article = articles.get(decodeURIComponent(id ?? ""));
  if (url.pathname === "/collections/events/items") return send(200, "application/geo+json", JSON.stringify(items(url)));
  if (article) return send(200, "application/geo+json", JSON.stringify(names ? toponyms(article, url.searchParams.get("at")) : article));
  try {
    const path = normalize(join(dist, url.pathname === "/" ? "index.html" : url.pathname));
    if (!path.startsWith(dist)) throw new Error("outside dist");
    send(200, TYPES[extname(path)] ?? "application/octet-stream", readFileSync(path));
  } catch {
    send(404, "application/problem+json", JSON.stringify({ status: 404, title: "Not Found" }));
  }
});
server.listen(Number(options.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
