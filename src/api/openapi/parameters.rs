use serde_json::{Value, json};

use super::Collection;
use crate::api::crs::Crs;
use crate::api::query::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::api::schema;
use crate::index::{Kind, Property};

/// Those that are the same wherever they are taken.
pub(super) fn shared() -> Value {
    let f = |names: &[&str]| {
        let description = "The form of the answer; it overrides the Accept header.";
        query("f", description, &json!({"type": "string", "enum": names}))
    };
    json!({
        "f": f(&["json"]),
        "fRoot": f(&["json", "html"]),
        "fItems": f(&["geojson", "json"]),
        "bbox": query(
            "bbox",
            "Only features that meet the box: west, south, east, north, or six numbers with heights, which are \
             left aside. West may lie east of east: the box then crosses the antimeridian. Features without a \
             geometry do not match.",
            &json!({
                "type": "array",
                "minItems": 4,
                "maxItems": 6,
                "items": {"type": "number"},
                "example": [35.5, 34, 42.5, 37.5],
            }),
        ),
        "datetime": query(
            "datetime",
            "Only features whose days meet this: a day, a timestamp, or an interval of two, of which one may be \
             open (..) or a duration. A month or a year stands for all of its days. Features without a date do \
             not match; of places, which have none, all do.",
            &json!({"type": "string", "example": "2019-10-09/2019-10-22"}),
        ),
        "limit": query(
            "limit",
            "At most so many features on a page. More than the maximum gives the maximum.",
            &json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ),
        "cursor": query(
            "cursor",
            "Where the page begins: taken from a next link.",
            &json!({"type": "string", "pattern": "^[0-9]{1,19}$"}),
        ),
    })
}

/// Those that only one collection has.
pub(super) fn own(collection: Collection) -> Vec<Value> {
    if collection != Collection::Places {
        return Vec::new();
    }
    vec![
        query(
            "q",
            "A name, or the beginning of one: the places that it may mean, the best first, at most 500.",
            &json!({"type": "string", "minLength": 1, "maxLength": 100, "example": "Alep"}),
        ),
        query(
            "lang",
            "The language of the property label, where the gazetteer has the name in it.",
            &json!({"type": "string", "pattern": "^[a-z]{2}$", "default": "en"}),
        ),
    ]
}

/// The id in the path; `of` says whose.
pub(super) fn id(of: &str) -> Value {
    json!({
        "name": "id",
        "in": "path",
        "required": true,
        "description": format!("The {of}'s id."),
        "schema": {"type": "string"},
    })
}

/// A place in an article's text.
pub(super) fn at() -> Value {
    query(
        "at",
        "Only the name that covers this Unicode code point of the article's text.",
        &json!({"type": "integer", "minimum": 0, "maximum": 100_000_000}),
    )
}

pub(super) fn bbox_crs(collection: Collection) -> Value {
    query(
        "bbox-crs",
        "What the numbers of bbox are in.",
        &crs_schema(collection),
    )
}

pub(super) fn crs(collection: Collection) -> Value {
    let description = "What the coordinates of the answer are to be in.";
    query("crs", description, &crs_schema(collection))
}

fn crs_schema(collection: Collection) -> Value {
    let uris: Vec<_> = collection.crs().iter().map(|crs| crs.uri()).collect();
    json!({"type": "string", "format": "uri", "enum": uris, "default": Crs::Crs84.uri()})
}

/// The parameter that filters by a property: any of the values separated by commas.
pub(super) fn filter(property: &Property) -> Value {
    let values = match property.kind {
        // Compared letter by letter: an address may be any text. A comma begins the next value.
        Kind::Text | Kind::Address => json!({"type": "string", "pattern": "^[^,]+$"}),
        kind => schema::value_schema(kind),
    };
    let description = format!(
        "{} Several values, separated by commas: any of them.",
        property.description
    );
    query(
        property.name,
        &description,
        &json!({"type": "array", "minItems": 1, "items": values}),
    )
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({
        "name": name,
        "in": "query",
        "required": false,
        "style": "form",
        "explode": false,
        "description": description,
        "schema": schema,
    })
}
