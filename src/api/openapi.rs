//! The API's definition: OpenAPI 3.0, self-contained, made of the same tables as the answers.

use serde_json::{Map, Value, json};

use super::collection::Collection;
use super::crs::Crs;
use super::query::{DEFAULT_LIMIT, MAX_LIMIT};
use super::schema;
use crate::index::{Kind, Property};

/// The type that clients look for, to the letter.
pub(super) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The whole document.
pub(super) fn document(server: &str, title: &str, description: &str) -> Value {
    let mut paths = Map::new();
    let mut path = |path: String, get: Value| {
        paths.insert(path, json!({"get": get}));
    };
    let f = || json!([{"$ref": "#/components/parameters/f"}]);
    path(
        "/".to_owned(),
        operation(
            "landing",
            "Landing page, or the map for a browser",
            &f(),
            "Document",
        ),
    );
    path(
        "/conformance".to_owned(),
        operation(
            "conformance",
            "Standards that are kept",
            &f(),
            "Conformance",
        ),
    );
    path("/api".to_owned(), definition());
    path(
        "/health".to_owned(),
        operation(
            "health",
            "Whether the service answers",
            &json!([]),
            "Document",
        ),
    );
    path(
        "/collections".to_owned(),
        operation("collections", "The collections", &f(), "Collections"),
    );
    for collection in Collection::ALL {
        let (id, at) = (collection.id(), collection.path());
        path(
            at.clone(),
            operation(id, collection.description(), &f(), "Collection"),
        );
        for name in ["queryables", "schema"] {
            let summary = format!("The {name} of {id}, in JSON Schema");
            path(
                format!("{at}/{name}"),
                with_type(
                    operation(&format!("{id}-{name}"), &summary, &f(), "Document"),
                    "application/schema+json",
                ),
            );
        }
        path(format!("{at}/items"), items(collection));
        path(format!("{at}/items/{{id}}"), item(collection));
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "description": description,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "parameters": parameters(),
            "responses": responses(),
            "schemas": schemas(),
        },
    })
}

fn operation(id: &str, summary: &str, parameters: &Value, answer: &str) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": summary,
                "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{answer}")}}},
            },
            "400": {"$ref": "#/components/responses/InvalidParameter"},
        },
    })
}

/// The operation, its answer under another type.
fn with_type(mut operation: Value, media_type: &str) -> Value {
    let content = operation["responses"]["200"]["content"]["application/json"].take();
    operation["responses"]["200"]["content"] = json!({media_type: content});
    operation
}

fn definition() -> Value {
    let parameters = json!([{"$ref": "#/components/parameters/f"}]);
    with_type(
        operation("definition", "This document", &parameters, "Document"),
        MEDIA_TYPE,
    )
}

fn items(collection: Collection) -> Value {
    let shared = [
        "bbox", "bbox-crs", "crs", "datetime", "limit", "cursor", "fItems",
    ];
    let mut parameters: Vec<_> = shared
        .iter()
        .map(|name| json!({"$ref": format!("#/components/parameters/{name}")}))
        .collect();
    parameters.extend(
        collection
            .properties()
            .iter()
            .filter(|p| p.queryable)
            .map(filter),
    );
    let id = format!("{}-items", collection.id());
    let schema = format!("{}Page", collection.title());
    let summary = format!("{}, a page of them", collection.title());
    let mut operation = with_type(
        operation(&id, &summary, &parameters.into(), &schema),
        "application/geo+json",
    );
    operation["responses"]["200"]["headers"] = json!({
        "Content-Crs": {"description": "What the coordinates are in.", "schema": {"type": "string"}},
        "Link": {"description": "The next page.", "schema": {"type": "string"}},
    });
    operation
}

fn item(collection: Collection) -> Value {
    let id = json!({
        "name": "id", "in": "path", "required": true, "description": "The feature's id.",
        "schema": {"type": "string"},
    });
    let parameters = json!([
        id,
        {"$ref": "#/components/parameters/crs"},
        {"$ref": "#/components/parameters/fItems"},
    ]);
    let name = format!("{}-item", collection.id());
    let summary = format!("One {}", collection.one());
    let schema = collection.title().trim_end_matches('s');
    let mut operation = with_type(
        operation(&name, &summary, &parameters, schema),
        "application/geo+json",
    );
    operation["responses"]["404"] = json!({"$ref": "#/components/responses/NotFound"});
    operation
}

/// The query parameter that filters by a property: any of the values separated by commas.
fn filter(property: &Property) -> Value {
    let mut values = schema::value_schema(property.kind);
    if property.kind == Kind::Address {
        values = schema::value_schema(Kind::Text);
    }
    json!({
        "name": property.name,
        "in": "query",
        "description": format!("{} Several values, separated by commas: any of them.", property.description),
        "style": "form",
        "explode": false,
        "schema": {"type": "array", "minItems": 1, "items": values},
    })
}

fn parameters() -> Value {
    let crs = json!({"type": "string", "format": "uri", "enum": Crs::ALL.map(Crs::uri), "default": Crs::Crs84.uri()});
    let query = |name: &str, description: &str, schema: Value| json!({"name": name, "in": "query", "required": false, "style": "form", "explode": false, "description": description, "schema": schema});
    let formats = |names: &[&str]| json!({"type": "string", "enum": names});
    json!({
        "f": query("f", "The form of the answer; it overrides the Accept header.", formats(&["json"])),
        "fItems": query("f", "The form of the answer; it overrides the Accept header.", formats(&["geojson", "json"])),
        "bbox": query(
            "bbox",
            "Only features that meet the box: west, south, east, north, or six numbers with heights, which are left aside. West may lie east of east: the box then crosses the antimeridian. Features without a geometry do not match.",
            json!({"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}, "example": [35.5, 34, 42.5, 37.5]}),
        ),
        "bbox-crs": query("bbox-crs", "What the numbers of bbox are in.", crs.clone()),
        "crs": query("crs", "What the coordinates of the answer are to be in.", crs),
        "datetime": query(
            "datetime",
            "Only features whose days meet this: a day, a timestamp, or an interval of two, of which one may be open (..) or a duration. A month or a year stands for all of its days. Features without a date do not match.",
            json!({"type": "string", "example": "2019-10-09/2019-10-22"}),
        ),
        "limit": query(
            "limit",
            "At most so many features on a page. More than the maximum gives the maximum.",
            json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ),
        "cursor": query("cursor", "Where the page begins: taken from a next link.", json!({"type": "string"})),
    })
}

fn responses() -> Value {
    let problem = |description: &str| {
        json!({
            "description": description,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        })
    };
    json!({
        "InvalidParameter": problem("A parameter is not known or cannot be understood: the problem names it, says what is wrong, and gives an example."),
        "NotFound": problem("There is no such thing."),
    })
}

fn schemas() -> Value {
    let mut schemas = json!({
        "Document": {"type": "object"},
        "Conformance": {
            "type": "object",
            "required": ["conformsTo"],
            "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
        },
        "Link": {
            "type": "object",
            "required": ["href", "rel"],
            "properties": {
                "href": {"type": "string"},
                "rel": {"type": "string"},
                "type": {"type": "string"},
                "title": {"type": "string"},
            },
        },
        "Links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
        "Collection": {
            "type": "object",
            "required": ["id", "links"],
            "properties": {
                "id": {"type": "string"},
                "title": {"type": "string"},
                "description": {"type": "string"},
                "itemType": {"type": "string"},
                "extent": {"type": "object"},
                "crs": {"type": "array", "items": {"type": "string"}},
                "storageCrs": {"type": "string"},
                "links": {"$ref": "#/components/schemas/Links"},
            },
        },
        "Collections": {
            "type": "object",
            "required": ["collections", "links"],
            "properties": {
                "collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
                "links": {"$ref": "#/components/schemas/Links"},
            },
        },
        "Problem": {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "parameter": {"type": "string", "description": "The parameter that is at fault."},
            },
        },
    });
    for collection in Collection::ALL {
        let one = collection.title().trim_end_matches('s');
        schemas[one] = feature(collection);
        schemas[format!("{}Page", collection.title())] = json!({
            "type": "object",
            "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"$ref": format!("#/components/schemas/{one}")}},
                "links": {"$ref": "#/components/schemas/Links"},
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
        });
    }
    schemas
}

/// A feature of the collection: any property but the id may be null.
fn feature(collection: Collection) -> Value {
    let mut properties = Map::new();
    for property in collection.properties() {
        let mut column = schema::column(property);
        if property.name != "id" {
            column["nullable"] = true.into();
            if let Some(values) = column.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(Value::Null);
            }
        }
        properties.insert(property.name.to_owned(), column);
    }
    json!({
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": true},
            "properties": {"type": "object", "properties": properties},
            "links": {"$ref": "#/components/schemas/Links"},
        },
    })
}
