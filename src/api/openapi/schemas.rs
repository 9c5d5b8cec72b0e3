use serde_json::{Value, json};

use super::{Collection, reference};
use crate::api::schema;

/// The problems that an operation may answer with.
pub(super) fn responses() -> Value {
    let problem = |description: &str| {
        json!({
            "description": description,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        })
    };
    json!({
        "InvalidParameter": problem("A parameter is not known or cannot be understood: the problem names it, says what is wrong, and gives an example."),
        "NotFound": problem("There is no such thing."),
        "NoToken": problem("No token came with it, or one that is not known, has expired or was revoked."),
        "WrongScope": problem("The token is good for less."),
        "NoSuchArticle": problem("What was sent is JSON, but no article: the problem says what is wrong with it."),
        "TooLong": problem("The articles took too long to come."),
        "TooOften": problem("Too many requests of this token or address: Retry-After says how long to wait."),
        "AddressTooLong": problem("The address is too long: ask for less in it."),
        "TooBusy": problem("Too much to do just now, or an answer that takes too long: try again later, or ask for less."),
        "TooLarge": problem("The article is too long."),
        "NoArticle": problem("What was sent is said to be no text, page or JSON."),
    })
}

/// What the answers are made of.
pub(super) fn all() -> Value {
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
                "line": {"type": "integer", "minimum": 1, "description": "The line of what was sent that is at fault."},
            },
        },
    });
    for collection in Collection::ALL {
        schemas[feature_name(collection)] = schema::encoded(collection);
        schemas[page_name(collection)] = page(collection);
    }
    schemas
}

pub(super) fn feature_name(collection: Collection) -> String {
    format!("{}.feature", collection.id())
}

pub(super) fn page_name(collection: Collection) -> String {
    format!("{}.page", collection.id())
}

fn page(collection: Collection) -> Value {
    json!({
        "type": "object",
        "required": ["type", "features", "links", "numberMatched", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": reference("schemas", &feature_name(collection))},
            "links": reference("schemas", "Links"),
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    })
}
