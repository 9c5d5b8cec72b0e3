// Legend and filters are one thing: each row shows how its value is drawn, how many events it has, and
// can be chosen.
import { colourOf } from "../colours";
import { ACTIONS, STATUSES, type Action, type SitEvent, type Status } from "../event";
import { valueOf, type Scene } from "../filter";
import { glyph, lineSample, svg } from "../glyphs";
import { actorName, countryName, textsOf } from "../i18n";
import { FACETS, type Facet, type Store } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

export interface Filters {
  element: HTMLElement;
  render(scene: Scene): void;
  /** On a narrow screen the card is opened and closed. */
  setOpen(open: boolean): void;
}

const NEUTRAL = { fill: "var(--neutral-mark)", ink: "#ffffff" };
const FEW = 7;

export function createFilters(store: Store, events: SitEvent[], onClose: () => void): Filters {
  const names = new Map<string, SitEvent>();
  const values: Record<Facet, string[]> = { actor: [], action: [...ACTIONS], status: [...STATUSES], country: [] };
  const totals = new Map<string, number>();
  for (const event of events) {
    names.set(event.actorKey, event);
    for (const facet of FACETS) {
      const key = `${facet} ${valueOf[facet](event)}`;
      totals.set(key, (totals.get(key) ?? 0) + 1);
    }
  }
  const total = (facet: Facet, value: string) => totals.get(`${facet} ${value}`) ?? 0;
  for (const facet of ["actor", "country"] as const) {
    values[facet] = [...new Set(events.map(valueOf[facet]))].sort((a, b) => total(facet, b) - total(facet, a) || (a < b ? -1 : 1));
  }

  const unfolded = new Set<Facet>();
  const title = h("h2");
  const reset = h("button", { type: "button", class: "text-button", data: { control: "reset" }, on: { click: clear } });
  const close = h("button", { type: "button", class: "quiet close", on: { click: onClose } }, icon("close"));
  const sections = h("div", { class: "facets" });
  const element = h("section", { class: "filters", id: "filters", data: { open: String(window.innerWidth > 760) } }, h("header", {}, title, reset, close), sections);
  let open: Record<Facet, boolean> = { actor: true, action: true, status: true, country: false };

  function clear(): void {
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

  function row(facet: Facet, value: string, count: number): HTMLElement {
    const chosen = store.state.filters[facet];
    const box = h("input", {
      type: "checkbox", checked: chosen.has(value), data: { facet, value },
      on: { change: () => toggle(facet, value) },
    });
    const off = chosen.size > 0 && !chosen.has(value);
    return h(
      "label", { class: `row${off ? " is-off" : ""}${count === 0 ? " is-none" : ""}` },
      box, h("span", { class: "sample" }, sample(facet, value)), h("span", { class: "name" }, nameOf(facet, value)),
      h("span", { class: "count" }, new Intl.NumberFormat(store.state.lang, { notation: "compact" }).format(count)),
    );
  }

  function render(scene: Scene): void {
    const texts = textsOf(store.state.lang);
    const focused = document.activeElement instanceof HTMLInputElement && element.contains(document.activeElement) ? document.activeElement.dataset : null;
    const { facet: focusFacet, value: focusValue } = focused ?? {};
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
        h("summary", {}, texts.facets[facet]),
        h("div", { role: "group", aria: { label: texts.facets[facet] } }, ...visible.map((value) => row(facet, value, scene.counts[facet].get(value) ?? 0))),
        rest > 0 && h("button", { type: "button", class: "text-button more", on: { click: () => { unfolded.add(facet); render(scene); } } }, `+ ${rest}`),
      );
    });
    fillWith(sections, ...groups, notes());
    if (focusFacet) {
      const again = [...element.querySelectorAll<HTMLInputElement>("input")].find((i) => i.dataset["facet"] === focusFacet && i.dataset["value"] === focusValue);
      again?.focus({ preventScroll: true });
    }
  }

  /** The signs that are no filter. */
  function notes(): HTMLElement {
    const texts = textsOf(store.state.lang);
    const area = svg("svg", { viewBox: "0 0 24 24", class: "note-sample", "aria-hidden": "true" }, svg("circle", { cx: 12, cy: 12, r: 9.5, class: "area" }));
    const arrow = svg("svg", { viewBox: "0 0 34 20", class: "note-sample", "aria-hidden": "true" }, svg("path", { d: "M3 15Q13 4 25 7", class: "track" }), svg("path", { d: "M32 9 22 12 25 3Z", class: "arrow-head" }));
    const past = glyph("advance", "occurred", NEUTRAL);
    const holder = h("span", { class: "past-sample" }, past);
    return h("div", { class: "notes" },
      h("p", {}, h("span", { class: "sample" }, glyph("advance", "occurred", NEUTRAL, { claimed: true })), texts.claimedMark),
      h("p", {}, h("span", { class: "sample" }, area), texts.area),
      h("p", {}, h("span", { class: "sample" }, arrow), texts.arrow),
      h("p", {}, h("span", { class: "sample" }, holder), texts.earlierMark),
      h("p", { class: "borders" }, texts.borders));
  }

  return { element, render, setOpen: (wanted) => (element.dataset["open"] = String(wanted)) };
}
