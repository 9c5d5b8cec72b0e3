// The map. Nothing outside this folder knows Leaflet.
import "leaflet/dist/leaflet.css";
import * as L from "leaflet";
import { placeOf, type SitEvent } from "../event";
import type { Scene } from "../filter";
import { glyphOf, clusterGlyph } from "../glyphs";
import { countryName, plural, textsOf, type Language } from "../i18n";
import type { FoundPlace } from "../place";
import type { View } from "../state";
import { reportsText } from "../ui/reports";
import { actionText, actorText, dateText } from "../ui/words";
import { BasemapLayer, loadBasemap, type Basemap } from "./basemap";
import { layLabels, type Label } from "./labels";
import { boxAround, layOut, MARK, Room, sitesOf, type Mark, type Point } from "./layout";
import { FoundPin } from "./found";
import { arrowBetween, drawArea, drawArrow, type Arrow } from "./shapes";
import { resolveColours } from "./theme";

const MAX_ZOOM = 12;
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
/** So many circles, and so many arrows, are the most that can be told apart; the newest are drawn. */
const MOST_SHAPES = 150;

/** Radii from which an event says little of where it is. */
const VAST_KM = 300;
/** Of the events this part at each end may lie outside the first view. */
const OUTLIERS = 0.05;

export interface MapHandlers {
  onSelect(event: SitEvent): void;
  onGroup(events: SitEvent[]): void;
  onView(view: View): void;
}

export class MapView {
  private readonly map: L.Map;
  private readonly basemap = new BasemapLayer();
  private world: Basemap | null = null;
  private readonly shapes = L.layerGroup();
  private readonly found = new FoundPin();
  private readonly looked = new FoundPin();
  private readonly markers = new Map<string, L.Marker>();
  private readonly tooltip = L.tooltip({ direction: "top", offset: [0, -14], className: "map-tip", opacity: 1 });
  private scene: Scene | null = null;
  private selected: SitEvent | null = null;
  private scale: L.Control.Scale | null = null;
  private zoomControl: L.Control.Zoom | null = null;

  constructor(container: HTMLElement, private readonly handlers: MapHandlers, private lang: Language) {
    this.map = L.map(container, {
      center: [25, 20], zoom: 3, minZoom: 2, maxZoom: MAX_ZOOM,
      zoomControl: false, attributionControl: false, worldCopyJump: true,
      maxBounds: [[-85, -Infinity], [85, Infinity]], maxBoundsViscosity: 1,
      zoomAnimation: !reducedMotion(), fadeAnimation: false, markerZoomAnimation: !reducedMotion(), inertia: !reducedMotion(),
    });
    for (const [name, z] of [["areas", 410], ["arrows", 420], ["past", 590], ["labels", 650]] as const) {
      this.map.createPane(name).style.zIndex = String(z);
    }
    // The list holds the same events and is what the keyboard walks; the marks are its picture.
    for (const name of ["markerPane", "past", "labels"]) this.map.getPane(name)?.setAttribute("aria-hidden", "true");
    this.basemap.addTo(this.map);
    this.shapes.addTo(this.map);
    this.found.addTo(this.map);
    this.looked.addTo(this.map);
    this.map.on("moveend", () => {
      this.draw();
      const { lat, lng } = this.map.getCenter().wrap();
      handlers.onView({ zoom: this.map.getZoom(), lat, lon: lng });
    });
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

  setLanguage(lang: Language): void {
    this.lang = lang;
    const texts = textsOf(lang);
    this.scale?.remove();
    this.scale = L.control.scale({ imperial: false, position: "bottomright", maxWidth: 90 }).addTo(this.map);
    this.zoomControl?.remove();
    this.zoomControl = L.control
      .zoom({ position: "topright", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut })
      .addTo(this.map);
    this.map.getContainer().setAttribute("aria-label", texts.mapLabel);
    this.draw();
  }

  refreshTheme(): void {
    this.basemap.setColours(resolveColours(this.map.getContainer()));
  }

  resized(): void {
    this.map.invalidateSize({ animate: false });
  }

  setView({ zoom, lat, lon }: View): void {
    this.map.setView([lat, lon], zoom, { animate: false });
  }

  /** Shows where most of these events are; `inset` is the room that other things take, in pixels. */
  fit(events: SitEvent[], inset: { left: number; top: number }): void {
    // List and time line have just taken their part of the page.
    this.resized();
    const located = events.filter((e) => e.at);
    // One event somewhere in a vast country must not show the whole world.
    const sharp = located.filter((e) => (e.areaKm ?? 0) <= VAST_KM);
    const places = (sharp.length > 0 ? sharp : located).map((e) => e.at!);
    if (places.length === 0) return;
    const [west, east] = bulkOf(places.map((at) => at.lon));
    const [south, north] = bulkOf(places.map((at) => at.lat));
    this.map.fitBounds(L.latLngBounds([south, west], [north, east]), {
      paddingTopLeft: [inset.left + 30, inset.top + 20], paddingBottomRight: [30, 20], maxZoom: 9, animate: false,
    });
  }

  /** Brings an event's place into view, near enough to tell it from its neighbours. */
  focus(event: SitEvent): void {
    if (!event.at) return;
    const at = L.latLng(event.at.lat, event.at.lon);
    const wanted = event.areaKm ? this.zoomForRadius(event.areaKm) : Math.max(this.map.getZoom(), 8);
    const zoom = event.areaKm ? Math.min(Math.max(this.map.getZoom(), 4), wanted) : wanted;
    const seen = this.map.getBounds().pad(-0.15).contains(at);
    if (seen && zoom === this.map.getZoom()) return;
    this.map.setView(at, zoom, { animate: !reducedMotion() });
  }

  /** Marks a place that was searched for and goes there; null takes the mark away. */
  showPlace(place: FoundPlace | null, inset: { left: number; top: number }): void {
    this.pin(this.found, place, inset, FOUND_ZOOM);
  }

  /** The same for a place that is only looked at: what was searched for keeps its mark. */
  lookAt(place: FoundPlace | null, inset: { left: number; top: number }): void {
    this.pin(this.looked, place, inset, place && WIDE.includes(place.kind) ? LOOK_ZOOM_WIDE : LOOK_ZOOM);
  }

  private pin(pin: FoundPin, place: FoundPlace | null, inset: { left: number; top: number }, maxZoom: number): void {
    pin.set(place);
    if (place) {
      // On a narrow map a wide place may reach under the card's edge, rather than be a speck beside it.
      const left = Math.min(inset.left, this.map.getSize().x - LEAST_ROOM);
      this.map.fitBounds(pin.bounds(), {
        paddingTopLeft: [left + 20, inset.top + 40], paddingBottomRight: [20, 20], maxZoom, animate: !reducedMotion(),
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
    const projectEvent = (event: SitEvent) => project(event.at!);
    const view = this.map.getPixelBounds();
    const [least, most] = [view.min!.subtract([80, 80]), view.max!.add([80, 80])];
    const inView = ({ x, y }: Point, reach = 0) => x >= least.x - reach && x <= most.x + reach && y >= least.y - reach && y <= most.y + reach;

    const { current, past } = this.scene;
    // Neither undated nor later events stand on the map, but the one in the panel does.
    const shown = !this.selected || current.includes(this.selected) || past.includes(this.selected);
    const extra = shown ? [] : [this.selected!];
    const sites = sitesOf([...current, ...extra], projectEvent);
    const marks = layOut(sites, zoom >= APART_ZOOM).filter((mark) => inView(mark));
    const ghosts: Mark[] = [];
    const room = new Room();
    for (const mark of marks) room.take(boxAround(mark, mark.kind === "cluster" ? mark.radius + 2 : MARK));
    const taken = new Set(sites.map((site) => site.key));
    for (const site of sitesOf(past, projectEvent)) {
      const event = site.events.find((e) => e === this.selected) ?? site.events[0]!;
      const box = boxAround(site, PAST_SPACING / 2);
      if (!inView(site) || (event !== this.selected && (taken.has(site.key) || !room.isFree(box)))) continue;
      room.take(box);
      ghosts.push({ kind: "event", event, site, spread: false, x: site.x, y: site.y });
    }

    this.drawShapes([...current, ...extra], inView, project, room);
    for (const pin of [this.found, this.looked]) {
      const name = pin.nameBox();
      if (name) room.take(name);
    }
    const wanted = new Map<string, () => L.Marker>();
    for (const mark of marks) this.placeMark(mark, wanted, false);
    for (const mark of ghosts) this.placeMark(mark, wanted, true);
    const spread = new Set(marks.flatMap((m) => (m.kind === "event" && m.spread ? [m.site] : [])));
    for (const site of spread) {
      this.place(`dot ${site.key} ${zoom}`, site, wanted, () => ({ element: dot(), size: 10, pane: "past" }));
    }
    const frame = { left: view.min!.x, top: view.min!.y, right: view.max!.x, bottom: view.max!.y };
    const labels = layLabels({ frame, named: this.found.names(), marks, ghosts, world: this.world?.labels ?? [], lang: this.lang, zoom, room, project, inView, countryName });
    for (const label of labels) this.placeLabel(label, wanted);
    this.reconcile(wanted);
  }

  private drawShapes(events: SitEvent[], inView: (point: Point, reach?: number) => boolean, project: (at: Point) => Point, room: Room): void {
    this.shapes.clearLayers();
    const areas = new Map<string, SitEvent>();
    const zoom = this.map.getZoom();
    const unproject = ({ x, y }: Point) => this.map.unproject([x, y], zoom);
    const arrows: Arrow[] = [];
    for (const event of events) {
      if (event.areaKm && event.at) {
        // Several reports of one region are one circle.
        const key = `${event.at.lon},${event.at.lat},${event.areaKm},${event.actorKey}`;
        const reach = (event.areaKm / 40_000) * 256 * 2 ** zoom * 2;
        if (event === this.selected || (!areas.has(key) && areas.size < MOST_SHAPES && inView(project(event.at), reach))) areas.set(key, event);
      }
      if (!event.movement || (arrows.length >= MOST_SHAPES && event !== this.selected)) continue;
      const [from, to] = [project(event.movement.from), project(event.movement.to)];
      const arrow = inView(from) || inView(to) ? arrowBetween(event, from, to) : null;
      if (arrow) arrows.push(arrow);
    }
    for (const event of areas.values()) this.shapes.addLayer(drawArea(event, event === this.selected, () => this.handlers.onSelect(event)));
    for (const arrow of arrows) {
      for (const layer of drawArrow(arrow, arrow.event === this.selected, unproject, () => this.handlers.onSelect(arrow.event))) this.shapes.addLayer(layer);
      for (const point of arrow.line) room.take(boxAround(point, 4));
    }
  }

  private placeMark(mark: Mark, wanted: Map<string, () => L.Marker>, past: boolean): void {
    const zoom = this.map.getZoom();
    if (mark.kind === "event") {
      const { event } = mark;
      const chosen = event === this.selected;
      const key = `${past ? "past" : "mark"} ${event.id} ${zoom} ${Math.round(mark.x)},${Math.round(mark.y)} ${chosen}`;
      this.place(key, mark, wanted, () => ({
        element: markElement(event, glyphOf(event), `mark${past ? " is-past" : ""}${chosen ? " is-selected" : ""}`),
        size: past && !chosen ? 24 : 36, pane: past ? "past" : "markerPane",
        tip: () => [`${placeOf(event)} · ${actionText(this.lang, event)}`, actorText(this.lang, event), dateText(this.lang, event), reportsText(this.lang, event)].filter(Boolean).join("\n"),
        click: () => this.handlers.onSelect(event), front: chosen,
      }));
      return;
    }
    const { events, site, radius } = mark;
    const key = `cluster ${events.map((e) => e.id).join()} ${zoom} ${Math.round(mark.x)},${Math.round(mark.y)}`;
    this.place(key, mark, wanted, () => {
      const element = document.createElement("div");
      element.className = "mark is-cluster";
      element.dataset["count"] = String(events.length);
      element.append(clusterGlyph(events, radius));
      const texts = textsOf(this.lang);
      return {
        element, size: (radius + 4) * 2, pane: "markerPane",
        tip: () => (site ? `${site.name}\n` : "") + plural(this.lang, site ? texts.eventsHere : texts.eventsUnderMark, events.length),
        click: () => (site ? this.handlers.onGroup(events) : this.zoomInto(events)),
      };
    });
  }

  /** Opens a cluster: zooms until its places part, or lists it when they cannot. */
  private zoomInto(events: SitEvent[]): void {
    const bounds = L.latLngBounds(events.flatMap((e) => (e.at ? [L.latLng(e.at.lat, e.at.lon)] : [])));
    const zoom = Math.min(Math.max(this.map.getBoundsZoom(bounds, false, L.point(120, 120)), this.map.getZoom() + 1), APART_ZOOM);
    if (this.map.getZoom() >= APART_ZOOM) this.handlers.onGroup(events);
    else this.map.setView(bounds.getCenter(), zoom, { animate: !reducedMotion() });
  }

  private placeLabel(label: Label, wanted: Map<string, () => L.Marker>): void {
    this.place(`label ${label.text} ${label.kind} ${this.map.getZoom()} ${Math.round(label.x)},${Math.round(label.y)}`, label, wanted, () => {
      const element = document.createElement("div");
      element.className = `map-label is-${label.kind}`;
      element.textContent = label.text;
      return { element, size: null, pane: "labels" };
    });
  }

  private place(
    key: string,
    at: Point,
    wanted: Map<string, () => L.Marker>,
    make: () => { element: HTMLElement; size: number | null; pane: string; tip?: () => string; click?: () => void; front?: boolean },
  ): void {
    wanted.set(key, () => {
      const { element, size, pane, tip, click, front } = make();
      const icon = L.divIcon({ html: element, className: "map-icon", ...(size === null ? { iconSize: [0, 0], iconAnchor: [0, 0] } : { iconSize: [size, size] }) });
      const marker = L.marker(this.map.unproject([at.x, at.y], this.map.getZoom()), {
        icon, pane, keyboard: false, interactive: !!click, zIndexOffset: front ? 1000 : 0, bubblingMouseEvents: false,
      });
      if (click) marker.on("click", click);
      if (tip) {
        marker.on("mouseover", () => this.map.openTooltip(this.tooltip.setContent(textBlock(tip())).setLatLng(marker.getLatLng())));
        marker.on("mouseout remove", () => this.map.closeTooltip(this.tooltip));
      }
      return marker;
    });
  }

  /** Keeps the markers that are still wanted; adds and removes the others. */
  private reconcile(wanted: Map<string, () => L.Marker>): void {
    for (const [key, marker] of this.markers) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.markers.delete(key);
    }
    for (const [key, make] of wanted) {
      if (!this.markers.has(key)) this.markers.set(key, make().addTo(this.map));
    }
  }
}

/** The least and the greatest of the values, outliers aside. */
function bulkOf(values: number[]): [number, number] {
  const sorted = values.sort((a, b) => a - b);
  const left = Math.floor(sorted.length * OUTLIERS);
  return [sorted[left]!, sorted[sorted.length - 1 - left]!];
}

function markElement(event: SitEvent, picture: SVGElement, className: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  Object.assign(element.dataset, { event: event.id, action: event.is.action, status: event.is.status, place: placeOf(event), actor: event.is.actor ?? "" });
  element.append(picture);
  return element;
}

function dot(): HTMLElement {
  const element = document.createElement("div");
  element.className = "site-dot";
  return element;
}

function textBlock(text: string): HTMLElement {
  const block = document.createElement("div");
  text.split("\n").forEach((line, i) => {
    const part = document.createElement(i === 0 ? "strong" : "span");
    part.textContent = line;
    block.append(part);
  });
  return block;
}

function reducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
