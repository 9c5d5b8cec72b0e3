// The offline basemap: Natural Earth as canvas tiles. Shapes are projected once; a tile draws those it meets.
import * as L from "leaflet";
import { feature } from "topojson-client";
import { mercator } from "../event";
import type { GeometryCollection, MultiLineString, MultiPolygon, Topology } from "topojson-specification";

/** Points in web mercator, x and y from 0 to 1 in turn, with the box they fill. */
interface Shape {
  points: Float64Array;
  box: [number, number, number, number];
}
type Name = "land" | "lakes" | "rivers" | "divisions" | "borders" | "disputed";
export interface CountryLabel {
  iso: string;
  x: number;
  y: number;
  /** Log2 of the area in km²: which label comes first, and from which zoom. */
  size: number;
}
export type Basemap = Record<Name, Shape[]> & { labels: CountryLabel[] };
type WorldFile = Topology<Record<Name, MultiLineString | MultiPolygon>> & { labels: [string, number, number, number][] };

export async function loadBasemap(url: string): Promise<Basemap> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const file = (await answer.json()) as WorldFile;
  const shapes = (name: Name): Shape[] => {
    const { geometry } = feature(file, file.objects[name] as unknown as GeometryCollection) as unknown as {
      geometry: { type: string; coordinates: number[][][] | number[][][][] };
    };
    const lines = geometry.type === "MultiPolygon" ? (geometry.coordinates as number[][][][]).flat() : (geometry.coordinates as number[][][]);
    return lines.map(shapeOf);
  };
  return {
    land: shapes("land"), lakes: shapes("lakes"), rivers: shapes("rivers"),
    divisions: shapes("divisions"), borders: shapes("borders"), disputed: shapes("disputed"),
    labels: file.labels.map(([iso, lon, lat, size]) => ({ iso, size, ...mercator(lon, lat) })),
  };
}

function shapeOf(line: number[][]): Shape {
  const points = new Float64Array(line.length * 2);
  const box: Shape["box"] = [1, 1, 0, 0];
  line.forEach(([lon, lat], i) => {
    const { x, y } = mercator(lon!, lat!);
    points[2 * i] = x;
    points[2 * i + 1] = y;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  return { points, box };
}

const TILE = 512;
/** So long tiles are drawn in one frame, in milliseconds; at least one. */
const FRAME_MS = 8;
/** Room around a tile in which lines still matter: half the widest stroke. */
const MARGIN = 6;

export class BasemapLayer extends L.GridLayer {
  private basemap: Basemap | null = null;
  private colours: Record<string, string> = {};
  /** Tiles that are to be drawn. */
  private readonly waiting: (() => void)[] = [];
  private frame = 0;

  constructor() {
    super({ tileSize: TILE, updateWhenZooming: false, keepBuffer: 1 });
  }

  setBasemap(basemap: Basemap): void {
    this.basemap = basemap;
    this.waiting.length = 0;
    this.redraw();
  }

  setColours(colours: Record<string, string>): void {
    this.colours = colours;
    this.waiting.length = 0;
    this.redraw();
  }

  protected override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.height = TILE * ratio;
    this.waiting.push(() => {
      const context = canvas.getContext("2d");
      if (context && this.basemap) {
        context.scale(ratio, ratio);
        this.draw(context, this.basemap, coords);
      }
      done(undefined, canvas);
    });
    this.frame ||= requestAnimationFrame(this.drawNext);
    return canvas;
  }

  /** A few tiles to a frame: the map is not held up while it is moved. */
  private readonly drawNext = (): void => {
    const began = performance.now();
    while (this.waiting.length > 0 && performance.now() - began < FRAME_MS) {
      this.waiting.shift()!();
    }
    this.frame = this.waiting.length > 0 ? requestAnimationFrame(this.drawNext) : 0;
  };

  private draw(context: CanvasRenderingContext2D, map: Basemap, { x, y, z }: L.Coords): void {
    const scale = 256 * 2 ** z;
    const left = x * TILE;
    const top = y * TILE;
    const margin = MARGIN / scale;
    const near = ({ box }: Shape) =>
      box[2] * scale >= left - MARGIN && box[0] * scale <= left + TILE + MARGIN &&
      box[3] >= top / scale - margin && box[1] <= (top + TILE) / scale + margin;
    const path = (shapes: Shape[], whole = false) => {
      context.beginPath();
      for (const shape of shapes) if (near(shape)) trace(context, shape.points, scale, left, top, whole);
    };
    const stroke = (colour: string, width: number, dash: number[] = []) => {
      context.strokeStyle = this.colours[colour]!;
      context.lineWidth = width;
      context.setLineDash(dash);
      context.stroke();
    };
    context.lineJoin = context.lineCap = "round";

    path(map.land);
    stroke("shore", z < 4 ? 2 : 5);
    context.fillStyle = this.colours["land"]!;
    context.fill("evenodd");
    stroke("coast", z < 4 ? 0.6 : 1);
    if (z >= 5) {
      path(map.divisions);
      stroke("division", z < 7 ? 0.7 : 1);
    }
    if (z >= 4) {
      path(map.rivers);
      stroke("river", z < 6 ? 0.8 : z < 8 ? 1.3 : 1.8);
    }
    path(map.lakes);
    context.fillStyle = this.colours["water"]!;
    context.fill();
    stroke("coast", z < 6 ? 0.5 : 0.8);
    path(map.borders);
    if (z >= 5) stroke("borderCasing", z < 7 ? 3.5 : 5);
    stroke("border", z < 4 ? 0.7 : z < 7 ? 1.1 : 1.5);
    path(map.disputed, true);
    context.lineCap = "butt";
    if (z >= 5) stroke("borderCasing", z < 7 ? 3.5 : 5);
    stroke("border", z < 4 ? 0.7 : z < 7 ? 1 : 1.3, z < 5 ? [2, 2] : [5, 4]);
    context.setLineDash([]);
  }
}

/**
 * Adds a line to the path. Points that lie, as their neighbours do, beyond the same side of the tile are
 * skipped: a coast of ten thousand points costs a tile only those near it. `whole` keeps all, so that
 * dashes run on from one tile into the next.
 */
function trace(context: CanvasRenderingContext2D, points: Float64Array, scale: number, left: number, top: number, whole: boolean): void {
  const low = -MARGIN;
  const high = TILE + MARGIN;
  let skipped = false;
  let lastSide = 0;
  let lastX = points[0]! * scale - left;
  let lastY = points[1]! * scale - top;
  context.moveTo(lastX, lastY);
  for (let i = 2; i < points.length; i += 2) {
    const x = points[i]! * scale - left;
    const y = points[i + 1]! * scale - top;
    const side = (x < low ? 1 : x > high ? 2 : 0) | (y < low ? 4 : y > high ? 8 : 0);
    if (!whole && (side & lastSide) !== 0) {
      skipped = true;
    } else {
      if (skipped) context.lineTo(lastX, lastY);
      skipped = false;
      context.lineTo(x, y);
    }
    // Beyond the same side since the last point drawn, not only since the last point read.
    lastSide = skipped ? side & lastSide : side;
    lastX = x;
    lastY = y;
  }
  if (skipped) context.lineTo(lastX, lastY);
}
