//! The features: `/collections/{collection}/items` and one of them.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State, rejection::PathRejection};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::caching::{is_unchanged, tag, unchanged};
use super::collection::Collection;
use super::crs::Crs;
use super::links::{Base, Link};
use super::negotiate::{Format, choose};
use super::params::Params;
use super::problem::Problem;
use super::text::{clip, percent_encode};
use super::{App, places, query};
use crate::gazetteer::PlaceRef;
use crate::index::{self, Row, Snapshot};

/// What a page is made of: rows of the index, written beforehand, or places of the gazetteer.
enum Page {
    Rows(index::Page),
    Places(places::Page),
}

/// One feature of either.
enum Found {
    Row(Arc<Row>),
    Place(PlaceRef),
}

impl Page {
    fn next(&self) -> Option<u64> {
        match self {
            Self::Rows(page) => page.next,
            Self::Places(page) => page.next,
        }
    }

    fn matched(&self) -> usize {
        match self {
            Self::Rows(page) => page.matched,
            Self::Places(page) => page.matched,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Rows(page) => page.rows.len(),
            Self::Places(page) => page.len(),
        }
    }

    /// About how many bytes its features take.
    fn bytes(&self) -> usize {
        match self {
            Self::Rows(page) => page.rows.iter().map(|row| row.json().len() + 1).sum(),
            Self::Places(page) => page.len() * 400,
        }
    }
}

const FORMATS: [Format; 2] = [Format::GeoJson, Format::Json];

/// `/collections/{collection}/items`
pub(super) async fn items(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection = Collection::find(&path?.0)?;
    let params = Params::read(&uri, &query::known(collection))?;
    let format = choose(params.one("f")?, &headers, &FORMATS)?;
    let crs = query::crs(collection, &params, "crs")?;
    let query = query::read(collection, &params)?;
    let snapshot = app.snapshot();
    let tag = tag(&snapshot);
    if is_unchanged(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    blocking(move || {
        let page = match collection.layer(&snapshot) {
            Some(layer) => Page::Rows(layer.query(&query)),
            None => Page::Places(places::page(app.gazetteer(), &params, &query)?),
        };
        let at = base.at(&format!("{}/items", collection.path()));
        let mut links = representations(&at, &params, format);
        let parent = Link::new(
            "collection",
            Format::Json.media_type(),
            base.at(&collection.path()),
        );
        links.push(parent.titled(collection.title()));
        let next = page.next().map(|cursor| {
            let cursor = cursor.to_string();
            let rest = params
                .without(&["cursor"])
                .chain([("cursor", cursor.as_str())]);
            let link = Link::new("next", format.media_type(), address(&at, rest));
            link.titled("The next page")
        });
        links.extend(next.clone());
        let mut response = answer(
            feature_collection(&app, &snapshot, collection, crs, &page, &params, &links)?,
            format,
            crs,
            &tag,
        );
        let link = next.and_then(|link| HeaderValue::from_str(&link.to_header()).ok());
        response
            .headers_mut()
            .extend(link.map(|link| (header::LINK, link)));
        Ok(response)
    })
    .await
}

/// `/collections/{collection}/items/{id}`
pub(super) async fn item(
    State(app): State<App>,
    path: Result<Path<(String, String)>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((collection, id)) = path?;
    let collection = Collection::find(&collection)?;
    let params = Params::read(&uri, &["crs", "f"])?;
    let format = choose(params.one("f")?, &headers, &FORMATS)?;
    let crs = query::crs(collection, &params, "crs")?;
    let snapshot = app.snapshot();
    let missing =
        || Problem::not_found(format!("There is no {} {:?}.", collection.one(), clip(&id)));
    let found = match collection.layer(&snapshot) {
        Some(layer) => Found::Row(layer.get(&id).cloned().ok_or_else(missing)?),
        None => Found::Place(app.gazetteer().by_id(&id).ok_or_else(missing)?),
    };
    let tag = tag(&snapshot);
    if is_unchanged(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    blocking(move || {
        let items = format!("{}/items", collection.path());
        let at = base.at(&format!("{items}/{}", percent_encode(&id, "")));
        let mut links = representations(&at, &params, format);
        let parent = Link::new(
            "collection",
            Format::Json.media_type(),
            base.at(&collection.path()),
        );
        links.push(parent.titled(collection.title()));
        let mut body = String::new();
        match found {
            Found::Row(row) => {
                let source = Source::new(&app, &snapshot, collection, crs);
                source.write(&mut body, &row)?;
                match collection {
                    Collection::Incidents => {
                        let reports = reports(&app, &snapshot, crs, &row, &base)?;
                        add_member(&mut body, "reports", &reports);
                    }
                    Collection::Events | Collection::Movements => {
                        links.extend(relations(&snapshot, &row, &base));
                    }
                    Collection::Articles | Collection::Places => {}
                }
            }
            Found::Place(place) => {
                let feature = places::feature(app.gazetteer(), place, None, crs, "en");
                body.push_str(&feature.to_string());
            }
        }
        add_member(&mut body, "links", &written(&links)?);
        Ok(answer(body, format, crs, &tag))
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

/// Links to the resource in this form and in the others.
fn representations(at: &str, params: &Params, format: Format) -> Vec<Link> {
    let link = |other: Format| {
        if other == format {
            return Link::new(
                "self",
                format.media_type(),
                address(at, params.without(&[])),
            );
        }
        let named = params.without(&["f"]).chain([("f", other.name())]);
        Link::new("alternate", other.media_type(), address(at, named))
    };
    FORMATS.map(link).to_vec()
}

/// An address with parameters.
fn address<'a>(at: &str, params: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = at.to_owned();
    for (n, (name, value)) in params.enumerate() {
        address.push(if n == 0 { '?' } else { '&' });
        address.push_str(&percent_encode(name, ""));
        address.push('=');
        address.push_str(&percent_encode(value, ",:/"));
    }
    address
}

/// Adds a member at the end of an object.
fn add_member(object: &mut String, name: &str, json: &str) {
    object.pop(); // the closing brace
    // Writing to a string cannot fail.
    let _ = write!(object, ",\"{name}\":{json}}}");
}

/// The article that an event was read from, and the incident that it is a report of.
fn relations(snapshot: &Snapshot, event: &Row, base: &Base) -> Vec<Link> {
    let link = |rel, collection: Collection, id: &str, title| {
        let path = format!("{}/items/{}", collection.path(), percent_encode(id, ""));
        Link::new(rel, Format::GeoJson.media_type(), base.at(&path)).titled(title)
    };
    let feature: Value = serde_json::from_str(event.json()).unwrap_or_default();
    let article = feature["properties"]["article"].as_str();
    let via = article.map(|id| link("via", Collection::Articles, id, "The article"));
    let incident = snapshot.incident_of(event.id());
    let incident = link("related", Collection::Incidents, &incident, "The incident");
    via.into_iter().chain([incident]).collect()
}

/// The reports of an incident: the features of its events, each with its links.
fn reports(
    app: &App,
    snapshot: &Snapshot,
    crs: Crs,
    incident: &Row,
    base: &Base,
) -> Result<String, Problem> {
    let source = Source::new(app, snapshot, Collection::Events, crs);
    let mut all = String::from("[");
    for event in snapshot.reports_of(incident.id()) {
        let path = format!(
            "{}/items/{}",
            Collection::Events.path(),
            percent_encode(event.id(), "")
        );
        let itself = Link::new("self", Format::GeoJson.media_type(), base.at(&path));
        let mut links = vec![itself.titled("The event")];
        links.extend(relations(snapshot, event, base));
        let mut feature = String::new();
        source.write(&mut feature, event)?;
        add_member(&mut feature, "links", &written(&links)?);
        if all.len() > 1 {
            all.push(',');
        }
        all.push_str(&feature);
    }
    all.push(']');
    Ok(all)
}

fn feature_collection(
    app: &App,
    snapshot: &Snapshot,
    collection: Collection,
    crs: Crs,
    page: &Page,
    params: &Params,
    links: &[Link],
) -> Result<String, Problem> {
    let mut body = String::with_capacity(page.bytes() + 2000);
    // Writing to a string cannot fail.
    let _ = write!(
        body,
        "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"timeStamp\":\"{:.3}\",\"links\":{},\"features\":[",
        page.matched(),
        page.len(),
        Timestamp::now(),
        written(links)?,
    );
    match page {
        Page::Rows(page) => {
            let source = Source::new(app, snapshot, collection, crs);
            for (n, row) in page.rows.iter().enumerate() {
                if n > 0 {
                    body.push(',');
                }
                source.write(&mut body, row)?;
            }
        }
        Page::Places(page) => {
            page.write(app.gazetteer(), crs, places::language(params)?, &mut body);
        }
    }
    body.push_str("]}");
    Ok(body)
}

/// What features are made of, and how they are asked for.
#[derive(Clone, Copy)]
struct Source<'a> {
    app: &'a App,
    snapshot: &'a Snapshot,
    collection: Collection,
    crs: Crs,
}

impl<'a> Source<'a> {
    fn new(app: &'a App, snapshot: &'a Snapshot, collection: Collection, crs: Crs) -> Self {
        Self {
            app,
            snapshot,
            collection,
            crs,
        }
    }

    /// The row as it was serialised, its coordinates in the order of the axes; what may change without the row (an
    /// event's incident) or would fill the memory (an article's text) is put in as the last property.
    fn write(self, body: &mut String, row: &Row) -> Result<(), Problem> {
        match row.geometry() {
            Some(geometry) if self.crs != Crs::Crs84 => {
                let (before, behind) = row.around_geometry();
                let geometry = geometry.to_json(|point| self.crs.position(point));
                let _ = write!(body, "{before}{geometry}{behind}");
            }
            _ => body.push_str(row.json()),
        }
        let (name, value) = match self.collection {
            Collection::Events | Collection::Movements => {
                ("incident", Value::from(self.snapshot.incident_of(row.id())))
            }
            Collection::Articles => {
                let text = self.app.article_text(row.id());
                (
                    "text",
                    text.map_err(|error| Problem::internal(&error))?.into(),
                )
            }
            Collection::Incidents | Collection::Places => return Ok(()),
        };
        body.truncate(body.len() - "}}".len());
        let _ = write!(body, ",\"{name}\":{value}}}}}");
        Ok(())
    }
}

fn written(links: &[Link]) -> Result<String, Problem> {
    serde_json::to_string(links).map_err(|error| Problem::internal(&error))
}

fn answer(body: String, format: Format, crs: Crs, tag: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.media_type()),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, host"));
    headers.extend(
        HeaderValue::from_str(tag)
            .ok()
            .map(|tag| (header::ETAG, tag)),
    );
    let crs = HeaderValue::from_str(&format!("<{}>", crs.uri())).ok();
    headers.extend(crs.map(|crs| (HeaderName::from_static("content-crs"), crs)));
    response
}
