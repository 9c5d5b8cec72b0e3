//! Events that others coded, as if they had been read from the reports that they were coded from.

mod ucdp;

pub use ucdp::{Ged, ImportError};
