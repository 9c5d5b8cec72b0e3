//! Some features of a collection: a form to choose them by, a map and a table.

use maud::{Markup, html};

use super::figures::{features, grouped};
use super::form::form;
use super::frame::{map, prose, value};
use super::{ItemsPage, Page};

pub(super) fn body(page: &Page, items: &ItemsPage) -> Markup {
    html! {
        div.intro {
            p.about { (prose(&items.description)) }
            strong { (shown(items)) }
        }
        (form(&items.form))
        @if let Some(geojson) = &items.geojson {
            (map(geojson, Some(&items.items_href), items.map_note.as_deref()))
        }
        @if !items.rows.is_empty() { (table(page, items)) }
    }
}

/// Which of how many.
fn shown(items: &ItemsPage) -> String {
    let count = items.rows.len();
    match items.first {
        _ if items.matched == 0 => "There are no such features.".to_owned(),
        _ if count == items.matched => features(count),
        Some(first) if count > 0 => format!(
            "{} to {} of {}",
            grouped(first),
            grouped(first.saturating_add(count - 1)),
            features(items.matched)
        ),
        _ => format!("{} of {}", grouped(count), features(items.matched)),
    }
}

fn table(page: &Page, items: &ItemsPage) -> Markup {
    html! {
        div {
            div.scroll tabindex="0" role="region" aria-label=(page.title) {
                table {
                    thead { tr {
                        th scope="col" { (items.one) }
                        @for heading in &items.headings {
                            th.number[heading.numeric] scope="col" { (heading.title) }
                        }
                    } }
                    tbody { @for row in &items.rows { tr {
                        th scope="row" { a href=(row.href) { (row.name) } }
                        @for (cell, heading) in row.cells.iter().zip(&items.headings) {
                            td.number[heading.numeric].word[is_word(cell.as_deref())] { (value(cell.as_deref())) }
                        }
                    } } }
                }
            }
            (pages(items))
        }
    }
}

/// Whether it is to stay on one line: hyphens are no place to break a date.
fn is_word(text: Option<&str>) -> bool {
    const LONGEST: usize = 24;
    text.is_some_and(|text| text.chars().count() <= LONGEST && !text.contains(' '))
}

fn pages(items: &ItemsPage) -> Markup {
    html! {
        @if items.start.is_some() || items.next.is_some() {
            nav.pages aria-label="Pages" {
                @if let Some(href) = &items.next { a.button.is-first href=(href) rel="next" { "Next page" } }
                @if let Some(href) = &items.start { a.button href=(href) rel="first" { "First page" } }
                span.soft { (shown(items)) }
            }
        }
    }
}
