//! sitmap: news articles in, a map of dated troop movements out.
//!
//! The modules stand in the order an article passes them.

pub mod api;
pub mod domain;
pub mod gazetteer;
pub mod index;
pub mod language;
pub mod text;
