// A word on what changed by itself: how many events came, and whether the server is there. It goes away again.
import { plural, textsOf } from "../i18n";
import type { Store } from "../state";
import { h } from "./dom";

const SHOWN_MS = 8_000;
export type Counts = Record<"added" | "changed" | "removed", number>;

export interface Toast {
  element: HTMLElement;
  /** Adds to what is told already. */
  count(more: Counts): void;
  /** Stays while the connection is lost. */
  connection(isThere: boolean): void;
}

export function createToast(store: Store): Toast {
  // It is heard where it was there before it said something: empty, it is only not seen.
  const element = h("p", { class: "toast", role: "status" });
  let counts: Counts | null = null;
  let timer = 0;

  function say(text: string, stays: boolean): void {
    window.clearTimeout(timer);
    element.textContent = text;
    if (stays) return;
    timer = window.setTimeout(() => {
      counts = null;
      element.textContent = "";
    }, SHOWN_MS);
  }

  return {
    element,
    count: (more) => {
      const { lang } = store.state;
      const all = (counts ??= { added: 0, changed: 0, removed: 0 });
      const { live } = textsOf(lang);
      const kinds = Object.keys(all) as (keyof Counts)[];
      for (const kind of kinds) all[kind] += more[kind];
      say(kinds.filter((kind) => all[kind] > 0).map((kind) => plural(lang, live[kind], all[kind])).join(" · "), false);
    },
    connection: (isThere) => {
      counts = null;
      const { live } = textsOf(store.state.lang);
      say(isThere ? live.back : live.lost, !isThere);
    },
  };
}
