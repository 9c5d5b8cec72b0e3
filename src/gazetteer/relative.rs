//! Places that are told by others: "the north of Syria", "30 km north of Aleppo", "near Manbij", "between
//! Ramadi and Fallujah". Each is a [`Place`] of its own, with a point, a radius that covers the doubt, and
//! an id that says what it was made from: `geonames:170063#30km-north`.

use super::part::part;
use super::{Gazetteer, PlaceRef};
use crate::domain::{Place, PlaceKind, Point};
use crate::text::fold;

/// Doubt about a distance, as a share of it, and the least doubt in kilometres.
const DISTANCE_DOUBT: (f64, f64) = (0.4, 8.0);
/// Two towns farther apart than this (km) have no "between" that a point could stand for.
const FARTHEST_APART: f64 = 150.0;

const BEARINGS: [(&str, &str); 8] = [
    ("north", "northern"),
    ("northeast", "northeastern"),
    ("east", "eastern"),
    ("southeast", "southeastern"),
    ("south", "southern"),
    ("southwest", "southwestern"),
    ("west", "western"),
    ("northwest", "northwestern"),
];

/// A bearing (degrees clockwise from north, `None` for the middle) as a noun and an adjective.
pub fn direction_name(bearing: Option<f64>) -> (&'static str, &'static str) {
    bearing.map_or(("centre", "central"), |degrees| {
        BEARINGS[(degrees / 45.0).round() as usize % BEARINGS.len()]
    })
}

impl Gazetteer {
    /// The part of a country or division that lies towards a bearing, or its middle; `None` where it has no
    /// polygon.
    pub fn part_of(&self, place: PlaceRef, bearing: Option<f64>) -> Option<Place> {
        let base = self.place(place);
        let part = part(&self.area_of(place)?, bearing)?;
        let (noun, adjective) = direction_name(bearing);
        Some(Place {
            id: format!("{}#{noun}", base.id),
            name: format!("{adjective} {}", base.name),
            point: part.point,
            radius_km: part.radius_km,
            admin1: base
                .admin1
                .clone()
                .filter(|_| base.kind == PlaceKind::Admin1),
            ..fuzzy(&base)
        })
    }
}

/// A point some kilometres off a place, in a direction.
pub fn off(base: &Place, km: f64, bearing: f64) -> Place {
    let (noun, _) = direction_name(Some(bearing));
    Place {
        id: format!("{}#{km}km-{noun}", base.id),
        name: format!("{km} km {noun} of {}", base.name),
        point: base.point.offset(km, bearing),
        radius_km: (km * DISTANCE_DOUBT.0).max(DISTANCE_DOUBT.1),
        ..fuzzy(base)
    }
}

/// A place and what lies around it; `word` says how: "near", "north of".
pub fn around(base: &Place, radius_km: f64, word: &str) -> Place {
    Place {
        id: format!("{}#{}", base.id, word.split(' ').next().unwrap_or(word)),
        name: format!("{word} {}", base.name),
        radius_km: radius_km.max(base.radius_km),
        ..fuzzy(base)
    }
}

/// A place of which no more is known than its name and that it lies in or by another one.
pub fn within(base: &Place, name: &str, radius_km: f64) -> Place {
    Place {
        id: format!("{}#in-{}", base.id, fold(name).replace(' ', "-")),
        name: format!("{name} ({})", base.name),
        radius_km: radius_km.max(base.radius_km),
        ..fuzzy(base)
    }
}

/// A side of a region without borders.
pub fn side(base: &Place, bearing: f64) -> Place {
    let (noun, adjective) = direction_name(Some(bearing));
    Place {
        id: format!("{}#{noun}", base.id),
        name: format!("{adjective} {}", base.name),
        point: base.point.offset(base.radius_km / 2.0, bearing),
        radius_km: base.radius_km * 0.6,
        ..base.clone()
    }
}

/// What lies between two places: a point half-way, and a radius that reaches both. `None` when they are one,
/// or too far apart for that to say anything.
pub fn between(one: &Place, other: &Place) -> Option<Place> {
    let km = one.point.distance_km(other.point);
    if km > FARTHEST_APART || one.id == other.id {
        return None;
    }
    let same = |a: &Option<String>, b: &Option<String>| a.clone().filter(|_| a == b);
    Some(Place {
        id: format!("{}#between-{}", one.id, other.id),
        name: format!("between {} and {}", one.name, other.name),
        point: half_way(one.point, other.point),
        radius_km: (km / 2.0).max(one.radius_km).max(other.radius_km),
        country: same(&one.country, &other.country),
        admin1: same(&one.admin1, &other.admin1),
        ..fuzzy(one)
    })
}

/// What a place becomes that is only told by another one: nobody lives in it, and it has no border.
fn fuzzy(base: &Place) -> Place {
    Place {
        kind: PlaceKind::Region,
        population: 0,
        ..base.clone()
    }
}

/// The middle of the shorter way between two points.
fn half_way(a: Point, b: Point) -> Point {
    let east = (b.lon - a.lon + 540.0).rem_euclid(360.0) - 180.0;
    Point {
        lon: (a.lon + east / 2.0 + 540.0).rem_euclid(360.0) - 180.0,
        lat: f64::midpoint(a.lat, b.lat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(name: &str, lon: f64, lat: f64) -> Place {
        Place {
            id: format!("test:{name}"),
            name: name.to_owned(),
            kind: PlaceKind::Settlement,
            point: Point { lon, lat },
            radius_km: 3.0,
            country: Some("IQ".to_owned()),
            admin1: None,
            population: 9,
        }
    }

    #[test]
    fn between_two_towns_is_half_way_and_reaches_both() {
        let (one, other) = (town("Ramadi", 43.3, 33.42), town("Fallujah", 43.78, 33.35));
        let place = between(&one, &other).expect("they are near");
        for end in [&one, &other] {
            assert!(place.point.distance_km(end.point) <= place.radius_km + 0.1);
        }
        assert_eq!(place.name, "between Ramadi and Fallujah");
        assert_eq!((place.kind, place.population), (PlaceKind::Region, 0));
        assert_eq!(place.country.as_deref(), Some("IQ"));
        assert_eq!(between(&one, &one), None);
        assert_eq!(between(&one, &town("Far", 50.0, 33.0)), None);
    }

    #[test]
    fn between_is_found_across_the_date_line() {
        let place =
            between(&town("A", 179.8, 0.0), &town("B", -179.6, 0.0)).expect("they are near");
        assert!((place.point.lon - -179.9).abs() < 1e-9, "{place:?}");
    }

    #[test]
    fn a_distance_is_as_sure_as_it_is_short() {
        let base = town("Aleppo", 37.16, 36.2);
        let near = off(&base, 5.0, 0.0);
        let far = off(&base, 60.0, 90.0);
        assert!(near.point.lat > 36.2 && (near.radius_km - 8.0).abs() < 1e-9);
        assert!(far.point.lon > 37.16 && (far.radius_km - 24.0).abs() < 1e-9);
        assert_eq!(far.id, "test:Aleppo#60km-east");
    }

    #[test]
    fn a_part_of_a_country_lies_in_it_towards_the_direction() {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        let syria = gazetteer.country("SY").expect("a country");
        let whole = gazetteer.place(syria);
        let part = gazetteer
            .part_of(syria, Some(45.0))
            .expect("it has a polygon");
        assert!(part.point.lat > whole.point.lat && part.point.lon > whole.point.lon);
        assert!(part.radius_km < whole.radius_km);
        assert_eq!(gazetteer.locate(part.point).0, Some(syria));
    }
}
