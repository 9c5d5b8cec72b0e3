use std::collections::{BTreeMap, BTreeSet};

use super::{CorpusError, Measure, columns};
use crate::domain::Point;
use crate::gazetteer::Gazetteer;

/// How far from the coded point an answer may lie, in kilometres.
const WITHIN_KM: f64 = 10.0;
/// `where_prec` of the events whose place is known exactly or nearly.
const EXACT: [&str; 2] = ["1", "2"];

/// UCDP's Georeferenced Event Dataset (CSV): of its distinct place strings that are coded to a point, the
/// share placed within 10 km in a country, by any candidate and by the first one; and the share for each
/// kind of place that the strings name with their last words ("village", "oil field").
///
/// # Errors
/// When a column is missing or a row cannot be read.
pub fn ged(gazetteer: &Gazetteer, csv: &str, country: &str) -> Result<Vec<Measure>, CorpusError> {
    let mut places = BTreeMap::<String, BTreeSet<[String; 2]>>::new();
    let wanted = ["where_prec", "where_coordinates", "latitude", "longitude"];
    for [precision, name, lat, lon] in columns(csv, wanted)? {
        if EXACT.contains(&precision.as_str()) && !name.is_empty() {
            places.entry(name).or_default().insert([lat, lon]);
        }
    }
    let mut any = Measure::new("distinct places");
    let mut first = Measure::new("distinct places, by the first candidate");
    let mut kinds = BTreeMap::<String, Measure>::new();
    for (name, points) in &places {
        let points: Vec<Point> = points
            .iter()
            .filter_map(|[lat, lon]| {
                Some(Point {
                    lon: lon.parse().ok()?,
                    lat: lat.parse().ok()?,
                })
            })
            .collect();
        let near = |place| {
            let point = gazetteer.point(place);
            points
                .iter()
                .any(|there| point.distance_km(*there) <= WITHIN_KM)
        };
        let (forms, kind) = forms(name);
        let found: Vec<_> = forms
            .iter()
            .flat_map(|form| gazetteer.search(form, &[country]))
            .collect();
        let right = found.iter().any(|found| near(found.place));
        any.count(right, || name.clone());
        first.count(found.first().is_some_and(|found| near(found.place)), || {
            name.clone()
        });
        let kind = if kind.is_empty() { "(no kind)" } else { &kind };
        let measure = kinds
            .entry(kind.to_owned())
            .or_insert_with(|| Measure::new(kind));
        measure.count(right, || name.clone());
    }
    let mut kinds: Vec<Measure> = kinds.into_values().collect();
    kinds.sort_by_key(|measure| std::cmp::Reverse(measure.of));
    Ok([any, first].into_iter().chain(kinds).collect())
}

/// The forms of a place string: itself, without the small words at its end that say what it is, and the
/// alternatives that it gives ("Tell Rifaat / Arpad town", "Ein al-Arab (Kobane) town"); and those words.
fn forms(name: &str) -> (Vec<String>, String) {
    let is_small =
        |word: &&str| word.chars().next().is_some_and(char::is_lowercase) && !word.contains('-');
    let words: Vec<&str> = name.split_whitespace().collect();
    let small = words.iter().rev().take_while(|word| is_small(word)).count();
    let (bare, kind) = words.split_at(words.len() - small);
    let bare = bare.join(" ");
    let mut forms = vec![name.to_owned(), bare.clone()];
    for part in bare.split(['/', '(', ')', ',']).map(str::trim) {
        if !part.is_empty() && !forms.iter().any(|form| form == part) {
            forms.push(part.to_owned());
        }
    }
    (forms, kind.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_string_is_read_with_and_without_its_kind() {
        let (names, kind) = forms("al-Omar oil field");
        assert_eq!((&*names[1], &*kind), ("al-Omar", "oil field"));
        let (names, kind) = forms("Ein al-Arab (Kobane) town");
        assert!(names.contains(&"Ein al-Arab".to_owned()) && names.contains(&"Kobane".to_owned()));
        assert_eq!(kind, "town");
    }
}
