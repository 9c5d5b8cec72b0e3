//! From the parameters of `items` to what is asked of the index.

use super::collection::Collection;
use super::crs::Crs;
use super::negotiate::Format;
use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use super::{datetime, filter, order, places};
use crate::index::{Days, Query, Search};

/// How many features a page has when the client does not say.
pub(super) const DEFAULT_LIMIT: usize = 100;
/// How many it has at most; who asks for more gets this many.
pub(super) const MAX_LIMIT: usize = 10_000;
/// The same of columns, which are short; so many it has when the client does not say, too.
pub(super) const MAX_IN_COLUMNS: usize = 100_000;
/// The longest `q`, in characters.
const LONGEST_SEARCH: usize = 100;

/// The parameters of `items` that are no property, nor of `filter`.
pub(super) const PARAMETERS: [&str; 10] = [
    "bbox",
    "bbox-crs",
    "crs",
    "cursor",
    "datetime",
    "f",
    "limit",
    "properties",
    "q",
    "sortby",
];

/// All parameters of `items` in a collection.
pub(super) fn known(collection: Collection) -> Vec<&'static str> {
    let own: &[_] = if collection == Collection::Places {
        &places::PARAMETERS
    } else {
        &[]
    };
    filter::known(collection, PARAMETERS.iter().chain(own))
}

/// Reads what is asked of the index. Without a limit a download has all features, a page some.
pub(super) fn read(
    collection: Collection,
    params: &Params,
    format: Format,
) -> Result<Query, Problem> {
    let order = order::read(collection, params)?;
    let (usual, most) = match format {
        Format::Columns => (MAX_IN_COLUMNS, MAX_IN_COLUMNS),
        _ if format.is_download() => (usize::MAX, usize::MAX),
        _ => (DEFAULT_LIMIT, MAX_LIMIT),
    };
    // Places are found by their names, which are no words of a text.
    let search = if collection == Collection::Places {
        None
    } else {
        search(params)?
    };
    Ok(Query {
        limit: limit(params)?.map_or(usual, |limit| limit.min(most)),
        after: order::cursor(collection, &order, params)?,
        order,
        search,
        ..condition(collection, params)?
    })
}

/// Reads which features: what a page, a tile and a stream have in common.
pub(super) fn condition(collection: Collection, params: &Params) -> Result<Query, Problem> {
    let bbox_crs = crs(collection, params, "bbox-crs")?;
    Ok(Query {
        bbox: params
            .one("bbox")?
            .map(|text| bbox_crs.bbox(text))
            .transpose()?,
        days: days(params)?,
        predicate: filter::read(collection, params)?,
        ..Query::default()
    })
}

/// Reads `datetime`. GDAL sends it twice for a condition on both ends: what meets each of two intervals is what
/// begins before the earlier end and ends after the later beginning.
fn days(params: &Params) -> Result<Option<Days>, Problem> {
    let mut all = params.all("datetime").map(datetime::parse);
    let Some(first) = all.next() else {
        return Ok(None);
    };
    let joined = all.try_fold(first?, |joined, next| {
        let next = next?;
        Ok(Days {
            from: joined.from.max(next.from),
            to: [joined.to, next.to].into_iter().flatten().min(),
        })
    });
    joined.map(Some)
}

/// The coordinate reference system that a parameter names, else that of GeoJSON.
pub(super) fn crs(collection: Collection, params: &Params, name: &str) -> Result<Crs, Problem> {
    params.one(name)?.map_or(Ok(Crs::Crs84), |text| {
        Crs::parse(name, text, collection.crs())
    })
}

/// The properties that are asked for; `None` for all.
pub(super) fn properties(
    collection: Collection,
    params: &Params,
) -> Result<Option<Vec<&'static str>>, Problem> {
    let Some(text) = params.one("properties")? else {
        return Ok(None);
    };
    let find = |name: &str| {
        collection
            .properties()
            .iter()
            .map(|property| property.name)
            .find(|known| *known == name)
    };
    let names = text.split(',').map(|name| {
        find(name).ok_or_else(|| {
            let known: Vec<_> = collection
                .properties()
                .iter()
                .map(|property| property.name)
                .collect();
            let detail = format!(
                "There is no property {:?}. There are: {}.",
                clip(name),
                known.join(", ")
            );
            Problem::parameter("properties", detail)
        })
    });
    names.collect::<Result<_, _>>().map(Some)
}

/// Reads `q`.
fn search(params: &Params) -> Result<Option<Search>, Problem> {
    let Some(text) = params.one("q")? else {
        return Ok(None);
    };
    if text.is_empty() || text.chars().count() > LONGEST_SEARCH {
        let detail = format!(
            "write words, or several groups of words with commas between them, such as q=airport,air base: 1 to \
             {LONGEST_SEARCH} characters."
        );
        return Err(Problem::parameter("q", detail));
    }
    Ok(Some(Search::parse(text)))
}

/// The last one counts: conformance suites and scripts append a limit to a link that has one already.
fn limit(params: &Params) -> Result<Option<usize>, Problem> {
    let Some(text) = params.all("limit").last() else {
        return Ok(None);
    };
    // A number too large to read is still a number above the maximum.
    match text.parse().unwrap_or(usize::MAX) {
        limit @ 1.. if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
            Ok(Some(limit))
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
