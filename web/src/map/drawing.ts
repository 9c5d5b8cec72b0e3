// What is drawn to the map's own scale, in one picture: arrows and circles. Leaflet's paths, made of many points and
// each a layer, take many times as long to come and go.
import * as L from "leaflet";
import { svg } from "../glyphs";
import type { Point } from "./layout";
import { isDragged, zoomed, type ZoomAnimation } from "./zoomed";

export class Drawing extends L.Layer {
  private readonly root = svg("svg", { class: "drawing leaflet-zoom-animated", width: 1, height: 1, "pointer-events": "none", "aria-hidden": "true" });
  private readonly shapes = new Map<string, SVGElement>();
  private readonly clicks = new WeakMap<Element, () => void>();
  /** The picture's own beginning, in the world's pixels at its zoom. */
  private origin: Point = { x: 0, y: 0 };
  private zoom = NaN;

  constructor(pane: string) {
    super();
    L.setOptions(this, { pane });
    this.root.addEventListener("click", (e) => {
      const shape = (e.target as Element).closest("svg > *");
      if (shape && !isDragged(this._map)) this.clicks.get(shape)?.();
    });
  }

  override getEvents() {
    const put = () => this.put();
    return { zoom: put, viewreset: put, zoomanim: (to: L.LeafletEvent) => this.put(to as ZoomAnimation) };
  }

  /** Keeps the shapes that are still wanted, by their keys, and makes the others; the last lie above. */
  show(wanted: Map<string, { make: (origin: Point) => SVGElement; click: () => void }>): void {
    if (this.zoom !== this._map.getZoom()) this.clear();
    for (const [key, shape] of this.shapes) {
      if (wanted.has(key)) continue;
      shape.remove();
      this.shapes.delete(key);
    }
    let place = this.root.firstElementChild;
    for (const [key, { make, click }] of wanted) {
      const shape = this.shapes.get(key) ?? make(this.origin);
      this.shapes.set(key, shape);
      this.clicks.set(shape, click);
      if (shape === place) place = place.nextElementSibling;
      else this.root.insertBefore(shape, place);
    }
  }

  /** Another zoom, or other events: all is drawn anew. */
  clear(): void {
    this.shapes.clear();
    this.root.replaceChildren();
    this.zoom = this._map.getZoom();
    this.origin = this._map.getPixelOrigin();
    this.put();
  }

  private put(to?: ZoomAnimation): void {
    if (Number.isNaN(this.zoom)) return;
    const { position, scale } = zoomed(this._map, this.origin, this.zoom, to);
    L.DomUtil.setTransform(this.root as unknown as HTMLElement, position, scale);
  }

  override onAdd(): this {
    this.getPane()!.append(this.root);
    return this;
  }

  override onRemove(): this {
    this.root.remove();
    return this;
  }
}
