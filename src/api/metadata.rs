//! What describes the service: landing page, conformance, collections, health.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::{Reads, require};
use super::asked::Asked;
use super::collection::Collection;
use super::crs::Crs;
use super::items::{blocking, representations};
use super::links::{Base, Link};
use super::negotiate::{Format, choose};
use super::params::Params;
use super::problem::Problem;
use super::rates::Peer;
use super::{App, assets, items, openapi, pages, schema};
use crate::domain::{BoundingBox, Scope};
use crate::index::Layer;

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
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

/// `/`: the map for a browser, the landing page for a client.
pub(super) async fn root(peer: Peer, asked: Asked) -> Result<Response, Problem> {
    let f = Params::any(&asked.uri)?;
    let offered = [Format::Json, Format::Html];
    if choose(f.one("f")?, &asked.headers, &offered)? == Format::Html {
        // The map keeps its own state in the address: other parameters are none of our business.
        return assets::index(&asked.app, &asked.headers);
    }
    if asked.app.reads() == Reads::Token {
        require(&asked.app, &asked.headers, peer, Scope::Read).await?;
    }
    asked.json(|_| landing(&asked.base))
}

fn landing(base: &Base) -> Value {
    let links = [
        Link::new("self", JSON, base.at("/?f=json")).titled("This document"),
        Link::new("alternate", Format::Html.media_type(), base.at("/?f=html")).titled("The map"),
        Link::new("service-desc", openapi::MEDIA_TYPE, base.at("/api"))
            .titled("The API's definition"),
        Link::new("conformance", JSON, base.at("/conformance")).titled("Standards that are kept"),
        Link::new("data", JSON, base.at("/collections")).titled("The collections"),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            JSON,
            base.at("/tiles"),
        )
        .titled("The sets of vector tiles"),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
            JSON,
            base.at("/tileMatrixSets"),
        )
        .titled("The tile matrix sets"),
        Link::new("related", "text/event-stream", base.at("/stream"))
            .titled("New and changed events"),
    ];
    json!({"title": TITLE, "description": DESCRIPTION, "links": links})
}

/// `/conformance`
pub(super) async fn conformance(asked: Asked) -> Result<Response, Problem> {
    asked.json(|_| json!({"conformsTo": CONFORMANCE}))
}

/// `/api`
pub(super) async fn definition(asked: Asked) -> Result<Response, Problem> {
    asked.json_of_type(openapi::MEDIA_TYPE, |_| {
        openapi::document(&asked.base.at(""), TITLE, DESCRIPTION, asked.app.reads())
    })
}

/// `/collections`
pub(super) async fn collections(asked: Asked) -> Result<Response, Problem> {
    let (params, format) = asked.read(&["f"], &DESCRIBED)?;
    let entity = asked.entity(format);
    blocking(move || {
        Ok(asked.made(&entity, || {
            let at = asked.base.at("/collections");
            let links = representations(&at, &params, format, &DESCRIBED);
            if format == Format::Html {
                return pages::collections(&asked, &links);
            }
            let all = Collection::ALL.map(|collection| describe(&asked, collection, None));
            json!({"links": links, "collections": all, "crs": uris(&Crs::ALL)}).to_string()
        }))
    })
    .await
}

/// `/collections/{collection}`
pub(super) async fn collection(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    let (params, format) = asked.read(&["f"], &DESCRIBED)?;
    let entity = asked.entity(format);
    blocking(move || {
        Ok(asked.made(&entity, || {
            let at = asked.base.at(&collection.path());
            let links = representations(&at, &params, format, &DESCRIBED);
            match format {
                Format::Html => pages::collection(&asked, collection, &links),
                _ => describe(&asked, collection, Some(links)).to_string(),
            }
        }))
    })
    .await
}

/// The forms of what describes collections.
const DESCRIBED: [Format; 2] = [Format::Json, Format::Html];

/// A collection. `links` are those to this document, where it is one.
fn describe(asked: &Asked, collection: Collection, links: Option<Vec<Link>>) -> Value {
    let layer = collection.layer(&asked.app, &asked.snapshot);
    let bbox = match layer {
        Some(layer) => layer.bbox(),
        None => BoundingBox::new(-180.0, -90.0, 180.0, 90.0).ok(),
    };
    let at = |rest: &str| asked.base.at(&format!("{}{rest}", collection.path()));
    let mut links =
        links.unwrap_or_else(|| vec![Link::new("self", JSON, at("")).titled("The collection")]);
    links.extend(items::FORMATS.map(|format| {
        let address = match format {
            Format::GeoJson => at("/items"),
            _ => at(&format!("/items?f={}", format.name())),
        };
        let title = format!("{} as {}", collection.title(), format.title());
        Link::new("items", format.media_type(), address).titled(title)
    }));
    links.extend([
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            schema::MEDIA_TYPE,
            at("/queryables"),
        )
        .titled("What can be filtered by"),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/sortables",
            schema::MEDIA_TYPE,
            at("/sortables"),
        )
        .titled("What can be sorted by"),
        Link::new(
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            schema::MEDIA_TYPE,
            at("/schema"),
        )
        .titled("What the features have"),
        // With a capital B: GDAL compares letter by letter.
        Link::new("describedBy", schema::MEDIA_TYPE, at("/schema/feature"))
            .titled("The form of a feature"),
    ]);
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

/// `/health`: that the service answers, and, where everybody may read, how much it holds.
pub(super) async fn health(State(app): State<App>) -> Json<Value> {
    let mut health = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
    if app.reads() == Reads::Public {
        let snapshot = app.snapshot();
        health["events"] = snapshot.events.len().into();
        health["incidents"] = snapshot.incidents.len().into();
        health["articles"] = snapshot.articles.len().into();
    }
    Json(health)
}

/// `/ready`: that requests may be sent here. Nobody is answered before the index is there, nor once the service ends.
pub(super) async fn ready() -> Json<Value> {
    Json(json!({ "status": "ready" }))
}
