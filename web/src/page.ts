// The small map on the pages under /collections: the features of the page, over the same basemap. The table
// beside it has the same features with links to each; the map is its picture, and points back at its rows.
import "./style/page.css";
import * as L from "leaflet";
import type { Feature, Geometry } from "geojson";
import worldUrl from "../basemap/world.json?url";
import { colourOf } from "./colours";
import { BasemapLayer, loadBasemap } from "./map/basemap";
import { resolveColours } from "./map/theme";

type Properties = Record<string, string | number | null | undefined>;
type Found = Feature<Geometry | null, Properties | null>;
type Placed = Feature<Geometry, Properties | null>;

const MAX_ZOOM = 12;
/** Nothing is shown nearer than this at first: what lies around tells where it is. */
const FIT_ZOOM = 9;
/** Radii up to this, in kilometres, are the size of a town: a point is honest. */
const TOWN_KM = 20;

function start(): void {
  const holder = document.getElementById("map");
  const data = document.querySelector('script[type="application/geo+json"]')?.textContent;
  if (!holder || !data) return;
  const read = JSON.parse(data) as Found | { features: Found[] };
  const features = "features" in read ? read.features : [read];

  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, {
    // No further out than where the whole world fills the map's width.
    minZoom: Math.max(1, Math.floor(Math.log2(holder.clientWidth / 256))), maxZoom: MAX_ZOOM, attributionControl: false, worldCopyJump: true,
    zoomAnimation: !still, fadeAnimation: false, inertia: !still,
    // The page scrolls past the map: the wheel is the map's once it is chosen, and fingers move it by two.
    scrollWheelZoom: false, dragging: !matchMedia("(pointer: coarse)").matches,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.scale({ imperial: false, maxWidth: 90 }).addTo(map);
  const basemap = new BasemapLayer().addTo(map);
  const colour = () => basemap.setColours(resolveColours(holder));
  colour();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colour);
  // Without a basemap the features still stand where they stand.
  loadBasemap(worldUrl).then((world) => basemap.setBasemap(world), (error: unknown) => console.warn("basemap:", error));

  const items = holder.dataset["items"];
  const hrefOf = (feature: Found) => (items ? `${items}/${encodeURIComponent(String(feature.id))}` : null);
  const drawn = new Map<string, L.Path>();
  const all = L.featureGroup().addTo(map);
  for (const group of byPlace(features)) {
    const layers = shapesOf(group, features.length === 1);
    for (const layer of layers) layer.bindPopup(() => contents(group, hrefOf), { maxHeight: 200 }).addTo(all);
    for (const feature of group) drawn.set(String(feature.id), layers.at(-1)!);
  }
  map.fitBounds(inhabited(all.getBounds()), { maxZoom: FIT_ZOOM, padding: [30, 30], animate: false });
  pointFrom(drawn);
}

/** Without the ice at both ends, which this projection blows up. */
function inhabited(bounds: L.LatLngBounds): L.LatLngBounds {
  const clamp = (lat: number) => Math.max(-57, Math.min(72, lat));
  return L.latLngBounds([clamp(bounds.getSouth()), bounds.getWest()], [clamp(bounds.getNorth()), bounds.getEast()]);
}

/** The features that can be drawn: those at one point together, because one mark would hide the others. */
function byPlace(features: Found[]): Placed[][] {
  const groups = new Map<string, Placed[]>();
  for (const feature of features.filter((one): one is Placed => one.geometry !== null)) {
    const { geometry } = feature;
    const key = geometry.type === "Point" ? geometry.coordinates.join() : `feature ${feature.id}`;
    const group = groups.get(key);
    if (group) group.push(feature);
    else groups.set(key, [feature]);
  }
  return [...groups.values()];
}

/** What is drawn for features of one place; the last of it is what is pointed at. */
function shapesOf(group: Placed[], alone: boolean): L.Path[] {
  const { geometry, properties: is } = group[0]!;
  // The same colours as on the map of all events: one for each actor.
  const keys = new Set(group.map(({ properties }) => properties?.["actor_id"] || properties?.["actor"]));
  const [key] = keys;
  const color = key === undefined ? "var(--accent)" : keys.size > 1 ? "var(--neutral-mark)" : colourOf(String(key ?? "")).fill;
  const unsure = group.every(({ properties }) => properties?.["status"] === "planned" || properties?.["status"] === "denied");
  const state = unsure ? "is-hollow" : "";
  const point = (at: L.LatLng, radius: number) => L.circleMarker(at, { radius, className: `point ${state}`, color });
  if (geometry.type === "Point") {
    const at = L.GeoJSON.coordsToLatLng(geometry.coordinates as [number, number]);
    const km = Number(is?.["radius_km"] ?? 0);
    const around = alone && km > TOWN_KM ? [L.circle(at, { radius: km * 1000, className: "area is-around", color })] : [];
    return [...around, point(at, 6 + Math.min(6, Math.log2(group.length)))];
  }
  const shape = L.GeoJSON.geometryToLayer({ type: "Feature", geometry, properties: {} }) as L.Polyline;
  const isArea = shape instanceof L.Polygon;
  shape.setStyle({ className: `${isArea ? "area" : "line"} ${state}`, color });
  // Where a movement goes has a point; over the antimeridian it is a line in two parts.
  const end = isArea ? [] : shape.getLatLngs().flat(2).slice(-1);
  return [...end.map((at) => point(at as L.LatLng, 5)), shape];
}

function contents(group: Found[], hrefOf: (feature: Found) => string | null): HTMLElement {
  const list = document.createElement("ul");
  for (const feature of group) {
    const is = feature.properties ?? {};
    const href = hrefOf(feature);
    const name = document.createElement(href ? "a" : "strong");
    name.textContent = String(is["label"] || is["name"] || is["place"] || is["place_as_written"] || feature.id);
    if (href) name.setAttribute("href", href);
    const rest = document.createElement("span");
    const status = is["status"] === "occurred" ? null : is["status"];
    rest.textContent = [is["kind"], is["action"], status, is["date"], is["actor"]].filter(Boolean).join(" · ");
    const line = document.createElement("li");
    line.append(name, rest);
    list.append(line);
  }
  return list;
}

/** While a row of the table is pointed at, or a link in it has the focus, its feature stands out. */
function pointFrom(drawn: Map<string, L.Path>): void {
  const set = (on: boolean) => (event: Event) => {
    const href = (event.target as Element).closest("tr")?.querySelector("a")?.pathname;
    const layer = drawn.get(decodeURIComponent(href?.split("/").at(-1) ?? ""));
    layer?.getElement()?.classList.toggle("is-chosen", on);
    if (on) layer?.bringToFront();
  };
  const table = document.querySelector("tbody");
  for (const name of ["mouseover", "focusin"]) table?.addEventListener(name, set(true));
  for (const name of ["mouseout", "focusout"]) table?.addEventListener(name, set(false));
}

// Fields that were left empty do not belong into the address.
document.querySelector("form")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});
start();
