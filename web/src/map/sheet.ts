// What stands on the map at a point of it, and is as large at every zoom: marks, names, dots. One layer puts all in
// their places; Leaflet's markers, each with options and listeners of its own, take many times as long to come and go.
import * as L from "leaflet";
import type { Point } from "./layout";
import { isDragged, zoomed, type ZoomAnimation } from "./zoomed";

export interface Piece {
  element: HTMLElement;
  /** Its width and height in pixels, with the point in its middle; null for a text that begins at the point. */
  size: number | null;
  pane: string;
  /** What is said of it while it is pointed at. */
  tip?: () => HTMLElement;
  click?: () => void;
  /** It lies above the others. */
  front?: boolean;
}

interface Placed extends Piece {
  holder: HTMLElement;
  at: Point;
  zoom: number;
}

/** So far above all others lies what is in front, in pixels of the map's height. */
const FRONT = 100_000;

export class Sheet extends L.Layer {
  private readonly placed = new Map<string, Placed>();
  private readonly holders = new WeakMap<Element, Placed>();
  private readonly panes = new Set<HTMLElement>();
  private readonly tooltip = L.tooltip({ direction: "top", offset: [0, -14], className: "map-tip", opacity: 1 });
  private told: Placed | null = null;

  override getEvents() {
    const put = () => this.placed.forEach((one) => this.put(one));
    return { zoom: put, viewreset: put, zoomanim: (to: L.LeafletEvent) => this.placed.forEach((one) => this.put(one, to as ZoomAnimation)) };
  }

  /** Keeps the pieces that are still wanted, by their keys; makes the others, and takes away what is not. */
  show(wanted: Map<string, { at: Point; make: () => Piece }>): void {
    for (const [key, one] of this.placed) if (!wanted.has(key)) this.take(key, one);
    const zoom = this._map.getZoom();
    for (const [key, { at, make }] of wanted) {
      if (!this.placed.has(key)) this.add(key, { ...make(), holder: document.createElement("div"), at, zoom });
    }
  }

  clear(): void {
    for (const [key, one] of this.placed) this.take(key, one);
  }

  private add(key: string, one: Placed): void {
    const { holder, element, size, click } = one;
    holder.className = `map-icon leaflet-zoom-animated${click ? " leaflet-interactive" : ""}`;
    const { style } = holder;
    if (size !== null) {
      style.width = style.height = `${size}px`;
      style.margin = `${-size / 2}px`;
    }
    holder.append(element);
    this.put(one);
    this.placed.set(key, one);
    this.holders.set(holder, one);
    const pane = this.getPane(one.pane)!;
    this.listenIn(pane);
    pane.append(holder);
  }

  private take(key: string, one: Placed): void {
    if (one === this.told) this.tell(null);
    one.holder.remove();
    this.placed.delete(key);
  }

  private put({ holder, at, zoom, front }: Placed, to?: ZoomAnimation): void {
    const { position } = zoomed(this._map, at, zoom, to);
    const point = position.round();
    L.DomUtil.setPosition(holder, point);
    holder.style.zIndex = String(point.y + (front ? FRONT : 0));
  }

  private listenIn(pane: HTMLElement): void {
    if (this.panes.has(pane)) return;
    this.panes.add(pane);
    const pieceAt = (target: EventTarget | null) => this.holders.get((target as Element).closest(".map-icon")!);
    pane.addEventListener("click", (e) => {
      const click = pieceAt(e.target)?.click;
      if (!click || isDragged(this._map)) return;
      e.stopPropagation();
      click();
    });
    pane.addEventListener("dblclick", (e) => pieceAt(e.target)?.click && e.stopPropagation());
    pane.addEventListener("mouseover", (e) => this.tell(pieceAt(e.target) ?? null));
    pane.addEventListener("mouseout", (e) => this.holders.get((e.relatedTarget as Element | null)?.closest(".map-icon") as Element) ?? this.tell(null));
  }

  private tell(one: Placed | null): void {
    if (one === this.told) return;
    this.told = one;
    if (one?.tip) this._map.openTooltip(this.tooltip.setContent(one.tip()).setLatLng(this._map.unproject([one.at.x, one.at.y], one.zoom)));
    else this._map.closeTooltip(this.tooltip);
  }

  override onAdd(): this {
    return this;
  }

  override onRemove(): this {
    this.clear();
    return this;
  }
}
