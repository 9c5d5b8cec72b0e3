//! The API's definition: OpenAPI 3.0, self-contained, made of the same tables as the answers.

mod parameters;
mod schemas;

use serde_json::{Map, Value, json};

use super::collection::Collection;
use super::negotiate::Format;
use super::schema;

/// The type that clients look for, to the letter.
pub(super) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

const JSON: &str = Format::Json.media_type();
const GEOJSON: &str = Format::GeoJson.media_type();

/// The whole document.
pub(super) fn document(server: &str, title: &str, description: &str) -> Value {
    let mut operations = vec![
        ("/".to_owned(), landing()),
        (
            "/conformance".to_owned(),
            read("Standards that are kept", "f", JSON, "Conformance"),
        ),
        (
            "/api".to_owned(),
            read("This document", "f", MEDIA_TYPE, "Document"),
        ),
        (
            "/health".to_owned(),
            read("Whether the service answers", "", JSON, "Document"),
        ),
        (
            "/collections".to_owned(),
            read("The collections", "f", JSON, "Collections"),
        ),
    ];
    for collection in Collection::ALL {
        let (id, at) = (collection.id(), collection.path());
        operations.push((
            at.clone(),
            read(collection.description(), "f", JSON, "Collection"),
        ));
        for name in ["queryables", "schema", "schema/feature"] {
            let summary = format!("{name} of {id}, in JSON Schema");
            let get = read(&summary, "f", schema::MEDIA_TYPE, "Document");
            operations.push((format!("{at}/{name}"), get));
        }
        operations.push((format!("{at}/items"), items(collection)));
        operations.push((format!("{at}/items/{{id}}"), item(collection)));
    }
    operations.push((
        "/collections/articles/items/{id}/toponyms".to_owned(),
        toponyms(),
    ));
    let paths: Map<_, _> = operations
        .into_iter()
        .map(|(path, mut get)| {
            get["operationId"] = operation_id(&path).into();
            (path, json!({"get": get}))
        })
        .collect();
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
            "parameters": parameters::shared(),
            "responses": schemas::responses(),
            "schemas": schemas::all(),
        },
    })
}

/// `/collections/events/items/{id}` is `events.items.id`.
fn operation_id(path: &str) -> String {
    let path = path
        .strip_prefix("/collections/")
        .unwrap_or(path)
        .replace(['{', '}'], "");
    match path.trim_start_matches('/') {
        "" => "landing".to_owned(),
        name => name.replace('/', "."),
    }
}

/// An operation with at most one parameter, whose answer is of one type and schema.
fn read(summary: &str, parameter: &str, media_type: &str, schema: &str) -> Value {
    let parameters = match parameter {
        "" => vec![],
        name => vec![reference("parameters", name)],
    };
    json!({
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": summary,
                "content": {media_type: {"schema": reference("schemas", schema)}},
            },
            "400": reference("responses", "InvalidParameter"),
        },
    })
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

fn landing() -> Value {
    let mut landing = read(
        "The landing page, or the map for a browser",
        "fRoot",
        JSON,
        "Document",
    );
    landing["responses"]["200"]["content"][Format::Html.media_type()] =
        json!({"schema": {"type": "string"}});
    landing
}

fn items(collection: Collection) -> Value {
    let shared = ["bbox", "datetime", "limit", "cursor", "fItems"];
    let filters = collection
        .properties()
        .iter()
        .filter(|property| property.queryable);
    let parameters = shared
        .map(|name| reference("parameters", name))
        .into_iter()
        .chain([
            parameters::bbox_crs(collection),
            parameters::crs(collection),
        ])
        .chain(filters.map(parameters::filter))
        .chain(parameters::own(collection));
    let summary = format!("{}, a page of them", collection.title());
    let mut items = read(&summary, "", GEOJSON, &schemas::page_name(collection));
    items["parameters"] = parameters.collect();
    also_plain(&mut items);
    items["responses"]["200"]["headers"] = json!({
        "Content-Crs": {"description": "What the coordinates are in.", "schema": {"type": "string"}},
        "Link": {"description": "The next page.", "schema": {"type": "string"}},
    });
    items
}

/// The same answer under the general type, for clients that ask for no other.
fn also_plain(operation: &mut Value) {
    let content = &mut operation["responses"]["200"]["content"];
    content[JSON] = content[GEOJSON].clone();
}

/// Why the place names of an article are where they are.
fn toponyms() -> Value {
    let summary = "The place names of an article, each with its candidates and the passes that chose among them";
    let mut get = read(summary, "", GEOJSON, "Document");
    get["parameters"] = json!([
        parameters::id("article"),
        parameters::at(),
        reference("parameters", "fItems"),
    ]);
    also_plain(&mut get);
    get["responses"]["404"] = reference("responses", "NotFound");
    get
}

fn item(collection: Collection) -> Value {
    let summary = format!("One {}", collection.one());
    let mut item = read(&summary, "", GEOJSON, &schemas::feature_name(collection));
    item["parameters"] = json!([
        parameters::id("feature"),
        parameters::crs(collection),
        reference("parameters", "fItems"),
    ]);
    also_plain(&mut item);
    item["responses"]["404"] = reference("responses", "NotFound");
    item
}
