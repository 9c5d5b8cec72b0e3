// The interface's own small signs, drawn as lines in the colour of the text.
import { svg } from "../glyphs";

const PATHS = {
  play: "M7 5v14l12-7Z",
  pause: "M7 5h3.5v14H7ZM13.5 5H17v14h-3.5Z",
  back: "M15 5 8 12l7 7",
  filter: "M4 6h16M7 12h10M10 18h4",
  close: "M6 6l12 12M18 6 6 18",
  expand: "M6 15l6-6 6 6",
  larger: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  smaller: "M4 9h5V4M20 9h-5V4M4 15h5v5M20 15h-5v5",
  outside: "M9 6H6v12h12v-3M13 5h6v6M19 5l-8 8",
  span: "M4 6v12M20 6v12M8 12h8M10 9l-3 3 3 3M14 9l3 3-3 3",
  enlarge: "M10.5 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 0 0 0-13ZM15.500 15.500 20 20M8 10.500h5M10.500 8v5",
  share: "M12 15V4M8 7.500 12 3.500l4 4M7 11H5v9h14v-9h-2",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 0 0 0-13ZM15.500 15.500 20 20",
  article: "M6 3.500h8l4 4v13H6ZM14 3.500v4h4M9.500 12h5M9.500 16h5",
  keyboard: "M3 6h18v12H3ZM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  auto: "M12 4a8 8 0 1 0 0 16ZM12 4a8 8 0 0 1 0 16",
  light: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M19 14.5A8 8 0 0 1 9.500 5a8 8 0 1 0 9.500 9.500Z",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  const solid = name === "play" || name === "pause";
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}${solid ? " is-solid" : ""}`, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
