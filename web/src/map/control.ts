import * as L from "leaflet";

/** Puts an element among the map's own controls; what is clicked there is not clicked on the map. */
export function controlOf(position: L.ControlPosition, element: HTMLElement): L.Control {
  for (const name of ["click", "dblclick", "mousedown", "touchstart"]) element.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  const control = new L.Control({ position });
  control.onAdd = () => element;
  return control;
}
