//! Map tiles: Mapbox Vector Tiles (MVT 2.1) in the tile matrix set `WebMercatorQuad`, and the documents that
//! describe them (OGC API – Tiles, `TileJSON`). Nothing here knows of HTTP or of the index.
//!
//! ```text
//! TileId ── bounds(buffer) ──> what the caller looks up
//! Tile ── layer(name, limit) ──> Layer::add(number, geometry, attributes)   one feature each
//!                                Layer::add_group(group)                    what Clusters found to lie close;
//!                                                                            what Flows found to go alike, is added
//! Tile ── encode() ──> bytes;   dropped() ──> what was over the limit
//! ```
//!
//! The bytes are written without a library: the format is four small messages (see `message`), and what takes care
//! are the geometries, which have to keep the specification's rules on a grid (see `line`, `polygon` and `mend`).

mod cells;
mod cluster;
mod commands;
mod encode;
mod flows;
mod frame;
mod id;
mod line;
mod matrix_set;
mod mend;
mod message;
mod polygon;
mod set;
mod shape;
#[cfg(test)]
mod tests;

pub use cluster::{Cluster, Clustering, Clusters, Group};
pub use encode::{Layer, Tile, Value};
pub use flows::{Flow, Flows};
pub use id::{Bounds, TileId};
pub use matrix_set::{CRS, MATRIX_SET, MATRIX_SET_URI, matrix_set};
pub use set::{Field, LayerDescription, Links, TileSet};

/// The last zoom: a tile is 9.6 m wide at the equator, and its grid finer than any coordinate of ours.
pub const MAX_ZOOM: u32 = 22;
/// Units along each side of a tile, the grid that its geometries lie on.
pub const EXTENT: u32 = 4096;
/// Media type of a tile.
pub const MEDIA_TYPE: &str = "application/vnd.mapbox-vector-tile";

/// Why there is no such tile, layer or clustering.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A zoom beyond the last.
    #[error("there is no zoom {0}: zooms (tile matrices) are 0 to {MAX_ZOOM}")]
    Zoom(u32),
    /// A row or column beyond the matrix.
    #[error("there is no {axis} {number} at zoom {zoom}: {axis}s are 0 to {last} there")]
    Outside {
        /// `row` or `column`.
        axis: &'static str,
        /// As asked for.
        number: u32,
        /// As asked for.
        zoom: u32,
        /// The last one that there is.
        last: u32,
    },
    /// Two layers of one name, which the format forbids.
    #[error("the tile has a layer named {0:?} already")]
    LayerTwice(String),
    /// A size of cells that does not divide a tile.
    #[error("cells of {0} units do not divide a tile: take a power of two from 16 to {EXTENT}")]
    Cell(u32),
}
