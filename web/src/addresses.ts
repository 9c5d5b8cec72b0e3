// What is shown, as the API takes it: the part of the map, the window of time and the filters.
import { isoDay } from "./days";
import type { SitEvent } from "./event";
import type { State } from "./state";

/** West, south, east and north in degrees; across the antimeridian, west is greater than east. */
export type Bounds = [west: number, south: number, east: number, north: number];
export type Chosen = Pick<State, "range" | "filters">;

/** So many features are the most that one answer holds. */
const MOST = 100_000;
/** About ten metres. */
const DECIMALS = 4;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const oneOf = (property: string, values: string[]) => values.length > 0 && `${property} IN (${values.map(quoted).join(", ")})`;
const either = (...terms: (string | false)[]) => {
  const said = terms.filter(Boolean);
  return said.length > 1 ? `(${said.join(" OR ")})` : said[0];
};

/** The filters as CQL2 text; `events` tell which actors go by the registry's ids and which by their names. */
function filterTerms({ filters }: Chosen, events: SitEvent[]): string[] {
  const [actors, countries] = [filters.actor, filters.country].map((values) => [...values].filter(Boolean)) as [string[], string[]];
  const unregistered = new Set(events.flatMap(({ is }) => (is.actor && !is.actor_id ? [is.actor] : [])));
  const registered = new Set(events.map(({ is }) => is.actor_id));
  const names = actors.filter((actor) => unregistered.has(actor));
  // What nobody is called is still asked for: there are no events of it.
  const ids = actors.filter((actor) => registered.has(actor) || !unregistered.has(actor));
  const named = oneOf("actor", names);
  return [
    oneOf("action", [...filters.action]),
    oneOf("status", [...filters.status]),
    either(oneOf("actor_id", ids), named && `actor_id IS NULL AND ${named}`, filters.actor.has("") && "actor_id IS NULL AND actor IS NULL"),
    either(oneOf("country", countries), filters.country.has("") && "country IS NULL"),
  ].filter((term) => !!term) as string[];
}

/** The events that are shown, in one of the API's formats. */
export function itemsAddress(format: string, bounds: Bounds, chosen: Chosen, events: SitEvent[]): string {
  const query = new URLSearchParams({ f: format });
  // Only GeoJSON comes in pages; files are whole.
  if (format === "json") query.set("limit", String(MOST));
  query.set("bbox", bounds.map((degrees) => Number(degrees.toFixed(DECIMALS))).join());
  if (chosen.range) query.set("datetime", chosen.range.map(isoDay).join("/"));
  const filter = filterTerms(chosen, events).join(" AND ");
  if (filter) query.set("filter", filter);
  return absolute(`collections/events/items?${query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`);
}

/** The same as QGIS has it: a filter of the layer. */
export function qgisFilter(bounds: Bounds, chosen: Chosen, events: SitEvent[]): string {
  const [west, south, east, north] = bounds.map((degrees) => degrees.toFixed(DECIMALS)) as [string, string, string, string];
  const x = "x($geometry)";
  const columns = bounds[0] <= bounds[2] ? `${x} >= ${west} AND ${x} <= ${east}` : `(${x} >= ${west} OR ${x} <= ${east})`;
  return [
    // In QGIS a backslash begins an escape.
    ...filterTerms(chosen, events).map((term) => term.replaceAll("\\", "\\\\")),
    ...(chosen.range ? [`"end" >= '${isoDay(chosen.range[0])}'`, `"start" <= '${isoDay(chosen.range[1])}'`] : []),
    `${columns} AND y($geometry) >= ${south} AND y($geometry) <= ${north}`,
  ].join(" AND ");
}

/** An address of this service, whatever the page's own query and hash. */
export const absolute = (path: string) => new URL(path, document.baseURI).href;
