// What stands over the map when there is nothing to show yet.
import { textsOf, type Language } from "../i18n";
import { h } from "./dom";

export const noticeLoading = (lang: Language) =>
  h("div", { class: "notice is-loading", role: "status" }, h("span", { class: "spinner" }), textsOf(lang).loading);

export function noticeEmpty(lang: Language): HTMLElement {
  const texts = textsOf(lang);
  return h("div", { class: "notice", role: "status", data: { notice: "empty" } },
    h("h2", {}, texts.emptyTitle), h("p", {}, texts.emptyText), h("pre", {}, h("code", {}, texts.emptyCommand)));
}

export function noticeError(lang: Language, reason: string, retry: () => void): HTMLElement {
  const texts = textsOf(lang);
  return h("div", { class: "notice is-error", role: "alert", data: { notice: "error" } },
    h("h2", {}, texts.errorTitle), h("p", {}, texts.errorText), h("p", { class: "soft" }, reason),
    h("button", { type: "button", class: "primary", on: { click: retry } }, texts.retry));
}
