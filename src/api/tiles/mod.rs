//! Vector tiles (OGC API – Tiles), with time and filter; at low zooms points and lines are gathered into groups.
//!
//! Each handler answers for one collection, where the path names one, and for the whole of them.

mod describe;
mod draw;

use axum::extract::{Path, rejection::PathRejection};
use axum::http::HeaderName;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use self::describe::Addresses;
use self::draw::Source;
use super::asked::Asked;
use super::collection::Collection;
use super::items::blocking;
use super::links::Link;
use super::negotiate::Format;
use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use super::{filter, query};
use crate::domain::BoundingBox;
use crate::index::{Property, Query};
use crate::tile::{MATRIX_SET, Tile, TileId, matrix_set};

/// The collections that have tiles; the first two are what a tile of the whole has when nothing is said.
pub(super) const COLLECTIONS: [Collection; 4] = [
    Collection::Events,
    Collection::Movements,
    Collection::Incidents,
    Collection::Areas,
];
const USUAL: [Collection; 2] = [Collection::Events, Collection::Movements];
/// The parameters of a tile that are no property, nor of `filter`.
pub(super) const PARAMETERS: [&str; 2] = ["datetime", "f"];
/// How far a tile reaches beyond its edge, in the 4,096th part of its width.
const BUFFER: u32 = 64;
/// The properties that features have in a tile: what a map is drawn by. All others are at `/items/{id}`.
const ATTRIBUTES: [&str; 18] = [
    "id",
    "action",
    "status",
    "actor",
    "actor_id",
    "place",
    "name",
    "kind",
    "country",
    "date",
    "start",
    "end",
    "date_precision",
    "geo_precision",
    "radius_km",
    "confidence",
    "reports",
    "article",
];
const FORMATS: [Format; 1] = [Format::VectorTile];
/// The forms of what describes a set of tiles.
const DESCRIBED: [Format; 2] = [Format::Json, Format::TileJson];

/// What the path of a tile names beside its collection.
#[derive(Debug, Deserialize)]
pub(super) struct Address {
    set: String,
    z: String,
    y: String,
    x: String,
}

/// What the path of a set of tiles names beside its collection.
#[derive(Debug, Deserialize)]
pub(super) struct OfSet {
    set: String,
}

/// `/tiles/{set}/{z}/{y}/{x}`
pub(super) async fn tile(
    asked: Asked,
    collection: Option<Collection>,
    path: Result<Path<Address>, PathRejection>,
) -> Result<Response, Problem> {
    has_tiles(collection)?;
    let id = path?.0.tile()?;
    let (params, format) = match collection {
        Some(collection) => asked.read(&known_of_one(collection), &FORMATS)?,
        None => asked.read(&known_of_all(), &FORMATS)?,
    };
    let collections = match collection {
        Some(collection) => vec![collection],
        None => collections(&params)?,
    };
    let query = |collection| -> Result<_, Problem> {
        let ground = id.bounds(draw::reach(collection, id, BUFFER));
        let bbox = BoundingBox::new(ground.west, ground.south, ground.east, ground.north).ok();
        let query = Query {
            bbox,
            limit: usize::MAX,
            ..query::condition(collection, &params)?
        };
        Ok((collection, query))
    };
    let queries = collections
        .into_iter()
        .map(query)
        .collect::<Result<Vec<_>, _>>()?;
    let entity = asked.entity(format).lasting();
    if let Some(known) = asked.known(&entity) {
        return Ok(known);
    }
    blocking(move || {
        let mut tile = Tile::new(id, BUFFER);
        for (collection, query) in &queries {
            if let Some(layer) = collection.layer(&asked.app, &asked.snapshot) {
                let source = Source {
                    collection: *collection,
                    layer,
                    query,
                };
                draw::layer(&mut tile, id, &source).map_err(|error| Problem::internal(&error))?;
            }
        }
        // What does not fit is left out, and said.
        let entity = match tile.dropped() {
            0 => entity,
            left_out => entity.with(
                HeaderName::from_static("sitmap-left-out"),
                &left_out.to_string(),
            ),
        };
        Ok(entity.answer(asked.app.answers(), tile.encode()))
    })
    .await
}

/// All parameters of a tile of one collection.
pub(super) fn known_of_one(collection: Collection) -> Vec<&'static str> {
    filter::known(collection, &PARAMETERS)
}

/// All parameters of a tile of several.
fn known_of_all() -> Vec<&'static str> {
    PARAMETERS
        .into_iter()
        .chain(["collections"])
        .chain(filter::PARAMETERS)
        .collect()
}

/// The properties that features have in a tile: what a map is drawn by.
fn columns(collection: Collection) -> Vec<(usize, &'static Property)> {
    let properties = collection.properties().iter().enumerate();
    properties
        .filter(|(_, property)| property.queryable && ATTRIBUTES.contains(&property.name))
        .collect()
}

/// Refuses a collection that has none.
fn has_tiles(collection: Option<Collection>) -> Result<(), Problem> {
    let Some(lacking) = collection.filter(|named| !COLLECTIONS.contains(named)) else {
        return Ok(());
    };
    Err(Problem::not_found(format!(
        "There are no tiles of {}, only of {}.",
        lacking.id(),
        names()
    )))
}

fn names() -> String {
    COLLECTIONS.map(Collection::id).join(", ")
}

/// Reads `collections`.
fn collections(params: &Params) -> Result<Vec<Collection>, Problem> {
    let Some(text) = params.one("collections")? else {
        return Ok(USUAL.to_vec());
    };
    let mut found = Vec::new();
    for name in text.split(',') {
        let collection = COLLECTIONS
            .into_iter()
            .find(|collection| collection.id() == name)
            .ok_or_else(|| {
                let detail = format!(
                    "There are no tiles of {:?}, only of {}.",
                    clip(name),
                    names()
                );
                Problem::parameter("collections", detail)
            })?;
        if !found.contains(&collection) {
            found.push(collection);
        }
    }
    Ok(found)
}

impl Address {
    fn tile(&self) -> Result<TileId, Problem> {
        check_set(&self.set)?;
        let number = |text: &str| {
            let detail = || {
                format!(
                    "{:?} is no number of a tile: write /tiles/{MATRIX_SET}/zoom/row/column.",
                    clip(text)
                )
            };
            text.parse().map_err(|_| Problem::not_found(detail()))
        };
        TileId::new(number(&self.z)?, number(&self.y)?, number(&self.x)?)
            .map_err(|error| Problem::not_found(format!("{error}.")))
    }
}

fn check_set(set: &str) -> Result<(), Problem> {
    if set == MATRIX_SET {
        return Ok(());
    }
    let detail = format!(
        "There is no tile matrix set {:?}, only {MATRIX_SET}.",
        clip(set)
    );
    Err(Problem::not_found(detail))
}

/// `/tileMatrixSets`
pub(super) async fn matrix_sets(asked: Asked) -> Result<Response, Problem> {
    asked.json(|_| {
        let itself = asked.base.at(&format!("/tileMatrixSets/{MATRIX_SET}"));
        let links = [Link::new("self", Format::Json.media_type(), itself).titled("Its definition")];
        json!({"tileMatrixSets": [{"id": MATRIX_SET, "title": MATRIX_SET, "links": links}]})
    })
}

/// `/tileMatrixSets/{set}`
pub(super) async fn matrix_set_definition(
    asked: Asked,
    path: Result<Path<OfSet>, PathRejection>,
) -> Result<Response, Problem> {
    check_set(&path?.0.set)?;
    asked.json(|_| matrix_set())
}

/// `/tiles`: the sets of tiles.
pub(super) async fn sets(
    asked: Asked,
    collection: Option<Collection>,
) -> Result<Response, Problem> {
    has_tiles(collection)?;
    asked.json(|_| {
        let addresses = Addresses::of(collection, &asked.base);
        let itself = Link::new("self", Format::Json.media_type(), addresses.sets.clone())
            .titled("This document");
        let set = describe::set(&asked, collection);
        json!({"links": [itself], "tilesets": [set.entry(addresses.links())]})
    })
}

/// `/tiles/{set}`: one of them.
pub(super) async fn set(
    asked: Asked,
    collection: Option<Collection>,
    path: Result<Path<OfSet>, PathRejection>,
) -> Result<Response, Problem> {
    has_tiles(collection)?;
    check_set(&path?.0.set)?;
    let (_, format) = asked.read(&["f"], &DESCRIBED)?;
    let entity = asked.entity(format);
    Ok(asked.made(&entity, || {
        let addresses = Addresses::of(collection, &asked.base);
        let set = describe::set(&asked, collection);
        let document = match format {
            Format::TileJson => set.tilejson(&format!("{}/{{z}}/{{y}}/{{x}}", addresses.set)),
            _ => set.metadata(addresses.links()),
        };
        document.to_string()
    }))
}
