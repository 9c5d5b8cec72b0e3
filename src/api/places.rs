//! `places`: the gazetteer as a collection, read from the image at each request. With `q` the places are
//! ranked, without it they come in the gazetteer's order.

use std::fmt::Write;

use serde_json::{Value, json};

use super::crs::Crs;
use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use crate::gazetteer::{Gazetteer, Match, PlaceRef};
use crate::index::Query;

/// The parameters that only this collection has.
pub(super) const PARAMETERS: [&str; 2] = ["q", "lang"];
/// The longest `q`, in characters.
const LONGEST: usize = 100;

/// A page of places.
pub(super) struct Page {
    pub(super) matched: usize,
    places: Vec<(PlaceRef, Option<Match>)>,
    /// What the next page begins behind.
    pub(super) next: Option<u64>,
}

impl Page {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Writes the features with commas between them.
    pub(super) fn write(&self, gazetteer: &Gazetteer, crs: Crs, language: &str, body: &mut String) {
        for (n, (place, how)) in self.places.iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(
                body,
                "{comma}{}",
                feature(gazetteer, *place, *how, crs, language)
            );
        }
    }
}

/// The language in which names are asked for; English without one.
pub(super) fn language(params: &Params) -> Result<&str, Problem> {
    let language = params.one("lang")?.unwrap_or("en");
    if language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(language);
    }
    let detail = format!(
        "{:?} is no language: write an ISO 639-1 code, such as lang=fr.",
        clip(language)
    );
    Err(Problem::parameter("lang", detail))
}

/// The places that are asked for. The days of a query do not matter: places have none.
pub(super) fn page(gazetteer: &Gazetteer, params: &Params, query: &Query) -> Result<Page, Problem> {
    let after = usize::try_from(query.after.unwrap_or(0)).unwrap_or(usize::MAX);
    let wanted = |place: PlaceRef| {
        query
            .bbox
            .is_none_or(|bbox| bbox.contains(gazetteer.point(place)))
            && query.filters.iter().all(|filter| {
                let has = |value: &str| filter.values.iter().any(|wanted| wanted == value);
                match filter.property {
                    "kind" => has(gazetteer.kind(place).as_str()),
                    "country" => gazetteer.country_of(place).is_some_and(has),
                    _ => has(&gazetteer.id(place)),
                }
            })
    };
    // Places are numbered from 0 in the list that a page is a part of; a cursor is the next number.
    let mut places = Vec::new();
    let mut matched = 0;
    let mut add = |place, how| {
        if wanted(place) {
            if matched >= after && places.len() < query.limit {
                places.push((place, how));
            }
            matched += 1;
        }
    };
    match params.one("q")? {
        Some(typed) => {
            let length = typed.chars().count();
            if typed.trim().is_empty() || length > LONGEST {
                let detail =
                    format!("write a name, or the beginning of one, of 1 to {LONGEST} characters.");
                return Err(Problem::parameter("q", detail));
            }
            for found in gazetteer.suggest(typed) {
                add(found.place, Some(found.how));
            }
        }
        None => {
            for place in gazetteer.places() {
                add(place, None);
            }
        }
    }
    let end = after.saturating_add(places.len());
    let next = (end < matched && !places.is_empty()).then_some(end as u64);
    Ok(Page {
        matched,
        places,
        next,
    })
}

/// A place as a GeoJSON feature.
pub(super) fn feature(
    gazetteer: &Gazetteer,
    place: PlaceRef,
    how: Option<Match>,
    crs: Crs,
    language: &str,
) -> Value {
    let known = gazetteer.place(place);
    let parent = gazetteer.parent_of(place);
    let named = |place| {
        gazetteer
            .name_in(place, language)
            .unwrap_or(gazetteer.main_name(place))
    };
    json!({
        "type": "Feature",
        "id": known.id,
        "geometry": {"type": "Point", "coordinates": crs.position(known.point.rounded())},
        "properties": {
            "id": known.id,
            "name": known.name,
            "label": named(place),
            "kind": known.kind.as_str(),
            "country": known.country,
            "admin1": known.admin1,
            "parent": parent.map(named),
            "radius_km": known.radius_km,
            "population": Some(known.population).filter(|people| *people > 0),
            "match": how.map(Match::as_str),
        },
    })
}
