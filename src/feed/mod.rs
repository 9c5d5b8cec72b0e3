//! Feeds on the network: when to ask, what may be asked, and what came.
//!
//! A feed's links are written by others, so nothing here reaches into the network that the program runs in: each
//! address is looked up once, checked, and is then the one that is connected to ([`Fetcher`]).

mod address;
mod error;
mod fetch;
mod lookup;
mod robots;
mod schedule;
mod state;
mod watcher;

#[cfg(test)]
mod tests;

pub use address::why_not_public;
pub use error::FetchError;
pub use fetch::{Answer, Fetcher, Wanted};
pub use lookup::{HostPort, Policy};
pub use robots::Robots;
pub use schedule::Pace;
pub use state::{FeedState, State, StateError, Validators};
pub use watcher::{Asked, News, Watcher};
