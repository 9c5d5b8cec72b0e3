// What is pointed at in one place stands out wherever else it is: on the map, in the list, in the article.
import type { SitEvent } from "../event";
import { gathered } from "../map";

/** All that stands for an event; the open event as a whole would always be pointed at. */
const NAMED = ":is([data-event], [data-quote], [data-report]):not(#detail)";
const nameOf = ({ dataset }: HTMLElement) => dataset["event"] ?? dataset["quote"] ?? dataset["report"] ?? "";

/** `eventOf` gives an event that is loaded. Only a class is set, which changes no layout. */
export function linkPointing(root: HTMLElement, eventOf: (id: string) => SitEvent | null): void {
  let lit: Element[] = [];
  let now = "";

  function point(target: EventTarget | null): void {
    const at = (target as Element | null)?.closest<HTMLElement>(NAMED);
    const name = at ? nameOf(at) : "";
    if (name === now) return;
    now = name;
    for (const element of lit) element.classList.remove("is-pointed");
    const reports = eventOf(name)?.reports ?? [];
    const names = new Set(reports.map(({ id }) => id));
    const standsFor = (element: HTMLElement) => names.has(nameOf(element)) || (reports[0] && gathered.get(element)?.().includes(reports[0]));
    lit = names.size === 0 ? [] : [...root.querySelectorAll<HTMLElement>(`${NAMED}, .mark.is-cluster`)].filter(standsFor);
    // What holds a mark is what can come to the front.
    lit.push(...lit.flatMap((element) => element.closest(".map-icon") ?? []));
    for (const element of lit) element.classList.add("is-pointed");
  }

  for (const name of ["mouseover", "focusin"]) root.addEventListener(name, (event) => point(event.target));
  for (const name of ["mouseleave", "focusout"]) root.addEventListener(name, () => point(null));
}
