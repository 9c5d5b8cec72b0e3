// Legend and filters are one thing: each row shows how its value is drawn, how many events it has, and
// can be chosen.
import { colourOf } from "../colours";
import { ACTIONS, STATUSES, type Action, type SitEvent, type Status } from "../event";
import type { EventSet } from "../events";
import type { Scene } from "../filter";
import { glyph, lineSample, svg } from "../glyphs";
import { actorName, countryName, plural, textsOf } from "../i18n";
import { isEmbedded } from "../settings";
import { FACETS, type Facet, type Store } from "../state";
import { fillWith, h, keepingFocus, moreButton } from "./dom";
import { icon } from "./icons";

export interface Filters {
  element: HTMLElement;
  /** Tells all events there are: what can be chosen. */
  setEvents(events: EventSet): void;
  render(scene: Scene): void;
  /** On a narrow screen the card is opened and closed. */
  setOpen(open: boolean): void;
}

/** For samples: no actor's colour. */
export const NEUTRAL = { fill: "var(--neutral-mark)", ink: "#ffffff" };
const FEW = 7;

export function createFilters(store: Store, onClose: () => void): Filters {
  let names = new Map<string, SitEvent>();
  const values: Record<Facet, string[]> = { actor: [], action: [...ACTIONS], status: [...STATUSES], country: [] };
  let totals = new Map<string, number>();
  const total = (facet: Facet, value: string) => totals.get(`${facet} ${value}`) ?? 0;
  function setEvents({ events, columns }: EventSet): void {
    totals = new Map();
    for (const facet of FACETS) {
      const { codes, values: own } = columns[facet];
      const counts = new Int32Array(own.length);
      for (const code of codes) counts[code]!++;
      own.forEach((value, code) => totals.set(`${facet} ${value}`, counts[code]!));
      if (facet === "actor" || facet === "country") values[facet] = [...own].sort((a, b) => total(facet, b) - total(facet, a) || (a < b ? -1 : 1));
    }
    const { values: actors, firsts } = columns.actor;
    names = new Map(actors.map((actor, code) => [actor, events[firsts[code]!]!]));
  }

  const unfolded = new Set<Facet>();
  /** The rows that are there, by facet and value; and what they were made for. */
  let rows = new Map<string, { row: HTMLElement; count: HTMLElement }>();
  let madeFor: unknown[] = [];
  let last: Scene | null = null;
  const title = h("h2");
  const reset = h("button", { type: "button", class: "text-button", data: { control: "reset" }, on: { click: clear } });
  const close = h("button", { type: "button", class: "quiet close", on: { click: onClose } }, icon("close"));
  const sections = h("div", { class: "facets" });
  const element = h("section", { class: "filters", id: "filters", data: { open: String(!isEmbedded && matchMedia("(min-width: 901px) and (min-height: 521px)").matches) } }, h("header", {}, title, reset, close), sections);
  let open: Record<Facet, boolean> = { actor: true, action: true, status: true, country: false };

  function clear(): void {
    // The button goes away: whoever pressed it stays in the card.
    close.focus();
    store.set({ filters: { actor: new Set(), action: new Set(), status: new Set(), country: new Set() } });
  }
  function toggle(facet: Facet, value: string): void {
    const chosen = new Set(store.state.filters[facet]);
    if (!chosen.delete(value)) chosen.add(value);
    store.set({ filters: { ...store.state.filters, [facet]: chosen } });
  }

  function nameOf(facet: Facet, value: string): string {
    const { lang } = store.state;
    const texts = textsOf(lang);
    if (facet === "action") return texts.actions[value as Action];
    if (facet === "status") return texts.statuses[value as Status];
    if (facet === "country") return value ? countryName(lang, value) : texts.noCountry;
    const { actor, actor_id } = names.get(value)?.is ?? {};
    return actorName(lang, actor, actor_id) ?? texts.unknownActor;
  }

  function sample(facet: Facet, value: string): Node | null {
    if (facet === "actor") return svg("svg", { viewBox: "0 0 14 14", class: "swatch", "aria-hidden": "true" }, svg("circle", { cx: 7, cy: 7, r: 6, fill: colourOf(value).fill }));
    if (facet === "action") return glyph(value as Action, "occurred", NEUTRAL);
    if (facet === "status") {
      const both = h("span", { class: "status-sample" });
      both.append(glyph("advance", value as Status, NEUTRAL), lineSample(value as Status));
      return both;
    }
    return null;
  }

  function row(facet: Facet, value: string): HTMLElement {
    const chosen = store.state.filters[facet];
    const box = h("input", {
      type: "checkbox", checked: chosen.has(value), data: { facet, value },
      on: { change: () => toggle(facet, value) },
    });
    const off = chosen.size > 0 && !chosen.has(value);
    const count = h("span", { class: "count" });
    const row = h(
      "label", { class: `row${off ? " is-off" : ""}` },
      box, h("span", { class: "sample" }, sample(facet, value)), h("span", { class: "name" }, nameOf(facet, value)), count,
    );
    rows.set(`${facet} ${value}`, { row, count });
    return row;
  }

  /** Written anew only where more than the numbers has changed: the window moves often. */
  function render(scene: Scene): void {
    last = scene;
    const { counts } = scene;
    const { lang, filters } = store.state;
    const wanted = [lang, filters, totals, unfolded.size];
    if (wanted.some((part, i) => part !== madeFor[i])) keepingFocus(sections, write);
    madeFor = wanted;
    const number = new Intl.NumberFormat(lang, { notation: "compact" });
    for (const facet of FACETS) {
      for (const value of values[facet]) {
        const there = rows.get(`${facet} ${value}`);
        if (!there) continue;
        const count = counts[facet].get(value) ?? 0;
        const text = number.format(count);
        if (there.count.textContent !== text) there.count.textContent = text;
        there.row.classList.toggle("is-none", count === 0);
      }
    }
  }

  function write(): void {
    rows = new Map();
    const texts = textsOf(store.state.lang);
    element.setAttribute("aria-label", texts.legend);
    title.textContent = texts.legend;
    reset.textContent = texts.reset;
    reset.hidden = FACETS.every((facet) => store.state.filters[facet].size === 0);
    close.setAttribute("aria-label", texts.close);
    const groups = FACETS.filter((facet) => values[facet].length > 0).map((facet) => {
      const shown = values[facet].filter((value) => total(facet, value) > 0 || store.state.filters[facet].has(value));
      const many = shown.length > FEW + 2 && !unfolded.has(facet) && (facet === "actor" || facet === "country");
      const visible = many ? shown.filter((value, i) => i < FEW || store.state.filters[facet].has(value)) : shown;
      const rest = shown.length - visible.length;
      return h(
        "details", { open: open[facet], on: { toggle: (e) => (open = { ...open, [facet]: (e.currentTarget as HTMLDetailsElement).open }) } },
        h("summary", { data: { summary: facet } }, texts.facets[facet]),
        h("div", { role: "group", aria: { label: texts.facets[facet] } }, ...visible.map((value) => row(facet, value))),
        rest > 0 && moreButton(sections, plural(store.state.lang, texts.showMore, rest), () => { unfolded.add(facet); if (last) render(last); }),
      );
    });
    fillWith(sections, ...groups, notes());
  }

  /** The signs that are no filter. */
  function notes(): HTMLElement {
    const texts = textsOf(store.state.lang);
    const area = svg("svg", { viewBox: "0 0 24 24", class: "note-sample", "aria-hidden": "true" }, svg("circle", { cx: 12, cy: 12, r: 9.5, class: "area" }));
    const arrow = svg("svg", { viewBox: "0 0 34 20", class: "note-sample", "aria-hidden": "true" }, svg("path", { d: "M3 15Q13 4 25 7", class: "track" }), svg("path", { d: "M32 9 22 12 25 3Z", class: "arrow-head" }));
    const past = glyph("advance", "occurred", NEUTRAL);
    const holder = h("span", { class: "past-sample" }, past);
    const region = svg("svg", { viewBox: "0 0 24 24", class: "note-sample", "aria-hidden": "true" }, svg("polygon", { points: "3 8 8 3 14 5.5 21 4 20 11 21.5 17 14 21 8.5 18.5 4 20 5 13", class: "area" }));
    return h("div", { class: "notes" },
      h("p", {}, h("span", { class: "sample" }, glyph("advance", "occurred", NEUTRAL, { claimed: true })), texts.claimedMark),
      h("p", {}, h("span", { class: "sample" }, area), texts.area),
      h("p", {}, h("span", { class: "sample" }, region), texts.regionArea),
      h("p", {}, h("span", { class: "sample" }, arrow), texts.arrow),
      h("p", {}, h("span", { class: "sample" }, glyph("withdrawal", "occurred", NEUTRAL, { end: "leaving" })), texts.leaving),
      h("p", {}, h("span", { class: "sample" }, glyph("deployment", "occurred", NEUTRAL, { end: "arriving" })), texts.arriving),
      h("p", {}, h("span", { class: "sample" }, holder), texts.earlierMark),
      h("p", { class: "borders" }, texts.borders));
  }

  return { element, setEvents, render, setOpen: (wanted) => (element.dataset["open"] = String(wanted)) };
}
