//! What describes the service: landing page, conformance, collections, health.

use axum::Json;
use axum::extract::{Path, State, rejection::PathRejection};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::collection::Collection;
use super::crs::Crs;
use super::links::{Base, Link};
use super::negotiate::{Format, choose};
use super::params::Params;
use super::problem::Problem;
use super::{App, assets, openapi, schema};
use crate::domain::BoundingBox;
use crate::index::{Layer, Snapshot};

const JSON: &str = Format::Json.media_type();
const TITLE: &str = "sitmap";
const DESCRIPTION: &str = "Conflict events read from news articles: located, dated and explained.";

/// The standards' classes that are kept.
const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
];

/// `/`: the map for a browser, the landing page for a client.
pub(super) async fn root(base: Base, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let f = Params::any(&uri)?;
    let format = choose(f.one("f")?, &headers, &[Format::Json, Format::Html])?;
    let mut response = if format == Format::Html {
        // The map keeps its own state in the address: other parameters are none of our business.
        assets::index(&headers)?
    } else {
        Params::read(&uri, &["f"])?;
        Json(landing(&base)).into_response()
    };
    response
        .headers_mut()
        .insert(header::VARY, header::HeaderValue::from_static("accept"));
    Ok(response)
}

fn landing(base: &Base) -> Value {
    let links = [
        Link::new("self", JSON, base.at("/?f=json")).titled("This document"),
        Link::new("alternate", Format::Html.media_type(), base.at("/?f=html")).titled("The map"),
        Link::new("service-desc", openapi::MEDIA_TYPE, base.at("/api"))
            .titled("The API's definition"),
        Link::new("conformance", JSON, base.at("/conformance")).titled("Standards that are kept"),
        Link::new("data", JSON, base.at("/collections")).titled("The collections"),
    ];
    json!({"title": TITLE, "description": DESCRIPTION, "links": links})
}

/// `/conformance`
pub(super) async fn conformance(uri: Uri) -> Result<Json<Value>, Problem> {
    only_json(&uri)?;
    Ok(Json(json!({"conformsTo": CONFORMANCE})))
}

/// `/api`
pub(super) async fn definition(base: Base, uri: Uri) -> Result<Response, Problem> {
    only_json(&uri)?;
    let document = openapi::document(&base.at(""), TITLE, DESCRIPTION);
    Ok((
        [(header::CONTENT_TYPE, openapi::MEDIA_TYPE)],
        document.to_string(),
    )
        .into_response())
}

/// `/collections`
pub(super) async fn collections(
    State(app): State<App>,
    base: Base,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    only_json(&uri)?;
    let snapshot = app.snapshot();
    let all = Collection::ALL.map(|collection| describe(collection, &snapshot, &base));
    let links = [Link::new("self", JSON, base.at("/collections")).titled("This document")];
    Ok(Json(
        json!({"links": links, "collections": all, "crs": uris(&Crs::ALL)}),
    ))
}

/// `/collections/{collection}`
pub(super) async fn collection(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    base: Base,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    let Path(id) = path?;
    let collection = Collection::find(&id)?;
    only_json(&uri)?;
    Ok(Json(describe(collection, &app.snapshot(), &base)))
}

fn describe(collection: Collection, snapshot: &Snapshot, base: &Base) -> Value {
    let layer = collection.layer(snapshot);
    let bbox = match layer {
        Some(layer) => layer.bbox(),
        None => BoundingBox::new(-180.0, -90.0, 180.0, 90.0).ok(),
    };
    let at = |rest: &str| base.at(&format!("{}{rest}", collection.path()));
    let geojson = Format::GeoJson.media_type();
    let links = [
        Link::new("self", JSON, at("")).titled("This document"),
        Link::new("items", geojson, at("/items")).titled(collection.title()),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            schema::MEDIA_TYPE,
            at("/queryables"),
        )
        .titled("What can be filtered by"),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            schema::MEDIA_TYPE,
            at("/schema"),
        )
        .titled("What the features have"),
        // With a capital B: GDAL compares letter by letter.
        Link::new("describedBy", schema::MEDIA_TYPE, at("/schema/feature"))
            .titled("The form of a feature"),
    ];
    let mut extent = serde_json::Map::new();
    if let Some(b) = bbox {
        let crs84 = Crs::Crs84.uri();
        extent.insert(
            "spatial".to_owned(),
            json!({"bbox": [[b.west, b.south, b.east, b.north]], "crs": crs84}),
        );
    }
    if let Some((first, last)) = layer.and_then(Layer::days) {
        let interval = [format!("{first}T00:00:00Z"), format!("{last}T23:59:59Z")];
        extent.insert(
            "temporal".to_owned(),
            json!({
                "interval": [interval],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            }),
        );
    }
    json!({
        "id": collection.id(),
        "title": collection.title(),
        "description": collection.description(),
        "itemType": "feature",
        "extent": extent,
        "crs": uris(collection.crs()),
        "storageCrs": Crs::Crs84.uri(),
        "links": links,
    })
}

fn uris(all: &[Crs]) -> Vec<&'static str> {
    all.iter().map(|crs| crs.uri()).collect()
}

/// `/health`: that the service answers, and how much it holds.
pub(super) async fn health(State(app): State<App>) -> Json<Value> {
    let snapshot = app.snapshot();
    Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "events": snapshot.events.len(),
        "incidents": snapshot.incidents.len(),
        "articles": snapshot.articles.len(),
    }))
}

/// Refuses every parameter but `f=json`.
pub(super) fn only_json(uri: &Uri) -> Result<(), Problem> {
    let asked = Params::read(uri, &["f"])?;
    choose(asked.one("f")?, &HeaderMap::new(), &[Format::Json]).map(|_| ())
}
