//! OGC API – Features over the index, and the map.
//!
//! A handler parses, asks the index and writes; what is wrong becomes a problem (RFC 9457) that names the
//! parameter. All routes are in [`router`].

mod access;
mod app;
mod areas;
mod articles;
mod asked;
mod assets;
mod caching;
mod collection;
mod columns;
mod connections;
mod crs;
mod datetime;
mod download;
mod extract;
mod features;
mod filter;
mod html;
mod intake;
mod items;
mod limits;
mod links;
mod loading;
mod metadata;
mod metrics;
mod negotiate;
mod observe;
mod openapi;
mod order;
mod pages;
mod params;
mod places;
mod problem;
mod query;
mod rates;
mod schema;
mod sending;
mod serve;
mod settings;
mod stream;
mod text;
mod tiles;
mod toponyms;

pub use access::{Bearer, Reads, TokenSource};
pub use app::{App, ArticleSource, BaseUrlError, SourceError};
pub use intake::{Intake, IntakeError};
pub use limits::Limits;
pub use loading::serve_loading;
pub use serve::{router, serve, serve_operator};
pub use settings::{MapSettings, SettingsError};
