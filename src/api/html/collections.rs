//! The collections: all of them, and what one is made of.

use maud::{Markup, html};

use super::figures::{features, grouped, period, region};
use super::frame::{formats, prose, related};
use super::{CollectionPage, CollectionSummary, Column};

/// All collections, each with what it holds.
pub(super) fn list(all: &[CollectionSummary]) -> Markup {
    html! {
        ul.cards { @for one in all { li.card { (summary(one)) } } }
    }
}

fn summary(one: &CollectionSummary) -> Markup {
    html! {
        h2 { a href=(one.href) { (one.title) } }
        p.about { (prose(&one.description)) }
        @for fact in [period(&one.extent), region(&one.extent)].iter().flatten() { p.facts { (fact) } }
        p.to-items {
            a href=(one.items_href) rel="items" {
                @match one.count {
                    Some(count) => (features(count)),
                    None => "Its features",
                }
            }
        }
    }
}

/// A collection: what its features say, and where they are to be had.
pub(super) fn one(collection: &CollectionPage) -> Markup {
    let facts = [
        ("Features", collection.count.map(grouped)),
        ("Period", period(&collection.extent)),
        ("Region", region(&collection.extent)),
    ];
    html! {
        p.about.intro { (prose(&collection.description)) }
        p { a.button.is-first href=(collection.items_href) rel="items" { "See the features" } }
        @if facts.iter().any(|(_, value)| value.is_some()) {
            dl.properties {
                @for (name, value) in &facts {
                    @if let Some(value) = value { div { dt { (name) } dd { (value) } } }
                }
            }
        }
        (formats("All features as a file", "items", &collection.downloads))
        @if !collection.columns.is_empty() {
            section {
                h2 #columns { "What its features have" }
                (columns(&collection.columns))
            }
        }
        (related("What describes it to programs", &collection.links))
    }
}

fn columns(all: &[Column]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="columns" {
            table.columns {
                thead { tr {
                    th scope="col" { "Property" }
                    th scope="col" { "Values" }
                    th scope="col" { "What it says" }
                } }
                tbody {
                    @for column in all {
                        tr {
                            th scope="row" { code { (column.name) } }
                            td {
                                (column.kind)
                                @if let Some(unit) = &column.unit { " (" (unit) ")" }
                            }
                            td { (prose(&column.description)) }
                        }
                    }
                }
            }
        }
    }
}
