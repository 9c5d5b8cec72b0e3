//! What stands around the content of every page, and the pieces that several have.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Alternate, Link, Page};

/// What the web build makes for these pages: names that stay, because they are written here.
const STYLE: &str = "assets/page.css";
const SCRIPT: &str = "assets/page.js";
const ICON: &str = "assets/icon.svg";

/// What a page has in its head beside what it is about.
pub(super) struct Head<'a> {
    /// Leads to the map at `/`, so that the page's own files are found behind any proxy.
    pub(super) root: &'a str,
    pub(super) next: Option<&'a str>,
    pub(super) has_map: bool,
}

/// A page.
pub(super) fn frame(page: &Page, head: &Head, body: &Markup) -> String {
    let root = head.root;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " – sitmap" }
                link rel="icon" type="image/svg+xml" href={ (root) (ICON) };
                link rel="stylesheet" href={ (root) (STYLE) };
                @if head.has_map { script type="module" src={ (root) (SCRIPT) } {} }
                @for other in &page.alternates {
                    link rel="alternate" type=(other.media_type) href=(other.href) title=(other.title);
                }
                @if let Some(href) = head.next { link rel="next" href=(href); }
            }
            body {
                a.skip href="#content" { "To the content" }
                header.top {
                    a.brand href=(root) { "sitmap" }
                    @if !page.crumbs.is_empty() { (crumbs(page)) }
                }
                main #content {
                    h1 { (page.title) }
                    (body)
                    (formats("In other formats", "alternate", &page.alternates))
                }
                footer.foot {
                    a href=(root) { "The map" }
                    a href={ (root) "collections" } { "All collections" }
                    a href={ (root) "api" } rel="service-desc" { "The API’s definition" }
                    a href={ (root) "conformance" } rel="conformance" { "Standards that are kept" }
                }
            }
        }
    }
    .into_string()
}

fn crumbs(page: &Page) -> Markup {
    html! {
        nav.crumbs aria-label="Pages above this one" {
            ol { @for crumb in &page.crumbs { li { a href=(crumb.href) { (crumb.title) } } } }
        }
    }
}

/// Links to forms of the same, or to files; nothing where there are none.
pub(super) fn formats(title: &str, rel: &str, all: &[Alternate]) -> Markup {
    html! {
        @if !all.is_empty() {
            section {
                h2 { (title) }
                ul.links {
                    @for one in all { li { a href=(one.href) rel=(rel) type=(one.media_type) { (one.title) } } }
                }
            }
        }
    }
}

/// Links to what is related; nothing where there are none.
pub(super) fn related(title: &str, links: &[Link]) -> Markup {
    html! {
        @if !links.is_empty() {
            nav aria-label=(title) {
                ul.links { @for link in links { li { a href=(link.href) rel=(link.rel) { (link.title) } } } }
            }
        }
    }
}

/// The map of some features. Popups lead to features below `items`, where it is given.
pub(super) fn map(geojson: &str, items: Option<&str>, note: Option<&str>) -> Markup {
    // Nothing in a script element is unescaped, and only `<` could end it: within a JSON text it stands in
    // strings alone, where it can be written by its number.
    let data = geojson.replace('<', "\\u003c");
    let label = if items.is_some() {
        "Map of the features; the table has the same"
    } else {
        "Map"
    };
    html! {
        figure {
            div #map.map role="region" aria-label=(label) data-items=[items] {}
            @if let Some(note) = note { figcaption { (note) } }
            script type="application/geo+json" { (PreEscaped(data)) }
        }
    }
}

/// A text in which code stands between backticks.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (n, part) in text.split('`').enumerate() {
            @if n % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A value, or the sign for none.
pub(super) fn value(value: Option<&str>) -> Markup {
    html! {
        @match value {
            Some(text) => (text),
            None => span.null { "–" },
        }
    }
}
