// The interface's own small signs, drawn as lines in the colour of the text.
import { svg } from "../glyphs";

const PATHS = {
  play: "M7 5v14l12-7Z",
  pause: "M7 5h3.5v14H7ZM13.5 5H17v14h-3.5Z",
  back: "M15 5 8 12l7 7",
  filter: "M4 6h16M7 12h10M10 18h4",
  close: "M6 6l12 12M18 6 6 18",
  expand: "M6 15l6-6 6 6",
  outside: "M9 6H6v12h12v-3M13 5h6v6M19 5l-8 8",
  span: "M4 6v12M20 6v12M8 12h8M10 9l-3 3 3 3M14 9l3 3-3 3",
  enlarge: "M10.5 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 0 0 0-13ZM15.500 15.500 20 20M8 10.500h5M10.500 8v5",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 0 0 0-13ZM15.500 15.500 20 20",
  auto: "M12 4a8 8 0 1 0 0 16ZM12 4a8 8 0 0 1 0 16",
  light: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M19 14.5A8 8 0 0 1 9.500 5a8 8 0 1 0 9.500 9.500Z",
} as const;

export function icon(name: keyof typeof PATHS): SVGElement {
  const solid = name === "play" || name === "pause";
  return svg("svg", { viewBox: "0 0 24 24", class: `icon${solid ? " is-solid" : ""}`, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
