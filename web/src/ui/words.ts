// An event in the reader's words: titles, dates and places as they stand in the list and the panel.
import { dayAndMonth, longMonth, longRange, parseDay, yearOf } from "../days";
import { placeOf, type SitEvent } from "../event";
import { actorName, countryName, fill, joined, lookUp, textsOf, type Language } from "../i18n";
import type { Named } from "../place";

export const actionText = (lang: Language, event: SitEvent) => textsOf(lang).actions[event.action];

export const placeText = (lang: Language, event: SitEvent) => placeOf(event) || textsOf(lang).notLocated;

export const actorText = (lang: Language, event: SitEvent) =>
  actorName(lang, event.is.actor, event.is.actor_id) ?? textsOf(lang).unknownActor;

/** "16 October 2019", "October 2019", "2019", "10–14 October 2019", or what is known of an undated day. */
export function dateText(lang: Language, event: SitEvent): string {
  if (!event.days) {
    const yearless = /^XXXX-(\d\d)-(\d\d)$/.exec(event.is.date ?? "");
    const day = yearless ? parseDay(`2000-${yearless[1]}-${yearless[2]}`) : null;
    return day === null ? textsOf(lang).undated : `${dayAndMonth(lang, day)}, ${textsOf(lang).yearUnknown}`;
  }
  const [from, to] = event.days;
  if (event.is.date_precision === "month" && to - from < 31) return longMonth(lang, from);
  if (event.is.date_precision === "year" && yearOf(from) === yearOf(to)) return String(yearOf(from));
  return longRange(lang, from, to);
}

/** "Raqqa, Syria · within 30 km". */
export function whereText(lang: Language, event: SitEvent): string {
  const texts = textsOf(lang);
  const parts = [placeText(lang, event)];
  if (event.is.admin1 && event.is.admin1 !== parts[0]) parts.push(event.is.admin1);
  if (event.country) parts.push(countryName(lang, event.country));
  return joined(parts, texts.comma) + (event.at ? "" : ` · ${texts.notLocated}`);
}

export function precisionText(lang: Language, event: SitEvent): string {
  const texts = textsOf(lang);
  const parts: string[] = [];
  const precision = lookUp(texts.geoPrecision, String(event.is.geo_precision));
  if (precision) parts.push(precision);
  const km = event.is.radius_km;
  if (km) parts.push(fill(texts.within, { km: new Intl.NumberFormat(lang, { maximumFractionDigits: km < 10 ? 1 : 0 }).format(km) }));
  return joined(parts, texts.comma);
}

/** What a place is and what it lies in: "Town or village · Aleppo, Syria". */
export function aboutPlace(lang: Language, { name, label, kind, parent, country }: Named): string {
  const land = country && kind !== "country" ? countryName(lang, country) : null;
  // The next larger place may be the country, by its name in either language, or the town's own province.
  const told = [name, label, land, country && countryName("en", country)];
  const larger = kind === "country" || kind === "admin1" || told.includes(parent) ? null : parent;
  return joined([lookUp(textsOf(lang).placeKinds, kind), joined([larger, land], textsOf(lang).comma)]);
}

/** From which confidence on it is called what: one in twenty is wrong, one in seven, two in five; or more. */
const SURE = [[0.95, "certain"], [0.85, "likely"], [0.6, "fair"], [0, "unsure"]] as const;
/** "Almost certain" … "uncertain": the same words for events as for names. */
export const surenessText = (lang: Language, confidence: number): string =>
  textsOf(lang).why.sureness[SURE.find(([least]) => confidence >= least)?.[1] ?? "unsure"];
