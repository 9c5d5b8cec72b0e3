// What is drawn to the map's own scale: circles of uncertainty, and arrows between two places.
import * as L from "leaflet";
import { colourOf } from "../colours";
import type { SitEvent } from "../event";
import { svg } from "../glyphs";
import type { Point } from "./layout";

const POINTS = 40;
/** How far an arrow bows, as a part of its length. */
const BOW = 0.16;
/** The head ends so many pixels before the place, where the marks stand. */
const GAP = 15;
const HEAD = 13;
const SHORTEST = 44;

export function drawArea(event: SitEvent, chosen: boolean, click: () => void): L.Circle {
  const circle = L.circle([event.at!.lat, event.at!.lon], {
    pane: "areas", radius: event.areaKm! * 1000, color: colourOf(event.actorKey).fill,
    className: `area is-${event.is.status}${chosen ? " is-selected" : ""}`, bubblingMouseEvents: false,
  });
  return circle.on("click", click);
}

export interface Arrow {
  event: SitEvent;
  /** The line from its origin to the head's base, and the head's tip, in pixels of one zoom level. */
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
  return { event, line, tip, angle: (Math.atan2(tip.y - base.y, tip.x - base.x) * 180) / Math.PI };
}

/** Casing, line and head. The line's dash is the status. */
export function drawArrow({ event, line, tip, angle }: Arrow, chosen: boolean, unproject: (point: Point) => L.LatLng, click: () => void): L.Layer[] {
  const { fill } = colourOf(event.actorKey);
  const options = { pane: "arrows", smoothFactor: 0, bubblingMouseEvents: false };
  const state = `is-${event.is.status}${chosen ? " is-selected" : ""}`;
  const curve = line.map(unproject);
  const casing = L.polyline(curve, { ...options, className: `track-casing ${state}` });
  const track = L.polyline(curve, { ...options, color: fill, className: `track ${state}` });
  casing.on("click", click);
  track.on("click", click);
  const shape = { d: "M0 0-17-8.5-13 0-17 8.5Z", transform: `rotate(${angle.toFixed(1)})` };
  const picture = svg(
    "svg", { viewBox: "-20 -20 40 40", "aria-hidden": "true" },
    svg("path", { ...shape, class: "arrow-casing" }), svg("path", { ...shape, class: `arrow-head ${state}`, fill }),
  );
  const holder = document.createElement("div");
  holder.className = "arrow-holder";
  holder.append(picture);
  const head = L.marker(unproject(tip), {
    pane: "arrows", interactive: false, keyboard: false, icon: L.divIcon({ html: holder, className: "map-icon", iconSize: [40, 40] }),
  });
  return [casing, track, head];
}
