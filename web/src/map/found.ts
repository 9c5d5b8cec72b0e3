// The place that was searched for: how far it reaches as a thin circle, its point, and its name. It takes
// no clicks: what lies in it can be clicked as before.
import * as L from "leaflet";
import type { FoundPlace } from "../place";
import type { Box } from "./layout";

/** The least that is shown of a place's surroundings, in kilometres from its point. */
const LEAST_KM = 5;
/** Beyond, the projection has no end: a circle around a pole cannot be drawn on it. */
const MOST_NORTH = 80;
const SHAPE = { pane: "areas", interactive: false };

export class FoundPin extends L.LayerGroup {
  private place: FoundPlace | null = null;
  private readonly name = L.tooltip({ permanent: true, direction: "top", offset: [0, -6], className: "map-tip is-found", opacity: 1 });

  set(place: FoundPlace | null): void {
    this.clearLayers();
    this.place = place;
    if (!place) return;
    const radius = place.radiusKm * 1000;
    // An event's circle is dashed and filled; this one is neither.
    if (radius > 0) for (const part of ["casing", "line"]) this.addLayer(L.circle(this.at(), { ...SHAPE, radius, className: `found-${part}` }));
    this.addLayer(L.circleMarker(this.at(), { ...SHAPE, radius: 4.5, className: "found-point" }));
    const text = document.createElement("strong");
    text.textContent = place.label;
    const top = this.at().toBounds(radius * 2).getNorth();
    this.addLayer(this.name.setContent(text).setLatLng([top, this.at().lng]));
  }

  /** What is to be seen of the map. */
  bounds(): L.LatLngBounds {
    return this.at().toBounds(Math.max(LEAST_KM, this.place?.radiusKm ?? 0) * 2000);
  }

  /** Where its name stands, in pixels of the map's zoom: other names keep away. */
  nameBox(): Box | null {
    const [element, at] = [this.place && this.name.getElement(), this.name.getLatLng()];
    if (!element || !at || !this._map) return null;
    const { x, y } = this._map.project(at);
    const [half, height] = [element.offsetWidth / 2, element.offsetHeight + 12];
    return { left: x - half, right: x + half, top: y - height, bottom: y };
  }

  /** What it is called: no other name on the map needs to say so again. */
  names(): string[] {
    return this.place ? [this.place.name, this.place.label] : [];
  }

  private at(): L.LatLng {
    const { lat, lon } = this.place!;
    return L.latLng(Math.max(-MOST_NORTH, Math.min(MOST_NORTH, lat)), lon);
  }
}
