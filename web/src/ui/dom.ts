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

/**
 * Writes anew what `holder` has, and leaves the keyboard where it was: on the same element, else on the one of the same
 * data, else on the holder.
 */
export function keepingFocus(holder: HTMLElement, write: () => void): void {
  const before = document.activeElement as HTMLElement;
  const inside = holder !== before && holder.contains(before);
  write();
  if (!inside || document.activeElement === before) return;
  const same = (element: HTMLElement) => JSON.stringify(element.dataset) === JSON.stringify(before.dataset);
  const again = before.isConnected ? before : [...holder.querySelectorAll<HTMLElement>(before.tagName)].find(same);
  (again ?? holder).focus({ preventScroll: true });
}

/** Shows more in `holder`: the keyboard goes on with the first that was not there, which has the button's place. */
export function moreButton(holder: HTMLElement, text: string, show: () => void): HTMLElement {
  const all = () => [...holder.querySelectorAll<HTMLElement>("button, input")];
  const button: HTMLElement = h("button", { type: "button", class: "text-button more", data: { more: text }, on: { click: () => {
    const place = all().indexOf(button);
    show();
    all()[place]?.focus();
  } } }, text);
  return button;
}

/** Replaces what an element holds. */
export function fillWith(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined));
}
