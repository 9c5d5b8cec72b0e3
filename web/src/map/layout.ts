// Where marks stand, in pixels of one zoom level: spread where they coincide, gathered where they crowd.
import { placeOf, type SitEvent } from "../event";
import type { EventSet } from "../events";

export interface Point {
  x: number;
  y: number;
}

/** All events drawn at one and the same place. */
export interface Site extends Point {
  key: number;
  name: string;
  rows: number[];
  /** As many as are drawn one by one. */
  events: SitEvent[];
}

export type Mark = Point &
  (
    | { kind: "event"; event: SitEvent; site: Site; spread: boolean }
    /** Several events under one mark: of one place (`site`), or of several places close together. */
    | { kind: "cluster"; rows: number[]; site: Site | null; radius: number }
  );

/** Marks may touch a little before their places are gathered. */
const OVERLAP = 0.8;
/** So many marks in and around what is seen are the most that a browser moves with ease. */
const MOST_MARKS = 500;

/** Half the side of a mark, in pixels. */
export const MARK = 14;
/** More than so many events at one place are gathered under a count. */
const SPREAD_MAX = 8;

/** A part of the world at one zoom. */
export interface Part extends Box {
  /** Pixels of the whole world's width. */
  scale: number;
}

/** Events, by their numbers in a set, that lie in one small square of a part; where the first of them is. */
interface Cell extends Point {
  /** The square's number. */
  number: number;
  rows: number[];
  /** Their place, while all have the same. */
  site: number | null;
}

/** Sorts the events of a part of the world into squares of so many pixels; within one the order is kept. */
export function cellsOf(set: EventSet, rows: number[], { left, top, right, bottom, scale }: Part, side: number): Cell[] {
  const cells = new Map<number, Cell>();
  const columns = Math.ceil((right - left) / side) + 1;
  // Called at each step of the slider, over all events: a plain loop over numbers.
  for (const row of rows) {
    const [x, y, site] = [set.x[row]! * scale, set.y[row]! * scale, set.site[row]!];
    // So written, what has no place is none of them.
    if (!(x >= left && x <= right && y >= top && y <= bottom)) continue;
    const number = Math.floor((y - top) / side) * columns + Math.floor((x - left) / side);
    const cell = cells.get(number);
    if (!cell) cells.set(number, { number, x, y, rows: [row], site });
    else {
      cell.rows.push(row);
      if (cell.site !== site) cell.site = null;
    }
  }
  return [...cells.values()];
}

const ringRadius = (n: number) => (n < 2 ? 0 : Math.max(MARK + 6, (MARK + 1) / Math.sin(Math.PI / n)));
const clusterRadius = (n: number) => (n < 10 ? 14 : n < 100 ? 17 : 21);
/** The way from the place to the mark of its i-th event: on a ring, the oldest at the left, clockwise. */
function offset(i: number, n: number): Point {
  const angle = Math.PI + (2 * Math.PI * (n - 1 - i)) / n;
  return { x: ringRadius(n) * Math.cos(angle), y: ringRadius(n) * Math.sin(angle) };
}

/** How far the marks of a place of `n` events reach from it to the sides, and up and down. */
export function reachOf(n: number): Point {
  if (n > SPREAD_MAX) return { x: clusterRadius(n) + 3, y: clusterRadius(n) + 3 };
  const offsets = Array.from({ length: n }, (_, i) => offset(i, n));
  const most = (axis: "x" | "y") => Math.max(...offsets.map((o) => Math.abs(o[axis]))) + MARK;
  return { x: most("x"), y: most("y") };
}

/** Marks for events; `apart` says that the zoom is deep enough for no two places to be gathered. */
export function layOut(set: EventSet, rows: number[], part: Part, apart: boolean): Mark[] {
  // Marks in one square would overlap in any case.
  const cells = cellsOf(set, rows, part, apart ? 1 : MARK * 1.6);
  return gatherEnough(cells.map(groupOf), apart).flatMap(({ rows: gathered, site, x, y }) => {
    if (site === null) return [{ kind: "cluster", rows: gathered, site: null, radius: clusterRadius(gathered.length), x, y }];
    return spread(siteOf(set, gathered, site, { x, y }));
  });
}

/** The place at which all these events are. */
export function siteOf(set: EventSet, rows: number[], key: number, { x, y }: Point): Site {
  return { key, name: placeOf(set.events[rows[0]!]!), rows, events: rows.slice(0, SPREAD_MAX).map((row) => set.events[row]!), x, y };
}

function groupOf({ number, x, y, rows, site }: Cell): Group {
  if (site !== null) return { number, x, y, rows, site, reach: reachOf(rows.length) };
  const radius = clusterRadius(rows.length) + 3;
  return { number, x, y, rows, site, reach: { x: radius, y: radius } };
}

function spread(site: Site): Mark[] {
  const n = site.rows.length;
  if (n > SPREAD_MAX) return [{ kind: "cluster", rows: site.rows, site, radius: clusterRadius(n), x: site.x, y: site.y }];
  return site.events.map((event, i) => {
    const { x, y } = offset(i, n);
    return { kind: "event", event, site, spread: n > 1, x: site.x + x, y: site.y + y };
  });
}

interface Group extends Point {
  number: number;
  rows: number[];
  /** Their place, where they have one. */
  site: number | null;
  reach: Point;
}

/** Gathers what overlaps; where more remains than can be told apart, also what is near. */
function gatherEnough(groups: Group[], apart: boolean): Group[] {
  if (apart) return groups;
  let gathered = gather(groups, OVERLAP);
  for (let reach = 1.3; gathered.length > MOST_MARKS && reach < 4; reach *= 1.5) gathered = gather(gathered, reach);
  return gathered;
}

/** Gathers what overlaps, and what overlaps then, until nothing does. A group stands at its fullest place. */
function gather(groups: Group[], reach: number): Group[] {
  for (let before = Infinity, pass = 0; groups.length < before && pass < 4; pass++) {
    before = groups.length;
    groups = gatherOnce(groups, reach);
  }
  return groups;
}

const CELL = 96;

function gatherOnce(groups: Group[], reach: number): Group[] {
  const kept: Group[] = [];
  const cells = new Map<number, Group[]>();
  // Relative to one of them: numbers that are small are quick to look up.
  const { x: left, y: top } = groups[0] ?? { x: 0, y: 0 };
  const cellOf = (x: number, y: number) => Math.floor((x - left) / CELL) * 4096 + Math.floor((y - top) / CELL);
  for (const group of groups.sort((a, b) => b.rows.length - a.rows.length || a.number - b.number)) {
    const host = hostOf(group, reach, (dx, dy) => cells.get(cellOf(group.x + dx * CELL, group.y + dy * CELL)));
    if (host) {
      // The cell that it grew from is not looked at again.
      for (const row of group.rows) host.rows.push(row);
      host.site = null;
      const radius = clusterRadius(host.rows.length) + 3;
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

function hostOf(group: Group, reach: number, near: (dx: number, dy: number) => Group[] | undefined): Group | undefined {
  const overlap = (other: Group, axis: "x" | "y") => Math.abs(other[axis] - group[axis]) < (other.reach[axis] + group.reach[axis]) * reach;
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
  private readonly cells = new Map<number, Box[]>();

  private around(box: Box): number[] {
    const numbers: number[] = [];
    for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x++) {
      // Numbers may coincide, far from each other: that costs a look, no more.
      for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y++) numbers.push(((x & 0x7fff) << 15) | (y & 0x7fff));
    }
    return numbers;
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
    for (const cell of this.around(box)) {
      const there = this.cells.get(cell);
      if (there) there.push(box);
      else this.cells.set(cell, [box]);
    }
  }
}

export const boxAround = ({ x, y }: Point, half: number): Box => ({ left: x - half, top: y - half, right: x + half, bottom: y + half });
