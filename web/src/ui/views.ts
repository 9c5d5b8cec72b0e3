// The switch between the list of events and the table of them.
import { textsOf } from "../i18n";
import type { Store } from "../state";
import { h } from "./dom";

export function createViews(store: Store): { element: HTMLElement; render(): void } {
  const element = h("div", { class: "views", role: "group" });
  const buttons = (["list", "table"] as const).map((view) => h("button", {
    type: "button", data: { control: `view-${view}` }, on: { click: () => store.set({ table: view === "table" }) },
  }));
  element.append(...buttons);
  return {
    element,
    render: () => {
      const texts = textsOf(store.state.lang).views;
      element.setAttribute("aria-label", texts.label);
      buttons.forEach((button, i) => {
        button.textContent = i === 0 ? texts.list : texts.table;
        button.setAttribute("aria-pressed", String(store.state.table === (i === 1)));
      });
    },
  };
}
