//! sitmap: news articles in, a map of dated troop movements out.
//!
//! The modules stand in the order an article passes them; `ARCHITECTURE.md` says who may import whom.

pub mod cql2;
pub mod domain;

pub mod article;
pub mod feed;
pub mod text;

pub mod language;

pub mod linear;

pub mod ahead;
mod mapped;

pub mod gazetteer;
pub mod toponym;

pub mod temporal;

pub mod event;

pub mod pipeline;

pub mod evaluate;
pub mod training;

pub mod revision;

pub mod store;

pub mod import;

pub mod incident;

pub mod index;

pub mod verify;

pub mod tile;

pub mod api;

pub mod export;

pub mod formats;
