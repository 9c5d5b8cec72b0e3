//! From the parameters of `items` to what is asked of the index.

use super::collection::Collection;
use super::crs::Crs;
use super::datetime;
use super::params::Params;
use super::places;
use super::problem::Problem;
use super::text::clip;
use crate::index::{Filter, Kind, Property, Query};

/// How many features a page has when the client does not say.
pub(super) const DEFAULT_LIMIT: usize = 100;
/// How many it has at most; who asks for more gets this many.
pub(super) const MAX_LIMIT: usize = 10_000;

/// The parameters of `items` that are no property.
pub(super) const PARAMETERS: [&str; 7] = [
    "bbox", "bbox-crs", "crs", "cursor", "datetime", "f", "limit",
];

/// All parameters of `items` in a collection.
pub(super) fn known(collection: Collection) -> Vec<&'static str> {
    let columns = collection
        .properties()
        .iter()
        .filter(|property| property.queryable);
    let own = if collection == Collection::Places {
        &places::PARAMETERS[..]
    } else {
        &[]
    };
    PARAMETERS
        .into_iter()
        .chain(own.iter().copied())
        .chain(columns.map(|property| property.name))
        .collect()
}

/// Reads what is asked of the index.
pub(super) fn read(collection: Collection, params: &Params) -> Result<Query, Problem> {
    let bbox_crs = crs(collection, params, "bbox-crs")?;
    let filters = collection
        .properties()
        .iter()
        .filter(|property| property.queryable)
        .filter_map(|property| filter(property, params).transpose())
        .collect::<Result<_, _>>()?;
    Ok(Query {
        bbox: params
            .one("bbox")?
            .map(|text| bbox_crs.bbox(text))
            .transpose()?,
        days: params.one("datetime")?.map(datetime::parse).transpose()?,
        filters,
        after: params.one("cursor")?.map(cursor).transpose()?,
        limit: limit(params)?,
    })
}

/// The coordinate reference system that a parameter names, else that of GeoJSON.
pub(super) fn crs(collection: Collection, params: &Params, name: &str) -> Result<Crs, Problem> {
    params.one(name)?.map_or(Ok(Crs::Crs84), |text| {
        Crs::parse(name, text, collection.crs())
    })
}

/// The last one counts: conformance suites and scripts append a limit to a link that has one already.
fn limit(params: &Params) -> Result<usize, Problem> {
    let Some(text) = params.all("limit").last() else {
        return Ok(DEFAULT_LIMIT);
    };
    // A number too large to read is still a number above the maximum.
    match text.parse().unwrap_or(MAX_LIMIT) {
        limit @ 1.. if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
            Ok(limit.min(MAX_LIMIT))
        }
        _ => Err(Problem::parameter(
            "limit",
            format!(
                "{:?} is no number of features: write a whole number from 1 to {MAX_LIMIT}, such as limit=100.",
                clip(text)
            ),
        )),
    }
}

fn cursor(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| {
        let detail = format!(
            "{:?} is no cursor: take it from the `next` link of a page.",
            clip(text)
        );
        Problem::parameter("cursor", detail)
    })
}

/// The values that a property may have, separated by commas or in repeated parameters.
fn filter(property: &Property, params: &Params) -> Result<Option<Filter>, Problem> {
    let mut values = Vec::new();
    for given in params.all(property.name) {
        for value in given.split(',') {
            check(property, value)?;
            values.push(value.to_owned());
        }
        // A name may itself have a comma in it.
        if given.contains(',') {
            values.push(given.to_owned());
        }
    }
    Ok((!values.is_empty()).then_some(Filter {
        property: property.name,
        values,
    }))
}

fn check(property: &Property, value: &str) -> Result<(), Problem> {
    let expected = match property.kind {
        _ if value.is_empty() => "a value, or leave the parameter out".to_owned(),
        Kind::Integer if !is_integer(value) => "a whole number, such as 1".to_owned(),
        Kind::Number if !value.parse().is_ok_and(f64::is_finite) => {
            "a number, such as 0.8".to_owned()
        }
        Kind::Boolean if !matches!(value, "true" | "false") => "true or false".to_owned(),
        Kind::Date if value.parse::<jiff::civil::Date>().is_err() => {
            "a day, such as 2019-10-16".to_owned()
        }
        Kind::OneOf(choices) if !choices.contains(&value) => {
            format!("one of {}", choices.join(", "))
        }
        _ => return Ok(()),
    };
    let detail = format!(
        "{:?} cannot be the {} of a feature: write {expected}.",
        clip(value),
        property.name
    );
    Err(Problem::parameter(property.name, detail))
}

/// However large: what no feature has is still a number.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
