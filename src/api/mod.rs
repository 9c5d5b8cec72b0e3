//! OGC API – Features over the index, and the map.
//!
//! A handler parses, asks the index and writes; what is wrong becomes a problem (RFC 9457) that names the
//! parameter. All routes are in [`router`].

mod app;
mod assets;
mod caching;
mod collection;
mod crs;
mod datetime;
mod items;
mod links;
mod metadata;
mod negotiate;
mod openapi;
mod params;
mod places;
mod problem;
mod query;
mod schema;
mod serve;
mod text;
mod toponyms;

pub use app::{App, ArticleSource, BaseUrlError};
pub use serve::{router, serve};
