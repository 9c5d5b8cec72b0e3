//! The features: `/collections/{collection}/items` and one of them.

use axum::extract::{Path, rejection::PathRejection};
use axum::http::{HeaderName, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::caching::Entity;
use super::collection::Collection;
use super::crs::Crs;
use super::features::{Found, Selection, Source};
use super::links::{Base, Link};
use super::negotiate::Format;
use super::params::Params;
use super::problem::Problem;
use super::text::{clip, percent_encode};
use super::{columns, download, order, pages, places, query};
use crate::formats::jsonfg;
use crate::index::{Query, Row};

/// What the path of a feature names beside its collection.
#[derive(Debug, Deserialize)]
pub(super) struct OfItem {
    id: String,
}

/// The forms of many features.
pub(super) const FORMATS: [Format; 11] = [
    Format::GeoJson,
    Format::Json,
    Format::Html,
    Format::JsonFg,
    Format::Csv,
    Format::Ndjson,
    Format::GeoJsonSeq,
    Format::FlatGeobuf,
    Format::GeoPackage,
    Format::Kml,
    Format::Columns,
];
/// The forms of one.
pub(super) const FORMATS_OF_ONE: [Format; 4] =
    [Format::GeoJson, Format::Json, Format::Html, Format::JsonFg];
/// The parameters of one.
pub(super) const PARAMETERS_OF_ONE: [&str; 3] = ["crs", "f", "properties"];

/// Pages of at most so many features are made at once, on the thread that answers.
const QUICK: usize = 1_000;

/// `/collections/{collection}/items`
pub(super) async fn items(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    let (params, format) = asked.read(&query::known(collection), &FORMATS)?;
    let crs = query::crs(collection, &params, "crs")?;
    let query = query::read(collection, &params, format)?;
    let source = Source {
        properties: query::properties(collection, &params)?,
        language: places::language(&params)?.to_owned(),
        ..Source::new(&asked.app, &asked.snapshot, collection, crs)
    };
    download::check(format, crs)?;
    let entity = described(asked.entity(format), collection, format, crs);
    let entity = if format == Format::Columns {
        entity.lasting()
    } else {
        entity
    };
    if let Some(known) = asked.known(&entity) {
        return Ok(known);
    }
    let base = asked.base;
    let is_quick = is_quick(&source, format, &query);
    let answer = move || {
        let selection = source.select(&params, &query)?;
        let at = base.at(&format!("{}/items", collection.path()));
        let next = selection.next.as_ref().map(|cursor| {
            let cursor = order::written(cursor);
            let rest = params
                .without(&["cursor"])
                .chain([("cursor", cursor.as_str())]);
            Link::new("next", format.media_type(), address(&at, rest)).titled("The next page")
        });
        let entity = match &next {
            Some(link) => entity.with(header::LINK, &link.to_header()),
            None => entity,
        };
        if format.is_download() {
            return Ok(download::send(&entity, format, source, selection));
        }
        let mut links = representations(&at, &params, format, &FORMATS);
        links.push(parent(collection, &base));
        links.extend(next);
        let body = match format {
            Format::Html => pages::items(&base, &source, &params, &selection, &links)?.into(),
            Format::JsonFg => json_fg(&source, &selection, &links)?.into(),
            Format::Columns => columns::written(&source, &selection)?.into(),
            _ => feature_collection(&source, &selection, &links)?,
        };
        Ok(entity.answer(source.app.answers(), body))
    };
    if is_quick {
        answer()
    } else {
        blocking(answer).await
    }
}

/// Whether an answer takes so little time that handing it to another thread would take longer.
fn is_quick(source: &Source, format: Format, query: &Query) -> bool {
    let is_short = matches!(format, Format::GeoJson | Format::Json) && query.limit <= QUICK;
    // An article's text is read from the store.
    let is_in_memory = source.collection != Collection::Articles;
    let layer = source.collection.layer(&source.app, &source.snapshot);
    is_short && is_in_memory && layer.is_some_and(|layer| layer.is_quick(query))
}

/// `/collections/{collection}/items/{id}`
pub(super) async fn item(
    asked: Asked,
    collection: Collection,
    path: Result<Path<OfItem>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(OfItem { id }) = path?;
    let (params, format) = asked.read(&PARAMETERS_OF_ONE, &FORMATS_OF_ONE)?;
    let crs = query::crs(collection, &params, "crs")?;
    let source = Source {
        properties: query::properties(collection, &params)?,
        ..Source::new(&asked.app, &asked.snapshot, collection, crs)
    };
    let missing =
        || Problem::not_found(format!("There is no {} {:?}.", collection.one(), clip(&id)));
    let found = source.find(&id).ok_or_else(missing)?;
    let entity = described(asked.entity(format), collection, format, crs);
    if let Some(known) = asked.known(&entity) {
        return Ok(known);
    }
    let base = asked.base;
    blocking(move || {
        let at = base.at(&format!(
            "{}/items/{}",
            collection.path(),
            percent_encode(&id, "")
        ));
        let mut links = representations(&at, &params, format, &FORMATS_OF_ONE);
        links.push(parent(collection, &base));
        if let (Found::Row(slot), Collection::Events | Collection::Movements) = (found, collection)
        {
            links.extend(relations(&source, source.row(slot), &base));
        }
        let body = match format {
            Format::Html => {
                let reports = match (found, collection) {
                    (Found::Row(slot), Collection::Incidents) => {
                        let reports = source.snapshot.reports_of(source.row(slot)).into_iter();
                        reports.map(Found::Row).collect()
                    }
                    _ => Vec::new(),
                };
                pages::item(&base, &source, &found, &links, &reports)?.into()
            }
            Format::JsonFg => {
                let layer = download::layer(&source, 1);
                let feature = source.feature(&found)?;
                let fallback = download::in_degrees(&source, &found);
                let document = jsonfg::document(&layer.borrowed(), feature, fallback.as_ref());
                let mut document = document.map_err(|error| Problem::internal(&error))?;
                document.insert(
                    "links".to_owned(),
                    serde_json::to_value(&links).unwrap_or_default(),
                );
                Value::Object(document).to_string().into()
            }
            _ => {
                let mut body = Vec::new();
                source.write(&mut body, &found)?;
                if let (Found::Row(slot), Collection::Incidents) = (found, collection) {
                    let reports = reports(&source, source.row(slot), &base)?;
                    add_member(&mut body, "reports", &reports);
                }
                add_member(&mut body, "links", &written(&links));
                body
            }
        };
        Ok(entity.answer(source.app.answers(), body))
    })
    .await
}

/// Runs what may read from the store, or copies much, off the threads that answer.
pub(super) async fn blocking(
    work: impl FnOnce() -> Result<Response, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// An answer with what its headers say of the features in it.
fn described(entity: Entity, collection: Collection, format: Format, crs: Crs) -> Entity {
    let entity = entity.with(
        HeaderName::from_static("content-crs"),
        &format!("<{}>", crs.uri()),
    );
    if format.is_download() {
        let name = format!(
            "attachment; filename=\"{}.{}\"",
            collection.id(),
            format.name()
        );
        return entity.with(header::CONTENT_DISPOSITION, &name);
    }
    entity
}

/// Links to the resource in this form and in the others.
pub(super) fn representations(
    at: &str,
    params: &Params,
    format: Format,
    offered: &[Format],
) -> Vec<Link> {
    let given: Vec<_> = params
        .without(&[])
        .map(|(name, value)| (name, pair(name, value)))
        .collect();
    let without = |left: &[&str]| {
        let pairs = given.iter().filter(|(name, _)| !left.contains(name));
        joined(at, pairs.map(|(_, pair)| pair.as_str()))
    };
    // A file has all features, whatever page the link stands on.
    let [of_page, of_file] = [&["f"][..], &["f", "limit", "cursor"]].map(|left| {
        let mut address = without(left);
        let joint = if address.contains('?') { "&f=" } else { "?f=" };
        address.push_str(joint);
        address
    });
    let link = |other: &Format| {
        if *other == format {
            let itself = without(&[]);
            return Link::new("self", format.media_type(), itself).titled("This document");
        }
        let named = if other.is_download() {
            &of_file
        } else {
            &of_page
        };
        let address = [named, other.name()].concat();
        Link::new("alternate", other.media_type(), address).titled(other.title())
    };
    offered.iter().map(link).collect()
}

fn parent(collection: Collection, base: &Base) -> Link {
    let link = Link::new(
        "collection",
        Format::Json.media_type(),
        base.at(&collection.path()),
    );
    link.titled(collection.title())
}

/// An address with parameters.
pub(super) fn address<'a>(at: &str, params: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    joined(at, params.map(|(name, value)| pair(name, value)))
}

/// A parameter as it stands in an address.
fn pair(name: &str, value: &str) -> String {
    let mut pair = percent_encode(name, "");
    pair.push('=');
    pair.push_str(&percent_encode(value, ",:/"));
    pair
}

/// An address with parameters that are written already.
fn joined(at: &str, pairs: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut address = String::with_capacity(at.len() + 100);
    address.push_str(at);
    for (n, pair) in pairs.enumerate() {
        address.push(if n == 0 { '?' } else { '&' });
        address.push_str(pair.as_ref());
    }
    address
}

/// Adds a member at the end of an object.
fn add_member(object: &mut Vec<u8>, name: &str, json: &[u8]) {
    object.pop(); // the closing brace
    for text in [b",\"", name.as_bytes(), b"\":", json, b"}"] {
        object.extend_from_slice(text);
    }
}

/// The article that an event was read from, and the incident that it is a report of.
fn relations(source: &Source, event: Row<'_>, base: &Base) -> Vec<Link> {
    let link = |rel, collection: Collection, id: &str, title| {
        let path = format!("{}/items/{}", collection.path(), percent_encode(id, ""));
        Link::new(rel, Format::GeoJson.media_type(), base.at(&path)).titled(title)
    };
    let properties = event.properties();
    let article = properties.get("article").and_then(Value::as_str);
    let via = article.map(|id| link("via", Collection::Articles, id, "The article"));
    let incident = source.snapshot.incident_of(event);
    let incident = link("related", Collection::Incidents, &incident, "The incident");
    via.into_iter().chain([incident]).collect()
}

/// The reports of an incident: the features of its events, each with its links.
fn reports(source: &Source, incident: Row<'_>, base: &Base) -> Result<Vec<u8>, Problem> {
    let events = Source::new(
        &source.app,
        &source.snapshot,
        Collection::Events,
        source.crs,
    );
    let mut all = vec![b'['];
    for slot in source.snapshot.reports_of(incident) {
        let event = events.row(slot);
        let path = format!(
            "{}/items/{}",
            Collection::Events.path(),
            percent_encode(event.id(), "")
        );
        let itself = Link::new("self", Format::GeoJson.media_type(), base.at(&path));
        let mut links = vec![itself.titled("The event")];
        links.extend(relations(&events, event, base));
        let mut feature = Vec::new();
        events.write_row(&mut feature, event)?;
        add_member(&mut feature, "links", &written(&links));
        if all.len() > 1 {
            all.push(b',');
        }
        all.extend(feature);
    }
    all.push(b']');
    Ok(all)
}

fn feature_collection(
    source: &Source,
    selection: &Selection,
    links: &[Link],
) -> Result<Vec<u8>, Problem> {
    // No time stamp: the answer hangs on the request and the store alone.
    let begin = format!(
        "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"links\":",
        selection.matched,
        selection.found.len(),
    );
    let links = written(links);
    // Texts lie all over the memory: here the processor fetches many at once, and they are at hand when they are
    // written.
    let features: usize = { selection.found.iter() }
        .map(|found| source.length(found))
        .sum();
    let mut body = Vec::with_capacity(begin.len() + links.len() + features + 20);
    for text in [begin.as_bytes(), &links, b",\"features\":["] {
        body.extend_from_slice(text);
    }
    for (n, found) in selection.found.iter().enumerate() {
        if n > 0 {
            body.push(b',');
        }
        source.write(&mut body, found)?;
    }
    body.extend_from_slice(b"]}");
    Ok(body)
}

fn json_fg(source: &Source, selection: &Selection, links: &[Link]) -> Result<String, Problem> {
    let layer = download::layer(source, selection.found.len());
    let layer = layer.borrowed();
    let mut document = jsonfg::collection(&layer);
    document.insert("numberMatched".to_owned(), selection.matched.into());
    document.insert("numberReturned".to_owned(), selection.found.len().into());
    document.insert(
        "links".to_owned(),
        serde_json::to_value(links).unwrap_or_default(),
    );
    let feature = |found: &Found| -> Result<Value, Problem> {
        let fallback = download::in_degrees(source, found);
        let feature: Result<Map<_, _>, _> =
            jsonfg::feature(&layer, source.feature(found)?, fallback.as_ref());
        feature
            .map(Value::Object)
            .map_err(|error| Problem::internal(&error))
    };
    let features = selection
        .found
        .iter()
        .map(feature)
        .collect::<Result<_, _>>()?;
    document.insert("features".to_owned(), Value::Array(features));
    Ok(Value::Object(document).to_string())
}

fn written(links: &[Link]) -> Vec<u8> {
    let mut json = Vec::with_capacity(links.len() * 300);
    json.push(b'[');
    for (n, link) in links.iter().enumerate() {
        if n > 0 {
            json.push(b',');
        }
        link.write(&mut json);
    }
    json.push(b']');
    json
}
