// The page: loads the events, keeps what the reader chose, and tells the parts what to show.
import "./style/base.css";
import "./style/map.css";
import "./style/panel.css";
import "./style/search.css";
import "./style/timeline.css";
import "./style/why.css";
import worldUrl from "../basemap/world.json?url";
import { loadEvents } from "./api";
import { longRange, shortRange } from "./days";
import type { SitEvent } from "./event";
import { byDate, sceneOf, spanOf, type Scene } from "./filter";
import { plural, textsOf } from "./i18n";
import { MapView } from "./map";
import { hashFromState, stateFromHash, Store } from "./state";
import { createDetail } from "./ui/detail";
import { fillWith, h } from "./ui/dom";
import { createFilters } from "./ui/filters";
import { createHeader } from "./ui/header";
import { icon } from "./ui/icons";
import { createList } from "./ui/list";
import { noticeEmpty, noticeError, noticeLoading } from "./ui/notices";
import { createSearch } from "./ui/search";
import { createTimeline } from "./ui/timeline";

const store = new Store(stateFromHash(location.hash));
const app = document.getElementById("app")!;
/** How much of the map's left side the card of filters covers, in pixels. */
let covered = () => 0;
const search = createSearch(store, (place) => map.showPlace(place, { left: covered(), top: 0 }));
const header = createHeader(store, search.element);
const mapElement = h("div", { class: "map", id: "map", role: "region" });
const notice = h("div", { class: "notice-holder" });
const stage = h("main", { class: "stage" }, mapElement, notice);
const panel = h("aside", { class: "panel" });
fillWith(app, header.element, stage, panel);

let inSight: string | null = null;
const map = new MapView(
  mapElement,
  {
    onSelect: (event) => {
      // What was clicked on the map is in sight: the map stays where it is.
      inSight = event.id;
      store.set({ selected: event.id });
    },
    onGroup: (events) => store.set({ group: events.map((event) => event.id), selected: null }),
    onView: (view) => store.set({ view }),
  },
  store.state.lang,
);
if (store.state.view) map.setView(store.state.view);
// Without a basemap the events still stand where they stand.
map.loadBasemap(worldUrl).catch((error: unknown) => console.warn("basemap:", error));

applyTheme();
applyLanguage();
store.onChange((_, changed) => {
  if (changed.has("theme")) applyTheme();
  if (changed.has("lang")) applyLanguage();
  writeHash();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.refreshTheme());
new ResizeObserver(() => map.resized()).observe(mapElement);
void start();

async function start(): Promise<void> {
  const { lang } = store.state;
  fillWith(notice, noticeLoading(lang));
  let events: SitEvent[];
  try {
    events = await loadEvents();
  } catch (error) {
    fillWith(notice, noticeError(store.state.lang, error instanceof Error ? error.message : String(error), () => void start()));
    return;
  }
  fillWith(notice);
  if (events.length > 0) show(events);
  else showEmpty();
  document.documentElement.dataset["ready"] = "true";
}

function showEmpty(): void {
  const render = () => fillWith(notice, noticeEmpty(store.state.lang));
  render();
  store.onChange((_, changed) => changed.has("lang") && render());
}

function show(events: SitEvent[]): void {
  events.sort(byDate);
  const byId = new Map(events.map((event) => [event.id, event]));
  const span = spanOf(events);
  const filters = createFilters(store, events, () => openFilters(false));
  const timeline = createTimeline(store, span ?? [0, 0]);
  const list = createList(store);
  const detail = createDetail(store, events, (place, back) => {
    map.lookAt(place, { left: covered(), top: 0 });
    if (back) map.focus(back);
  });
  const filterButton = h("button", { type: "button", class: "filter-button", data: { control: "filters" }, aria: { controls: "filters", expanded: false }, on: { click: () => openFilters(true) } });
  const grow = h("button", { type: "button", class: "quiet grow", aria: { expanded: false }, on: { click: () => growPanel(panel.dataset["tall"] !== "true") } }, icon("expand"));
  const scroll = h("div", { class: "panel-scroll" }, list.element, detail.element);
  fillWith(panel, grow, scroll);
  stage.append(filters.element, filterButton);
  covered = () => filters.element.offsetWidth;
  filterButton.hidden = filters.element.dataset["open"] === "true";
  if (span) panel.before(timeline.element);

  const range = () => store.state.range ?? span ?? [0, 0];
  const selected = () => byId.get(store.state.selected ?? "") ?? null;
  let scene: Scene;
  let listPlace = 0;

  function openFilters(open: boolean): void {
    filters.setOpen(open);
    filterButton.setAttribute("aria-expanded", String(open));
    filterButton.hidden = open;
    (open ? filters.element.querySelector<HTMLElement>("button.close") : filterButton)?.focus();
  }
  function growPanel(tall: boolean): void {
    panel.dataset["tall"] = String(tall);
    grow.setAttribute("aria-expanded", String(tall));
    grow.setAttribute("aria-label", tall ? textsOf(store.state.lang).closePanel : textsOf(store.state.lang).openPanel);
  }
  function renderScene(): void {
    scene = sceneOf(events, store.state, range());
    filters.render(scene);
    map.show(scene, selected());
    list.render(scene);
    const { lang } = store.state;
    const texts = textsOf(lang);
    const [from, to] = range();
    header.summarize(span ? longRange(lang, from, to) : "", span ? shortRange(lang, from, to) : "", [
      plural(lang, texts.events, scene.current.length), scene.past.length > 0 ? plural(lang, texts.earlier, scene.past.length) : "",
    ], store.state.playing);
  }
  function renderFiltered(): void {
    // The histogram shows all of time: the filters' choice, whatever the window.
    const all = sceneOf(events, store.state, [-Infinity, Infinity]);
    timeline.setEvents(all.current);
  }
  function renderTexts(): void {
    const texts = textsOf(store.state.lang);
    fillWith(filterButton, icon("filter"), texts.filters);
    panel.setAttribute("aria-label", texts.listLabel);
    growPanel(panel.dataset["tall"] === "true");
    timeline.render();
  }
  /** The panel holds either the list or one event. */
  function renderPanel(focus: boolean): void {
    const event = selected();
    const wasList = !list.element.hidden;
    if (event && wasList) listPlace = scroll.scrollTop;
    list.element.hidden = !!event;
    detail.render(event);
    scroll.scrollTop = event ? 0 : listPlace;
    if (focus && event) detail.element.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  store.onChange((state, changed) => {
    const previous = detail.element.dataset["event"];
    if (changed.has("lang")) renderTexts();
    if (changed.has("filters") || changed.has("lang")) renderFiltered();
    if (["range", "filters", "lang", "selected", "group", "playing"].some((key) => changed.has(key as "lang"))) renderScene();
    if (changed.has("selected") || changed.has("lang")) renderPanel(changed.has("selected"));
    if (changed.has("selected")) {
      const event = selected();
      if (event && inSight !== event.id) map.focus(event);
      else if (!event && previous) list.focus(previous);
      inSight = null;
    }
    // A group is a look at one moment.
    if (state.group && (changed.has("range") || changed.has("filters"))) store.set({ group: null });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (filters.element.dataset["open"] === "true" && filters.element.contains(document.activeElement)) openFilters(false);
    else if (store.state.selected) store.set({ selected: null });
    else if (store.state.group) store.set({ group: null });
    else search.clear();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash === hashFromState(store.state)) return;
    const wanted = stateFromHash(location.hash);
    if (wanted.view) map.setView(wanted.view);
    store.set({ ...wanted, group: null });
  });

  renderTexts();
  renderFiltered();
  const restored = store.state.view !== null;
  if (!restored) map.fit(events.filter((event) => event.days), { left: covered(), top: 0 });
  renderScene();
  renderPanel(false);
  const first = selected();
  if (first && !restored) map.focus(first);
}

function applyTheme(): void {
  const { theme } = store.state;
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  map.refreshTheme();
}

function applyLanguage(): void {
  const { lang } = store.state;
  document.documentElement.lang = lang;
  document.title = `sitmap – ${textsOf(lang).appTagline}`;
  header.render();
  search.render();
  map.setLanguage(lang);
}

let writing = 0;
/** Browsers allow few changes of the address per second: the last of a burst is written. */
function writeHash(): void {
  window.clearTimeout(writing);
  writing = window.setTimeout(() => history.replaceState(null, "", hashFromState(store.state)), 150);
}
