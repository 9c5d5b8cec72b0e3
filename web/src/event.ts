// What the server says happened, as the map uses it.
import { parseDay } from "./days";

export const ACTIONS = [
  "withdrawal", "deployment", "advance", "evacuation",
  "capture", "siege",
  "offensive", "clash", "strike",
] as const;
export type Action = (typeof ACTIONS)[number];

export const STATUSES = ["occurred", "ongoing", "planned", "denied"] as const;
export type Status = (typeof STATUSES)[number];

export type DatePrecision = "day" | "week" | "month" | "season" | "year" | "unknown";

/** The properties of an event feature, by the names of the API. */
export interface EventProperties {
  article?: string | null;
  action: Action;
  status: Status;
  actor?: string | null;
  actor_id?: string | null;
  counterpart?: string | null;
  counterpart_id?: string | null;
  claimed_by?: string | null;
  place?: string | null;
  place_id?: string | null;
  place_as_written?: string | null;
  country?: string | null;
  admin1?: string | null;
  geo_precision?: number | null;
  radius_km?: number | null;
  origin?: string | null;
  origin_lon?: number | null;
  origin_lat?: number | null;
  destination?: string | null;
  destination_lon?: number | null;
  destination_lat?: number | null;
  date?: string | null;
  start?: string | null;
  end?: string | null;
  date_precision?: DatePrecision | null;
  date_basis?: string | null;
  quantity?: string | number | null;
  quantity_unit?: string | null;
  confidence?: number | null;
  quote?: string | null;
  quote_start?: number | null;
  quote_end?: number | null;
  rule?: string | null;
  title?: string | null;
  url?: string | null;
  publisher?: string | null;
  published?: string | null;
  language?: string | null;
  incident?: string | null;
}

/** A place, with its point in web mercator (0 to 1 both ways), which every zoom only scales. */
export interface LonLat {
  lon: number;
  lat: number;
  x: number;
  y: number;
}

export interface SitEvent {
  id: string;
  /** Where it is drawn; null when the place could not be resolved. */
  at: LonLat | null;
  /** The first and last day it may have happened on, as days since 1970; null when undated. */
  days: [number, number] | null;
  /** Both ends, when the text gives both. */
  movement: { from: LonLat; to: LonLat } | null;
  /** Drawn as an area of this radius, because a sharp pin would say too much; else null. */
  areaKm: number | null;
  /** The actor's key for filters and colours: the registry's id, else the name. */
  actorKey: string;
  /** The events that tell of the same happening, this one among them, in the order of publication. */
  reports: SitEvent[];
  is: EventProperties;
}

export interface Article {
  title: string | null;
  text: string;
  url: string | null;
  publisher: string | null;
  published: string | null;
  language: string | null;
}

/** Radii up to this are the size of a town: a point is honest. */
const TOWN_RADIUS_KM = 20;
/** UCDP `where_prec` from which a place is a division, a region or a country. */
const REGION_PRECISION = 4;

/** Reads one GeoJSON feature; null for one that is no event the map knows. */
export function eventFrom(feature: unknown): SitEvent | null {
  const { id, geometry, properties } = feature as {
    id?: string | number;
    geometry?: { type: string; coordinates: number[] } | null;
    properties?: EventProperties & { id?: string };
  };
  if (!properties || !ACTIONS.includes(properties.action)) return null;
  const is = { ...properties };
  if (!STATUSES.includes(is.status)) is.status = "occurred";
  const start = parseDay(is.start);
  const end = parseDay(is.end) ?? start;
  const vague = (is.radius_km ?? 0) > TOWN_RADIUS_KM || (is.geo_precision ?? 1) >= REGION_PRECISION;
  return {
    id: String(id ?? is.id),
    at: geometry?.type === "Point" ? lonLat(geometry.coordinates[0], geometry.coordinates[1]) : null,
    days: start === null || end === null ? null : [start, Math.max(start, end)],
    movement: movementOf(is),
    areaKm: vague && (is.radius_km ?? 0) > 0 ? is.radius_km! : null,
    actorKey: is.actor_id || is.actor || "",
    reports: [],
    is,
  };
}

/** Tells each event which others the server takes for reports of the same happening. */
export function joinReports(events: SitEvent[]): void {
  const incidents = new Map<string, SitEvent[]>();
  for (const event of events) {
    const id = event.is.incident ?? `i-${event.id}`;
    const reports = incidents.get(id);
    if (reports) reports.push(event);
    else incidents.set(id, [event]);
  }
  for (const reports of incidents.values()) {
    if (reports.length > 1) reports.sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));
    for (const event of reports) event.reports = reports;
  }
}

const order = ({ is }: SitEvent) => parseDay(is.published) ?? Infinity;

function movementOf(is: EventProperties): SitEvent["movement"] {
  const from = lonLat(is.origin_lon, is.origin_lat);
  const to = lonLat(is.destination_lon, is.destination_lat);
  return from && to && (from.lon !== to.lon || from.lat !== to.lat) ? { from, to } : null;
}

function lonLat(lon?: number | null, lat?: number | null): LonLat | null {
  if (typeof lon !== "number" || typeof lat !== "number") return null;
  return { lon, lat, ...mercator(lon, lat) };
}

export function mercator(lon: number, lat: number): { x: number; y: number } {
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) };
}

export const placeOf = (event: SitEvent) => event.is.place || event.is.place_as_written || "";
