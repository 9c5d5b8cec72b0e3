// The dialog that tells which keys there are.
import { textsOf } from "../i18n";
import type { Store } from "../state";
import { h } from "./dom";
import { icon } from "./icons";
import { lettersDo, letLettersAct } from "./keys";

export function openHelp(store: Store): void {
  const { keys, close } = textsOf(store.state.lang);
  const act = h("input", { type: "checkbox", checked: lettersDo(), on: { change: () => letLettersAct(act.checked) } });
  const dialog: HTMLDialogElement = h(
    "dialog", { class: "keys", id: "keys", closedby: "any", aria: { labelledby: "keys-title" }, on: { close: () => dialog.remove() } },
    h("header", {}, h("h2", { id: "keys-title" }, keys.title), h("button", { type: "button", class: "quiet close", aria: { label: close }, on: { click: () => dialog.close() } }, icon("close"))),
    h("dl", {}, ...Object.entries({ ...keys.rows, "?": keys.open }).flatMap(([key, text]) => [h("dt", {}, h("kbd", { dir: "ltr" }, key)), h("dd", {}, text)])),
    h("label", {}, act, keys.on),
  );
  document.body.append(dialog);
  dialog.showModal();
}
