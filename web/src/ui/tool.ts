// A button in the bar at the top for something that can be done with the view. What it opens is loaded when it is
// wanted.
import { textsOf, type Texts } from "../i18n";
import type { Store } from "../state";
import { h } from "./dom";
import { icon, type IconName } from "./icons";

export interface Tool {
  button: HTMLElement;
  render(): void;
}

export function createTool(store: Store, control: string, sign: IconName, label: (texts: Texts) => string, open: () => void): Tool {
  const button = h("button", { type: "button", class: "quiet", data: { control }, aria: { haspopup: "dialog" }, on: { click: open } }, icon(sign));
  const render = () => {
    button.title = label(textsOf(store.state.lang));
    button.setAttribute("aria-label", button.title);
  };
  return { button, render };
}
