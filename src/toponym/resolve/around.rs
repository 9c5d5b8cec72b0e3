//! What is settled around a name: points near it in the text, divisions, and its neighbours in a list.

use smallvec::SmallVec;

use crate::domain::{PlaceKind, Point};
use crate::gazetteer::PlaceRef;
use crate::language::Role;
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Source, Spot};

/// How many settled places before and behind a name are looked at.
const NEIGHBOURS: usize = 6;
/// How many spots they are looked for among.
const WINDOW: usize = 60;
/// Distance within which all is near, in kilometres.
const NEAR_KM: f64 = 10.0;
/// Nearness of what is no point, or has no settled town around: 70 km.
const UNKNOWN: f64 = -3.0;
/// Tokens between two members of a list.
const GAP: usize = 2;

/// The places settled so far, seen from one spot.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The point of each spot that is settled to a town or facility.
    points: Vec<Option<Point>>,
    /// How many names are settled to a division or into it.
    divisions: Vec<(PlaceRef, u32)>,
    settled: u32,
    near: SmallVec<[Point; 2 * NEIGHBOURS]>,
}

impl Around {
    /// Before anything is settled.
    pub(super) fn nothing() -> Self {
        Self::default()
    }

    pub(super) fn settled(scene: &Scene<'_>, spots: &[Spot]) -> Self {
        let mut around = Self {
            points: vec![None; spots.len()],
            ..Self::default()
        };
        for (index, spot) in spots.iter().enumerate() {
            around.add(scene, index, spot);
        }
        around
    }

    /// Takes in what a spot was settled to.
    pub(super) fn add(&mut self, scene: &Scene<'_>, index: usize, spot: &Spot) {
        let gazetteer = scene.gazetteer;
        let Some(place) = spot.choice.map(|choice| choice.place) else {
            return;
        };
        if gazetteer.kind(place).is_point() {
            self.points[index] = Some(gazetteer.point(place));
        }
        if let Some(division) = division_of(scene, place) {
            self.settled += 1;
            match self
                .divisions
                .iter_mut()
                .find(|(known, _)| *known == division)
            {
                Some((_, count)) => *count += 1,
                None => self.divisions.push((division, 1)),
            }
        }
    }

    /// Takes out what a spot was settled to: a name must not speak for itself.
    pub(super) fn remove(&mut self, scene: &Scene<'_>, index: usize, spot: &Spot) {
        self.points[index] = None;
        let Some(division) = spot
            .choice
            .and_then(|choice| division_of(scene, choice.place))
        else {
            return;
        };
        if let Some((_, count)) = self
            .divisions
            .iter_mut()
            .find(|(known, _)| *known == division)
        {
            *count -= 1;
            self.settled -= 1;
        }
    }

    /// Looks at the settled towns before and behind a spot.
    pub(super) fn look_from(&mut self, index: usize) {
        let before = self.points[..index].iter().rev().take(WINDOW);
        let behind = self.points[index + 1..].iter().take(WINDOW);
        self.near = before
            .flatten()
            .take(NEIGHBOURS)
            .chain(behind.flatten().take(NEIGHBOURS))
            .copied()
            .collect();
    }

    /// Whether nothing is settled, or nothing is to be looked at.
    pub(super) fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// How near the nearest settled town is to a point, or to what is no point: the distance in doublings of 10 km,
    /// negative.
    pub(super) fn nearness(&self, point: Option<Point>) -> f64 {
        let Some(point) = point.filter(|_| !self.near.is_empty()) else {
            return UNKNOWN;
        };
        let mut least = f64::INFINITY;
        for near in &self.near {
            if !near.is_farther_north_or_south(least, point) {
                least = least.min(near.distance_km(point));
            }
        }
        -(1.0 + least / NEAR_KM).log2()
    }

    /// The share of the settled names that lie in a division.
    pub(super) fn share_of_division(&self, division: Option<PlaceRef>) -> f64 {
        let Some(division) = division else {
            return 0.0;
        };
        let known = self.divisions.iter().find(|(known, _)| *known == division);
        known.map_or(0.0, |(_, count)| {
            f64::from(*count) / f64::from(self.settled.max(1))
        })
    }
}

/// Whether the neighbours of a name in a list are places of the same rank (1) or of another (−1); 0 where
/// there is no list.
pub(super) fn peers(scene: &Scene<'_>, spots: &[Spot], index: usize, place: PlaceRef) -> f64 {
    let before = index
        .checked_sub(1)
        .filter(|other| are_listed(scene, &spots[*other], &spots[index]));
    let behind = (index + 1 < spots.len())
        .then_some(index + 1)
        .filter(|other| are_listed(scene, &spots[index], &spots[*other]));
    let (mut sum, mut count) = (0.0, 0.0);
    for other in [before, behind].into_iter().flatten() {
        let other = &spots[other];
        let settled = other.choice.map(|choice| choice.place);
        let Some(peer) = settled.or_else(|| Some(other.candidates.first()?.place)) else {
            continue;
        };
        let gazetteer = scene.gazetteer;
        let alike = rank_of(gazetteer.kind(peer)) == rank_of(gazetteer.kind(place));
        sum += if alike { 1.0 } else { -1.0 };
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The first-order division that a place is or lies in.
fn division_of(scene: &Scene<'_>, place: PlaceRef) -> Option<PlaceRef> {
    match scene.gazetteer.kind(place) {
        PlaceKind::Admin1 => Some(place),
        PlaceKind::Country => None,
        _ => scene.gazetteer.admin1_of(place),
    }
}

/// Whether two names stand side by side in a list: a comma or conjunction between them, and nothing before
/// the second that says what it is.
fn are_listed(scene: &Scene<'_>, one: &Spot, other: &Spot) -> bool {
    let gap = one.name.end..other.name.start;
    one.sentence == other.sentence
        && (1..=GAP).contains(&gap.len())
        && !matches!(one.source, Source::Demonym(_))
        && !matches!(other.source, Source::Demonym(_))
        && gap.clone().all(|token| {
            scene.text.written(token) == "," || scene.cues.starts(token, Role::Conjunction)
        })
}

/// Countries, divisions, all else.
const fn rank_of(kind: PlaceKind) -> u8 {
    match kind {
        PlaceKind::Country | PlaceKind::Continent => 0,
        PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region => 1,
        _ => 2,
    }
}
