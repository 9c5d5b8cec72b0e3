// From one report of a happening to the next: how many tell of it, which one is open, and two buttons.
import type { SitEvent } from "../event";
import { fill, plural, textsOf, type Language } from "../i18n";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

export interface Walk {
  element: HTMLElement;
  render(lang: Language, event: SitEvent): void;
}

export function createWalk(select: (event: SitEvent) => void): Walk {
  const told = h("span");
  const number = h("span", { class: "walk-number", role: "status" });
  const previous = step("previous", -1);
  const next = step("next", 1);
  const element = h("div", { class: "walk", role: "group" }, told, previous, number, next);
  let reports: SitEvent[] = [];
  let at = 0;

  /** At the ends it stays, and keeps the keyboard, but leads nowhere. */
  function step(name: string, way: number): HTMLButtonElement {
    const go = () => {
      const report = reports[at + way];
      if (report) select(report);
    };
    return h("button", { type: "button", class: `quiet ${name}`, data: { control: `${name}-report` }, on: { click: go } }, icon("back"));
  }

  function render(lang: Language, event: SitEvent): void {
    const texts = textsOf(lang);
    reports = event.reports;
    at = reports.indexOf(event);
    element.hidden = reports.length < 2;
    const words = plural(lang, texts.incidentOf, reports.length);
    element.setAttribute("aria-label", words);
    told.textContent = words;
    const format = new Intl.NumberFormat(lang);
    fillWith(number, fill(texts.reportNumber, { i: format.format(at + 1), n: format.format(reports.length) }));
    previous.setAttribute("aria-label", texts.previousReport);
    previous.setAttribute("aria-disabled", String(at === 0));
    next.setAttribute("aria-label", texts.nextReport);
    next.setAttribute("aria-disabled", String(at === reports.length - 1));
  }

  return { element, render };
}
