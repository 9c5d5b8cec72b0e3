//! What the features of a collection have: `/queryables` (Part 3), `/sortables`, `/schema` (Part 5), and `/schema/feature`,
//! the form in which they are sent.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::collection::Collection;
use super::links::Base;
use super::problem::Problem;
use crate::index::{Kind, Property};

/// The type of all three.
pub(super) const MEDIA_TYPE: &str = "application/schema+json";

/// `/collections/{collection}/queryables`
pub(super) async fn queryables(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    asked.json_of_type(MEDIA_TYPE, |_| {
        let columns = collection.queryable();
        closed(document(
            collection,
            &asked.base,
            "queryables",
            columns,
            true,
        ))
    })
}

/// `/collections/{collection}/sortables`
pub(super) async fn sortables(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    asked.json_of_type(MEDIA_TYPE, |_| {
        let columns = collection.queryable();
        closed(document(
            collection,
            &asked.base,
            "sortables",
            columns,
            false,
        ))
    })
}

/// There are no others.
fn closed(mut schema: Value) -> Value {
    schema["additionalProperties"] = false.into();
    schema
}

/// `/collections/{collection}/schema`
pub(super) async fn schema(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    asked.json_of_type(MEDIA_TYPE, |_| {
        document(
            collection,
            &asked.base,
            "schema",
            collection.properties().iter(),
            true,
        )
    })
}

/// `/collections/{collection}/schema/feature`: what GDAL takes the types of columns from.
pub(super) async fn feature(asked: Asked, collection: Collection) -> Result<Response, Problem> {
    asked.json_of_type(MEDIA_TYPE, |_| {
        let mut schema = encoded(collection);
        schema["$id"] = asked
            .base
            .at(&format!("{}/schema/feature", collection.path()))
            .into();
        schema
    })
}

/// A GeoJSON Feature of the collection. Any property may be null; this is said with `nullable`, as
/// OpenAPI 3.0 has it, because GDAL does not read a list of types. The property `id`, which is the feature's
/// id again, is left out: GDAL would make two columns of it.
pub(super) fn encoded(collection: Collection) -> Value {
    let properties: Map<_, _> = collection
        .properties()
        .iter()
        .filter(|property| property.name != "id")
        .map(|property| {
            let mut column = column(property);
            column["nullable"] = true.into();
            if let Some(values) = column.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(Value::Null);
            }
            (property.name.to_owned(), column)
        })
        .collect();
    let mut feature = json!({
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": true},
            "properties": {"type": "object", "properties": properties},
            "links": {"type": "array", "items": {"type": "object"}},
        },
    });
    if collection == Collection::Incidents {
        feature["properties"]["reports"] = json!({
            "type": "array",
            "description": "The events that tell of it, the most exact first, with links to each and to its article. \
                            Where one incident is asked for, not on pages.",
            "items": {"type": "object"},
        });
    }
    feature
}

fn document<'a>(
    collection: Collection,
    base: &Base,
    name: &str,
    columns: impl Iterator<Item = &'a Property>,
    with_geometry: bool,
) -> Value {
    let mut properties = Map::new();
    if let Some(format) = collection.geometry_format().filter(|_| with_geometry) {
        properties.insert(
            "geometry".to_owned(),
            json!({"format": format, "x-ogc-role": "primary-geometry", "description": "Where it lies."}),
        );
    }
    properties.extend(columns.map(|property| (property.name.to_owned(), column(property))));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": base.at(&format!("{}/{name}", collection.path())),
        "type": "object",
        "title": collection.title(),
        "description": collection.description(),
        "properties": properties,
    })
}

/// A column in JSON Schema, as it stands in schema, queryables and the OpenAPI document alike.
pub(super) fn column(property: &Property) -> Value {
    let mut column = value_schema(property.kind);
    column["title"] = property.name.replace('_', " ").into();
    column["description"] = property.description.into();
    if let Some(unit) = property.unit {
        column["x-ogc-unit"] = unit.into();
    }
    if let Some(role) = property.role {
        column["x-ogc-role"] = role.into();
    }
    column
}

/// What values there are, in JSON Schema.
pub(super) fn value_schema(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Integer => json!({"type": "integer"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Address => json!({"type": "string", "format": "uri"}),
        Kind::OneOf(values) => json!({"type": "string", "enum": values}),
    }
}
