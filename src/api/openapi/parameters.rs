use serde_json::{Value, json};

use super::Collection;
use crate::api::crs::Crs;
use crate::api::filter::LANGUAGES;
use crate::api::negotiate::Format;
use crate::api::query::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::api::{items, schema, toponyms};
use crate::index::{Kind, Property};
use crate::tile::MATRIX_SET;

/// Those that are the same wherever they are taken.
pub(super) fn shared() -> Value {
    let f = |formats: &[Format]| {
        let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
        let description = "The form of the answer; it overrides the Accept header.";
        query("f", description, &json!({"type": "string", "enum": names}))
    };
    json!({
        "f": f(&[Format::Json]),
        "fDescribed": f(&[Format::Json, Format::Html]),
        "fItems": f(&items::FORMATS),
        "fItem": f(&items::FORMATS_OF_ONE),
        "fTiles": f(&[Format::Json, Format::TileJson]),
        "fTile": f(&[Format::VectorTile]),
        "fToponyms": f(&[Format::GeoJson]),
        "fExtract": f(&[Format::GeoJson, Format::Json]),
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
             not match; of places and areas, which have none, all places do and no area.",
            &json!({"type": "string", "example": "2019-10-09/2019-10-22"}),
        ),
        "limit": query(
            "limit",
            "At most so many features on a page. More than the maximum gives the maximum. A file (csv, ndjson, \
             geojsonseq, fgb, gpkg, kml) has all features when no limit is given, and no maximum; columns \
             have at most 100000, and as many when no limit is given.",
            &json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ),
        "cursor": query(
            "cursor",
            "Where the page begins: taken from a next link.",
            &json!({"type": "string", "pattern": "^[0-9]{1,19}$"}),
        ),
        "q": query(
            "q",
            "Only features whose text has these words, in whatever case and with or without accents. Several \
             groups of words have commas between them: any of them. Of places: a name, or the beginning of one; \
             the places that it may mean come with the best first, at most 500.",
            &json!({"type": "string", "minLength": 1, "maxLength": 100, "example": "airport"}),
        ),
        "filter": query(
            "filter",
            "Only features for which this is true: CQL2, of which /conformance names the classes, over the \
             properties in /queryables, and geometry.",
            &json!({"type": "string", "minLength": 1, "example": "id IS NOT NULL AND id <> 'x'"}),
        ),
        "filter-lang": query(
            "filter-lang",
            "How filter is written. Left out, it is told by the brace that JSON begins with.",
            &json!({"type": "string", "enum": LANGUAGES}),
        ),
    })
}

/// Those that only one collection has.
pub(super) fn own(collection: Collection) -> Vec<Value> {
    if collection != Collection::Places {
        return Vec::new();
    }
    vec![query(
        "lang",
        "The language of the property label, where the gazetteer has the name in it.",
        &json!({"type": "string", "pattern": "^[a-z]{2}$", "default": "en"}),
    )]
}

/// What the features are sorted by.
pub(super) fn sortby(collection: Collection) -> Value {
    let names = collection
        .properties()
        .iter()
        .filter(|property| property.queryable)
        .map(|property| property.name);
    let both: Vec<_> = names
        .flat_map(|name| [name.to_owned(), format!("-{name}")])
        .collect();
    query(
        "sortby",
        "What the features are sorted by, the most important first; with a minus from the greatest to the least. \
         Where it is not known comes last.",
        &json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": both}}),
    )
}

/// Which properties are given.
pub(super) fn properties(collection: Collection) -> Value {
    let names: Vec<_> = collection
        .properties()
        .iter()
        .map(|property| property.name)
        .collect();
    query(
        "properties",
        "Only these properties, beside id and geometry.",
        &json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}}),
    )
}

/// The tile matrix set in the path.
pub(super) fn matrix_set() -> Value {
    path(
        "tileMatrixSetId",
        "The tile matrix set.",
        &json!({"type": "string", "enum": [MATRIX_SET]}),
    )
}

/// A parameter in the path.
pub(super) fn path(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "description": description, "schema": schema})
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
        &json!({"type": "integer", "minimum": 0, "maximum": toponyms::LAST}),
    )
}

/// A parameter that names a coordinate reference system.
pub(super) fn crs(name: &str, description: &str, collection: Collection) -> Value {
    let uris: Vec<_> = collection.crs().iter().map(|crs| crs.uri()).collect();
    query(
        name,
        description,
        &json!({"type": "string", "format": "uri", "enum": uris, "default": Crs::Crs84.uri()}),
    )
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

/// A parameter of the query.
pub(super) fn query(name: &str, description: &str, schema: &Value) -> Value {
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
