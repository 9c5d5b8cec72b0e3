//! What is tried with bytes of any kind. Nothing of it may panic, and what comes out must hold together.
//!
//! The fuzzer runs these (`fuzz/run.sh`), and `tests/corpus.rs` runs them over the files of `fuzz/corpus`.

mod files;
mod intake;
mod requests;
mod texts;

/// Takes the bytes; panics where something is wrong.
pub(crate) type Target = fn(&[u8]);

/// Each target by the name of its folder in `fuzz/corpus`.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("articles", texts::articles),
    ("html", texts::html),
    ("text", texts::text),
    ("events", texts::events),
    ("dates", texts::dates),
    ("cql2", requests::cql2),
    ("query", requests::query),
    ("extract", requests::extract),
    ("intake", intake::intake),
    ("gazetteer", files::gazetteer),
    ("geometry", files::geometry),
];
