// What the marks' weight says of time: in the window, before it, announced; and how many there are of each.
import type { Scene } from "../filter";
import { glyph } from "../glyphs";
import { textsOf } from "../i18n";
import type { Store } from "../state";
import { fillWith, h } from "./dom";
import { NEUTRAL } from "./filters";

export interface Moment {
  element: HTMLElement;
  render(scene: Scene): void;
}

export function createMoment(store: Store): Moment {
  const element = h("ul", { class: "moment", id: "moment" });
  const counts = [0, 1, 2].map(() => h("span", { class: "count" }));
  let writtenIn = "";

  function write(): void {
    const { moment } = textsOf((writtenIn = store.state.lang));
    element.setAttribute("aria-label", moment.label);
    const samples = [[moment.in, "occurred", ""], [moment.before, "occurred", "past-sample"], [moment.announced, "planned", ""]] as const;
    fillWith(element, ...samples.map(([text, status, look], i) => h("li", {}, h("span", { class: look }, glyph("advance", status, NEUTRAL)), text, " ", counts[i])));
  }

  return {
    element,
    render({ current, past, announced }) {
      // Called at each step of a playback: only the numbers are written anew.
      if (writtenIn !== store.state.lang) write();
      const number = new Intl.NumberFormat(writtenIn);
      [current.length - announced, past.length, announced].forEach((n, i) => (counts[i]!.textContent = number.format(n)));
    },
  };
}
