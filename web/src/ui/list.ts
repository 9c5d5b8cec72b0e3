// The events of the map as a list of buttons: the keyboard's and the screen reader's way in.
import type { SitEvent } from "../event";
import { placeOf } from "../event";
import type { Scene } from "../filter";
import { colourOf } from "../colours";
import { glyphOf } from "../glyphs";
import { joined, plural, textsOf } from "../i18n";
import type { Store } from "../state";
import { fillWith, h, keepingFocus, moreButton } from "./dom";
import { icon } from "./icons";
import { reportsText } from "./reports";
import { actionText, actorText, dateText, placeText } from "./words";

export interface List {
  element: HTMLElement;
  render(scene: Scene): void;
  /** Puts the keyboard back on an event's button. */
  focus(id: string): void;
}

/** So many are written at first; the rest on demand. The list is written at each step of the slider. */
const FIRST = 50;
const PAGE = 200;
/** So many are kept. */
const MOST_MADE = 2000;

/** The dot in the colour of an event's actor. */
export function swatch(event: SitEvent): HTMLElement {
  const dot = h("span", { class: "actor-dot" });
  dot.style.backgroundColor = colourOf(event.actorKey).fill;
  return dot;
}

/** Stands above the events of one mark, and leads back to all. */
export function groupHead(store: Store, count: number): HTMLElement {
  const { lang } = store.state;
  const texts = textsOf(lang);
  return h("header", { class: "group-head" },
    h("h2", {}, plural(lang, texts.eventsHere, count)),
    h("button", { type: "button", class: "text-button", on: { click: () => store.set({ group: null }) } }, icon("back"), texts.allEvents));
}

export function createList(store: Store): List {
  const element = h("section", { class: "list", id: "list", tabindex: "-1" });
  let shown = FIRST;
  /** Buttons that were made before, by event: the window moves often, and most of what it holds stays. */
  const made = new Map<string, { event: SitEvent; element: HTMLElement }>();
  let madeFor = "";

  function item(event: SitEvent, withDate: boolean): HTMLElement {
    const key = `${event.id} ${withDate} ${event.reports.length}`;
    const known = made.get(key);
    const element = known?.event === event ? known.element : newItem(event, withDate);
    made.set(key, { event, element });
    const button = element.firstElementChild!;
    if (event.reports.some(({ id }) => id === store.state.selected)) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    return element;
  }

  function newItem(event: SitEvent, withDate: boolean): HTMLElement {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const { status, action } = event;
    const details = joined([withDate && dateText(lang, event), actorText(lang, event), reportsText(lang, event)]);
    return h("li", {}, h(
      "button",
      {
        type: "button", class: "event",
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

  function more(rest: number, scene: Scene): HTMLElement | null {
    if (rest <= 0) return null;
    const { lang } = store.state;
    return moreButton(element, plural(lang, textsOf(lang).showMore, Math.min(rest, PAGE)), () => { shown += PAGE; render(scene); });
  }

  const render = (scene: Scene) => keepingFocus(element, () => write(scene));
  function write(scene: Scene): void {
    const { lang, group } = store.state;
    const texts = textsOf(lang);
    if (madeFor !== lang || made.size > MOST_MADE) made.clear();
    madeFor = lang;
    element.setAttribute("aria-label", texts.listLabel);
    const wanted = group ? new Set(group) : null;
    const current = wanted ? scene.current.filter((event) => wanted.has(event.id)) : scene.current;
    fillWith(
      element,
      wanted && groupHead(store, current.length),
      current.length === 0 && h("p", { class: "none" }, texts.noneInWindow),
      ...dated(current.slice(0, shown)),
      more(current.length - shown, scene),
      !wanted && scene.undated.length > 0 && h("div", { class: "day undated" },
        h("h3", {}, texts.undated, " ", h("span", { class: "badge" }, String(scene.undated.length))),
        h("p", { class: "note" }, texts.undatedNote),
        h("ol", {}, ...scene.undated.slice(0, shown).map((event) => item(event, !!event.is.date))), more(scene.undated.length - shown, scene)),
    );
  }

  return {
    element, render,
    // One that is not in the list, but on the map or in an article, leads to the list's beginning.
    focus: (id) => ([...element.querySelectorAll<HTMLElement>("button.event")].find((b) => b.dataset["event"] === id) ?? element).focus(),
  };
}
