// Elements without markup: texts are always text nodes, whatever they contain.

type Child = Node | string | null | false | undefined;
type Properties = {
  class?: string;
  data?: Record<string, string | undefined>;
  aria?: Record<string, string | boolean | undefined>;
  on?: Partial<{ [K in keyof HTMLElementEventMap]: (event: HTMLElementEventMap[K]) => void }>;
} & Record<string, unknown>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { class: className, data, aria, on, ...rest } = properties;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(data ?? {})) if (value !== undefined) element.dataset[name] = value;
  for (const [name, value] of Object.entries(aria ?? {})) if (value !== undefined) element.setAttribute(`aria-${name}`, String(value));
  for (const [name, listener] of Object.entries(on ?? {})) element.addEventListener(name, listener as EventListener);
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in element && typeof value !== "string") (element as unknown as Record<string, unknown>)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined));
  return element;
}

/** Replaces what an element holds. */
export function fillWith(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined));
}
