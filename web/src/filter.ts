// Which events stand in the window, which before it, which have no date; and how many each filter would leave.
import type { SitEvent } from "./event";
import { NEVER, type EventSet } from "./events";
import { FACETS, type Facet, type State } from "./state";

export interface Scene {
  set: EventSet;
  /** The window, in days. */
  range: [number, number];
  /** In the window, newest first. */
  current: SitEvent[];
  /** Before the window, newest first. */
  past: SitEvent[];
  undated: SitEvent[];
  /** The same, by their numbers in the set. */
  rows: { current: number[]; past: number[]; undated: number[] };
  /** How many in the window are only planned. */
  announced: number;
  /** By facet, by value: events of the window (and undated ones) that this value would leave. */
  counts: Record<Facet, Map<string, number>>;
}

/** The events that the filters leave, whatever their time; in order. */
export function filtered(set: EventSet, { filters }: Pick<State, "filters">): SitEvent[] {
  const wanted = FACETS.map((facet) => chosen(set, facet, filters[facet]));
  const columns = FACETS.map((facet) => set.columns[facet].codes);
  return set.events.filter((_, i) => wanted.every((values, f) => !values || values[columns[f]![i]!]));
}

export function sceneOf(set: EventSet, { filters }: Pick<State, "filters">, [first, last]: [number, number]): Scene {
  const { events, from, to } = set;
  const current: SitEvent[] = [];
  const past: SitEvent[] = [];
  const undated: SitEvent[] = [];
  const rows: Scene["rows"] = { current: [], past: [], undated: [] };
  let announced = 0;
  const planned = set.columns.status.values.indexOf("planned");
  const columns = FACETS.map((facet) => set.columns[facet].codes);
  const wanted = FACETS.map((facet) => chosen(set, facet, filters[facet]));
  const counts = FACETS.map((facet) => new Int32Array(set.columns[facet].values.length));
  // Called at each step of the slider, over all events: plain loops over numbers.
  for (let i = 0; i < events.length; i++) {
    const isUndated = from[i] === NEVER;
    if (!isUndated && from[i]! > last) continue;
    const isPast = to[i]! < first;
    let missed = 0;
    let missing = -1;
    for (let f = 0; f < columns.length; f++) {
      if (wanted[f] && !wanted[f]![columns[f]![i]!]) {
        missed++;
        missing = f;
      }
    }
    if (missed === 0) {
      (isUndated ? undated : isPast ? past : current).push(events[i]!);
      (isUndated ? rows.undated : isPast ? rows.past : rows.current).push(i);
      if (!isUndated && !isPast && set.columns.status.codes[i] === planned) announced++;
    }
    if (isPast || missed > 1) continue;
    for (let f = 0; f < columns.length; f++) {
      // A facet's own choice does not count against its other values.
      if (missed === 0 || f === missing) counts[f]![columns[f]![i]!]!++;
    }
  }
  const counted = FACETS.map((facet, f) => [facet, new Map(set.columns[facet].values.map((value, code) => [value, counts[f]![code]!]))]);
  return { set, range: [first, last], current, past, undated, rows, announced, counts: Object.fromEntries(counted) as Scene["counts"] };
}

/** By the number of a value whether it is chosen; null where all are let through. */
function chosen(set: EventSet, facet: Facet, values: ReadonlySet<string>): boolean[] | null {
  return values.size === 0 ? null : set.columns[facet].values.map((value) => values.has(value));
}

/** Those of no date among those of the window. */
export const withUndated = (scene: Scene): Scene =>
  ({ ...scene, current: [...scene.current, ...scene.undated], rows: { ...scene.rows, current: [...scene.rows.current, ...scene.rows.undated] } });
