// Which events stand in the window, which before it, which have no date; and how many each filter would leave.
import type { SitEvent } from "./event";
import { FACETS, type Facet, type State } from "./state";

export interface Scene {
  /** In the window, newest first. */
  current: SitEvent[];
  /** Before the window, newest first. */
  past: SitEvent[];
  undated: SitEvent[];
  /** By facet, by value: events of the window (and undated ones) that this value would leave. */
  counts: Record<Facet, Map<string, number>>;
}

export const valueOf: Record<Facet, (event: SitEvent) => string> = {
  actor: (event) => event.actorKey,
  action: (event) => event.is.action,
  status: (event) => event.is.status,
  country: (event) => event.is.country ?? "",
};

export function spanOf(events: SitEvent[]): [number, number] | null {
  let span: [number, number] | null = null;
  for (const { days } of events) {
    if (days) span = span ? [Math.min(span[0], days[0]), Math.max(span[1], days[1])] : [days[0], days[1]];
  }
  return span;
}

/** Newest first; the undated last. The scene keeps the order of the events it is given. */
export function byDate(a: SitEvent, b: SitEvent): number {
  if (!a.days || !b.days) return Number(!a.days) - Number(!b.days);
  return b.days[0] - a.days[0] || b.days[1] - a.days[1] || (a.id < b.id ? -1 : 1);
}

export function sceneOf(events: SitEvent[], state: Pick<State, "filters">, range: [number, number]): Scene {
  const scene: Scene = {
    current: [], past: [], undated: [],
    counts: { actor: new Map(), action: new Map(), status: new Map(), country: new Map() },
  };
  const active = FACETS.filter((facet) => state.filters[facet].size > 0);
  for (const event of events) {
    const missed = active.filter((facet) => !state.filters[facet].has(valueOf[facet](event)));
    const where = !event.days ? scene.undated : event.days[1] < range[0] ? scene.past : event.days[0] > range[1] ? null : scene.current;
    if (!where) continue;
    if (missed.length === 0) where.push(event);
    if (where === scene.past) continue;
    for (const facet of FACETS) {
      // A facet's own choice does not count against its other values.
      if (missed.length === 0 || (missed.length === 1 && missed[0] === facet)) {
        const value = valueOf[facet](event);
        scene.counts[facet].set(value, (scene.counts[facet].get(value) ?? 0) + 1);
      }
    }
  }
  return scene;
}
