//! One feature: what it says, where it lies, and what belongs to it.

use maud::{Markup, html};

use super::frame::{map, prose, related, value};
use super::{ItemPage, Lead, Property, Section};

pub(super) fn body(item: &ItemPage) -> Markup {
    html! {
        @if let Some(text) = &item.lead { (lead(text)) }
        (related("What it belongs to", &item.links))
        @if let Some(geojson) = &item.geojson { (map(geojson, None, item.map_note.as_deref())) }
        @for one in &item.sections { (section(one)) }
        @if !item.properties.is_empty() {
            section {
                h2 { "Properties" }
                dl.properties { @for one in &item.properties { (property(one)) } }
            }
        }
    }
}

fn lead(lead: &Lead) -> Markup {
    let language = lead.language.as_deref();
    html! {
        @if lead.quoted {
            blockquote.lead lang=[language] { (lead.text) }
        } @else {
            div.lead lang=[language] { (lead.text) }
        }
    }
}

fn section(section: &Section) -> Markup {
    html! {
        @if !section.entries.is_empty() {
            section {
                h2 { (section.title) }
                ul.entries {
                    @for entry in &section.entries {
                        li {
                            a href=(entry.href) { (entry.title) }
                            @if let Some(text) = &entry.text { p lang=[entry.language.as_deref()] { (text) } }
                        }
                    }
                }
            }
        }
    }
}

fn property(property: &Property) -> Markup {
    let shown = value(property.value.as_deref());
    html! {
        div {
            dt { (property.name) }
            dd {
                @match property.href.as_deref().filter(|href| is_web_address(href)) {
                    Some(href) if property.value.is_some() => a href=(href) { (shown) },
                    _ => (shown),
                }
            }
            dd.about { (prose(&property.description)) }
        }
    }
}

/// The addresses of articles are not ours: one with another scheme could run a script.
fn is_web_address(href: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        href.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}
