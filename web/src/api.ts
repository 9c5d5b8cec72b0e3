// The only requests the map makes: same origin, relative to the page.
import type { Feature, Geometry } from "geojson";
import { DRAWN, eventsFrom, type Columns } from "./columns";
import { isoDay } from "./days";
import { eventFrom, joinReports, type Article, type SitEvent } from "./event";
import { placeFrom, type FoundPlace } from "./place";

/** So many events are kept at once; of more, the newest. */
const MOST = 100_000;

interface Page {
  features?: unknown[];
}

export interface Loaded {
  events: SitEvent[];
  /** How many the server has; more than there are events, where only the newest were loaded. */
  matched: number;
}

/** The events, of each what the map draws: all, or those of some days. */
export async function loadEvents(days?: [number, number]): Promise<Loaded> {
  const query = new URLSearchParams({ f: "columns", limit: String(MOST), properties: ["id", ...DRAWN].join() });
  if (days) query.set("datetime", days.map(isoDay).join("/"));
  const ask = (): Promise<Columns> => getJson(`collections/events/items?${query}`);
  let listed = await ask();
  if (listed.numberMatched > listed.numberReturned) {
    query.set("sortby", "-start");
    listed = await ask();
  }
  const events = eventsFrom(listed);
  joinReports(events);
  return { events, matched: listed.numberMatched };
}

/** An article that the reader gave: the server does not keep it, and is not asked for it again. */
export interface Pasted {
  article: Article;
  events: SitEvent[];
  /** The names in it, as features. */
  toponyms: { geometry: unknown; properties: { text: string; start: number; end: number; said?: boolean } }[];
}
let pasted: Pasted | null = null;

/** Until another is given, or null, this article is all that there is to look at. */
export const remember = (wanted: Pasted | null) => void (pasted = wanted);
/** The names of the remembered article. */
export const pastedNames = () => pasted?.toponyms;

/** Has an article read. `text` is its text as the reader sees it, for a server that does not send it back. */
export async function readArticle(source: string, type: string, text: string, published: string, signal: AbortSignal): Promise<Pasted> {
  const ask = async <T>(what: string): Promise<T> => {
    const query = new URLSearchParams({ f: "json", what, ...(published && { published }) });
    const answer = await fetch(`extract?${query}`, { method: "POST", signal, headers: { "Content-Type": type }, body: source });
    const told = await answer.json().catch(() => null);
    if (!answer.ok || !told) throw new Error(told?.detail ?? answer.statusText);
    return told;
  };
  const [read, names] = await Promise.all([
    ask<Page & { article: Article }>("events"),
    ask<{ features: Pasted["toponyms"] }>("toponyms"),
  ]);
  return { article: { ...read.article, text: read.article.text ?? text }, events: readEvents(read.features), toponyms: names.features };
}

/** Events with all that is known of them, such as the sentence: those of an article. */
export async function loadEventsOf(article: string): Promise<SitEvent[]> {
  if (pasted) return pasted.events;
  const query = new URLSearchParams({ f: "json", limit: "1000", article });
  const page: Page = await getJson(`collections/events/items?${query}`);
  return readEvents(page.features);
}

/** The same of an incident: its reports, the most exact first. */
export async function loadReports(incident: string): Promise<SitEvent[]> {
  if (pasted) return pasted.events;
  const { reports }: { reports?: unknown[] } = await getJson(`collections/incidents/items/${encodeURIComponent(incident)}?f=json`);
  return readEvents(reports);
}

const readEvents = (features?: unknown[]) => (features ?? []).map(eventFrom).filter((event) => event !== null);

/** The outlines of countries and first-order divisions, by their ids; those that are not known are left out. */
export async function loadOutlines(ids: string[]): Promise<Map<string, Geometry>> {
  const query = new URLSearchParams({ f: "json", limit: "50", filter: `id IN (${ids.map((id) => `'${id}'`).join()})` });
  const page: Page = await getJson(`collections/areas/items?${query}`);
  return new Map((page.features as Feature[] | undefined)?.map(({ id, geometry }) => [String(id), geometry]));
}

const articles = new Map<string, Promise<Article>>();

/** One article's text; asked for once. */
export function loadArticle(id: string): Promise<Article> {
  if (pasted) return Promise.resolve(pasted.article);
  let wanted = articles.get(id);
  if (!wanted) {
    wanted = getJson<{ properties: Article }>(`collections/articles/items/${encodeURIComponent(id)}?f=json`).then((f) => f.properties);
    wanted.catch(() => articles.delete(id));
    articles.set(id, wanted);
  }
  return wanted;
}

/** Places whose name this may be the beginning of, the best first. */
export async function findPlaces(text: string, lang: string, limit: number, signal: AbortSignal): Promise<FoundPlace[]> {
  const query = new URLSearchParams({ q: text, limit: String(limit), lang, f: "json" });
  const page: Page = await getJson(`collections/places/items?${query}`, signal);
  return (page.features ?? []).map(placeFrom).filter((place) => place !== null).slice(0, limit);
}

/** Whether the server answered that it has no such thing. */
export const isMissing = (error: unknown) => error instanceof Error && error.cause === 404;

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal: signal ?? null, headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`.trim(), { cause: answer.status });
  return (await answer.json()) as T;
}
