// The events of the map as a list of buttons: the keyboard's and the screen reader's way in.
import type { SitEvent } from "../event";
import { placeOf } from "../event";
import type { Scene } from "../filter";
import { colourOf } from "../colours";
import { glyphOf } from "../glyphs";
import { plural, textsOf } from "../i18n";
import type { Store } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";
import { reportsText } from "./reports";
import { actionText, actorText, dateText, placeText } from "./words";

export interface List {
  element: HTMLElement;
  render(scene: Scene): void;
  /** Puts the keyboard back on an event's button. */
  focus(id: string): void;
}

/** So many are written at first; the rest on demand. */
const PAGE = 200;

export function createList(store: Store): List {
  const element = h("section", { class: "list", id: "list" });
  let shown = PAGE;

  function item(event: SitEvent, withDate: boolean): HTMLElement {
    const { lang, selected } = store.state;
    const texts = textsOf(lang);
    const { status, action } = event.is;
    const details = [withDate ? dateText(lang, event) : "", actorText(lang, event), reportsText(lang, event)].filter(Boolean).join(" · ");
    return h("li", {}, h(
      "button",
      {
        type: "button", class: "event", aria: { current: selected === event.id ? "true" : undefined },
        data: { event: event.id, action, status, place: placeOf(event), actor: event.is.actor ?? "" },
        on: { click: () => store.set({ selected: event.id }) },
      },
      glyphOf(event),
      h("span", { class: "event-text" },
        h("span", { class: "event-title" }, h("strong", {}, placeText(lang, event)), " ", h("span", { class: "event-action" }, actionText(lang, event)),
          status !== "occurred" && h("span", { class: `tag is-${status}` }, texts.statuses[status])),
        h("span", { class: "event-sub" }, swatch(event), details)),
    ));
  }

  function swatch(event: SitEvent): HTMLElement {
    const dot = h("span", { class: "actor-dot" });
    dot.style.backgroundColor = colourOf(event.actorKey).fill;
    return dot;
  }

  /** Events of one date under one heading. */
  function dated(events: SitEvent[]): HTMLElement[] {
    const { lang } = store.state;
    const groups: { date: string; events: SitEvent[] }[] = [];
    for (const event of events) {
      const date = dateText(lang, event);
      const last = groups.at(-1);
      if (last?.date === date) last.events.push(event);
      else groups.push({ date, events: [event] });
    }
    return groups.map((group) => h("div", { class: "day" }, h("h3", {}, group.date), h("ol", {}, ...group.events.map((event) => item(event, false)))));
  }

  function render(scene: Scene): void {
    const { lang, group } = store.state;
    const texts = textsOf(lang);
    element.setAttribute("aria-label", texts.listLabel);
    const wanted = group ? new Set(group) : null;
    const current = wanted ? scene.current.filter((event) => wanted.has(event.id)) : scene.current;
    const rest = current.length - shown;
    fillWith(
      element,
      wanted && h("header", { class: "group-head" },
        h("h2", {}, plural(lang, texts.eventsHere, current.length)),
        h("button", { type: "button", class: "text-button", on: { click: () => store.set({ group: null }) } }, icon("back"), texts.allEvents)),
      current.length === 0 && h("p", { class: "none" }, texts.noneInWindow),
      ...dated(current.slice(0, shown)),
      rest > 0 && h("button", { type: "button", class: "text-button more", on: { click: () => { shown += PAGE; render(scene); } } }, plural(lang, texts.showMore, Math.min(rest, PAGE))),
      !wanted && scene.undated.length > 0 && h("div", { class: "day undated" },
        h("h3", {}, texts.undated, " ", h("span", { class: "badge" }, String(scene.undated.length))),
        h("p", { class: "note" }, texts.undatedNote),
        h("ol", {}, ...scene.undated.map((event) => item(event, !!event.is.date)))),
    );
  }

  return {
    element, render,
    focus: (id) => [...element.querySelectorAll<HTMLButtonElement>("button.event")].find((b) => b.dataset["event"] === id)?.focus(),
  };
}
