// Keys that act from anywhere on the page; ui/help.ts tells them.

/** What takes letters itself. */
const TYPING = "select, textarea, input:not([type=range], [type=checkbox]), [contenteditable]";
/** What the space bar presses or fills; the handles of the time line leave it to playback. */
const PRESSED = "button, a, summary, select, textarea, input:not(.handle), [contenteditable]";
const CONTROLS = { f: "filters", s: "share", a: "paste" };

const actions = new Map<string, () => void>();
/** Kept with the browser, not in the address: it is the reader's, not the view's. */
const KEPT = "sitmap keys";
let lettersAct = true;
try {
  lettersAct = localStorage.getItem(KEPT) !== "off";
} catch {
  // A page that is embedded may not be allowed to remember.
}

/** `key` is as the event names it, in lower case. */
export const shortcut = (key: string, action: () => void): void => void actions.set(key, action);

function keyOf({ key, code }: KeyboardEvent): string {
  if (key === "؟") return "?";
  // On a keyboard of another script, the Latin letter of the same key.
  return (key > "~" && /^Key(.)$/.exec(code)?.[1] || key).toLowerCase();
}

document.addEventListener("keydown", (e) => {
  const key = keyOf(e);
  const action = actions.get(key);
  if (!action || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || document.querySelector("dialog[open], :popover-open")) return;
  const target = e.target as HTMLElement;
  if (key === " " ? target.closest(PRESSED) : key.length === 1 && (!lettersAct || target.closest(TYPING))) return;
  e.preventDefault();
  action();
});
for (const [key, control] of Object.entries(CONTROLS)) shortcut(key, () => document.querySelector<HTMLElement>(`[data-control="${control}"]`)?.click());

export const lettersDo = () => lettersAct;

/** Who dictates, or whose hand shakes, must be able to do without single letters (WCAG 2.1.4). */
export function letLettersAct(act: boolean): void {
  lettersAct = act;
  try {
    localStorage.setItem(KEPT, act ? "on" : "off");
  } catch {
    // It holds until the page is left.
  }
}
