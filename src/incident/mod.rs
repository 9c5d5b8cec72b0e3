//! Incidents: which reports tell of one happening.
//!
//! Two events are *the same happening* when their actions are of one family, and their actors, dates and places fit
//! (`relation`). This is no equivalence: Monday's report fits Tuesday's, and Tuesday's fits Wednesday's. So incidents
//! are not its connected components, in which a month of shelling would be one, but *cliques*: every two reports of
//! an incident are the same happening. An incident is thus never wider than what any two of its reports allow.
//!
//! Which cliques, says an order that is total, from the most exact report to the vaguest (`rank`): taken in
//! this order, each event joins, of the incidents all of whose reports it fits, the one it fits best. Where it fits
//! several equally well (a report of "strikes this week", with strikes on each day), it says of none of
//! them, and is an incident of its own. The same events give the same incidents in whatever order they came,
//! and an incident has its id from its first, most exact, report.
//!
//! An event's place depends on events before it in the order, and near it: [`Incidents`] finds these in trees
//! over space and time, and after a change decides anew only on what could have read something else.

mod facts;
mod grouping;
mod kinship;
mod near;
mod rank;
mod record;
mod relation;

pub use grouping::{Changes, Incidents};
pub use kinship::Kinship;
pub use record::{IncidentRecord, PREFIX, incident_id};

#[cfg(test)]
mod tests;
