//! What stands in a tile.

use geo::Coord;

use super::columns;
use crate::api::collection::Collection;
use crate::domain::{BoundingBox, Point, numbered_day};
use crate::index::{Category, Gathered, Geometry, Kind, Layer, Property, Query, Row, Site, Value};
use crate::tile::{self, Cluster, Clustering, Clusters, Flow, Flows, Tile, TileError, TileId};

/// Below this zoom points and lines are gathered.
const FIRST_SINGLE: u32 = 8;
/// Width of the cells that they are gathered in, in the 4,096th part of a tile.
const CELL: u32 = 256;
/// At most so many features of a collection in a tile.
const LIMIT: usize = 20_000;

/// What is drawn: the features of a collection that a query asks for.
pub(super) struct Source<'a> {
    pub(super) collection: Collection,
    pub(super) layer: &'a Layer,
    pub(super) query: &'a Query,
}

/// How features of a collection are drawn at a zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Each by itself.
    Singly,
    /// Points that lie close as one.
    Clusters,
    /// Lines from about the same place to about the same place as one.
    Flows,
}

impl Manner {
    fn of(collection: Collection, zoom: u32) -> Self {
        match collection {
            _ if zoom >= FIRST_SINGLE => Self::Singly,
            Collection::Movements => Self::Flows,
            _ if collection.geometry_format() == Some("geometry-point") => Self::Clusters,
            _ => Self::Singly,
        }
    }
}

/// Whether features of a collection are drawn as one at low zooms.
pub(super) fn is_gathered(collection: Collection) -> bool {
    Manner::of(collection, 0) != Manner::Singly
}

/// How far beyond the edge of a tile, in the 4,096th part of its width, the features lie that it is drawn from.
pub(super) fn reach(collection: Collection, id: TileId, buffer: u32) -> u32 {
    match Manner::of(collection, id.z()) {
        Manner::Singly | Manner::Clusters => buffer,
        // All lines of a group that is drawn in the tile.
        Manner::Flows => buffer + CELL,
    }
}

/// Draws the features of a collection that are asked for.
pub(super) fn layer(tile: &mut Tile, id: TileId, source: &Source<'_>) -> Result<(), TileError> {
    let drawn = tile.layer(source.collection.id(), LIMIT)?;
    match Manner::of(source.collection, id.z()) {
        Manner::Singly => {
            let columns = columns(source.collection);
            for row in source.layer.query(source.query).rows(source.layer) {
                add(drawn, row, &columns);
            }
            Ok(())
        }
        Manner::Clusters => clusters(drawn, id, source),
        Manner::Flows => flows(drawn, id, source),
    }
}

fn clusters(drawn: &mut tile::Layer, id: TileId, source: &Source<'_>) -> Result<(), TileError> {
    let Source {
        collection, layer, ..
    } = *source;
    let properties = collection.properties().iter();
    let actions = match { properties }.find(|property| property.name == "action") {
        Some(Property {
            kind: Kind::OneOf(values),
            ..
        }) => values,
        _ => &[][..],
    };
    let clustering = Clustering {
        cell: CELL,
        category: Some("action"),
        counted: actions,
    };
    let mut clusters = Clusters::new(id, clustering)?;
    layer.gather(source.query, |gathered| match gathered {
        Gathered::Swarm(swarm) => {
            let BoundingBox {
                west,
                south,
                east,
                north,
            } = swarm.bbox;
            let corners = [[west, south], [east, north]];
            let Some(cell) = clusters.cell_of_box(corners) else {
                return false;
            };
            if let Some(tally) = swarm.tally() {
                let counts = tally.counts();
                let actions =
                    counts.filter_map(|(n, count)| Some((layer.category(n).kind?, count)));
                clusters.add_many(cell, tally.slot, tally.count, tally.sums, actions);
            }
            true
        }
        Gathered::Spot(spot) => {
            if let Site::Point(point) = spot.site {
                let action = layer.category(spot.category).kind;
                clusters.add(spot.slot, point.lon, point.lat, action);
            }
            true
        }
    });
    let columns = columns(collection);
    for cluster in clusters.finish() {
        match cluster {
            Cluster::Single(slot) => add(drawn, layer.row(slot), &columns),
            Cluster::Group(group) => drawn.add_group(&group),
        }
    }
    Ok(())
}

/// Lines of one action and one status: what is planned is never drawn as done.
fn flows(drawn: &mut tile::Layer, id: TileId, source: &Source<'_>) -> Result<(), TileError> {
    let layer = source.layer;
    let mut flows = Flows::new(id, CELL)?;
    layer.each(source.query, |spot| {
        if let Site::Line(ends) = spot.site {
            let ends = ends.map(|end| Coord {
                x: end.lon,
                y: end.lat,
            });
            flows.add(spot.slot, ends, spot.category);
        }
    });
    let columns = columns(source.collection);
    for flow in flows.finish() {
        let (count, ends, category) = match flow {
            Flow::Single(slot) => {
                add(drawn, layer.row(slot), &columns);
                continue;
            }
            Flow::Group { count, ends, kind } => (count, ends, kind),
        };
        let [from, to] = ends.map(|end| Point {
            lon: end.x,
            lat: end.y,
        });
        let Category { kind, status } = layer.category(category);
        let texts = [("action", kind), ("status", status)];
        let texts = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, tile::Value::Text(text?))));
        let count = [("count", tile::Value::Integer(count.cast_signed()))];
        if let Some(line) = Geometry::line(from, to) {
            drawn.add(None, &line.to_geo(), count.into_iter().chain(texts));
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
