//! Vector tiles (OGC API – Tiles), with time and filter; at low zooms points are gathered into groups.

use axum::extract::{Path, State, rejection::PathRejection};
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::response::Response;
use serde_json::json;

use super::collection::Collection;
use super::items::blocking;
use super::links::{Base, Link};
use super::negotiate::{Format, choose};
use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use super::{App, filter, query, schema};
use crate::domain::{BoundingBox, numbered_day};
use crate::index::{Kind, Layer, Property, Query, Row, Snapshot, Value};
use crate::tile::{
    Cluster, Clustering, Clusters, Field, LayerDescription, Links, MATRIX_SET, MAX_ZOOM, Tile,
    TileId, TileSet, matrix_set,
};

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
/// Below this zoom points are gathered.
const FIRST_SINGLE: u32 = 8;
/// Width of the cells that points are gathered in, in the 4,096th part of a tile.
const CELL: u32 = 256;
/// How far a tile reaches beyond its edge, in the same units.
const BUFFER: u32 = 64;
/// At most so many features of a collection in a tile.
const LIMIT: usize = 20_000;
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

/// Matrix set, zoom, row and column, as they stand in a path.
type Address = (String, String, String, String);
/// The same, with a collection before it.
type AddressOfOne = (String, String, String, String, String);

/// `/tiles/{matrix set}/{z}/{y}/{x}`
pub(super) async fn tile(
    State(app): State<App>,
    path: Result<Path<Address>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((set, z, y, x)) = path?;
    let id = address(&set, &z, &y, &x)?;
    let known: Vec<_> = PARAMETERS
        .into_iter()
        .chain(["collections"])
        .chain(filter::PARAMETERS)
        .collect();
    let params = Params::read(&uri, &known)?;
    let collections = collections(&params)?;
    respond(app, id, collections, params, &base, &uri, &headers).await
}

/// `/collections/{collection}/tiles/{matrix set}/{z}/{y}/{x}`
pub(super) async fn tile_of_one(
    State(app): State<App>,
    path: Result<Path<AddressOfOne>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((collection, set, z, y, x)) = path?;
    let collection = find(&collection)?;
    let id = address(&set, &z, &y, &x)?;
    let params = Params::read(&uri, &known_of_one(collection))?;
    respond(app, id, vec![collection], params, &base, &uri, &headers).await
}

/// All parameters of a tile of one collection.
pub(super) fn known_of_one(collection: Collection) -> Vec<&'static str> {
    let properties = collection
        .properties()
        .iter()
        .filter(|property| property.queryable);
    PARAMETERS
        .into_iter()
        .chain(filter::PARAMETERS)
        .chain(properties.map(|property| property.name))
        .collect()
}

/// The collection of a path, if it has tiles.
fn find(id: &str) -> Result<Collection, Problem> {
    let collection = Collection::find(id)?;
    if COLLECTIONS.contains(&collection) {
        return Ok(collection);
    }
    Err(Problem::not_found(format!(
        "There are no tiles of {id}, only of {}.",
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

fn address(set: &str, z: &str, y: &str, x: &str) -> Result<TileId, Problem> {
    check_set(set)?;
    let number = |text: &str| {
        let detail = || {
            format!(
                "{:?} is no number of a tile: write /tiles/{MATRIX_SET}/zoom/row/column.",
                clip(text)
            )
        };
        text.parse().map_err(|_| Problem::not_found(detail()))
    };
    TileId::new(number(z)?, number(y)?, number(x)?)
        .map_err(|error| Problem::not_found(format!("{error}.")))
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

async fn respond(
    app: App,
    id: TileId,
    collections: Vec<Collection>,
    params: Params,
    base: &Base,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let format = choose(params.one("f")?, headers, &FORMATS)?;
    let ground = id.bounds(BUFFER);
    let bbox = BoundingBox::new(ground.west, ground.south, ground.east, ground.north).ok();
    let queries = collections
        .into_iter()
        .map(|collection| {
            let condition = query::condition(collection, &params)?;
            Ok((
                collection,
                Query {
                    bbox,
                    limit: usize::MAX,
                    ..condition
                },
            ))
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let snapshot = app.snapshot();
    let entity = app.entity(snapshot.edition, base, uri, headers, format);
    if let Some(known) = entity.known(headers, &app.answers) {
        return Ok(known);
    }
    blocking(move || {
        let mut tile = Tile::new(id, BUFFER);
        for (collection, query) in &queries {
            draw(&mut tile, id, *collection, &app, &snapshot, query)
                .map_err(|error| Problem::internal(&error))?;
        }
        // What does not fit is left out, and said.
        let entity = match tile.dropped() {
            0 => entity,
            left_out => entity.with(
                HeaderName::from_static("sitmap-left-out"),
                &left_out.to_string(),
            ),
        };
        Ok(entity.answer(&app.answers, tile.encode()))
    })
    .await
}

fn draw(
    tile: &mut Tile,
    id: TileId,
    collection: Collection,
    app: &App,
    snapshot: &Snapshot,
    query: &Query,
) -> Result<(), crate::tile::TileError> {
    let Some(layer) = collection.layer(app, snapshot) else {
        return Ok(());
    };
    let columns = columns(collection);
    let rows = layer.query(query).rows;
    let drawn = tile.layer(collection.id(), LIMIT)?;
    let is_gathered =
        id.z() < FIRST_SINGLE && collection.geometry_format() == Some("geometry-point");
    if !is_gathered {
        for row in &rows {
            add(drawn, layer, row, &columns);
        }
        return Ok(());
    }
    let values = |name: &str| match collection
        .properties()
        .iter()
        .find(|property| property.name == name)
    {
        Some(Property {
            kind: Kind::OneOf(values),
            ..
        }) => *values,
        _ => &[],
    };
    let category = collection
        .properties()
        .iter()
        .position(|property| property.name == "action");
    let clustering = Clustering {
        cell: CELL,
        category: Some("action"),
        counted: values("action"),
    };
    let mut clusters = Clusters::new(id, clustering)?;
    for row in &rows {
        let Some(crate::index::Geometry::Point(point)) = row.geometry() else {
            continue;
        };
        let action = category.and_then(|column| match layer.value(row, column) {
            Value::Text(text) => values("action")
                .iter()
                .copied()
                .find(|known| *known == text),
            _ => None,
        });
        clusters.add(row, point.lon, point.lat, action);
    }
    for cluster in clusters.finish() {
        match cluster {
            Cluster::Single(row) => add(drawn, layer, row, &columns),
            Cluster::Group(group) => drawn.add_group(&group),
        }
    }
    Ok(())
}

/// The properties that features have in a tile.
fn columns(collection: Collection) -> Vec<(usize, &'static Property)> {
    let properties = collection.properties().iter().enumerate();
    properties
        .filter(|(_, property)| property.queryable && ATTRIBUTES.contains(&property.name))
        .collect()
}

fn add(
    drawn: &mut crate::tile::Layer,
    layer: &Layer,
    row: &Row,
    columns: &[(usize, &'static Property)],
) {
    let Some(geometry) = row.geometry() else {
        return;
    };
    // Days are written out first: a tile has no dates, and borrows its texts.
    let values: Vec<_> = columns
        .iter()
        .map(|(column, property)| (property.name, plain(layer.value(row, *column))))
        .collect();
    let attributes = values.iter().filter_map(|(name, value)| {
        Some(match value {
            Value::Null | Value::Time(_) => return None,
            Value::Boolean(truth) => (*name, crate::tile::Value::Boolean(*truth)),
            Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                (*name, crate::tile::Value::Integer(*number as i64))
            }
            Value::Number(number) => (*name, crate::tile::Value::Number(*number)),
            Value::Text(text) => (*name, crate::tile::Value::Text(text)),
        })
    });
    drawn.add(row.sequence(), &geometry.to_geo(), attributes);
}

fn plain(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Time(time) => {
            let day = i32::try_from(time.div_euclid(86_400_000_000)).unwrap_or_default();
            Value::Text(numbered_day(day).to_string().into())
        }
        other => other,
    }
}

/// `/tileMatrixSets`
pub(super) async fn matrix_sets(
    State(app): State<App>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(&uri, &["f"])?;
    choose(params.one("f")?, &headers, &[Format::Json])?;
    super::metadata::document(&app, &base, &uri, &headers, |_| {
        let itself = base.at(&format!("/tileMatrixSets/{MATRIX_SET}"));
        let links = [Link::new("self", Format::Json.media_type(), itself).titled("Its definition")];
        Ok(json!({"tileMatrixSets": [{"id": MATRIX_SET, "title": MATRIX_SET, "links": links}]}))
    })
}

/// `/tileMatrixSets/{matrix set}`
pub(super) async fn matrix_set_definition(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_set(&path?.0)?;
    let params = Params::read(&uri, &["f"])?;
    choose(params.one("f")?, &headers, &[Format::Json])?;
    super::metadata::document(&app, &base, &uri, &headers, |_| Ok(matrix_set()))
}

/// `/tiles`
pub(super) async fn sets(
    State(app): State<App>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    listed(&app, None, &base, &uri, &headers)
}

/// `/collections/{collection}/tiles`
pub(super) async fn sets_of_one(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection = find(&path?.0)?;
    listed(&app, Some(collection), &base, &uri, &headers)
}

fn listed(
    app: &App,
    of: Option<Collection>,
    base: &Base,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(uri, &["f"])?;
    choose(params.one("f")?, headers, &[Format::Json])?;
    super::metadata::document(app, base, uri, headers, |snapshot| {
        let addresses = Addresses::of(of, base);
        let itself = Link::new("self", Format::Json.media_type(), addresses.sets.clone())
            .titled("This document");
        Ok(
            json!({"links": [itself], "tilesets": [set(app, snapshot, of).entry(addresses.links())]}),
        )
    })
}

/// `/tiles/{matrix set}`
pub(super) async fn described(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_set(&path?.0)?;
    description(&app, None, &base, &uri, &headers)
}

/// `/collections/{collection}/tiles/{matrix set}`
pub(super) async fn described_of_one(
    State(app): State<App>,
    path: Result<Path<(String, String)>, PathRejection>,
    base: Base,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((collection, matrices)) = path?;
    let collection = find(&collection)?;
    check_set(&matrices)?;
    description(&app, Some(collection), &base, &uri, &headers)
}

fn description(
    app: &App,
    of: Option<Collection>,
    base: &Base,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(uri, &["f"])?;
    let format = choose(params.one("f")?, headers, &DESCRIBED)?;
    let snapshot = app.snapshot();
    let entity = app.entity(snapshot.edition, base, uri, headers, format);
    if let Some(known) = entity.known(headers, &app.answers) {
        return Ok(known);
    }
    let addresses = Addresses::of(of, base);
    let set = set(app, &snapshot, of);
    let document = match format {
        Format::TileJson => set.tilejson(&format!("{}/{{z}}/{{y}}/{{x}}", addresses.set)),
        _ => set.metadata(addresses.links()),
    };
    Ok(entity.answer(&app.answers, document.to_string().into_bytes()))
}

/// Where a set of tiles and what belongs to it is.
struct Addresses {
    sets: String,
    set: String,
    tile: String,
    tilejson: String,
    matrix_set: String,
    collection: Option<String>,
}

impl Addresses {
    fn of(collection: Option<Collection>, base: &Base) -> Self {
        let path = collection.map(Collection::path);
        let sets = base.at(&format!("{}/tiles", path.as_deref().unwrap_or_default()));
        let set = format!("{sets}/{MATRIX_SET}");
        Self {
            tile: format!("{set}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            tilejson: format!("{set}?f=tilejson"),
            matrix_set: base.at(&format!("/tileMatrixSets/{MATRIX_SET}")),
            collection: path.map(|path| base.at(&path)),
            sets,
            set,
        }
    }

    fn links(&self) -> Links<'_> {
        Links {
            this: &self.set,
            tile: &self.tile,
            matrix_set: &self.matrix_set,
            tilejson: Some(&self.tilejson),
            collection: self.collection.as_deref(),
        }
    }
}

/// The set of tiles of one collection, or of the usual ones.
fn set(app: &App, snapshot: &Snapshot, of: Option<Collection>) -> TileSet<'static> {
    let collections = of.map_or_else(|| USUAL.to_vec(), |collection| vec![collection]);
    let boxes = collections
        .iter()
        .filter_map(|collection| collection.layer(app, snapshot)?.bbox());
    let bounds = boxes.reduce(|a, b| BoundingBox {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    });
    let bounds = bounds.unwrap_or(BoundingBox::WORLD);
    TileSet {
        title: of.map_or("sitmap", Collection::title),
        description: of.map_or(
            "What happened where and when, as news articles report it.",
            Collection::description,
        ),
        attribution: None,
        bounds: crate::tile::Bounds {
            west: bounds.west,
            south: bounds.south,
            east: bounds.east,
            north: bounds.north,
        },
        zooms: 0..=MAX_ZOOM,
        layers: collections.into_iter().map(described_layer).collect(),
    }
}

fn described_layer(collection: Collection) -> LayerDescription<'static> {
    let mut fields: Vec<_> = columns(collection)
        .into_iter()
        .map(|(_, property)| Field {
            name: property.name,
            schema: schema::column(property),
        })
        .collect();
    if collection.geometry_format() == Some("geometry-point") {
        let description = "At low zooms: how many points this one stands for.";
        fields.push(Field {
            name: "count",
            schema: json!({"type": "integer", "description": description}),
        });
    }
    LayerDescription {
        id: collection.id(),
        title: collection.title(),
        description: collection.description(),
        geometry_dimension: match collection {
            Collection::Movements => Some(1),
            Collection::Areas => Some(2),
            Collection::Events
            | Collection::Incidents
            | Collection::Places
            | Collection::Articles => Some(0),
        },
        fields,
    }
}
