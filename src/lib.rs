//! sitmap: news articles in, a map of dated troop movements out.
//!
//! The modules stand in the order an article passes them.

pub mod article;
pub mod domain;
pub mod gazetteer;
pub mod language;
pub mod temporal;
pub mod text;
pub mod toponym;
