// An article's text with its quotes marked. The text is not ours: it only ever becomes text nodes.
import { h } from "./dom";

export interface Quote {
  id: string;
  /** In Unicode code points, end exclusive; null when not told. */
  start: number | null;
  end: number | null;
  text: string;
}

/** The index in UTF-16 units of each of the given code points. */
export function unitsOf(text: string, codePoints: number[]): Map<number, number> {
  const wanted = [...new Set(codePoints)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const target of wanted) {
    while (point < target && unit < text.length) {
      unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
      point++;
    }
    found.set(target, unit);
  }
  return found;
}

interface Span {
  id: string;
  start: number;
  end: number;
}

function spansOf(text: string, quotes: Quote[]): Span[] {
  const units = unitsOf(text, quotes.flatMap(({ start, end }) => (start === null || end === null ? [] : [start, end])));
  return quotes.flatMap(({ id, start, end, text: quote }) => {
    if (start !== null && end !== null && end > start) {
      const span = { id, start: units.get(start)!, end: units.get(end)! };
      // Of a pasted page the text is not the very one in which the quotes were counted.
      if (!quote || text.slice(span.start, span.end) === quote) return [span];
    }
    const at = quote ? text.indexOf(quote) : -1;
    return at < 0 ? [] : [{ id, start: at, end: at + quote.length }];
  });
}

export function articleText(text: string, current: Quote, others: Quote[], label: string, select: (id: string) => void): HTMLElement {
  const spans = spansOf(text, [current, ...others]).filter((span) => span.end > span.start);
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const holder = h("div", { class: "article-text", dir: "auto" });
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i]!, cuts[i + 1]!];
    const piece = text.slice(from, to);
    const covering = spans.filter((span) => span.start <= from && span.end >= to);
    if (covering.some((span) => span.id === current.id)) {
      holder.append(h("mark", { class: "is-current", data: { event: current.id }, title: label }, piece));
    } else if (covering[0]) {
      const { id } = covering[0];
      holder.append(h("a", { class: "quote", href: `#event=${encodeURIComponent(id)}`, data: { quote: id }, on: { click: (e) => { e.preventDefault(); select(id); } } }, piece));
    } else {
      holder.append(piece);
    }
  }
  return holder;
}
