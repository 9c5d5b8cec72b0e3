// All events that are loaded, in the order in which they are listed, and numbered for quick filtering.
import { eventFrom, joinReports, leads, type SitEvent } from "./event";
import { FACETS, type Facet } from "./state";

const valueOf: Record<Facet, (event: SitEvent) => string> = {
  actor: (event) => event.actorKey,
  action: (event) => event.action,
  status: (event) => event.status,
  country: (event) => event.country,
};

/** The values of a facet, numbered in the order in which they were met. */
interface Column {
  values: string[];
  /** The number of each event's value, in the events' order. */
  codes: Int32Array;
  /** For each value the first event that has it. */
  firsts: number[];
}

/** An undated event is after all days. */
export const NEVER = 2 ** 30;

/** The happenings of a moment: one event for each, that of its most exact report. */
export class EventSet {
  /** Newest first; the undated last. */
  readonly events: SitEvent[];
  /** First and last days, in the same order. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly columns: Record<Facet, Column>;
  /** Where they are drawn, in web mercator, and the number of the place; NaN for what has none. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly site: Int32Array;
  /** The radius of their areas, 0 for none; and whether they are movements between two places. */
  readonly areaKm: Float32Array;
  readonly moves: Uint8Array;
  /** From the first day to the last of all that are dated. */
  readonly span: [number, number] | null;
  private readonly byId: Map<string, SitEvent>;

  constructor(readonly all: SitEvent[], readonly matched = all.length) {
    this.byId = new Map(all.map((event) => [event.id, event]));
    this.events = byDate(all.filter(leads));
    const count = this.events.length;
    [this.from, this.to, this.site] = [new Int32Array(count).fill(NEVER), new Int32Array(count).fill(NEVER), new Int32Array(count)];
    [this.x, this.y] = [new Float64Array(count).fill(NaN), new Float64Array(count).fill(NaN)];
    [this.areaKm, this.moves] = [new Float32Array(count), new Uint8Array(count)];
    let span: [number, number] | null = null;
    for (let row = 0; row < count; row++) {
      const { at, days, areaKm, movement } = this.events[row]!;
      if (days) {
        [this.from[row], this.to[row]] = days;
        span ??= [days[0], days[1]];
        if (days[0] < span[0]) span[0] = days[0];
        if (days[1] > span[1]) span[1] = days[1];
      }
      if (at) [this.x[row], this.y[row], this.site[row], this.areaKm[row]] = [at.x, at.y, at.site, areaKm ?? 0];
      this.moves[row] = Number(!!movement);
    }
    this.span = span;
    this.columns = Object.fromEntries(FACETS.map((facet) => [facet, numbered(this.events, valueOf[facet])])) as Record<Facet, Column>;
  }

  get(id: string | null): SitEvent | null {
    return this.byId.get(id ?? "") ?? null;
  }

  /** How many of these events, by their numbers, each actor has. */
  actorsOf(rows: number[]): Map<string, number> {
    const { codes, values } = this.columns.actor;
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(codes[row]!, (counts.get(codes[row]!) ?? 0) + 1);
    return new Map([...counts].map(([code, count]) => [values[code]!, count]));
  }

  /** With events as the server tells them, and without those of some ids. */
  changed(features: unknown[], gone: string[]): EventSet {
    const all = new Map(this.byId);
    for (const id of gone) all.delete(id);
    for (const feature of features) {
      const event = eventFrom(feature);
      if (event) all.set(event.id, event);
    }
    const events = [...all.values()];
    joinReports(events);
    return new EventSet(events, this.matched + events.length - this.all.length);
  }
}

function numbered(events: SitEvent[], value: (event: SitEvent) => string): Column {
  const numbers = new Map<string, number>();
  const firsts: number[] = [];
  const codes = new Int32Array(events.length);
  for (let row = 0; row < events.length; row++) {
    const own = value(events[row]!);
    const known = numbers.get(own);
    codes[row] = known ?? numbers.size;
    if (known !== undefined) continue;
    numbers.set(own, numbers.size);
    firsts.push(row);
  }
  return { values: [...numbers.keys()], codes, firsts };
}

/** Newest first, the undated last; those of one date as they were. */
function byDate(events: SitEvent[]): SitEvent[] {
  const count = events.length;
  const [from, to, order] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  for (let i = 0; i < count; i++) {
    // Whatever has no date is before all that has one.
    [from[i], to[i]] = events[i]!.days ?? [-NEVER, -NEVER];
    order[i] = i;
  }
  order.sort((a, b) => from[b]! - from[a]! || to[b]! - to[a]! || a - b);
  return Array.from(order, (i) => events[i]!);
}
