// Regions as areas: where an event's place is a country or a first-order division, that region's own outline is
// drawn instead of a circle. Outlines are asked for when they come into view; until then the circle stands.
import * as L from "leaflet";
import type { Geometry, Position } from "geojson";
import { loadOutlines } from "../api";
import type { SitEvent } from "../event";
import { outline } from "./shapes";

/** So many outlines are the most that can be told apart; the newest are drawn. */
const MOST = 25;
/** Ids of what the server has outlines of; "northern Syria" is `country:SY#north`, and no region itself. */
const REGION = /^(country|admin1):[\w.-]+$/;
/** When the server did not answer, it is asked again after so many milliseconds. */
const RETRY = 30_000;

type Outline = L.LatLng[][][];

export const isRegion = ({ areaKm, is }: SitEvent) => areaKm !== null && REGION.test(is.place_id ?? "");

export class Outlines {
  /** By the region's id; null where there is none, or none yet. */
  private readonly known = new Map<string, Outline | null>();
  private readonly drawn = new Map<string, L.Path>();
  private isAsking = false;

  constructor(private readonly map: L.Map, private readonly onLoad: () => void, private readonly onSelect: (event: SitEvent) => void) {}

  /** Draws the outlines for events, the newest first, one for a region. Gives back those events that need a circle. */
  show(events: SitEvent[], selected: SitEvent | null): SitEvent[] {
    const regions = new Map<string, SitEvent>();
    const missing = new Map<string, SitEvent>();
    const circles: SitEvent[] = [];
    for (const event of events) {
      const id = event.is.place_id!;
      const isFirst = isRegion(event) && !regions.has(id) && (regions.size < MOST || event === selected);
      if (isFirst || (regions.has(id) && event === selected)) regions.set(id, event);
      if (!regions.has(id) || !this.known.get(id)) circles.push(event);
      if (isFirst && !this.known.has(id)) missing.set(id, event);
    }
    this.drawOnly(regions, selected);
    if (missing.size > 0 && !this.isAsking) void this.ask(missing);
    return circles;
  }

  /** What is drawn already stays: an outline may have ten thousand points. */
  private drawOnly(regions: Map<string, SitEvent>, selected: SitEvent | null): void {
    const wanted = new Map<string, () => L.Path>();
    // The smaller lie upon the larger, where they can be pressed.
    for (const [id, event] of [...regions].sort(([, a], [, b]) => b.areaKm! - a.areaKm!)) {
      const parts = this.known.get(id);
      const chosen = event === selected;
      if (parts) wanted.set(`${event.id} ${chosen}`, () => outline(event, chosen, parts, () => this.onSelect(event)));
    }
    for (const [key, path] of this.drawn) {
      if (wanted.has(key)) continue;
      path.remove();
      this.drawn.delete(key);
    }
    let isNew = false;
    for (const [key, make] of wanted) {
      const there = this.drawn.get(key);
      const path = there ?? make().addTo(this.map);
      this.drawn.set(key, path);
      isNew ||= !there;
      if (isNew) path.bringToFront();
    }
  }

  private async ask(missing: Map<string, SitEvent>): Promise<void> {
    this.isAsking = true;
    const ids = [...missing.keys()];
    try {
      const found = await loadOutlines(ids);
      for (const [id, { at }] of missing) this.known.set(id, outlineOf(found.get(id), at!.lon));
      this.isAsking = false;
      this.onLoad();
    } catch {
      for (const id of ids) this.known.set(id, null);
      window.setTimeout(() => ids.forEach((id) => this.known.delete(id)), RETRY);
      this.isAsking = false;
    }
  }
}

/** The parts of a region, each in that copy of the world in which it lies nearest to the region's point. */
function outlineOf(geometry: Geometry | undefined, lon: number): Outline | null {
  if (geometry?.type === "Polygon") return [partOf(geometry.coordinates, lon)];
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.map((part) => partOf(part, lon)) : null;
}

function partOf(rings: Position[][], near: number): L.LatLng[][] {
  // Beyond the antimeridian lies the rest of Russia, or of Fiji: not at the other end of the map.
  const turn = 360 * Math.round((near - rings[0]![0]![0]!) / 360);
  return rings.map((ring) => ring.map(([lon, lat]) => L.latLng(lat!, lon! + turn)));
}
