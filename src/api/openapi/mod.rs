//! The API's definition: OpenAPI 3.0, self-contained, made of the same tables as the answers.

mod bodies;
mod intake;
mod parameters;
mod schemas;

use serde_json::{Map, Value, json};

use super::access::Reads;
use super::collection::Collection;
use super::negotiate::Format;
use super::{schema, tiles};

/// The type that clients look for, to the letter.
pub(super) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

const JSON: &str = Format::Json.media_type();
const GEOJSON: &str = Format::GeoJson.media_type();

/// The whole document.
pub(super) fn document(server: &str, title: &str, description: &str, reads: Reads) -> Value {
    let mut paths = Map::new();
    for (path, mut get) in general()
        .into_iter()
        .chain(Collection::ALL.into_iter().flat_map(of_collection))
    {
        get["operationId"] = operation_id(&path).into();
        paths.insert(path, json!({"get": get}));
    }
    paths.insert("/extract".to_owned(), json!({"post": bodies::extract()}));
    paths.insert("/articles".to_owned(), json!({"post": intake::articles()}));
    for operations in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in operations.values_mut() {
            operation["responses"]["414"] = reference("responses", "AddressTooLong");
            operation["responses"]["503"] = reference("responses", "TooBusy");
        }
    }
    let mut document = json!({
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
            "securitySchemes": intake::schemes(),
        },
    });
    if reads == Reads::Token {
        document["security"] = intake::bearer();
        document["paths"]["/health"]["get"]["security"] = json!([]);
    }
    document
}

/// What is read, by its path.
type Operation = (String, Value);

/// What belongs to no collection.
fn general() -> Vec<Operation> {
    let operation = |path: &str, get| (path.to_owned(), get);
    vec![
        operation("/", landing()),
        operation(
            "/conformance",
            read("Standards that are kept", &["f"], JSON, "Conformance"),
        ),
        operation(
            "/api",
            read("This document", &["f"], MEDIA_TYPE, "Document"),
        ),
        operation(
            "/health",
            read("Whether the service answers", &[], JSON, "Document"),
        ),
        operation(
            "/ready",
            read("Whether requests may be sent here", &[], JSON, "Document"),
        ),
        operation(
            "/collections",
            with_page(read(
                "The collections",
                &["fDescribed"],
                JSON,
                "Collections",
            )),
        ),
        operation("/stream", bodies::stream()),
        operation(
            "/tileMatrixSets",
            read("The tile matrix sets", &["f"], JSON, "Document"),
        ),
        operation(
            "/tileMatrixSets/{tileMatrixSetId}",
            of_matrix_set(read("A tile matrix set", &["f"], JSON, "Document")),
        ),
        operation(
            "/tiles",
            read("The sets of tiles", &["f"], JSON, "Document"),
        ),
        operation(
            "/tiles/{tileMatrixSetId}",
            of_matrix_set(tile_set("Tiles of events and movements")),
        ),
        operation(
            "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
            bodies::tile(None),
        ),
        operation("/collections/articles/items/{id}/toponyms", toponyms()),
    ]
}

/// What belongs to a collection.
fn of_collection(collection: Collection) -> Vec<Operation> {
    let (id, at) = (collection.id(), collection.path());
    let mut operations = vec![(
        at.clone(),
        with_page(read(
            collection.description(),
            &["fDescribed"],
            JSON,
            "Collection",
        )),
    )];
    for name in ["queryables", "sortables", "schema", "schema/feature"] {
        let summary = format!("{name} of {id}, in JSON Schema");
        let get = read(&summary, &["f"], schema::MEDIA_TYPE, "Document");
        operations.push((format!("{at}/{name}"), get));
    }
    operations.push((format!("{at}/items"), items(collection)));
    operations.push((format!("{at}/items/{{id}}"), item(collection)));
    if tiles::COLLECTIONS.contains(&collection) {
        let set = format!("{at}/tiles/{{tileMatrixSetId}}");
        let title = format!("Tiles of {id}");
        operations.push((
            format!("{at}/tiles"),
            read(&title, &["f"], JSON, "Document"),
        ));
        operations.push((set.clone(), of_matrix_set(tile_set(&title))));
        let each = format!("{set}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
        operations.push((each, bodies::tile(Some(collection))));
    }
    operations
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

/// An operation with shared parameters, whose answer is of one type and schema.
fn read(summary: &str, parameters: &[&str], media_type: &str, schema: &str) -> Value {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|name| reference("parameters", name))
        .collect();
    json!({
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": summary,
                "content": {media_type: {"schema": reference("schemas", schema)}},
            },
            "304": {"description": "The client has it already: its If-None-Match names the tag."},
            "400": reference("responses", "InvalidParameter"),
        },
    })
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// The same as a page for people.
fn with_page(mut operation: Value) -> Value {
    operation["responses"]["200"]["content"][Format::Html.media_type()] =
        json!({"schema": {"type": "string"}});
    operation
}

fn landing() -> Value {
    with_page(read(
        "The landing page, or the map for a browser",
        &["fDescribed"],
        JSON,
        "Document",
    ))
}

fn of_matrix_set(mut operation: Value) -> Value {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.push(parameters::matrix_set());
    }
    operation["responses"]["404"] = reference("responses", "NotFound");
    operation
}

fn tile_set(summary: &str) -> Value {
    let mut operation = read(summary, &["fTiles"], JSON, "Document");
    operation["responses"]["200"]["content"][Format::TileJson.media_type()] =
        json!({"schema": reference("schemas", "Document")});
    operation
}

fn items(collection: Collection) -> Value {
    let shared = [
        "bbox",
        "datetime",
        "limit",
        "cursor",
        "q",
        "filter",
        "filter-lang",
        "fItems",
    ];
    let filters = collection
        .properties()
        .iter()
        .filter(|property| property.queryable);
    let parameters = shared
        .map(|name| reference("parameters", name))
        .into_iter()
        .chain([
            parameters::crs("bbox-crs", "What the numbers of bbox are in.", collection),
            parameters::crs(
                "filter-crs",
                "What the geometries in filter are in.",
                collection,
            ),
            parameters::crs(
                "crs",
                "What the coordinates of the answer are to be in.",
                collection,
            ),
            parameters::sortby(collection),
            parameters::properties(collection),
        ])
        .chain(filters.map(parameters::filter))
        .chain(parameters::own(collection));
    let summary = format!("{}, a page of them, or all as a file", collection.title());
    let mut items = read(&summary, &[], GEOJSON, &schemas::page_name(collection));
    items["parameters"] = parameters.collect();
    also_plain(&mut items);
    for format in crate::api::items::FORMATS {
        let content = &mut items["responses"]["200"]["content"];
        if content.get(format.media_type()).is_none() {
            let schema = match format {
                Format::Columns => reference("schemas", "Document"),
                _ if format.is_text() => json!({"type": "string"}),
                _ => json!({"type": "string", "format": "binary"}),
            };
            content[format.media_type()] = json!({"schema": schema});
        }
    }
    items["responses"]["200"]["headers"] = json!({
        "Content-Crs": {"description": "What the coordinates are in.", "schema": {"type": "string"}},
        "ETag": {"description": "A strong tag: the same tag, the same bytes.", "schema": {"type": "string"}},
        "Last-Modified": {"description": "When the store last changed.", "schema": {"type": "string"}},
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
    let mut get = read(summary, &[], GEOJSON, "Document");
    get["parameters"] = json!([
        parameters::id("article"),
        parameters::at(),
        reference("parameters", "fToponyms"),
    ]);
    also_plain(&mut get);
    get["responses"]["404"] = reference("responses", "NotFound");
    get
}

fn item(collection: Collection) -> Value {
    let summary = format!("One {}", collection.one());
    let mut item = read(&summary, &[], GEOJSON, &schemas::feature_name(collection));
    item["parameters"] = json!([
        parameters::id("feature"),
        parameters::crs(
            "crs",
            "What the coordinates of the answer are to be in.",
            collection
        ),
        parameters::properties(collection),
        reference("parameters", "fItem"),
    ]);
    also_plain(&mut item);
    let mut item = with_page(item);
    let fg = Format::JsonFg.media_type();
    item["responses"]["200"]["content"][fg] = json!({"schema": reference("schemas", "Document")});
    item["responses"]["404"] = reference("responses", "NotFound");
    item
}
