//! Which rows a query asks for, and in what order.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::level::Window;
use super::part::Part;
use super::predicate::Predicate;
use super::query::{Cursor, Days, Order, Page, Query};
use super::{Layer, Row, Slot, Value};
use crate::domain::{BoundingBox, Point};

/// So many rows are looked at in a fraction of a millisecond.
const FEW: usize = 5_000;

/// What remains to be asked of a row that a query's candidates have.
#[derive(Debug, Clone, Copy)]
struct Test<'a> {
    days: Option<(i32, i32)>,
    bbox: Option<BoundingBox>,
    predicate: Option<&'a Predicate>,
    phrases: Option<&'a [Vec<String>]>,
}

impl<'a> Test<'a> {
    fn new(query: &'a Query) -> Self {
        Self {
            days: query.days.map(Days::numbers),
            bbox: query.bbox,
            predicate: query.predicate.as_ref(),
            phrases: query.search.as_ref().map(super::Search::phrases),
        }
    }

    fn is_nothing(&self) -> bool {
        self.days.is_none()
            && self.bbox.is_none()
            && self.predicate.is_none()
            && self.phrases.is_none()
    }

    fn passes(&self, row: Row<'_>) -> bool {
        self.days.is_none_or(|(from, to)| {
            let (first, last) = row.segment.records.days(row.number);
            first <= to && from <= last
        }) && self
            .bbox
            .is_none_or(|bbox| row.geometry().is_some_and(|g| g.intersects(bbox)))
            && self
                .predicate
                .is_none_or(|predicate| predicate.passes(&row))
            && self.phrases.is_none_or(|phrases| row.has_any(phrases))
    }
}

impl Layer {
    /// The rows that match, a page of them.
    pub fn query(&self, query: &Query) -> Page {
        if query.order.is_empty() {
            self.in_sequence(query)
        } else {
            self.in_order(query)
        }
    }

    /// Whether a query is answered in less time than it takes to hand it to another thread: it takes rows in their
    /// order, or looks at few.
    pub fn is_quick(&self, query: &Query) -> bool {
        if !query.order.is_empty() || query.search.is_some() {
            return false;
        }
        let is_free = query.days.is_none() && query.predicate.is_none();
        let Some(bbox) = query.bbox else {
            return is_free;
        };
        let days = query.days.map(Days::numbers);
        let windows = bbox.parts().map(|bbox| Window::new(bbox, days));
        let trees = self.parts.iter().map(|part| &part.segment.tree);
        let rows: usize = windows
            .flat_map(|window| trees.clone().map(move |tree| tree.estimate(&window)))
            .sum();
        rows <= if query.predicate.is_some() {
            FEW
        } else {
            FEW * 10
        }
    }

    /// Whether a row is among those that a query asks for, whatever the page.
    pub fn fits(row: Row<'_>, query: &Query) -> bool {
        Test::new(query).passes(row)
    }

    fn in_sequence(&self, query: &Query) -> Page {
        let after = query.after.as_ref().map(|after| after.sequence);
        let mut matched = 0;
        // The rows behind the cursor: their sequences, parts and numbers.
        let mut found: Vec<(u32, Slot)> = Vec::new();
        let is_all = Test::new(query).is_nothing();
        for (part, n) in self.parts.iter().zip(0..) {
            let records = &part.segment.records;
            let with_sequence = |number| (records.sequence(number), Slot { part: n, number });
            if is_all {
                matched += part.len();
                let behind = match after {
                    Some(after) => part.segment.behind(after),
                    None => &part.segment.by_sequence,
                };
                let left = behind.iter().filter(|&&number| part.has(number));
                // One more than is given says that there is more.
                let left = left.take(query.limit.saturating_add(1));
                found.extend(left.map(|&number| with_sequence(number)));
                continue;
            }
            self.matches(part, query, &mut |number, _| {
                matched += 1;
                let found_here = with_sequence(number);
                if after.is_none_or(|after| u64::from(found_here.0) > after) {
                    found.push(found_here);
                }
            });
        }
        let more = found.len() > query.limit;
        if query.limit < found.len() / 2 {
            found.select_nth_unstable_by_key(query.limit, |&(sequence, _)| sequence);
            found.truncate(query.limit);
        }
        found.sort_unstable_by_key(|&(sequence, _)| sequence);
        found.truncate(query.limit);
        let next = found.last().filter(|_| more);
        let next = next.map(|&(sequence, _)| Cursor {
            sequence: sequence.into(),
            keys: Vec::new(),
        });
        Page {
            slots: found.into_iter().map(|(_, slot)| slot).collect(),
            matched,
            next,
        }
    }

    fn in_order(&self, query: &Query) -> Page {
        let order = &query.order;
        let mut slots = Vec::new();
        for (part, n) in self.parts.iter().zip(0..) {
            let numbers = self.numbers(part, query).into_iter();
            slots.extend(numbers.map(|number| Slot { part: n, number }));
        }
        let matched = slots.len();
        // What each row is sorted by, read once.
        let keys: Vec<Value<'_>> = slots
            .iter()
            .flat_map(|&slot| order.iter().map(move |o| self.row(slot).value(o.column)))
            .collect();
        let keys_of = |n: u32| &keys[n as usize * order.len()..(n as usize + 1) * order.len()];
        let sequence = |n: u32| self.row(slots[n as usize]).sequence();
        let mut numbers: Vec<u32> = (0..slots.len() as u32).collect();
        if let Some(after) = &query.after {
            let keys = self.keys_of(after, order);
            numbers.retain(|&n| {
                keys.as_ref().is_some_and(|keys| {
                    compared(keys_of(n), keys, order)
                        .then_with(|| sequence(n).cmp(&after.sequence))
                        .is_gt()
                })
            });
        }
        let by = |a: &u32, b: &u32| {
            compared(keys_of(*a), keys_of(*b), order).then_with(|| sequence(*a).cmp(&sequence(*b)))
        };
        let more = numbers.len() > query.limit;
        if query.limit < numbers.len() / 2 {
            numbers.select_nth_unstable_by(query.limit, by);
            numbers.truncate(query.limit);
        }
        numbers.sort_unstable_by(by);
        numbers.truncate(query.limit);
        let next = numbers.last().filter(|_| more);
        let next = next.map(|&n| Cursor {
            sequence: sequence(n),
            keys: keys_of(n).iter().cloned().map(Value::into_owned).collect(),
        });
        Page {
            slots: numbers.iter().map(|&n| slots[n as usize]).collect(),
            matched,
            next,
        }
    }

    /// What a cursor's row had of the properties that are sorted by. Of a cursor that does not say, what the row has
    /// now; `None` when there is no such row.
    fn keys_of<'a>(&'a self, cursor: &'a Cursor, order: &[Order]) -> Option<Cow<'a, [Value<'a>]>> {
        if cursor.keys.len() == order.len() {
            return Some(Cow::Borrowed(&cursor.keys));
        }
        let row = self.at(cursor.sequence)?;
        Some(order.iter().map(|order| row.value(order.column)).collect())
    }

    /// The numbers of a part's rows that match: each once, in no order.
    fn numbers(&self, part: &Part, query: &Query) -> Vec<u32> {
        let mut numbers = Vec::new();
        self.matches(part, query, &mut |number, _| numbers.push(number));
        numbers
    }

    /// Gives a part's rows that match, each once, and where the tree has a row that it found.
    pub(super) fn matches(
        &self,
        part: &Part,
        query: &Query,
        found: &mut dyn FnMut(u32, Option<usize>),
    ) {
        let mut test = Test::new(query);
        let segment = &part.segment;
        let days = test.days;
        match self.candidates(part, query) {
            Candidates::Some(numbers, is_found) => {
                if is_found {
                    test.phrases = None;
                }
                for number in numbers {
                    if part.has(number) && test.passes(segment.row(number)) {
                        found(number, None);
                    }
                }
            }
            Candidates::In(boxes) => {
                let is_exact = segment.has_points_only();
                if let Some(bbox) = query.bbox {
                    // The tree has said all of time, and of the place of points; what lies in a box around all is in it.
                    test.days = None;
                    test.bbox = test.bbox.filter(|_| !is_exact && selects(part, bbox));
                }
                let is_done = test.is_nothing() && part.is_whole();
                let windows: Vec<Window> = boxes
                    .into_iter()
                    .flat_map(BoundingBox::parts)
                    .map(|bbox| Window::new(bbox, days))
                    .collect();
                // A row with several pieces, or in several boxes that may overlap, is found several times.
                let entries = segment.tree.entries();
                if windows.len() == 1 && is_exact {
                    segment.tree.visit(&windows[0], |places| {
                        for place in places {
                            let number = entries.row(place);
                            if is_done || part.has(number) && test.passes(segment.row(number)) {
                                found(number, Some(place));
                            }
                        }
                    });
                    return;
                }
                let mut rows = Vec::new();
                for window in &windows {
                    segment.tree.visit(window, |places| {
                        rows.extend(places.map(|place| (entries.row(place), place)));
                    });
                }
                rows.sort_unstable();
                rows.dedup_by_key(|&mut (number, _)| number);
                for (number, place) in rows {
                    if part.has(number) && test.passes(segment.row(number)) {
                        found(number, Some(place));
                    }
                }
            }
            Candidates::Placed => {
                let is_done = part.is_whole();
                let entries = segment.tree.entries();
                segment.tree.visit(&Window::world(days), |places| {
                    for place in places {
                        let number = entries.row(place);
                        if is_done || part.has(number) {
                            found(number, Some(place));
                        }
                    }
                });
            }
            Candidates::All => {
                for number in part.numbers() {
                    if test.passes(segment.row(number)) {
                        found(number, None);
                    }
                }
            }
        }
    }

    /// The fewest rows of a part that are known to hold all that match.
    fn candidates(&self, part: &Part, query: &Query) -> Candidates {
        let properties = self.properties().iter();
        let id = { properties }.position(|property| property.name == "id");
        let predicate = query.predicate.as_ref();
        if let Some(ids) = predicate.and_then(|predicate| predicate.choices(id?)) {
            let mut numbers: Vec<_> = ids
                .into_iter()
                .filter_map(|id| part.segment.find(id))
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            return Candidates::Some(numbers, false);
        }
        if let Some(search) = &query.search {
            let numbers = search.rows(&part.segment.words);
            return Candidates::Some(numbers, search.is_of_single_words());
        }
        if let Some(bbox) = query.bbox {
            if !selects(part, bbox) && predicate.is_none() && part.segment.has_points_only() {
                return Candidates::Placed;
            }
            if selects(part, bbox) {
                return Candidates::In(vec![bbox]);
            }
        }
        match predicate.and_then(Predicate::bounds) {
            Some(boxes) if boxes.iter().all(|bbox| selects(part, *bbox)) => Candidates::In(boxes),
            // The tree knows more of them, and all that have a place are in it.
            _ if query.bbox.is_some() => Candidates::In(vec![BoundingBox::WORLD]),
            _ => Candidates::All,
        }
    }
}

enum Candidates {
    All,
    /// All that have a place, on the days that are asked for: nothing else is asked.
    Placed,
    /// These, in order; whether they were found by all that is searched for.
    Some(Vec<u32>, bool),
    In(Vec<BoundingBox>),
}

fn compared(a: &[Value<'_>], b: &[Value<'_>], order: &[Order]) -> Ordering {
    let parts = order.iter().zip(a.iter().zip(b));
    let mut compared = parts.map(|(order, (a, b))| order.compare(a, b));
    compared.find(|c| c.is_ne()).unwrap_or(Ordering::Equal)
}

/// A box around everything selects nothing but what has a place.
fn selects(part: &Part, bbox: BoundingBox) -> bool {
    !part.bbox().is_some_and(|all| covers(bbox, all))
}

fn covers(bbox: BoundingBox, all: BoundingBox) -> bool {
    let corner = |lon, lat| bbox.contains(Point { lon, lat });
    !bbox.crosses_antimeridian() && corner(all.west, all.south) && corner(all.east, all.north)
}
