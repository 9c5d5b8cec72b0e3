// Why a place name of an article is where it is, as the server tells it.
import type { EventProperties } from "./event";
import { placeFrom, type FoundPlace, type Named } from "./place";

export interface Step {
  /** The pass of the resolver: `resolve:country`, … */
  pass: string;
  /** How many places the name could mean behind it. */
  candidates: number;
  /** The words of the text that it went by. */
  evidence: string | null;
}

export interface Ground {
  feature: string;
  /** What it adds to the log odds: for the place when positive, else against it. */
  worth: number;
}

export interface Candidate {
  place: FoundPlace;
  /** 0 to 1, all candidates together 1. */
  probability: number;
  /** The weightiest first. */
  grounds: Ground[];
}

export interface Toponym {
  /** As it is written. */
  text: string;
  /** What was chosen, or is the likeliest; null when the gazetteer knows none of the name. */
  place: (Named & { id: string }) | null;
  /** Whether that was sure enough to be put on the map. */
  said: boolean;
  confidence: number;
  rule: string;
  steps: Step[];
  /** The likeliest first; not all of them. */
  candidates: Candidate[];
  /** How many candidates there are in all. */
  namesakes: number;
}

interface CandidateProperties {
  place: string;
  place_id: string;
  kind: string;
  country?: string | null;
  admin1?: string | null;
}
interface ToponymProperties extends Partial<CandidateProperties> {
  text?: string;
  said?: boolean;
  confidence?: number;
  rule?: string;
  steps?: { pass: string; candidates: number; evidence: { text: string } | null }[];
  candidates?: (CandidateProperties & { lon: number; lat: number; probability: number; grounds?: Ground[] })[];
  namesakes?: number;
}

/** Reads one GeoJSON feature. */
export function toponymFrom(feature: unknown): Toponym {
  const is = (feature as { properties?: ToponymProperties | null }).properties ?? {};
  const { place_id: id, place, kind, country, admin1 } = is;
  const candidates = (is.candidates ?? []).flatMap((one) => {
    const properties = { ...one, name: one.place };
    const place = placeFrom({ id: one.place_id, geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties });
    return place ? [{ place, probability: one.probability, grounds: one.grounds ?? [] }] : [];
  });
  return {
    text: is.text ?? "",
    place: id && place ? { id, name: place, label: place, kind: kind ?? "", parent: admin1 ?? null, country: country ?? null } : null,
    // A server that does not tell places only what was sure enough.
    said: is.said ?? !!id, confidence: is.confidence ?? 0, rule: is.rule ?? "", candidates,
    steps: (is.steps ?? []).map(({ pass, candidates, evidence }) => ({ pass, candidates, evidence: evidence?.text ?? null })),
    namesakes: Math.max(is.namesakes ?? 0, candidates.length),
  };
}

/** The id of the place itself, where a part of it or a point by it is meant: `geonames:2455290#near`. */
export const ownId = (id: string) => id.split("#")[0]!;

const LETTER = /\p{L}/u;

/** Where in the article an event's place name stands, in code points; null when its sentence does not name it. */
export function nameAt({ place_as_written: name, quote, quote_start: start }: EventProperties): number | null {
  if (!name || !quote || typeof start !== "number") return null;
  const found: number[] = [];
  for (let at = quote.indexOf(name); at >= 0; at = quote.indexOf(name, at + 1)) found.push(at);
  // "Gao" is not meant by the first letters of "Gaoua".
  const whole = found.find((at) => !LETTER.test(quote.charAt(at - 1)) && !LETTER.test(quote.charAt(at + name.length)));
  const at = whole ?? found[0];
  return at === undefined ? null : start + [...quote.slice(0, at)].length;
}
