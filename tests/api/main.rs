//! The API through its router and through real HTTP, over events made for the purpose.

mod bad_input;
mod clients;
mod documents;
mod http;
mod incidents;
mod items;
mod places;
mod toponyms;
mod world;
