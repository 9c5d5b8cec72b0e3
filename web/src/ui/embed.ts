// What a page inside another has instead of search and tools: the way to the whole map, as it stands.
import { textsOf } from "../i18n";
import { hashFromState, type Store } from "../state";
import { h } from "./dom";

export function createWholeLink(store: Store): HTMLElement {
  const link = h("a", { class: "whole", data: { control: "whole-map" }, target: "_blank", rel: "noopener" });
  const render = () => {
    link.href = location.pathname + hashFromState(store.state);
    link.textContent = textsOf(store.state.lang).openWhole;
  };
  store.onChange(render);
  // Texts of another language come later than the choice of it.
  new MutationObserver(render).observe(document.documentElement, { attributeFilter: ["lang"] });
  render();
  return link;
}
