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
use crate::index::{self, Row};

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
            feature_collection(&app, collection, crs, &page, &params, &links)?,
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
            Found::Row(row) => write_feature(&mut body, &app, collection, crs, &row)?,
            Found::Place(place) => {
                let feature = places::feature(app.gazetteer(), place, None, crs, "en");
                body.push_str(&feature.to_string());
            }
        }
        body.pop(); // the closing brace
        body.push_str(",\"links\":");
        body.push_str(&json(&links)?);
        body.push('}');
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

fn feature_collection(
    app: &App,
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
        json(links)?,
    );
    match page {
        Page::Rows(page) => {
            for (n, row) in page.rows.iter().enumerate() {
                if n > 0 {
                    body.push(',');
                }
                write_feature(&mut body, app, collection, crs, row)?;
            }
        }
        Page::Places(page) => {
            page.write(app.gazetteer(), crs, places::language(params)?, &mut body);
        }
    }
    body.push_str("]}");
    Ok(body)
}

/// The row as it was serialised, its coordinates in the order of the axes, an article's text put in.
fn write_feature(
    body: &mut String,
    app: &App,
    collection: Collection,
    crs: Crs,
    row: &Arc<Row>,
) -> Result<(), Problem> {
    match row.geometry() {
        Some(geometry) if crs != Crs::Crs84 => {
            let (before, behind) = row.around_geometry();
            let geometry = geometry.to_json(|point| crs.position(point));
            let _ = write!(body, "{before}{geometry}{behind}");
        }
        _ => body.push_str(row.json()),
    }
    if collection == Collection::Articles {
        let text = app
            .article_text(row.id())
            .map_err(|error| Problem::internal(&error))?;
        body.truncate(body.len() - "}}".len());
        let _ = write!(body, ",\"text\":{}}}}}", Value::from(text));
    }
    Ok(())
}

fn json(links: &[Link]) -> Result<String, Problem> {
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
