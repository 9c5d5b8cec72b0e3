// The marks. The frame tells the kind (round: movement, square: control, diamond: violence), the sign
// inside tells the action, the outline tells the status. Colour only adds the actor.
import type { Action, SitEvent, Status } from "./event";
import { colourOf, type Colour } from "./colours";

const NS = "http://www.w3.org/2000/svg";

type Frame = "round" | "square" | "diamond";

/** `line` is stroked, `solid` filled; the box is 32 wide around 0,0. Directions carry no meaning. */
const SIGNS: Record<Action, { frame: Frame; line?: string; solid?: string }> = {
  withdrawal: { frame: "round", line: "M-1-6H-6V6H-1M-2.5 0H6.5M3-3.7 6.7 0 3 3.7" },
  deployment: { frame: "round", line: "M1-6H6V6H1M-7 0H1.5M-2-3.7 1.7 0-2 3.7" },
  advance: { frame: "round", line: "M-5.5-5-.5 0-5.5 5M1-5 6 0 1 5" },
  evacuation: { frame: "round", solid: "M-2-7.2a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5ZM-6.5 6.5V3.2a4.4 4.4 0 0 1 7-3.4V6.5Z", line: "M3.5 2.5H8M5.8 0 8.2 2.5 5.8 5" },
  capture: { frame: "square", solid: "M-4.8-7.5V7.5H-3V1.2L6.5-3Z" },
  siege: { frame: "square", line: "M5.9-3A6.6 6.6 0 0 0-5.9-3M-5.9 3A6.6 6.6 0 0 0 5.9 3", solid: "M0-2.3A2.3 2.3 0 0 1 0 2.3A2.3 2.3 0 0 1 0-2.3Z" },
  offensive: { frame: "diamond", solid: "M-5.5-5.5 7.5 0-5.5 5.5-2.5 0Z" },
  clash: { frame: "diamond", line: "M-5-5 4.5 4.5M5-5-4.5 4.5M1.6 5.8 5.8 1.6M-1.6 5.8-5.8 1.6" },
  strike: { frame: "diamond", solid: "M0-7.6 1.7-3 6-4.6 3.6-.9 7.6 1 3 2.2 3.6 6.8 0 3.9-3.6 6.8-3 2.2-7.6 1-3.6-.9-6-4.6-1.7-3Z" },
};

/** Four wedges around the frame, alike to all sides: outward where forces leave, inward where they arrive. */
const ENDS = { leaving: "M0-19 2.6-13.2H-2.6Z", arriving: "M0-13.2 2.8-18.6H-2.8Z" };

export function svg(tag: string, attributes: Record<string, string | number>, ...children: SVGElement[]): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function frame(kind: Frame, grow: number, attributes: Record<string, string | number>): SVGElement {
  if (kind === "round") return svg("circle", { r: 11.5 + grow, ...attributes });
  const half = (kind === "square" ? 10.5 : 9.6) + grow;
  const turned: Record<string, string> = kind === "diamond" ? { transform: "rotate(45)" } : {};
  return svg("rect", { x: -half, y: -half, width: half * 2, height: half * 2, rx: 3.5, ...turned, ...attributes });
}

/** How a mark differs from the plain one: `soft` stands for an area, `claimed` for one party's word, `end` for one end of a movement. */
interface Kind {
  soft?: boolean;
  claimed?: boolean;
  end?: SitEvent["oneEnd"];
}

/** The mark of an action in a status, for an actor's colour. */
export function glyph(action: Action, status: Status, colour: Colour, { soft = false, claimed = false, end = null }: Kind = {}): SVGElement {
  const sign = SIGNS[action];
  const root = svg("svg", { viewBox: "-18 -18 36 36", class: `glyph is-${status}${soft ? " is-soft" : ""}`, "aria-hidden": "true", focusable: "false" });
  if (end) {
    const out = status === "ongoing" ? -2.6 : 0;
    for (const angle of [45, 135, 225, 315]) root.append(svg("path", { d: ENDS[end], class: "end", transform: `rotate(${angle}) translate(0 ${out})` }));
  }
  root.append(frame(sign.frame, status === "ongoing" ? 4.6 : 1.8, { class: "casing" }));
  if (status === "ongoing") root.append(frame(sign.frame, 3, { class: "ring", stroke: colour.fill }));
  const filled = status === "occurred" || status === "ongoing";
  root.append(
    frame(sign.frame, 0, { class: "frame", ...(filled ? { fill: colour.fill, ...(soft ? { stroke: colour.fill } : {}) } : status === "planned" ? { stroke: colour.fill } : {}) }),
  );
  const ink = filled && !soft ? colour.ink : "currentColor";
  // A seam inside the edge: the mark is as good as the word of the one who is named.
  if (claimed && filled) root.append(frame(sign.frame, -1.2, { class: "seam", stroke: soft ? colour.fill : colour.ink }));
  if (sign.solid) root.append(svg("path", { d: sign.solid, fill: ink }));
  if (sign.line) root.append(svg("path", { d: sign.line, class: "sign", stroke: ink }));
  if (status === "denied") root.append(svg("path", { d: "M-12 12 12-12", class: "slash-casing" }), svg("path", { d: "M-12 12 12-12", class: "slash" }));
  return root;
}

const templates = new Map<string, SVGElement>();

/** The mark of an event. Few are different: each is put together once, and then copied. */
export function glyphOf({ action, status, actorKey, areaKm, oneEnd, is }: SitEvent): SVGElement {
  const colour = colourOf(actorKey);
  const kind = { soft: areaKm !== null, claimed: !!is.claimed_by, end: oneEnd };
  const key = `${action} ${status} ${colour.fill} ${kind.soft} ${kind.claimed} ${kind.end}`;
  let template = templates.get(key);
  if (!template) templates.set(key, (template = glyph(action, status, colour, kind)));
  return template.cloneNode(true) as SVGElement;
}

/** A count in a ring whose parts are the actors' colours: several events under one mark. `parts` are counts by actor. */
export function clusterGlyph(parts: Map<string, number>, radius: number): SVGElement {
  const size = radius + 4;
  const root = svg("svg", { viewBox: `${-size} ${-size} ${size * 2} ${size * 2}`, class: "cluster-glyph", "aria-hidden": "true" });
  root.append(svg("circle", { r: radius + 2, class: "casing" }));
  const counts = new Map<string, number>();
  let all = 0;
  for (const [actor, count] of parts) {
    const { fill } = colourOf(actor);
    counts.set(fill, (counts.get(fill) ?? 0) + count);
    all += count;
  }
  const around = 2 * Math.PI * (radius - 2);
  let turned = 0;
  for (const [fill, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    const part = (count / all) * around;
    root.append(svg("circle", {
      r: radius - 2, class: "part", stroke: fill,
      "stroke-dasharray": `${part} ${around - part}`, "stroke-dashoffset": -turned, transform: "rotate(-90)",
    }));
    turned += part;
  }
  const text = svg("text", { class: "count", y: 4.5, "text-anchor": "middle" });
  text.textContent = String(all);
  root.append(text);
  return root;
}

/** A short piece of line as movements are drawn in this status. */
export function lineSample(status: Status): SVGElement {
  return svg("svg", { viewBox: "0 0 34 10", class: "line-sample", "aria-hidden": "true" }, svg("path", { d: "M2 5H32", class: `track is-${status}` }));
}
