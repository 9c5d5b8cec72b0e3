//! What stands in a tile.

use super::columns;
use crate::api::collection::Collection;
use crate::domain::numbered_day;
use crate::index::{Kind, Layer, Property, Query, Row, Value};
use crate::tile::{self, Cluster, Clustering, Clusters, Tile, TileError, TileId};

/// Below this zoom points are gathered.
const FIRST_SINGLE: u32 = 8;
/// Width of the cells that points are gathered in, in the 4,096th part of a tile.
const CELL: u32 = 256;
/// At most so many features of a collection in a tile.
const LIMIT: usize = 20_000;

/// Draws the features of a collection that are asked for.
pub(super) fn layer(
    tile: &mut Tile,
    id: TileId,
    collection: Collection,
    layer: &Layer,
    query: &Query,
) -> Result<(), TileError> {
    let columns = columns(collection);
    let drawn = tile.layer(collection.id(), LIMIT)?;
    let is_gathered =
        id.z() < FIRST_SINGLE && collection.geometry_format() == Some("geometry-point");
    if !is_gathered {
        for row in layer.query(query).rows(layer) {
            add(drawn, row, &columns);
        }
        return Ok(());
    }
    let actions = match collection
        .properties()
        .iter()
        .find(|property| property.name == "action")
    {
        Some(Property {
            kind: Kind::OneOf(values),
            ..
        }) => *values,
        _ => &[],
    };
    let clustering = Clustering {
        cell: CELL,
        category: Some("action"),
        counted: actions,
    };
    let mut clusters = Clusters::new(id, clustering)?;
    layer.each(query, |spot| {
        if let Some(point) = spot.point {
            let action = actions.get(usize::from(spot.category)).copied();
            clusters.add(spot.slot, point.lon, point.lat, action);
        }
    });
    for cluster in clusters.finish() {
        match cluster {
            Cluster::Single(slot) => add(drawn, layer.row(slot), &columns),
            Cluster::Group(group) => drawn.add_group(&group),
        }
    }
    Ok(())
}

fn add(drawn: &mut tile::Layer, row: Row<'_>, columns: &[(usize, &'static Property)]) {
    let Some(geometry) = row.geometry() else {
        return;
    };
    if drawn.dropped() > 0 {
        // It is full, and stays so: what the row says beside its geometry need not be read.
        drawn.add(row.sequence(), &geometry.to_geo(), []);
        return;
    }
    // Days are written out first: a tile has no dates, and borrows its texts.
    let values: Vec<_> = columns
        .iter()
        .map(|(column, property)| (property.name, plain(row.value(*column))))
        .collect();
    let attributes = values.iter().filter_map(|(name, value)| {
        Some(match value {
            Value::Null | Value::Time(_) => return None,
            Value::Boolean(truth) => (*name, tile::Value::Boolean(*truth)),
            Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                (*name, tile::Value::Integer(*number as i64))
            }
            Value::Number(number) => (*name, tile::Value::Number(*number)),
            Value::Text(text) => (*name, tile::Value::Text(text)),
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
