use super::area::{self, Bounds, GRID};
use super::image::u32_at;
use super::{Gazetteer, PlaceRef};
use crate::domain::{PlaceKind, Point};

/// Bytes of an area's entry: place, where its data begins, and its bounds.
pub(super) const ENTRY: usize = 24;
/// A position this near to an area (degrees; about 11 km) lies in it when it lies in none: coasts are
/// simplified, and ports stand on them.
const NEAR: f64 = 0.1;

/// The polygons of an image: a count, entries in the order of their places, data.
struct Areas<'a> {
    section: &'a [u8],
    count: usize,
}

impl<'a> Areas<'a> {
    fn entry(&self, index: usize) -> (PlaceRef, Bounds) {
        let at = 4 + index * ENTRY;
        let edge = |n: usize| u32_at(self.section, at + 8 + n * 4).cast_signed();
        let place = PlaceRef(u32_at(self.section, at));
        (place, [edge(0), edge(1), edge(2), edge(3)])
    }

    fn data(&self, index: usize) -> &'a [u8] {
        let start = u32_at(self.section, 4 + index * ENTRY + 4) as usize;
        let data = self.section.get(4 + self.count * ENTRY..);
        data.and_then(|data| data.get(start..)).unwrap_or_default()
    }

    fn of(&self, place: PlaceRef) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.entry(middle).0.cmp(&place) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

impl Gazetteer {
    fn area_table(&self) -> Areas<'_> {
        let section = self.image.areas.as_ref();
        let count = u32_at(section, 0) as usize;
        Areas { section, count }
    }

    pub(super) fn areas(&self) -> usize {
        self.area_table().count
    }

    /// The places that have an area.
    pub fn places_with_area(&self) -> impl Iterator<Item = PlaceRef> + '_ {
        let areas = self.area_table();
        (0..areas.count).map(move |index| areas.entry(index).0)
    }

    /// The polygon of a country or first-order division, simplified to about half a kilometre.
    pub fn area_of(&self, place: PlaceRef) -> Option<geo::MultiPolygon<f64>> {
        let areas = self.area_table();
        areas.of(place).map(|index| area::decode(areas.data(index)))
    }

    /// Whether a point lies in a country's or division's polygon; None when it has none.
    pub fn lies_in(&self, point: Point, place: PlaceRef) -> Option<bool> {
        let areas = self.area_table();
        let data = areas.data(areas.of(place)?);
        Some(area::contains(data, point.lon, point.lat))
    }

    /// The country and the first-order division that a point lies in, or just off the coast of.
    pub fn locate(&self, point: Point) -> (Option<PlaceRef>, Option<PlaceRef>) {
        let areas = self.area_table();
        let (x, y) = (point.lon * GRID, point.lat * GRID);
        let margin = NEAR * GRID;
        let (mut country, mut division) = (None, None);
        let mut near = Vec::new();
        for index in 0..areas.count {
            let (place, bounds) = areas.entry(index);
            let [west, south, east, north] = bounds.map(f64::from);
            if x < west - margin || x > east + margin || y < south - margin || y > north + margin {
                continue;
            }
            if area::contains(areas.data(index), point.lon, point.lat) {
                match self.kind(place) {
                    PlaceKind::Country => country = Some(place),
                    _ => division = Some(place),
                }
            } else {
                near.push((index, place));
            }
        }
        if country.is_none() && division.is_none() {
            division = self.nearest(&areas, &near, point);
        }
        // The division says the country: where the sources disagree, the names' source decides.
        match division.filter(|place| self.kind(*place) == PlaceKind::Country) {
            Some(alone) => (Some(alone), None),
            None => (
                division
                    .and_then(|place| self.country(self.country_of(place)?))
                    .or(country),
                division,
            ),
        }
    }

    /// The first-order division of a country (by its number) that a point lies in: quicker than
    /// [`Self::locate`] where the country is known, and without a look beyond the coast.
    pub(super) fn division_at(&self, point: Point, country: u16) -> Option<PlaceRef> {
        let areas = self.area_table();
        let (x, y) = (point.lon * GRID, point.lat * GRID);
        (0..areas.count).find_map(|index| {
            let (place, bounds) = areas.entry(index);
            let [west, south, east, north] = bounds.map(f64::from);
            let within = x >= west && x <= east && y >= south && y <= north;
            let found = within
                && self.country_number_of(place) == country
                && self.kind(place) == PlaceKind::Admin1
                && area::contains(areas.data(index), point.lon, point.lat);
            found.then_some(place)
        })
    }

    /// The nearest of some areas that the point is outside of, a division rather than its country.
    fn nearest(
        &self,
        areas: &Areas<'_>,
        among: &[(usize, PlaceRef)],
        point: Point,
    ) -> Option<PlaceRef> {
        among
            .iter()
            .map(|(index, place)| {
                let distance = area::distance(areas.data(*index), point.lon, point.lat);
                let whole = self.kind(*place) == PlaceKind::Country;
                (distance + if whole { NEAR } else { 0.0 }, distance, *place)
            })
            .filter(|(_, distance, _)| *distance <= NEAR)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, _, place)| place)
    }
}
