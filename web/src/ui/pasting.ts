// The way to an article of the reader's own: a button, and files that are let go over the page. What reads it
// (paste.ts) is loaded when it is wanted.
import { isEmbedded } from "../settings";
import type { Store } from "../state";
import type { Page, Paste } from "./paste";
import { createTool } from "./tool";

export interface Pasting {
  button: HTMLElement;
  /** Whether such an article is shown, and nothing else. */
  isShown(): boolean;
  leave(): void;
  render(): void;
}

export function createPasting(store: Store, page: Page): Pasting {
  let paste: Paste | null = null;
  let loading: Promise<Paste> | null = null;
  const tool = createTool(store, "paste", "article", (texts) => texts.paste.open, () => void wanted().then(({ open }) => open()));
  function wanted(): Promise<Paste> {
    loading ??= import("./paste").then(({ createPaste }) => (paste = createPaste(store, page, tool.button)));
    // Another press tries again.
    loading.catch(() => (loading = null));
    return loading;
  }

  function dragged(e: DragEvent): void {
    if (isEmbedded || !e.dataTransfer?.types.includes("Files")) return;
    e.preventDefault();
    // What is dragged can only be looked at now.
    const file = e.type === "drop" ? e.dataTransfer.files[0] : undefined;
    const leaves = e.type === "drop" || (e.type === "dragleave" && !e.relatedTarget);
    void wanted().then(({ drag }) => drag(leaves, file));
  }
  for (const name of ["dragenter", "dragover", "dragleave", "drop"] as const) document.addEventListener(name, dragged);

  return {
    button: tool.button,
    isShown: () => paste?.isShown() ?? false,
    leave: () => paste?.leave(),
    render: () => {
      tool.render();
      paste?.render();
    },
  };
}
