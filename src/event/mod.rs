//! Sentences into events: triggers, actors, roles, status and date, by the rules of the language's pack.

mod analysis;
mod cast;
mod decide;
mod details;
mod features;
mod links;
mod lists;
mod merge;
mod modifiers;
mod parties;
mod propose;
mod readings;
mod registry;
mod roles;
mod salience;
mod sides;
mod status;
mod triggers;
mod units;
mod unnamed;
mod when;

pub use analysis::{Reading, events, proposals};
pub use decide::{Decider, EventFeature, EventVector};
pub use merge::Draft;
pub use registry::{Actor, ActorKind, Registry, RegistryError};
