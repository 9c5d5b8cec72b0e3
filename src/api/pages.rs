//! What the pages for people are filled with.

use serde_json::{Map, Value};

use super::asked::Asked;
use super::collection::Collection;
use super::features::{Found, Selection, Source};
use super::html::{
    self, Alternate, CollectionPage, CollectionSummary, Column, Crumb, Entry, Extent, Field, Form,
    Heading, ItemPage, ItemsPage, Lead, Page, Property, Reference, Row, Section,
};
use super::items::address;
use super::links::{Base, Link};
use super::negotiate::Format;
use super::params::Params;
use super::problem::Problem;
use super::query::{DEFAULT_LIMIT, MAX_LIMIT};
use super::schema::value_schema;
use super::text::percent_encode;
use crate::index::Kind;

/// The parameters that have a field of their own in the form.
const FIELDS: [&str; 8] = [
    "action", "bbox", "datetime", "filter", "limit", "q", "sortby", "status",
];

/// The properties that stand in the table, behind the name.
const fn shown(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Events => &[
            "date",
            "status",
            "actor",
            "counterpart",
            "country",
            "confidence",
        ],
        Collection::Incidents => &[
            "date",
            "status",
            "actor",
            "country",
            "reports",
            "articles",
            "confidence",
        ],
        Collection::Movements => &[
            "date",
            "status",
            "actor",
            "origin",
            "destination",
            "confidence",
            "title",
        ],
        Collection::Articles => &["published", "publisher", "language", "events"],
        Collection::Places => &["kind", "country", "admin1", "population", "radius_km"],
        Collection::Areas => &["kind", "country", "parent"],
    }
}

/// `/collections`
pub(super) fn collections(asked: &Asked, links: &[Link]) -> String {
    let base = &asked.base;
    let all = Collection::ALL.map(|collection| CollectionSummary {
        title: collection.title().to_owned(),
        description: collection.description().to_owned(),
        href: base.at(&collection.path()),
        items_href: base.at(&format!("{}/items", collection.path())),
        count: Some(count(asked, collection)),
        extent: extent(asked, collection),
    });
    let page = Page {
        title: "Collections".to_owned(),
        crumbs: Vec::new(),
        alternates: alternates(links),
    };
    html::collections(&page, &all)
}

/// `/collections/{collection}`
pub(super) fn collection(asked: &Asked, collection: Collection, links: &[Link]) -> String {
    let base = &asked.base;
    let at = |rest: &str| base.at(&format!("{}{rest}", collection.path()));
    let page = Page {
        title: collection.title().to_owned(),
        crumbs: crumbs(base, None),
        alternates: alternates(links),
    };
    let described = |title: &str, rest: &str, rel: &str| html::Link {
        title: title.to_owned(),
        href: at(rest),
        rel: rel.to_owned(),
    };
    html::collection(
        &page,
        &CollectionPage {
            description: collection.description().to_owned(),
            items_href: at("/items"),
            count: Some(count(asked, collection)),
            extent: extent(asked, collection),
            downloads: super::items::FORMATS
                .into_iter()
                .filter(|format| format.is_download() || *format == Format::GeoJson)
                .map(|format| Alternate {
                    title: format.title().to_owned(),
                    href: at(&format!("/items?f={}", format.name())),
                    media_type: format.media_type().to_owned(),
                })
                .collect(),
            columns: collection.properties().iter().map(column).collect(),
            links: vec![
                described("What can be filtered by", "/queryables", "describedby"),
                described("What can be sorted by", "/sortables", "describedby"),
                described("Schema", "/schema", "describedby"),
            ],
        },
    )
}

fn count(asked: &Asked, collection: Collection) -> usize {
    match collection.layer(&asked.app, &asked.snapshot) {
        Some(layer) => layer.len(),
        None => asked.app.gazetteer().places().count(),
    }
}

fn extent(asked: &Asked, collection: Collection) -> Extent {
    let Some(layer) = collection.layer(&asked.app, &asked.snapshot) else {
        return Extent::default();
    };
    Extent {
        bbox: layer.bbox().map(|b| [b.west, b.south, b.east, b.north]),
        interval: layer
            .days()
            .map(|(first, last)| (first.to_string(), last.to_string())),
    }
}

fn column(property: &crate::index::Property) -> Column {
    let kind = match property.kind {
        Kind::OneOf(values) => values.join(", "),
        kind => {
            let schema = value_schema(kind);
            let name = schema
                .get("format")
                .or(schema.get("type"))
                .and_then(Value::as_str);
            name.unwrap_or_default().to_owned()
        }
    };
    Column {
        name: property.name.to_owned(),
        kind,
        unit: property.unit.map(str::to_owned),
        description: property.description.to_owned(),
    }
}

fn alternates(links: &[Link]) -> Vec<Alternate> {
    let others = links.iter().filter(|link| link.rel == "alternate");
    others
        .map(|link| Alternate {
            title: link.title().to_owned(),
            href: link.href.clone(),
            media_type: link.media_type.to_owned(),
        })
        .collect()
}

/// The pages above: all collections, and the one that a feature is of.
fn crumbs(base: &Base, of: Option<(Collection, bool)>) -> Vec<Crumb> {
    let crumb = |title: &str, path: &str| Crumb {
        title: title.to_owned(),
        href: base.at(path),
    };
    let mut crumbs = vec![crumb("Collections", "/collections")];
    if let Some((collection, is_feature)) = of {
        crumbs.push(crumb(collection.title(), &collection.path()));
        if is_feature {
            crumbs.push(crumb("Features", &format!("{}/items", collection.path())));
        }
    }
    crumbs
}

/// `/collections/{collection}/items`
pub(super) fn items(
    base: &Base,
    source: &Source,
    params: &Params,
    selection: &Selection,
    links: &[Link],
) -> Result<String, Problem> {
    let collection = source.collection;
    let at = base.at(&format!("{}/items", collection.path()));
    let all = Source::new(
        &source.app,
        &source.snapshot,
        collection,
        super::crs::Crs::Crs84,
    );
    let mut rows = Vec::with_capacity(selection.found.len());
    let mut features = Vec::new();
    for found in &selection.found {
        let values = all.properties(found)?;
        rows.push(Row {
            name: name(collection, &values),
            href: format!("{at}/{}", percent_encode(&all.id(found), "")),
            cells: shown(collection)
                .iter()
                .map(|name| cell(values.get(*name)))
                .collect(),
        });
        if let Some(feature) = drawn(&all, found, values) {
            features.push(feature);
        }
    }
    let page = Page {
        title: collection.title().to_owned(),
        crumbs: crumbs(base, Some((collection, false))),
        alternates: alternates(links),
    };
    let is_first = params.all("cursor").next().is_none();
    let next = links.iter().find(|link| link.rel == "next");
    let page_of = ItemsPage {
        description: collection.description().to_owned(),
        one: collection.one().to_owned(),
        items_href: at.clone(),
        matched: selection.matched,
        first: is_first.then_some(1),
        headings: shown(collection)
            .iter()
            .map(|name| heading(collection, name))
            .collect(),
        rows,
        geojson: collected(&features),
        map_note: map_note(collection),
        start: (!is_first).then(|| address(&at, params.without(&["cursor"]))),
        next: next.map(|link| link.href.clone()),
        form: form(collection, &at, params),
    };
    Ok(html::items(&page, &page_of))
}

/// `/collections/{collection}/items/{id}`; `reports` are the events of an incident.
pub(super) fn item(
    base: &Base,
    source: &Source,
    found: &Found,
    links: &[Link],
    reports: &[Found],
) -> Result<String, Problem> {
    let collection = source.collection;
    let all = Source::new(
        &source.app,
        &source.snapshot,
        collection,
        super::crs::Crs::Crs84,
    );
    let values = all.properties(found)?;
    let text = |name: &str| values.get(name).and_then(Value::as_str).map(str::to_owned);
    let lead = match collection {
        Collection::Articles => text("text").map(|text| (text, false)),
        _ => text("quote").map(|text| (text, true)),
    };
    let lead = lead.map(|(text, quoted)| Lead {
        text,
        language: language(&values),
        quoted,
    });
    let page = Page {
        title: name(collection, &values),
        crumbs: crumbs(base, Some((collection, true))),
        alternates: alternates(links),
    };
    let mut related: Vec<_> = links
        .iter()
        .filter(|link| matches!(link.rel, "via" | "related"))
        .map(|link| html::Link {
            title: link.title().to_owned(),
            href: link.href.clone(),
            rel: link.rel.to_owned(),
        })
        .collect();
    if collection == Collection::Events {
        let href = base.at(&format!("/#event={}", percent_encode(&all.id(found), "")));
        related.push(html::Link {
            title: "On the map".to_owned(),
            href,
            rel: "related".to_owned(),
        });
    }
    let properties = collection
        .properties()
        .iter()
        .filter(|property| !matches!(property.name, "quote" | "text"))
        .map(|property| Property {
            name: property.name.replace('_', " "),
            description: property.description.to_owned(),
            value: cell(values.get(property.name)),
            href: href_of(base, property.name, values.get(property.name)),
        })
        .collect();
    let page_of = ItemPage {
        lead,
        geojson: collected(drawn(&all, found, values.clone()).as_slice()),
        map_note: map_note(collection),
        links: related,
        properties,
        sections: section(base, source, reports)?.into_iter().collect(),
    };
    Ok(html::item(&page, &page_of))
}

/// The reports of an incident.
fn section(base: &Base, source: &Source, reports: &[Found]) -> Result<Option<Section>, Problem> {
    if reports.is_empty() {
        return Ok(None);
    }
    let events = Source::new(
        &source.app,
        &source.snapshot,
        Collection::Events,
        super::crs::Crs::Crs84,
    );
    let entries = reports.iter().map(|report| {
        let values = events.properties(report)?;
        let text = |name: &str| values.get(name).and_then(Value::as_str).map(str::to_owned);
        let from: Vec<_> = [text("publisher"), text("published")]
            .into_iter()
            .flatten()
            .collect();
        let path = format!(
            "{}/items/{}",
            Collection::Events.path(),
            percent_encode(&events.id(report), "")
        );
        Ok(Reference {
            title: if from.is_empty() {
                name(Collection::Events, &values)
            } else {
                from.join(", ")
            },
            href: base.at(&path),
            text: text("quote"),
            language: language(&values),
        })
    });
    let entries = entries.collect::<Result<_, Problem>>()?;
    Ok(Some(Section {
        title: "Reports".to_owned(),
        entries,
    }))
}

/// What a property leads to.
fn href_of(base: &Base, name: &str, value: Option<&Value>) -> Option<String> {
    let value = value?.as_str()?;
    let item = |collection: Collection| {
        base.at(&format!(
            "{}/items/{}",
            collection.path(),
            percent_encode(value, "")
        ))
    };
    match name {
        "url" => Some(value.to_owned()),
        "article" => Some(item(Collection::Articles)),
        "incident" => Some(item(Collection::Incidents)),
        "place_id" | "parent_id" => Some(item(Collection::Places)),
        _ => None,
    }
}

fn language(values: &Map<String, Value>) -> Option<String> {
    values
        .get("language")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// What to call a feature.
fn name(collection: Collection, values: &Map<String, Value>) -> String {
    let text = |name: &str| {
        values
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    match collection {
        Collection::Articles => text("title")
            .or(text("id"))
            .unwrap_or("Untitled")
            .to_owned(),
        Collection::Places | Collection::Areas => {
            text("name").or(text("id")).unwrap_or("Unnamed").to_owned()
        }
        Collection::Events | Collection::Incidents | Collection::Movements => {
            let action = text("action").unwrap_or("event");
            let mut letters = action.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            let action: String = first.chain(letters).collect();
            let place = text("place")
                .or(text("place_as_written"))
                .unwrap_or("place unknown");
            format!("{action}, {place}")
        }
    }
}

fn heading(collection: Collection, name: &str) -> Heading {
    let property = collection
        .properties()
        .iter()
        .find(|property| property.name == name);
    Heading {
        title: name.replace('_', " "),
        numeric: property
            .is_some_and(|property| matches!(property.kind, Kind::Integer | Kind::Number)),
    }
}

fn cell(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A feature with what the small map draws it by.
fn drawn(source: &Source, found: &Found, mut values: Map<String, Value>) -> Option<Value> {
    const DRAWN: [&str; 11] = [
        "place",
        "place_as_written",
        "name",
        "label",
        "kind",
        "action",
        "status",
        "date",
        "actor",
        "actor_id",
        "radius_km",
    ];
    let geometry = source
        .geometry(found)?
        .to_json(|point| [point.lon, point.lat]);
    values.retain(|name, _| DRAWN.contains(&name.as_str()));
    Some(
        serde_json::json!({"type": "Feature", "id": source.id(found), "geometry": geometry, "properties": values}),
    )
}

fn collected(features: &[Value]) -> Option<String> {
    let some = !features.is_empty();
    some.then(|| serde_json::json!({"type": "FeatureCollection", "features": features}).to_string())
}

fn map_note(collection: Collection) -> Option<String> {
    let note = "A colour for each actor, grey where several meet; hollow where it is only planned, or denied.";
    matches!(
        collection,
        Collection::Events | Collection::Incidents | Collection::Movements
    )
    .then(|| note.to_owned())
}

fn form(collection: Collection, at: &str, params: &Params) -> Form {
    let limit = DEFAULT_LIMIT.to_string();
    let present = |name: &str| {
        params
            .all(name)
            .last()
            .or((name == "limit").then_some(limit.as_str()))
    };
    let mut fields = html::usual_fields(present, MAX_LIMIT);
    for name in ["status", "action"] {
        let property = collection
            .properties()
            .iter()
            .find(|property| property.name == name);
        if let Some(Kind::OneOf(values)) = property.map(|property| property.kind) {
            let field = Field {
                name: name.to_owned(),
                label: name.to_owned(),
                hint: String::new(),
                value: present(name).unwrap_or_default().to_owned(),
                entry: Entry::OneOf(values.iter().map(ToString::to_string).collect()),
            };
            fields.insert(3, field);
        }
    }
    let left: Vec<_> = FIELDS.into_iter().chain(["cursor", "f"]).collect();
    let kept = params
        .without(&left)
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let kept = [("f".to_owned(), "html".to_owned())]
        .into_iter()
        .chain(kept)
        .collect();
    Form {
        action: at.to_owned(),
        fields,
        kept,
    }
}
