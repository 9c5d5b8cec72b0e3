//! `places`: the gazetteer as a collection, read from the image at each request. With `q` the places are
//! ranked, without it they come in the gazetteer's order, or sorted.

use std::borrow::Cow;

use serde_json::{Map, Value as Json, json};

use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use crate::gazetteer::{Gazetteer, Match, PlaceRef};
use crate::index::{Cursor, Fields, Geometry, PLACE_PROPERTIES, Query, Value};

/// The parameter that only this collection has.
pub(super) const PARAMETERS: [&str; 1] = ["lang"];
/// The longest `q`, in characters.
const LONGEST: usize = 100;

/// A page of places.
pub(super) struct Page {
    pub(super) matched: usize,
    pub(super) places: Vec<(PlaceRef, Option<Match>)>,
    /// What the next page begins behind.
    pub(super) next: Option<Cursor>,
}

/// A place, as filters and orders see it.
struct Read<'a> {
    gazetteer: &'a Gazetteer,
    place: PlaceRef,
}

impl Fields for Read<'_> {
    fn value(&self, column: usize) -> Value<'_> {
        let (gazetteer, place) = (self.gazetteer, self.place);
        let text = |text| Value::Text(Cow::Borrowed(text));
        match PLACE_PROPERTIES[column].name {
            "id" => Value::Text(gazetteer.id(place).into()),
            "name" => text(gazetteer.main_name(place)),
            "kind" => text(gazetteer.kind(place).as_str()),
            "country" => gazetteer.country_of(place).map_or(Value::Null, text),
            "admin1" => {
                let division = gazetteer.admin1_of(place);
                division.map_or(Value::Null, |division| text(gazetteer.main_name(division)))
            }
            "radius_km" => Value::Number(gazetteer.radius_km(place)),
            "population" => match gazetteer.population(place) {
                0 => Value::Null,
                people => Value::Number(people.into()),
            },
            _ => Value::Null,
        }
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        Geometry::point(self.gazetteer.point(self.place)).map(Cow::Owned)
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
    let wanted = |place: PlaceRef| {
        let inside = query
            .bbox
            .is_none_or(|bbox| bbox.contains(gazetteer.point(place)));
        let read = Read { gazetteer, place };
        inside
            && query
                .predicate
                .as_ref()
                .is_none_or(|predicate| predicate.passes(&read))
    };
    let mut places: Vec<(PlaceRef, Option<Match>)> = match params.one("q")? {
        Some(typed) => {
            let found = suggestions(gazetteer, typed)?;
            found
                .into_iter()
                .filter(|(place, _)| wanted(*place))
                .collect()
        }
        None => candidates(gazetteer, query)
            .filter(|place| wanted(*place))
            .map(|place| (place, None))
            .collect(),
    };
    places.sort_by(|(a, _), (b, _)| {
        let value = |place: &PlaceRef, column| {
            Read {
                gazetteer,
                place: *place,
            }
            .value(column)
            .into_owned()
        };
        let compared = query
            .order
            .iter()
            .map(|order| order.compare(&value(a, order.column), &value(b, order.column)));
        compared.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    // The gazetteer never changes: a cursor is how many places have been given out.
    let matched = places.len();
    let from = query.after.as_ref().map_or(0, |cursor| {
        usize::try_from(cursor.sequence).unwrap_or(usize::MAX)
    });
    let places: Vec<_> = places.into_iter().skip(from).take(query.limit).collect();
    let end = from.saturating_add(places.len());
    let more = end < matched && !places.is_empty();
    let next = more.then(|| Cursor {
        sequence: end as u64,
        keys: Vec::new(),
    });
    Ok(Page {
        matched,
        places,
        next,
    })
}

/// The places of the ids that are asked for, else all.
fn candidates<'a>(
    gazetteer: &'a Gazetteer,
    query: &Query,
) -> Box<dyn Iterator<Item = PlaceRef> + 'a> {
    let id = PLACE_PROPERTIES
        .iter()
        .position(|property| property.name == "id");
    let ids = query
        .predicate
        .as_ref()
        .and_then(|predicate| predicate.choices(id?));
    match ids {
        Some(ids) => {
            let mut places: Vec<_> = ids
                .into_iter()
                .filter_map(|id| gazetteer.by_id(id))
                .collect();
            places.sort_unstable();
            places.dedup();
            Box::new(places.into_iter())
        }
        None => Box::new(gazetteer.places()),
    }
}

/// The places that what is typed may mean, the best first.
fn suggestions(
    gazetteer: &Gazetteer,
    typed: &str,
) -> Result<Vec<(PlaceRef, Option<Match>)>, Problem> {
    if typed.trim().is_empty() || typed.chars().count() > LONGEST {
        let detail =
            format!("write a name, or the beginning of one, of 1 to {LONGEST} characters.");
        return Err(Problem::parameter("q", detail));
    }
    let found = gazetteer.suggest(typed);
    Ok(found
        .iter()
        .map(|found| (found.place, Some(found.how)))
        .collect())
}

/// The place's point.
pub(super) fn geometry(gazetteer: &Gazetteer, place: PlaceRef) -> Option<Geometry> {
    Geometry::point(gazetteer.point(place))
}

/// The values of all properties of a place.
pub(super) fn properties(
    gazetteer: &Gazetteer,
    place: PlaceRef,
    how: Option<Match>,
    language: &str,
) -> Map<String, Json> {
    let known = gazetteer.place(place);
    let parent = gazetteer.parent_of(place);
    let named = |place| {
        gazetteer
            .name_in(place, language)
            .unwrap_or(gazetteer.main_name(place))
    };
    let values = json!({
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
    });
    match values {
        Json::Object(properties) => properties,
        _ => Map::new(),
    }
}
