// What the operator of the service chose: it comes with the page, in a script element that holds data.
import { ALL_LANGUAGES, type Language } from "./i18n";

/** A base map that the reader may choose. */
export interface Base {
  /** What the reader sees. */
  name: string;
  /** Tiles as pictures, by `{z}/{x}/{y}`, or one archive of them. */
  kind: "raster" | "pmtiles";
  url: string;
  attribution: string;
  max_zoom: number;
}

export interface Settings {
  title: string;
  languages: Language[];
  /** Where the map begins; null for where the events are. */
  view: { lat: number; lon: number; zoom: number } | null;
  /** The first is shown until the reader chooses; none for outlines alone. */
  base: Base[];
}

function read(): Settings {
  const given = JSON.parse(document.getElementById("settings")?.textContent || "{}") as Partial<Settings>;
  const languages = (given.languages ?? ALL_LANGUAGES).filter((lang) => ALL_LANGUAGES.includes(lang));
  return { title: given.title ?? "sitmap", languages: languages.length > 0 ? languages : ALL_LANGUAGES, view: given.view ?? null, base: given.base ?? [] };
}

export const settings = read();
/** Part of another page: the map and the time line alone. */
export const isEmbedded = new URLSearchParams(location.search).has("embed");
