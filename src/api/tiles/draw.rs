//! What stands in a tile.

use super::columns;
use crate::api::collection::Collection;
use crate::domain::numbered_day;
use crate::index::{Geometry, Kind, Layer, Property, Query, Row, Value};
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
        let Some(Geometry::Point(point)) = row.geometry() else {
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

fn add(drawn: &mut tile::Layer, layer: &Layer, row: &Row, columns: &[(usize, &'static Property)]) {
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
