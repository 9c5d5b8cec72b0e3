// What can be taken along: the view as a link, as addresses of the API, as a citation and as files.
import { absolute, itemsAddress, qgisFilter, type Bounds } from "../addresses";
import { longDay, longRange } from "../days";
import type { EventSet } from "../events";
import { fill, plural, textsOf } from "../i18n";
import { settings } from "../settings";
import { hashFromState, type Change, type Store } from "../state";
import { h } from "./dom";
import { icon } from "./icons";
import { stepFor } from "./timeline";

/** What stands on the page when it is taken along. */
export interface Shown {
  events: EventSet;
  /** The number of events in the window. */
  shown: number;
  range: [number, number];
  bounds: Bounds;
}

/** The API's formats, by the ends of their files' names. */
const FILES = { geojson: "GeoJSON", csv: "CSV", gpkg: "GeoPackage", fgb: "FlatGeobuf", kml: "KML" };
const MS_A_DAY = 86_400_000;

export function openShare(store: Store, look: () => Shown): void {
  const { state } = store;
  const { lang } = state;
  const texts = textsOf(lang).share;
  const { events, shown, range, bounds } = look();
  const address = (format: string) => itemsAddress(format, bounds, state, events.all);

  const autoplay = h("input", { type: "checkbox", checked: state.playing, data: { control: "autoplay" }, on: { change: write } });
  /** A time-lapse says how it steps, so that it is the same when there are more events. */
  const hash = (more?: Change) => hashFromState({ ...state, ...more, playing: autoplay.checked, step: state.step ?? (autoplay.checked ? stepFor(range[1] - range[0]) : null) });
  const link = () => absolute(`./${hash()}`);
  const takes = {
    link,
    geojson: () => address("json"),
    // The address has no quotes: they are encoded.
    curl: () => `curl -fsS '${address("json")}'`,
    qgis: () => `${absolute("./")}\n${qgisFilter(bounds, state, events.all)}`,
    citation: () => fill(texts.cite, {
      title: settings.title, shown: plural(lang, textsOf(lang).events, shown), range: longRange(lang, ...range),
      today: longDay(lang, Math.floor(Date.now() / MS_A_DAY)), link: link(),
    }),
    embed: () => `<iframe src="${inMarkup(absolute(`./?embed${hash({ table: false })}`))}" title="${inMarkup(settings.title)}" width="800" height="560" loading="lazy" allowfullscreen></iframe>`,
  };
  const fields = Object.entries(takes).map(([name, value]) => ({ name: name as keyof typeof takes, value, area: h("textarea", { readonly: true, rows: 2, dir: name === "citation" ? "auto" : "ltr", id: `take-${name}`, spellcheck: "false", on: { focus: (e) => (e.currentTarget as HTMLTextAreaElement).select() } }) }));
  function write(): void {
    for (const { area, value } of fields) area.value = value();
  }
  write();

  const field = ({ name, area }: (typeof fields)[number]) => {
    const said = h("span", { role: "status" });
    const copy = h("button", { type: "button", class: "text-button", data: { copy: name }, aria: { label: `${texts.copy}: ${texts[name]}` }, on: { click: () => void copyText() } }, texts.copy);
    async function copyText(): Promise<void> {
      for (const other of dialog.querySelectorAll("[role=status]")) other.textContent = "";
      try {
        await navigator.clipboard.writeText(area.value);
        said.textContent = texts.copied;
      } catch {
        // Refused, or the page came without encryption: the reader copies the selected text.
        area.focus();
        said.textContent = texts.copyFailed;
      }
    }
    return h("div", { class: "take" }, h("label", { for: area.id }, texts[name]), said, area, copy);
  };
  const [first, ...others] = fields.map(field);
  const close = h("button", { type: "button", class: "quiet", aria: { label: textsOf(lang).close }, on: { click: () => dialog.close() } }, icon("close"));
  const title = h("h2", { id: "share-title", tabindex: "-1", autofocus: true }, texts.title);
  const files = Object.entries(FILES).map(([ending, name]) => h("li", {}, h("a", { href: address(ending === "geojson" ? "json" : ending), download: `events.${ending}` }, name)));
  const body = h("div", { class: "share-body", tabindex: "-1" },
    h("header", {}, title, close),
    h("p", { class: "note" }, texts.note),
    first!,
    h("label", { class: "share-autoplay" }, autoplay, texts.autoplay),
    h("h3", { id: "share-files" }, texts.download),
    h("ul", { class: "share-files", aria: { labelledby: "share-files" } }, ...files),
    ...others);
  const dialog: HTMLDialogElement = h("dialog", {
    class: "share-dialog", aria: { labelledby: "share-title" },
    on: {
      close: () => dialog.remove(),
      // Beside it.
      click: (e) => e.target === dialog && dialog.close(),
      // The page's own keys are not meant.
      keydown: (e) => e.stopPropagation(),
    },
  }, body);
  document.body.append(dialog);
  dialog.showModal();
}

const inMarkup = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
