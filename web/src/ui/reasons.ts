// How a place name was read, in words: how sure, what settled it, step by step, and what else bears the name.
import type { Reading } from "../reading";
import type { SitEvent } from "../event";
import { fill, lookUp, plural, textsOf, type Language } from "../i18n";
import type { FoundPlace } from "../place";
import { ownId, type Candidate, type Ground, type Step, type Toponym } from "../toponym";
import { h } from "./dom";
import { aboutPlace, surenessText } from "./words";

/** So many of a candidate's grounds say the most; the others would only hide them. */
const MOST_GROUNDS = 3;
/** Passes that leave candidates behind; the others only choose. */
const NARROWING = ["resolve:designator", "resolve:containment"];
const SINGLE = "resolve:single";
/** Nearness that speaks so strongly against a place is that of another end of the world: some 800 km. */
const FAR = -4;

type Fragment = (Node | string)[];

/** No more sure than it is: "< 1 %" and "> 99 %" where rounding would say never and always. */
function percentText(lang: Language, value: number): string {
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
  if (value < 0.01) return `< ${percent.format(0.01)}`;
  return value > 0.99 ? `> ${percent.format(0.99)}` : percent.format(value);
}

/** "Almost certain", and the confidence as a bar and a number. */
export function verdictOf(lang: Language, { place, said, confidence }: Toponym): Fragment {
  const texts = textsOf(lang);
  const { sureness } = texts.why;
  if (!place) return [h("strong", {}, sureness.unknown)];
  const percent = percentText(lang, confidence);
  const meter = h("meter", { min: "0", max: "1", value: String(confidence), aria: { label: texts.confidence }, title: fill(texts.why.sureNote, { percent }) });
  return [h("strong", {}, said ? surenessText(lang, confidence) : sureness.unsaid), " ", meter, percent];
}

/** A rule in words; `before` are the steps that came before it, `step` its own. */
function passText(lang: Language, pass: string, before: Step[], step?: Step): string {
  const passes: Record<string, string> = textsOf(lang).why.passes;
  if (pass !== SINGLE) return passes[pass] ?? pass;
  if ((step?.candidates ?? 1) > 1) return passes["single:together"]!;
  return passes[before.some((one) => NARROWING.includes(one.pass)) ? "single:fitting" : SINGLE]!;
}

/** A pass may come twice, the second time with all around settled: it is told once. */
const unrepeated = (steps: Step[]) =>
  steps.filter((step, i) => !(["pass", "candidates", "evidence"] as const).every((key) => step[key] === steps[i - 1]?.[key]));

function stepsOf(lang: Language, steps: Step[]): HTMLElement {
  const { why } = textsOf(lang);
  return h("ol", { class: "why-steps" }, ...steps.map((step, i) => {
    const rule = passText(lang, step.pass, steps.slice(0, i), step);
    const count = step.pass === SINGLE ? "" : plural(lang, NARROWING.includes(step.pass) ? why.left : why.among, step.candidates);
    return h("li", {}, step.evidence ? fill(why.by, { rule, text: step.evidence }) : rule, " ", count && h("span", { class: "soft" }, `· ${count}`));
  }));
}

export function factsOf(lang: Language, { is }: SitEvent, { toponym, elsewhere }: Reading): HTMLElement {
  const { why, rule: ruleTitle } = textsOf(lang);
  const { text, place, said, rule } = toponym;
  const fact = (name: string, ...value: (Node | string | null)[]) => [h("dt", {}, name), h("dd", {}, ...value)];
  const soft = (words: string) => h("span", { class: "soft" }, words);
  const steps = unrepeated(toponym.steps);
  // A rule of the sense says what the name stands for; what settled the place is then the last pass.
  const sense = rule.startsWith("sense:");
  const last = steps.at(-1);
  const settledBy = sense ? last?.pass : rule;
  const own = steps.filter((step) => step.pass === settledBy).at(-1);
  const settled = settledBy && passText(lang, settledBy, own ? steps.slice(0, steps.indexOf(own)) : steps, own);
  const told = steps.length === 1 && last!.pass === settledBy && !last!.evidence;
  const reckoned = said && is.place && is.place_id?.includes("#") && is.place_id !== place?.id;
  return h(
    "dl", { class: "facts" },
    ...fact(why.name, h("span", { dir: "auto" }, fill(why.quoted, { text })), elsewhere ? soft(why.elsewhere) : null),
    ...(place ? fact(said ? why.meant : why.likeliest, place.label, soft(aboutPlace(lang, place)), reckoned ? soft(fill(why.reckoned, { place: is.place! })) : null) : []),
    ...(sense ? fact(why.sense, passText(lang, rule, [])) : []),
    ...(settled ? fact(!place ? ruleTitle : said ? why.settled : why.leads, settled) : []),
    ...(steps.length > 0 && !told ? fact(why.how, stepsOf(lang, steps)) : []),
  );
}

function groundsOf(lang: Language, grounds: Ground[]): (HTMLElement | null)[] {
  const { why } = textsOf(lang);
  const weightiest = grounds.slice(0, MOST_GROUNDS);
  const line = (title: string, words: string[]) => (words.length > 0 ? h("p", {}, h("span", { class: "soft" }, title), ` ${words.join(textsOf(lang).comma)}`) : null);
  const words = ({ feature }: Ground) => lookUp(why.grounds, feature) ?? feature;
  const against = ({ feature, worth }: Ground) => lookUp(why.groundsAgainst, feature === "near" && worth < FAR ? "near:far" : feature) ?? words({ feature, worth });
  return [
    line(why.speaksFor, weightiest.filter(({ worth }) => worth > 0).map(words)),
    line(why.speaksAgainst, weightiest.filter(({ worth }) => worth < 0).map(against)),
  ];
}

/** The places that bear the name. A press on any but the chosen one tells `onLook`. */
export function candidatesOf(lang: Language, toponym: Toponym, onLook: (place: FoundPlace, button: HTMLElement) => void): HTMLElement | null {
  const { why } = textsOf(lang);
  const { candidates, namesakes, place, said } = toponym;
  if (candidates.length === 0) return null;
  const chosen = place && said ? ownId(place.id) : null;
  const number = (n: number) => new Intl.NumberFormat(lang).format(n);
  const title = namesakes > candidates.length
    ? fill(why.placesShown, { shown: number(candidates.length), n: number(namesakes) }) : plural(lang, why.places, namesakes);
  const item = ({ place, probability, grounds }: Candidate) => {
    const isChosen = place.id === chosen;
    const bar = h("span", { class: "share", aria: { hidden: true } });
    bar.style.setProperty("--share", String(Math.min(1, Math.max(0, probability))));
    const name = h("strong", {}, place.label);
    const about = h("span", { class: "soft" }, aboutPlace(lang, place));
    return h(
      "li", { class: isChosen ? "is-chosen" : "", data: { place: place.id } },
      isChosen ? h("p", { class: "candidate" }, h("span", {}, name, h("span", { class: "tag" }, why.chosen)), about) : lookButton(place, name, about),
      h("p", { class: "odds" }, bar, percentText(lang, probability)),
      ...groundsOf(lang, grounds),
    );
  };
  const lookButton = (place: FoundPlace, ...words: Node[]) => {
    const button: HTMLElement = h("button", { type: "button", class: "candidate", title: why.look, aria: { pressed: false }, on: { click: () => onLook(place, button) } }, ...words);
    return button;
  };
  return h("div", { class: "candidates" }, h("h3", {}, title), h("p", { class: "note" }, why.placesNote), h("ol", {}, ...candidates.map(item)));
}
