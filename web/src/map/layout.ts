// Where marks stand, in pixels of one zoom level: spread where they coincide, gathered where they crowd.
import { placeOf, type SitEvent } from "../event";

export interface Point {
  x: number;
  y: number;
}

/** All events drawn at one and the same place. */
export interface Site extends Point {
  key: number;
  name: string;
  events: SitEvent[];
}

export type Mark = Point &
  (
    | { kind: "event"; event: SitEvent; site: Site; spread: boolean }
    /** Several events under one mark: of one place (`site`), or of several places close together. */
    | { kind: "cluster"; events: SitEvent[]; site: Site | null; radius: number }
  );

/** Marks may touch a little before their places are gathered. */
const OVERLAP = 0.8;

/** Half the side of a mark, in pixels. */
export const MARK = 14;
/** More than so many events at one place are gathered under a count. */
const SPREAD_MAX = 8;

export function sitesOf(events: SitEvent[], project: (event: SitEvent) => Point): Site[] {
  const sites = new Map<number, Site>();
  for (const event of events) {
    if (!event.at) continue;
    // To a thousandth of a degree, about 100 m: what is closer is one place.
    const key = Math.round(event.at.lon * 1000) * 1e6 + Math.round(event.at.lat * 1000);
    const site = sites.get(key);
    if (site) site.events.push(event);
    else sites.set(key, { key, name: placeOf(event), events: [event], ...project(event) });
  }
  return [...sites.values()];
}

const ringRadius = (n: number) => (n < 2 ? 0 : Math.max(MARK + 6, (MARK + 1) / Math.sin(Math.PI / n)));
const clusterRadius = (n: number) => (n < 10 ? 14 : n < 100 ? 17 : 21);
/** The way from the place to the mark of its i-th event: on a ring, the oldest at the left, clockwise. */
function offset(i: number, n: number): Point {
  const angle = Math.PI + (2 * Math.PI * (n - 1 - i)) / n;
  return { x: ringRadius(n) * Math.cos(angle), y: ringRadius(n) * Math.sin(angle) };
}

/** How far the marks of a place reach from it to the sides, and up and down. */
export function reachOf(site: Site): Point {
  const n = site.events.length;
  if (n > SPREAD_MAX) return { x: clusterRadius(n) + 3, y: clusterRadius(n) + 3 };
  const offsets = site.events.map((_, i) => offset(i, n));
  const most = (axis: "x" | "y") => Math.max(...offsets.map((o) => Math.abs(o[axis]))) + MARK;
  return { x: most("x"), y: most("y") };
}

/** Marks for the sites; `apart` says that the zoom is deep enough for no two sites to be gathered. */
export function layOut(sites: Site[], apart: boolean): Mark[] {
  const gathered = apart ? sites.map((site) => [site]) : gather(sites);
  return gathered.flatMap((group) => {
    if (group.length === 1) return spread(group[0]!);
    const events = group.flatMap((site) => site.events);
    const { x, y } = group[0]!;
    return [{ kind: "cluster", events, site: null, radius: clusterRadius(events.length), x, y }];
  });
}

function spread(site: Site): Mark[] {
  const n = site.events.length;
  if (n > SPREAD_MAX) return [{ kind: "cluster", events: site.events, site, radius: clusterRadius(n), x: site.x, y: site.y }];
  return site.events.map((event, i) => {
    const { x, y } = offset(i, n);
    return { kind: "event", event, site, spread: n > 1, x: site.x + x, y: site.y + y };
  });
}

interface Group extends Point {
  reach: Point;
  sites: Site[];
  count: number;
}

/** Gathers what overlaps, and what overlaps then, until nothing does. A group stands at its fullest place. */
function gather(sites: Site[]): Site[][] {
  let groups: Group[] = sites.map((site) => ({ x: site.x, y: site.y, reach: reachOf(site), sites: [site], count: site.events.length }));
  for (let before = Infinity, pass = 0; groups.length < before && pass < 4; pass++) {
    before = groups.length;
    groups = gatherOnce(groups);
  }
  return groups.map((group) => group.sites);
}

const CELL = 96;

function gatherOnce(groups: Group[]): Group[] {
  const kept: Group[] = [];
  const cells = new Map<number, Group[]>();
  const cellOf = (x: number, y: number) => Math.floor(x / CELL) * 1e6 + Math.floor(y / CELL);
  for (const group of groups.sort((a, b) => b.count - a.count || a.sites[0]!.key - b.sites[0]!.key)) {
    const host = hostOf(group, (dx, dy) => cells.get(cellOf(group.x + dx * CELL, group.y + dy * CELL)));
    if (host) {
      host.sites.push(...group.sites);
      host.count += group.count;
      const radius = clusterRadius(host.count) + 3;
      host.reach = { x: radius, y: radius };
      continue;
    }
    kept.push(group);
    const cell = cellOf(group.x, group.y);
    const there = cells.get(cell);
    if (there) there.push(group);
    else cells.set(cell, [group]);
  }
  return kept;
}

function hostOf(group: Group, near: (dx: number, dy: number) => Group[] | undefined): Group | undefined {
  const overlap = (other: Group, axis: "x" | "y") => Math.abs(other[axis] - group[axis]) < (other.reach[axis] + group.reach[axis]) * OVERLAP;
  for (let dx = -1; dx <= 1; dx++) {
    for (let dy = -1; dy <= 1; dy++) {
      const host = near(dx, dy)?.find((other) => overlap(other, "x") && overlap(other, "y"));
      if (host) return host;
    }
  }
  return undefined;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Boxes already taken on the map; new ones are let in where they touch none. */
export class Room {
  private cells = new Map<string, Box[]>();

  private *around(box: Box): Generator<string> {
    for (let x = Math.floor(box.left / 96); x <= Math.floor(box.right / 96); x++) {
      for (let y = Math.floor(box.top / 96); y <= Math.floor(box.bottom / 96); y++) yield `${x},${y}`;
    }
  }

  isFree(box: Box): boolean {
    for (const cell of this.around(box)) {
      for (const b of this.cells.get(cell) ?? []) {
        if (box.left < b.right && box.right > b.left && box.top < b.bottom && box.bottom > b.top) return false;
      }
    }
    return true;
  }

  take(box: Box): void {
    for (const cell of this.around(box)) this.cells.set(cell, [...(this.cells.get(cell) ?? []), box]);
  }
}

export const boxAround = ({ x, y }: Point, half: number): Box => ({ left: x - half, top: y - half, right: x + half, bottom: y + half });
