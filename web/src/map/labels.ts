// Place names: one per place, where there is room, the most telling first; then the countries.
import type { Language } from "../i18n";
import type { CountryLabel } from "./basemap";
import type { Box, Mark, Point, Room } from "./layout";
import { reachOf } from "./layout";

export interface Label extends Point {
  text: string;
  kind: "place" | "area" | "past" | "country";
}

interface Wanted {
  /** What is seen: a name that would be cut off is not written. */
  frame: Box;
  /** Names that stand on the map already. */
  named: string[];
  marks: Mark[];
  ghosts: Mark[];
  world: CountryLabel[];
  lang: Language;
  zoom: number;
  room: Room;
  project: (at: Point) => Point;
  inView: (point: Point) => boolean;
  countryName: (lang: Language, code: string) => string;
}

/** From this zoom on names of places are shown: before, they would name a crowd by one of its members. */
const PLACE_ZOOM = 5;
const FONT = { place: "600 13px", area: "italic 600 13px", past: "400 12px", country: "600 11px" };
const HEIGHT = { place: 17, area: 17, past: 15, country: 14 };

/** Room between a mark and its name: that of the ring around the chosen one. */
const GAP = 5;
const PAST_REACH = { x: 9, y: 9 };

const canvas = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

function widthOf(text: string, kind: Label["kind"]): number {
  const key = kind + text;
  let width = widths.get(key);
  if (width === undefined && canvas) {
    canvas.font = `${FONT[kind]} ${getComputedStyle(document.body).fontFamily}`;
    width = canvas.measureText(text).width + (kind === "country" ? text.length * 1.6 : 0);
    widths.set(key, width);
  }
  return width ?? text.length * 7;
}

export function layLabels({ frame, named, marks, ghosts, world, lang, zoom, room, project, inView, countryName }: Wanted): Label[] {
  const labels: Label[] = [];
  const put = (text: string, kind: Label["kind"], boxes: Box[]) => {
    const whole = (b: Box) => b.left >= frame.left && b.right <= frame.right && b.top >= frame.top && b.bottom <= frame.bottom;
    const box = boxes.find((b) => whole(b) && room.isFree(b));
    if (!box) return false;
    room.take(box);
    labels.push({ text, kind, x: box.left, y: box.top });
    return true;
  };

  if (zoom >= PLACE_ZOOM) {
    const seen = new Set(named);
    for (const [list, kind] of [[marks, "place"], [ghosts, "past"]] as const) {
      for (const mark of list) {
        const site = mark.site;
        if (!site?.name || seen.has(site.name)) continue;
        seen.add(site.name);
        const reach = kind === "past" ? PAST_REACH : reachOf(site.rows.length);
        const style = kind === "place" && site.events.every((event) => event.areaKm !== null) ? "area" : kind;
        put(site.name, style, besides(site, reach, widthOf(site.name, style), HEIGHT[style]));
      }
    }
  }

  for (const { iso, size, x, y } of world) {
    // A country is named once it is about as wide as its name.
    if (size / 2 + zoom < 12.2 || zoom > 8) continue;
    const at = project({ x, y });
    if (!inView(at)) continue;
    const text = countryName(lang, iso).toLocaleUpperCase(lang);
    const [w, height] = [widthOf(text, "country"), HEIGHT.country];
    const rows = [0, 18, -18, 34, -34].map((dy) => ({ left: at.x - w / 2, right: at.x + w / 2, top: at.y + dy - height / 2, bottom: at.y + dy + height / 2 }));
    put(text, "country", rows);
  }
  return labels;
}

function besides({ x, y }: Point, reach: Point, width: number, height: number): Box[] {
  const box = (left: number, top: number): Box => ({ left, top, right: left + width, bottom: top + height });
  const [right, left] = [x + reach.x + GAP, x - reach.x - GAP - width];
  const [below, above] = [y + reach.y + 1, y - reach.y - 1 - height];
  return [
    box(right, y - height / 2), box(left, y - height / 2), box(x - width / 2, below), box(x - width / 2, above),
    box(right - 6, below - 6), box(right - 6, above + 6), box(left + 6, below - 6), box(left + 6, above + 6),
  ];
}
