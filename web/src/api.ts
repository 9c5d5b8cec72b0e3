// The only requests the map makes: same origin, relative to the page.
import { eventFrom, joinReports, type Article, type SitEvent } from "./event";
import { placeFrom, type FoundPlace } from "./place";
import { nameAt, ownId, toponymFrom, type Toponym } from "./toponym";

const PAGE = 10_000;

interface Page {
  features?: unknown[];
  links?: { rel: string; href: string }[];
}

/** All events, page by page as the server's `next` links lead. */
export async function loadEvents(): Promise<SitEvent[]> {
  const events: SitEvent[] = [];
  let path: string | null = `collections/events/items?f=json&limit=${PAGE}`;
  const seen = new Set<string>();
  while (path && !seen.has(path)) {
    seen.add(path);
    const page: Page = await getJson(path);
    for (const feature of page.features ?? []) {
      const event = eventFrom(feature);
      if (event) events.push(event);
    }
    const next = page.links?.find((link) => link.rel === "next");
    path = next ? samePath(next.href) : null;
  }
  joinReports(events);
  return events;
}

const articles = new Map<string, Promise<Article>>();

/** One article's text; asked for once. */
export function loadArticle(id: string): Promise<Article> {
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

/** How an event's place name was read, and whether another sentence than the event's own has it. */
export interface Reading {
  toponym: Toponym;
  elsewhere: boolean;
}

/** Why an event is where it is; null when its article, read anew, has no such name. */
export async function loadReading({ is }: SitEvent, signal: AbortSignal): Promise<Reading | null> {
  const all = `collections/articles/items/${encodeURIComponent(is.article ?? "")}/toponyms`;
  const ask = async (query: string) => (await getJson<Page>(all + query, signal)).features?.map(toponymFrom) ?? [];
  const at = nameAt(is);
  const [here] = at === null ? [] : await ask(`?at=${at}`);
  if (here) return { toponym: here, elsewhere: false };
  const ids = is.place_id ? [is.place_id, ownId(is.place_id)] : [];
  const named = (await ask("")).filter(({ place }) => place && ids.includes(place.id));
  // Of a country there may be its people's name too: the place's own comes first.
  const toponym = named.find(({ text }) => text === is.place_as_written) ?? named[0];
  return toponym ? { toponym, elsewhere: true } : null;
}

/** Whether the server answered that it has no such thing. */
export const isMissing = (error: unknown) => error instanceof Error && error.cause === 404;

/** A server behind a proxy may not know its own name: only path and query of its links are used. */
function samePath(href: string): string {
  const url = new URL(href, document.baseURI);
  return url.pathname + url.search;
}

async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal: signal ?? null, headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`.trim(), { cause: answer.status });
  return (await answer.json()) as T;
}
