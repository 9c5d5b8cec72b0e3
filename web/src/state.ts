// What the reader chose, all of it in the address: a view can be sent as a link.
import { isoDay, parseDay, STEPS, type Step } from "./days";
import { ACTIONS, STATUSES } from "./event";
import { preferredLanguage, type Language } from "./i18n";
import { settings } from "./settings";

export type Theme = "auto" | "light" | "dark";
export const SPEEDS = [0.5, 1, 2, 4];
export const FACETS = ["actor", "action", "status", "country"] as const;
export type Facet = (typeof FACETS)[number];
/** What the table tells of each event. */
export const COLUMNS = ["date", "action", "status", "place", "country", "actor", "counterpart", "confidence", "reports"] as const;
export type Column = (typeof COLUMNS)[number];
/** Newest first, as in the list. */
const SORT = "-date";
export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

export interface State {
  /** The window of time, in days; null for the whole span. */
  range: [number, number] | null;
  /** Chosen values by facet; an empty set lets everything through. */
  filters: Record<Facet, ReadonlySet<string>>;
  /** The event in the panel. */
  selected: string | null;
  /** The events of one mark that stands for several, listed apart; not kept in the address. */
  group: string[] | null;
  view: View | null;
  /** The events in a table instead of the list. */
  table: boolean;
  /** The column by which the table is sorted; with a minus, the greatest first. */
  sort: string;
  /** The name of the base map; null until the reader chooses, empty for outlines alone. */
  base: string | null;
  lang: Language;
  theme: Theme;
  step: Step | null;
  speed: number;
  playing: boolean;
}

export type Change = Partial<State>;
type Listener = (state: State, changed: ReadonlySet<keyof State>) => void;

export class Store {
  private listeners: Listener[] = [];
  constructor(public state: State) {}

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  set(change: Change): void {
    const keys = (Object.keys(change) as (keyof State)[]).filter((key) => !same(this.state[key], change[key]));
    if (keys.length === 0) return;
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener(this.state, new Set(keys));
  }
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));
}

export function stateFromHash(hash: string): State {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const from = parseDay(params.get("from"));
  const to = parseDay(params.get("to"));
  const oneOf = <T extends string>(name: string, values: readonly T[]) => values.find((value) => value === params.get(name));
  const set = (name: Facet, known?: readonly string[]) =>
    new Set(params.getAll(name).filter((value) => !known || known.includes(value)));
  return {
    range: from !== null && to !== null ? [Math.min(from, to), Math.max(from, to)] : null,
    filters: { actor: set("actor"), action: set("action", ACTIONS), status: set("status", STATUSES), country: set("country") },
    selected: params.get("event"),
    group: null,
    view: viewFrom(params.get("map")),
    table: params.get("view") === "table",
    sort: oneOf("sort", COLUMNS.flatMap((column) => [column, `-${column}`])) ?? SORT,
    base: params.get("base"),
    lang: oneOf("lang", settings.languages) ?? preferredLanguage(settings.languages),
    theme: oneOf("theme", ["light", "dark"] as const) ?? "auto",
    step: oneOf("step", STEPS) ?? null,
    speed: SPEEDS.find((speed) => String(speed) === params.get("speed")) ?? 1,
    // Who asked for little motion starts it by hand.
    playing: params.get("play") === "1" && !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

export function hashFromState(state: State): string {
  const params = new URLSearchParams();
  if (state.range) {
    params.set("from", isoDay(state.range[0]));
    params.set("to", isoDay(state.range[1]));
  }
  for (const facet of FACETS) for (const value of state.filters[facet]) params.append(facet, value);
  if (state.selected) params.set("event", state.selected);
  if (state.view) params.set("map", `${state.view.zoom}/${state.view.lat.toFixed(4)}/${state.view.lon.toFixed(4)}`);
  if (state.table) params.set("view", "table");
  if (state.sort !== SORT) params.set("sort", state.sort);
  if (state.base !== null) params.set("base", state.base);
  params.set("lang", state.lang);
  if (state.theme !== "auto") params.set("theme", state.theme);
  if (state.step) params.set("step", state.step);
  if (state.speed !== 1) params.set("speed", String(state.speed));
  if (state.playing) params.set("play", "1");
  return "#" + params.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}

function viewFrom(text: string | null): View | null {
  const [zoom, lat, lon] = (text ?? "").split("/").map(Number);
  const sound = [zoom, lat, lon].every((n) => Number.isFinite(n)) && Math.abs(lat!) <= 85 && zoom! >= 0 && zoom! <= 20;
  return text && sound ? { zoom: zoom!, lat: lat!, lon: lon! } : null;
}
