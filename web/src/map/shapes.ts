// What is drawn to the map's own scale: circles of uncertainty, and arrows between two places.
import * as L from "leaflet";
import { colourOf } from "../colours";
import type { SitEvent } from "../event";
import { svg } from "../glyphs";
import type { Point } from "./layout";

const EQUATOR_KM = 40_075;
const POINTS = 12;
/** Radii, in kilometres, from which an area's fill is thin, and from which there is hardly any: it would drown the map. */
const WIDE_KM = 80;
const VAST_KM = 200;
/** How far an arrow bows, as a part of its length. */
const BOW = 0.16;
/** The head ends so many pixels before the place, where the marks stand. */
const GAP = 15;
const HEAD = 13;
const SHORTEST = 44;
const HEAD_SHAPE = "M0 0-17-8.5-13 0-17 8.5Z";

/** How the area of an event looks. */
function lookOf({ areaKm, status }: SitEvent, chosen: boolean): string {
  return `area is-${status}${areaKm! > VAST_KM ? " is-vast" : areaKm! > WIDE_KM ? " is-wide" : ""}${chosen ? " is-selected" : ""}`;
}

/** The outline of a region. */
export function outline(event: SitEvent, chosen: boolean, parts: L.LatLng[][][], click: () => void): L.Path {
  const path = L.polygon(parts, { pane: "areas", color: colourOf(event.actorKey).fill, bubblingMouseEvents: false, className: lookOf(event, chosen) });
  // As on a mark: tells which event it is drawn for.
  return path.on("add", () => path.getElement()?.setAttribute("data-event", event.id)).on("click", click);
}

/** A circle of uncertainty; `scale` is the world's width in pixels, and `origin` where the picture begins. */
export function circle(event: SitEvent, chosen: boolean, scale: number, origin: Point): SVGElement {
  const { fill } = colourOf(event.actorKey);
  const { lat, x, y } = event.at!;
  // Away from the equator the map is larger than the world.
  const r = (event.areaKm! / (EQUATOR_KM * Math.cos((Math.min(Math.abs(lat), 85) * Math.PI) / 180))) * scale;
  const d = `M${x * scale - origin.x - r} ${y * scale - origin.y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  return svg("path", { d, class: `${lookOf(event, chosen)} leaflet-interactive`, fill, stroke: fill, "data-event": event.id });
}

export interface Arrow {
  event: SitEvent;
  /** The curve from its origin to the head's base: begin, control point and end, in pixels of one zoom. */
  curve: [Point, Point, Point];
  /** Points along it, for what keeps away from it. */
  line: Point[];
  tip: Point;
  /** The way the head points, in degrees clockwise from the right. */
  angle: number;
}

/** The arrow of a movement between two points of the screen; null where it would hide under its own marks. */
export function arrowBetween(event: SitEvent, a: Point, b: Point): Arrow | null {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length < SHORTEST) return null;
  const middle = { x: (a.x + b.x) / 2 + (b.y - a.y) * BOW, y: (a.y + b.y) / 2 - (b.x - a.x) * BOW };
  const along = (t: number): Point => {
    const mix = (p: number, q: number, r: number) => (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t ** 2 * r;
    return { x: mix(a.x, middle.x, b.x), y: mix(a.y, middle.y, b.y) };
  };
  /** How far along the curve one is this many pixels from its end. */
  const before = (pixels: number) => {
    let t = 1;
    while (t > 0.3 && Math.hypot(along(t).x - b.x, along(t).y - b.y) < pixels) t -= 0.01;
    return t;
  };
  const tip = along(before(GAP));
  const end = before(GAP + HEAD);
  const base = along(end);
  const line = Array.from({ length: POINTS + 1 }, (_, i) => along((i / POINTS) * end));
  const control = { x: a.x + (middle.x - a.x) * end, y: a.y + (middle.y - a.y) * end };
  return { event, curve: [a, control, base], line, tip, angle: (Math.atan2(tip.y - base.y, tip.x - base.x) * 180) / Math.PI };
}

/** Casing, line and head. The line's dash is the status. */
export function drawArrow({ event, curve, tip, angle }: Arrow, chosen: boolean, origin: Point): SVGElement {
  const { fill } = colourOf(event.actorKey);
  const state = `is-${event.status}${chosen ? " is-selected" : ""}`;
  const at = ({ x, y }: Point) => `${(x - origin.x).toFixed(1)} ${(y - origin.y).toFixed(1)}`;
  const line = { d: `M${at(curve[0])}Q${at(curve[1])} ${at(curve[2])}`, "data-event": event.id };
  const head = svg("g", { class: "arrow-holder", transform: `translate(${at(tip)}) rotate(${angle.toFixed(1)})` },
    svg("path", { d: HEAD_SHAPE, class: "arrow-casing" }), svg("path", { d: HEAD_SHAPE, class: `arrow-head ${state}`, fill, stroke: fill }));
  // As on a mark: what is denied is struck through.
  if (event.status === "denied") for (const name of ["slash-casing", "slash"]) head.append(svg("path", { d: "M-13 9-7-9", class: name }));
  return svg("g", {},
    svg("path", { ...line, class: `track-casing leaflet-interactive ${state}` }),
    svg("path", { ...line, class: `track leaflet-interactive ${state}`, stroke: fill }), head);
}
