//! What became of an article's events when it was read anew, by other rules.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::EventRecord;

/// The events of an article before and after, side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Revision {
    /// Events that were not there before.
    pub added: Vec<EventRecord>,
    /// Events that are no more.
    pub gone: Vec<EventRecord>,
    /// Events that are others now.
    pub changed: Vec<Changed>,
    /// How many are as they were.
    pub same: usize,
}

/// An event that is told otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// As it was.
    pub before: EventRecord,
    /// As it is.
    pub now: EventRecord,
    /// What is other, in the order of the event model; `lon` and `lat` come last.
    pub fields: Vec<Field>,
}

/// A field with its two values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// As it was.
    pub before: Value,
    /// As it is.
    pub now: Value,
}

/// How many events became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Not there before.
    pub added: usize,
    /// No more.
    pub gone: usize,
    /// Told otherwise.
    pub changed: usize,
    /// As they were.
    pub same: usize,
}

impl Revision {
    /// Holds the events of an article before and after against each other.
    ///
    /// One of the same id is the same event. An id says what happened, where, by whom, when and whether it is done
    /// (see [`EventRecord::id`]), so one of these read otherwise gives another id: such two are the same event if they
    /// were read from one sentence and agree in action or place, the ones that agree in most first.
    pub fn new(before: Vec<EventRecord>, now: Vec<EventRecord>) -> Self {
        let mut revision = Self::default();
        let mut left: Vec<Option<EventRecord>> = now.into_iter().map(Some).collect();
        let mut lost = Vec::new();
        for old in before {
            let same = left
                .iter_mut()
                .find(|now| now.as_ref().is_some_and(|now| now.id == old.id));
            match same.and_then(Option::take) {
                Some(now) => revision.note(old, now),
                None => lost.push(Some(old)),
            }
        }
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (l, old) in lost.iter().enumerate() {
            for (n, now) in left.iter().enumerate() {
                let likeness = old.as_ref().zip(now.as_ref()).map_or(0, likeness);
                if likeness > 0 {
                    pairs.push((likeness, l, n));
                }
            }
        }
        pairs.sort_by_key(|&(likeness, l, n)| (usize::MAX - likeness, l, n));
        for (_, l, n) in pairs {
            if let (Some(_), Some(_)) = (&lost[l], &left[n])
                && let Some((old, now)) = lost[l].take().zip(left[n].take())
            {
                revision.note(old, now);
            }
        }
        revision.gone = lost.into_iter().flatten().collect();
        revision.added = left.into_iter().flatten().collect();
        revision
    }

    fn note(&mut self, before: EventRecord, now: EventRecord) {
        let fields = differences(&before, &now);
        if fields.is_empty() {
            self.same += 1;
        } else {
            self.changed.push(Changed {
                before,
                now,
                fields,
            });
        }
    }

    /// Whether all events are as they were.
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }

    /// How many events became what.
    pub fn tally(&self) -> Tally {
        Tally {
            added: self.added.len(),
            gone: self.gone.len(),
            changed: self.changed.len(),
            same: self.same,
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.gone += other.gone;
        self.changed += other.changed;
        self.same += other.same;
    }
}

/// In how much two events agree; 0 where they are not one event told otherwise.
fn likeness((a, b): (&EventRecord, &EventRecord)) -> usize {
    let place = |event: &EventRecord| {
        let id = event.place_id.as_ref();
        id.or(event.place_as_written.as_ref()).cloned()
    };
    let is_one_sentence = a.quote_start < b.quote_end && b.quote_start < a.quote_end;
    let is_one_place = place(a) == place(b) || a.place_as_written == b.place_as_written;
    if !is_one_sentence || (a.action != b.action && !is_one_place) {
        return 0;
    }
    let agreements = [
        a.action == b.action,
        is_one_place,
        a.actor == b.actor,
        a.status == b.status,
        a.date == b.date,
        a.rule == b.rule,
    ];
    1 + agreements.into_iter().filter(|agrees| *agrees).count()
}

fn differences(before: &EventRecord, now: &EventRecord) -> Vec<Field> {
    let (mut before, mut now) = (fields(before), fields(now));
    let names: Vec<String> = now.keys().cloned().collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (before, now) = (before.remove(&name)?, now.remove(&name)?);
            (before != now).then_some(Field { name, before, now })
        })
        .collect()
}

fn fields(event: &EventRecord) -> Map<String, Value> {
    let mut fields = match serde_json::to_value(event) {
        Ok(Value::Object(fields)) => fields,
        // A record is an object of plain values.
        _ => Map::new(),
    };
    fields.insert("lon".to_owned(), event.point.map(|point| point.lon).into());
    fields.insert("lat".to_owned(), event.point.map(|point| point.lat).into());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, action: &str, place: &str, quote_start: usize) -> EventRecord {
        let record = serde_json::json!({
            "id": id, "article": "a", "action": action, "status": "occurred", "place_id": place,
            "place_as_written": place, "geo_precision": 1, "date_precision": "day", "date_basis": "explicit",
            "confidence": 0.9, "quote": "0123456789", "quote_start": quote_start,
            "quote_end": quote_start + 10, "rule": "r",
        });
        serde_json::from_value(record).expect("a record")
    }

    fn names(changed: &Changed) -> Vec<&str> {
        changed.fields.iter().map(|field| &*field.name).collect()
    }

    #[test]
    fn events_of_one_id_are_one_event() {
        let before = vec![event("1", "strike", "x", 0), event("2", "clash", "y", 20)];
        assert_eq!(
            Revision::new(before.clone(), before.clone()),
            Revision {
                same: 2,
                ..Revision::default()
            }
        );
        let mut now = before.clone();
        now[1].confidence = 0.5;
        now.reverse();
        let revision = Revision::new(before, now);
        assert_eq!(revision.same, 1);
        assert_eq!(names(&revision.changed[0]), ["confidence"]);
        assert_eq!(revision.changed[0].fields[0].now, 0.5);
        assert!(!revision.is_nothing());
    }

    #[test]
    fn of_one_sentence_the_likest_are_one_event_told_otherwise() {
        let before = vec![event("1", "strike", "x", 0), event("2", "strike", "y", 0)];
        let mut now = vec![event("3", "strike", "y", 0), event("4", "clash", "z", 0)];
        now[0].status = crate::domain::Status::Planned;
        let revision = Revision::new(before, now);
        assert_eq!(revision.changed.len(), 1, "{revision:#?}");
        assert_eq!(revision.changed[0].before.id, "2");
        assert_eq!(names(&revision.changed[0]), ["id", "status"]);
        assert_eq!(revision.gone[0].id, "1");
        assert_eq!(revision.added[0].id, "4");
        let tally = revision.tally();
        assert_eq!(
            (tally.added, tally.gone, tally.changed, tally.same),
            (1, 1, 1, 0)
        );
    }

    #[test]
    fn another_sentence_is_another_event() {
        let before = vec![event("1", "strike", "x", 0)];
        let now = vec![event("2", "strike", "x", 10)];
        let revision = Revision::new(before, now);
        assert!(revision.changed.is_empty(), "{revision:#?}");
        assert_eq!((revision.gone.len(), revision.added.len()), (1, 1));
    }
}
