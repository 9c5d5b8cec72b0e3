// Events as the server lists them column by column: tens of thousands, of each only what the map draws by.
import { parseDay } from "./days";
import { ACTIONS, eventOf, lonLat, statusOf, type EventProperties, type SitEvent } from "./event";

/** The properties that the map draws by. */
export const DRAWN = [
  "article", "action", "status", "actor", "actor_id", "counterpart", "counterpart_id", "claimed_by", "place", "place_id", "place_as_written", "country",
  "geo_precision", "radius_km", "origin", "origin_lon", "origin_lat", "destination", "destination_lon", "destination_lat",
  "date", "start", "end", "date_precision", "confidence", "incident",
] as const;
type Name = (typeof DRAWN)[number] | "id" | "lon" | "lat";
type Cell = string | number | null;

/** Where a property stands in `values`, its column has numbers of the values there. */
export interface Columns {
  numberMatched: number;
  numberReturned: number;
  columns: Partial<Record<Name, Cell[]>>;
  values: Partial<Record<Name, string[]>>;
}

/** Reads columns; events that the map does not know are left out. */
export function eventsFrom({ numberReturned, columns, values }: Columns): SitEvent[] {
  const none: Cell[] = [];
  const cells = (name: Name) => columns[name] ?? none;
  /** Each different text is read once, and then looked up by its number. */
  const read = <T>(name: Name, convert: (text: string | null) => T): ((row: number) => T) => {
    const column = cells(name);
    const converted = values[name]?.map(convert);
    const unknown = convert(null);
    return (row) => {
      const cell = column[row] ?? null;
      return cell === null ? unknown : converted ? converted[cell as number]! : convert(String(cell));
    };
  };
  const number = (name: Name) => {
    const column = cells(name);
    return (row: number) => (column[row] ?? null) as number | null;
  };
  const text = (name: Name) => read(name, (text) => text);

  const id = cells("id");
  const action = read("action", (text) => ACTIONS.find((known) => known === text) ?? null);
  const status = read("status", statusOf);
  const [country, actor, actorId, incident] = (["country", "actor", "actor_id", "incident"] as const).map(text) as [Texts, Texts, Texts, Texts];
  const [start, end] = [read("start", parseDay), read("end", parseDay)];
  const [radius, precision, lon, lat] = (["radius_km", "geo_precision", "lon", "lat"] as const).map(number) as [Numbers, Numbers, Numbers, Numbers];
  const [fromLon, fromLat, toLon, toLat] = (["origin_lon", "origin_lat", "destination_lon", "destination_lat"] as const).map(number) as [Numbers, Numbers, Numbers, Numbers];
  const properties = DRAWN.map((name) => [name, cells(name), values[name]] as const);

  const events: SitEvent[] = [];
  for (let row = 0; row < numberReturned; row++) {
    const known = action(row);
    if (!known) continue;
    const told = {
      id: String(id[row]), action: known, status: status(row), country: country(row) ?? "", actorKey: actorId(row) || actor(row) || "", incident: incident(row),
      at: lonLat(lon(row), lat(row)), from: lonLat(fromLon(row), fromLat(row)), to: lonLat(toLon(row), toLat(row)),
      start: start(row), end: end(row), radiusKm: radius(row) ?? 0, precision: precision(row) ?? 1,
    };
    events.push(eventOf(told, () => {
      const is: Record<string, unknown> = {};
      for (const [name, column, texts] of properties) {
        const cell = column[row] ?? null;
        if (cell !== null) is[name] = texts ? texts[cell as number] : cell;
      }
      return { ...is, status: told.status } as unknown as EventProperties;
    }));
  }
  return events;
}

type Texts = (row: number) => string | null;
type Numbers = (row: number) => number | null;
