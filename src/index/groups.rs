use std::collections::HashMap;
use std::sync::Arc;

use crate::incident::{Changes, Incidents};

/// Which events share an incident. Most are alone in theirs: only the others are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    leaders: HashMap<Arc<str>, Arc<str>>,
    reports: HashMap<Arc<str>, Vec<Arc<str>>>,
}

impl Groups {
    /// With what has changed.
    pub(super) fn update(&mut self, incidents: &Incidents, changes: &Changes) {
        for leader in changes.now.iter().chain(&changes.gone) {
            for report in self.reports.remove(leader).into_iter().flatten() {
                self.leaders.remove(&report);
            }
        }
        for leader in &changes.now {
            let reports = incidents.reports(leader);
            if reports.len() > 1 {
                let led = reports
                    .iter()
                    .map(|report| (Arc::clone(report), Arc::clone(leader)));
                self.leaders.extend(led);
                self.reports.insert(Arc::clone(leader), reports);
            }
        }
    }

    /// The first report of an event's incident.
    pub(super) fn leader<'a>(&'a self, event: &'a str) -> &'a str {
        self.leaders.get(event).map_or(event, |leader| leader)
    }

    /// All reports of the incident that an event leads; none if it leads none or is alone.
    pub(super) fn reports(&self, leader: &str) -> &[Arc<str>] {
        self.reports.get(leader).map_or(&[], Vec::as_slice)
    }
}
