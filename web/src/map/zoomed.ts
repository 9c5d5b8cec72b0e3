// What the map's own layers ask of Leaflet: where a point of one zoom stands at the zoom that the map has, or that it is
// moving to; and whether it is being dragged.
import * as L from "leaflet";
import type { Point } from "./layout";

/** Whether the press that ends now has moved the map: what lies under it was not meant. */
export const isDragged = (map: L.Map) => (map.dragging as unknown as { moved(): boolean }).moved();

/** Leaflet's `zoomanim`: the view that is moved to. */
export type ZoomAnimation = L.ZoomAnimEvent;

/** `at` is in the world's pixels at `zoom`; the position is among the map's layers, and all from there is so much larger. */
export function zoomed(map: L.Map, at: Point, zoom: number, to?: ZoomAnimation): { position: L.Point; scale: number } {
  const scale = map.getZoomScale(to?.zoom ?? map.getZoom(), zoom);
  const world = L.point(at.x, at.y).multiplyBy(scale);
  if (!to) return { position: world.subtract(map.getPixelOrigin()), scale };
  // Where Leaflet's own layers move to: it has no other name for it.
  const { _getNewPixelOrigin } = map as unknown as { _getNewPixelOrigin(center: L.LatLng, zoom: number): L.Point };
  return { position: world.subtract(_getNewPixelOrigin.call(map, to.center, to.zoom)), scale };
}
