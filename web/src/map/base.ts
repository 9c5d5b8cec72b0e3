// The base maps that the operator offers: tiles over the built-in outlines. The outlines are hidden where tiles cover
// all that is seen, and are the ground wherever one is missing: who loses the tiles loses nothing else.
import * as L from "leaflet";
import { textsOf, type Language } from "../i18n";
import { settings, type Base } from "../settings";
import { fillWith, h } from "../ui/dom";
import { controlOf } from "./control";

/** What became of a tile. An archive may end where its region ends: `missing` is no fault. */
type Fate = "drawn" | "missing" | "failed";
/** Parts of an address that the map can fill in. */
const UNKNOWN_PART = /\{(?![sxyzr]\})/;

export class BaseMaps {
  /** Whether tiles cover all that is seen, with the names that are on them. */
  covers = false;
  private chosen: Base | null = null;
  private layer: L.GridLayer | null = null;
  private readonly fates = new Map<HTMLElement, Fate>();
  private readonly choice = h("select", { class: "base-choice", data: { control: "base" }, on: { change: () => this.onChoose(this.choice.value) } });
  private readonly told = h("p", { class: "base-told", role: "status", dir: "auto" });
  private readonly attribution = h("p", { class: "base-attribution", dir: "auto" });
  private readonly controls: L.Control[];
  private hasFailed = false;
  private lang: Language = "en";

  constructor(private readonly map: L.Map, private readonly outlines: L.GridLayer, private readonly onChoose: (name: string) => void, private readonly onCover: () => void) {
    const corner = h("div", { class: "base-corner" }, this.told, this.attribution);
    this.controls = settings.base.length === 0 ? [] : [controlOf("topright", this.choice), controlOf("bottomright", corner)];
  }

  /** Shows the base map of this name: empty for outlines alone, null for the operator's first. */
  choose(name: string | null): void {
    const wanted = name === "" ? null : (settings.base.find((base) => base.name === name) ?? settings.base[0] ?? null);
    if (wanted !== this.chosen) void this.put(wanted);
    this.choice.value = wanted?.name ?? "";
  }

  setLanguage(lang: Language): void {
    this.lang = lang;
    const texts = textsOf(lang);
    this.choice.setAttribute("aria-label", texts.baseMap);
    this.choice.title = texts.baseMap;
    const option = (value: string, text: string) => h("option", { value, selected: value === (this.chosen?.name ?? "") }, text);
    fillWith(this.choice, ...settings.base.map(({ name }) => option(name, name)), option("", texts.plainBase));
    // Anew each time: they keep their place among the other controls.
    for (const control of this.controls) control.addTo(this.map);
    this.tell(this.hasFailed);
  }

  private async put(base: Base | null): Promise<void> {
    this.chosen = base;
    this.layer?.remove();
    this.layer = null;
    this.fates.clear();
    this.cover(false);
    this.tell(false);
    this.attribution.textContent = base?.attribution ?? "";
    if (!base) return;
    try {
      const layer = await layerOf(base);
      // The reader may have chosen another while it was opened.
      if (this.chosen === base) this.watch(layer);
    } catch {
      if (this.chosen === base) this.tell(true);
    }
  }

  private watch(layer: L.GridLayer): void {
    this.layer = layer;
    layer.on("tileload", ({ tile }: L.TileEvent) => this.fates.set(tile, "drawn"));
    layer.on("tileunload", ({ tile }: L.TileEvent) => this.fates.delete(tile));
    layer.on("tileerror", ({ tile, error }: L.TileErrorEvent) => {
      this.fates.set(tile, error instanceof RangeError ? "missing" : "failed");
      this.cover(false);
    });
    layer.on("load", () => {
      const count = (fate: Fate) => [...this.fates.values()].filter((one) => one === fate).length;
      this.cover(count("drawn") > 0 && count("drawn") === this.fates.size);
      // A hole in the map is seen as one; most of it missing needs a word.
      this.tell(count("failed") > count("drawn") || (this.hasFailed && count("failed") > 0));
    });
    layer.addTo(this.map);
  }

  private cover(covers: boolean): void {
    if (covers === this.covers) return;
    this.covers = covers;
    this.outlines.getContainer()?.classList.toggle("is-covered", covers);
    this.map.getContainer().classList.toggle("has-base", covers);
    this.onCover();
  }

  /** Said once, until the tiles are back: a status that is written again is read out again. */
  private tell(failed: boolean): void {
    this.hasFailed = failed;
    const text = failed ? textsOf(this.lang).baseFailed : "";
    if (this.told.textContent !== text) this.told.textContent = text;
  }
}

async function layerOf({ kind, url, max_zoom: maxNativeZoom }: Base): Promise<L.GridLayer> {
  const options = { className: "base-tiles", zIndex: 2, maxNativeZoom };
  if (kind === "pmtiles") return (await import("./archive")).openArchive(url, options);
  if (UNKNOWN_PART.test(url)) throw new Error(url);
  // Some providers answer only those who say from which site they ask; the page's policy is to say nothing.
  return L.tileLayer(url, { ...options, referrerPolicy: "strict-origin" });
}
