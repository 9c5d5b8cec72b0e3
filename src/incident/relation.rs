use super::facts::{Facts, Family, Side, Words};
use super::kinship::Kinship;

/// Points so near each other, in kilometres, are one.
const SAME_POINT_KM: f64 = 0.1;
/// Spans longer than this many days may hold a recurring action more than once.
const WEEK: i32 = 10;
/// UCDP's `where_prec` of an exact place.
const EXACT: u8 = 1;

/// How well an event fits another, the better the less: date, place, actor, action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit([u8; 4]);

/// Tells whether events are the same happening.
#[derive(Clone, Copy)]
pub(super) struct Relation<'a> {
    pub(super) words: &'a Words,
    pub(super) kinship: &'a Kinship,
}

impl Relation<'_> {
    /// How the two fit, the same either way round; `None` when they are not the same happening.
    pub(super) fn fit(self, a: &Facts, b: &Facts) -> Option<Fit> {
        if a.family != b.family {
            return None;
        }
        Some(Fit([
            dates(a, b)?,
            places(a, b)?,
            self.actors(a, b)?,
            u8::from(a.action != b.action),
        ]))
    }

    fn actors(self, a: &Facts, b: &Facts) -> Option<u8> {
        self.sides(a.actor, b.actor).or_else(|| {
            // Of a fight, one report names this side first and the other that one.
            let crossed = [(a.actor, b.counterpart), (a.counterpart, b.actor)];
            let fits =
                |(x, y): (Side, Side)| x.is_known() && y.is_known() && self.sides(x, y).is_some();
            (a.family == Family::Fighting && crossed.into_iter().all(fits)).then_some(1)
        })
    }

    fn sides(self, a: Side, b: Side) -> Option<u8> {
        let same = |x: u32, y: u32| x != 0 && x == y;
        if a == b || same(a.id, b.id) || same(a.name, b.name) {
            return Some(0);
        }
        if !a.is_known() || !b.is_known() {
            return Some(2);
        }
        let (a, b) = (self.words.text(a.id), self.words.text(b.id));
        (!a.is_empty() && !b.is_empty() && self.kinship.are_kin(a, b)).then_some(1)
    }
}

/// Whether the dates fit: they share a day, or lie a day apart.
///
/// A day's slack is for what "on Wednesday", said at night or in another time zone, may mean. It is not for one article,
/// which tells its own days apart, nor for a strike or a fight of which both texts state the day: the next day may
/// see another. "In October" is no date for one of October's strikes.
///
/// An event without a date fits events of its own article, which the reader would take it for, and one that another
/// article tells in the very same sentence: a dispatch printed twice. Anything else would make one incident of all
/// undated reports of a town.
fn dates(a: &Facts, b: &Facts) -> Option<u8> {
    let (Some(one), Some(other)) = (a.days, b.days) else {
        let unsaid = a.date == 0 || b.date == 0 || a.date == b.date;
        let together = a.article == b.article && unsaid;
        return (together || a.sentence == b.sentence).then_some(2);
    };
    if one == other {
        return Some(0);
    }
    let length = |(first, last): (i32, i32)| last - first;
    let recurs = a.family.recurs();
    if recurs && length(one).max(length(other)) > WEEK {
        return None;
    }
    match (one.0 - other.1).max(other.0 - one.1) {
        ..=0 => Some(1),
        1 if a.article != b.article && !(recurs && a.states_day && b.states_day) => Some(2),
        _ => None,
    }
}

/// Whether the places fit: one lies within the other's radius.
///
/// Two exact places of different names are two places, however near: villages of one front line. Only a place that
/// is at least twice as wide can hold the other, as a town its quarter. One article tells its places apart
/// wherever it fights or strikes; of what is left or taken it may name first the province and then the town, but
/// not in one sentence.
fn places(a: &Facts, b: &Facts) -> Option<u8> {
    let same_id = a.place != 0 && a.place == b.place;
    let (Some(one), Some(other)) = (a.point, b.point) else {
        let nowhere = a.point.is_none() && b.point.is_none();
        let same_words = same_id || (a.as_written != 0 && a.as_written == b.as_written);
        let together = a.article == b.article || a.sentence == b.sentence;
        return (nowhere && same_words && together).then_some(0);
    };
    let apart = one.distance_km(other);
    let (small, wide) = (a.reach_km.min(b.reach_km), a.reach_km.max(b.reach_km));
    if apart > wide {
        return None;
    }
    if same_id || apart <= SAME_POINT_KM {
        return Some(0);
    }
    let told_apart = a.article == b.article
        && (a.family.recurs() || a.precision == b.precision || a.sentence == b.sentence);
    let two_places = a.precision <= EXACT && b.precision <= EXACT && wide < 2.0 * small;
    (!told_apart && !two_places).then_some(1)
}
