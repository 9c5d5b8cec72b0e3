// How the place names of an article were read: asked for when the reader wants to know.
import { getJson, pastedNames } from "./api";
import type { SitEvent } from "./event";
import { nameAt, ownId, toponymFrom, type Toponym } from "./toponym";

/** How an event's place name was read, and whether another sentence than the event's own has it. */
export interface Reading {
  toponym: Toponym;
  elsewhere: boolean;
}

/** Why an event is where it is; null when its article, read anew, has no such name. */
export async function loadReading({ is }: SitEvent, signal: AbortSignal): Promise<Reading | null> {
  const all = `collections/articles/items/${encodeURIComponent(is.article ?? "")}/toponyms`;
  const ask = async (at: number | null) => {
    const kept = pastedNames()?.filter(({ properties: { start, end } }) => at === null || (start <= at && at < end));
    const features = kept ?? (await getJson<{ features?: unknown[] }>(all + (at === null ? "" : `?at=${at}`), signal)).features ?? [];
    return features.map(toponymFrom);
  };
  const at = nameAt(is);
  const [here] = at === null ? [] : await ask(at);
  if (here) return { toponym: here, elsewhere: false };
  const ids = is.place_id ? [is.place_id, ownId(is.place_id)] : [];
  const named = (await ask(null)).filter(({ place }) => place && ids.includes(place.id));
  // Of a country there may be its people's name too: the place's own comes first.
  const toponym = named.find(({ text }) => text === is.place_as_written) ?? named[0];
  return toponym ? { toponym, elsewhere: true } : null;
}
