// What the server says happened, as the map uses it.
import { parseDay } from "./days";

export const ACTIONS = [
  "withdrawal", "deployment", "advance", "evacuation",
  "capture", "siege",
  "offensive", "clash", "strike",
] as const;
export type Action = (typeof ACTIONS)[number];

/** The actions that go from somewhere to somewhere. */
const MOVEMENTS: readonly Action[] = ["withdrawal", "deployment", "advance", "evacuation"];

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
  /** Its number among the places: the same for what is closer than a thousandth of a degree, about 100 m. */
  site: number;
}

export interface SitEvent {
  id: string;
  action: Action;
  status: Status;
  /** As a code; empty where it is not known. */
  country: string;
  /** Where it is drawn; null when the place could not be resolved. */
  at: LonLat | null;
  /** The first and last day it may have happened on, as days since 1970; null when undated. */
  days: [number, number] | null;
  /** Both ends, when the text gives both. */
  movement: { from: LonLat; to: LonLat } | null;
  /** What the mark's own place is to a movement, when the text gives that one end and no other. */
  oneEnd: "leaving" | "arriving" | null;
  /** Drawn as an area of this radius, because a sharp pin would say too much; else null. */
  areaKm: number | null;
  /** The actor's key for filters and colours: the registry's id, else the name. */
  actorKey: string;
  /** The events that tell of the same happening, this one among them, the most exact first: that one stands for all. */
  reports: SitEvent[];
  /** The incident, where it is not named after this event. */
  incident: string | null;
  /** Of an event that was listed only what the map draws by; the rest once it was looked at. */
  readonly is: EventProperties;
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
  const [lon, lat] = geometry?.type === "Point" ? geometry.coordinates : [];
  const is = { ...properties, status: statusOf(properties.status) };
  return eventOf({
    id: String(id ?? properties.id), action: is.action, status: is.status, country: is.country ?? "", actorKey: is.actor_id || is.actor || "", incident: is.incident ?? null,
    at: lonLat(lon, lat), from: lonLat(is.origin_lon, is.origin_lat), to: lonLat(is.destination_lon, is.destination_lat),
    start: parseDay(is.start), end: parseDay(is.end), radiusKm: is.radius_km ?? 0, precision: is.geo_precision ?? 1,
  }, () => is);
}

/** One that is not known is said to have occurred. */
export const statusOf = (status: unknown): Status => (STATUSES.includes(status as Status) ? (status as Status) : "occurred");

/** What an event is drawn by, as it is told. */
export interface Told {
  id: string;
  action: Action;
  status: Status;
  country: string;
  actorKey: string;
  incident: string | null;
  at: LonLat | null;
  from: LonLat | null;
  to: LonLat | null;
  /** Days since 1970. */
  start: number | null;
  end: number | null;
  radiusKm: number;
  precision: number;
}

export function eventOf({ id, action, status, country, actorKey, incident, at, from, to, start, end, radiusKm, precision }: Told, properties: () => EventProperties): SitEvent {
  const isVague = radiusKm > TOWN_RADIUS_KM || precision >= REGION_PRECISION;
  // An evacuation may stand where it begins and tell only where it goes: no end of it is at its mark.
  const isHere = (place: LonLat | null) => !!place && place.site === at?.site;
  const last = end ?? start;
  return new Drawn(
    id, action, status, country, actorKey, incident, at,
    start === null || last === null ? null : [start, Math.max(start, last)],
    from && to && (from.lon !== to.lon || from.lat !== to.lat) ? { from, to } : null,
    !MOVEMENTS.includes(action) || (from && to) ? null : isHere(from) ? "leaving" : isHere(to) ? "arriving" : null,
    isVague && radiusKm > 0 ? radiusKm : null,
    properties,
  );
}

class Drawn implements SitEvent {
  reports: SitEvent[] = [this];
  private known: EventProperties | null = null;

  constructor(
    readonly id: string, readonly action: Action, readonly status: Status, readonly country: string, readonly actorKey: string, readonly incident: string | null,
    readonly at: LonLat | null, readonly days: [number, number] | null, readonly movement: SitEvent["movement"], readonly oneEnd: SitEvent["oneEnd"],
    readonly areaKm: number | null, private readonly properties: () => EventProperties,
  ) {}

  /** Put together when it is first asked for: of most of fifty thousand events it never is. */
  get is(): EventProperties {
    return (this.known ??= this.properties());
  }
}

/** Tells each event which others the server takes for reports of the same happening. */
export function joinReports(events: SitEvent[]): void {
  const followers = new Map<string, SitEvent[]>();
  for (const event of events) {
    event.reports = [event];
    if (event.incident === null || event.incident === incidentNamed(event.id)) continue;
    const there = followers.get(event.incident);
    if (there) there.push(event);
    else followers.set(event.incident, [event]);
  }
  if (followers.size === 0) return;
  const leaders = new Map(events.map((event) => [event.id, event]));
  for (const [incident, reports] of followers) {
    reports.sort((a, b) => (a.id < b.id ? -1 : 1));
    // An incident bears the id of its most exact report.
    const leader = leaders.get(incident.slice(incidentNamed("").length));
    const all = leader ? [leader, ...reports] : reports;
    for (const event of all) event.reports = all;
  }
}

const incidentNamed = (event: string) => `i-${event}`;
/** The id of the incident that an event is a report of. */
export const incidentOf = (event: SitEvent) => event.incident ?? incidentNamed(event.id);
/** Whether it is the report that stands for all of its incident. */
export const leads = (event: SitEvent) => event.reports[0] === event;

export function lonLat(lon?: number | null, lat?: number | null): LonLat | null {
  if (typeof lon !== "number" || typeof lat !== "number") return null;
  return { lon, lat, ...mercator(lon, lat), site: siteOf(lon, lat) };
}

const sites = new Map<number, number>();

/** Small numbers, counted on: they are quicker to look up than pairs of degrees. */
function siteOf(lon: number, lat: number): number {
  const key = Math.round(lon * 1000) * 1e6 + Math.round(lat * 1000);
  const known = sites.get(key) ?? sites.size;
  sites.set(key, known);
  return known;
}

export function mercator(lon: number, lat: number): { x: number; y: number } {
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) };
}

export const placeOf = (event: SitEvent) => event.is.place || event.is.place_as_written || "";
