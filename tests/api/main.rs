//! The API through its router and through real HTTP, over events made for the purpose.

mod bad_input;
mod caching;
mod clients;
mod documents;
mod extract;
mod filters;
mod formats;
mod http;
mod incidents;
mod items;
mod places;
mod stream;
mod tiles;
mod toponyms;
mod world;
