//! Operations that are not read as documents: tiles, the stream, and reading an article.

use serde_json::{Value, json};

use super::{Collection, GEOJSON, parameters, reference};
use crate::api::extract;
use crate::api::filter::LANGUAGES;
use crate::api::intake;
use crate::api::negotiate::Format;
use crate::api::stream;
use crate::tile::MAX_ZOOM;

/// A tile of one collection, or of several.
pub(super) fn tile(of: Option<Collection>) -> Value {
    let number = |name, description| {
        let last = (1_u32 << MAX_ZOOM) - 1;
        parameters::path(
            name,
            description,
            &json!({"type": "integer", "minimum": 0, "maximum": last}),
        )
    };
    let mut all = vec![
        parameters::matrix_set(),
        parameters::path(
            "tileMatrix",
            "The zoom.",
            &json!({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}),
        ),
        number("tileRow", "The row, from the north."),
        number("tileCol", "The column, from the west."),
        reference("parameters", "fTile"),
        reference("parameters", "datetime"),
        reference("parameters", "filter"),
        reference("parameters", "filter-lang"),
    ];
    if let Some(collection) = of {
        let filters = collection
            .properties()
            .iter()
            .filter(|property| property.queryable);
        all.extend(filters.map(parameters::filter));
    } else {
        let names = crate::api::tiles::COLLECTIONS.map(Collection::id);
        all.push(parameters::query(
            "collections",
            "The layers of the tile.",
            &json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}}),
        ));
    }
    let crs = "What the geometries in filter are in.";
    all.push(parameters::crs(
        "filter-crs",
        crs,
        of.unwrap_or(Collection::Events),
    ));
    json!({
        "summary": "A vector tile (MVT). At low zooms points are gathered into groups with their count.",
        "parameters": all,
        "responses": {
            "200": {
                "description": "The tile; without bytes where there is nothing.",
                "content": {Format::VectorTile.media_type(): {"schema": {"type": "string", "format": "binary"}}},
            },
            "400": reference("responses", "InvalidParameter"),
            "404": reference("responses", "NotFound"),
        },
    })
}

/// `/stream`
pub(super) fn stream() -> Value {
    let events = Collection::Events;
    let names = stream::COLLECTIONS.map(Collection::id);
    let mut all: Vec<_> = ["bbox", "datetime", "filter"]
        .map(|name| reference("parameters", name))
        .into();
    all.extend([
        parameters::query("filter-lang", "How filter is written.", &json!({"type": "string", "enum": LANGUAGES})),
        parameters::crs("bbox-crs", "What the numbers of bbox are in.", events),
        parameters::crs("filter-crs", "What the geometries in filter are in.", events),
        parameters::crs("crs", "What the coordinates are to be in.", events),
        parameters::query("collection", "What is followed.", &json!({"type": "string", "enum": names, "default": "events"})),
        parameters::query(
            "last-event-id",
            "The id of the last event that the client has: it is told what came after. A browser sends it as a header \
             by itself when it comes back.",
            &json!({"type": "string", "pattern": "^[0-9]{1,18}(\\.[0-9]{1,18})?$"}),
        ),
    ]);
    json!({
        "summary": "New and changed features, as they come",
        "description": "Server-sent events: `start` (what follows is all that is new), `put` (a feature, new or \
                        changed), `remove` (the id of one that is gone, or matches no more), `reset` (the id that the \
                        client named is of another store: begin anew).",
        "parameters": all,
        "responses": {
            "200": {
                "description": "Events without end.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "400": reference("responses", "InvalidParameter"),
        },
    })
}

/// An article as JSON.
pub(super) fn article() -> Value {
    let optional = json!({"type": "string", "nullable": true});
    let id = json!({
        "type": "string",
        "nullable": true,
        "maxLength": intake::LONGEST_ID,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
        "description": "Without one it is known by its text.",
    });
    json!({
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "minLength": 1},
            "title": optional,
            // What is empty is not said.
            "published": {
                "type": "string",
                "nullable": true,
                "anyOf": [{"format": "date"}, {"maxLength": 0}],
            },
            "language": {"type": "string", "nullable": true, "enum": ["en", "fr", "", null]},
            "publisher": optional,
            "url": optional,
            "id": {"anyOf": [id, {"type": "number"}]},
        },
        "example": {
            "text": "On Wednesday Syrian government forces entered the border town of Kobani, witnesses said.",
            "published": "2019-10-17",
        },
    })
}

/// `POST /extract`
pub(super) fn extract() -> Value {
    json!({
        "operationId": "extract",
        "summary": "Reads an article: its events, or its place names. Nothing is stored.",
        "parameters": [
            reference("parameters", "fExtract"),
            parameters::query("what", "What is read out of it.", &json!({"type": "string", "enum": extract::WHAT, "default": "events"})),
            parameters::query("published", "When it was published, if it does not say so.", &json!({"type": "string", "format": "date"})),
            parameters::query("language", "Its language, if the text is not to tell.", &json!({"type": "string", "enum": ["en", "fr"]})),
        ],
        "requestBody": {
            "required": true,
            "content": {
                "application/json": {"schema": article()},
                "text/plain": {"schema": {"type": "string"}},
                "text/html": {"schema": {"type": "string"}},
            },
        },
        "responses": {
            "200": {
                "description": "The events as features; a quote's offsets are those of the text that was sent.",
                "content": {
                    GEOJSON: {"schema": reference("schemas", "Document")},
                    Format::Json.media_type(): {"schema": reference("schemas", "Document")},
                },
            },
            "400": reference("responses", "InvalidParameter"),
            "413": reference("responses", "TooLarge"),
            "415": reference("responses", "NoArticle"),
            "429": reference("responses", "TooOften"),
        },
    })
}
