//! Where countries and divisions are: polygons joined to them, a point inside, a radius.

use std::collections::{BTreeMap, HashMap};

use geo::{Area, Centroid, Contains, InteriorPoint, MultiPolygon, Simplify};

use super::countries::{Country, disc_radius};
use super::draft::{Drafts, NOWHERE};
use super::polygons::Outlines;
use super::report::Summary;
use crate::domain::{PlaceKind, Point};
use crate::gazetteer::area;

/// Share of the places in a polygon that must lie in one division for the polygon to be its.
const MAJORITY: f64 = 0.7;
/// Polygons are simplified to this many degrees (about half a kilometre).
const TOLERANCE: f64 = 0.005;
/// Kilometres in a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// The areas of drafts, by index, simplified.
pub(super) type Areas = BTreeMap<usize, MultiPolygon<f64>>;

/// Gives countries and divisions their polygon, point and radius, and places without a division theirs.
pub(super) fn join(drafts: &mut Drafts, countries: &[Country], outlines: &Outlines) -> Areas {
    let mut areas = Areas::new();
    for country in countries {
        let index = drafts.country[&country.iso];
        if let Some(outline) = outlines.country(&country.iso, &country.iso3) {
            let draft = &mut drafts.list[index];
            if let Some(point) = middle(&outline.area).filter(|_| draft.point == NOWHERE) {
                draft.point = point;
            }
            areas.insert(index, outline.area.simplify(TOLERANCE));
        }
    }
    let inside = places_in_polygons(drafts, outlines);
    let owners = owners(drafts, &inside);
    let mut parts = BTreeMap::<usize, Vec<usize>>::new();
    for (polygon, division) in &owners {
        parts.entry(*division).or_default().push(*polygon);
    }
    for (division, mut polygons) in parts {
        polygons.sort_unstable();
        let whole: MultiPolygon<f64> = polygons
            .iter()
            .flat_map(|polygon| outlines.divisions[*polygon].area.iter().cloned())
            .collect();
        let draft = &mut drafts.list[division];
        draft.radius_km = disc_radius(area_km2(&whole));
        if let Some(point) = middle(&whole) {
            draft.point = point;
        }
        areas.insert(division, whole.simplify(TOLERANCE));
    }
    for (place, polygon) in inside {
        let owner = owners.get(&polygon).copied();
        let draft = &mut drafts.list[place];
        if draft.admin1.is_none() {
            draft.admin1 = owner;
        }
    }
    drafts.polygon_owner = owners;
    place_the_rest(drafts, &areas);
    areas
}

/// The polygon that each place lies in.
fn places_in_polygons(drafts: &Drafts, outlines: &Outlines) -> Vec<(usize, usize)> {
    drafts
        .list
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.kind == PlaceKind::Settlement)
        .filter_map(|(index, draft)| Some((index, outlines.division_at(draft.point)?)))
        .collect()
}

/// The division that each polygon belongs to: the one that most of its places are in.
fn owners(drafts: &Drafts, inside: &[(usize, usize)]) -> HashMap<usize, usize> {
    let mut votes = HashMap::<usize, HashMap<Option<usize>, usize>>::new();
    for &(place, polygon) in inside {
        let division = drafts.list[place].admin1;
        *votes
            .entry(polygon)
            .or_default()
            .entry(division)
            .or_default() += 1;
    }
    votes
        .into_iter()
        .filter_map(|(polygon, counts)| {
            let known: usize = counts
                .iter()
                .filter(|(d, _)| d.is_some())
                .map(|(_, n)| n)
                .sum();
            let best = counts
                .into_iter()
                .filter_map(|(division, count)| Some((count, std::cmp::Reverse(division?))))
                .max()?;
            (best.0 as f64 >= MAJORITY * known as f64).then_some((polygon, best.1.0))
        })
        .collect()
}

/// Countries and divisions without a polygon: where their people live.
fn place_the_rest(drafts: &mut Drafts, areas: &Areas) {
    let mut members = HashMap::<usize, Vec<(Point, f64)>>::new();
    for draft in drafts
        .list
        .iter()
        .filter(|draft| draft.kind == PlaceKind::Settlement)
    {
        let country = draft
            .country
            .as_ref()
            .and_then(|code| drafts.country.get(code));
        for parent in country.copied().into_iter().chain(draft.admin1) {
            let weight = f64::from(draft.population.max(100));
            members
                .entry(parent)
                .or_default()
                .push((draft.point, weight));
        }
    }
    for (parent, places) in members {
        // Of a division no count is known; its towns' inhabitants are the least that it has.
        if drafts.list[parent].population == 0 {
            let people: f64 = places.iter().map(|(_, weight)| weight).sum();
            drafts.list[parent].population = people as u32;
        }
        if areas.contains_key(&parent) {
            continue;
        }
        let total: f64 = places.iter().map(|(_, weight)| weight).sum();
        let mean =
            |of: fn(Point) -> f64| places.iter().map(|(p, w)| of(*p) * w).sum::<f64>() / total;
        let point = Point {
            lon: mean(|point| point.lon),
            lat: mean(|point| point.lat),
        };
        let mut distances: Vec<f64> = places.iter().map(|(p, _)| p.distance_km(point)).collect();
        distances.sort_by(f64::total_cmp);
        let draft = &mut drafts.list[parent];
        if draft.point == NOWHERE {
            draft.point = point;
        }
        if draft.radius_km == 0.0 {
            draft.radius_km = distances[distances.len() * 9 / 10].max(5.0);
        }
    }
    for index in drafts.division.values() {
        if drafts.list[*index].point == NOWHERE {
            drafts.list[*index].hide();
        }
    }
}

/// A point inside the largest polygon, at its centre of gravity where that is inside.
fn middle(area: &MultiPolygon<f64>) -> Option<Point> {
    let largest = area
        .iter()
        .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    let centre = largest.centroid().filter(|centre| largest.contains(centre));
    let point = centre.or_else(|| largest.interior_point())?;
    Some(Point {
        lon: point.x(),
        lat: point.y(),
    })
}

/// Square kilometres, near enough for a radius: each polygon at the scale of its own latitude.
fn area_km2(area: &MultiPolygon<f64>) -> f64 {
    area.iter()
        .map(|polygon| {
            let latitude = polygon.centroid().map_or(0.0, geo::Point::y);
            polygon.unsigned_area() * DEGREE_KM * DEGREE_KM * latitude.to_radians().cos()
        })
        .sum()
}

/// The image's section of polygons, in the order of their places.
pub(super) fn section(drafts: &Drafts, areas: &Areas, summary: &mut Summary) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut data = Vec::new();
    let mut count = 0u32;
    for (place, polygon) in areas {
        let start = data.len() as u32;
        let Some(bounds) = area::encode(polygon, &mut data) else {
            continue;
        };
        entries.extend((*place as u32).to_le_bytes());
        entries.extend(start.to_le_bytes());
        entries.extend(bounds.into_iter().flat_map(i32::to_le_bytes));
        match drafts.list[*place].kind {
            PlaceKind::Country => summary.areas.0 += 1,
            _ => summary.areas.1 += 1,
        }
        count += 1;
    }
    let mut section = count.to_le_bytes().to_vec();
    section.extend(entries);
    section.extend(data);
    section
}
