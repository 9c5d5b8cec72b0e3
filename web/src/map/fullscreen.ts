// Full screen, for the whole page: list, time line and article stay at hand. The browser's own Escape leaves it.
import * as L from "leaflet";
import { directionOf, textsOf, type Language } from "../i18n";
import { fillWith, h } from "../ui/dom";
import { icon } from "../ui/icons";
import { controlOf } from "./control";

export class FullScreen {
  private lang: Language = "en";
  private readonly button = h("button", { type: "button", data: { control: "full-screen" }, on: { click: () => void toggle() } });
  private readonly control = controlOf("topright", h("div", { class: "leaflet-bar" }, this.button));

  constructor(private readonly map: L.Map) {
    document.addEventListener("fullscreenchange", () => this.render());
  }

  setLanguage(lang: Language): void {
    this.lang = lang;
    this.render();
    // Not in every browser, nor in every frame.
    if (!document.fullscreenEnabled) return;
    // Below the zoom's buttons; the card of filters is at the other side.
    this.control.setPosition(directionOf(lang) === "rtl" ? "topleft" : "topright").addTo(this.map);
  }

  private render(): void {
    const texts = textsOf(this.lang);
    const text = document.fullscreenElement ? texts.leaveFullScreen : texts.fullScreen;
    fillWith(this.button, icon(document.fullscreenElement ? "smaller" : "larger"));
    this.button.title = text;
    this.button.setAttribute("aria-label", text);
  }
}

async function toggle(): Promise<void> {
  // Refused where the frame around the page does not allow it after all.
  await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => undefined);
}
