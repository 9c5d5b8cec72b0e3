// The map. Nothing outside this folder knows Leaflet.
import "leaflet/dist/leaflet.css";
import * as L from "leaflet";
import type { Bounds } from "../addresses";
import { placeOf, type SitEvent } from "../event";
import type { Scene } from "../filter";
import { glyphOf, clusterGlyph } from "../glyphs";
import { countryName, directionOf, joined, plural, textsOf, type Language } from "../i18n";
import type { FoundPlace } from "../place";
import { isEmbedded } from "../settings";
import type { View } from "../state";
import { reportsText } from "../ui/reports";
import { actionText, actorText, dateText } from "../ui/words";
import { settings } from "../settings";
import type { BaseMaps } from "./base";
import { BasemapLayer, loadBasemap, type Basemap } from "./basemap";
import { layLabels, type Label } from "./labels";
import { boxAround, cellsOf, layOut, MARK, Room, siteOf, type Mark, type Point } from "./layout";
import { FoundPin } from "./found";
import { FullScreen } from "./fullscreen";
import { isRegion, Outlines } from "./areas";
import { Drawing } from "./drawing";
import { arrowBetween, circle, drawArrow, type Arrow } from "./shapes";
import { Sheet, type Piece } from "./sheet";
import { resolveColours } from "./theme";

const MAX_ZOOM = 12;
/** The map ends at this latitude. */
const EDGE = 85;
/** From here on places are never gathered, only what coincides. */
const APART_ZOOM = 11;
/** A place that was searched for is shown with what lies around it: no nearer than this. */
const FOUND_ZOOM = 9;
/** It has at least so many pixels of the map's width. */
const LEAST_ROOM = 170;
/** A namesake is looked at from further away: which land it lies in is what tells it from the others. */
const LOOK_ZOOM = 6;
const LOOK_ZOOM_WIDE = 4;
const WIDE = ["country", "continent"];
/** Marks of what came before the window: so far apart, the newest first. */
const PAST_SPACING = 15;
/** What came before fades: so many of the window's lengths before it, it is older, and oldest. */
const AGES = [2, 10];
/** So many circles, and so many arrows, are the most that can be told apart; the newest are drawn. */
const MOST_SHAPES = 150;
/** A circle as small as that, in pixels, is not drawn. */
const LEAST_RADIUS = 8;

/** Side of the squares of the world that are laid out together, in pixels. */
const SQUARE = 512;
/** Radii from which an event says little of where it is. */
const VAST_KM = 300;
/** Of the events this part at each end may lie outside the first view. */
const OUTLIERS = 0.05;

/** The room that other things take from the map's sides, in pixels. */
export interface Inset {
  left: number;
  top: number;
  right: number;
  bottom?: number;
}
/** The events that a mark with a count stands for. */
export const gathered = new WeakMap<Element, () => SitEvent[]>();

type Wanted = Map<string, { at: Point; make: () => Piece }>;

export interface MapHandlers {
  onSelect(event: SitEvent): void;
  onGroup(events: SitEvent[]): void;
  onView(view: View): void;
  onBase(name: string): void;
}

export class MapView {
  private readonly map: L.Map;
  private readonly basemap = new BasemapLayer();
  private world: Basemap | null = null;
  private readonly circles = new Drawing("areas");
  private readonly arrows = new Drawing("arrows");
  private readonly sheet = new Sheet();
  private readonly outlines: Outlines;
  private readonly found = new FoundPin();
  private readonly looked = new FoundPin();
  private scene: Scene | null = null;
  private selected: SitEvent | null = null;
  private scale: L.Control.Scale | null = null;
  private zoomControl: L.Control.Zoom | null = null;
  /** Loaded only where the operator offers some. */
  private base: BaseMaps | null = null;
  private wantedBase: string | null = null;
  private readonly fullScreen: FullScreen;

  constructor(container: HTMLElement, private readonly handlers: MapHandlers, private lang: Language) {
    this.map = L.map(container, {
      center: [25, 20], zoom: 3, minZoom: 2, maxZoom: MAX_ZOOM,
      zoomControl: false, attributionControl: false, worldCopyJump: true,
      maxBounds: [[-EDGE, -Infinity], [EDGE, Infinity]], maxBoundsViscosity: 1,
      zoomAnimation: !reducedMotion(), fadeAnimation: false, markerZoomAnimation: !reducedMotion(), inertia: !reducedMotion(),
    });
    for (const [name, z] of [["areas", 410], ["arrows", 420], ["past", 590], ["labels", 650]] as const) {
      this.map.createPane(name).style.zIndex = String(z);
    }
    // The list holds the same events and is what the keyboard walks; the marks are its picture.
    for (const name of ["markerPane", "past", "labels"]) this.map.getPane(name)?.setAttribute("aria-hidden", "true");
    this.basemap.addTo(this.map);
    if (settings.base.length > 0) {
      void import("./base").then(({ BaseMaps }) => {
        this.base = new BaseMaps(this.map, this.basemap, handlers.onBase, () => this.draw());
        this.base.setLanguage(this.lang);
        this.base.choose(this.wantedBase);
      });
    }
    this.fullScreen = new FullScreen(this.map);
    this.outlines = new Outlines(this.map, () => this.draw(), (event) => handlers.onSelect(event));
    for (const layer of [this.circles, this.arrows, this.sheet]) layer.addTo(this.map);
    this.found.addTo(this.map);
    this.looked.addTo(this.map);
    this.map.on("moveend", () => {
      this.draw();
      const { lat, lng } = this.map.getCenter().wrap();
      handlers.onView({ zoom: this.map.getZoom(), lat, lon: lng });
    });
    if (isEmbedded) {
      // The page around scrolls past the map: the wheel is the map's once it is chosen.
      this.map.scrollWheelZoom.disable();
      container.addEventListener("focus", () => this.map.scrollWheelZoom.enable());
      container.addEventListener("blur", () => this.map.scrollWheelZoom.disable());
    }
    this.setLanguage(lang);
    this.refreshTheme();
  }

  async loadBasemap(url: string): Promise<void> {
    this.world = await loadBasemap(url);
    this.basemap.setBasemap(this.world);
    this.draw();
  }

  show(scene: Scene, selected: SitEvent | null): void {
    this.scene = scene;
    this.selected = selected;
    this.draw();
  }

  /** Events have changed: no mark of before is kept. */
  renew(): void {
    for (const layer of [this.circles, this.arrows, this.sheet]) layer.clear();
  }

  setLanguage(lang: Language): void {
    this.lang = lang;
    const texts = textsOf(lang);
    // The side of the panel: the card of filters is at the other.
    const rtl = directionOf(lang) === "rtl";
    this.scale?.remove();
    this.scale = L.control.scale({ imperial: false, position: rtl ? "bottomleft" : "bottomright", maxWidth: 90 }).addTo(this.map);
    this.zoomControl?.remove();
    this.zoomControl = L.control
      .zoom({ position: rtl ? "topleft" : "topright", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut })
      .addTo(this.map);
    this.fullScreen.setLanguage(lang);
    this.base?.setLanguage(lang);
    this.map.getContainer().setAttribute("aria-label", texts.mapLabel);
    this.draw();
  }

  /** Shows a base map by its name: empty for outlines alone, null for the operator's first. */
  setBase(name: string | null): void {
    this.wantedBase = name;
    this.base?.choose(name);
  }

  refreshTheme(): void {
    this.basemap.setColours(resolveColours(this.map.getContainer()));
  }

  resized(): void {
    this.map.invalidateSize({ animate: false });
  }

  /** What is seen, in degrees. */
  bounds(): Bounds {
    const bounds = this.map.getBounds();
    const [west, east] = [bounds.getWest(), bounds.getEast()];
    // What lies beyond the map's edge is drawn at it.
    const south = bounds.getSouth() <= -EDGE ? -90 : bounds.getSouth();
    const north = bounds.getNorth() >= EDGE ? 90 : bounds.getNorth();
    return east - west >= 360 ? [-180, south, 180, north] : [wrapped(west), south, wrapped(east), north];
  }

  setView({ zoom, lat, lon }: View): void {
    // To the very point: without a reset the map moves by whole pixels.
    this.map.setView([lat, lon], zoom, { animate: false, reset: true } as L.ZoomPanOptions);
  }

  /** Shows where most of these events are. */
  fit(events: SitEvent[], inset: Inset): void {
    // List and time line have just taken their part of the page.
    this.resized();
    const located = events.filter((e) => e.at);
    // One event somewhere in a vast country must not show the whole world.
    const sharp = located.filter((e) => (e.areaKm ?? 0) <= VAST_KM);
    const places = (sharp.length > 0 ? sharp : located).flatMap((e) => [e.at!, ...(e.movement ? [e.movement.from, e.movement.to] : [])]);
    if (places.length === 0) return;
    const [west, east] = bulkOf(places.map((at) => at.lon));
    const [south, north] = bulkOf(places.map((at) => at.lat));
    this.map.fitBounds(L.latLngBounds([south, west], [north, east]), {
      paddingTopLeft: [inset.left + 30, inset.top + 20], paddingBottomRight: [inset.right + 30, 20 + (inset.bottom ?? 0)], maxZoom: 9, animate: false,
    });
  }

  /** Brings an event's place into view, near enough to tell it from its neighbours. */
  focus(event: SitEvent, inset: Inset): void {
    if (!event.at) return;
    const at = L.latLng(event.at.lat, event.at.lon);
    const wanted = event.areaKm ? this.zoomForRadius(event.areaKm) : Math.max(this.map.getZoom(), 8);
    const zoom = event.areaKm ? Math.min(Math.max(this.map.getZoom(), 4), wanted) : wanted;
    const { left, right } = this.besides(inset);
    const { x: width, y: height } = this.map.getSize();
    const margin = L.point((width - left - right) * 0.15, height * 0.15);
    const free = L.bounds(L.point(left, 0).add(margin), L.point(width - right, height).subtract(margin));
    if (free.contains(this.map.latLngToContainerPoint(at)) && zoom === this.map.getZoom()) return;
    // In the middle of what is not covered.
    const middle = this.map.project(at, zoom).subtract([(left - right) / 2, 0]);
    this.map.setView(this.map.unproject(middle, zoom), zoom, { animate: !reducedMotion() });
  }

  /** Marks a place that was searched for and goes there; null takes the mark away. */
  showPlace(place: FoundPlace | null, inset: Inset): void {
    this.pin(this.found, place, inset, FOUND_ZOOM);
  }

  /** The same for a place that is only looked at: what was searched for keeps its mark. */
  lookAt(place: FoundPlace | null, inset: Inset): void {
    this.pin(this.looked, place, inset, place && WIDE.includes(place.kind) ? LOOK_ZOOM_WIDE : LOOK_ZOOM);
  }

  /** On a narrow map a wide place may reach under the card's edge, rather than be a speck beside it. */
  private besides({ left, right }: Inset): { left: number; right: number } {
    const most = Math.max(0, this.map.getSize().x - LEAST_ROOM);
    return { left: Math.min(left, most), right: Math.min(right, most) };
  }

  private pin(pin: FoundPin, place: FoundPlace | null, inset: Inset, maxZoom: number): void {
    pin.set(place);
    if (place) {
      const { left, right } = this.besides(inset);
      this.map.fitBounds(pin.bounds(), {
        paddingTopLeft: [left + 20, inset.top + 40], paddingBottomRight: [right + 20, 20], maxZoom, animate: !reducedMotion(),
      });
    }
    this.draw();
  }

  private zoomForRadius(km: number): number {
    const pixels = Math.min(this.map.getSize().x, this.map.getSize().y) * 0.7;
    return Math.max(2, Math.min(9, Math.floor(Math.log2((pixels * 40_000) / (km * 2 * 256)))));
  }

  private draw(): void {
    if (!this.scene || !this.map.getContainer().isConnected) return;
    const zoom = this.map.getZoom();
    const scale = 256 * 2 ** zoom;
    const project = ({ x, y }: Point): Point => ({ x: x * scale, y: y * scale });
    const view = this.map.getPixelBounds();
    const [least, most] = [view.min!.subtract([80, 80]), view.max!.add([80, 80])];
    const inView = ({ x, y }: Point, reach = 0) => x >= least.x - reach && x <= most.x + reach && y >= least.y - reach && y <= most.y + reach;

    // Marks are laid out in what is seen and around it, in whole squares: a small move does not gather them anew.
    const low = (pixels: number) => (Math.floor(pixels / SQUARE) - 1) * SQUARE;
    const high = (pixels: number) => (Math.ceil(pixels / SQUARE) + 1) * SQUARE;
    const part = { left: low(view.min!.x), top: low(view.min!.y), right: high(view.max!.x), bottom: high(view.max!.y), scale };

    const { set, current, past, rows } = this.scene;
    // Neither undated nor later events stand on the map, but the one in the panel does.
    const shown = !this.selected || current.includes(this.selected) || past.includes(this.selected);
    const selectedRow = this.selected ? set.events.indexOf(this.selected) : -1;
    const standing = shown || selectedRow < 0 ? rows.current : [...rows.current, selectedRow];
    const marks = layOut(set, standing, part, zoom >= APART_ZOOM).filter((mark) => inView(mark));
    const room = new Room();
    for (const mark of marks) room.take(boxAround(mark, mark.kind === "cluster" ? mark.radius + 2 : MARK));
    const taken = new Set(marks.flatMap((mark) => (mark.kind === "event" ? [mark.site.key] : [])));
    const ghosts: Mark[] = [];
    for (const { rows: there, x, y } of cellsOf(set, rows.past, part, PAST_SPACING)) {
      const event = set.events[there.includes(selectedRow) ? selectedRow : there[0]!]!;
      const box = boxAround({ x, y }, PAST_SPACING / 2);
      if (!inView({ x, y }) || (event !== this.selected && (taken.has(event.at!.site) || !room.isFree(box)))) continue;
      room.take(box);
      const site = siteOf(set, [set.events[there[0]!] === event ? there[0]! : selectedRow], event.at!.site, { x, y });
      ghosts.push({ kind: "event", event, site, spread: false, x, y });
    }

    this.drawShapes(standing, selectedRow, inView, project, room);
    for (const pin of [this.found, this.looked]) {
      const name = pin.nameBox();
      if (name) room.take(name);
    }
    const wanted: Wanted = new Map();
    for (const mark of marks) this.placeMark(mark, wanted, false);
    for (const mark of ghosts) this.placeMark(mark, wanted, true);
    const spread = new Set(marks.flatMap((m) => (m.kind === "event" && m.spread ? [m.site] : [])));
    for (const site of spread) {
      wanted.set(`dot ${site.key} ${zoom}`, { at: site, make: () => ({ element: dot(), size: 10, pane: "past" }) });
    }
    const frame = { left: view.min!.x, top: view.min!.y, right: view.max!.x, bottom: view.max!.y };
    const labels = layLabels({ frame, named: this.found.names(), marks, ghosts, world: this.base?.covers ? [] : (this.world?.labels ?? []), lang: this.lang, zoom, room, project, inView, countryName });
    for (const label of labels) this.placeLabel(label, wanted);
    this.sheet.show(wanted);
  }

  /** `rows` are in order, the newest first: where there are more than can be told apart, those are drawn. */
  private drawShapes(rows: number[], selectedRow: number, inView: (point: Point, reach?: number) => boolean, project: (at: Point) => Point, room: Room): void {
    const { set } = this.scene!;
    const areas = new Map<string, SitEvent>();
    const arrows: Arrow[] = [];
    const scale = 256 * 2 ** this.map.getZoom();
    const addArea = (event: SitEvent, radius: number) => {
      // What happened in one region is one circle, the newest event's: several would fill up what they lie on.
      const key = `${event.at!.site} ${event.areaKm}`;
      // A region may be far longer than wide.
      const reach = radius * (isRegion(event) ? 4 : 2);
      if (!areas.has(key) && (event === this.selected || inView(project(event.at!), reach))) areas.set(key, event);
    };
    const addArrow = (event: SitEvent) => {
      const { from: a, to: b } = event.movement!;
      // The short way round the world.
      const [from, to] = [project(a), project({ x: b.x - Math.round(b.x - a.x), y: b.y })];
      const arrow = inView(from) || inView(to) ? arrowBetween(event, from, to) : null;
      if (arrow) arrows.push(arrow);
    };
    const add = (row: number) => {
      const radius = (set.areaKm[row]! / 40_000) * scale;
      // A smaller one would lie under its own mark.
      if (radius > LEAST_RADIUS && areas.size < MOST_SHAPES) addArea(set.events[row]!, radius);
      if (set.moves[row] && arrows.length < MOST_SHAPES) addArrow(set.events[row]!);
    };
    if (selectedRow >= 0 && rows.includes(selectedRow)) add(selectedRow);
    for (const row of rows) if (row !== selectedRow) add(row);
    const circles = this.outlines.show([...areas.values()], this.selected);
    const drawn = (event: SitEvent, make: (chosen: boolean, origin: Point) => SVGElement) => {
      const chosen = event === this.selected;
      return [`${event.id} ${chosen}`, { make: (origin: Point) => make(chosen, origin), click: () => this.handlers.onSelect(event) }] as const;
    };
    // The first lie above the others.
    this.circles.show(new Map(circles.reverse().map((event) => drawn(event, (chosen, origin) => circle(event, chosen, scale, origin)))));
    this.arrows.show(new Map(arrows.reverse().map((arrow) => drawn(arrow.event, (chosen, origin) => drawArrow(arrow, chosen, origin)))));
    for (const { line } of arrows) for (const point of line) room.take(boxAround(point, 6));
  }

  private placeMark(mark: Mark, wanted: Wanted, past: boolean): void {
    const zoom = this.map.getZoom();
    if (mark.kind === "event") {
      const { event } = mark;
      const chosen = event === this.selected;
      const age = past ? this.ageOf(event) : "";
      const key = `${past ? "past" : "mark"}${age} ${event.id} ${zoom} ${Math.round(mark.x)},${Math.round(mark.y)} ${chosen}`;
      wanted.set(key, { at: mark, make: () => ({
        element: markElement(event, glyphOf(event), `mark${past ? " is-past" : ""}${age}${chosen ? " is-selected" : ""}`),
        size: past && !chosen ? 24 : 36, pane: past ? "past" : "markerPane",
        tip: () => textBlock([joined([placeOf(event), actionText(this.lang, event)]), actorText(this.lang, event), dateText(this.lang, event), reportsText(this.lang, event)]),
        click: () => this.handlers.onSelect(event), front: chosen,
      }) });
      return;
    }
    const { rows, site, radius } = mark;
    const { set } = this.scene!;
    const events = () => rows.map((row) => set.events[row]!);
    const ends = [rows[0]!, rows.at(-1)!].map((row) => set.events[row]!.id);
    const key = `cluster ${rows.length} ${ends.join(" ")} ${zoom} ${Math.round(mark.x)},${Math.round(mark.y)}`;
    wanted.set(key, { at: mark, make: () => {
      const element = document.createElement("div");
      element.className = "mark is-cluster";
      element.dataset["count"] = String(rows.length);
      element.append(clusterGlyph(set.actorsOf(rows), radius));
      gathered.set(element, events);
      const texts = textsOf(this.lang);
      return {
        element, size: (radius + 4) * 2, pane: "markerPane",
        tip: () => textBlock([site?.name, plural(this.lang, site ? texts.eventsHere : texts.eventsUnderMark, rows.length)]),
        click: () => (site ? this.handlers.onGroup(events()) : this.zoomInto(events())),
      };
    } });
  }

  /** How long before the window, as the window is long: a short one has a short past. */
  private ageOf({ days }: SitEvent): string {
    const [first, last] = this.scene!.range;
    const windows = (first - days![1]) / (last - first + 1);
    return windows > AGES[1]! ? " is-oldest" : windows > AGES[0]! ? " is-older" : "";
  }

  /** Opens a cluster: zooms until its places part, or lists it when they cannot. */
  private zoomInto(events: SitEvent[]): void {
    const bounds = L.latLngBounds(events.flatMap((e) => (e.at ? [L.latLng(e.at.lat, e.at.lon)] : [])));
    const zoom = Math.min(Math.max(this.map.getBoundsZoom(bounds, false, L.point(120, 120)), this.map.getZoom() + 1), APART_ZOOM);
    if (this.map.getZoom() >= APART_ZOOM) this.handlers.onGroup(events);
    else this.map.setView(bounds.getCenter(), zoom, { animate: !reducedMotion() });
  }

  private placeLabel(label: Label, wanted: Wanted): void {
    wanted.set(`label ${label.text} ${label.kind} ${this.map.getZoom()} ${Math.round(label.x)},${Math.round(label.y)}`, { at: label, make: () => {
      const element = document.createElement("div");
      element.className = `map-label is-${label.kind}`;
      element.textContent = label.text;
      return { element, size: null, pane: "labels" };
    } });
  }
}

/** A longitude from -180 to 180; the map goes round the world more than once. */
const wrapped = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;

/** The least and the greatest of the values, outliers aside. */
function bulkOf(values: number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const left = Math.floor(sorted.length * OUTLIERS);
  return [sorted[left]!, sorted[sorted.length - 1 - left]!];
}

function markElement(event: SitEvent, picture: SVGElement, className: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  Object.assign(element.dataset, { event: event.id, action: event.action, status: event.status, place: placeOf(event), actor: event.is.actor ?? "" });
  element.append(picture);
  return element;
}

function dot(): HTMLElement {
  const element = document.createElement("div");
  element.className = "site-dot";
  return element;
}

function textBlock(lines: (string | null | undefined | false)[]): HTMLElement {
  const block = document.createElement("div");
  lines.filter((line) => !!line).forEach((line, i) => {
    const part = document.createElement(i === 0 ? "strong" : "span");
    part.textContent = line as string;
    // The map runs from left to right, the reader's words may not.
    part.dir = document.documentElement.dir;
    block.append(part);
  });
  return block;
}

function reducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
