//! The API through its router and through real HTTP, over events made for the purpose.

mod articles;
mod bad_input;
mod bad_posts;
mod caching;
mod clients;
mod documents;
mod extract;
mod filters;
mod formats;
mod http;
mod incidents;
mod items;
mod limits;
mod places;
mod shelf;
mod stream;
mod tiles;
mod toponyms;
mod world;
