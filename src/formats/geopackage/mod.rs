//! GeoPackage 1.3 (OGC 12-128r17): one layer in an SQLite database, with a spatial index.
//!
//! SQLite goes back and forth in its file, so that it cannot be streamed while it is written: it is built in a
//! temporary file first.

mod hilbert;
mod spatial_index;

use std::fs::File;
use std::path::Path;

use geo::{BoundingRect, Geometry, Rect};
use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, Transaction, params};
use tempfile::NamedTempFile;

use super::cell::Cell;
use super::{ColumnType, Feature, GeometryType, Layer, Row, WriteError};
use spatial_index::SpatialIndex;

/// The media type.
pub const MEDIA_TYPE: &str = "application/geopackage+sqlite3";

const SCHEMA: &str = include_str!("schema.sql");

/// One transaction in a file that nobody else knows and that is thrown away if anything fails: it is neither
/// synchronised nor journalled on disk. Pages in memory are bounded (in KiB, negative).
const SETTINGS: &str = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; \
     PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE;";

/// Builds the file in a folder, or where the system keeps temporary files. It has no name anymore when it is
/// handed over, positioned at its beginning: closing it frees its space.
///
/// # Errors
/// When the features cannot be read, do not fit the layer, or the file cannot be written.
pub fn file<E>(
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
    folder: Option<&Path>,
) -> Result<File, WriteError<E>> {
    let file = folder.map_or_else(NamedTempFile::new, NamedTempFile::new_in);
    let file = file.map_err(WriteError::Output)?;
    let mut connection = Connection::open(file.path()).map_err(WriteError::Database)?;
    fill(&mut connection, layer, features)?;
    connection
        .close()
        .map_err(|(_, error)| WriteError::Database(error))?;
    Ok(file.into_file())
}

fn fill<E>(
    connection: &mut Connection,
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
) -> Result<(), WriteError<E>> {
    let failed = WriteError::Database;
    connection.execute_batch(SETTINGS).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    create(&transaction, layer).map_err(failed)?;
    if let Some(extent) = insert(&transaction, layer, features)? {
        note_extent(&transaction, layer, extent).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

/// Makes the empty table and tells the contents of it.
fn create(transaction: &Transaction<'_>, layer: &Layer<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(SCHEMA)?;
    let geometry = geometry_type(layer.geometry);
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    columns.extend(geometry.map(|geometry| format!("geom {geometry}")));
    let typed = layer.columns.iter();
    columns.extend(typed.map(|column| {
        let name = quoted(column.name);
        format!("{name} {}", column_type(column.kind))
    }));
    let table = quoted(layer.name);
    transaction.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", ")))?;
    let srs = geometry.map(|_| layer.crs.epsg());
    transaction.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, ?2, ?3, ?4)",
        params![
            layer.name,
            srs.map_or("attributes", |_| "features"),
            layer.title,
            srs
        ],
    )?;
    if let Some(geometry) = geometry {
        transaction.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
            params![layer.name, geometry, srs],
        )?;
    }
    Ok(())
}

fn geometry_type(type_: GeometryType) -> Option<&'static str> {
    match type_ {
        GeometryType::None => None,
        GeometryType::Point => Some("POINT"),
        GeometryType::Any => Some("GEOMETRY"),
    }
}

fn column_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "TEXT",
        ColumnType::Integer => "INTEGER",
        ColumnType::Number => "DOUBLE",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Date => "DATE",
    }
}

/// A name of a table or column as SQL takes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes the rows and their index, and gives the box around all of them.
fn insert<E>(
    transaction: &Transaction<'_>,
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
) -> Result<Option<Rect<f64>>, WriteError<E>> {
    let failed = WriteError::Database;
    let spatial = geometry_type(layer.geometry).is_some();
    let index = spatial.then(|| SpatialIndex::create(transaction, layer.name, layer.crs));
    let mut index = index.transpose().map_err(failed)?;
    let mut insert = transaction.prepare(&insert_sql(layer)).map_err(failed)?;
    let mut extent = None;
    for (fid, feature) in (1_i64..).zip(features) {
        let feature = feature.map_err(WriteError::Source)?;
        let row = layer.row(&feature).map_err(|why| feature.unfit(why))?;
        let bounds = row.geometry.and_then(BoundingRect::bounding_rect);
        insert_row(&mut insert, fid, &row, layer, bounds).map_err(failed)?;
        if let (Some(index), Some(bounds)) = (&mut index, bounds) {
            index.add(fid, bounds).map_err(failed)?;
            extent = Some(extent.map_or(bounds, |extent| around(extent, bounds)));
        }
    }
    index.map_or(Ok(()), SpatialIndex::finish).map_err(failed)?;
    Ok(extent)
}

fn insert_sql(layer: &Layer<'_>) -> String {
    let mut names = vec!["fid".to_owned()];
    names.extend(geometry_type(layer.geometry).map(|_| "geom".to_owned()));
    names.extend(layer.columns.iter().map(|column| quoted(column.name)));
    let marks = vec!["?"; names.len()].join(", ");
    let table = quoted(layer.name);
    format!(
        "INSERT INTO {table} ({}) VALUES ({marks})",
        names.join(", ")
    )
}

fn insert_row(
    insert: &mut Statement<'_>,
    fid: i64,
    row: &Row<'_>,
    layer: &Layer<'_>,
    bounds: Option<Rect<f64>>,
) -> rusqlite::Result<()> {
    insert.raw_bind_parameter(1, fid)?;
    let mut next = 2;
    if geometry_type(layer.geometry).is_some() {
        let blob = row.geometry.map(|geometry| blob(geometry, layer, bounds));
        insert.raw_bind_parameter(next, blob.transpose()?)?;
        next += 1;
    }
    for (number, cell) in (next..).zip(&row.cells) {
        insert.raw_bind_parameter(number, cell)?;
    }
    insert.raw_execute()?;
    Ok(())
}

/// The geometry as a GeoPackage keeps it. What is more than a point has its box before it, which spares readers
/// the reading of all positions.
fn blob(
    geometry: &Geometry<f64>,
    layer: &Layer<'_>,
    bounds: Option<Rect<f64>>,
) -> rusqlite::Result<Vec<u8>> {
    let envelope = match (geometry, bounds) {
        (Geometry::Point(_), _) | (_, None) => Vec::new(),
        (_, Some(bounds)) => {
            let (min, max) = (bounds.min(), bounds.max());
            vec![min.x, max.x, min.y, max.y]
        }
    };
    geometry
        .to_gpkg_wkb(CoordDimensions::xy(), Some(layer.crs.epsg()), envelope)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Number(value) => ValueRef::Real(*value),
            Self::Boolean(value) => ValueRef::Integer((*value).into()),
            Self::Date(text) => ValueRef::Text(text.as_bytes()),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn around(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let (min, max) = (a.min(), a.max());
    Rect::new(
        (min.x.min(b.min().x), min.y.min(b.min().y)),
        (max.x.max(b.max().x), max.y.max(b.max().y)),
    )
}

fn note_extent(
    transaction: &Transaction<'_>,
    layer: &Layer<'_>,
    extent: Rect<f64>,
) -> rusqlite::Result<()> {
    let (min, max) = (extent.min(), extent.max());
    transaction.execute(
        "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1",
        params![layer.name, min.x, min.y, max.x, max.y],
    )?;
    Ok(())
}
