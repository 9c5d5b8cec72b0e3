//! What is said of a set of tiles.

use serde_json::json;

use super::{USUAL, columns, draw};
use crate::api::asked::Asked;
use crate::api::collection::Collection;
use crate::api::links::Base;
use crate::api::schema;
use crate::domain::BoundingBox;
use crate::tile::{Field, LayerDescription, Links, MATRIX_SET, MAX_ZOOM, TileSet};

/// Where a set of tiles and what belongs to it is.
pub(super) struct Addresses {
    pub(super) sets: String,
    pub(super) set: String,
    tile: String,
    tilejson: String,
    matrix_set: String,
    collection: Option<String>,
}

impl Addresses {
    pub(super) fn of(collection: Option<Collection>, base: &Base) -> Self {
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

    pub(super) fn links(&self) -> Links<'_> {
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
pub(super) fn set(asked: &Asked, of: Option<Collection>) -> TileSet<'static> {
    let collections = of.map_or_else(|| USUAL.to_vec(), |collection| vec![collection]);
    let boxes = collections
        .iter()
        .filter_map(|collection| collection.layer(&asked.app, &asked.snapshot)?.bbox());
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
    if draw::is_gathered(collection) {
        let description = "At low zooms: how many features this one stands for.";
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
