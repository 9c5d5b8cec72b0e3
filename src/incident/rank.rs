use std::sync::Arc;

use super::kinship::Kinship;
use crate::domain::EventRecord;

/// Where an event stands in the order in which incidents are made: the most exact first, so that a vague report
/// joins exact ones and never gathers them. The fields are compared from first to last; the id makes it total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Day, week, month, season, longer, undated.
    date: u8,
    /// Without a position last.
    precision: u8,
    radius_m: u32,
    /// A brigade before its army, both before nobody.
    actor: u8,
    days: i32,
    start: i32,
    pub(super) id: Arc<str>,
}

impl Rank {
    pub(super) fn new(
        event: &EventRecord,
        is_located: bool,
        days: Option<(i32, i32)>,
        kinship: &Kinship,
    ) -> Self {
        let span = days.map_or(i32::MAX, |(first, last)| last - first);
        let known = event.actor.is_some() || event.actor_id.is_some();
        let depth = event.actor_id.as_deref().map_or(0, |id| kinship.depth(id));
        Self {
            date: match days {
                None => 5,
                Some(_) => [1, 10, 31, 120].iter().filter(|most| span > **most).count() as u8,
            },
            precision: if is_located {
                event.geo_precision
            } else {
                u8::MAX
            },
            radius_m: event.radius_km.map_or(0, |km| (km * 1000.0) as u32),
            actor: if known { u8::MAX - 1 - depth } else { u8::MAX },
            days: span,
            start: days.map_or(0, |(first, _)| first),
            id: event.id.as_str().into(),
        }
    }
}
