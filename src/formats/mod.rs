//! Features as files that GIS tools open: CSV, KML, `FlatGeobuf`, GeoPackage, JSON-FG and lines of JSON.
//!
//! Every writer takes the features one at a time and keeps none, so that a million of them need no more memory
//! than one. A file that ends in an error is no whole file; whoever sends it must not end it as if it were.

mod cell;
pub mod csv;
pub mod flatgeobuf;
pub mod geopackage;
pub mod jsonfg;
pub mod kml;
pub mod lines;
mod shape;
#[cfg(test)]
mod tests;

use std::io;

use geo::Geometry;
use jiff::civil::Date;
use serde_json::{Map, Value};

use cell::Cell;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A whole number of at most 64 bits.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A day, written as YYYY-MM-DD.
    Date,
}

/// A column of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The property's name.
    pub name: &'static str,
    /// What its values are.
    pub kind: ColumnType,
    /// What it says, for people.
    pub description: &'static str,
}

/// What the geometries of a layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryType {
    /// The layer has none: it is a table.
    None,
    /// Points.
    Point,
    /// Points, lines and areas, mixed.
    Any,
}

/// The coordinate reference system that coordinates arrive in, always as x and y: longitude before latitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crs {
    /// Longitude and latitude on WGS 84.
    Crs84,
    /// The same, but for formats that write coordinates in the order of the authority: latitude first.
    Epsg4326,
    /// Web Mercator, in metres.
    Epsg3857,
}

impl Crs {
    /// The code that EPSG has for it. Files that always store x before y know no difference between CRS84 and 4326.
    const fn epsg(self) -> i32 {
        match self {
            Self::Crs84 | Self::Epsg4326 => 4326,
            Self::Epsg3857 => 3857,
        }
    }
}

/// What is known of the features before the first one is written.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// Its name where names are short: a table, a feature type.
    pub name: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// The columns, in order.
    pub columns: &'a [Column],
    /// What the geometries are.
    pub geometry: GeometryType,
    /// What the coordinates are.
    pub crs: Crs,
    /// How many features there are, exactly.
    pub count: u64,
    /// The box around all of them (least x, least y, greatest x, greatest y), if it is known.
    pub extent: Option<[f64; 4]>,
}

/// A feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its identifier.
    pub id: String,
    /// Where it is; `None` when that is not known.
    pub geometry: Option<Geometry<f64>>,
    /// The first and the last day of it.
    pub days: Option<(Date, Date)>,
    /// Values by the names of columns; what is missing is null.
    pub properties: Map<String, Value>,
}

/// Why a feature does not fit its layer or the format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A value is not of the column's type.
    #[error("the column {column:?} holds {kind}, not {value}")]
    Value {
        /// The column's name.
        column: &'static str,
        /// What the column holds.
        kind: &'static str,
        /// The beginning of the value.
        value: String,
    },
    /// A layer of points has another geometry.
    #[error("its geometry is no point, as they are in this layer")]
    NotAPoint,
    /// A coordinate is infinite or not a number.
    #[error("its geometry has a coordinate that is no finite number")]
    NotFinite,
    /// A line or a ring has no positions.
    #[error("its geometry has a part without positions")]
    EmptyPart,
    /// Collections hold collections that hold collections.
    #[error("its geometry nests collections more than {} deep", shape::MAX_DEPTH)]
    TooDeep,
    /// The format cannot count so many bytes.
    #[error("it is larger than the format allows")]
    TooLarge,
}

/// Why a file was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The features could not be read.
    #[error(transparent)]
    Source(E),
    /// A feature does not fit its layer or the format.
    #[error("feature {id:?} cannot be written: {why}")]
    Feature {
        /// The feature's identifier.
        id: String,
        /// Why not.
        why: Unfit,
    },
    /// There were more or fewer features than the layer says.
    #[error("{announced} features were announced and {written} were there")]
    Count {
        /// As the layer says.
        announced: u64,
        /// As many as were written; there may be more.
        written: u64,
    },
    /// The output could not be written; its kind tells a broken pipe.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
    /// SQLite could not build a GeoPackage.
    #[error("the GeoPackage cannot be built: {0}")]
    Database(#[source] rusqlite::Error),
}

/// A feature as the writers of tables want it: checked, with its values in the order of the columns.
struct Row<'f> {
    geometry: Option<&'f Geometry<f64>>,
    cells: Vec<Cell<'f>>,
}

impl Layer<'_> {
    fn row<'f>(&self, feature: &'f Feature) -> Result<Row<'f>, Unfit> {
        let cells = self.columns.iter();
        let cells = cells.map(|column| Cell::of(column, feature.properties.get(column.name)));
        Ok(Row {
            geometry: shape::checked(feature.geometry.as_ref(), self.geometry)?,
            cells: cells.collect::<Result<_, _>>()?,
        })
    }
}

impl Feature {
    fn unfit<E>(&self, why: Unfit) -> WriteError<E> {
        WriteError::Feature {
            id: self.id.clone(),
            why,
        }
    }
}
